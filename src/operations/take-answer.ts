// What each answer to a held job does. One transaction: the job, what follows it, and a line in the order's timeline.
import { type Client, ClientSchema } from '../domain/client.ts';
import { byHandId, type Draft, type Issued } from '../domain/document.ts';
import { min, sum } from '../domain/money.ts';
import { assertNever, ok } from '../domain/result.ts';
import { unlockKeys } from '../store/clients.ts';
import { addDocument, documentsOf } from '../store/documents.ts';
import { changeJob, type JobChange, type JobRow, jobsOf, releaseFollowers, THAWED } from '../store/jobs.ts';
import { planSoon } from '../store/sales.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { unlessTaken } from './adopt.ts';
import type { Answer, Decision } from './answers.ts';
import { amountOf, candidatesIn } from './jobs.ts';
import { type Answered, invalid } from './parts.ts';

/** A held job in a transaction, the answer that fits it, and the document that the answer names, as it was read. */
type Taking = { job: JobRow; answer: Answer; issued: Issued | null; now: Date };

/** A job that begins afresh: no attempt, no draft, no candidates, no count of failures. */
const AFRESH: JobChange = {
  ...THAWED,
  made: null,
  paid_before: null,
  candidates: null,
  failures: 0,
  answered_ms: 0,
  last_answered_at: null,
  reason: null,
  detail: null,
};

/** Writes the answer and all that follows from it, or refuses it and writes nothing. */
export async function takeAnswer(tx: Tx, taking: Taking): Promise<Answered<null>> {
  const { job, answer, now } = taking;
  const told = await effectOf(tx, taking);
  if (!told.ok) return told;
  await note(tx, {
    sale: saleOf(job),
    at: now,
    step: 'person',
    detail: told.value + wordOnDraft(job, answer),
    data: { answer, held_for: job.reason },
    jobId: job.id,
  });
  return ok(null);
}

/** Does what the answer says; returns the sentence that tells of it. */
async function effectOf(tx: Tx, taking: Taking): Promise<Answered<string>> {
  const { job, answer, issued, now } = taking;
  const decision: Decision = { answer, at: now.toISOString() };
  const change = (what: JobChange): Promise<void> => changeJob(tx, job.id, { ...AFRESH, decision, ...what }, now);
  const due: JobChange = { status: 'pending', next_attempt_at: now.getTime() };

  if ('client_id' in answer) {
    // A draft for the former client is in doubt from now on: where it can be found it is deleted.
    const doubts = job.doubts + (job.made === null ? 0 : 1);
    await change({ ...due, client: clientNamed(job, answer.client_id), doubts });
    return ok(`a person chose client ${answer.client_id}`);
  }
  if ('invoice_id' in answer) {
    if (issued === null) throw new Error('a document is adopted only after it was read');
    const free = await unlessTaken(tx, job, issued);
    if (!free.ok) return free;
    await change({ status: 'done' });
    await addDocument(tx, job, issued, now);
    await letFollowersGo(tx, job, now);
    return ok(`a person named ${issued.number || issued.providerId} as this document`);
  }
  if ('send_again' in answer) {
    await change(due);
    return ok('a person made sure that it is not at the provider: it is sent again');
  }
  if ('done_by_hand' in answer) {
    await change({ status: 'done' });
    const made = madeByHand(job, answer.done_by_hand.number ?? '');
    if (made !== null) await addDocument(tx, job, made, now);
    await letFollowersGo(tx, job, now);
    return ok('a person did this by hand');
  }
  if ('skip' in answer) {
    await change({ status: 'skipped', reason: 'skipped_by_person', detail: answer.skip });
    if (job.kind === 'invoice') await skipFollowers(tx, job, decision, now);
    await letFollowersGo(tx, job, now);
    return ok('a person decided that this is not to be done');
  }
  if ('approve' in answer) {
    const draft = await approvedDraft(tx, job);
    if (!draft.ok) return draft;
    await change({ ...due, draft: draft.value });
    return ok('a person approved this');
  }
  return assertNever(answer);
}

