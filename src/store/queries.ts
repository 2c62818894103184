// Read-only lists for people: newest first, in pages. A page begins after the last row of the one before it, so that rows
// which arrive meanwhile neither repeat nor hide others.
import { type Selectable, sql } from 'kysely';
import type { JobKind } from '../domain/document.ts';
import type { SaleRef } from '../domain/order.ts';
import type { EventStatus, JobStatus } from '../domain/states.ts';
import type { DocumentRow } from './documents.ts';
import { type JobRow, jobRow } from './jobs.ts';
import { type PaymentRow, paymentRow } from './sales.ts';
import type { EventTable, TimelineTable } from './tables.ts';
import type { Tx } from './writer.ts';

/** At most `limit` rows, those after the row that `after` names. */
export type Page<After> = { limit: number; after: After | null };

/** Sources by identity, instants in milliseconds, `to` excluded. */
export type EventFilter = {
  source?: string | undefined;
  topic?: string | undefined;
  status?: EventStatus | undefined;
  orderId?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
};
export type EventLine = Omit<Selectable<EventTable>, 'headers' | 'body'>;

const EVENT_LINE = [
  'id',
  'source',
  'topic',
  'delivery_key',
  'delivery_id',
  'shop',
  'order_id',
  'received_at',
  'status',
  'reason',
  'detail',
] as const;

const filteredEvents = (db: Tx, { source, topic, status, orderId, from, to }: EventFilter) => {
  let query = db.selectFrom('event');
  if (source !== undefined) query = query.where('source', '=', source);
  if (topic !== undefined) query = query.where('topic', '=', topic);
  if (status !== undefined) query = query.where('status', '=', status);
  if (orderId !== undefined) query = query.where('order_id', '=', orderId);
  if (from !== undefined) query = query.where('received_at', '>=', from);
  if (to !== undefined) query = query.where('received_at', '<', to);
  return query;
};

/** Events without their bodies, newest first. */
export async function listEvents(db: Tx, filter: EventFilter, { limit, after }: Page<number>): Promise<EventLine[]> {
  let query = filteredEvents(db, filter).select(EVENT_LINE);
  if (after !== null) query = query.where('id', '<', after);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** How many events fit, and the newest of them: what a replay of "all of these" means at this moment. */
export async function countEvents(db: Tx, filter: EventFilter): Promise<{ count: number; newest: number }> {
  const row = await filteredEvents(db, filter)
    .select((eb) => [eb.fn.countAll<number | string>().as('count'), eb.fn.max('id').as('newest')])
    .executeTakeFirst();
  return { count: Number(row?.count ?? 0), newest: row?.newest ?? 0 };
}

/** Ids of the events that fit, oldest first, those after one id up to another. */
export async function eventIds(
  db: Tx,
  filter: EventFilter,
  range: { after: number; upTo: number; limit: number },
): Promise<number[]> {
  const rows = await filteredEvents(db, filter)
    .select('id')
    .where('id', '>', range.after)
    .where('id', '<=', range.upTo)
    .orderBy('id')
    .limit(range.limit)
    .execute();
  return rows.map(({ id }) => id);
}

export type JobFilter = {
  status?: JobStatus | undefined;
  provider?: string | undefined;
  kind?: JobKind | undefined;
};

export async function listJobs(db: Tx, filter: JobFilter, { limit, after }: Page<number>): Promise<JobRow[]> {
  let query = db.selectFrom('job').selectAll();
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.provider !== undefined) query = query.where('provider', '=', filter.provider);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (after !== null) query = query.where('id', '<', after);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(jobRow);
}

/** Jobs of every sale that bears one of the order ids. */
export async function jobsOfOrders(db: Tx, orderIds: readonly string[]): Promise<JobRow[]> {
  if (orderIds.length === 0) return [];
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .where('order_id', 'in', [...orderIds])
    .orderBy('id')
    .execute();
  return rows.map(jobRow);
}

/** Sales whose begun invoice no longer says what the order says, with the difference. */
export async function differingSales(
  db: Tx,
  orderIds: readonly string[],
): Promise<(SaleRef & { detail: string | null })[]> {
  if (orderIds.length === 0) return [];
  const rows = await db
    .selectFrom('sale')
    .select(['source', 'order_id', 'detail'])
    .where('order_id', 'in', [...orderIds])
    .where('reason', '=', 'differs')
    .execute();
  return rows.map(({ source, order_id, detail }) => ({ source, orderId: order_id, detail }));
}

