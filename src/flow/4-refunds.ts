// What goes back to the buyer, as credit notes: one for each refund, over the lines or the rates of the invoice. Pure.
import Big from 'big.js';
import { type CreditLine, type CreditNoteDraft, documentKey, type InvoiceDraft } from '../domain/document.ts';
import { apportion, formatMinor, type Minor, min, sum, taxInside } from '../domain/money.ts';
import type { OrderLine, RefundClaim } from '../domain/order.ts';

export type PlannedCreditNote = { draft: CreditNoteDraft; hold: { reason: string; detail: string } | null };

/**
 * One credit note for each refund, in the order given. The whole invoice is credited line by line; a part of which nobody
 * says what it was for is split over the rates in the proportion in which they are still open. Never beyond the invoice.
 */
export function creditNotes(invoice: InvoiceDraft, refunds: readonly RefundClaim[]): PlannedCreditNote[] {
  const { source, orderId, orderNumber, currency, language, finalize, rounding } = invoice;
  const credited: CreditLine[] = [];
  let left = invoice.total;
  return refunds.map(({ id, amount, reason }) => {
    const whole = amount === invoice.total && credited.length === 0;
    const exceeds = amount > left;
    const lines = whole ? invoice.lines : overRates(openByRate(invoice.lines, credited), min(amount, left), id);
    credited.push(...lines);
    left -= amount;
    const key = documentKey(source, orderId, 'credit_note', id);
    const detail = `refunds exceed the invoice of ${formatMinor(invoice.total, currency)} ${currency}`;
    return {
      draft: {
        kind: 'credit_note',
        key,
        source,
        orderId,
        orderNumber,
        currency,
        amount,
        lines: exceeds ? [] : lines,
        whole,
        reason,
        language,
        finalize,
        rounding,
      },
      hold: exceeds ? { reason: 'refund_exceeds_invoice', detail } : null,
    };
  });
}

type Open = { rate: OrderLine['rate']; gross: Minor };

/** What is still open of the invoice at each rate, in the order of its lines. */
function openByRate(lines: readonly OrderLine[], credited: readonly CreditLine[]): Open[] {
  const rates = [...new Set(lines.map(({ rate }) => rate))];
  const grossAt = (rate: OrderLine['rate'], of: readonly CreditLine[]): Minor =>
    sum(of.filter((line) => line.rate === rate).map(({ gross }) => gross));
  return rates
    .map((rate) => ({ rate, gross: grossAt(rate, lines) - grossAt(rate, credited) }))
    .filter(({ gross }) => gross > 0n);
}

/** The amount split over what is open, to the minor unit. */
function overRates(open: readonly Open[], amount: Minor, refundId: string): CreditLine[] {
  const total = sum(open.map(({ gross }) => gross));
  if (total <= 0n) return [];
  const parts = open.map(({ gross }) => new Big(gross.toString()).times(amount.toString()).div(total.toString()));
  const amounts = apportion(parts, amount) ?? [];
  return open.flatMap(({ rate }, index) => {
    const gross = amounts[index] ?? 0n;
    return gross === 0n ? [] : [amountOnly(refundId, rate, gross)];
  });
}

const amountOnly = (refundId: string, rate: OrderLine['rate'], gross: Minor): CreditLine => ({
  id: `${refundId}:${rate ?? 'untaxed'}`,
  kind: 'item',
  name: '',
  sku: '',
  quantity: '1',
  gross,
  tax: rate === null ? 0n : taxInside(gross, rate),
  rate,
  discount: 0n,
});
