// What a sale at Stripe is made of, with the tax that Stripe says each part bears. Stripe's amounts are whole, so that the
// parts make the total exactly, or a person has to look.
import Big from 'big.js';
import type { Minor } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { type ExactLine, settleLines } from './lines.ts';
import type { StripeReading } from './stripe-reading.ts';

/** A tax on one part: an amount in minor units, and its percentage where it is known. */
export type PartTax = { amount: Big; percent: string | null };

/** A part of a sale. Amounts are minor units of the currency, possibly fractional. */
export type Part = Pick<ExactLine, 'id' | 'kind' | 'name' | 'sku' | 'quantity' | 'gross' | 'discount'> & {
  tax: Big;
  taxes: readonly PartTax[];
};

/**
 * How the taxes of a sale were told. `told`: by Stripe Tax or by tax rates, so that a part without one bears none.
 * `untold`: not at all, so that the user's setting speaks for it; `why` explains that to a person.
 */
export type TaxTelling = { kind: 'told' } | { kind: 'untold'; why: string; exempt: boolean };

/**
 * Whether Stripe told the taxes of this. Stripe Tax that could not reckon leaves a tax of zero, which says nothing.
 *
 * @param exemption the customer's `tax_exempt`
 */
export function tellingOf(
  automatic: { enabled: boolean; status: string } | null | undefined,
  exemption: string,
  parts: readonly Part[],
): TaxTelling {
  const reckons = automatic?.enabled === true;
  if (reckons && automatic.status === 'complete') return { kind: 'told' };
  if (!reckons && parts.some(({ taxes, tax }) => taxes.length > 0 || !tax.eq(0))) return { kind: 'told' };
  const why = reckons
    ? `Stripe Tax did not reckon this sale (${automatic.status || 'no status'})`
    : 'Stripe tells no tax of this sale';
  return { kind: 'untold', why, exempt: exemption === 'exempt' || exemption === 'reverse' };
}

export type Charged = { lines: OrderLine[]; doubt: Problem | null };

/** The lines of a sale. They make the total, or leave the doubt `totals_disagree`; see also `taxed_twice`, `rate_unknown`. */
export function chargedFor(
  parts: readonly Part[],
  total: Minor,
  telling: TaxTelling,
  { taxRate }: StripeReading,
): Charged {
  const taxed = parts.map((part) =>
    telling.kind === 'told' ? withToldTax(part) : withTaxInside(part, telling.exempt ? null : taxRate),
  );
  const settled = settleLines(
    taxed.map(({ line }) => line),
    total,
  );
  const doubts = [
    totalDoubt(parts, total),
    ...taxed.map(({ doubt }) => doubt),
    telling.kind === 'untold' ? untoldDoubt(telling, taxRate) : null,
  ];
  return { lines: settled.lines, doubt: doubts.find((doubt) => doubt !== null) ?? null };
}

function totalDoubt(parts: readonly Part[], total: Minor): Problem | null {
  const made = parts.reduce((whole, { gross }) => whole.plus(gross), new Big(0));
  if (made.eq(total.toString())) return null;
  const detail = `the lines at Stripe add up to ${made.toFixed()} minor units and the sale’s total is ${total}; invoice it by hand`;
  return problem('totals_disagree', detail);
}

type Taxed = { line: ExactLine; doubt: Problem | null };

const bearing = (part: Part, rate: string | null, tax: Big): ExactLine => {
  const { taxes: _taxes, ...line } = part;
  return { ...line, rate, tax };
};

/** The one tax of a part. What it bears must be what its rate makes of it: a rate on some of a part is no rate of a line. */
function withToldTax(part: Part): Taxed {
  const untaxed = bearing(part, null, new Big(0));
  const [tax, another] = part.taxes.filter(({ amount }) => !amount.eq(0));
  if (another !== undefined) {
    const detail = `“${part.name}” bears several taxes, and a line of an invoice has one rate; invoice it by hand`;
    return { line: untaxed, doubt: problem('taxed_twice', detail) };
  }
  if (tax === undefined && part.tax.eq(0)) return { line: untaxed, doubt: null };
  if (tax === undefined || tax.percent === null) {
    const detail = `“${part.name}” bears tax, and Stripe does not say at which rate; invoice it by hand`;
    return { line: untaxed, doubt: problem('rate_unknown', detail) };
  }
  const rate = new Big(tax.percent);
  const expected = part.gross.times(rate).div(rate.plus(100));
  const line = bearing(part, rate.toFixed(), part.tax);
  if (expected.minus(part.tax).abs().lte(1)) return { line, doubt: null };
  const detail =
    `“${part.name}” bears ${part.tax.toFixed()} minor units of tax, ` +
    `and ${rate.toFixed()} % inside ${part.gross.toFixed()} are ${expected.toFixed(2)}; invoice it by hand`;
  return { line, doubt: problem('totals_disagree', detail) };
}

/** The tax inside a price of which Stripe tells none. */
function withTaxInside(part: Part, taxRate: StripeReading['taxRate']): Taxed {
  if (taxRate === null || taxRate === 'none') return { line: bearing(part, null, new Big(0)), doubt: null };
  const rate = new Big(taxRate);
  return { line: bearing(part, rate.toFixed(), part.gross.times(rate).div(rate.plus(100))), doubt: null };
}

function untoldDoubt(
  { why, exempt }: { why: string; exempt: boolean },
  taxRate: StripeReading['taxRate'],
): Problem | null {
  if (exempt && taxRate !== 'none') {
    const detail = `the customer is exempt from tax at Stripe, and ${why}, so that its price may bear tax or not; invoice it by hand`;
    return problem('rate_unknown', detail);
  }
  if (taxRate !== null) return null;
  const detail =
    `${why}: set tax_rate of this source to the percentage inside its prices (or to none), or let Stripe collect the tax; ` +
    'then replay this delivery';
  return problem('rate_unknown', detail);
}

/**
 * How many there are, as a document can show it: several at a price with fractions of the smallest unit are one at the
 * price of all, and none at a price of their own are one.
 */
export function counted(name: string, quantity: string, unitPrice: string): Pick<Part, 'name' | 'quantity'> {
  if (quantity === '0') return { name, quantity: '1' };
  if (!unitPrice.includes('.') || quantity === '1') return { name, quantity };
  return { name: name.includes('×') ? name : `${quantity} × ${name}`, quantity: '1' };
}
