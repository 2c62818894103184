// Vouchers stand beside the lines of a PrestaShop order, as one amount with and without tax. An invoice needs to know what
// they took off each line. The shop does not say; its two figures show which way of sharing was meant.
import Big from 'big.js';
import { type Problem, problem } from '../../src/domain/problem.ts';
import type { Pair } from './prestashop-rates.ts';

/** A line before vouchers. */
export type Priced = Pair & { kind: 'item' | 'shipping' | 'fee'; rate: string | null };

export type Shares = { shares: Big[]; doubt: Problem | null };

/** `freeShipping`: whether a voucher waives the shipping; null where the shop does not let it be read. */
export type Discount = Pair & { freeShipping: boolean | null };

/**
 * What the discount takes off each line, tax included; together exactly the discount. Waived shipping first, then the products
 * in proportion to their price, as PrestaShop itself shares vouchers; else the products of one rate (a voucher for one
 * product), else all lines. The first way whose tax is what the shop took off counts; if none is, the first that is possible,
 * with the doubt `discount_unclear`.
 */
export function shareDiscount(lines: readonly Priced[], discount: Discount, unit: Big): Shares {
  if (discount.gross.eq(0)) return { shares: lines.map(() => new Big(0)), doubt: null };
  const possible = waysToShare(lines, discount).filter((shares) => shares !== null);
  const slack = unit.times(lines.length + discount.pieces);
  const meant = possible.find((shares) => netOf(lines, shares).minus(discount.net).abs().lte(slack));
  if (meant !== undefined) return { shares: meant, doubt: null };
  const detail =
    `the vouchers take off ${discount.gross.toFixed()} with tax and ${discount.net.toFixed()} without, and no sharing among ` +
    'the lines comes to that tax; look at the order, and invoice it by hand';
  return { shares: possible[0] ?? lines.map(() => new Big(0)), doubt: problem('discount_unclear', detail) };
}

function waysToShare(lines: readonly Priced[], { gross, freeShipping }: Discount): (Big[] | null)[] {
  const waived = lines.map((line) => (line.kind === 'shipping' ? least(line.gross, gross) : new Big(0)));
  const nothing = lines.map(() => new Big(0));
  // Where nobody says, a voucher of just the shipping waives it.
  const looksWaived = lines.some((line) => line.kind === 'shipping' && line.gross.eq(gross));
  const starts = (freeShipping ?? looksWaived) ? [waived, nothing] : [nothing, waived];
  const told = freeShipping === null ? starts : starts.slice(0, 1);
  const rates = [...new Set(lines.filter(isItem).map(({ rate }) => rate))];
  return told.flatMap((start) => [
    pour(lines, start, gross, isItem),
    ...(rates.length > 1
      ? rates.map((rate) => pour(lines, start, gross, (line) => isItem(line) && line.rate === rate))
      : []),
    pour(lines, start, gross, () => true),
  ]);
}

/** Adds what is left of the discount to the lines that take it, in proportion to what is left of them; null where it is too much. */
function pour(
  lines: readonly Priced[],
  start: readonly Big[],
  discount: Big,
  takes: (line: Priced) => boolean,
): Big[] | null {
  const rest = discount.minus(sumOf(start));
  const room = lines.map((line, index) => (takes(line) ? line.gross.minus(start[index] ?? 0) : new Big(0)));
  const whole = sumOf(room);
  if (rest.eq(0)) return [...start];
  if (rest.gt(whole) || whole.lte(0)) return null;
  return start.map((taken, index) => taken.plus(rest.times(room[index] ?? 0).div(whole)));
}

/** The part of the shares that is not tax. */
const netOf = (lines: readonly Priced[], shares: readonly Big[]): Big =>
  sumOf(lines.map(({ gross, net }, i) => (gross.eq(0) ? new Big(0) : (shares[i] ?? new Big(0)).times(net).div(gross))));

const isItem = ({ kind }: Priced): boolean => kind === 'item';
const least = (a: Big, b: Big): Big => (a.lt(b) ? a : b);
const sumOf = (amounts: readonly Big[]): Big => amounts.reduce((total, amount) => total.plus(amount), new Big(0));
