// Carries out one leased job: the client that an invoice needs, then the document itself.
import type { InvoiceIntent, PaymentIntent, PaymentRecorded } from '../connector.ts';
import type { Client } from '../domain/client.ts';
import { documentKey, type InvoiceDraft, type Issued, isByHand, type PaymentDraft } from '../domain/document.ts';
import { formatMinor, sum } from '../domain/money.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever } from '../domain/result.ts';
import { forgetClient } from '../store/clients.ts';
import { addDocument, changeJob, documentsOf, jobsOf, setPaid } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { clientFor, rememberChoice } from './6-client.ts';
import { perform } from './7-protocol.ts';
import { finish, hold, lookupFailed, putBack, saleOfJob, type Work } from './7-settle.ts';
import { pacedIo } from './7-standing.ts';

/** Works on the job until it is done or has to wait. Throws only for defects and for a lost lease. */
export async function deliver(work: Work): Promise<void> {
  const { draft } = work.job;
  switch (draft.kind) {
    case 'invoice':
      return deliverInvoice(work, draft);
    case 'payment':
      return deliverPayment(work, draft);
    case 'credit_note':
    case 'send':
      return hold(
        work,
        problem(
          'not_supported_by_provider',
          `${work.provider.type} cannot do this: do it there by hand, then mark it as done here`,
        ),
      );
    default:
      return assertNever(draft);
  }
}

async function deliverInvoice(work: Work, draft: InvoiceDraft): Promise<void> {
  const io = pacedIo(work, work.provider);
  if (work.job.step === 'document' && work.job.client === null)
    throw new Error('an invoice was begun without its client');
  const client = work.job.client ?? (await clientFor(work, io, draft));
  if (client === null) return;
  const { account } = work.provider;
  const issued = await perform<InvoiceIntent, Issued>(work, io, {
    name: 'document',
    effect: account.invoice,
    intent: { draft, client },
    with: { client },
    refuse: (request) => otherTotal(draft, account.predictTotal(request), 'total_differs', 'would compute'),
    mismatch: (value) => notWhatWasAsked(draft, client, value),
    staleClient: () => work.store.write((tx) => forgetClient(tx, account.accountId, client.id)),
  });
  if (issued === null) return;
  const { value, adopted } = issued;
  await finish(work, `${adopted ? 'found' : 'issued'} ${value.number} at ${work.provider.name}`, async (tx, now) => {
    await addDocument(tx, work.job, value, now);
    await rememberChoice(tx, work, draft, client);
    if (value.paid >= sum(draft.received.map(({ amount }) => amount))) await tickPayments(tx, draft, now);
  });
}

function otherTotal(draft: InvoiceDraft, total: bigint | null, code: string, verb: string): Problem | null {
  if (total === null || total === draft.total) return null;
  const [theirs, ours] = [total, draft.total].map(
    (amount) => `${formatMinor(amount, draft.currency)} ${draft.currency}`,
  );
  return problem(code, `the provider ${verb} ${theirs}, the order’s total is ${ours}`);
}

function notWhatWasAsked(draft: InvoiceDraft, client: Client, issued: Issued): Problem | null {
  if (issued.kind !== 'invoice') return problem('issued_as_other_kind', `${issued.number} is not an invoice`);
  if (issued.currency !== draft.currency)
    return problem(
      'issued_with_other_total',
      `${issued.number} is in ${issued.currency}, the order in ${draft.currency}`,
    );
  if (issued.clientId !== null && issued.clientId !== client.id) {
    return problem(
      'issued_to_other_client',
      `${issued.number} is addressed to client ${issued.clientId}, not ${client.id}`,
    );
  }
  return otherTotal(draft, issued.total, 'issued_with_other_total', `has ${issued.number} with`);
}

/** Payments that the creating call recorded are done with it. */
async function tickPayments(tx: Tx, draft: InvoiceDraft, now: Date): Promise<void> {
  const keys = new Set(draft.received.map(({ id }) => documentKey(draft.source, draft.orderId, 'payment', id)));
  for (const job of await jobsOf(tx, { source: draft.source, orderId: draft.orderId })) {
    if (!keys.has(job.key) || job.status === 'done') continue;
    await changeJob(tx, job.id, { status: 'done', reason: null, detail: 'recorded with the invoice' }, now);
    const detail = `payment ${job.draft.kind === 'payment' ? job.draft.received.id : ''} recorded with the invoice`;
    await note(tx, { sale: saleOfJob(job), at: now, step: 'deliver', detail, jobId: job.id });
  }
}

async function deliverPayment(work: Work, draft: PaymentDraft): Promise<void> {
  const { account, name } = work.provider;
  const io = pacedIo(work, work.provider);
  const document = (await documentsOf(work.store.read, saleOfJob(work.job))).find(({ kind }) => kind === 'invoice');
  if (document === undefined) return putBack(work, 'waits_for', work.provider.delivery.retry.base);
  if (isByHand(document.provider_id)) {
    return hold(
      work,
      problem(
        'invoice_by_hand',
        `the invoice was made by hand: record ${figure(draft, draft.received.amount)} there as well`,
      ),
    );
  }
  if (account.payment === null) {
    return hold(
      work,
      problem(
        'not_supported_by_provider',
        `mark ${document.number} as paid at ${name} by hand, then mark this as done`,
      ),
    );
  }
  const lookup = await account.read(document.provider_id, io);
  if (lookup.kind === 'failed') return lookupFailed(work, lookup);
  const [invoice] = lookup.items;
  if (invoice === undefined) return hold(work, problem('invoice_gone', `${document.number} is no longer at ${name}`));
  const paidBefore = work.job.paid_before ?? invoice.paid;
  if (work.job.phase === null && invoice.paid + draft.received.amount > invoice.total) {
    const settled = invoice.paid >= invoice.total;
    if (settled)
      return finish(work, `${invoice.number} is already paid at ${name}`, (tx) =>
        setPaid(tx, document.key, invoice.paid),
      );
    return hold(
      work,
      problem(
        'amount_differs',
        `${figure(draft, invoice.paid)} of ${figure(draft, invoice.total)} is paid; ${figure(draft, draft.received.amount)} more is too much`,
      ),
    );
  }
  const recorded = await perform<PaymentIntent, PaymentRecorded>(work, io, {
    name: 'document',
    effect: account.payment,
    intent: { draft, invoice, paidBefore },
    with: { paid_before: paidBefore.toString() },
  });
  if (recorded === null) return;
  await finish(
    work,
    `payment ${draft.received.id} of ${figure(draft, draft.received.amount)} recorded on ${invoice.number}`,
    (tx) => setPaid(tx, document.key, recorded.value.paid),
  );
}

const figure = (draft: PaymentDraft, amount: bigint): string =>
  `${formatMinor(amount, draft.currency)} ${draft.currency}`;
