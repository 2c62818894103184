// The inbox: deliveries as they came in, each once.
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { EventStatus } from '../domain/states.ts';
import type { EventTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type EventRow = Selectable<EventTable>;

export type NewEvent = Pick<
  EventTable,
  'source' | 'topic' | 'delivery_key' | 'delivery_id' | 'shop' | 'headers' | 'body'
>;
export type Accepted = { eventId: number; duplicate: boolean };

/** 52 bits, which every JSON reader and both databases hold exactly. Two keys may share a hash; the full key decides. */
function hashOf(delivery: Pick<NewEvent, 'source' | 'delivery_key'>): number {
  const digest = createHash('sha256').update(keyOf(delivery)).digest();
  return digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) >> 4);
}

/**
 * Stores deliveries, each once for its (source, key), and says for each which event it is. A redelivery of an event that
 * failed makes it run again. A batch costs three statements, however many deliveries it has.
 */
export async function storeDeliveries(tx: Tx, deliveries: readonly NewEvent[], now: Date): Promise<Accepted[]> {
  const known = await knownEvents(tx, deliveries);
  const fresh = firstOfEach(deliveries.filter((delivery) => !known.has(keyOf(delivery))));
  const added = await addEvents(tx, fresh, now);
  const taken = new Set<string>();
  const accepted: Accepted[] = [];
  for (const delivery of deliveries) {
    const key = keyOf(delivery);
    const before = known.get(key);
    if (before?.status === 'failed') await receiveAgain(tx, before.id);
    accepted.push({ eventId: before?.id ?? added.get(key) ?? 0, duplicate: before !== undefined || taken.has(key) });
    taken.add(key);
  }
  return accepted;
}

const keyOf = ({ source, delivery_key }: Pick<NewEvent, 'source' | 'delivery_key'>): string =>
  `${source}\0${delivery_key}`;

const firstOfEach = (deliveries: readonly NewEvent[]): NewEvent[] =>
  [...new Map(deliveries.toReversed().map((delivery) => [keyOf(delivery), delivery])).values()].reverse();

type Known = Pick<EventRow, 'id' | 'status'>;

/** The events that are there already. A colliding hash is followed to where its own key would stand. */
async function knownEvents(tx: Tx, deliveries: readonly NewEvent[]): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  let open = new Map(deliveries.map((delivery) => [keyOf(delivery), hashOf(delivery)]));
  while (open.size > 0) {
    const rows = await tx
      .selectFrom('event_key')
      .innerJoin('event', 'event.id', 'event_key.event_id')
      .select(['event_key.hash', 'event.id', 'event.source', 'event.delivery_key', 'event.status'])
      .where('event_key.hash', 'in', [...new Set(open.values())])
      .execute();
    for (const row of rows) known.set(keyOf(row), row);
    const occupied = new Set(rows.map(({ hash }) => hash));
    const next = [...open].filter(([key, hash]) => !known.has(key) && occupied.has(hash));
    open = new Map(next.map(([key, hash]) => [key, hash + 1]));
  }
  return known;
}

/** Adds events that are not there, with their keys, and returns their ids by key. */
async function addEvents(tx: Tx, fresh: readonly NewEvent[], now: Date): Promise<Map<string, number>> {
  if (fresh.length === 0) return new Map();
  const rows = await tx
    .insertInto('event')
    .values(fresh.map((delivery) => ({ ...delivery, received_at: now.getTime(), status: 'received' as const })))
    .returning(['id', 'source', 'delivery_key'])
    .execute();
  const ids = new Map(rows.map((row) => [keyOf(row), row.id]));
  let open = fresh.map((delivery) => ({ hash: hashOf(delivery), event_id: ids.get(keyOf(delivery)) ?? 0 }));
  while (open.length > 0) {
    const placed = await tx
      .insertInto('event_key')
      .values(open)
      .onConflict((c) => c.doNothing())
      .returning('event_id')
      .execute();
    const done = new Set(placed.map(({ event_id }) => event_id));
    // Two keys of one hash: the second takes the next free place.
    open = open
      .filter(({ event_id }) => !done.has(event_id))
      .map(({ hash, event_id }) => ({ hash: hash + 1, event_id }));
  }
  return ids;
}

/** Puts an event back in front of the mapping. */
export async function receiveAgain(tx: Tx, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('event')
    .set({ status: 'received', reason: null, detail: null })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ids of events that wait for their mapping, oldest first: those of one source, or those of all others than these. */
export async function waitingEvents(
  db: Tx,
  limit: number,
  which: readonly string[] | { only: string },
): Promise<number[]> {
  const query = db.selectFrom('event').select('id').where('status', '=', 'received');
  const chosen =
    'only' in which
      ? query.where('source', '=', which.only)
      : query.$if(which.length > 0, (q) => q.where('source', 'not in', [...which]));
  const rows = await chosen.orderBy('id').limit(limit).execute();
  return rows.map(({ id }) => id);
}

export const eventById = (db: Tx, id: number): Promise<EventRow | undefined> =>
  db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirst();

export type EventEnd = { status: EventStatus; reason: string | null; detail: string | null; orderId: string | null };

export async function endEvent(tx: Tx, id: number, end: EventEnd): Promise<void> {
  await tx
    .updateTable('event')
    .set({ status: end.status, reason: end.reason, detail: end.detail, order_id: end.orderId })
    .where('id', '=', id)
    .execute();
}
