// What came in for a Shopware order, and what went back. The states of its transactions say so; only some payment plugins
// record captures and refunds with amounts beside them.
import type Big from 'big.js';
import { type Minor, roundMinor, sum, taxInside, toMinorUnits } from '../../src/domain/money.ts';
import type { PaidClaim, RefundClaim, RefundLine } from '../../src/domain/order.ts';
import { compareText } from '../../src/domain/order-by.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import type { Charges } from './shopware-lines.ts';
import { sharesOf } from './shopware-shares.ts';
import type { WireOrder, WireRefund, WireTransaction } from './shopware-wire.ts';

/** States in which the whole amount of a transaction has come in, whatever became of it afterwards. */
const CAME_IN = new Set(['paid', 'refunded', 'refunded_partially', 'chargeback']);

/** What the transactions say was paid, with the words of the one that was paid last. Null where nothing was. */
export function readPaid({ transactions, currency }: WireOrder): PaidClaim | null {
  const paid = transactions
    .map((transaction) => ({ transaction, at: paidAt(transaction), amount: amountPaid(transaction, currency.isoCode) }))
    .filter(({ amount }) => amount > 0n)
    .toSorted((a, b) => compareText(a.at, b.at));
  const last = paid.at(-1);
  if (last === undefined) return null;
  const method = methodOf(last.transaction);
  return {
    amount: sum(paid.map(({ amount }) => amount)),
    at: last.at,
    method,
    title: last.transaction.paymentMethod?.name || method,
    mode: paymentMode(method),
    transactionId: idsIn(last.transaction)[0] ?? null,
  };
}

/** The shop's id of the payment method: its technical name, before 6.5.7 that of its handler. */
export const methodOf = ({ paymentMethod }: WireTransaction): string =>
  paymentMethod?.technicalName || paymentMethod?.formattedHandlerIdentifier || '';

/**
 * When money came in: with the first completed capture, else with the last change while `paid` is the last that happened.
 * After a refund no date tells of the payment any more; the beginning of the transaction is nearest.
 */
function paidAt(transaction: WireTransaction): string {
  const captured = transaction.captures
    .filter(isCompleted)
    .map(({ createdAt }) => createdAt)
    .toSorted(compareText)[0];
  const isLast = /^paid/.test(transaction.stateMachineState.technicalName);
  return captured ?? (isLast ? changedAt(transaction) : transaction.createdAt);
}

/** A part payment is only told by completed captures: its state has no amount. */
function amountPaid({ stateMachineState, amount, captures }: WireTransaction, currency: string): Minor {
  if (CAME_IN.has(stateMachineState.technicalName)) return minorOf(amount.totalPrice, currency);
  if (stateMachineState.technicalName !== 'paid_partially') return 0n;
  return sum(captures.filter(isCompleted).map((capture) => minorOf(capture.amount.totalPrice, currency)));
}

/** Ids of payments that the shop holds for the order. */
export const paymentIds = ({ transactions }: WireOrder): string[] => [...new Set(transactions.flatMap(idsIn))];

/** Stripe's ids first, wherever a plugin keeps them; then what the payment service called its captures. */
const idsIn = ({ customFields, captures }: WireTransaction): string[] => [
  ...textsIn(customFields).filter((text) => /^(pi|ch|py)_[A-Za-z0-9]{8,190}$/.test(text)),
  ...captures.map(({ externalReference }) => externalReference).filter((reference) => reference !== ''),
];

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * Completed refunds, with what they were for where the plugin says it. A transaction that is `refunded` has given back all
 * of its amount: what no refund accounts for is a claim under the transaction's own id.
 */
export function readRefunds(order: WireOrder, charges: Charges): RefundClaim[] {
  const currency = order.currency.isoCode;
  return order.transactions.flatMap((transaction) => {
    const recorded = completedRefunds(transaction)
      .map((refund) => claimOf(refund, order, charges))
      .filter((claim) => claim.amount > 0n);
    if (transaction.stateMachineState.technicalName !== 'refunded') return recorded;
    const { id, amount } = transaction;
    const rest = minorOf(amount.totalPrice, currency) - sum(recorded.map((claim) => claim.amount));
    const at = changedAt(transaction);
    return rest <= 0n ? recorded : [...recorded, { id, amount: rest, at, reason: '', lines: [], transactionId: null }];
  });
}

function claimOf(refund: WireRefund, order: WireOrder, charges: Charges): RefundClaim {
  const amount = minorOf(refund.amount.totalPrice, order.currency.isoCode);
  return {
    id: refund.id,
    amount,
    at: changedAt(refund),
    reason: refund.reason,
    lines: refundLines(refund, amount, order, charges),
    transactionId: refund.externalReference || null,
  };
}

/**
 * The positions of a refund. Plugins write those of a net order with the tax beside the amount, as its lines have it, or in
 * it: whichever makes what was returned.
 */
function refundLines({ positions }: WireRefund, amount: Minor, order: WireOrder, charges: Charges): RefundLine[] {
  const read = (taxStatus: WireOrder['price']['taxStatus']): RefundLine[] =>
    positions.flatMap((position): RefundLine[] => {
      const own = charges.linesOf(position.orderLineItemId);
      return sharesOf(position.amount, taxStatus, order.currency.isoCode).map((share) => {
        const line = own.find(({ rate }) => rate === share.rate) ?? (own.length === 1 ? own[0] : undefined);
        const rate = share.rate ?? line?.rate ?? null;
        const gross = roundMinor(share.gross);
        return {
          lineId: line?.id ?? null,
          kind: line?.kind ?? 'item',
          name: line?.name ?? '',
          quantity: position.quantity ?? '1',
          gross,
          // A plugin may write down an amount without its tax.
          tax: share.rate === null && rate !== null ? taxInside(gross, rate) : roundMinor(share.tax),
          rate,
        };
      });
    });
  const { taxStatus } = order.price;
  const withTax = read(taxStatus === 'net' ? 'gross' : taxStatus);
  return taxStatus === 'net' && sum(withTax.map(({ gross }) => gross)) !== amount ? read('net') : withTax;
}

/** What a person must look at before the order is invoiced: the state tells of money, and nothing tells how much. */
export function moneyDoubt({ transactions }: WireOrder): Problem | null {
  const inState = (state: string) =>
    transactions.find(({ stateMachineState }) => stateMachineState.technicalName === state);
  const partly = inState('refunded_partially');
  if (partly !== undefined && completedRefunds(partly).length === 0) {
    const detail = 'a part was refunded and the shop does not record how much; make the credit note by hand';
    return problem('refund_amount_unknown', detail);
  }
  if (inState('chargeback') === undefined) return null;
  return problem('chargeback', 'the buyer’s bank has taken the payment back; decide whether the sale stands');
}

const completedRefunds = ({ captures }: WireTransaction): WireRefund[] =>
  captures.flatMap(({ refunds }) => refunds).filter(isCompleted);

const isCompleted = ({ stateMachineState }: Pick<WireRefund, 'stateMachineState'>): boolean =>
  stateMachineState.technicalName === 'completed';

/** `updatedAt` is null until the first change. */
export const changedAt = ({ createdAt, updatedAt }: { createdAt: string; updatedAt: string | null }): string =>
  updatedAt ?? createdAt;

const minorOf = (amount: Big, currency: string): Minor => roundMinor(toMinorUnits(amount, currency));
