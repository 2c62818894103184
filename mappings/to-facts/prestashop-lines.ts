// What a PrestaShop order charges, line by line: products, shipping, gift wrapping and fees, each told with and without tax,
// less its vouchers. `total_paid_tax_incl` is the total; `total_paid` and `carrier_tax_rate` are known to say something else.
import Big from 'big.js';
import { type Minor, minorDigits, roundMinor, toMinorUnits } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type ExactLine, settleLines } from './lines.ts';
import { type Discount, shareDiscount } from './prestashop-discounts.ts';
import { type Pair, type Rate, rateOf } from './prestashop-rates.ts';
import type { WireDetail, WireOrder } from './prestashop-wire.ts';
import { wordsIn } from './prestashop-words.ts';

export type Charges = { lines: OrderLine[]; total: Minor; doubt: Problem | null };

/** The line of an order's shipping; the slips that give it back name none. */
export const SHIPPING = 'shipping';
/** The line of the eco-participation of a product whose own rate is another. */
export const ecotaxLineOf = (detailId: string): string => `${detailId}-ecotax`;

/** A line before its rate and its share of the vouchers are known. `told`: the rates of its taxes, null where they cannot be read. */
type Part = Pair &
  Pick<OrderLine, 'id' | 'name' | 'sku' | 'quantity'> & {
    kind: 'item' | 'shipping' | 'fee';
    told: readonly string[] | null;
  };

/**
 * The lines of an order and its total in minor units. Fails with `order_without_lines`. A doubt says why a person must look:
 * `taxed_twice`, `rate_unknown`, `discount_unclear` or `totals_disagree`.
 */
export function readCharges(wire: WireOrder, currency: string, language: string | null): Result<Charges> {
  const { order } = wire;
  const total = roundMinor(toMinorUnits(new Big(order.total_paid_tax_incl), currency));
  const unit = new Big(10).pow(-minorDigits(currency));
  const parts = readParts(wire, language ?? '', unit);
  if (parts.length === 0 && total !== 0n) {
    const detail = `order ${order.reference} has a total of ${order.total_paid_tax_incl} and nothing that was sold`;
    return err(problem('order_without_lines', detail, 'order_details'));
  }
  const rates = ratesOf(parts, order.carrier_tax_rate, unit);
  const priced = parts.map((part) => ({ ...part, rate: rates.get(part.id)?.rate ?? null }));
  const { shares, doubt } = shareDiscount(priced, discountOf(wire), unit);
  const lines = priced.map((part, index) => discounted(part, shares[index] ?? new Big(0), currency));
  const settled = settleLines(
    lines.filter((line) => line.kind === 'item' || !line.gross.eq(0)),
    total,
  );
  const ofRates = [...rates.values()].find((rate) => rate.doubt !== null)?.doubt ?? null;
  return ok({ lines: settled.lines, total, doubt: settled.doubt ?? ofRates ?? doubt });
}

/** The rate of each part. Those whose taxes are named come first: they tell which rates the others are likely to bear. */
function ratesOf(parts: readonly Part[], carrierRate: string, unit: Big): Map<string, Rate> {
  const known = new Set(new Big(carrierRate).gt(0) ? [new Big(carrierRate).toFixed()] : []);
  const named = (part: Part): boolean => (part.told ?? []).length > 0;
  const rates = new Map<string, Rate>();
  for (const part of [...parts.filter(named), ...parts.filter((one) => !named(one))]) {
    const found = rateOf(part.name, part, part.told, known, unit);
    if (found.rate !== null) known.add(found.rate);
    rates.set(part.id, found);
  }
  return rates;
}

/** The line in exact minor units, its discount taken off the price and, in proportion, off the tax. */
function discounted(part: Part & { rate: string | null }, discount: Big, currency: string): ExactLine {
  const { id, kind, name, sku, quantity, rate } = part;
  const gross = part.gross.minus(discount);
  const tax = part.gross.eq(0) ? new Big(0) : part.gross.minus(part.net).times(gross).div(part.gross);
  const inMinor = (amount: Big): Big => toMinorUnits(amount, currency);
  return { id, kind, name, sku, quantity, rate, gross: inMinor(gross), tax: inMinor(tax), discount: inMinor(discount) };
}

