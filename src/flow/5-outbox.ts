// The outbox's upstream end: what a sale requires becomes jobs, each once for its key, in the transaction of the facts.
import { antecedentOf, type Draft, type InvoiceDraft } from '../domain/document.ts';
import { toJson } from '../domain/json.ts';
import { formatMinor } from '../domain/money.ts';
import type { SaleRef } from '../domain/order.ts';
import type { SaleState } from '../domain/states.ts';
import { type Provider, providerFor, type Registry, type Source, sourceByIdentity } from '../registry.ts';
import { addJob, changeJob, isBegun, type JobRow, jobsOf } from '../store/jobs.ts';
import { type SaleRow, saleOf, setSaleState } from '../store/sales.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { plan } from './4-plan.ts';
import type { Hold, Required } from './4-sale.ts';
import { unsupported } from './5-abilities.ts';
import { saleAsKnown } from './5-known.ts';

/** Where a sale stands after planning, for the event that caused it and for people. */
export type Verdict = { state: SaleState; reason: string | null; detail: string | null };

/** Plans a sale anew and makes the outbox agree with it. Jobs that have begun are never changed here. */
export async function planSale(tx: Tx, registry: Registry, ref: SaleRef, now: Date): Promise<Verdict> {
  const row = await saleOf(tx, ref);
  const source = sourceByIdentity(registry, ref.source);
  if (row === undefined || source === undefined) throw new Error(`sale ${ref.source}/${ref.orderId} cannot be planned`);
  if (row.reason === ADOPTED) {
    await setSaleState(tx, ref, { ...row, dueAt: null });
    return row;
  }
  const jobs = await jobsOf(tx, ref);
  const { verdict, dueAt } = await bringAbout(tx, registry, source, row, jobs, now);
  const changed = verdict.state !== row.state || verdict.reason !== row.reason;
  await setSaleState(tx, ref, { ...verdict, dueAt });
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

/** The sale of a payment whose documents have gone to the shop's order that claimed it: nothing of it is planned any more. */
export const ADOPTED = 'adopted_by_order';

async function bringAbout(
  tx: Tx,
  registry: Registry,
  source: Source,
  row: SaleRow,
  jobs: readonly JobRow[],
  now: Date,
): Promise<{ verdict: Verdict; dueAt: number | null }> {
  const planned = plan(await saleAsKnown(tx, registry, source, row, jobs), source.invoicing, source.startAt, now);
  if (planned.kind !== 'documents') {
    await withdraw(tx, jobs, planned, now);
    return { verdict: { state: planned.kind, reason: planned.reason, detail: planned.detail }, dueAt: null };
  }
  const invoice = jobs.find(({ kind }) => kind === 'invoice');
  // Whatever follows an invoice goes where the invoice went.
  const name = invoice !== undefined && isBegun(invoice) ? invoice.provider : providerFor(source, row.order);
  const provider = registry.providers.get(name);
  if (provider === undefined) throw new Error(`source ${source.name} has no provider ${name}`);
  if (invoice?.status === 'skipped' && invoice.decision !== null) {
    return { verdict: { state: 'ignored', reason: 'skipped_by_person', detail: invoice.detail }, dueAt: null };
  }
  const { required, dueAt, issued, fresh } = planned;
  await withdraw(
    tx,
    jobs.filter((job) => isDueNoMore(job, invoice, required)),
    NOT_DUE,
    now,
  );
  await addNew(tx, source, provider, jobs, required, now);
  await moveAlong(tx, provider, jobs, now);
  const doubtful = required.find(
    ({ draft, hold }) => draft.kind === 'invoice' && hold !== null && hold.reason !== 'approval',
  );
  if (doubtful?.hold && issued === null) return { verdict: { state: 'doubtful', ...doubtful.hold }, dueAt };
  const difference = issued === null ? null : differenceOf(issued, fresh);
  const { doubt } = row.order;
  const remark = difference === null ? { reason: doubt?.code ?? null, detail: doubt?.detail ?? null } : null;
  return { verdict: { state: 'planned', ...(remark ?? { reason: 'differs', detail: difference }) }, dueAt };
}

const NOT_DUE = { reason: 'due_no_more', detail: 'what it was planned for has been taken back' };

/** What later facts have undone before it began: all but the first invoice and the payments of invoices that are due. */
function isDueNoMore(
  { id, key, kind, draft, reason }: JobRow,
  first: JobRow | undefined,
  required: readonly Required[],
): boolean {
  if (required.some((one) => one.draft.key === key)) return false;
  if (draft.kind === 'payment') {
    // A payment that is on its way with its invoice is not planned again, and stays as long as that; one that was too much
    // lapses with what made it so.
    const isOdd = draft.received.amount < 0n || reason === 'amount_differs';
    return isOdd || (draft.invoice !== '' && !required.some((one) => one.draft.key === draft.invoice));
  }
  return kind !== 'send' && id !== first?.id;
}

/** How the order has come to differ from its invoice, which is never changed: its total, its lines. Null when it does not. */
function differenceOf(issued: InvoiceDraft, fresh: InvoiceDraft): string | null {
  const total = (draft: InvoiceDraft): string => `${formatMinor(draft.total, draft.currency)} ${draft.currency}`;
  const texts = (draft: InvoiceDraft): string[] =>
    draft.lines.map(({ name, quantity, gross }) => `${quantity} × ${name} for ${formatMinor(gross, draft.currency)}`);
  const [was, is] = [texts(issued), texts(fresh)];
  const differences = [
    ...(total(issued) === total(fresh) ? [] : [`total ${total(issued)} on the invoice, ${total(fresh)} on the order`]),
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
  // Keys of documents that do not go on by themselves: what belongs to them waits, and says so.
  const stopped = new Set(jobs.filter(({ status }) => status === 'held' || status === 'dead').map(({ key }) => key));
  const first = required.find(({ draft }) => draft.kind === 'invoice')?.draft.key ?? '';
  for (const { draft, hold, at } of required) {
    const carrier = at === undefined ? provider.name : sourceCarrier(at);
    const behind = stopped.has(antecedentOf(draft, first) ?? '') ? WAITS_FOR : null;
    const stop = hold ?? (at === undefined ? unsupported(draft, provider) : null) ?? behind;
    const existing = jobs.find(({ key }) => key === draft.key);
    if (stop !== null && !(existing && isBegun(existing))) stopped.add(draft.key);
    if (existing !== undefined) {
      await refresh(tx, existing, draft, carrier, stop, now);
      continue;
    }
    const id = await addJob(
      tx,
      {
        draft,
        provider: carrier,
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

const WAITS_FOR: Hold = { reason: 'waits_for', detail: 'waits for the document that it belongs to' };

/** What does a job that no provider does: the source whose shop is written to. */
export const sourceCarrier = (identity: string): string => `source:${identity}`;

/** A payment that has its job is not planned again; until something was sent it goes where the invoice goes all the same. */
async function moveAlong(tx: Tx, { name }: Provider, jobs: readonly JobRow[], now: Date): Promise<void> {
  for (const { id, kind, provider, attempts, status } of jobs) {
    const isOpen = attempts === 0 && status !== 'running' && status !== 'done';
    const follows = kind !== 'invoice' && kind !== 'write_back';
    if (follows && isOpen && provider !== name) await changeJob(tx, id, { provider: name }, now);
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
  const isSame = provider === job.provider && toJson(draft) === toJson(job.draft);
  // What was refused as it is, is not asked for again as it is.
  if (isSame && (stands || job.attempts > 0)) return;
  await changeJob(
    tx,
    job.id,
    {
      draft,
      ...(isSame ? {} : { client: null }),
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
