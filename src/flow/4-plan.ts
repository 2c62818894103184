// What a sale requires, from its facts and the policy alone. Pure: no I/O, no clock but the one given.
import { normalEmail } from '../domain/client.ts';
import { type CreditNoteDraft, documentKey, endOfKey, type InvoiceDraft, type SendDraft } from '../domain/document.ts';
import { formatMinor } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { InvoicingPolicy } from '../registry.ts';
import { cancellationOf, editOf, invoicesAgain, isReplacement } from './4-again.ts';
import { amountPaid, disputesLost, paymentDraft, paymentsToRecord, recordedOn } from './4-payments.ts';
import { creditNotes } from './4-refunds.ts';
import { type Return, returnsOf } from './4-returns.ts';
import { type Hold, type Plan, type Required, refs, type Sale, type Settled } from './4-sale.ts';

/**
 * The documents that a sale requires, each with the key that makes it unique, or why there is none.
 * Any order of the same facts leads to the same documents; planning again adds nothing.
 */
export function plan(sale: Sale, policy: InvoicingPolicy, startAt: Date | null, now: Date): Plan {
  const begun = begunOf(sale);
  const [issued] = begun.invoices;
  if (issued === undefined) {
    const never = notOurs(sale.order, policy, startAt);
    if (never !== null) return { kind: 'ignored', ...never };
    const wait = notYet(sale, policy);
    if (wait !== null) return { kind: 'waits', ...wait };
  }
  const fresh = invoiceDraft(sale, policy);
  const first = issued ?? fresh;
  const current = begun.invoices.findLast(isOfTheOrder(begun.credits)) ?? first;
  const isVoid = issued !== undefined && hasComeToNothing(sale, policy);
  const { returns, dueAt } = dueReturns(sale, isVoid ? current : null, begun, now);
  const billing = begun.invoices.length > 0 ? begun.invoices : [fresh];
  const credits = creditNotes(billing, begun.credits, returns, refs(sale));
  const again = invoicesAgain(sale, first, begun.invoices, begun.credits, returns);
  const edit = issued === undefined ? null : editOf(sale, current, fresh, begun, policy, isVoid);
  const asked = approval(policy);
  const doubt = sale.order.doubt === null ? null : { reason: sale.order.doubt.code, detail: sale.order.doubt.detail };

  const documents: Required[] = [
    ...billed(
      sale,
      { ...fresh, key: first.key, after: first.after },
      doubt ?? asked,
      edit === null && current === first,
    ),
    ...sending(sale, policy),
    ...disputesLost(sale, first.key),
    ...credits.map(({ draft, hold }) => ({ draft, hold: hold ?? doubt ?? asked })),
    ...again.flatMap((draft) => billedAgain(sale, draft, returns, asked)),
    ...begun.credits.filter(isReplacement).map((draft) => ({ draft, hold: null })),
    ...begun.invoices
      .filter((invoice) => invoice !== first && isOfTheOrder(begun.credits)(invoice))
      .flatMap((invoice) => billed(sale, invoice, null, edit === null && invoice === current)),
  ];
  if (edit !== null) {
    if (edit.credit !== null) documents.push({ draft: edit.credit, hold: edit.hold });
    documents.push(...billed(sale, edit.invoice, doubt, true));
  }
  const required = [...documents, ...writingBack(sale, documents)];
  return { kind: 'documents', required, dueAt, issued: issued === undefined ? null : current, fresh };
}

export type Begun = { invoices: InvoiceDraft[]; credits: CreditNoteDraft[]; dropped: string[] };

/** What was asked of the provider is what later documents refer to, however the order has changed since. */
export function begunOf({ made }: Pick<Sale, 'made'>): Begun {
  const kept = made.filter(({ dropped }) => !dropped).map(({ draft }) => draft);
  return {
    invoices: kept.filter((draft) => draft.kind === 'invoice'),
    credits: kept.filter((draft) => draft.kind === 'credit_note'),
    dropped: made.filter(({ dropped }) => dropped).map(({ draft }) => draft.key),
  };
}

/** True for an invoice of the whole order: the first, and each that replaced one after an edit. */
export const isOfTheOrder =
  (credits: readonly CreditNoteDraft[]) =>
  ({ after }: InvoiceDraft): boolean =>
    after === null || credits.some((credit) => credit.key === after && isReplacement(credit));

