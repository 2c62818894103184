// What a sale requires, from its facts and the policy alone. Pure: no I/O, no clock.

import { normalEmail } from '../domain/client.ts';
import type { CreditNoteDraft, InvoiceDraft, PaymentDraft, Received, SendDraft } from '../domain/document.ts';
import { documentKey } from '../domain/document.ts';
import type { Payment } from '../domain/facts.ts';
import { formatMinor, type Minor, max, min, sum } from '../domain/money.ts';
import type { Order, PaidClaim, RefundClaim } from '../domain/order.ts';
import type { InvoicingPolicy } from '../registry.ts';
import { creditNotes } from './4-refunds.ts';

/** One sale as it is known now. `recorded` are the payments that already have a job, in any state but skipped. */
export type Sale = {
  source: string;
  order: Order;
  claim: PaidClaim | null;
  payments: readonly Payment[];
  recorded: readonly Received[];
  /** The invoice of this sale that exists or is on its way: from then on only its consequences are planned. */
  invoice: InvoiceDraft | null;
};

export type Hold = { reason: string; detail: string };
export type Required = { draft: InvoiceDraft | PaymentDraft | CreditNoteDraft | SendDraft; hold: Hold | null };

export type Plan =
  | { kind: 'ignored'; reason: string; detail: string }
  | { kind: 'waits'; reason: string; detail: string }
  | { kind: 'documents'; required: Required[] };

/**
 * The documents that a sale requires, each with the key that makes it unique, or why there is none.
 * Any order of the same facts leads to the same documents; planning again adds nothing.
 */
export function plan(sale: Sale, policy: InvoicingPolicy, startAt: Date | null): Plan {
  const { order } = sale;
  if (sale.invoice === null) {
    const never = notOurs(order, policy, startAt);
    if (never !== null) return { kind: 'ignored', ...never };
    const wait = notYet(sale, policy);
    if (wait !== null) return { kind: 'waits', ...wait };
  }
  const payments = paymentsToRecord(sale);
  const received = [
    ...sale.recorded,
    ...payments.filter(({ hold }) => hold === null).map(({ draft }) => draft.received),
  ];
  const invoice = {
    draft: invoiceDraft(sale, received, policy),
    hold: order.doubt === null ? approval(policy) : { reason: order.doubt.code, detail: order.doubt.detail },
  };
  const credits = creditNotes(sale.invoice ?? invoice.draft, refundsOf(sale, policy));
  return { kind: 'documents', required: [invoice, ...payments, ...sending(sale, policy), ...credits] };
}

const approval = (policy: InvoicingPolicy): Hold | null =>
  policy.approve ? { reason: 'approval', detail: 'every document waits for a person to release it' } : null;

/** Reasons for which an order is never ours to invoice. */
function notOurs(order: Order, policy: InvoicingPolicy, startAt: Date | null): Hold | null {
  if (order.test) return { reason: 'test_order', detail: 'the shop marks it as a test' };
  if (startAt !== null && order.placedAt < startAt.toISOString()) {
    return {
      reason: 'before_start',
      detail: `placed ${order.placedAt}, before the start line ${startAt.toISOString()}`,
    };
  }
  if (order.invoicedElsewhere !== null) {
    return { reason: 'invoiced_elsewhere', detail: `already invoiced by the shop as ${order.invoicedElsewhere}` };
  }
  const rule = skippedBy(order, policy.skip);
  if (rule !== null) return { reason: 'skipped_by_rule', detail: rule };
  if (order.total === 0n && order.state !== 'draft' && policy.zeroTotal === 'ignore') {
    return { reason: 'zero_total', detail: 'nothing was charged' };
  }
  return null;
}

function skippedBy(order: Order, skip: InvoicingPolicy['skip']): string | null {
  const has = (list: readonly string[], value: string): boolean =>
    list.some((one) => one.trim().toLowerCase() === value.trim().toLowerCase());
  if (has(skip.statuses, order.status)) return `skip.statuses: ${order.status}`;
  if (has(skip.paymentMethods, order.paymentMethod)) return `skip.payment_methods: ${order.paymentMethod}`;
  const tag = order.tags.find((one) => has(skip.tags, one));
  if (tag !== undefined) return `skip.tags: ${tag}`;
  const email = normalEmail(order.buyer.email);
  if (email !== null && skip.emails.some((one) => emailMatches(email, one.trim().toLowerCase()))) return 'skip.emails';
  return null;
}

