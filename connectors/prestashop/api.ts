// What the bridge asks of PrestaShop's webservice: what changed, page by page, and one order whole. It writes nothing.
import { earliestLocalTime } from '../../mappings/to-facts/prestashop-dates.ts';
import type { ChangesPage, Finding, SourceApi, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { checkShop } from './check.ts';
import { gather } from './gather.ts';
import type { Settings } from './settings.ts';
import { anyOf, type Row, readRows } from './wire.ts';

/** Orders of a page; each page takes some fifteen requests, however many orders it has. */
const PAGE = 20;

/**
 * Tables that tell that an order changed. A credit slip leaves the order's own date alone, and a module may add a payment
 * without it: these are looked through for themselves, by the column that names their order.
 */
const STREAMS = new Map<string, { resource: string; date: string; names: string; ordersBy: string }>([
  ['orders', { resource: 'orders', date: 'date_upd', names: 'id', ordersBy: 'id' }],
  ['refunds', { resource: 'order_slip', date: 'date_upd', names: 'id_order', ordersBy: 'id' }],
  ['payments', { resource: 'order_payments', date: 'date_add', names: 'order_reference', ordersBy: 'reference' }],
]);
type Stream = NonNullable<ReturnType<typeof STREAMS.get>>;

/** The webservice of one shop, bound to its settings; null where they give no access to it. */
export const prestaShopApi = (settings: Settings): SourceApi | null =>
  settings.api === undefined ? null : webserviceAt(settings.api, settings);

const webserviceAt = ({ url, key }: NonNullable<Settings['api']>, settings: Settings): SourceApi => ({
  endpoint: {
    baseUrl: `${url}/api`,
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
  },
  // Most shops run on small machines: a first reading of thousands of orders must not slow down their buyers.
  pace: { requests: 240, perMs: 60_000, perDay: null, concurrency: 2 },
  every: 60_000,
  streams: [...STREAMS.keys()],
  check: (io) => checkShop(io, new URL(url).host, settings),
  changes: (name, since, cursor, io) => changesIn(name, since, cursor, io, settings.time_zone),
  fetch: fetchOrder,
  // The webservice takes XML only, and an order that is saved through it is saved whole, over whatever changed meanwhile.
  writeBack: null,
});

async function fetchOrder(ref: string, io: SourceIo): Promise<Lookup<Finding>> {
  const id = /^order:([1-9]\d{0,17})$/.exec(ref)?.[1];
  if (id === undefined) return failed('unknown_ref', `“${ref}” names nothing that PrestaShop can be asked for`);
  const orders = await readRows(io, 'orders', { display: 'full', 'filter[id]': anyOf([id]) });
  return orders.kind === 'failed' ? orders : gather(io, orders.items);
}

/** How far a reading has come: the last row's date in the shop's own time, and its id. */
type Position = { at: string; id: string };

async function changesIn(
  name: string,
  since: string,
  cursor: string | null,
  io: SourceIo,
  timeZone: string,
): Promise<Lookup<ChangesPage>> {
  const stream = STREAMS.get(name);
  if (stream === undefined) return failed('unknown_stream', `PrestaShop has no stream “${name}”`);
  // A second before `since`, behind every row of it: so the first page begins with the whole second.
  const start = { at: earliestLocalTime(Date.parse(since) - 1000, timeZone), id: LAST_ID };
  const rows = await rowsAfter(io, stream, positionOf(cursor) ?? start);
  if (rows.kind === 'failed') return rows;
  const findings = await findingsOf(io, stream, rows.items);
  if (findings.kind === 'failed') return findings;
  const last = rows.items.at(-1);
  const isLast = last === undefined || rows.items.length < PAGE;
  return {
    kind: 'found',
    items: [{ findings: findings.items, cursor: isLast ? null : `${last[stream.date]}|${last.id}` }],
  };
}

/** Above every id of MySQL's. */
const LAST_ID = '9'.repeat(18);

function positionOf(cursor: string | null): Position | null {
  const parts = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\|(\d{1,18})$/.exec(cursor ?? '');
  return parts === null ? null : { at: parts[1] ?? '', id: parts[2] ?? '' };
}

/**
 * The next rows after a position, by date and then id. The webservice can only ask for one or the other, so the rest of the
 * position's second comes first. A row that changes meanwhile moves to the end and is told again.
 */
async function rowsAfter(io: SourceIo, stream: Stream, { at, id }: Position): Promise<Lookup<Row>> {
  const { resource, date, names } = stream;
  const display = resource === 'orders' ? 'full' : `[id,${names},${date}]`;
  const query = { display, date: '1', sort: `[${date}_ASC,id_ASC]` };
  const onDate = `filter[${date}]`;
  const sameSecond =
    id === LAST_ID
      ? { kind: 'found' as const, items: [] }
      : await readRows(io, resource, { ...query, [onDate]: `[${at}]`, 'filter[id]': `>[${id}]`, limit: `0,${PAGE}` });
  if (sameSecond.kind === 'failed' || sameSecond.items.length === PAGE) return sameSecond;
  const limit = `0,${PAGE - sameSecond.items.length}`;
  const later = await readRows(io, resource, { ...query, [onDate]: `>[${at}]`, limit });
  return later.kind === 'failed' ? later : { kind: 'found', items: [...sameSecond.items, ...later.items] };
}

/** The orders that rows of a stream are about, each once. */
async function findingsOf(
  io: SourceIo,
  { resource, names, ordersBy }: Stream,
  rows: readonly Row[],
): Promise<Lookup<Finding>> {
  if (resource === 'orders') return gather(io, rows);
  const named = [...new Set(rows.map((row) => String(row[names])))].filter((value) => value !== '' && value !== '0');
  if (named.length === 0) return { kind: 'found', items: [] };
  const orders = await readRows(io, 'orders', { display: 'full', [`filter[${ordersBy}]`]: anyOf(named) });
  return orders.kind === 'failed' ? orders : gather(io, orders.items);
}

const failed = (code: string, detail: string): { kind: 'failed'; problem: ReturnType<typeof problem> } => ({
  kind: 'failed',
  problem: problem(code, detail),
});
