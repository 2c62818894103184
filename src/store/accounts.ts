// A provider account's standing with us, shared by every job and kept through a restart.
import type { Tx } from './writer.ts';

export type Standing = { blockedUntil: number; reason: string | null; failures: number };

const GOOD: Standing = { blockedUntil: 0, reason: null, failures: 0 };

export async function standingOf(db: Tx, account: string): Promise<Standing> {
  const row = await db.selectFrom('account').selectAll().where('account', '=', account).executeTakeFirst();
  return row === undefined ? GOOD : { blockedUntil: row.blocked_until, reason: row.reason, failures: row.failures };
}

export async function setStanding(tx: Tx, account: string, standing: Standing): Promise<void> {
  const values = { blocked_until: standing.blockedUntil, reason: standing.reason, failures: standing.failures };
  await tx
    .insertInto('account')
    .values({ account, ...values })
    .onConflict((c) => c.column('account').doUpdateSet(values))
    .execute();
}
