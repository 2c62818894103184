// What a Shopify refund gave back, in exact figures: the money that moved, and the goods and the shipping it was for. The
// two may differ: a restocking fee is kept, an amount is returned for nothing in particular.
import Big from 'big.js';
import { type Amounts, sumOf } from './shopify-amounts.ts';
import type { WireOrder, WireRefund, WireRefundLine, WireTransaction } from './shopify-wire.ts';

/** `tax` is inside `gross`. */
export type Returned = { gross: Big; tax: Big };
export type ReturnedShipping = Returned & { shippingLineId: string | null };

/** A return that has happened. One that is pending is no money yet, one that failed never will be. */
export const isReturned = ({ kind, status }: WireTransaction): boolean => kind === 'refund' && status === 'success';

/** Money that a refund has returned so far. */
export const returnedBy = (refund: WireRefund, amounts: Amounts): Big =>
  sumOf(refund.transactions.filter(isReturned).map((transaction) => amounts.moved(transaction)));

/** The value of a refund's line; null in old versions, which tell only pieces. Net or gross as the order's prices are. */
export function goodsOf(line: WireRefundLine, order: WireOrder, amounts: Amounts): Returned | null {
  if (!line.subtotal_set && !line.subtotal) return null;
  const subtotal = amounts.read(line.subtotal_set, line.subtotal);
  const tax = amounts.read(line.total_tax_set, line.total_tax);
  return { gross: order.taxes_included ? subtotal : subtotal.plus(tax), tax };
}

/** Gross value of the lines that a refund names. */
export const goodsIn = (refund: WireRefund, order: WireOrder, amounts: Amounts): Big =>
  sumOf(refund.refund_line_items.flatMap((line) => goodsOf(line, order, amounts)?.gross ?? []));

/**
 * Shipping that a refund gave back. Newer versions tell it by shipping line, older ones as an adjustment below zero, and
 * most tell the same money both ways: it counts once. Webhooks have its tax in the adjustment only.
 *
 * An adjustment's tax is documented as added to its amount; of an order with gross prices it may be inside. The money
 * that moved decides.
 */
export function shippingIn(refund: WireRefund, order: WireOrder, amounts: Amounts): ReturnedShipping[] {
  const adjustments = refund.order_adjustments
    .filter(({ kind }) => kind === 'shipping_refund')
    .map((one) => ({
      shippingLineId: null,
      amount: amounts.read(one.amount_set, one.amount).abs(),
      tax: amounts.read(one.tax_amount_set, one.tax_amount).abs(),
    }));
  const lines = refund.refund_shipping_lines.map((line) => ({
    shippingLineId: line.shipping_line_id ?? null,
    amount: amounts.read(line.subtotal_amount_set, null),
    tax: line.tax_amount_set ? amounts.read(line.tax_amount_set, null) : null,
  }));
  const adjusted = lines.length === 1 && adjustments.length === 1 ? adjustments[0]?.tax : undefined;
  const told =
    lines.length === 0
      ? adjustments
      : lines.map((line) => ({ ...line, tax: line.tax ?? adjusted ?? taxShare(line, order, amounts) }));
  const parts = (taxOnTop: boolean): ReturnedShipping[] =>
    told.map(({ shippingLineId, amount, tax }) => ({
      shippingLineId,
      gross: taxOnTop ? amount.plus(tax) : amount,
      tax,
    }));
  if (!order.taxes_included) return parts(true);
  const money = returnedBy(refund, amounts).minus(goodsIn(refund, order, amounts));
  const onTop = parts(true);
  return sumOf(onTop.map(({ gross }) => gross)).eq(money) ? onTop : parts(false);
}

/** The tax on a part of the shipping, in proportion to what the whole bore. */
function taxShare(
  { shippingLineId, amount }: { shippingLineId: string | null; amount: Big },
  order: WireOrder,
  amounts: Amounts,
): Big {
  const line = order.shipping_lines.find(({ id }) => id && id === shippingLineId);
  if (line === undefined) return new Big(0);
  const price = amounts.read(line.discounted_price_set ?? line.price_set, line.discounted_price ?? line.price);
  const tax = sumOf(line.tax_lines.map((one) => amounts.read(one.price_set, one.price)));
  return price.eq(0) ? new Big(0) : tax.times(amount).div(price);
}
