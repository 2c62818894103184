// At which rate a part of a BigCommerce order is taxed. The order's taxes say so line by line, unless the order came through
// the API or a tax service ("API Tax Override", with a rate of nothing); then the two prices of the part have to tell.
import Big from 'big.js';
import { type Problem, problem } from '../../src/domain/problem.ts';
import type { Part } from './bigcommerce-parts.ts';
import type { WireTax } from './bigcommerce-wire.ts';

export type Rated = { rate: string | null; doubt: Problem | null };

/**
 * The percentage on a part: null where it bears no tax, "0" where a rate of nothing was applied. Two taxes on one line, or
 * none that can be told, leave a doubt. `unit`: minor units in a major one.
 */
export function rateOf(part: Part, taxes: readonly WireTax[], unit: Big): Rated {
  const own = taxes.filter((row) => isOf(part, row));
  const applied = new Set(own.filter(({ rate }) => !new Big(rate).eq(0)).map(({ name, rate }) => `${name}\n${rate}`));
  if (applied.size > 1) {
    const detail = `“${part.name}” bears ${applied.size} taxes at once and an invoice line has one rate; invoice it by hand`;
    return { rate: null, doubt: problem('taxed_twice', detail) };
  }
  const tax = part.inc.minus(part.ex);
  if (tax.eq(0)) return { rate: own.length > 0 && applied.size === 0 ? '0' : null, doubt: null };
  const told = own.find(({ rate }) => !new Big(rate).eq(0))?.rate;
  const rate = told === undefined ? rateOfPrices(part, taxes, unit) : new Big(told).toFixed();
  if (rate !== null) return { rate, doubt: null };
  const detail = `“${part.name}” bears a tax of ${tax.toFixed()} and the order does not tell its rate; invoice it by hand`;
  return { rate: null, doubt: problem('rate_unknown', detail) };
}

function isOf({ taxedAs: { type, of } }: Part, row: WireTax): boolean {
  if (row.line_item_type !== type) return false;
  const owner = type === 'item' || type === 'gift-wrapping' ? row.order_product_id : row.order_address_id;
  return of === null || owner === of;
}

/**
 * The rate that leads from one price to the other, each rounded to a minor unit: one that the order tells elsewhere, else the
 * only whole percentage that does, else the only one with a decimal. Null where none or several do.
 */
function rateOfPrices({ ex, inc }: Part, taxes: readonly WireTax[], unit: Big): string | null {
  const net = ex.times(unit);
  const tax = inc.minus(ex).times(unit);
  if (net.lte(1) || tax.lt(0)) return null;
  const lowest = tax.minus(1).div(net.plus('0.5')).times(100);
  const highest = tax.plus(1).div(net.minus('0.5')).times(100);
  const fits = (rate: Big): boolean => rate.gt(0) && rate.gte(lowest) && rate.lte(highest);
  const known = new Set(taxes.map(({ rate }) => new Big(rate).toFixed()).filter((rate) => fits(new Big(rate))));
  const candidates =
    known.size > 0
      ? [...known]
      : ([0, 1].map((decimals) => between(lowest, fits, decimals)).find((some) => some.length > 0) ?? []);
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

/** The first two rates of so many decimals that fit; the second tells that the first is not the only one. */
function between(lowest: Big, fits: (rate: Big) => boolean, decimals: number): string[] {
  const step = new Big(10).pow(-decimals);
  const first = lowest.round(decimals, Big.roundUp);
  return [first, first.plus(step)].filter(fits).map((rate) => rate.toFixed());
}
