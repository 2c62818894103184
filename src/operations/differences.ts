// Where the shop, the payment service and the provider tell different things of one sale. Pure: what each says is handed in.
import { endOfKey, type InvoiceDraft } from '../domain/document.ts';
import { type Minor, sum } from '../domain/money.ts';
import { isReplacement } from '../flow/4-again.ts';
import { amountPaid } from '../flow/4-payments.ts';
import { begunOf, isOfTheOrder, settledBy } from '../flow/4-plan.ts';
import { returnsOf } from '../flow/4-returns.ts';
import type { DocumentRow } from '../store/documents.ts';
import type { JobRow } from '../store/jobs.ts';
import type { PaymentRow } from '../store/sales.ts';
import {
  type Compared,
  type ComparedDocument,
  type Difference,
  difference,
  figure,
  figureText,
  helpFor,
  isDropped,
  isFinalThere,
  isOn,
  standing,
} from './difference.ts';
import { decisionOf } from './jobs.ts';

/** Every difference of one sale. What a person has decided to leave as it is, is none. */
export function differencesOf(one: Compared, now: Date): Difference[] {
  const isOurs = one.state === 'planned' || one.state === 'doubtful';
  return [
    ...(isOurs ? withoutInvoice(one) : []),
    ...one.documents.flatMap((document) => changedThere(one, document)),
    ...(isOurs ? [...otherTotal(one), ...otherMoney(one), ...countedAsOpen(one), ...withoutCreditNote(one, now)] : []),
  ];
}

/** A payment that no order has. `name` is that of the source that told of it. */
export function withoutOrder({ payment, status, reason }: PaymentRow, name: string): Difference {
  const what = status === 'ambiguous' ? 'it may be for several orders' : 'no order is known that it could be for';
  return {
    kind: 'payment_without_order',
    source: name,
    order_id: null,
    order_number: null,
    payment_id: payment.id,
    provider: null,
    document: null,
    expected: null,
    found: figure(payment.amount, payment.currency),
    detail: reason === null ? what : `${what}: ${reason}`,
    help: 'Find out what was paid with it. Where its order is not here, its shop never told of it; without any order, invoice it by hand.',
  };
}

function withoutInvoice(one: Compared): Difference[] {
  if (one.documents.some(({ row }) => row.kind === 'invoice')) return [];
  const { order } = one.sale;
  const job = one.jobs.find(({ kind }) => kind === 'invoice');
  const paid = figureText(figure(amountPaid(one.sale), order.currency));
  const detail = `${paid} is paid and there is no invoice: ${standing(job)}`;
  const told = { detail, help: helpFor(job), expected: order.total, found: null, document: null };
  return [difference(one, { kind: 'order_without_invoice', ...told })];
}

/** A document that is gone, still a draft, or not what was recorded of it. */
function changedThere(one: Compared, { row, there }: ComparedDocument): Difference[] {
  const { provider, currency, total } = row;
  const name = `${row.kind === 'credit_note' ? 'credit note' : row.kind} ${row.number || row.provider_id}`;
  const recorded = { expected: total, document: row };
  if (there.kind === 'gone') {
    const detail = `${name} was made at ${provider} and is not there any more`;
    const help = 'The bridge makes it no second time: ask who deleted it, and make it there by hand if it is missed.';
    return [difference(one, { kind: 'document_gone', ...recorded, found: null, detail, help })];
  }
  const now = there.kind === 'there' ? there.issued : row;
  const found = figure(now.total, now.currency);
  if (now.state === 'draft') {
    const detail = `${name} is a draft at ${provider} and no legal document yet`;
    return [
      difference(one, { kind: 'draft_left', ...recorded, found, detail, help: 'Look at it there, then finalise it.' }),
    ];
  }
  if (now.total === total && now.currency === currency) return [];
  const detail = `${name} comes to ${figureText(found)} at ${provider}, and to ${figureText(figure(total, currency))} when it was made`;
  const help = 'Somebody changed it there: compare it with the order, and correct it by a credit note.';
  return [difference(one, { kind: 'amount_differs', ...recorded, found, detail, help })];
}

/** The invoice that stands for the order now is not of the order's total. */
function otherTotal(one: Compared): Difference[] {
  const { order } = one.sale;
  const { invoices, credits } = begunOf(one.sale);
  const draft = invoices.findLast(isOfTheOrder(credits));
  const document = one.documents.find(({ row }) => row.key === draft?.key);
  if (draft === undefined || document === undefined || !isFinalThere(document)) return [];
  const { row } = document;
  const corrections = one.jobs.filter(
    (job) => job.kind === 'credit_note' && isReplacement(job) && isOn(job, draft, one),
  );
  if (row.total === order.total || corrections.some(isDropped)) return [];
  const [correction] = corrections;
  const found = figure(row.total, row.currency);
  const total = figureText(figure(order.total, order.currency));
  const detail = `invoice ${row.number} is of ${figureText(found)}, its order of ${total}; of a correction: ${standing(correction)}`;
  const help =
    correction === undefined
      ? 'Compare both: where the order is right, credit the invoice at the provider and bill the order there by hand.'
      : helpFor(correction);
  return [difference(one, { kind: 'amount_differs', expected: order.total, found, document: row, detail, help })];
}

