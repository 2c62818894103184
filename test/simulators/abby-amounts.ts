// The totals of a simulated Abby document, in cents, which the server alone computes.
import Big from 'big.js';
import { roundMinor } from '../../src/domain/money.ts';
import { type Discount, type Line, VAT_RATES, type VatCode } from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';

/** Cents. `before`: without tax and before any discount. */
export type Amounts = { before: bigint; net: bigint; vat: bigint; gross: bigint };
export type Totals = Amounts & { vatDetails: { vatCode: VatCode; amount: bigint }[] };

/** A line before rounding. `after`: what is left of its price after discounts, in the line's own terms, with tax or without. */
type ExactLine = { line: Line; rate: Big; before: Big; after: Big };

export const NOTHING: Totals = { before: 0n, net: 0n, vat: 0n, gross: 0n, vatDetails: [] };

/** What a line shows of itself: always rounded. */
export function lineAmounts(lines: readonly Line[], discount: Discount | undefined): Amounts[] {
  return exactLines(lines, discount).map((exact) => roundedLine(exact));
}

/** The document's totals, counted for each VAT code by itself. */
export function totalsOf(
  lines: readonly Line[],
  discount: Discount | undefined,
  rounding: AbbySwitches['rounding'],
): Totals {
  const exact = exactLines(lines, discount);
  const codes = [...new Set(lines.map((line) => line.vatCode))];
  const groups = codes.map((vatCode) => {
    const members = exact.filter(({ line }) => line.vatCode === vatCode);
    return { vatCode, ...ROUNDINGS[rounding](members, rateOf(vatCode)) };
  });
  return { ...sum(groups), vatDetails: groups.map(({ vatCode, vat }) => ({ vatCode, amount: vat })) };
}

/**
 * A discount of a line is in the line's own terms: with tax where the price is. One of the whole document is taken off the
 * sum without tax, from every line in proportion.
 */
function exactLines(lines: readonly Line[], discount: Discount | undefined): ExactLine[] {
  const own = lines.map((line) => {
    const price = line.unitPrice.times(line.quantity);
    const after = price.minus(line.discount === undefined ? 0 : discounted(price, line.discount));
    return { line, rate: rateOf(line.vatCode), before: withoutTax(line, price), after };
  });
  if (discount === undefined) return own;
  const whole = own.reduce((total, { line, after }) => total.plus(withoutTax(line, after)), new Big(0));
  if (whole.eq(0)) return own;
  const share = new Big(1).minus(discounted(whole, discount).div(whole));
  return own.map((exact) => ({ ...exact, after: exact.after.times(share) }));
}

const discounted = (price: Big, { mode, amount }: Discount): Big =>
  mode === 'AMOUNT' ? amount : price.times(amount).div(10_000);

const rateOf = (vatCode: VatCode): Big => new Big(VAT_RATES[vatCode]).div(100);

const withoutTax = (line: Line, amount: Big): Big =>
  line.isTaxIncluded ? amount.div(rateOf(line.vatCode).plus(1)) : amount;

/** What the lines of one VAT code come to. */
const ROUNDINGS: Readonly<Record<AbbySwitches['rounding'], (lines: readonly ExactLine[], rate: Big) => Amounts>> = {
  line: (lines) => sum(lines.map(roundedLine)),
  total: roundedGroup,
  net_rate: (lines, rate) => {
    const { before, net } = sum(lines.map(netLine));
    return { before, ...taxed(net, rate) };
  },
  net_line: (lines) => sum(lines.map(netLine)),
  net_price: (lines) => roundedGroup(lines.map(atNetPrice)),
};

function roundedLine(exact: ExactLine): Amounts {
  if (!exact.line.isTaxIncluded) return netLine(exact);
  const gross = roundMinor(exact.after);
  const net = roundMinor(withoutTax(exact.line, new Big(gross.toString())));
  return { before: roundMinor(exact.before), net, vat: gross - net, gross };
}

const netLine = ({ line, rate, before, after }: ExactLine): Amounts => ({
  before: roundMinor(before),
  ...taxed(roundMinor(withoutTax(line, after)), rate),
});

function atNetPrice({ line, after, ...exact }: ExactLine): ExactLine {
  const price = withoutTax(line, after.div(line.quantity)).round(1, Big.roundHalfUp);
  return { ...exact, line: { ...line, isTaxIncluded: false }, after: price.times(line.quantity) };
}

function taxed(net: bigint, rate: Big): Pick<Amounts, 'net' | 'vat' | 'gross'> {
  const vat = roundMinor(new Big(net.toString()).times(rate));
  return { net, vat, gross: net + vat };
}

function roundedGroup(lines: readonly ExactLine[]): Amounts {
  const add = (part: (line: ExactLine) => Big): bigint =>
    roundMinor(lines.reduce((total, line) => total.plus(part(line)), new Big(0)));
  const net = add(({ line, after }) => withoutTax(line, after));
  const gross = add(({ line, rate, after }) => (line.isTaxIncluded ? after : after.times(rate.plus(1))));
  return { before: add(({ before }) => before), net, vat: gross - net, gross };
}

const sum = (parts: readonly Amounts[]): Amounts =>
  parts.reduce<Amounts>(
    (total, part) => ({
      before: total.before + part.before,
      net: total.net + part.net,
      vat: total.vat + part.vat,
      gross: total.gross + part.gross,
    }),
    { before: 0n, net: 0n, vat: 0n, gross: 0n },
  );
