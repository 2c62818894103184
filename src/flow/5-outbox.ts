// The outbox's upstream end: what a sale requires becomes jobs, each once for its key, in the transaction of the facts.
import Big from 'big.js';
import type { Draft, InvoiceDraft } from '../domain/document.ts';
import { toJson } from '../domain/json.ts';
import { formatMinor } from '../domain/money.ts';
import type { SaleRef } from '../domain/order.ts';
import { assertNever } from '../domain/result.ts';
import type { SaleState } from '../domain/states.ts';
import { type Provider, providerFor, type Registry, type Source, sourceByIdentity } from '../registry.ts';
import { addJob, changeJob, isBegun, type JobRow, jobsOf } from '../store/jobs.ts';
import { paymentsOf, type SaleRow, saleOf, setSaleState } from '../store/sales.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { type Hold, plan, type Required, type Sale } from './4-plan.ts';

/** Where a sale stands after planning, for the event that caused it and for people. */
export type Verdict = { state: SaleState; reason: string | null; detail: string | null };

/** Plans a sale anew and makes the outbox agree with it. Jobs that have begun are never changed here. */
export async function planSale(tx: Tx, registry: Registry, ref: SaleRef, now: Date): Promise<Verdict> {
  const row = await saleOf(tx, ref);
  const source = sourceByIdentity(registry, ref.source);
  if (row === undefined || source === undefined) throw new Error(`sale ${ref.source}/${ref.orderId} cannot be planned`);
  const jobs = await jobsOf(tx, ref);
  const verdict = await reconcile(tx, registry, source, row, jobs, now);
  const changed = verdict.state !== row.state || verdict.reason !== row.reason;
  await setSaleState(tx, ref, verdict.state, verdict.reason, verdict.detail);
  if (changed && verdict.reason !== null) {
    await note(tx, {
      sale: ref,
      at: now,
      step: 'plan',
      detail: `${verdict.state}: ${verdict.reason}`,
      data: { detail: verdict.detail },
    });
  }
  return verdict;
}

/** What a sale requires as it stands in the store. */
async function planOf(tx: Tx, source: Source, row: SaleRow, jobs: readonly JobRow[]) {
  const ref: SaleRef = { source: row.source, orderId: row.order_id };
  const sale: Sale = {
    source: row.source,
    order: row.order,
    claim: row.claim,
    payments: (await paymentsOf(tx, ref)).map(({ payment }) => payment),
    recorded: jobs.flatMap(({ draft, status, reason }) =>
      draft.kind === 'payment' && status !== 'skipped' && reason !== 'amount_differs' ? [draft.received] : [],
    ),
    invoice: begunInvoice(jobs),
  };
  return plan(sale, source.invoicing, source.startAt);
}

/** What was asked of the provider is what later documents refer to, however the order has changed since. */
function begunInvoice(jobs: readonly JobRow[]): InvoiceDraft | null {
  const begun = jobs.find((job) => job.kind === 'invoice' && isBegun(job));
  return begun?.draft.kind === 'invoice' ? begun.draft : null;
}

async function reconcile(
  tx: Tx,
  registry: Registry,
  source: Source,
  row: SaleRow,
  jobs: readonly JobRow[],
  now: Date,
): Promise<Verdict> {
  const planned = await planOf(tx, source, row, jobs);
  if (planned.kind !== 'documents') {
    await withdraw(tx, jobs, planned, now);
    return { state: planned.kind, reason: planned.reason, detail: planned.detail };
  }
  const invoice = jobs.find(({ kind }) => kind === 'invoice');
  // Whatever follows an invoice goes where the invoice went.
  const name = invoice !== undefined && isBegun(invoice) ? invoice.provider : providerFor(source, row.order);
  const provider = registry.providers.get(name);
  if (provider === undefined) throw new Error(`source ${source.name} has no provider ${name}`);
  if (invoice?.status === 'skipped' && invoice.decision !== null) {
    return { state: 'ignored', reason: 'skipped_by_person', detail: invoice.detail };
  }
  await addNew(tx, source, provider, jobs, planned.required, now);
  await moveAlong(tx, provider, jobs, now);
  const held = planned.required.find(
    ({ draft, hold }) => draft.kind === 'invoice' && hold !== null && hold.reason !== 'approval',
  );
  if (held?.hold) return { state: 'doubtful', ...held.hold };
  const difference = invoice !== undefined && isBegun(invoice) ? differenceOf(invoice.draft, planned.required) : null;
  return { state: 'planned', reason: difference === null ? null : 'differs', detail: difference };
}

