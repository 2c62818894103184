// The shop's refunds and the payment service's, put side by side: which of them are the same money. Pure.
import { type Minor, min, sum } from '../domain/money.ts';
import type { RefundClaim } from '../domain/order.ts';
import { compareText } from '../domain/order-by.ts';
import type { KnownMoneyBack, Settled } from './4-sale.ts';

/** A movement, and the names under which a credit note may stand for it already. */
export type Movement = KnownMoneyBack & { names: readonly string[] };

/**
 * `byClaim`: the movements that a claim is about. `answered`: claims for which credit notes stand already, made for their
 * movements one by one. `taken`: movements that are not to be looked at for themselves.
 */
export type Pairs = { byClaim: Map<string, Movement[]>; answered: Set<string>; taken: Set<string> };

/** More movements than this are not tried together: a refund is carried out in a few parts at most. */
const MOST_PARTS = 8;

/**
 * Which movements each claim is about: by the id that the shop keeps, else by amount, oldest first; then one claim carried out
 * in several movements, and several claims carried out in one.
 */
export function paired(
  claims: readonly RefundClaim[],
  movements: readonly Movement[],
  { credited, billedAgain }: Settled,
): Pairs {
  const pairs: Pairs = { byClaim: new Map(), answered: new Set(), taken: new Set() };
  let free = [...movements];
  const take = (claim: RefundClaim, parts: readonly Movement[]): void => {
    free = free.filter((movement) => !parts.includes(movement));
    const isMade = parts.some(({ names }) => names.some((name) => credited.has(name)));
    // Credited movement by movement before the shop told of them together: they stay as they were made.
    if (parts.length > 1 && isMade) {
      pairs.answered.add(claim.id);
      return;
    }
    pairs.byClaim.set(claim.id, [...parts]);
    for (const { id } of parts) pairs.taken.add(id);
  };
  const open = (): RefundClaim[] => claims.filter(({ id }) => !pairs.byClaim.has(id) && !pairs.answered.has(id));
  const takeFirst = (claim: RefundClaim, fits: (movement: Movement) => boolean): void => {
    const movement = free.find(fits);
    if (movement !== undefined) take(claim, [movement]);
  };

  for (const claim of open()) takeFirst(claim, ({ id }) => id === claim.transactionId);
  // What was billed again stays with the refund that failed, whatever was returned since.
  for (const claim of open().filter(({ id }) => billedAgain.has(id))) {
    takeFirst(claim, ({ status, amount }) => status === 'failed' && amount === claim.amount);
  }
  for (const wanted of ['succeeded', 'pending', 'failed']) {
    for (const claim of open()) takeFirst(claim, ({ status, amount }) => status === wanted && amount === claim.amount);
  }
  for (const claim of open()) {
    const parts = partsOf(
      free.filter(({ status }) => status !== 'failed'),
      claim.amount,
    );
    if (parts !== null) take(claim, parts);
  }
  for (const movement of free.filter(({ status }) => status !== 'failed')) {
    const together = partsOf(open(), movement.amount) ?? [];
    const isMade = movement.names.some((name) => credited.has(name));
    for (const claim of together) {
      if (isMade) pairs.answered.add(claim.id);
      else pairs.byClaim.set(claim.id, [{ ...movement, names: [] }]);
    }
    if (together.length > 0 && !isMade) pairs.taken.add(movement.id);
  }
  return pairs;
}

/** The first few of these that come to the amount together; null where none do. */
function partsOf<Part extends { amount: Minor }>(all: readonly Part[], amount: Minor): Part[] | null {
  const among = all.filter((part) => part.amount < amount).slice(0, MOST_PARTS);
  for (let choice = 1; choice < 1 << among.length; choice++) {
    const parts = among.filter((_, index) => (choice & (1 << index)) !== 0);
    if (parts.length > 1 && sum(parts.map((part) => part.amount)) === amount) return parts;
  }
  return null;
}

/** Refunds one by one. Running totals of a charge tell only what its single refunds, and what was credited, do not. */
export function movementsOf(refunds: readonly KnownMoneyBack[], credited: ReadonlyMap<string, Minor>): Movement[] {
  const single: Movement[] = refunds
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
    single.push(...stillUntold(unexplained, steps, own, credited));
  }
  return single.sort((a, b) => compareText(a.at, b.at) || compareText(a.id, b.id));
}

/** Steps that nothing else tells of, as far as the charge has returned more than is told and credited. */
function stillUntold(
  unexplained: readonly KnownMoneyBack[],
  steps: readonly KnownMoneyBack[],
  own: readonly KnownMoneyBack[],
  credited: ReadonlyMap<string, Minor>,
): Movement[] {
  const reached = sum(steps.map(({ amount }) => amount));
  const told = sum(own.filter(({ status }) => status !== 'failed').map(({ amount }) => amount));
  const made = unexplained.filter(({ id }) => credited.has(id));
  // One that was credited when less was known came to more than its step: it stands for the steps before it, too.
  let rest = reached - told - sum(made.map(({ id }) => credited.get(id) ?? 0n));
  return unexplained.flatMap((step): Movement[] => {
    const own = credited.get(step.id);
    if (own !== undefined) return [{ ...step, amount: own, names: [step.id] }];
    const amount = min(step.amount, rest);
    rest -= amount > 0n ? amount : 0n;
    return amount > 0n ? [{ ...step, amount, names: [step.id] }] : [];
  });
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