/** A draft that this answer leaves behind at the provider. */
function wordOnDraft({ made, provider }: JobRow, answer: Answer): string {
  if (made === null || ('invoice_id' in answer && answer.invoice_id === made.providerId)) return '';
  return `; draft ${made.providerId} at ${provider} is not used any more`;
}

const saleOf = (job: JobRow) => ({ source: job.source, orderId: job.order_id });

async function letFollowersGo(tx: Tx, job: JobRow, now: Date): Promise<void> {
  await unlockKeys(tx, job.id);
  await releaseFollowers(tx, job, now);
  // What is due may have changed with the decision: an edit that is left as it is needs no second invoice.
  await planSoon(tx, saleOf(job), now);
}

/** The candidate of that id; of a client that was not listed only the id is known, which is all that a document needs. */
const clientNamed = (job: JobRow, id: string): Client =>
  candidatesIn(job, ClientSchema).find((client) => client.id === id) ?? {
    id,
    name: '',
    kind: null,
    email: null,
    taxNumber: null,
    externalId: null,
    empty: [],
  };

/** What we record of a document that we cannot see; null for a job that makes none. */
function madeByHand({ id, kind, draft, key }: JobRow, number: string): Issued | null {
  if (kind !== 'invoice' && kind !== 'credit_note') return null;
  return {
    providerId: byHandId(id),
    number,
    total: amountOf(draft) ?? 0n,
    currency: draft.currency,
    paid: 0n,
    clientId: null,
    marker: key,
    kind,
    state: 'final',
    publicUrl: null,
  };
}

/** Nothing is recorded on, sent with or credited to an invoice that is never made. */
async function skipFollowers(tx: Tx, invoice: JobRow, decision: Decision, now: Date): Promise<void> {
  for (const job of await jobsOf(tx, saleOf(invoice))) {
    const open = job.status === 'pending' || job.status === 'held' || job.status === 'dead';
    if (job.id <= invoice.id || !open) continue;
    const detail = `its invoice (job ${invoice.id}) is not to be made`;
    // The decision keeps newer facts from planning the job anew.
    await changeJob(tx, job.id, { ...AFRESH, status: 'skipped', reason: 'invoice_skipped', detail, decision }, now);
  }
}

/**
 * The draft that an approval releases: as it is, but for a payment that is more than its invoice has open. Of that, what is
 * open is recorded; the rest stays visible in the order's payments.
 */
async function approvedDraft(tx: Tx, job: JobRow): Promise<Answered<Draft>> {
  const { draft } = job;
  if (job.reason !== 'amount_differs' || draft.kind !== 'payment') return ok(draft);
  const open = await openAmount(tx, job);
  if (open <= 0n) return invalid('nothing_open', 'the invoice is paid in full: skip this payment, or refund it');
  const amount = min(draft.received.amount, open);
  return amount === draft.received.amount
    ? ok(draft)
    : ok({ ...draft, received: { ...draft.received, amount, label: `${draft.received.label} (part)`.trim() } });
}

/** What the sale's invoice still has open: its total without the other payments that are recorded or on their way. */
async function openAmount(tx: Tx, payment: JobRow): Promise<bigint> {
  const of = payment.draft.kind === 'payment' ? payment.draft.invoice : '';
  const jobs = await jobsOf(tx, saleOf(payment));
  const isOf = ({ kind, key }: { kind: string; key: string }): boolean =>
    kind === 'invoice' && (of === '' || key === of);
  const document = (await documentsOf(tx, saleOf(payment))).find(isOf);
  const planned = jobs.flatMap(({ draft }) => (draft.kind === 'invoice' && isOf(draft) ? [draft.total] : []));
  const total = document?.total ?? sum(planned.slice(0, 1));
  const others = jobs.flatMap(({ id, draft, status, reason }) =>
    draft.kind === 'payment' &&
    draft.received.amount > 0n &&
    draft.invoice === of &&
    id !== payment.id &&
    status !== 'skipped' &&
    reason !== 'amount_differs'
      ? [draft.received.amount]
      : [],
  );
  return min(total - sum(others), total - (document?.paid ?? 0n));
}
