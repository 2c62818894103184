// Money that went back, and money that a bank contests. A refund is told under its own id wherever it can be; where only
// the sum of a charge's refunds is told, that running total stands in for it.
import type { Dispute, Fact, MoneyBack, Understood } from '../../src/domain/facts.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { readPaid } from './stripe-amounts.ts';
import { facts, ignored, instantOf, type StripeReading, type Told } from './stripe-reading.ts';
import type { WireDispute, WireFullCharge, WireRefund } from './stripe-wire.ts';

/** What Stripe books as a refund when it lets go of an authorisation: nothing that was received goes back. */
const RELEASED = 'authorization_released';

const REFUND_STATUS = new Map<string, MoneyBack['status']>([
  ['pending', 'pending'],
  ['requires_action', 'pending'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** One refund. `failing`: the event says that it failed. */
export function readRefund(
  refund: WireRefund,
  told: Told,
  reading: StripeReading,
  failing = false,
): Result<Understood> {
  if (isRelease(refund, null)) return ignored(RELEASED);
  // Nothing moved though it is done: its charge tells whether it was ever captured.
  if (refund.status === 'succeeded' && refund.balance_transaction === null && !failing) {
    const ref = refundsRef(refund.charge, reading);
    if (ref !== null) return ok({ kind: 'fetch', fetch: [ref] });
  }
  const fact = moneyBack(refund, told);
  if (!fact.ok) return fact;
  if (failing && fact.value.status !== 'failed') {
    const detail = `${refund.id} is ${refund.status}, in an event that says it failed`;
    return err(problem('status_contradicts_topic', detail, 'data.object.status'));
  }
  return facts([{ kind: 'refund', refund: fact.value }]);
}

/** All refunds of one charge, fetched together with it. */
export function readRefunds(
  charge: WireFullCharge | null,
  refunds: readonly WireRefund[],
  told: Told,
): Result<Understood> {
  const returned = refunds.filter((refund) => !isRelease(refund, charge));
  if (returned.length === 0) return ignored(refunds.length === 0 ? 'nothing_returned' : RELEASED);
  const read = refundFacts(returned, told);
  return read.ok ? facts(read.value) : read;
}

/** A charge of which something went back. API versions since 2022-11-15 tell no more than how much that is in all. */
export function readRefundedCharge(charge: WireFullCharge, told: Told, reading: StripeReading): Result<Understood> {
  if (charge.captured === false) return ignored(RELEASED);
  const ref = refundsRef(charge.id, reading);
  const listed = (charge.refunds?.data ?? []).filter((refund) => !isRelease(refund, charge));
  if (listed.length > 0) {
    const read = refundFacts(listed, told);
    if (!read.ok) return read;
    return facts(read.value, charge.refunds?.has_more === true && ref !== null ? [ref] : []);
  }
  if (!charge.amount_refunded) {
    const detail = `${charge.id} was refunded and does not say how much`;
    return err(problem('unreadable_refund', detail, 'data.object.amount_refunded'));
  }
  const total = BigInt(charge.amount_refunded) - uncaptured(charge);
  if (total <= 0n) return ignored(RELEASED);
  const paid = readPaid(total.toString(), charge.currency);
  if (!paid.ok) return paid;
  const refund: MoneyBack = {
    id: `${charge.id}@${paid.value.amount}`,
    paymentId: charge.payment_intent,
    chargeId: charge.id,
    ...paid.value,
    at: instantOf(told.at),
    status: 'succeeded',
    runningTotal: true,
    reason: '',
    test: !told.livemode,
  };
  return facts([{ kind: 'refund', refund }], ref === null ? [] : [ref]);
}

const refundsRef = (charge: string | null, { canFetch }: StripeReading): string | null =>
  canFetch && charge !== null ? `refunds:${charge}` : null;

function refundFacts(refunds: readonly WireRefund[], told: Told): Result<Fact[]> {
  const read: Fact[] = [];
  for (const refund of refunds) {
    const fact = moneyBack(refund, told);
    if (!fact.ok) return fact;
    read.push({ kind: 'refund', refund: fact.value });
  }
  return ok(read);
}

function moneyBack(refund: WireRefund, told: Told): Result<MoneyBack> {
  const status = REFUND_STATUS.get(refund.status ?? '');
  if (status === undefined) {
    const detail = `refund status “${(refund.status ?? '').slice(0, 40)}” is not known`;
    return err(problem('unknown_status', detail, 'data.object.status'));
  }
  const paid = readPaid(refund.amount, refund.currency);
  if (!paid.ok) return paid;
  return ok({
    id: refund.id,
    paymentId: refund.payment_intent,
    chargeId: refund.charge,
    ...paid.value,
    at: instantOf(refund.created ?? told.at),
    status,
    runningTotal: false,
    reason: refund.reason.replaceAll('_', ' '),
    test: !told.livemode,
  });
}

/**
 * True where an authorisation, or the part of it that was not captured, was let go: it expired, the charge was never
 * captured, or nothing moved and the amount is just what was left uncaptured.
 */
function isRelease(refund: WireRefund, charge: WireFullCharge | null): boolean {
  if (refund.reason === 'expired_uncaptured_charge' || charge?.captured === false) return true;
  if (charge === null || refund.balance_transaction !== null) return false;
  const left = uncaptured(charge);
  return left > 0n && BigInt(refund.amount) === left;
}

const uncaptured = ({ amount, amount_captured }: WireFullCharge): bigint =>
  BigInt(amount) - BigInt(amount_captured ?? amount);

const DISPUTE_STATUS = new Map<string, Dispute['status']>([
  ['needs_response', 'open'],
  ['under_review', 'open'],
  ['appeal_needs_response', 'open'],
  ['appeal_under_review', 'open'],
  ['won', 'won'],
  ['lost', 'lost'],
]);

/** A dispute. An inquiry takes no money; one that was prevented was settled by a refund, which is told as such. */
export function readDispute(dispute: WireDispute, livemode: boolean): Result<Understood> {
  if (dispute.status.startsWith('warning_')) return ignored('dispute_inquiry');
  if (dispute.status === 'prevented' || dispute.status === 'charge_refunded') return ignored('dispute_prevented');
  const status = DISPUTE_STATUS.get(dispute.status);
  if (status === undefined) {
    const detail = `dispute status “${dispute.status.slice(0, 40)}” is not known`;
    return err(problem('unknown_status', detail, 'data.object.status'));
  }
  const paid = readPaid(dispute.amount, dispute.currency);
  if (!paid.ok) return paid;
  const fact: Dispute = {
    id: dispute.id,
    paymentId: dispute.payment_intent,
    chargeId: dispute.charge,
    ...paid.value,
    at: instantOf(dispute.created),
    status,
    reason: dispute.reason.replaceAll('_', ' '),
    test: !livemode,
  };
  return facts([{ kind: 'dispute', dispute: fact }]);
}
