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
