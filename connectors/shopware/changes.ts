// What changed in the shop, in the order in which it did. A payment, a refund or an address changes without the order's own
// date, and a row has no date of change before its first change: so there is a stream for each kind of row and each date.
import { z } from 'zod';
import type { ChangesPage, SourceApi } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { IdSchema, readOrders } from './orders.ts';
import { ask, type Row, readRows } from './search.ts';
import type { Session } from './session.ts';

/** Rows on a page. A shop answers at most 100, unless its owner has set less. */
const PAGE = 50;

type Dated = 'createdAt' | 'updatedAt';
type Stream = { entity: string; field: Dated };

/** Addresses and the customer's data are made with the order. */
const STREAMS: Readonly<Record<string, Stream>> = {
  placed: { entity: 'order', field: 'createdAt' },
  changed: { entity: 'order', field: 'updatedAt' },
  payments_begun: { entity: 'order_transaction', field: 'createdAt' },
  payments_changed: { entity: 'order_transaction', field: 'updatedAt' },
  refunds_begun: { entity: 'order_transaction_capture_refund', field: 'createdAt' },
  refunds_changed: { entity: 'order_transaction_capture_refund', field: 'updatedAt' },
  buyers_changed: { entity: 'order_customer', field: 'updatedAt' },
  addresses_changed: { entity: 'order_address', field: 'updatedAt' },
};

export const streams = Object.keys(STREAMS);

/** Where a reading stands: the instant of the last row, and every row of that instant that was read. */
const CursorSchema = z.object({ at: z.iso.datetime(), seen: z.array(IdSchema) });

/** One page of a stream, as whole orders. Rows that change while it is read come again at its end. */
export async function readChanges(
  session: Session,
  ...[stream, since, cursor, io]: Parameters<SourceApi['changes']>
): Promise<Lookup<ChangesPage>> {
  const asked = STREAMS[stream];
  const begin = cursor === null ? { at: since, seen: [] } : readCursor(cursor);
  if (asked === undefined || begin === null) {
    return { kind: 'failed', problem: problem('unknown_cursor', `“${stream}” has no place “${cursor}” to go on from`) };
  }
  const rows = readRows(await ask(asked.entity, criteriaOf(asked, begin), session, io));
  if (rows.kind === 'failed') return rows;
  const dated = rows.items.map((row) => readDated(row, asked));
  const known = dated.filter((row) => row !== null);
  if (known.length < dated.length) {
    const detail = `Shopware listed a row of ${asked.entity} in a form that cannot be read`;
    return { kind: 'failed', problem: problem('unclear_answer', detail) };
  }
  const orders = await readOrders([...new Set(known.map(({ orderId }) => orderId))], session, io);
  if (orders.kind === 'failed') return orders;
  return { kind: 'found', items: [{ findings: orders.items, cursor: nextCursor(begin, known) }] };
}

type Place = z.infer<typeof CursorSchema>;
type DatedRow = { id: string; at: string; orderId: string };

function readCursor(cursor: string): Place | null {
  const parsed = parseJson(Buffer.from(cursor));
  return CursorSchema.safeParse(parsed.ok ? parsed.value : null).data ?? null;
}

function nextCursor(begin: Place, rows: readonly DatedRow[]): string | null {
  const last = rows.at(-1);
  if (last === undefined || rows.length < PAGE) return null;
  const seen = rows.filter(({ at }) => at === last.at).map(({ id }) => id);
  const place: Place = { at: last.at, seen: last.at === begin.at ? [...begin.seen, ...seen] : seen };
  return JSON.stringify(place);
}

/** The ids of the last instant are left out one by one: a range would compare them as text with binary ones. */
function criteriaOf({ entity, field }: Stream, { at, seen }: Place): object {
  // The database compares this text: its own form, in UTC, with milliseconds.
  const stored = at.replace('T', ' ').replace('Z', '');
  const wasRead = [
    { type: 'range', field, parameters: { lte: stored } },
    { type: 'equalsAny', field: 'id', value: seen.join('|') },
  ];
  return {
    limit: PAGE,
    filter: [
      { type: 'range', field, parameters: { gte: stored } },
      ...(seen.length === 0 ? [] : [{ type: 'not', operator: 'and', queries: wasRead }]),
    ],
    sort: [{ field }, { field: 'id' }],
    ...(entity === 'order_transaction_capture_refund'
      ? { associations: { transactionCapture: { associations: { transaction: {} } } } }
      : {}),
    includes: {
      order_transaction_capture: ['transaction'],
      order_transaction: ['orderId'],
      [entity]: ['id', 'orderId', 'transactionCapture', field],
    },
  };
}

const OfOrderSchema = z.object({ orderId: IdSchema });
const OfCaptureSchema = z.object({ transactionCapture: z.object({ transaction: OfOrderSchema }) });

function readDated(row: Row, { entity, field }: Stream): DatedRow | null {
  const id = IdSchema.safeParse(row.id).data;
  const instant = Date.parse(String(row[field]));
  const orderId =
    entity === 'order'
      ? id
      : (OfOrderSchema.safeParse(row).data ?? OfCaptureSchema.safeParse(row).data?.transactionCapture.transaction)
          ?.orderId;
  if (id === undefined || orderId === undefined || Number.isNaN(instant)) return null;
  return { id, at: new Date(instant).toISOString(), orderId };
}
