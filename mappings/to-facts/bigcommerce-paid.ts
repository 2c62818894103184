// What has been paid of a BigCommerce order. A gateway's transactions prove themselves; for money that comes past the store
// (a transfer, a cheque, cash) the status that the merchant gave the order is all there is.
import Big from 'big.js';
import { type Minor, max, minorDigits, roundMinor, sum } from '../../src/domain/money.ts';
import type { PaidClaim, PaymentMode } from '../../src/domain/order.ts';
import { compareText } from '../../src/domain/order-by.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import type { Charges } from './bigcommerce-lines.ts';
import { instantOf, type Snapshot, type WireTransaction } from './bigcommerce-wire.ts';

/** `payment_status` of money that a gateway has taken. "authorized" and "capture pending" are promises. */
const TAKEN = new Set(['captured', 'paid', 'partially refunded', 'refunded']);

/** Statuses that BigCommerce itself counts as paid: fulfilment has begun, or money went back. */
const PAID_STATUSES = new Set(['2', '3', '4', '8', '9', '10', '11', '14']);
/** Goods to be paid at the door are sent before that; only a completed order says that the money came. */
const PAID_AT_THE_DOOR = new Set(['4', '10', '14']);

const MEANS = new Set(['gift_certificate', 'store_credit']);
/** Noted when the order is placed, before any money came. */
const PROMISED = new Set(['offline', 'custom']);

/** The transactions by which money reached the merchant. */
export const receivedIn = (transactions: readonly WireTransaction[]): WireTransaction[] =>
  transactions.filter(
    ({ event, status, method }) =>
      (event === 'purchase' || event === 'capture') && status === 'ok' && !PROMISED.has(method),
  );

/** What was paid, gift certificates and store credit included; null for nothing. `updatedAt` stands for a date nobody tells. */
export function readPaid(snapshot: Snapshot, { total, means }: Charges, updatedAt: string): PaidClaim | null {
  const { order, transactions } = snapshot;
  const received = receivedIn(transactions);
  const unit = new Big(10).pow(minorDigits(order.default_currency_code));
  const amountOf = (some: readonly WireTransaction[]): Minor =>
    sum(some.map(({ amount }) => roundMinor(new Big(amount).times(unit))));
  const byGateway = received.filter(({ method }) => !MEANS.has(method));
  const byMeans = max(means, amountOf(received.filter(({ method }) => MEANS.has(method))));
  const main = byGateway.toSorted((a, b) => new Big(b.amount).cmp(a.amount))[0];
  if (main === undefined && !isSettled(snapshot)) return null;

  const dates = byGateway.map(({ date_created }) => instantOf(date_created)).filter((date) => date !== null);
  const noted = main ?? transactions.find(({ method }) => PROMISED.has(method));
  const byMeansAlone = main === undefined && total > 0n && byMeans >= total;
  return {
    amount: main === undefined ? total : amountOf(byGateway) + byMeans,
    at: dates.toSorted(compareText).at(-1) ?? updatedAt,
    method: byMeansAlone ? 'gift_certificate' : noted?.gateway || order.payment_method,
    title: byMeansAlone ? 'Gift certificate' : order.payment_method,
    mode: byMeansAlone ? 'voucher' : modeOf(noted, order.payment_method),
    transactionId: main?.gateway_transaction_id || null,
  };
}

/** Whether the order counts as paid where no gateway tells of money. */
function isSettled({ order, transactions }: Snapshot): boolean {
  if (order.payment_status !== '') return TAKEN.has(order.payment_status);
  const atTheDoor =
    /cash on delivery/i.test(order.payment_method) ||
    transactions.some(({ gateway }) => gateway.toLowerCase() === 'cod');
  return (atTheDoor ? PAID_AT_THE_DOOR : PAID_STATUSES).has(order.status_id);
}

const GATEWAYS = new Map<string, PaymentMode>([
  ['bankdeposit', 'transfer'],
  ['cheque', 'cheque'],
  ['moneyorder', 'cheque'],
  ['cod', 'cash'],
]);
const CARDS = new Set(['credit_card', 'token', 'nonce', 'bigpay_token', 'apple_pay_card', 'apple_pay_token']);

function modeOf(transaction: WireTransaction | undefined, paymentMethod: string): PaymentMode {
  const gateway = transaction?.gateway.toLowerCase() ?? '';
  if (`${gateway} ${paymentMethod.toLowerCase()}`.includes('paypal')) return 'paypal';
  const byGateway = GATEWAYS.get(gateway);
  if (byGateway !== undefined) return byGateway;
  return transaction !== undefined && CARDS.has(transaction.method) ? 'card' : paymentMode(paymentMethod);
}