function readParts(wire: WireOrder, language: string, unit: Big): Part[] {
  const { order } = wire;
  const words = wordsIn(language);
  const items = wire.order_details
    .filter((detail) => detail.product_quantity !== '0' || !new Big(detail.total_price_tax_incl).eq(0))
    .flatMap((detail) => readDetail(wire, detail, words.ecotax, unit));
  const carrier = wire.carriers[0]?.name ?? '';
  return [
    ...items,
    ...[
      single(
        { id: SHIPPING, kind: 'shipping' },
        // PrestaShop names the shop's own carrier "0".
        carrier === '' || carrier === '0' ? words.shipping : carrier,
        order.total_shipping_tax_incl,
        order.total_shipping_tax_excl,
      ),
      single(
        { id: 'wrapping', kind: 'fee' },
        words.wrapping,
        order.total_wrapping_tax_incl,
        order.total_wrapping_tax_excl,
      ),
      ...feesIn(wire).map(({ name, gross, net }, index) =>
        single({ id: `fee-${index + 1}`, kind: 'fee' }, name || words.paymentFee, gross, net),
      ),
    ].filter(({ gross }) => !gross.eq(0)),
  ];
}

/** A product. Its eco-participation is in its price; where that bears another rate than the rest, it becomes a line of its own. */
function readDetail({ taxes }: WireOrder, detail: WireDetail, ecotaxName: string, unit: Big): Part[] {
  const pieces = Number(detail.product_quantity);
  const rates = new Map(taxes?.map(({ id, rate }) => [id, rate]));
  const item: Part = {
    id: detail.id,
    kind: 'item',
    name: detail.product_name || detail.product_reference || `item ${detail.id}`,
    sku: detail.product_reference,
    quantity: pieces === 0 ? '1' : String(pieces),
    gross: new Big(detail.total_price_tax_incl),
    net: new Big(detail.total_price_tax_excl),
    pieces,
    told: taxes === null ? null : detail.associations.flatMap((id) => rates.get(id) ?? []),
  };
  const net = new Big(detail.ecotax).times(pieces);
  const ecotaxRate = new Big(detail.ecotax_tax_rate);
  const gross = net.times(ecotaxRate.div(100).plus(1));
  const rest = { ...item, gross: item.gross.minus(gross), net: item.net.minus(net) };
  const { rate } = net.eq(0) ? { rate: null } : rateOf(item.name, rest, item.told, new Set(), unit);
  if (rate === null || ecotaxRate.eq(rate)) return [item];
  const told = [ecotaxRate.toFixed()];
  return [rest, { ...item, id: ecotaxLineOf(detail.id), kind: 'fee', name: ecotaxName, sku: '', gross, net, told }];
}

/** One thing of which only the two figures are known. */
const single = (line: Pick<Part, 'id' | 'kind'>, name: string, gross: string, net: string): Part => ({
  ...line,
  name,
  sku: '',
  quantity: '1',
  gross: new Big(gross),
  net: new Big(net),
  pieces: 1,
  told: null,
});

/**
 * What modules charge for a way of payment: a voucher that is marked as a fee, or an amount of the order whose part without
 * tax is what the other parts leave of `total_paid_tax_excl`.
 */
function feesIn({ order, order_details, order_cart_rules }: WireOrder): { name: string; gross: string; net: string }[] {
  const marked = (order_cart_rules ?? [])
    .filter((rule) => rule.is_fee && !rule.deleted)
    .map(({ name, value, value_tax_excl }) => ({ name, gross: value, net: value_tax_excl }));
  const fee = order.payment_fee;
  if (new Big(fee).lte(0)) return marked;
  const others = [
    ...order_details.map((detail) => detail.total_price_tax_excl),
    order.total_shipping_tax_excl,
    order.total_wrapping_tax_excl,
  ];
  const rest = new Big(order.total_paid_tax_excl).plus(order.total_discounts_tax_excl).minus(sumOf(others));
  return [...marked, { name: '', gross: fee, net: rest.gt(0) && rest.lt(fee) ? rest.toFixed() : fee }];
}

/** All vouchers of the order as one. Where some are fees in truth, the others are added up. */
function discountOf({ order, order_cart_rules }: WireOrder): Discount {
  const rules = order_cart_rules?.filter((rule) => !rule.deleted) ?? null;
  const vouchers = rules?.filter((rule) => !rule.is_fee) ?? [];
  const withFees = rules !== null && rules.length > vouchers.length;
  return {
    gross: withFees ? sumOf(vouchers.map(({ value }) => value)) : new Big(order.total_discounts_tax_incl),
    net: withFees ? sumOf(vouchers.map((rule) => rule.value_tax_excl)) : new Big(order.total_discounts_tax_excl),
    pieces: Math.max(1, vouchers.length),
    freeShipping: rules === null ? null : vouchers.some((rule) => rule.free_shipping),
  };
}

const sumOf = (amounts: readonly string[]): Big => amounts.reduce((total, amount) => total.plus(amount), new Big(0));
