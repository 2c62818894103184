// What a provider that takes net prices makes of an invoice's lines. Where it rounds decides its total, and few say where.
import Big from 'big.js';
import { type Decimal, type Minor, minorDigits } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';

/** Tax is rounded for each line, for the lines of each rate together, or once for the invoice. */
export type TaxRounding = 'line' | 'rate' | 'total';

/**
 * When a net amount is rounded to the minor unit.
 * `line`: quantity × price of each line, before tax is computed from it. `sum`: only the net total, beside the tax.
 * `never`: net and tax are rounded once together, where `TaxRounding` says.
 * The three agree where every line's quantity × price is a whole number of minor units.
 */
export type NetRounding = 'line' | 'sum' | 'never';

/** One reading of a provider's arithmetic. Halves are rounded away from zero in all of them. */
export type Arithmetic = { net: NetRounding; tax: TaxRounding };

/** A line as a net provider takes it. `line` is null on the untaxed line that shows a rounding difference. */
export type NetLine = {
  line: OrderLine | null;
  /** Plain decimal; "1" where no price makes the true quantity come out: tell `line.quantity` in the text then. */
  quantity: Decimal;
  /** Net price of one, in major units: "8.325". */
  unitNet: Decimal;
  /** Percent; null where no tax was charged. */
  rate: Decimal | null;
};

/** An exact amount, possibly a fraction of a minor unit, as an integer of this part of it. */
export type Exact = bigint;
export const EXACT_DIGITS = 32;
export const MINOR_UNIT: Exact = 10n ** BigInt(EXACT_DIGITS);

/** A rate or a quantity as an integer of 10^-12, the finest decimal that the project reads. */
export type Fine = bigint;
export const FINE_DIGITS = 12;
const FINE_PERCENT = 100n * 10n ** BigInt(FINE_DIGITS);

/** A decimal as an integer of 10^-digits; the caller knows that it has no more digits. */
export const scaled = (value: Decimal, digits: number): bigint =>
  BigInt(new Big(value).times(new Big(10).pow(digits)).toFixed(0));

/** Rounded to a whole number of `unit`, half away from zero: (7, 2) is 4. */
export function divideRounded(value: bigint, unit: bigint): bigint {
  const size = ((value < 0n ? -value : value) * 2n + unit) / (unit * 2n);
  return value < 0n ? -size : size;
}

const rounded = (value: Exact): Exact => divideRounded(value, MINOR_UNIT) * MINOR_UNIT;

/** A provider's sum in progress; `net` and `tax` are the parts of it that wait to be rounded. */
export type Tally = { sum: Exact; net: Exact; tax: Exact };
export const EMPTY: Tally = { sum: 0n, net: 0n, tax: 0n };

/** What one line adds to the sum of a provider. */
export function tallyOf(net: Exact, rate: Fine, arithmetic: Arithmetic): Tally {
  const base = arithmetic.net === 'line' ? rounded(net) : net;
  const tax = (base * rate) / FINE_PERCENT;
  const tally = { sum: base + tax, net: arithmetic.net === 'line' ? 0n : net, tax };
  return arithmetic.tax === 'line' ? endScope(tally, arithmetic) : tally;
}

export const plus = (a: Tally, b: Tally): Tally => ({ sum: a.sum + b.sum, net: a.net + b.net, tax: a.tax + b.tax });

/** The sum after the last line of a rate. */
export const endRate = (tally: Tally, arithmetic: Arithmetic): Tally =>
  arithmetic.tax === 'rate' ? endScope(tally, arithmetic) : tally;

/** The invoice's total. */
export function endTotal(tally: Tally, arithmetic: Arithmetic): Minor {
  const { sum, net } = endScope(tally, arithmetic);
  return (sum - net + rounded(net)) / MINOR_UNIT;
}

/** Where a scope of `TaxRounding` ends, its tax is rounded: together with its net, or beside it. */
function endScope({ sum, net, tax }: Tally, arithmetic: Arithmetic): Tally {
  return arithmetic.net === 'never'
    ? { sum: sum - net - tax + rounded(net + tax), net: 0n, tax: 0n }
    : { sum: sum - tax + rounded(tax), net, tax: 0n };
}

/** Groups things by their rate as a number: "20" and "20.0" are one, and no rate is 0. In order of appearance. */
export const byRate = <T extends { rate: Decimal | null }>(lines: readonly T[]): T[][] => [
  ...Map.groupBy(lines, ({ rate }) => new Big(rate ?? 0).toFixed()).values(),
];

/** The total, in minor units, that a provider of this arithmetic computes for the lines. */
export function totalOf(lines: readonly NetLine[], arithmetic: Arithmetic, currency: string): Minor {
  const ofLine = ({ quantity, unitNet, rate }: NetLine): Tally => {
    const net = new Big(quantity).times(unitNet).times(new Big(10).pow(minorDigits(currency)));
    return tallyOf(scaled(net.toFixed(), EXACT_DIGITS), scaled(rate ?? '0', FINE_DIGITS), arithmetic);
  };
  const ofRate = (group: readonly NetLine[], before: Tally): Tally =>
    endRate(
      group.reduce((tally, line) => plus(tally, ofLine(line)), before),
      arithmetic,
    );
  const tally = byRate(lines).reduce((before, group) => ofRate(group, before), EMPTY);
  return endTotal(tally, arithmetic);
}
