// Which money went back to the buyer. The shop's refunds are claims, the payment service's are movements, and mostly both
// tell of the same money: they are paired, and what only one side tells counts as well. Pure.
import { formatMinor, type Minor, min } from '../domain/money.ts';
import type { RefundClaim, RefundLine } from '../domain/order.ts';
import { compareText } from '../domain/order-by.ts';
import { type Movement, movementsOf, paired } from './4-pairs.ts';
import { surplusOf } from './4-payments.ts';
import type { Hold, Sale, Settled } from './4-sale.ts';

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

/**
 * The refunds of a sale. A claim whose movement is still on its way waits for it; one whose lines the shop has not told
 * waits for them; a movement that no claim accounts for waits for one. Waiting ends after the sale's grace time. What was
 * returned of a payment that came on top of the total is no refund of the sale.
 */
export function returnsOf(
  sale: Pick<Sale, 'order' | 'payments' | 'refunds' | 'teller' | 'graceMs'>,
  settled: Settled,
  now: Date,
): Returns {
  const { order, teller, graceMs } = sale;
  const { credited, billedAgain } = settled;
  const movements = movementsOf(
    sale.refunds.filter(({ currency }) => currency === order.currency),
    credited,
  );
  const claims = order.refunds.toSorted((a, b) => compareText(a.at ?? '', b.at ?? '') || compareText(a.id, b.id));
  const pairs = paired(claims, movements, settled);
  const dues: number[] = [];
  /** True while a better word may still come; notes when that ends. */
  const mayHearMore = (heardAt: string | undefined): boolean => {
    const until = heardAt === undefined ? 0 : Date.parse(heardAt) + graceMs;
    if (until > now.getTime()) dues.push(until);
    return until > now.getTime();
  };

  const claimed = claims
    .filter(({ id }) => !pairs.answered.has(id))
    .map((claim): Return => {
      const told = pairs.byClaim.get(claim.id) ?? [];
      const names = [claim.id, ...told.flatMap((movement) => movement.names)];
      const id = names.find((name) => credited.has(name)) ?? claim.id;
      const failed = isTakenBack(claim, order) || told.some(({ status }) => status === 'failed') || billedAgain.has(id);
      const { amount, at, reason, lines } = claim;
      const state = failed ? 'failed' : 'returned';
      const pending = told.find(({ status }) => status === 'pending');
      if (pending !== undefined) {
        const detail = `refund ${pending.id} has not reached the buyer yet`;
        return { id, amount, at, reason, lines, state, hold: { reason: 'refund_pending', detail } };
      }
      const asks = lines === null && teller.canBeAsked && mayHearMore(claim.heardAt);
      const hold = asks ? { reason: 'asks_shop', detail: 'the shop is being asked what was returned' } : null;
      return { id, amount, at, reason, lines, state, hold };
    });

  const unpaired = movements.filter(({ id }) => !pairs.taken.has(id));
  const isClear = teller.isShop ? claims.every(({ id }) => pairs.byClaim.has(id) || pairs.answered.has(id)) : true;
  const unclaimed = lessSurplus(unpaired, sale).flatMap((movement): Return[] => {
    const { names, status, amount, at, reason, heardAt } = movement;
    const begun = names.find((name) => credited.has(name));
    const id = begun ?? names[0] ?? '';
    const told = { id, amount, at, reason, lines: [], hold: null };
    if (begun !== undefined) {
      return [{ ...told, state: status === 'failed' || billedAgain.has(id) ? 'failed' : 'returned' }];
    }
    if (status !== 'succeeded' || amount <= 0n) return [];
    if (teller.isShop && mayHearMore(heardAt)) return [];
    return [{ ...told, state: 'returned', hold: isClear ? null : unclear(amount, order.currency) }];
  });
  return { returns: [...claimed, ...unclaimed], dueAt: dues.length === 0 ? null : Math.min(...dues) };
}

const unclear = (amount: Minor, currency: string): Hold => ({
  reason: 'refund_unclear',
  detail: `${formatMinor(amount, currency)} ${currency} went back at the payment service, and the shop tells of refunds of other amounts: it may be the same money`,
});

/** Movements less what they returned of payments that came on top of the total: that was never invoiced. */
function lessSurplus(
  movements: readonly Movement[],
  { payments, order }: Pick<Sale, 'payments' | 'order'>,
): Movement[] {
  const surplus = surplusOf({ payments }, order.total);
  return movements.map((movement) => {
    const payment = payments.find(
      ({ id, links }) =>
        id === movement.paymentId ||
        (movement.chargeId !== null &&
          links.some(({ by, value }) => by === 'transaction' && value === movement.chargeId)),
    );
    const over = payment === undefined || movement.status !== 'succeeded' ? 0n : (surplus.get(payment.id) ?? 0n);
    if (payment === undefined || over === 0n) return movement;
    const taken = min(over, movement.amount);
    surplus.set(payment.id, over - taken);
    return { ...movement, amount: movement.amount - taken };
  });
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