export type PaymentFilter = { claimed?: boolean | undefined };
export type PaymentMark = { at: number; source: string; id: string };

/** Payments as they were first heard of, newest first. `claimed`: an order has it. */
export async function listPayments(
  db: Tx,
  { claimed }: PaymentFilter,
  { limit, after }: Page<PaymentMark>,
): Promise<PaymentRow[]> {
  let query = db.selectFrom('payment').selectAll();
  if (claimed !== undefined) query = query.where('status', claimed ? '=' : '!=', 'linked');
  if (after !== null) {
    query = query.where((eb) =>
      eb(eb.refTuple('first_seen_at', 'source', 'id'), '<', eb.tuple(after.at, after.source, after.id)),
    );
  }
  const rows = await query
    .orderBy('first_seen_at', 'desc')
    .orderBy('source', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(paymentRow);
}

export async function documentByKey(db: Tx, key: string): Promise<DocumentRow | undefined> {
  const row = await db.selectFrom('document').selectAll().where('key', '=', key).executeTakeFirst();
  return row && { ...row, total: BigInt(row.total), paid: BigInt(row.paid) };
}

/** The key under which a provider's document is already recorded, if it is. */
export async function keyOfDocument(db: Tx, provider: string, providerId: string): Promise<string | null> {
  const row = await db
    .selectFrom('document')
    .select('key')
    .where('provider', '=', provider)
    .where('provider_id', '=', providerId)
    .executeTakeFirst();
  return row?.key ?? null;
}

export const timelineOf = (db: Tx, { source, orderId }: SaleRef): Promise<Selectable<TimelineTable>[]> =>
  db
    .selectFrom('timeline')
    .selectAll()
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();

export type Count<Word extends string> = { word: Word; count: number };

export async function countEventsByStatus(db: Tx): Promise<Count<EventStatus>[]> {
  const rows = await db
    .selectFrom('event')
    .select((eb) => ['status as word', eb.fn.countAll<number | string>().as('count')])
    .groupBy('status')
    .execute();
  return rows.map(({ word, count }) => ({ word, count: Number(count) }));
}

export type JobCount = Count<JobStatus> & { provider: string };

export async function countJobs(db: Tx): Promise<JobCount[]> {
  const rows = await db
    .selectFrom('job')
    .select((eb) => ['provider', 'status as word', eb.fn.countAll<number | string>().as('count')])
    .groupBy(['provider', 'status'])
    .execute();
  return rows.map(({ provider, word, count }) => ({ provider, word, count: Number(count) }));
}

/** Held jobs by the reason that a person must look at, those that only follow another left out. */
export async function countHeld(db: Tx): Promise<Count<string>[]> {
  const rows = await db
    .selectFrom('job')
    .select((eb) => ['reason as word', eb.fn.countAll<number | string>().as('count')])
    .where('status', '=', 'held')
    .where('reason', '!=', 'waits_for')
    .groupBy('reason')
    .orderBy('count', 'desc')
    .execute();
  return rows.map(({ word, count }) => ({ word: word ?? '', count: Number(count) }));
}

export async function countDocuments(db: Tx): Promise<Count<JobKind>[]> {
  const rows = await db
    .selectFrom('document')
    .select((eb) => ['kind as word', eb.fn.countAll<number | string>().as('count')])
    .groupBy('kind')
    .execute();
  return rows.map(({ word, count }) => ({ word, count: Number(count) }));
}

export async function countUnclaimedPayments(db: Tx): Promise<number> {
  const row = await db
    .selectFrom('payment')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('status', '!=', 'linked')
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Since when the oldest piece of work that nobody has to answer has been waiting; null when nothing waits. */
export async function oldestPending(db: Tx): Promise<number | null> {
  const event = await db
    .selectFrom('event')
    .select('received_at as at')
    .where(sql<boolean>`status = 'received'`)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const job = await db
    .selectFrom('job')
    .select((eb) => eb.fn.min('created_at').as('at'))
    .where('status', 'in', ['pending', 'running'])
    .executeTakeFirst();
  const instants = [event?.at, job?.at].filter((at) => typeof at === 'number');
  return instants.length === 0 ? null : Math.min(...instants);
}
