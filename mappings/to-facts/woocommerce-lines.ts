// What a WooCommerce order charges, line by line. Its totals are net whatever `prices_include_tax` says, rounded to the
// decimals of the shop, and stand beside raw figures with six or more decimals that show what the buyer's price was.
import Big from 'big.js';
import { DecimalSchema, type Minor, minorDigits, roundMinor } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type ExactLine, settleLines } from './lines.ts';
import type { WireItem, WireOrder, WirePart } from './woocommerce-wire.ts';

/** Decimals of WooCommerce's stored amounts (`wc_get_rounding_precision`). */
const RAW_DECIMALS = 6;

export type Charges = { lines: OrderLine[]; total: Minor; giftCards: Minor; doubt: Problem | null };

/**
 * The lines of an order and its total in minor units. Gift cards are a means of payment: they are added back to the
 * total. Amounts with more decimals than the currency has are rounded half up, as gateways charge them.
 *
 * Fails with `order_without_lines`. A line whose rate cannot be told has none and leaves a doubt, and so do parts that do
 * not make the total.
 */
export function readCharges(order: WireOrder): Result<Charges> {
  const { perMajor, inMinor } = unitOf(order);
  const giftCards = addUp(order.gift_cards.map((card) => card.amount));
  const total = roundMinor(giftCards.plus(order.total).times(perMajor));
  const read = readLines(order, perMajor);
  if (read.length === 0 && total !== 0n) {
    const detail = `the order has a total of ${order.total} and nothing that was sold; open it in the shop and save it anew`;
    return err(problem('order_without_lines', detail, 'line_items'));
  }
  const settled = settleLines(
    read.map(({ line }) => line),
    total,
  );
  return ok({
    lines: settled.lines.map((line) => ({
      ...line,
      gross: line.gross * inMinor,
      tax: line.tax * inMinor,
      discount: line.discount * inMinor,
    })),
    total: total * inMinor,
    giftCards: roundMinor(giftCards.times(perMajor)) * inMinor,
    doubt: settled.doubt ?? read.find(({ doubt }) => doubt !== null)?.doubt ?? null,
  });
}

/** The smallest amount that a shop charges: `perMajor` of them are one of the currency, and one is `inMinor` minor units. */
export type Unit = { perMajor: Big; inMinor: bigint };

/** A shop may show fewer decimals than its currency has; then everything it charges is whole in a unit of its own. */
export function unitOf(order: WireOrder): Unit {
  const decimals = Math.min(shownDecimals(order), minorDigits(order.currency));
  return { perMajor: new Big(10).pow(decimals), inMinor: 10n ** BigInt(minorDigits(order.currency) - decimals) };
}

type Read = { line: ExactLine; doubt: Problem | null };

/** What was sold, exact to the shop's raw figures, in `unit` for one of the currency. */
export function readLines(order: WireOrder, unit: Big): Read[] {
  const rates = ratesById(order);
  const read = (
    part: WirePart,
    net: Big,
    words: Pick<ExactLine, 'kind' | 'name' | 'sku' | 'quantity'>,
    discount: Big,
  ): Read => {
    const tax = exactTax(part);
    const { rate, doubt } = rateOf(part, tax, rates, words.name);
    const amounts = { gross: net.plus(tax).times(unit), tax: tax.times(unit), discount: discount.times(unit) };
    return { line: { id: part.id, ...words, ...amounts, rate }, doubt };
  };
  const one = { sku: '', quantity: '1' };
  const none = new Big(0);
  const items = order.line_items
    .filter((item) => !new Big(item.quantity).eq(0))
    .map((item) => {
      const name = item.name || item.sku || `item ${item.id}`;
      const quantity = new Big(item.quantity).toFixed();
      return read(item, exactNet(item), { kind: 'item', name, sku: item.sku, quantity }, discountOf(item));
    });
  const shipping = order.shipping_lines
    .filter((part) => !new Big(part.total).eq(0) || !new Big(part.total_tax).eq(0))
    .map((part) => {
      const name = part.method_title || part.method_id || `shipping ${part.id}`;
      return read(part, new Big(part.total), { kind: 'shipping', name, ...one }, none);
    });
  const fees = order.fee_lines.flatMap((fee) =>
    splitByRate(fee, rates).map((part) =>
      read(part, new Big(part.total), { kind: 'fee', name: fee.name || `fee ${fee.id}`, ...one }, none),
    ),
  );
  return [...items, ...shipping, ...fees];
}

/**
 * A discount given as a negative fee is spread by WooCommerce over the rates of the cart, and bears each tax on its own
 * share. It becomes a line for each rate, which together are the fee; what no tax accounts for is a line without tax.
 * A fee whose taxes are each on the whole of it is not split.
 */
