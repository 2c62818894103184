// A provider account's standing with us, shared by every job and kept through a restart.
import type { Tx } from './writer.ts';

/** `rampFrom`: from this instant the rate rises slowly to the full pace; 0 for never. */
export type Standing = { blockedUntil: number; reason: string | null; failures: number; rampFrom: number };

const GOOD: Standing = { blockedUntil: 0, reason: null, failures: 0, rampFrom: 0 };

export async function standingOf(db: Tx, account: string): Promise<Standing> {
  const row = await db.selectFrom('account').selectAll().where('account', '=', account).executeTakeFirst();
  if (row === undefined) return GOOD;
  const { blocked_until: blockedUntil, reason, failures, ramp_from: rampFrom } = row;
  return { blockedUntil, reason, failures, rampFrom };
}

export async function setStanding(tx: Tx, account: string, standing: Standing): Promise<void> {
  const { blockedUntil, reason, failures, rampFrom } = standing;
  const values = { blocked_until: blockedUntil, reason, failures, ramp_from: rampFrom };
  await tx
    .insertInto('account')
    .values({ account, ...values })
    .onConflict((c) => c.column('account').doUpdateSet(values))
    .execute();
}
