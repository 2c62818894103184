// What a PrestaShop gave back: its credit slips. A slip has up to three figures for the same money, and which of them counts
// depends on how it was made; the shop's own code (OrderSlip, OrderRefundCalculator) is the source of the rules here.
import Big from 'big.js';
import { apportion, minorDigits, roundMinor, taxInside, toMinorUnits } from '../../src/domain/money.ts';
import type { OrderLine, RefundClaim, RefundLine } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { instantOf } from './prestashop-dates.ts';
import { ecotaxLineOf, SHIPPING } from './prestashop-lines.ts';
import type { WireOrder, WireSlip } from './prestashop-wire.ts';

/** An amount that the employee chose; shipping given back turns other slips into this type as well. */
const CHOSEN = '2';

/** Every slip that gives money back. Fails with `unreadable_date`. */
export function readRefunds(
  wire: WireOrder,
  lines: readonly OrderLine[],
  currency: string,
  timeZone: string,
): Result<RefundClaim[]> {
  const claims: RefundClaim[] = [];
  for (const slip of wire.order_slip) {
    const amount = roundMinor(toMinorUnits(returnedBy(slip, new Big(10).pow(-minorDigits(currency))), currency));
    if (amount <= 0n) continue;
    const at = instantOf(slip.date_add, timeZone);
    if (at === null) {
      const detail = `“${slip.date_add}” is no date; correct the credit slip in the shop`;
      return err(problem('unreadable_date', detail, `order_slip.${slip.id}.date_add`));
    }
    claims.push({
      id: slip.id,
      amount,
      at,
      reason: '',
      lines: linesOf(slip, lines, currency),
      transactionId: null,
    });
  }
  return ok(claims);
}

/**
 * The money of a slip, tax included: its products and its shipping, less the vouchers that the employee left out, or the amount
 * that was chosen in place of the products.
 */
function returnedBy(slip: WireSlip, unit: Big): Big {
  const shipping = shippingOf(slip);
  const gross = new Big(slip.total_products_tax_incl);
  const net = new Big(slip.total_products_tax_excl);
  const amount = new Big(slip.amount);
  const details = slip.associations;
  const slack = unit.times(details.reduce((pieces, { product_quantity }) => pieces + Number(product_quantity), 1));
  // Slips of PrestaShop before 1.6.1 have an amount and no totals.
  if (gross.eq(0)) return amount.plus(shipping);
  const isOther = (total: Big): boolean => amount.minus(total).abs().gt(slack);
  if (slip.order_slip_type === CHOSEN && isOther(gross) && isOther(net)) return amount.plus(shipping);
  if (details.length === 0) return gross.plus(shipping);
  // Vouchers left out are taken off one of the two totals only: the one that the shop did not compute from.
  const sumOf = (key: 'amount_tax_incl' | 'amount_tax_excl'): Big =>
    details.reduce((total, detail) => total.plus(detail[key]), new Big(0));
  const leftOut = [sumOf('amount_tax_incl').minus(gross), sumOf('amount_tax_excl').minus(net)].find((part) =>
    part.gt(slack),
  );
  return (leftOut === undefined ? gross : sumOf('amount_tax_incl').minus(leftOut)).plus(shipping);
}

const shippingOf = (slip: WireSlip): Big => {
  const told = new Big(slip.total_shipping_tax_incl);
  return told.eq(0) ? new Big(slip.shipping_cost_amount) : told;
};

/** What the slip gives back, at the rates that the order charged; the tax that the slip itself shows is known to be wrong. */
function linesOf(slip: WireSlip, lines: readonly OrderLine[], currency: string): RefundLine[] {
  const inMinor = (amount: string): bigint => roundMinor(toMinorUnits(new Big(amount), currency));
  const products = slip.associations.flatMap(({ id_order_detail, product_quantity, amount_tax_incl }) => {
    const own = lines.filter(({ id }) => id === id_order_detail || id === ecotaxLineOf(id_order_detail));
    return shared(inMinor(amount_tax_incl), own).map(({ line, gross }) => given(line, gross, product_quantity));
  });
  const shipping = inMinor(shippingOf(slip).toFixed());
  const line = lines.find(({ id }) => id === SHIPPING);
  return [...products, ...(shipping > 0n ? [given(line, shipping, '1', 'shipping')] : [])];
}

/** A product's amount over its line, and that of its eco-participation where it has one, as they were priced. */
function shared(amount: bigint, lines: readonly OrderLine[]): { line: OrderLine | undefined; gross: bigint }[] {
  const [first] = lines;
  if (amount === 0n) return [];
  if (lines.length < 2) return [{ line: first, gross: amount }];
  const prices = lines.map(({ gross, discount }) => new Big((gross + discount).toString()));
  const whole = prices.reduce((total, price) => total.plus(price), new Big(0));
  const parts = apportion(
    prices.map((price) => price.times(amount.toString()).div(whole)),
    amount,
  );
  return lines.flatMap((line, index) => (parts?.[index] ? [{ line, gross: parts[index] ?? 0n }] : []));
}

const given = (
  line: OrderLine | undefined,
  gross: bigint,
  quantity: string,
  kind: RefundLine['kind'] = 'item',
): RefundLine => ({
  lineId: line?.id ?? null,
  kind: line?.kind ?? kind,
  name: line?.name ?? '',
  quantity: quantity === '0' ? '1' : new Big(quantity).toFixed(),
  gross,
  tax: line?.rate ? taxInside(gross, line.rate) : 0n,
  rate: line?.rate ?? null,
});