function splitByRate(fee: WirePart, rates: Map<string, Set<string>>): WirePart[] {
  const net = new Big(fee.total);
  if (!net.lt(0)) return [fee];
  const shares = fee.taxes
    .map(({ id, total }) => ({ id, tax: total || '0', rate: new Big([...(rates.get(id) ?? [])][0] ?? '0') }))
    .filter(({ tax }) => !new Big(tax).eq(0));
  if (shares.length === 0 || shares.some(({ rate }) => rate.lte(0))) return [fee];
  // A tax that was rounded to the cent tells its share only within this much.
  const slack = shares.reduce((total, { rate }) => total.plus(new Big('0.5').div(rate)), new Big('0.01'));
  const parts = shares.map((share) => ({
    ...share,
    net: new Big(share.tax).times(100).div(share.rate).round(RAW_DECIMALS),
  }));
  const rest = net.minus(parts.reduce((total, part) => total.plus(part.net), new Big(0)));
  if (rest.gt(slack)) return [fee];
  const untaxed = rest.lt(slack.times(-1));
  const [largest] = parts.toSorted((a, b) => a.net.cmp(b.net));
  if (!untaxed && largest !== undefined) largest.net = largest.net.plus(rest);
  const lines = parts.map(({ id, tax, net: share }) => ({
    id: `${fee.id}-${id}`,
    total: share.toFixed(),
    total_tax: tax,
    taxes: [{ id, total: tax }],
  }));
  return untaxed ? [...lines, { id: `${fee.id}-0`, total: rest.toFixed(), total_tax: '0', taxes: [] }] : lines;
}

/** Unit price × quantity where that is what `total` was rounded from, else `total`. */
function exactNet(item: WireItem): Big {
  const shown = new Big(item.total);
  if (!/^-?\d{1,12}(\.\d{1,20})?$/.test(item.price ?? '')) return shown;
  const raw = new Big(item.price ?? '').times(item.quantity).round(RAW_DECIMALS);
  return roundsTo(raw, item.total) ? raw : shown;
}

/** The sum of the raw taxes where that is what `total_tax` was rounded from, else `total_tax`. */
function exactTax(part: WirePart): Big {
  const raw = addUp(part.taxes.map((tax) => tax.total || '0'));
  return roundsTo(raw, part.total_tax) ? raw : new Big(part.total_tax);
}

/** What the buyer saved on the line by coupons, tax included, in the shop's rounded figures. */
const discountOf = (item: WireItem): Big =>
  new Big(item.subtotal ?? item.total)
    .plus(item.subtotal_tax ?? item.total_tax)
    .minus(item.total)
    .minus(item.total_tax);

/** True when `raw` lies within half a unit of the last decimal shown, either way: shops round half up and half down. */
const roundsTo = (raw: Big, shown: string): boolean =>
  raw
    .minus(shown)
    .abs()
    .lte(new Big(10).pow(-decimalsOf(shown)).div(2));

/** The percentages under each rate id. More than one, or none, means that the rate cannot be told. */
function ratesById(order: WireOrder): Map<string, Set<string>> {
  const rates = new Map<string, Set<string>>();
  for (const { rate_id, rate_percent } of order.tax_lines) {
    const known = rates.get(rate_id) ?? new Set();
    rates.set(rate_id, known);
    if (DecimalSchema.safeParse(rate_percent).success) known.add(new Big(rate_percent ?? '').toFixed());
  }
  return rates;
}

/** The rate of the one tax on a line. Untaxed lines have none, unless a rate of 0 % was applied. */
function rateOf(
  part: WirePart,
  tax: Big,
  rates: Map<string, Set<string>>,
  name: string,
): { rate: string | null; doubt: Problem | null } {
  if (tax.eq(0)) {
    const zeroRated = part.taxes.some(({ id }) => rates.get(id)?.has('0'));
    return { rate: zeroRated ? '0' : null, doubt: null };
  }
  const charged = part.taxes.filter(({ total }) => !new Big(total || '0').eq(0));
  if (charged.length > 1) {
    const detail = `“${name}” bears ${charged.length} taxes at once and an invoice line has one rate; invoice it by hand`;
    return { rate: null, doubt: problem('taxed_twice', detail) };
  }
  const percents = [...(rates.get(charged[0]?.id ?? '') ?? [])];
  const [rate] = percents;
  if (rate !== undefined && percents.length === 1) return { rate, doubt: null };
  const detail = `“${name}” bears a tax of ${tax.toFixed()} and the order does not tell its rate; invoice it by hand`;
  return { rate: null, doubt: problem('rate_unknown', detail) };
}

const addUp = (amounts: readonly string[]): Big => amounts.reduce((sum, amount) => sum.plus(amount), new Big(0));

const decimalsOf = (shown: string): number => shown.split('.')[1]?.length ?? 0;

/** Every amount of an order is shown with the decimals of the shop; plugins may write some of them bare. */
const shownDecimals = (order: WireOrder): number =>
  Math.max(
    decimalsOf(order.total),
    ...[...order.line_items, ...order.shipping_lines, ...order.fee_lines].flatMap((part) => [
      decimalsOf(part.total),
      decimalsOf(part.total_tax),
    ]),
  );
