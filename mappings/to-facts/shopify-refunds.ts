// The refunds of a Shopify order: the money that went back, and what it was for, line by line.
import Big from 'big.js';
import { type Minor, max, min, roundMinor } from '../../src/domain/money.ts';
import type { OrderLine, RefundClaim, RefundLine } from '../../src/domain/order.ts';
import type { Amounts } from './shopify-amounts.ts';
import type { Sold } from './shopify-lines.ts';
import { stripeIdsOf } from './shopify-payment.ts';
import {
  goodsOf,
  isReturned,
  type Returned,
  type ReturnedShipping,
  returnedBy,
  shippingIn,
} from './shopify-returned.ts';
import type { WireOrder, WireRefund, WireRefundLine } from './shopify-wire.ts';

/** Stripe's ids of a refund (`pyr_…` of a payment that is no card charge). */
const STRIPE_REFUND = /^(re|pyr)_\w+$/;

/**
 * Money given back so far, by refund. One that moved no money only took lines out of the order. Lines and money are told as
 * Shopify tells them, also where they differ: what is kept of a return stands in the difference.
 */
export function refundsOf(order: WireOrder, sold: Sold, amounts: Amounts): RefundClaim[] {
  return order.refunds.flatMap((refund) => {
    const amount = roundMinor(returnedBy(refund, amounts));
    if (amount <= 0n) return [];
    const at = refund.processed_at ?? refund.created_at;
    return [
      {
        id: refund.id,
        amount,
        at: at ? new Date(at).toISOString() : null,
        reason: refund.note,
        lines: linesOf(refund, order, sold, amounts),
        transactionId: refund.transactions.filter(isReturned).flatMap(stripeIdsOf).find(isStripeRefund) ?? null,
      },
    ];
  });
}

const isStripeRefund = (id: string): boolean => STRIPE_REFUND.test(id);

function linesOf(refund: WireRefund, order: WireOrder, sold: Sold, amounts: Amounts): RefundLine[] {
  const repaid = sold.repaid?.refundId === refund.id ? sold.repaid.lines : [];
  const items = [...refund.refund_line_items, ...repaid].flatMap((line) => itemLine(line, order, sold, amounts));
  const shipping = shippingIn(refund, order, amounts).map((one) => shippingLine(one, sold));
  return [...items, ...shipping];
}

/** A returned line; nothing where neither the refund nor the order says what it was worth. */
function itemLine(taken: WireRefundLine, order: WireOrder, sold: Sold, amounts: Amounts): RefundLine[] {
  const line = sold.lines.find(({ id, kind }) => id === taken.line_item_id && kind !== 'shipping');
  const item = order.line_items.find(({ id }) => id === taken.line_item_id);
  const returned = goodsOf(taken, order, amounts) ?? (line === undefined ? null : shareOf(line, taken.quantity));
  if (returned === null) return [];
  return [
    {
      lineId: line?.id ?? null,
      kind: line?.kind ?? 'item',
      name: line?.name ?? item?.title ?? '',
      quantity: taken.quantity,
      ...taxed(returned, line),
    },
  ];
}

/** Of the order's shipping lines the one that is named, else the only one. */
function shippingLine(returned: ReturnedShipping, sold: Sold): RefundLine {
  const all = sold.lines.filter(({ kind }) => kind === 'shipping');
  const named = all.find(({ id }) => id === returned.shippingLineId);
  const line = named ?? (all.length === 1 && returned.shippingLineId === null ? all[0] : undefined);
  return {
    lineId: line?.id ?? null,
    kind: 'shipping',
    name: line?.name ?? 'Shipping',
    quantity: '1',
    ...taxed(returned, line),
  };
}

/** Some pieces of a line, in proportion: versions before 2017 tell no value. */
function shareOf(line: OrderLine, quantity: string): Returned {
  const share = (amount: Minor): Big => new Big(amount.toString()).times(quantity).div(line.quantity);
  return { gross: share(line.gross), tax: share(line.tax) };
}

/** The amounts of a returned part, at the rate of the line that it takes back. Without a rate there is no tax. */
function taxed(returned: Returned, line: OrderLine | undefined): Pick<RefundLine, 'gross' | 'tax' | 'rate'> {
  const rate = line?.rate ?? null;
  const gross = roundMinor(returned.gross);
  return { gross, tax: rate === null ? 0n : min(gross, max(roundMinor(returned.tax), 0n)), rate };
}
