// What a PrestaShop says was paid. Two things tell it: the flag `paid` of the order's state, and the rows of its payments,
// which name the order's reference and not the order, so that orders split from one cart share them.
import Big from 'big.js';
import { type Minor, min, roundMinor, sum, toMinorUnits } from '../../src/domain/money.ts';
import type { PaidClaim } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import { instantOf } from './prestashop-dates.ts';
import type { WireOrder, WirePayment, WireState } from './prestashop-wire.ts';

/** Modules for cash on delivery, by the parts of their names. */
const CASH_ON_DELIVERY = /cash_?on_?delivery|(^|_)cod(fee|pro|_|$)|reembolso|contrassegno|nachnahme/;

export const stateOf = (wire: WireOrder, id: string | null): WireState | undefined =>
  wire.order_states.find((state) => state.id === id);

/**
 * The order's own claim: its whole total where its state says so or where the rows cover it, else what the rows come to. Of
 * orders that share their reference, each is paid by its own state, or all by rows that cover them all: no row counts twice.
 *
 * Cash on delivery is in hand only once the goods are on their way: PrestaShop flags its states paid, and may write the row,
 * before that. Rows in another currency than the order's are left to the state. Fails with `unreadable_date`.
 */
export function readPaid(wire: WireOrder, total: Minor, currency: string, timeZone: string): Result<PaidClaim | null> {
  const { order } = wire;
  const state = stateOf(wire, order.current_state);
  const onDelivery = CASH_ON_DELIVERY.test(order.module.toLowerCase());
  if (onDelivery && state?.shipped !== true) return ok(null);

  const rows = onDelivery ? [] : wire.order_payments.filter((row) => row.id_currency === order.id_currency);
  const inMinor = (amount: string): Minor => roundMinor(toMinorUnits(new Big(amount), currency));
  const received = sum(rows.map((row) => inMinor(row.amount)));
  const shared = wire.orders.length > 1;
  const due = shared ? sum(wire.orders.map((one) => inMinor(one.total_paid_tax_incl))) : total;
  const covered = rows.length > 0 && received >= due;
  const whole = state?.paid === true || covered;
  const amount = whole ? total : shared ? 0n : min(received, total);
  if (amount <= 0n) return ok(null);

  const row = covered ? completing(rows, due, inMinor) : whole ? undefined : rows.at(-1);
  const path = row === undefined ? 'order_histories' : `order_payments.${row.id}.date_add`;
  const local = row?.date_add ?? paidSince(wire, onDelivery);
  const at = instantOf(local, timeZone);
  if (at === null)
    return err(problem('unreadable_date', `“${local}” is no date; correct the payment in the shop`, path));
  const transactions = transactionsOf(wire);
  return ok({
    amount,
    at,
    method: order.module,
    title: order.payment,
    mode: paymentMode(order.module),
    transactionId: transactions.length === 1 ? (transactions[0] ?? null) : null,
  });
}

/** Ids that the payment services gave, as far as their modules kept them. */
export const transactionsOf = (wire: WireOrder): string[] => [
  ...new Set(wire.order_payments.map((row) => row.transaction_id).filter((id) => id !== '')),
];

/** The row with which the amount was reached. */
function completing(
  rows: readonly WirePayment[],
  due: Minor,
  inMinor: (amount: string) => Minor,
): WirePayment | undefined {
  let received = 0n;
  return rows.find((row) => {
    received += inMinor(row.amount);
    return received >= due;
  });
}

/** When the order first came into a state that counts as paid; without a history, its last change. */
function paidSince(wire: WireOrder, onDelivery: boolean): string {
  const entry = wire.order_histories.find(({ id_order_state }) => {
    const state = stateOf(wire, id_order_state);
    return state?.paid === true && (state.shipped || !onDelivery);
  });
  return entry?.date_add ?? wire.order.date_upd;
}
