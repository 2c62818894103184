// What a BigCommerce order charges, line by line. Every price is told with and without tax; which of the two the buyer was
// shown is a setting of the store, and the other is its rounding. Discounts stand beside the prices, and nothing says whether
// the total is before or after gift certificates and store credit. So the order is read in each way that it allows, and the
// one that comes to its total holds.
import Big from 'big.js';
import { type Minor, minorDigits, roundMinor, sum } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { addUp, type Part, partsOf } from './bigcommerce-parts.ts';
import { type Rated, rateOf } from './bigcommerce-rates.ts';
import type { Snapshot } from './bigcommerce-wire.ts';
import { type ExactLine, settleLines } from './lines.ts';

/** `means`: what gift certificates and store credit paid of the total. */
export type Charges = { lines: OrderLine[]; total: Minor; means: Minor; doubt: Problem | null };

/**
 * The lines of an order and its total in minor units, before any means of payment. Fails with `order_without_lines`; parts
 * that make the total in no reading are a doubt, and so is a line whose rate cannot be told.
 */
export function readCharges(snapshot: Snapshot): Result<Charges> {
  const { order, taxes } = snapshot;
  const unit = new Big(10).pow(minorDigits(order.default_currency_code));
  const inMinor = (...amounts: string[]): Minor => roundMinor(addUp(amounts).times(unit));
  const charged = inMinor(order.total_inc_tax);
  const means = inMinor(order.gift_certificate_amount, order.store_credit_amount);
  const parts = partsOf(snapshot);
  if (parts.length === 0 && charged !== 0n) {
    const detail = `order ${order.id} has a total of ${order.total_inc_tax} and nothing that was sold; look at it in the shop`;
    return err(problem('order_without_lines', detail, 'products'));
  }
  const rated = parts.map((part) => ({ part, ...rateOf(part, taxes, unit) }));
  const readings = waysToRead(order.is_tax_inclusive_pricing ?? null, parts).map((gross) =>
    rated.map(({ part, rate }) => exactLine(part, rate, gross(part, rate), unit)),
  );
  const [best] = [charged, charged + means]
    .flatMap((total) => readings.map((lines) => ({ lines, total, off: distance(lines, total) })))
    .sort((a, b) => a.off.cmp(b.off));
  const { lines, total } = best ?? { lines: [], total: charged };
  const settled = settleLines(lines, total);
  // A refund changes the tax that the order tells.
  const untaxed = snapshot.refunds.length > 0 ? null : taxDoubt(settled.lines, inMinor(order.total_tax));
  const doubt = settled.doubt ?? rated.find((one) => one.doubt !== null)?.doubt ?? untaxed;
  return ok({ lines: settled.lines, total, means, doubt });
}

/** What a part comes to with tax, in major units. */
type Reading = (part: Part, rate: Rated['rate']) => Big;

const asDiscounted: Reading = ({ discounted, inc }) => discounted ?? inc;
const asShownWithTax: Reading = ({ inc, discount }) => inc.minus(discount);
const asShownWithoutTax: Reading = ({ ex, inc, discount }, rate) => {
  if (rate !== null) return ex.minus(discount).times(new Big(rate).plus(100)).div(100);
  return ex.eq(0) ? inc : ex.minus(discount).times(inc).div(ex);
};

/** The most telling first; where the order does not say how the store writes prices, both ways are open. */
function waysToRead(inclusive: boolean | null, parts: readonly Part[]): Reading[] {
  const items = parts.filter(({ taxedAs }) => taxedAs.type === 'item');
  return [
    ...(items.every(({ discounted }) => discounted !== null) ? [asDiscounted] : []),
    ...(inclusive === false ? [] : [asShownWithTax]),
    ...(inclusive === true ? [] : [asShownWithoutTax]),
  ];
}

function exactLine(part: Part, rate: Rated['rate'], gross: Big, unit: Big): ExactLine {
  const { id, kind, name, sku, quantity, inc } = part;
  const tax = rate === null ? new Big(0) : gross.times(rate).div(new Big(rate).plus(100));
  const amounts = { gross: gross.times(unit), tax: tax.times(unit), discount: inc.minus(gross).times(unit) };
  return { id, kind, name, sku, quantity, ...amounts, rate };
}

const distance = (lines: readonly ExactLine[], total: Minor): Big =>
  addUp(lines.map(({ gross }) => gross))
    .minus(String(total))
    .abs();

/** Tax that the order bears and no line does would be lost on the invoice. */
function taxDoubt(lines: readonly OrderLine[], told: Minor): Problem | null {
  const borne = sum(lines.map(({ tax }) => tax));
  const off = told > borne ? told - borne : borne - told;
  if (off <= BigInt(lines.length)) return null;
  const detail = `the order bears ${told} minor units of tax and its lines ${borne}; invoice it by hand`;
  return problem('totals_disagree', detail);
}
