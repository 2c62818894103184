// What a Shopify order sold and for how much, in the buyer's currency, before any money went back. Shopify never lowers
// an order's own lines and total: what was taken out stands as a refund without a transaction, and what was returned as
// one with money. The first changes the invoice, the second makes a credit note.
import Big from 'big.js';
import { type Minor, roundMinor } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type ExactLine, settleLines } from './lines.ts';
import { type Amounts, sumOf } from './shopify-amounts.ts';
import { editsOf, isRemoval, type Repaid } from './shopify-edits.ts';
import type { WireDiscount, WireItem, WireOrder, WireShipping, WireTaxLine } from './shopify-wire.ts';

/** What was sold. `edited`: lines have been taken out since the order was placed. */
export type Sold = { total: Minor; lines: OrderLine[]; edited: boolean; repaid: Repaid | null; doubts: Problem[] };

/**
 * The lines and the total of a sale: everything ordered, less what was taken out without money returned. Fails with
 * `unreadable_amount` when the total is no sum that can be paid; parts that do not make the total are a doubt.
 */
export function soldIn(order: WireOrder, amounts: Amounts): Result<Sold> {
  const edits = editsOf(order, amounts);
  const parts = [
    ...order.line_items.map((item) => itemPart(item, edits.removed.get(item.id) ?? 0, order, amounts)),
    ...order.shipping_lines.map((shipping, index) => shippingPart(shipping, index, order, amounts)),
    tipPart(order, amounts),
    dutiesPart(order, amounts),
  ].filter((part) => part !== null);

  const exactTotal = amounts.read(order.total_price_set, order.total_price).minus(edits.value);
  const total = roundMinor(exactTotal);
  if (!exactTotal.eq(String(total))) {
    const detail = `the order’s total is ${exactTotal.toFixed()} minor units of ${amounts.currency}, which nobody can pay`;
    return err(problem('unreadable_amount', detail, 'total_price'));
  }

  const lines = withCashRounding(
    parts.map((part) => part.line),
    exactTotal,
    order,
    amounts,
  );
  const settled = settleLines(lines, total);
  const doubts = [
    ...(settled.doubt === null ? [] : [settled.doubt]),
    ...parts.flatMap((part) => part.doubts),
    ...edits.doubts,
    ...(edits.removed.size > 0 ? currentTotalDoubt(order, total, amounts) : taxDoubt(order, lines, amounts)),
  ];
  return ok({ total, lines: settled.lines, edited: edits.removed.size > 0, repaid: edits.repaid, doubts });
}

type Part = { line: ExactLine; doubts: Problem[] };

function itemPart(item: WireItem, removed: number, order: WireOrder, amounts: Amounts): Part | null {
  const ordered = Number(item.quantity);
  const sold = ordered - removed;
  if (sold <= 0) return null;
  const net = amounts.read(item.price_set, item.price).times(ordered);
  const part = partOf(net, item.tax_lines, item.discount_allocations, order, amounts);
  const share = (amount: Big): Big => amount.times(sold).div(ordered);
  return {
    line: {
      id: item.id,
      kind: isTip(item) ? 'tip' : 'item',
      name: [item.title, item.variant_title].filter((text) => text !== '').join(' – ') || item.sku || `#${item.id}`,
      sku: item.sku,
      quantity: String(sold),
      gross: share(part.gross),
      tax: share(part.tax),
      rate: part.rate,
      discount: share(part.discount),
    },
    doubts: part.doubts,
  };
}

/** Null for shipping that costs nothing or was taken out again. */
function shippingPart(shipping: WireShipping, index: number, order: WireOrder, amounts: Amounts): Part | null {
  if (shipping.is_removed === true) return null;
  const full = amounts.read(shipping.price_set, shipping.price);
  // Older versions tell a discount on shipping by the lower price alone.
  const price =
    shipping.discount_allocations.length === 0 && shipping.discounted_price
      ? amounts.read(shipping.discounted_price_set, shipping.discounted_price)
      : full;
  const part = partOf(price, shipping.tax_lines, shipping.discount_allocations, order, amounts);
  if (part.gross.eq(0)) return null;
  return {
    line: {
      id: shipping.id ?? `shipping-${index + 1}`,
      kind: 'shipping',
      name: shipping.title || 'Shipping',
      sku: '',
      quantity: '1',
      gross: part.gross,
      tax: part.tax,
      rate: part.rate,
      discount: part.discount,
    },
    doubts: part.doubts,
  };
}

/** A tip that no line carries. Tips bear no tax. */
function tipPart(order: WireOrder, amounts: Amounts): Part | null {
  if (order.line_items.some(isTip)) return null;
  const gross = amounts.read(order.total_tip_received_set, order.total_tip_received);
  if (gross.eq(0)) return null;
  return { line: { id: 'tip', kind: 'tip', name: 'Tip', sku: '', ...untaxed(gross) }, doubts: [] };
}