/** `buyer@example.com`, or `@example.com` for a whole domain. */
const emailMatches = (email: string, rule: string): boolean =>
  rule.startsWith('@') ? email.endsWith(rule) : email === rule;

/** The shop's claim and Stripe's movements tell of the same money: the larger of the two, never their sum. */
const amountPaid = ({ claim, payments }: Sale): Minor =>
  max(claim?.amount ?? 0n, sum(payments.map(({ amount }) => amount)));

/** Reasons for which an order may yet become ours to invoice. */
function notYet(sale: Sale, policy: InvoicingPolicy): Hold | null {
  const { order } = sale;
  if (order.state === 'draft') return { reason: 'draft', detail: `the order is not placed yet (${order.status})` };
  if (order.lines.length === 0) return { reason: 'draft', detail: 'the order has no lines yet' };
  const paid = amountPaid(sale);
  if (policy.when === 'placed') {
    if (order.state === 'open' || paid >= order.total) return null;
    return { reason: order.state, detail: `the order is ${order.status} and nothing was invoiced` };
  }
  if (paid >= order.total) return null;
  const figures = `${formatMinor(paid, order.currency)} of ${formatMinor(order.total, order.currency)} ${order.currency} received`;
  if (paid > 0n) return { reason: 'part_paid', detail: figures };
  return order.state === 'open'
    ? { reason: 'unpaid', detail: `${figures} (${order.status})` }
    : { reason: order.state, detail: `the order is ${order.status} and nothing was paid` };
}

/** Money that no job records yet. Movements come before the claim, since they carry their own id. */
function paymentsToRecord(sale: Sale): { draft: PaymentDraft; hold: Hold | null }[] {
  const { order, claim, payments } = sale;
  const moved = sum(payments.map(({ amount }) => amount));
  const target = min(amountPaid(sale), order.total);
  const known = new Set(sale.recorded.map(({ id }) => id));
  let open = target - sum(sale.recorded.map(({ amount }) => amount));
  const required: { draft: PaymentDraft; hold: Hold | null }[] = [];
  const add = (received: Received, hold: Hold | null): void => {
    required.push({
      draft: {
        kind: 'payment',
        key: documentKey(sale.source, order.id, 'payment', received.id),
        ...refs(sale),
        received,
      },
      hold,
    });
  };
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
    if (moved > order.total && claim === null) {
      add(received, {
        reason: 'amount_differs',
        detail: `${formatMinor(moved, order.currency)} ${order.currency} was paid for an order of ${formatMinor(order.total, order.currency)}`,
      });
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

const claimId = (claim: PaidClaim): string => claim.transactionId ?? 'claim';

/**
 * Refunds that the shop says have returned money; and the whole invoice of an order that was invoiced when placed and came
 * to nothing.
 */
function refundsOf({ order, invoice, ...sale }: Sale, policy: InvoicingPolicy): RefundClaim[] {
  const undone =
    policy.when === 'placed' &&
    invoice !== null &&
    order.state !== 'open' &&
    amountPaid({ order, invoice, ...sale }) === 0n;
  const cancelled: RefundClaim = {
    id: 'cancelled',
    amount: invoice?.total ?? order.total,
    at: null,
    reason: `the order is ${order.status}`,
  };
  return [...order.refunds, ...(undone ? [cancelled] : [])];
}

/** The finished invoice goes to the buyer by e-mail, where the policy asks for it. */
function sending(sale: Sale, { send, finalize }: InvoicingPolicy): Required[] {
  const { order } = sale;
  if (!send.includes('email') || !finalize) return [];
  const draft: SendDraft = {
    kind: 'send',
    key: documentKey(sale.source, order.id, 'send', 'email'),
    ...refs(sale),
    channel: 'email',
    to: order.buyer.email ?? '',
    language: order.language,
  };
  const nowhere = { reason: 'no_email', detail: 'the order names no e-mail address to send the invoice to' };
  return [{ draft, hold: normalEmail(order.buyer.email) === null ? nowhere : null }];
}

const refs = ({ source, order }: Sale) => ({
  source,
  orderId: order.id,
  orderNumber: order.number,
  currency: order.currency,
});

const invoiceDraft = (sale: Sale, received: Received[], { finalize, rounding }: InvoicingPolicy): InvoiceDraft => ({
  kind: 'invoice',
  key: documentKey(sale.source, sale.order.id, 'invoice', '1'),
  ...refs(sale),
  total: sale.order.total,
  lines: sale.order.lines,
  buyer: sale.order.buyer,
  soldAt: sale.order.placedAt,
  language: sale.order.language,
  received,
  finalize,
  rounding,
});
