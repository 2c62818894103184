// What a Facturation.pro account works out by itself: the totals of an invoice and the day it falls due.
import Big from 'big.js';
import { minorDigits } from '../../src/domain/money.ts';
import { asText, isoDate, Refusal } from './facturation-pro-fields.ts';
import type { Switches } from './facturation-pro-options.ts';
import type { ItemInput } from './facturation-pro-records.ts';

type Rounding = Pick<Switches, 'rounding' | 'netTotals'>;

/** Unit price times quantity before tax. */
export function itemTotal(item: ItemInput, currency: string, { netTotals }: Rounding): Big {
  if (item.style !== null) return new Big(0);
  const digits = netTotals === 'cents' ? minorDigits(currency) : 3;
  return new Big(item.unit_price).times(item.quantity).round(digits, Big.roundHalfUp);
}

/** The totals before and with tax, less the rebate on the whole. Refuses to make less than nothing of an invoice. */
export function totals(
  items: readonly ItemInput[],
  rebatePercentage: string,
  currency: string,
  how: Rounding,
): { total: string; total_with_vat: string } {
  const kept = new Big(100).minus(rebatePercentage).div(100);
  const lines = items.map((item) => ({ vat: item.vat, net: itemTotal(item, currency, how).times(kept) }));
  const taxed = how.rounding === 'line' ? lines : sumByRate(lines);
  const digits = how.netTotals === 'cents' ? minorDigits(currency) : 3;
  const total = sum(lines.map(({ net }) => net)).round(digits, Big.roundHalfUp);
  const withVat = sum(
    taxed.map(({ net, vat }) => net.times(new Big(1).plus(vat)).round(minorDigits(currency), Big.roundHalfUp)),
  );
  if (withVat.lt(0)) throw new Refusal('total', 'ne peut pas être négatif');
  return { total: asText(total), total_with_vat: asText(withVat) };
}

export const sum = (amounts: readonly Big[]): Big => amounts.reduce((all, amount) => all.plus(amount), new Big(0));

function sumByRate(lines: readonly { vat: string; net: Big }[]): { vat: string; net: Big }[] {
  const rates = [...new Set(lines.map(({ vat }) => vat))];
  return rates.map((vat) => ({ vat, net: sum(lines.filter((line) => line.vat === vat).map(({ net }) => net)) }));
}

/** The day that a term of payment leads to: "30fm10-inv" is thirty days from the invoice, then the next 10th. */
export function dueOn(payBefore: string | null, invoicedOn: string, deliveredOn: string | null): string {
  const [, days = '0', endOfMonth, day, fromInvoice] = /^(\d+)(fm(\d\d)?)?(-inv)?$/.exec(payBefore ?? '') ?? [];
  const due = new Date(`${fromInvoice === undefined ? (deliveredOn ?? invoicedOn) : invoicedOn}T00:00:00Z`);
  due.setUTCDate(due.getUTCDate() + Number(days));
  if (endOfMonth !== undefined) due.setUTCMonth(due.getUTCMonth() + 1, Number(day ?? 0));
  return isoDate(due);
}
