// How far each list of a source's API has been read. A reading goes on after a restart where its last page ended.
import type { Selectable } from 'kysely';
import type { SweepTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type SweepRow = Selectable<SweepTable>;

export const sweepsOf = (db: Tx, source: string): Promise<SweepRow[]> =>
  db.selectFrom('sweep').selectAll().where('source', '=', source).orderBy('stream').execute();

export const allSweeps = (db: Tx): Promise<SweepRow[]> =>
  db.selectFrom('sweep').selectAll().orderBy('source').orderBy('stream').execute();

/** A list that is read for the first time; one that is known stays as it is. */
export async function addSweep(tx: Tx, source: string, stream: string, since: string, now: Date): Promise<void> {
  await tx
    .insertInto('sweep')
    .values({ source, stream, since, due_at: now.getTime() })
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function changeSweep(
  tx: Tx,
  { source, stream }: Pick<SweepRow, 'source' | 'stream'>,
  change: Partial<Omit<SweepRow, 'source' | 'stream'>>,
): Promise<void> {
  await tx.updateTable('sweep').set(change).where('source', '=', source).where('stream', '=', stream).execute();
}

/** Reads all lists of the source at once, whatever their schedule. */
export async function sweepNow(tx: Tx, source: string, now: Date): Promise<void> {
  await tx
    .updateTable('sweep')
    .set({ due_at: now.getTime() })
    .where('source', '=', source)
    .where('due_at', '>', now.getTime())
    .execute();
}
