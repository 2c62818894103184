// What we remember of clients: which client a key led to, and who is looking for one right now.
import { type Client, type ClientKey, ClientSchema } from '../domain/client.ts';
import { toJson } from '../domain/json.ts';
import type { Tx } from './writer.ts';

export const keyText = (key: Pick<ClientKey, 'kind' | 'value'>): string => `${key.kind}:${key.value}`;

/** The client that a key led to before, if we remember one. */
export async function rememberedClient(db: Tx, account: string, key: ClientKey): Promise<Client | null> {
  const row = await db
    .selectFrom('client_link')
    .select('client')
    .where('account', '=', account)
    .where('key', '=', keyText(key))
    .executeTakeFirst();
  return row === undefined ? null : ClientSchema.parse(JSON.parse(row.client));
}

export async function rememberClient(
  tx: Tx,
  account: string,
  keys: readonly ClientKey[],
  client: Client,
): Promise<void> {
  for (const key of keys) {
    const values = { client_id: client.id, client: toJson(client) };
    await tx
      .insertInto('client_link')
      .values({ account, key: keyText(key), ...values })
      .onConflict((c) => c.columns(['account', 'key']).doUpdateSet(values))
      .execute();
  }
}

/** Forgets a client that the provider no longer has. */
export async function forgetClient(tx: Tx, account: string, clientId: string): Promise<void> {
  await tx.deleteFrom('client_link').where('account', '=', account).where('client_id', '=', clientId).execute();
}

/**
 * Locks every key for the job, or none: null when another job holds one of them. Sorted, so that two jobs that share
 * several keys never hold one each. A job that asks again keeps what it has.
 */
export async function lockKeys(tx: Tx, account: string, keys: readonly string[], jobId: number): Promise<boolean> {
  if (keys.length === 0) return true;
  const sorted = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const others = await tx
    .selectFrom('client_lock')
    .select('job_id')
    .where('account', '=', account)
    .where('key', 'in', sorted)
    .where('job_id', '!=', jobId)
    .limit(1)
    .executeTakeFirst();
  if (others !== undefined) return false;
  await tx
    .insertInto('client_lock')
    .values(sorted.map((key) => ({ account, key, job_id: jobId })))
    .onConflict((c) => c.doNothing())
    .execute();
  return true;
}

export async function unlockKeys(tx: Tx, jobId: number): Promise<void> {
  await tx.deleteFrom('client_lock').where('job_id', '=', jobId).execute();
}
