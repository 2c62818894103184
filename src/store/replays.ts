// Replays: which stored deliveries run again, and how far that has come. The row is the truth, so that a restart goes on.
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { toJson } from '../domain/json.ts';
import { EVENT_STATUSES } from '../domain/states.ts';
import { type EventFilter, eventIds } from './queries.ts';
import type { ReplayTable } from './tables.ts';
import type { Tx } from './writer.ts';

const StoredFilterSchema = z.object({
  source: z.string().optional(),
  topic: z.string().optional(),
  status: z.enum(EVENT_STATUSES).optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  /** The newest event when the replay was asked for; later ones have no need of it. */
  upTo: z.number(),
});
export type ReplayFilter = z.infer<typeof StoredFilterSchema>;
export type ReplayRow = Omit<Selectable<ReplayTable>, 'filter'> & { filter: ReplayFilter };

const replayRow = ({ filter, ...row }: Selectable<ReplayTable>): ReplayRow => ({
  ...row,
  filter: StoredFilterSchema.parse(JSON.parse(filter)),
});

export async function addReplay(tx: Tx, filter: ReplayFilter, count: number, now: Date): Promise<number> {
  const values = { filter: toJson(filter), count, done: 0, last_event_id: 0, created_at: now.getTime() };
  const status = count === 0 ? 'done' : 'running';
  const { id } = await tx
    .insertInto('replay')
    .values({ ...values, status })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function replayById(db: Tx, id: number): Promise<ReplayRow | undefined> {
  const row = await db.selectFrom('replay').selectAll().where('id', '=', id).executeTakeFirst();
  return row && replayRow(row);
}

/** The replay to go on with: the oldest that runs. */
export async function runningReplay(db: Tx): Promise<ReplayRow | undefined> {
  const row = await db
    .selectFrom('replay')
    .selectAll()
    .where('status', '=', 'running')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row && replayRow(row);
}

/** False when it no longer runs. */
export async function cancelReplay(tx: Tx, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('replay')
    .set({ status: 'cancelled' })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Puts the next deliveries of a replay back in front of their mapping, and says how far it has come, in one write. */
export async function advanceReplay(tx: Tx, id: number, limit: number): Promise<void> {
  const replay = await replayById(tx, id);
  if (replay?.status !== 'running') return;
  const { upTo, ...filter } = replay.filter;
  const ids = await eventIds(tx, filter satisfies EventFilter, { after: replay.last_event_id, upTo, limit });
  if (ids.length > 0) {
    await tx
      .updateTable('event')
      .set({ status: 'received', reason: null, detail: null })
      .where('id', 'in', ids)
      .execute();
  }
  await tx
    .updateTable('replay')
    .set({
      done: replay.done + ids.length,
      last_event_id: ids.at(-1) ?? replay.last_event_id,
      status: ids.length < limit ? 'done' : 'running',
    })
    .where('id', '=', id)
    .execute();
}
