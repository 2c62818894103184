// The inbox: deliveries as they came in, each once.
import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
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
function hashOf(source: string, deliveryKey: string): number {
  const digest = createHash('sha256').update(source).update('\0').update(deliveryKey).digest();
  return digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) >> 4);
}

/**
 * Stores deliveries, each once for its (source, key), and says for each which event it is. A redelivery of an event that
 * failed makes it run again.
 */
export async function storeDeliveries(tx: Tx, deliveries: readonly NewEvent[], now: Date): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (const delivery of deliveries) accepted.push(await storeOnce(tx, delivery, now));
  return accepted;
}

async function storeOnce(tx: Tx, delivery: NewEvent, now: Date): Promise<Accepted> {
  for (let hash = hashOf(delivery.source, delivery.delivery_key); ; hash++) {
    const known = await tx
      .selectFrom('event_key')
      .innerJoin('event', 'event.id', 'event_key.event_id')
      .select(['event.id', 'event.source', 'event.delivery_key', 'event.status'])
      .where('event_key.hash', '=', hash)
      .executeTakeFirst();
    if (known === undefined) {
      const { id } = await tx
        .insertInto('event')
        .values({ ...delivery, received_at: now.getTime(), status: 'received' })
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx.insertInto('event_key').values({ hash, event_id: id }).execute();
      return { eventId: id, duplicate: false };
    }
    if (known.source === delivery.source && known.delivery_key === delivery.delivery_key) {
      if (known.status === 'failed') await receiveAgain(tx, known.id);
      return { eventId: known.id, duplicate: true };
    }
  }
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

/** Ids of events that wait for their mapping, oldest first, those of paused sources left out. */
export async function waitingEvents(db: Tx, limit: number, pausedSources: readonly string[]): Promise<number[]> {
  const rows = await db
    .selectFrom('event')
    .select('id')
    .where(sql<boolean>`status = 'received'`)
    .$if(pausedSources.length > 0, (q) => q.where('source', 'not in', [...pausedSources]))
    .orderBy('id')
    .limit(limit)
    .execute();
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
