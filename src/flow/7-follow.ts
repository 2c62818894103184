// What follows an invoice that exists: money recorded on it, the invoice sent to its buyer.
import type { PaymentIntent, PaymentRecorded, ProviderIo, SendIntent, Sent } from '../connector.ts';
import {
  type Draft,
  type InvoiceDraft,
  type Issued,
  isByHand,
  type PaymentDraft,
  type SendDraft,
} from '../domain/document.ts';
import { formatMinor } from '../domain/money.ts';
import { problem } from '../domain/problem.ts';
import { type DocumentRow, documentsOf, setFinal, setPaid } from '../store/documents.ts';
import { jobsOf } from '../store/jobs.ts';
import { perform } from './7-protocol.ts';
import { finish, hold, lookupFailed, putBack, saleOfJob, type Work, workIo } from './7-settle.ts';
import { composeContext } from './7-style.ts';

/**
 * The invoice of this key as we recorded it, the sale's first where the key is empty; null when the job was put back or held:
 * it was made by hand, or is not there yet.
 */
export async function invoiceOf(work: Work, key: string, byHand: string): Promise<DocumentRow | null> {
  const documents = await documentsOf(work.store.read, saleOfJob(work.job));
  const document = documents.find((one) => one.kind === 'invoice' && (key === '' || one.key === key));
  if (document === undefined) {
    await putBack(work, 'waits_for', work.provider.delivery.retry.base);
    return null;
  }
  if (!isByHand(document.provider_id)) return document;
  await hold(work, problem('invoice_by_hand', `the invoice was made by hand: ${byHand}`));
  return null;
}

/** The invoice as the provider holds it now, final; null when the job was put back or held. */
export async function readInvoice(work: Work, io: ProviderIo, document: DocumentRow): Promise<Issued | null> {
  const { account, name } = work.provider;
  const lookup = await account.read(document.provider_id, io);
  if (lookup.kind === 'failed') {
    await lookupFailed(work, lookup);
    return null;
  }
  const [invoice] = lookup.items;
  if (invoice === undefined) {
    await hold(work, problem('invoice_gone', `${document.number || document.provider_id} is no longer at ${name}`));
    return null;
  }
  if (invoice.state === 'draft') {
    await hold(work, problem('invoice_is_draft', `the invoice is still a draft at ${name}: finalise it there first`));
    return null;
  }
  if (document.state === 'draft') await work.store.write((tx) => setFinal(tx, document.key, invoice));
  return invoice;
}

/** Records money on the invoice, never more than is open. */
export async function deliverPayment(work: Work, draft: PaymentDraft): Promise<void> {
  const { account, name } = work.provider;
  const { received } = draft;
  const document = await invoiceOf(work, draft.invoice, `record ${figure(draft, received.amount)} there as well`);
  if (document === null) return;
  if (received.amount <= 0n) {
    const detail = `reopen the payment of ${figure(draft, -received.amount)} on ${document.number} at ${name} by hand, then mark this as done`;
    return hold(work, problem('dispute_lost', detail));
  }
  const byHand = `record ${figure(draft, received.amount)} on ${document.number} at ${name} by hand, then mark this as done`;
  if (account.payment === null) return hold(work, problem('not_supported_by_provider', byHand));
  const io = workIo(work);
  const invoice = await readInvoice(work, io, document);
  if (invoice === null) return;
  const open = invoice.total - invoice.paid;
  const isFirst = work.job.phase === null;
  if (isFirst && open <= 0n) {
    return finish(work, `${invoice.number} is already paid at ${name}`, (tx) =>
      setPaid(tx, document.key, invoice.paid),
    );
  }
  if (isFirst && received.amount > open) {
    const figures = `${figure(draft, invoice.paid)} of ${figure(draft, invoice.total)} is paid`;
    return hold(work, problem('amount_differs', `${figures}; ${figure(draft, received.amount)} more is too much`));
  }
  if (isFirst && account.capabilities.payments === 'whole' && received.amount !== open) {
    const why = `${work.provider.type} records only the whole amount that is open, ${figure(draft, open)}`;
    return hold(work, problem('not_supported_by_provider', `${why}: ${byHand}`));
  }
  const paidBefore = work.job.paid_before ?? invoice.paid;
  const context = await contextOf(work);
  if (context === null) return;
  const recorded = await perform<PaymentIntent, PaymentRecorded>(work, io, {
    name: 'document',
    effect: account.payment,
    intent: { draft, invoice, paidBefore },
    context,
    with: { paid_before: paidBefore.toString() },
  });
  if (recorded === null) return;
  const detail = `payment ${received.id} of ${figure(draft, received.amount)} recorded on ${invoice.number}`;
  await finish(work, detail, (tx) => setPaid(tx, document.key, recorded.value.paid));
}

/** Sends the final invoice to its buyer, at most once where nothing tells whether it was sent. */
export async function deliverSending(work: Work, draft: SendDraft): Promise<void> {
  const { account, name } = work.provider;
  const document = await invoiceOf(work, '', `send it to ${draft.to} as well`);
  if (document === null) return;
  if (account.email === null) {
    const detail = `send ${document.number} from ${name} by hand, then mark this as done`;
    return hold(work, problem('not_supported_by_provider', detail));
  }
  const io = workIo(work);
  const invoice = await readInvoice(work, io, document);
  const context = invoice === null ? null : await contextOf(work);
  if (invoice === null || context === null) return;
  const sent = await perform<SendIntent, Sent>(work, io, {
    name: 'document',
    effect: account.email,
    intent: { draft, document: invoice },
    context,
  });
  if (sent !== null) await finish(work, `${invoice.number} sent by e-mail`, async () => undefined);
}

/** What follows an invoice is composed in the invoice's own style. */
async function contextOf(work: Work) {
  const { registry, provider, runtime } = work;
  const invoice = (await jobsOf(work.store.read, saleOfJob(work.job))).map(({ draft }) => draft).find(isInvoice);
  if (invoice !== undefined) return composeContext(registry, provider, invoice, runtime.now());
  await putBack(work, 'waits_for', provider.delivery.retry.base);
  return null;
}

const isInvoice = (draft: Draft): draft is InvoiceDraft => draft.kind === 'invoice';

const figure = ({ currency }: PaymentDraft, amount: bigint): string => `${formatMinor(amount, currency)} ${currency}`;
