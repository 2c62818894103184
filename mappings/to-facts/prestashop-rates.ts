// The rate of a price that PrestaShop tells twice, with and without tax. A product's taxes name their rate; shipping, gift
// wrapping and what a shop does not let be read have nothing but the two figures, one or both of them rounded.
import Big from 'big.js';
import { type Problem, problem } from '../../src/domain/problem.ts';

/** VAT rates in force in the EU and its neighbours, in percent: what a pair of rounded figures may mean. */
const RATES: readonly string[] = [
  ...['2.1', '2.6', '3', '3.8', '4', '5', '5.5', '6', '7', '8', '8.1', '8.5', '9', '9.5', '10', '12', '13', '13.5'],
  ...['14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24', '25', '25.5', '27'],
];

/** A price in major units, tax included and excluded. `pieces`: how many roundings may be in it. */
export type Pair = { gross: Big; net: Big; pieces: number };

export type Rate = { rate: string | null; doubt: Problem | null };

/**
 * The rate of a pair. `told` are the rates of its taxes as the shop names them, null where it does not; `known` are the rates
 * of other lines of the order, which decide where a small amount fits several.
 *
 * What was charged rules: a rate that is named beside a price without tax was not applied. No tax, no rate, but for a named
 * rate of 0 %. Two taxes leave the doubt `taxed_twice`, a tax that no rate explains `rate_unknown`.
 * @param unit the smallest amount of the currency, in major units.
 */
export function rateOf(
  name: string,
  pair: Pair,
  told: readonly string[] | null,
  known: ReadonlySet<string>,
  unit: Big,
): Rate {
  const fits = (rate: string): boolean => miss(pair, rate).lte(unit.times(pair.pieces + 1));
  const named = [...new Set((told ?? []).map((rate) => new Big(rate).toFixed()))];
  const positive = named.filter((rate) => rate !== '0');
  const tax = pair.gross.minus(pair.net);
  const [only, another] = positive;
  if (another !== undefined && !tax.eq(0)) {
    const detail = `“${name}” bears ${positive.length} taxes at once and an invoice line has one rate; invoice it by hand`;
    return { rate: null, doubt: problem('taxed_twice', detail) };
  }
  if (only !== undefined && another === undefined && fits(only)) return { rate: only, doubt: null };
  if (tax.eq(0)) return { rate: named.includes('0') ? '0' : null, doubt: null };

  const snapped = only === undefined ? snap(pair, known, unit) : null;
  if (snapped !== null) return { rate: snapped, doubt: null };
  const detail =
    `“${name}” costs ${pair.gross.toFixed()} with tax and ${pair.net.toFixed()} without, which is no rate that can be told; ` +
    'let the webservice key read “taxes”, or invoice it by hand';
  return { rate: null, doubt: problem('rate_unknown', detail) };
}

/** The one rate that the two figures can be rounded from: among those of the order first, then among all. */
function snap(pair: Pair, known: ReadonlySet<string>, unit: Big): string | null {
  const slack = unit.div(2).times(pair.pieces + 1);
  const near = (rate: string): boolean => miss(pair, rate).lte(slack);
  const ofOrder = [...known].filter(near);
  const all = RATES.filter(near);
  const [first, second] = ofOrder.length > 0 ? ofOrder : all;
  if (first !== undefined && second === undefined) return first;
  // Several fit within the rounding; one that explains the figures to a tenth of it is the one.
  const exact = all.filter((rate) => miss(pair, rate).lte(slack.div(10)));
  return exact.length === 1 ? (exact[0] ?? null) : null;
}

/** How far the rate is from explaining the pair, in major units. */
const miss = ({ gross, net }: Pair, rate: string): Big => net.times(new Big(rate).div(100).plus(1)).minus(gross).abs();
