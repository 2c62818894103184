// Writes an order's tax-inclusive lines as net lines, so that the provider's own arithmetic gives the order's total to the
// cent. Not every gross has a net: at 20 % no whole number of cents makes 9.99, so lines are settled together.
import Big from 'big.js';
import { formatMinor, type Minor, sum } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { byRate, type NetLine, totalOf } from './net-arithmetic.ts';
import { formsOf, type NetFields, toldAs } from './net-forms.ts';
import { choicesOf } from './net-search.ts';

export type NetRequest = NetFields & {
  /** Where no exact form is found: true allows one untaxed line of at most one minor unit per rate that was charged. */
  roundingLine: boolean;
};

/** The lines in their order, then the rounding line if there is one; `rounding` is its amount, or 0. */
export type NetLines = { lines: NetLine[]; rounding: Minor };

/**
 * Net lines whose total is the sum of the lines' gross under **every** reading given. Each line alone comes out within one
 * minor unit of its gross, keeps its sign and is never merged. Preferred are forms whose lines keep their gross, then those
 * that keep their quantity, then those with whole net amounts; where a line must move, it is a large one.
 *
 * `no_exact_form` where none is found within these limits. The search is bounded, and gives the same answer every time.
 */
export function netLines(lines: readonly OrderLine[], request: NetRequest): Result<NetLines> {
  const total = sum(lines.map(({ gross }) => gross));
  const entries = lines.map((line, place) => ({ ...line, place, forms: formsOf(line, request) }));
  const formless = entries.find(({ forms }) => forms.length === 0);
  if (formless !== undefined) return err(noFormOf(formless, request));
  const best = entries.flatMap(({ forms: [first] }) => (first === undefined ? [] : toldAs(first, request)));
  if (lands(best, total, request)) return ok({ lines: best, rounding: 0n });

  const largest = request.roundingLine ? BigInt(byRate(lines.filter(isTaxed)).length) : 0n;
  for (const { forms, rounding } of choicesOf(entries, request.arithmetics)) {
    if (rounding > largest || rounding < -largest) continue;
    const settled = forms.map((form) => toldAs(form, request));
    const told = rounding === 0n ? settled : [...settled, roundingLine(rounding, request.currency)];
    if (lands(told, total, request)) return ok({ lines: told, rounding });
  }
  return err(noExactForm(best, total, request));
}

const isTaxed = ({ rate }: OrderLine): boolean => rate !== null && !new Big(rate).eq(0);

/** Checked with the provider's whole arithmetic, whatever found the lines. */
const lands = (told: readonly NetLine[], total: Minor, { arithmetics, currency }: NetRequest): boolean =>
  arithmetics.every((arithmetic) => totalOf(told, arithmetic, currency) === total);

const roundingLine = (amount: Minor, currency: string): NetLine => ({
  line: null,
  quantity: '1',
  unitNet: formatMinor(amount, currency),
  rate: null,
});

function noFormOf({ name, gross, rate }: OrderLine, { currency, unitDecimals }: NetRequest): Problem {
  const detail =
    `“${name}” (${formatMinor(gross, currency)} ${currency}, rate ${rate ?? 'none'}) has no net price ` +
    `of ${unitDecimals} decimals; invoice the order by hand`;
  return problem('no_exact_form', detail, 'lines');
}

function noExactForm(nearest: readonly NetLine[], total: Minor, request: NetRequest): Problem {
  const { arithmetics, currency, roundingLine: allowed } = request;
  const totals = new Set(
    arithmetics.map((arithmetic) => formatMinor(totalOf(nearest, arithmetic, currency), currency)),
  );
  const detail =
    `the order’s total is ${formatMinor(total, currency)} ${currency}, and net prices come to ` +
    `${[...totals].join(' or ')} ${currency}; ${allowed ? '' : 'allow a rounding line (invoicing.rounding: line), or '}` +
    'invoice it by hand';
  return problem('no_exact_form', detail, 'lines');
}
