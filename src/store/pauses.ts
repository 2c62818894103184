// What a person has paused: `all`, `source:<identity>` or `provider:<name>`.
import type { Tx } from './writer.ts';

export type PauseScope = 'all' | `source:${string}` | `provider:${string}`;

export async function pause(tx: Tx, scope: PauseScope, now: Date): Promise<void> {
  await tx
    .insertInto('pause')
    .values({ scope, since: now.getTime() })
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function resume(tx: Tx, scope: PauseScope): Promise<void> {
  await tx.deleteFrom('pause').where('scope', '=', scope).execute();
}

export const pausedScopes = async (db: Tx): Promise<ReadonlySet<string>> =>
  new Set((await db.selectFrom('pause').select('scope').execute()).map(({ scope }) => scope));