/** An invoice with the money received for it. Money that comes later is recorded on it while it is the one that counts. */
function billed(sale: Sale, invoice: InvoiceDraft, hold: Hold | null, counts: boolean): Required[] {
  const n = endOfKey(invoice.key);
  const payments = counts ? paymentsToRecord(sale, invoice, n) : [];
  const received = [
    ...recordedOn(sale, invoice.key, n),
    ...payments.filter((payment) => payment.hold === null).map(({ draft }) => draft),
  ].map((draft) => draft.received);
  return [{ draft: { ...invoice, received }, hold }, ...payments];
}

/** What a refund that failed left with the seller is paid. */
function billedAgain(sale: Sale, invoice: InvoiceDraft, returns: readonly Return[], hold: Hold | null): Required[] {
  const n = endOfKey(invoice.key);
  const refund = returns.find(({ id }) => invoice.after !== null && endOfKey(invoice.after) === id);
  const received = {
    id: refund?.id ?? n,
    amount: invoice.total,
    at: refund?.at ?? sale.order.updatedAt,
    mode: sale.claim?.mode ?? sale.payments[0]?.mode ?? ('other' as const),
    method: sale.order.paymentMethod,
    label: sale.order.paymentMethod,
  };
  const recorded = recordedOn(sale, invoice.key, n);
  const payment = paymentDraft(sale, received, invoice.key, n);
  return [
    { draft: { ...invoice, received: [received] }, hold },
    ...(recorded.length > 0 ? [] : [{ draft: payment, hold: null }]),
  ];
}

/** The number of each document goes back to the shop, or to the payment, where the user asks for it. */
const writingBack = ({ source, order, writeBacks }: Sale, documents: readonly Required[]): Required[] =>
  documents
    .map(({ draft }) => draft)
    .filter(({ kind }) => kind === 'invoice' || kind === 'credit_note')
    .flatMap(({ kind, key }) =>
      writeBacks.map((place) => ({
        draft: {
          kind: 'write_back' as const,
          key: documentKey(source, order.id, 'write_back', `${kind}-${endOfKey(key)}@${place.source}-${place.target}`),
          ...refs({ source, order }),
          document: key,
          target: place.target,
        },
        hold: null,
        at: place.source,
      })),
    );

/** What was done about refunds by these documents. */
export const settledBy = (invoices: readonly InvoiceDraft[], credits: readonly CreditNoteDraft[]): Settled => ({
  credited: new Map(credits.map(({ key, amount }) => [endOfKey(key), amount])),
  billedAgain: new Set(invoices.flatMap(({ after }) => (after === null ? [] : [endOfKey(after)]))),
});

/** An order that was invoiced when it was placed, and for which nobody pays any more. */
const hasComeToNothing = (sale: Sale, { when }: InvoicingPolicy): boolean =>
  when === 'placed' && sale.order.state !== 'open' && amountPaid(sale) === 0n;

/** The refunds to credit, those that failed after they were, and the whole of an invoice whose order came to nothing. */
function dueReturns(sale: Sale, voided: InvoiceDraft | null, { invoices, credits }: Begun, now: Date) {
  const settled = settledBy(invoices, credits);
  const { returns, dueAt } = returnsOf(sale, settled, now);
  const cancelled: Return[] =
    voided === null
      ? []
      : [
          {
            id: cancellationOf(voided),
            amount: voided.total,
            at: null,
            reason: `the order is ${sale.order.status}`,
            lines: null,
            state: 'returned',
            hold: null,
          },
        ];
  const due = returns.filter(({ id, state }) => state === 'returned' || settled.credited.has(id));
  return { returns: [...due, ...cancelled], dueAt };
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

const invoiceDraft = (sale: Sale, { finalize, rounding }: InvoicingPolicy): InvoiceDraft => ({
  kind: 'invoice',
  key: documentKey(sale.source, sale.order.id, 'invoice', '1'),
  ...refs(sale),
  total: sale.order.total,
  lines: sale.order.lines,
  buyer: sale.order.buyer,
  soldAt: sale.order.placedAt,
  language: sale.order.language,
  received: [],
  finalize,
  rounding,
  version: `${sale.order.updatedAt} ${sale.revision}`,
  after: null,
});
