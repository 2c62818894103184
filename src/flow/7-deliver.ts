// Carries out one leased job: the client that an invoice needs, then the document itself; what follows an invoice follows it.
import type { CreditNoteIntent, InvoiceIntent } from '../connector.ts';
import type { Client } from '../domain/client.ts';
import type { CreditNoteDraft, InvoiceDraft, Issued, PaymentDraft } from '../domain/document.ts';
import { formatMinor, type Minor, sum } from '../domain/money.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever } from '../domain/result.ts';
import { forgetClient } from '../store/clients.ts';
import { addDocument, documentsOf } from '../store/documents.ts';
import { changeJob, type JobRow, jobsOf } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { clientFor, rememberChoice } from './6-client.ts';
import { performDocument } from './7-drafting.ts';
import { deliverPayment, deliverSending, invoiceOf, readInvoice } from './7-follow.ts';
import { finish, hold, putBack, saleOfJob, type Work, workIo } from './7-settle.ts';
import { composeContext, styled } from './7-style.ts';

/** Works on the job until it is done or has to wait. Throws only for defects and for a lost lease. */
export async function deliver(work: Work): Promise<void> {
  const { draft } = work.job;
  switch (draft.kind) {
    case 'invoice':
      return deliverInvoice(work, draft);
    case 'payment':
      return deliverPayment(work, draft);
    case 'credit_note':
      return deliverCreditNote(work, draft);
    case 'send':
      return deliverSending(work, draft);
    case 'write_back':
      throw new Error('a write-back is done by its source, not by a provider');
    default:
      return assertNever(draft);
  }
}

async function deliverInvoice(work: Work, planned: InvoiceDraft): Promise<void> {
  const { job, provider, registry, runtime } = work;
  const io = workIo(work);
  const draft = styled(planned, provider);
  if (job.step === 'document' && job.client === null) throw new Error('an invoice was begun without its client');
  const client = job.client ?? (await clientFor(work, io, draft));
  if (client === null) return;
  const { account } = provider;
  const issued = await performDocument<InvoiceIntent>(work, io, {
    name: 'document',
    effect: account.invoice,
    intent: { draft, client },
    context: composeContext(registry, provider, draft, runtime.now(), await numberBefore(work, draft)),
    with: { client },
    finalize: draft.finalize,
    refuse: (request) =>
      otherTotal(draft, draft.total, account.predictTotal(request), 'total_differs', 'would compute'),
    mismatch: (value) => notThisInvoice(draft, client, value),
    staleClient: () => work.store.write((tx) => forgetClient(tx, account.accountId, client.id)),
  });
  if (issued === null) return;
  const { value, adopted } = issued;
  const did = value.state === 'draft' ? 'left as a draft' : adopted ? 'found' : 'issued';
  await finish(work, `${did} ${value.number || value.providerId} at ${provider.name}`, async (tx, now) => {
    await addDocument(tx, job, value, now);
    await rememberChoice(tx, work, draft, client);
    if (value.paid >= sum(draft.received.map(({ amount }) => amount))) await tickPayments(tx, job, draft, now);
  });
}

/** The number of the credit note that the invoice comes after; null for a sale's first invoice. */
async function numberBefore({ store, job }: Work, { after }: InvoiceDraft): Promise<string | null> {
  if (after === null) return null;
  const document = (await documentsOf(store.read, saleOfJob(job))).find(({ key }) => key === after);
  return document?.number || null;
}

