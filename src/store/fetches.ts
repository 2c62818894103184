// What has to be asked of a source's API: named once however often it is asked for, kept until it has been answered.
import type { Selectable } from 'kysely';
import type { FetchTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type FetchRow = Selectable<FetchTable>;

/** Asks for these. One that is asked for already is asked for anew: an answer under way may be older than this request. */
export async function requestFetches(tx: Tx, source: string, refs: readonly string[], now: Date): Promise<void> {
  if (refs.length === 0) return;
  const at = now.getTime();
  await tx
    .insertInto('fetch')
    .values([...new Set(refs)].map((ref) => ({ source, ref, due_at: at, reason: null, requested_at: at })))
    .onConflict((c) =>
      c.columns(['source', 'ref']).doUpdateSet((eb) => ({ asked: eb('fetch.asked', '+', 1), due_at: at, failures: 0 })),
    )
    .execute();
}

/** The next to ask for, oldest first. */
export const dueFetches = (db: Tx, source: string, now: Date, limit: number): Promise<FetchRow[]> =>
  db
    .selectFrom('fetch')
    .selectAll()
    .where('source', '=', source)
    .where('due_at', '<=', now.getTime())
    .orderBy('due_at')
    .orderBy('ref')
    .limit(limit)
    .execute();

/** It was answered: forgotten, unless it was asked for again meanwhile. */
export async function endFetch(tx: Tx, { source, ref, asked }: FetchRow): Promise<void> {
  await tx.deleteFrom('fetch').where('source', '=', source).where('ref', '=', ref).where('asked', '=', asked).execute();
}

/** It was not answered, for this reason: asked again at `dueAt`. */
export async function putOffFetch(tx: Tx, row: FetchRow, reason: string, dueAt: number): Promise<void> {
  await tx
    .updateTable('fetch')
    .set({ failures: row.failures + 1, reason, due_at: dueAt })
    .where('source', '=', row.source)
    .where('ref', '=', row.ref)
    .where('asked', '=', row.asked)
    .execute();
}

/** How many things are still to be asked of each source, and why the oldest was not answered. */
export const openFetches = (
  db: Tx,
): Promise<{ source: string; ref: string; reason: string | null; requested_at: number }[]> =>
  db.selectFrom('fetch').select(['source', 'ref', 'reason', 'requested_at']).orderBy('requested_at').execute();
