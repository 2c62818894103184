// The lines of an invoice in the words of Facturation.pro, which takes net prices only and does not tell how it rounds.
import Big from 'big.js';
import type { InvoiceDraft } from '../../src/domain/document.ts';
import { formatMinor } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Nature, Words } from '../tables/facturation-pro.ts';
import type { Arithmetic, NetLine } from './net-arithmetic.ts';
import { type NetLines, netLines } from './net-lines.ts';

type Reading = { arithmetics: readonly Arithmetic[]; quantityDecimals: number };

const UNIT_DECIMALS = 3;
const QUANTITY_DECIMALS = 4;
const NOT_ROUNDED: readonly Arithmetic[] = [
  { net: 'never', tax: 'rate' },
  { net: 'never', tax: 'line' },
];

/**
 * How its totals may come about, the likeliest first: the documented types of totals keep three decimals, so net amounts
 * are not expected to be rounded to cents, and a whole quantity at a price of three decimals not at all. Lines that are
 * exact under all readings at once exist for too few orders, and would show rounding lines that none needs. A draft costs
 * nothing and tells its total: the lines of the next reading are written when it is not the order's.
 */
const READINGS: readonly Reading[] = [
  { arithmetics: NOT_ROUNDED, quantityDecimals: QUANTITY_DECIMALS },
  { arithmetics: NOT_ROUNDED, quantityDecimals: 0 },
  {
    arithmetics: [
      { net: 'line', tax: 'rate' },
      { net: 'sum', tax: 'rate' },
    ],
    quantityDecimals: QUANTITY_DECIMALS,
  },
  {
    arithmetics: [
      { net: 'line', tax: 'line' },
      { net: 'sum', tax: 'line' },
    ],
    quantityDecimals: QUANTITY_DECIMALS,
  },
];
/** `vat` is a fraction, decimal(5,3). */
const VAT_DECIMALS = 3;

/** A line as it is written; every value is text. `nature` is told by micro-entrepreneurs only. */
export type Item = {
  position: string;
  title: string;
  quantity: string;
  unit_price: string;
  vat: string;
  nature?: Nature;
};

/** The ways to write the lines, the likeliest first. A problem where there is none, or a rate does not fit its field. */
export function waysToWrite(draft: InvoiceDraft, words: Words, nature: Nature | null): Result<[Item[], ...Item[][]]> {
  const unfit = draft.lines.find(({ rate }) => fractionOf(rate) === null);
  if (unfit !== undefined) {
    const detail = `Facturation.pro keeps one decimal of a rate in percent, “${unfit.name}” has ${unfit.rate} %: invoice it by hand`;
    return err(problem('rate_not_supported', detail, 'lines'));
  }
  const found = READINGS.map((reading) => linesUnder(reading, draft));
  const ways = found.flatMap((lines) => (lines.ok ? [itemsOf(lines.value, draft.currency, words, nature)] : []));
  const [first, ...others] = [...new Map(ways.map((items) => [JSON.stringify(items), items])).values()];
  if (first !== undefined) return ok([first, ...others]);
  return found.find((lines) => !lines.ok) ?? err(problem('no_exact_form', 'no reading was tried', 'lines'));
}

const linesUnder = (reading: Reading, { lines, currency, rounding }: InvoiceDraft): Result<NetLines> =>
  netLines(lines, { ...reading, currency, unitDecimals: UNIT_DECIMALS, roundingLine: rounding === 'line' });

const itemsOf = ({ lines }: NetLines, currency: string, words: Words, nature: Nature | null): Item[] =>
  lines.map((line, index) => ({
    position: String(index + 1),
    title: plain(titleOf(line, currency, words)),
    quantity: line.quantity,
    unit_price: line.unitNet,
    vat: fractionOf(line.rate) ?? '0',
    ...(nature === null ? {} : { nature }),
  }));

/** The true quantity stands in the text where no price goes with it. */
function titleOf({ line, quantity }: NetLine, currency: string, words: Words): string {
  if (line === null) return words.rounding;
  const counted = new Big(line.quantity).eq(quantity) ? '' : `${line.quantity} × `;
  const discount = `${words.discountIncluded} : ${formatMinor(line.discount, currency)} ${currency}`;
  return `${counted}${line.name}${line.discount > 0n ? `\n${discount}` : ''}`;
}

/** "5.5" percent is "0.055"; null where three decimals cannot hold it. */
function fractionOf(rate: string | null): string | null {
  const fraction = new Big(rate ?? '0').div(100);
  return fraction.eq(fraction.round(VAT_DECIMALS)) ? fraction.toFixed(VAT_DECIMALS) : null;
}

/** Its texts are printed with their HTML tags obeyed: what merely looks like one is kept from being one. */
export const plain = (text: string): string => text.replace(/<(?=[a-z/!])/gi, '< ');