async function deliverCreditNote(work: Work, draft: CreditNoteDraft): Promise<void> {
  const { provider, registry, runtime } = work;
  const { creditNote, capabilities } = provider.account;
  const jobs = await jobsOf(work.store.read, saleOfJob(work.job));
  const original = jobs.find(({ kind, key }) => kind === 'invoice' && (draft.invoice === '' || key === draft.invoice));
  const document = await invoiceOf(work, draft.invoice, 'make its credit note there as well');
  if (document === null) return;
  if (original?.draft.kind !== 'invoice') return putBack(work, 'waits_for', provider.delivery.retry.base);
  if (creditNote === null || (capabilities.creditNotes === 'whole' && !draft.whole)) {
    const detail = `credit ${document.number} at ${provider.name} by hand, then mark this as done`;
    return hold(work, problem('not_supported_by_provider', detail));
  }
  const io = workIo(work);
  const invoice = await readInvoice(work, io, document);
  if (invoice === null) return;
  const issued = await performDocument<CreditNoteIntent>(work, io, {
    name: 'document',
    effect: creditNote,
    intent: { draft, invoice, original: styled(original.draft, provider) },
    context: composeContext(registry, provider, original.draft, runtime.now()),
    finalize: draft.finalize,
    mismatch: (value) => notThisCreditNote(draft, value),
  });
  if (issued === null) return;
  const { value, adopted } = issued;
  const did = value.state === 'draft' ? 'left as a draft' : adopted ? 'found' : 'issued';
  await finish(
    work,
    `credit note ${did}: ${value.number || value.providerId} on ${invoice.number} at ${provider.name}`,
    (tx, now) => addDocument(tx, work.job, value, now),
  );
}

function otherTotal(
  { currency }: Pick<InvoiceDraft, 'currency'>,
  wanted: Minor,
  total: Minor | null,
  code: string,
  verb: string,
): Problem | null {
  if (total === null || total === wanted) return null;
  const [theirs, ours] = [total, wanted].map((amount) => `${formatMinor(amount, currency)} ${currency}`);
  return problem(code, `the provider ${verb} ${theirs}, it should be ${ours}`);
}

function notThisInvoice(draft: InvoiceDraft, client: Client, issued: Issued): Problem | null {
  const wrong = notOfThisSort(draft, 'invoice', issued);
  if (wrong !== null) return wrong;
  if (issued.clientId !== null && issued.clientId !== client.id) {
    const detail = `${nameOf(issued)} is addressed to client ${issued.clientId}, not ${client.id}`;
    return problem('issued_to_other_client', detail);
  }
  return otherTotal(draft, draft.total, issued.total, 'issued_with_other_total', `has ${nameOf(issued)} with`);
}

const notThisCreditNote = (draft: CreditNoteDraft, issued: Issued): Problem | null =>
  notOfThisSort(draft, 'credit_note', issued) ??
  otherTotal(draft, draft.amount, issued.total, 'issued_with_other_total', `has ${nameOf(issued)} with`);

function notOfThisSort(
  { currency }: Pick<InvoiceDraft, 'currency'>,
  kind: 'invoice' | 'credit_note',
  issued: Issued,
): Problem | null {
  if (issued.kind !== kind) {
    return problem(
      'issued_as_other_kind',
      `${nameOf(issued)} is not ${kind === 'invoice' ? 'an invoice' : 'a credit note'}`,
    );
  }
  return issued.currency === currency
    ? null
    : problem('issued_with_other_total', `${nameOf(issued)} is in ${issued.currency}, the order in ${currency}`);
}

const nameOf = ({ number, providerId }: Issued): string => number || `draft ${providerId}`;

/** Payments that the creating call recorded are done with it. */
async function tickPayments(tx: Tx, invoice: JobRow, draft: InvoiceDraft, now: Date): Promise<void> {
  const ids = new Set(draft.received.map(({ id }) => id));
  for (const job of await jobsOf(tx, saleOfJob(invoice))) {
    if (job.draft.kind !== 'payment' || job.status === 'done') continue;
    if (!ids.has(job.draft.received.id) || !isFor(job.draft, draft)) continue;
    await changeJob(tx, job.id, { status: 'done', reason: null, detail: 'recorded with the invoice' }, now);
    const detail = `payment ${job.draft.received.id} recorded with the invoice`;
    await note(tx, { sale: saleOfJob(job), at: now, step: 'deliver', detail, jobId: job.id });
  }
}

/** A payment that names no invoice is for the sale's first. */
const isFor = ({ invoice }: PaymentDraft, { key, after }: InvoiceDraft): boolean =>
  invoice === key || (invoice === '' && after === null);
