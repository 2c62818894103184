// The identity of a source: what its keys are made of, kept however it is renamed.
import type { Selectable } from 'kysely';
import type { SourceTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type SourceRow = Selectable<SourceTable>;

export const knownSources = (db: Tx): Promise<SourceRow[]> =>
  db.selectFrom('source').selectAll().orderBy('identity').execute();

export async function addSource(tx: Tx, row: SourceRow): Promise<void> {
  await tx.insertInto('source').values(row).execute();
}

export async function renameSource(tx: Tx, identity: string, name: string): Promise<void> {
  await tx.updateTable('source').set({ name }).where('identity', '=', identity).execute();
}

/** Binds the source to the shop it first heard; returns the shop it is bound to. */
export async function bindShop(tx: Tx, identity: string, shop: string): Promise<string> {
  await tx.updateTable('source').set({ shop }).where('identity', '=', identity).where('shop', 'is', null).execute();
  const row = await tx.selectFrom('source').select('shop').where('identity', '=', identity).executeTakeFirstOrThrow();
  return row.shop ?? shop;
}

export const ownsOrders = async (db: Tx, identity: string): Promise<boolean> =>
  (await db.selectFrom('sale').select('order_id').where('source', '=', identity).limit(1).executeTakeFirst()) !==
  undefined;

/** A delivery came: the source has been heard, and is silent no longer. */
export async function heard(tx: Tx, identity: string, now: Date): Promise<void> {
  await tx
    .updateTable('source')
    .set({ heard_at: now.getTime(), silent_since: null })
    .where('identity', '=', identity)
    .where((eb) => eb.or([eb('heard_at', 'is', null), eb('silent_since', 'is not', null)]))
    .execute();
}

/** Its API has told what no delivery did. True when this is news: a source that was never heard is not silent. */
export async function setSilent(tx: Tx, identity: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('source')
    .set({ silent_since: now.getTime() })
    .where('identity', '=', identity)
    .where('heard_at', 'is not', null)
    .where('silent_since', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
