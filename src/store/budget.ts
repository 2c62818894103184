// Requests of an account, counted in short spans, so that restarts and neighbours share what the provider's windows allow.
import type { Tx } from './writer.ts';

/** So many requests in any time of this length. */
export type Window = { requests: number; perMs: number };

/** A span is a sixtieth of its window: coarse enough for few rows, fine enough to waste little of the window. */
const SPANS = 60;
const spanOf = ({ perMs }: Window): number => Math.max(1, Math.ceil(perMs / SPANS));

/** Each window has a count of its own under the account. */
const keyOf = (account: string, { perMs }: Window): string => `${account}/${perMs}`;

/** Requests that the window has seen at `now`. A span counts until its last moment has left. */
export async function usedOf(db: Tx, account: string, window: Window, now: number): Promise<number> {
  const row = await db
    .selectFrom('budget')
    .select((eb) => eb.fn.sum<number | null>('requests').as('used'))
    .where('account', '=', keyOf(account, window))
    .where('span', '>', now - window.perMs - spanOf(window))
    .executeTakeFirst();
  return Number(row?.used ?? 0);
}

/** The beginning of the first span that lies wholly after an instant. */
export const spanAfter = (window: Window, at: number): number => Math.ceil(at / spanOf(window)) * spanOf(window);

/** Requests that were counted since the beginning of a span. */
export async function usedSince(db: Tx, account: string, window: Window, since: number): Promise<number> {
  const row = await db
    .selectFrom('budget')
    .select((eb) => eb.fn.sum<number | null>('requests').as('used'))
    .where('account', '=', keyOf(account, window))
    .where('span', '>=', since)
    .executeTakeFirst();
  return Number(row?.used ?? 0);
}

/** When the window's oldest span will have left it; now for an empty window. */
export async function freeAt(db: Tx, account: string, window: Window, now: number): Promise<number> {
  const span = spanOf(window);
  const row = await db
    .selectFrom('budget')
    .select((eb) => eb.fn.min('span').as('oldest'))
    .where('account', '=', keyOf(account, window))
    .where('span', '>', now - window.perMs - span)
    .executeTakeFirst();
  return row?.oldest == null ? now : row.oldest + span + window.perMs;
}

/** Counts requests at `now`, and forgets what has left the window. */
export async function countRequests(
  tx: Tx,
  account: string,
  window: Window,
  now: number,
  requests: number,
): Promise<void> {
  const span = spanOf(window);
  const key = keyOf(account, window);
  await tx
    .insertInto('budget')
    .values({ account: key, span: now - (now % span), requests })
    .onConflict((c) =>
      c.columns(['account', 'span']).doUpdateSet((eb) => ({ requests: eb('budget.requests', '+', requests) })),
    )
    .execute();
  await tx
    .deleteFrom('budget')
    .where('account', '=', key)
    .where('span', '<=', now - window.perMs - 2 * span)
    .execute();
}
