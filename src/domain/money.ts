// Money is an integer of minor units, always next to a currency. Rates, quantities and unit prices are exact decimals.
// Nothing in this project turns an amount into a float.
import Big from 'big.js';
import { z } from 'zod';

/** An amount in minor units (cents for EUR, yen for JPY, fils for KWD). */
export type Minor = bigint;

/** Reads back an amount that was stored as JSON text; a bigint passes unchanged. */
export const MinorSchema = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d{1,18}$/.test(value) ? BigInt(value) : value),
  z.bigint(),
);

/** A decimal in plain notation without exponent: "20", "5.5", "-0.125". */
export const DecimalSchema = z.string().regex(/^-?\d{1,18}(\.\d{1,12})?$/, 'expected a plain decimal such as "19.99"');
export type Decimal = z.infer<typeof DecimalSchema>;

// ISO 4217, amendment 176: every active currency whose minor unit is not two decimals.
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

const KNOWN_CURRENCIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((code) => !code.startsWith('X') || /^X(AF|OF|PF|CD)$/.test(code)),
);

/** True for an upper-case ISO 4217 code of money that people pay with (not XXX, XTS or metals). */
export const isCurrency = (code: string): boolean => KNOWN_CURRENCIES.has(code);

/** Number of decimals of the currency's minor unit by ISO 4217: 0, 2 or 3. */
export function minorDigits(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0;
  if (THREE_DECIMALS.has(currency)) return 3;
  return 2;
}

/** The exact decimal of a text such as "12.40" or "-3", or null. Exponents, commas and spaces are refused, never guessed. */
export function parseDecimal(text: string): Big | null {
  return DecimalSchema.safeParse(text).success ? new Big(text) : null;
}

/** A decimal amount of major units as (possibly fractional) minor units: 12.405 EUR is 1240.5. */
export const toMinorUnits = (amount: Big, currency: string): Big =>
  amount.times(new Big(10).pow(minorDigits(currency)));

/** Parses an amount that must be a whole number of minor units ("12.40" EUR is 1240n); null when it is not. */
export function parseMinor(text: string, currency: string): Minor | null {
  const amount = parseDecimal(text);
  if (amount === null) return null;
  const units = toMinorUnits(amount, currency);
  return units.eq(units.round(0, Big.roundDown)) ? BigInt(units.toFixed(0)) : null;
}

/** Rounds fractional minor units half away from zero, as invoices do. */
export const roundMinor = (units: Big): Minor => BigInt(units.round(0, Big.roundHalfUp).toFixed(0));

/** The amount as a plain decimal string: (1240n, EUR) is "12.40", (5n, JPY) is "5". */
export function formatMinor(amount: Minor, currency: string): Decimal {
  const digits = minorDigits(currency);
  const sign = amount < 0n ? '-' : '';
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((total, amount) => total + amount, 0n);
export const max = (a: Minor, b: Minor): Minor => (a > b ? a : b);
export const min = (a: Minor, b: Minor): Minor => (a < b ? a : b);

/**
 * Rounds exact parts to whole minor units so that they add up to `target`, by largest remainder.
 * Each part moves by less than one minor unit. Null when no such rounding exists: the parts do not make the target.
 */
export function apportion(parts: readonly Big[], target: Minor): Minor[] | null {
  const floors = parts.map((part) => floor(part));
  const missing = target - sum(floors);
  const movable = parts
    .map((part, index) => ({ index, rest: part.minus(String(floors[index])) }))
    .filter((p) => p.rest.gt(0));
  if (missing < 0n || missing > BigInt(movable.length)) return null;
  movable.sort((a, b) => b.rest.cmp(a.rest) || a.index - b.index);
  for (const { index } of movable.slice(0, Number(missing))) floors[index] = (floors[index] ?? 0n) + 1n;
  return floors;
}

function floor(value: Big): Minor {
  const truncated = value.round(0, Big.roundDown);
  return BigInt((value.lt(0) && !value.eq(truncated) ? truncated.minus(1) : truncated).toFixed(0));
}

/** The tax inside a gross amount at a percentage, rounded half up: (12000n, "20") is 2000n. */
export function taxInside(gross: Minor, rate: Decimal): Minor {
  const percent = new Big(rate);
  return roundMinor(new Big(gross.toString()).times(percent).div(percent.plus(100)));
}
