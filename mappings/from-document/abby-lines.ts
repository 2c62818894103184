// The lines of a document in the words of Abby (`UpdateLineDto` of its OpenAPI), prices in cents. Abby does not tell how it
// adds them up, so they are written in several ways.

import Big from 'big.js';
import type { DocumentStyle } from '../../src/connector.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import { rawJson } from '../../src/domain/json.ts';
import { formatMinor, minorDigits } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { EU, isValidTaxNumber } from '../../src/domain/tax-number.ts';
import { VAT_CODES } from '../tables/abby-codes.ts';
import type { Words } from '../tables/abby-words.ts';
import type { Texts } from '../texts.ts';
import type { Arithmetic } from './net-arithmetic.ts';
import { netLines } from './net-lines.ts';

/** Abby takes tenths of a cent, and no finer ("unitPrice accepts one decimal": reported by public clients). */
const PRICE_DECIMALS = 1;

/** Abby tells no limit; finer quantities stand in the text of a line with a net price. */
const QUANTITY_DECIMALS = 4;

/**
 * How its totals may come about where lines with tax do not come to the order's: each of these has lines without tax of its
 * own. An account that rounds net amounts is the likeliest then; one that never rounds them has taken lines with tax.
 */
const READINGS: readonly (readonly Arithmetic[])[] = [
  [
    { net: 'line', tax: 'rate' },
    { net: 'sum', tax: 'rate' },
  ],
  [
    { net: 'line', tax: 'line' },
    { net: 'sum', tax: 'line' },
  ],
  [
    { net: 'never', tax: 'rate' },
    { net: 'never', tax: 'line' },
  ],
];

/** A JSON number that is written exactly as the decimal says. */
const jsonNumber = (decimal: Big): unknown => rawJson(decimal.toFixed());

export type LineContext = {
  currency: string;
  buyer: Buyer;
  sells: DocumentStyle['sells'];
  /** True allows a visible line of at most a cent per rate, among lines without tax only. */
  roundingLine: boolean;
  texts: Texts;
  words: Words;
};

/** Bodies of `PATCH …/lines`, each of which replaces all lines. `otherwise`: for a draft whose total is not the order's. */
export type LineBodies = { lines: string; otherwise: string[] };

/** A line as it is told; `line` is null where it makes up for a difference of rounding. */
type Told = { line: OrderLine | null; quantity: Big; unitPrice: Big; isTaxIncluded: boolean };

/**
 * The ways to write the lines, the likeliest first: with tax, every line's gross kept to the cent; the same in quantities of
 * one; then without tax, under one reading of Abby's arithmetic after another. A problem for a rate that Abby has no code
 * for.
 */
export function waysToWrite(lines: readonly OrderLine[], context: LineContext): Result<LineBodies> {
  const likeliest = linesBody(lines.map(withTax), context);
  if (!likeliest.ok) return likeliest;
  const others = [lines.map(asOne), ...READINGS.flatMap((reading) => withoutTax(lines, reading, context))];
  const bodies = others.map((told) => linesBody(told, context)).flatMap((body) => (body.ok ? [body.value] : []));
  const otherwise = [...new Set(bodies)].filter((body) => body !== likeliest.value);
  return ok({ lines: likeliest.value, otherwise });
}

/** The true quantity where its price comes to the line's gross exactly, else one of the whole. */
function withTax(line: OrderLine): Told {
  const gross = new Big(line.gross.toString());
  const quantity = new Big(line.quantity);
  if (quantity.gt(0)) {
    const unitPrice = gross.div(quantity).round(PRICE_DECIMALS, Big.roundHalfUp);
    if (unitPrice.times(quantity).eq(gross)) return { line, quantity, unitPrice, isTaxIncluded: true };
  }
  return asOne(line);
}

const asOne = (line: OrderLine): Told => ({
  line,
  quantity: new Big(1),
  unitPrice: new Big(line.gross.toString()),
  isTaxIncluded: true,
});

/** Lines whose total is the order's under these arithmetics; none where no such lines exist. */
function withoutTax(
  lines: readonly OrderLine[],
  arithmetics: readonly Arithmetic[],
  { currency, roundingLine }: LineContext,
): Told[][] {
  const digits = minorDigits(currency);
  const unitDecimals = digits + PRICE_DECIMALS;
  const fields = { currency, unitDecimals, quantityDecimals: QUANTITY_DECIMALS, arithmetics, roundingLine };
  const found = netLines(lines, fields);
  if (!found.ok) return [];
  const told = found.value.lines.map(({ line, quantity, unitNet }) => ({
    line,
    quantity: new Big(quantity),
    unitPrice: new Big(unitNet).times(new Big(10).pow(digits)),
    isTaxIncluded: false,
  }));
  return [told];
}

function linesBody(told: readonly Told[], context: LineContext): Result<string> {
  const problems: Problem[] = [];
  const lines = told.map((one) => {
    const vatCode = vatCodeOf(one.line, context.buyer);
    if (vatCode.ok) return lineOf(one, vatCode.value, context);
    problems.push(vatCode.error);
    return null;
  });
  const [first] = problems;
  return first === undefined ? ok(JSON.stringify({ lines })) : err(first);
}

function lineOf(told: Told, vatCode: string, context: LineContext): Record<string, unknown> {
  const { line, quantity, unitPrice, isTaxIncluded } = told;
  const { currency, texts, words, sells } = context;
  return {
    designation: designationOf(told, words),
    quantity: jsonNumber(quantity),
    quantityUnit: null,
    unitPrice: jsonNumber(unitPrice),
    isTaxIncluded,
    vatCode,
    type: TYPES[sells],
    ...(sells === 'goods' ? { isDeliveryOfGoods: true } : {}),
    ...(line === null || line.sku.trim() === '' ? {} : { reference: line.sku }),
    ...(line !== null && line.discount > 0n
      ? { description: `${texts.discountIncluded} : ${formatMinor(line.discount, currency)} ${currency}` }
      : {}),
  };
}

const TYPES = { goods: 'sale_of_goods', services: 'service_delivery', mixed: null } as const;

/** A quantity that would move the line by a cent is told in words instead. A credited amount may have no name. */
function designationOf({ line, quantity }: Told, words: Words): string {
  if (line === null) return words.rounding;
  const count = new Big(line.quantity);
  const name = line.name.trim() || words.refund;
  return count.eq(quantity) ? name : `${count.toFixed()} × ${name}`;
}

/**
 * A line without tax is domestic unless the goods leave the country: to a business with a VAT number in another state of
 * the EU, or to anybody outside it.
 */
function vatCodeOf(line: OrderLine | null, buyer: Buyer): Result<string> {
  const rate = new Big(line?.rate ?? 0);
  if (line === null || rate.eq(0)) return ok(untaxedCode(buyer));
  const code = VAT_CODES[rate.toFixed()];
  if (code !== undefined) return ok(code);
  const detail = `Abby knows only French VAT (20, 10, 8.5, 5.5, 2.1 and 0 %), "${line.name}" bears ${line.rate} %: invoice it by hand`;
  return err(problem('not_supported_by_provider', detail, 'lines'));
}

function untaxedCode({ kind, taxNumber, address, delivery }: Buyer): string {
  const country = delivery?.country || address.country;
  // Monaco is French territory for VAT; where nothing is told, nothing is claimed.
  if (country === '' || country === 'FR' || country === 'MC') return 'FR_00HT';
  if (!EU.has(country)) return 'FR_0HUE';
  return kind === 'company' && isValidTaxNumber(taxNumber, address.country) ? 'FR_00UE' : 'FR_00HT';
}