/** How the order has come to differ from its invoice, which is never changed: its total, its lines. Null when it does not. */
function differenceOf(begun: Draft, required: readonly Required[]): string | null {
  const planned = required.find(({ draft }) => draft.key === begun.key)?.draft;
  if (planned?.kind !== 'invoice' || begun.kind !== 'invoice') return null;
  const total = (draft: InvoiceDraft): string => `${formatMinor(draft.total, draft.currency)} ${draft.currency}`;
  const texts = (draft: InvoiceDraft): string[] =>
    draft.lines.map(({ name, quantity, gross }) => `${quantity} × ${name} for ${formatMinor(gross, draft.currency)}`);
  const [was, is] = [texts(begun), texts(planned)];
  const differences = [
    ...(total(begun) === total(planned)
      ? []
      : [`total ${total(begun)} on the invoice, ${total(planned)} on the order`]),
    ...was.filter((line) => !is.includes(line)).map((line) => `only on the invoice: ${line}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `only on the order: ${line}`),
  ];
  return differences.length === 0 ? null : differences.join('; ');
}

async function addNew(
  tx: Tx,
  source: Source,
  provider: Provider,
  jobs: readonly JobRow[],
  required: readonly Required[],
  now: Date,
): Promise<void> {
  const invoiceHeld =
    jobs.some((job) => job.kind === 'invoice' && (job.status === 'held' || job.status === 'dead')) ||
    required.some(({ draft, hold }) => draft.kind === 'invoice' && (hold ?? unsupported(draft, provider)) !== null);
  for (const { draft, hold } of required) {
    const behind =
      invoiceHeld && draft.kind !== 'invoice' ? { reason: 'waits_for', detail: 'waits for its invoice' } : null;
    const stop = hold ?? unsupported(draft, provider) ?? behind;
    const existing = jobs.find(({ key }) => key === draft.key);
    if (existing !== undefined) {
      await refresh(tx, existing, draft, provider.name, stop, now);
      continue;
    }
    const id = await addJob(
      tx,
      {
        draft,
        provider: provider.name,
        status: stop === null ? 'pending' : 'held',
        reason: stop?.reason ?? null,
        detail: stop?.detail ?? null,
      },
      now,
    );
    if (id === null) continue;
    await note(tx, {
      sale: { source: source.identity, orderId: draft.orderId },
      at: now,
      step: 'plan',
      detail: `${draft.kind} planned${stop === null ? '' : `, held: ${stop.reason}`}`,
      data: { key: draft.key, detail: stop?.detail },
      jobId: id,
    });
  }
}

/** A payment that has its job is not planned again; until something was sent it goes where the invoice goes all the same. */
async function moveAlong(tx: Tx, { name }: Provider, jobs: readonly JobRow[], now: Date): Promise<void> {
  for (const { id, kind, provider, attempts, status } of jobs) {
    const isOpen = attempts === 0 && status !== 'running' && status !== 'done';
    if (kind !== 'invoice' && isOpen && provider !== name) await changeJob(tx, id, { provider: name }, now);
  }
}

/** Newer facts mend a job that has not begun: its draft, a hold that no longer stands, a withdrawal that came too early. */
async function refresh(
  tx: Tx,
  job: JobRow,
  draft: Draft,
  provider: string,
  hold: Hold | null,
  now: Date,
): Promise<void> {
  if (isBegun(job)) return;
  const stands = job.status === (hold === null ? 'pending' : 'held') && job.reason === (hold?.reason ?? null);
  if (stands && provider === job.provider && toJson(draft) === toJson(job.draft)) return;
  await changeJob(
    tx,
    job.id,
    {
      draft,
      provider,
      status: hold === null ? 'pending' : 'held',
      reason: hold?.reason ?? null,
      detail: hold?.detail ?? null,
      ...(stands ? {} : { next_attempt_at: now.getTime() }),
    },
    now,
  );
}

/** An order that is no longer to be invoiced takes back what has not begun. */
async function withdraw(
  tx: Tx,
  jobs: readonly JobRow[],
  why: { reason: string; detail: string },
  now: Date,
): Promise<void> {
  for (const job of jobs) {
    if (isBegun(job) || job.status === 'skipped') continue;
    await changeJob(tx, job.id, { status: 'skipped', reason: why.reason, detail: why.detail }, now);
  }
}

function unsupported(draft: Draft, provider: Provider): Hold | null {
  const why = inability(draft, provider);
  return why === null ? null : { reason: 'not_supported_by_provider', detail: why };
}

/** What the provider's API cannot do of this, and what a person does instead; null when it can. */
function inability(draft: Draft, { type, account: { capabilities } }: Provider): string | null {
  const byHand = 'then mark this as done here';
  switch (draft.kind) {
    case 'invoice': {
      const { currencies, taxRates } = capabilities;
      if (currencies !== null && !currencies.includes(draft.currency))
        return `${type} takes no ${draft.currency}: make the invoice there by hand, ${byHand}`;
      const strange = draft.lines.find(({ rate }) => rate !== null && !hasRate(taxRates, rate));
      return strange === undefined
        ? null
        : `${type} has no tax rate of ${strange.rate} % (“${strange.name}”): make the invoice there by hand, ${byHand}`;
    }
    case 'payment':
      return capabilities.payments === 'none' && !capabilities.paidAtCreation
        ? `${type} cannot record payments: mark the invoice as paid there by hand, ${byHand}`
        : null;
    case 'credit_note':
      if (capabilities.creditNotes === 'none')
        return `${type} cannot make credit notes: make it there by hand, ${byHand}`;
      return capabilities.creditNotes === 'whole' && !draft.whole
        ? `${type} can only credit a whole invoice, and this refund is a part of it: make the credit note there by hand, ${byHand}`
        : null;
    case 'send':
      return capabilities.email ? null : `${type} cannot send by e-mail: send it from there by hand, ${byHand}`;
    default:
      return assertNever(draft);
  }
}

const hasRate = (known: readonly string[] | null, rate: string): boolean =>
  known === null || known.some((one) => new Big(one).eq(rate));
