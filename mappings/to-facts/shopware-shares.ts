// A price of Shopware by its tax rates: `calculatedTaxes` says what part of it each rate lies on, tax included or not.
import Big from 'big.js';
import { toMinorUnits } from '../../src/domain/money.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import type { WireOrder, WirePrice } from './shopware-wire.ts';

/** A part of a price, tax included, in minor units, possibly fractional. */
export type Share = { rate: string | null; gross: Big; tax: Big };

export type TaxStatus = WireOrder['price']['taxStatus'];

/**
 * A price by its rates; never empty. What no tax accounts for is a share without a rate, unless it is what rounding the
 * parts left over: that goes to the largest. Several taxes on the same amount are one share whose rate cannot be told.
 */
export function sharesOf({ totalPrice, calculatedTaxes }: WirePrice, taxStatus: TaxStatus, currency: string): Share[] {
  const total = toMinorUnits(totalPrice, currency);
  const taxes = taxStatus === 'tax-free' ? [] : calculatedTaxes;
  const shares = taxes.map(({ tax, taxRate, price }) => ({
    rate: taxRate.toFixed(),
    part: toMinorUnits(price, currency),
    tax: toMinorUnits(tax, currency),
  }));
  const taxed = (part: Big, tax: Big): Big => (taxStatus === 'net' ? part.plus(tax) : part);
  const [first, ...others] = shares;
  if (first === undefined) return [{ rate: null, gross: total, tax: new Big(0) }];
  if (others.length === 0) return [{ rate: first.rate, gross: taxed(total, first.tax), tax: first.tax }];
  if (isTaxedTwice({ totalPrice, calculatedTaxes })) {
    const tax = shares.reduce((sum, share) => sum.plus(share.tax), new Big(0));
    return [{ rate: null, gross: taxed(total, tax), tax }];
  }
  const rest = shares.reduce((left, { part }) => left.minus(part), total);
  const isRounding = rest.abs().lte(shares.length);
  const [largest] = shares.toSorted((a, b) => b.part.abs().cmp(a.part.abs()));
  if (isRounding && largest !== undefined) largest.part = largest.part.plus(rest);
  const told = shares.map(({ rate, part, tax }) => ({ rate, gross: taxed(part, tax), tax }));
  return isRounding ? told : [...told, { rate: null, gross: rest, tax: new Big(0) }];
}

/** The doubt about the first price on which several taxes lie at once, as in Canada; null where none does. */
export function taxedTwice(
  charged: readonly { label: string; price: WirePrice }[],
  taxStatus: TaxStatus,
): Problem | null {
  const twice = taxStatus === 'tax-free' ? undefined : charged.find(({ price }) => isTaxedTwice(price));
  if (twice === undefined) return null;
  const taxes = `“${twice.label}” bears ${twice.price.calculatedTaxes.length} taxes at once`;
  return problem('taxed_twice', `${taxes} and an invoice line has one rate; invoice it by hand`);
}

/** True where each of several taxes lies on all of the price. */
const isTaxedTwice = ({ totalPrice, calculatedTaxes }: WirePrice): boolean =>
  calculatedTaxes.length > 1 &&
  !totalPrice.eq(0) &&
  calculatedTaxes.every(({ price }) => price.minus(totalPrice).abs().lte('0.01'));
