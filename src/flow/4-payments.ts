// Money received, as payments to record on an invoice; and money that a bank has taken back, which a person looks at. Pure.
import { documentKey, type InvoiceDraft, type PaymentDraft, type Received } from '../domain/document.ts';
import type { Payment } from '../domain/facts.ts';
import { formatMinor, type Minor, max, min, sum } from '../domain/money.ts';
import type { PaidClaim } from '../domain/order.ts';
import { type Hold, refs, type Sale } from './4-sale.ts';

export type PlannedPayment = { draft: PaymentDraft; hold: Hold | null };

/** The shop's claim and Stripe's movements tell of the same money: the larger of the two, never their sum. */
export const amountPaid = ({ claim, payments }: Pick<Sale, 'claim' | 'payments'>): Minor =>
  max(claim?.amount ?? 0n, sum(payments.map(({ amount }) => amount)));

/**
 * Money that no job records yet on this invoice, whose number among the sale's invoices is `n`. Movements come before the
 * claim, since they carry their own id.
 */
export function paymentsToRecord(
  sale: Sale,
  invoice: Pick<InvoiceDraft, 'key' | 'total'>,
  n: string,
): PlannedPayment[] {
  const { order, claim, payments } = sale;
  const recorded = recordedOn(sale, invoice.key, n).map(({ received }) => received);
  const known = new Set(recorded.map(({ id }) => id));
  let open = min(amountPaid(sale), invoice.total) - sum(recorded.map(({ amount }) => amount));
  const required: PlannedPayment[] = [];
  const add = (received: Received, hold: Hold | null): void => {
    required.push({ draft: paymentDraft(sale, received, invoice.key, n), hold });
  };
  const surplus = surplusOf(sale, invoice.total);
  for (const payment of payments) {
    if (known.has(payment.id)) continue;
    const received: Received = {
      id: payment.id,
      amount: payment.amount,
      at: payment.paidAt,
      mode: payment.mode,
      method: payment.method,
      label: payment.method,
    };
    if (surplus.has(payment.id)) {
      const figures = [sum(payments.map(({ amount }) => amount)), invoice.total].map((amount) =>
        formatMinor(amount, order.currency),
      );
      const detail = `${figures[0]} ${order.currency} was paid for an order of ${figures[1]}`;
      if (!isReturned(sale, payment)) add(received, { reason: 'amount_differs', detail });
    } else if (open >= payment.amount) {
      add(received, null);
      open -= payment.amount;
    }
  }
  if (claim !== null && open > 0n && !known.has(claimId(claim))) {
    const { at, mode, method, title } = claim;
    add({ id: claimId(claim), amount: open, at, mode, method, label: title || method }, null);
  }
  return required;
}

/** Payments that came to more than the order costs, oldest money first, each with what is too much of it. */
export function surplusOf({ payments }: Pick<Sale, 'payments'>, total: Minor): Map<string, Minor> {
  const surplus = new Map<string, Minor>();
  let room = total;
  for (const { id, amount } of payments) {
    if (amount > room) surplus.set(id, amount - max(room, 0n));
    room -= amount;
  }
  return surplus;
}

/** True for a payment all of which has gone back: nothing of it is left to record. */
const isReturned = ({ refunds }: Sale, { id, amount }: Payment): boolean =>
  sum(
    refunds
      .filter(({ paymentId, status, runningTotal }) => paymentId === id && status === 'succeeded' && !runningTotal)
      .map((refund) => refund.amount),
  ) >= amount;

/** The payments of this invoice that have a job. What a bank took back is none. */
export const recordedOn = ({ recorded }: Sale, invoiceKey: string, n: string): PaymentDraft[] =>
  recorded.filter(
    ({ invoice, received }) => received.amount > 0n && (invoice === invoiceKey || (invoice === '' && n === '1')),
  );

/** A payment on the sale's `n`th invoice. The same money may have stood on an invoice that was credited since. */
export const paymentDraft = (
  sale: Pick<Sale, 'source' | 'order'>,
  received: Received,
  invoiceKey: string,
  n: string,
): PaymentDraft => ({
  kind: 'payment',
  key: documentKey(sale.source, sale.order.id, 'payment', n === '1' ? received.id : `${received.id}~${n}`),
  ...refs(sale),
  received,
  invoice: invoiceKey,
});

/**
 * Disputes that were lost: the invoice stands, and its payment has to be reopened. No provider's API takes a payment back, so
 * each is held for a person. One that is won afterwards is required no longer.
 */
export const disputesLost = (sale: Sale, invoiceKey: string): PlannedPayment[] =>
  sale.disputes
    .filter(({ status }) => status === 'lost')
    .map(({ id, amount, at, reason }) => ({
      draft: paymentDraft(
        sale,
        { id, amount: -amount, at, mode: 'other', method: 'dispute', label: `dispute ${reason}`.trim() },
        invoiceKey,
        '1',
      ),
      hold: {
        reason: 'dispute_lost',
        detail: `the buyer’s bank took back ${formatMinor(amount, sale.order.currency)} ${sale.order.currency} (${id}): reopen the payment on the invoice by hand, then mark this as done`,
      },
    }));

const claimId = (claim: PaidClaim): string => claim.transactionId ?? 'claim';
