// Which money went back to the buyer. The shop's refunds are claims, the payment service's are movements, and mostly both
// tell of the same money: they are paired one to one, and what only one side tells counts as well. Pure.

import type { Minor } from '../domain/money.ts';
import { sum } from '../domain/money.ts';
import type { RefundClaim, RefundLine } from '../domain/order.ts';
import { compareText } from '../domain/order-by.ts';
import type { Hold, KnownMoneyBack, Sale } from './4-sale.ts';

/** Money that went back, once for each refund, whoever told of it. */
export type Return = {
  /** The last part of its credit note's key. */
  id: string;
  amount: Minor;
  at: string | null;
  reason: string;
  lines: readonly RefundLine[] | null;
  /** `failed`: it came back to the seller, or the shop took it back; whatever was credited for it is owed again. */
  state: 'returned' | 'failed';
  hold: Hold | null;
};

export type Returns = { returns: Return[]; dueAt: number | null };

/** A movement, and the names under which a credit note may stand for it already. */
type Movement = KnownMoneyBack & { names: readonly string[] };

/**
 * The refunds of a sale. A claim whose movement is still on its way waits for it; one whose lines the shop has not told
 * waits for them; a movement that no claim accounts for waits for one. Waiting ends after the sale's grace time.
 *
 * @param credited ids of refunds for which a credit note has begun
 * @param billedAgain ids of refunds that failed and were billed again
 */
export function returnsOf(
  sale: Pick<Sale, 'order' | 'refunds' | 'teller' | 'graceMs'>,
  credited: ReadonlySet<string>,
  billedAgain: ReadonlySet<string>,
  now: Date,
): Returns {
  const { order, teller, graceMs } = sale;
  const movements = movementsOf(sale.refunds.filter(({ currency }) => currency === order.currency));
  const claims = order.refunds.toSorted((a, b) => compareText(a.at ?? '', b.at ?? '') || compareText(a.id, b.id));
  const pairs = paired(claims, movements, billedAgain);
  const dues: number[] = [];
  /** True while a better word may still come; notes when that ends. */
  const mayHearMore = (heardAt: string | undefined): boolean => {
    const until = heardAt === undefined ? 0 : Date.parse(heardAt) + graceMs;
    if (until > now.getTime()) dues.push(until);
    return until > now.getTime();
  };

  const claimed = claims.map((claim): Return => {
    const movement = pairs.get(claim.id);
    const id = [claim.id, ...(movement?.names ?? [])].find((name) => credited.has(name)) ?? claim.id;
    const failed = isTakenBack(claim, order) || movement?.status === 'failed' || billedAgain.has(id);
    const { amount, at, reason, lines } = claim;
    const base = { id, amount, at, reason, lines, state: failed ? ('failed' as const) : ('returned' as const) };
    if (movement?.status === 'pending') {
      return {
        ...base,
        hold: { reason: 'refund_pending', detail: `refund ${movement.id} has not reached the buyer yet` },
      };
    }
    if (lines === null && teller.canBeAsked && mayHearMore(claim.heardAt)) {
      return { ...base, hold: { reason: 'asks_shop', detail: 'the shop is being asked what was returned' } };
    }
    return { ...base, hold: null };
  });

  const taken = new Set([...pairs.values()].map(({ id }) => id));
  const unclaimed = movements
    .filter(({ id }) => !taken.has(id))
    .flatMap(({ names, status, amount, at, reason, heardAt }): Return[] => {
      const begun = names.find((name) => credited.has(name));
      const id = begun ?? names[0] ?? '';
      const told = { id, amount, at, reason, lines: [], hold: null };
      if (begun !== undefined)
        return [{ ...told, state: status === 'failed' || billedAgain.has(id) ? 'failed' : 'returned' }];
      if (status !== 'succeeded') return [];
      return teller.isShop && mayHearMore(heardAt) ? [] : [{ ...told, state: 'returned' }];
    });
  return { returns: [...claimed, ...unclaimed], dueAt: dues.length === 0 ? null : Math.min(...dues) };
}

/** Two states of one second may come in either order; one that comes so much later is later. */
const SAME_MOMENT_MS = 60_000;

/**
 * True for a refund that the shop listed once and no longer lists: in a state of a later second, or in one of the same second
 * that was heard long after (WooCommerce deletes a refund without dating the order anew).
 */
export function isTakenBack({ listedAt, heardLastAt, omittedAt }: RefundClaim, order: Sale['order']): boolean {
  if (!order.listsAllRefunds || listedAt === undefined) return false;
  if (listedAt < order.updatedAt) return true;
  return omittedAt !== undefined && Date.parse(omittedAt) - Date.parse(heardLastAt ?? omittedAt) > SAME_MOMENT_MS;
}

/** Which movement each claim is about: by the id that the shop keeps, else by amount, oldest first. */
function paired(
  claims: readonly RefundClaim[],
  movements: readonly Movement[],
  billedAgain: ReadonlySet<string>,
): Map<string, Movement> {
  const pairs = new Map<string, Movement>();
  const free = [...movements];
  const pair = (claim: RefundClaim, fits: (movement: Movement) => boolean): void => {
    const index = pairs.has(claim.id) ? -1 : free.findIndex(fits);
    const [movement] = index < 0 ? [] : free.splice(index, 1);
    if (movement !== undefined) pairs.set(claim.id, movement);
  };
  for (const claim of claims) pair(claim, ({ id }) => id === claim.transactionId);
  // What was billed again stays with the refund that failed, whatever was returned since.
  for (const claim of claims.filter(({ id }) => billedAgain.has(id))) {
    pair(claim, ({ status, amount }) => status === 'failed' && amount === claim.amount);
  }
  for (const wanted of ['succeeded', 'pending', 'failed']) {
    for (const claim of claims) pair(claim, ({ status, amount }) => status === wanted && amount === claim.amount);
  }
  return pairs;
}

/** Refunds one by one. Running totals of a charge tell only what its single refunds do not. */
function movementsOf(refunds: readonly KnownMoneyBack[]): Movement[] {
  const single = refunds
    .filter(({ runningTotal }) => !runningTotal)
    .map((refund) => ({ ...refund, names: [refund.id] }));
  const totals = Map.groupBy(
    refunds.filter(({ runningTotal }) => runningTotal),
    ({ chargeId }) => chargeId ?? '',
  );
  for (const [charge, told] of totals) {
    const own = single.filter(({ chargeId }) => chargeId === charge);
    const steps = stepsOf(told);
    const unnamed = [...own];
    const unexplained = steps.filter((step) => {
      const index = unnamed.findIndex(({ amount }) => amount === step.amount);
      const [refund] = index < 0 ? [] : unnamed.splice(index, 1);
      if (refund !== undefined) refund.names = [...refund.names, step.id];
      return refund === undefined;
    });
    const reached = steps.reduce((total, { amount }) => total + amount, 0n);
    const known = sum(own.filter(({ status }) => status !== 'failed').map(({ amount }) => amount));
    if (known < reached) single.push(...unexplained.map((step) => ({ ...step, names: [step.id] })));
  }
  return single.sort((a, b) => compareText(a.at, b.at) || compareText(a.id, b.id));
}

/** A charge that has returned 10 and later 25 has returned 10 and then 15. */
function stepsOf(told: readonly KnownMoneyBack[]): KnownMoneyBack[] {
  let before = 0n;
  return told
    .toSorted((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : compareText(a.id, b.id)))
    .flatMap((total) => {
      const amount = total.amount - before;
      before = total.amount;
      return amount > 0n ? [{ ...total, amount }] : [];
    });
}
