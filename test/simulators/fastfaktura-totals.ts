// The totals of a FastFaktura invoice: whole cents, halves rounded away from zero. The amount of a line is in cents
// whatever its quantity; where tax is rounded is not documented.
import Big from 'big.js';
import type { Switches } from './fastfaktura-options.ts';

export type Line = { description: string; quantity: Big; unit_price_cents: bigint; tax_rate: Big };
export type Totals = { subtotal_cents: bigint; tax_cents: bigint; total_cents: bigint };

/** What the server computes for the lines: total = subtotal + tax, always. */
export function totalsOf(lines: readonly Line[], { rounding, prices }: Pick<Switches, 'rounding' | 'prices'>): Totals {
  const amounts = lines.map((line) => cents(line.quantity.times(line.unit_price_cents.toString())));
  const taxes = new Map<string, Big>();
  for (const [index, line] of lines.entries()) {
    const group = { line: String(index), rate: line.tax_rate.toFixed(), total: '' }[rounding];
    const tax = taxOf(amounts[index] ?? new Big(0), line.tax_rate, prices);
    taxes.set(group, (taxes.get(group) ?? new Big(0)).plus(tax));
  }
  const sum = toCents(amounts);
  const tax = toCents([...taxes.values()].map(cents));
  return prices === 'net'
    ? { subtotal_cents: sum, tax_cents: tax, total_cents: sum + tax }
    : { subtotal_cents: sum - tax, tax_cents: tax, total_cents: sum };
}

const taxOf = (amount: Big, rate: Big, prices: Switches['prices']): Big =>
  amount.times(rate).div(prices === 'net' ? 100 : rate.plus(100));

const cents = (amount: Big): Big => amount.round(0, Big.roundHalfUp);

const toCents = (amounts: readonly Big[]): bigint =>
  BigInt(amounts.reduce((total, amount) => total.plus(amount), new Big(0)).toFixed());