/** The money that the payment service moved is not what the order comes to. */
function otherMoney(one: Compared): Difference[] {
  const { order, payments } = one.sale;
  const moved = sum(payments.map(({ amount }) => amount));
  // Less than the total, and the order is ours all the same: the shop says that the rest was paid.
  if (payments.length === 0 || moved === order.total || amountPaid(one.sale) < order.total) return [];
  const found = figure(moved, order.currency);
  const ids = payments.map(({ id }) => id).join(', ');
  const detail = `the payment service received ${figureText(found)} (${ids}), the order comes to ${figureText(figure(order.total, order.currency))}`;
  const help =
    moved > order.total
      ? 'The buyer paid too much: give the rest back, or see whether the order was changed after it was paid.'
      : 'All is well where a gift card or another means paid the rest; else the shop counts money that never came.';
  return [difference(one, { kind: 'amount_differs', expected: order.total, found, document: null, detail, help })];
}

/** Invoices that the provider does not count as paid though their money is there. */
function countedAsOpen(one: Compared): Difference[] {
  const { sale, jobs, documents } = one;
  const ofTheOrder = isOfTheOrder(begunOf(sale).credits);
  const lost = sum(sale.disputes.filter(({ status }) => status === 'lost').map(({ amount }) => amount));
  return documents.flatMap((document) => {
    const { row, there } = document;
    const draft = invoiceDraftOf(jobs, row);
    if (draft === undefined || !isFinalThere(document)) return [];
    const received = ofTheOrder(draft) ? amountPaid(sale) - lost : draft.total;
    const payments = jobs.filter((job) => job.kind === 'payment' && isOn(job, draft, one));
    const onIt = new Set(
      jobs.filter((job) => job.kind === 'credit_note' && isOn(job, draft, one)).map(({ key }) => key),
    );
    const credits = documents.filter((other) => other.there.kind !== 'gone' && onIt.has(other.row.key));
    const credited = sum(credits.map(({ row: { total } }) => total));
    const counted = there.kind === 'there' ? there.issued.paid : row.paid + sum(payments.map(recordedByHand));
    if (received < row.total || counted >= row.total - credited || payments.some(isDropped)) return [];
    const open = payments.find(({ status }) => status !== 'done');
    const found = figure(counted, row.currency);
    const detail = `all of invoice ${row.number} was paid, and ${row.provider} counts ${figureText(found)}: ${
      open === undefined ? 'every payment had been recorded there' : standing(open)
    }`;
    const help =
      open === undefined ? 'Look whether a payment was deleted there, and record it there again.' : helpFor(open);
    return [difference(one, { kind: 'paid_but_open', expected: row.total, found, document: row, detail, help })];
  });
}

const invoiceDraftOf = (jobs: readonly JobRow[], { key }: DocumentRow): InvoiceDraft | undefined =>
  jobs.flatMap(({ draft }) => (draft.kind === 'invoice' && draft.key === key ? [draft] : []))[0];

/** What a person says to have recorded at the provider: our own count does not know of it. */
function recordedByHand(job: JobRow): Minor {
  const answer = decisionOf(job)?.answer;
  const isByPerson = job.status === 'done' && answer !== undefined && 'done_by_hand' in answer;
  return isByPerson && job.draft.kind === 'payment' ? job.draft.received.amount : 0n;
}

/** Refunds that reached the buyer of an invoiced order and have no credit note. */
function withoutCreditNote(one: Compared, now: Date): Difference[] {
  const { sale, documents, jobs } = one;
  if (!documents.some(({ row }) => row.kind === 'invoice')) return [];
  const { invoices, credits } = begunOf(sale);
  const made = new Set(documents.filter(({ row }) => row.kind === 'credit_note').map(({ row }) => endOfKey(row.key)));
  return returnsOf(sale, settledBy(invoices, credits), now).returns.flatMap(({ id, amount, state, hold }) => {
    const job = jobs.find(({ kind, key }) => kind === 'credit_note' && endOfKey(key) === id);
    const isDue = state === 'returned' && hold === null && amount > 0n;
    if (!isDue || made.has(id) || (job !== undefined && isDropped(job))) return [];
    const refund = figureText(figure(amount, sale.order.currency));
    const detail = `refund ${id} gave back ${refund} and there is no credit note: ${standing(job)}`;
    const told = { expected: amount, found: null, document: null, detail, help: helpFor(job) };
    return [difference(one, { kind: 'refund_without_credit_note', ...told })];
  });
}
