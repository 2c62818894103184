// What changed in a store, page by page. Two lists are read, because a refund need not touch the order that it is for.
import { z } from 'zod';
import { instantOf } from '../../mappings/to-facts/bigcommerce-wire.ts';
import type { ChangesPage, Finding, SourceIo } from '../../src/connector.ts';
import { InstantSchema } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { get } from './answers.ts';
import { IdSchema, readOrder } from './orders.ts';

/** Rows of a page; each order takes seven requests more. */
const PER_PAGE = 10;

/** The lists that can be read, and how each goes on from a cursor; null at its beginning. */
export const STREAMS = new Map<
  string,
  (since: string, cursor: string | null, io: SourceIo) => Promise<Lookup<ChangesPage>>
>([
  ['orders', changedOrders],
  ['refunds', newRefunds],
]);

const UNKNOWN_CURSOR = {
  kind: 'failed' as const,
  problem: problem('unknown_cursor', 'the place where the reading stopped is lost'),
};

const ChangedSchema = z.array(
  z.object({ id: IdSchema, date_modified: z.string().transform(instantOf).pipe(z.string()) }),
);

/**
 * Where a reading of orders stands: everything before the second `at` has been told. `after` is set within a second that
 * has more orders than a page: of those, the ones up to this id have been told too. Written as `at` or `at#after`.
 */
type Place = { at: string; after: string | null };

/** Null for what no reading has written: the store would take it for a date far away, and answer that nothing changed. */
const readPlace = (cursor: string): Place | null => {
  const [at = '', after = null] = cursor.split('#');
  return InstantSchema.safeParse(at).success && /^\d{0,19}$/.test(after ?? '') ? { at, after } : null;
};
const writePlace = ({ at, after }: Place): string => (after === null ? at : `${at}#${after}`);

/**
 * Orders changed at `since` or later. The API sorts by the second of the change and by nothing within it, so a full page is
 * told up to its last whole second, and a second that fills a page by itself is read by id. An order that changes meanwhile
 * moves to the end, and is told there.
 */
async function changedOrders(since: string, cursor: string | null, io: SourceIo): Promise<Lookup<ChangesPage>> {
  const place = readPlace(cursor ?? since);
  if (place === null) return UNKNOWN_CURSOR;
  const answer = await get(io, {
    path: '/v2/orders',
    query: { ...rangeFrom(place), limit: String(PER_PAGE) },
    right: 'Orders: read-only',
    schema: ChangedSchema,
    nothing: [204],
  });
  if (answer.kind === 'failed') return answer;
  const { ids, next } = step(place, answer.items[0]?.value ?? []);
  const written = next === null ? null : writePlace(next);
  return ids.length === 0 && written !== null ? changedOrders(since, written, io) : wholeOrders(ids, written, io);
}

/** Within a second the range is one second wider than it has to be, and its first id has been told: no bound is trusted. */
const rangeFrom = ({ at, after }: Place): Record<string, string> =>
  after === null
    ? { min_date_modified: wireDate(at), sort: 'date_modified:asc' }
    : { min_date_modified: wireDate(at), max_date_modified: wireDate(nextSecond(at)), min_id: after, sort: 'id:asc' };

function step(place: Place, rows: z.infer<typeof ChangedSchema>): { ids: string[]; next: Place | null } {
  const ids = rows.map(({ id }) => id);
  const last = rows.length < PER_PAGE ? undefined : rows.at(-1);
  if (place.after !== null) {
    return { ids, next: last === undefined ? { at: nextSecond(place.at), after: null } : { ...place, after: last.id } };
  }
  if (last === undefined) return { ids, next: null };
  const whole = rows.filter(({ date_modified }) => date_modified < last.date_modified).map(({ id }) => id);
  return { ids: whole, next: { at: last.date_modified, after: whole.length === 0 ? '0' : null } };
}

/** `2026-11-21T10:00:00+00:00`: the API knows whole seconds only. */
const wireDate = (instant: string): string => `${instant.slice(0, 19)}+00:00`;

const nextSecond = (instant: string): string => new Date(Date.parse(`${instant.slice(0, 19)}Z`) + 1000).toISOString();

const RefundsSchema = z.object({ data: z.array(z.object({ order_id: IdSchema })) });

/** Orders of the refunds made at `since` or later. They are listed by their id, so the list only grows at its end and a page number holds. */
async function newRefunds(since: string, cursor: string | null, io: SourceIo): Promise<Lookup<ChangesPage>> {
  const page = cursor ?? '1';
  if (!/^[1-9]\d{0,9}$/.test(page)) return UNKNOWN_CURSOR;
  const answer = await get(io, {
    path: '/v3/orders/payment_actions/refunds',
    query: { 'created:min': wireDate(since), page, limit: String(PER_PAGE) },
    right: 'Orders: read-only',
    schema: RefundsSchema,
    nothing: [204],
  });
  if (answer.kind === 'failed') return answer;
  const refunds = answer.items[0]?.value.data ?? [];
  const next = refunds.length < PER_PAGE ? null : String(Number(page) + 1);
  return wholeOrders([...new Set(refunds.map(({ order_id }) => order_id))], next, io);
}

/** One page of findings. An order that has gone meanwhile has nothing to tell. */
async function wholeOrders(ids: readonly string[], cursor: string | null, io: SourceIo): Promise<Lookup<ChangesPage>> {
  const findings: Finding[] = [];
  for (const id of ids) {
    const order = await readOrder(id, io);
    if (order.kind === 'failed') return order;
    findings.push(...order.items);
  }
  return { kind: 'found', items: [{ findings, cursor }] };
}
