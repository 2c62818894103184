// What a BigCommerce order gave back: money by its payments, and things by its items.
import Big from 'big.js';
import { type Minor, minorDigits, roundMinor } from '../../src/domain/money.ts';
import type { OrderLine, RefundClaim, RefundLine } from '../../src/domain/order.ts';
import { addUp, costId } from './bigcommerce-parts.ts';
import { instantOf, type Snapshot, type WireRefund, type WireTransaction } from './bigcommerce-wire.ts';
import { type ExactLine, settleLines } from './lines.ts';

/** Every refund whose money went out; one that the payment provider declined, which it may do later, is none. */
export function readRefunds({ order, refunds, transactions }: Snapshot, lines: readonly OrderLine[]): RefundClaim[] {
  const unit = new Big(10).pow(minorDigits(order.default_currency_code));
  const claims = refunds.map((refund) => ({
    id: refund.id,
    amount: roundMinor(moneyOf(refund).times(unit)),
    at: instantOf(refund.created),
    reason: refund.reason || refund.items.map(({ reason }) => reason).find((reason) => reason !== '') || '',
    lines: linesOf(refund, lines, unit),
  }));
  const paidOut = claims.filter(({ amount }) => amount > 0n);
  return paidOut.map((claim) => {
    const alike = paidOut.filter(({ amount }) => amount === claim.amount);
    return { ...claim, transactionId: alike.length === 1 ? gatewayIdOf(claim.amount, transactions, unit) : null };
  });
}

const moneyOf = ({ total_amount, payments }: WireRefund): Big =>
  payments.length === 0
    ? new Big(total_amount)
    : addUp(payments.filter(({ is_declined }) => is_declined !== true).map(({ amount }) => amount));

/** A refund does not name its transaction: the only one of that amount is it. */
function gatewayIdOf(amount: Minor, transactions: readonly WireTransaction[], unit: Big): string | null {
  const fitting = transactions.filter(
    (one) => one.event === 'refund' && one.status === 'ok' && roundMinor(new Big(one.amount).times(unit)) === amount,
  );
  return fitting.length === 1 ? fitting[0]?.gateway_transaction_id || null : null;
}

type Item = WireRefund['items'][number];

/** How an item's figures may be meant: by the piece before its amount, and the amount with tax or without. */
type Reading = { byPiece: boolean; withTax: boolean };
const READINGS: readonly Reading[] = [true, false].flatMap((withTax) =>
  [true, false].map((byPiece) => ({ byPiece, withTax })),
);

/**
 * What was given back, item by item. The API does not say whether an amount has the tax in it, so the reading that comes
 * nearest to the refund's total holds. An amount for the whole order or for tax alone names no line.
 */
function linesOf(refund: WireRefund, lines: readonly OrderLine[], unit: Big): RefundLine[] {
  const total = roundMinor(new Big(refund.total_amount).times(unit));
  const found = refund.items.flatMap((item) => {
    const line = lineOf(item, lines);
    return line === undefined ? [] : [{ item, line }];
  });
  const [nearest = []] = READINGS.map((how) => found.map(({ item, line }) => exactLine(item, line, how, unit))).sort(
    (a, b) => distance(a, total).cmp(distance(b, total)),
  );
  return settleLines(nearest, total).lines.map(({ id, kind, name, quantity, gross, tax, rate }) => {
    return { lineId: id, kind, name, quantity, gross, tax, rate };
  });
}

/** The canonical line that an item is of. */
function lineOf({ item_type, item_id }: Item, lines: readonly OrderLine[]): OrderLine | undefined {
  const find = (...ids: string[]): OrderLine | undefined => lines.find(({ id }) => ids.includes(id));
  switch (item_type) {
    case 'PRODUCT':
      return find(item_id);
    case 'GIFT_WRAPPING':
      return find(costId('gift-wrapping', item_id), costId('gift-wrapping', null));
    case 'SHIPPING':
      return find(costId('shipping', item_id), costId('shipping', null));
    case 'HANDLING':
      return find(costId('handling', item_id), costId('handling', null));
    case 'FEE':
      return find(costId('fee', item_id));
    default:
      return undefined;
  }
}

function exactLine({ quantity, requested_amount }: Item, line: OrderLine, how: Reading, unit: Big): ExactLine {
  const pieces = quantity && /^[1-9]\d{0,8}$/.test(quantity) ? quantity : null;
  const amount = requested_amount ? new Big(requested_amount).times(unit) : null;
  const whole = new Big(String(line.gross));
  const byPiece = pieces === null ? null : whole.times(pieces).div(line.quantity);
  const factor = how.withTax || line.rate === null ? new Big(1) : new Big(line.rate).plus(100).div(100);
  const byAmount = amount === null ? null : amount.times(factor);
  const gross = (how.byPiece ? (byPiece ?? byAmount) : (byAmount ?? byPiece)) ?? whole;
  const tax = line.rate === null ? new Big(0) : gross.times(line.rate).div(new Big(line.rate).plus(100));
  return { ...line, quantity: pieces ?? '1', gross, tax, discount: new Big(0) };
}

const distance = (lines: readonly ExactLine[], total: Minor): Big =>
  addUp(lines.map(({ gross }) => gross))
    .minus(String(total))
    .abs();