/** Import duties are in the total, and are no sale of the shop's own. */
function dutiesPart(order: WireOrder, amounts: Amounts): Part | null {
  const gross = amounts.read(order.original_total_duties_set, null);
  if (gross.eq(0)) return null;
  const doubt = problem('duties_not_supported', 'the order bears import duties; invoice it by hand');
  return { line: { id: 'duties', kind: 'fee', name: 'Import duties', sku: '', ...untaxed(gross) }, doubts: [doubt] };
}

const isTip = (item: WireItem): boolean => item.title.toLowerCase() === 'tip';

const untaxed = (gross: Big): Pick<ExactLine, 'quantity' | 'gross' | 'tax' | 'rate' | 'discount'> => ({
  quantity: '1',
  gross,
  tax: new Big(0),
  rate: null,
  discount: new Big(0),
});

/** Cash payments may be rounded to the smallest coin; the total holds that in some versions and not in others. */
function withCashRounding(lines: ExactLine[], total: Big, order: WireOrder, amounts: Amounts): ExactLine[] {
  const rounding = amounts.read(order.total_cash_rounding_payment_adjustment_set, null);
  const missing = total.minus(sumOf(lines.map((line) => line.gross)));
  if (rounding.eq(0) || !missing.eq(rounding)) return lines;
  return [...lines, { id: 'cash-rounding', kind: 'fee', name: 'Cash rounding', sku: '', ...untaxed(rounding) }];
}

type Priced = { gross: Big; tax: Big; rate: string | null; discount: Big; doubts: Problem[] };

/** Gross, tax and rate of a price with its own discounts and taxes, whichever way the shop writes prices. */
function partOf(
  price: Big,
  taxLines: readonly WireTaxLine[],
  discounts: readonly WireDiscount[],
  order: WireOrder,
  amounts: Amounts,
): Priced {
  const charged = taxLines
    .map((line) => ({ ...line, tax: amounts.read(line.price_set, line.price) }))
    .filter((line) => !line.tax.eq(0));
  const tax = sumOf(charged.map((line) => line.tax));
  const discount = sumOf(discounts.map((one) => amounts.read(one.amount_set, one.amount)));
  const discounted = price.minus(discount);
  const gross = order.taxes_included ? discounted : discounted.plus(tax);
  const [only] = charged;
  // A rate beside a tax of nothing was not charged.
  const rate = charged.length === 1 && only?.rate ? new Big(only.rate).times(100).round(6) : null;
  const grossOf = (net: Big): Big => (discounted.gt(0) ? net.times(gross).div(discounted) : net);
  return {
    gross,
    tax,
    rate: rate === null || rate.eq(0) ? null : rate.toFixed(),
    discount: grossOf(discount),
    doubts: taxLineDoubts(charged, rate),
  };
}

function taxLineDoubts(charged: readonly WireTaxLine[], rate: Big | null): Problem[] {
  if (charged.some((line) => line.channel_liable === true)) {
    return [problem('marketplace_liable', 'a marketplace owes the tax of this order itself; see its own statement')];
  }
  if (charged.length > 1) {
    return [problem('taxed_twice', `a line bears ${charged.length} taxes at once, and an invoice line has one rate`)];
  }
  if (charged.length === 1 && (rate === null || rate.eq(0))) {
    return [problem('rate_unknown', 'a line bears tax and the shop does not say at which rate')];
  }
  return [];
}

/** While no money has gone back, Shopify's own current total must be what is left after the removals. */
function currentTotalDoubt(order: WireOrder, total: Minor, amounts: Amounts): Problem[] {
  if (!order.current_total_price || order.refunds.some((refund) => !isRemoval(refund, order))) return [];
  const current = amounts.read(order.current_total_price_set, order.current_total_price);
  if (current.eq(String(total))) return [];
  const detail = `the order comes to ${total} minor units after its removals and the shop says ${current.toFixed()}`;
  return [problem('totals_disagree', detail)];
}

/** Tax that the order bears and no line does would be lost on the invoice. */
function taxDoubt(order: WireOrder, lines: readonly ExactLine[], amounts: Amounts): Problem[] {
  if (!order.total_tax) return [];
  const told = amounts.read(order.total_tax_set, order.total_tax);
  const borne = sumOf(lines.map((line) => line.tax));
  if (told.minus(borne).abs().lte(lines.length)) return [];
  const detail = `the order bears ${told.toFixed()} minor units of tax and its lines ${borne.toFixed()}`;
  return [problem('totals_disagree', detail)];
}
