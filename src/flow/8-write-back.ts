// The number of a finished document goes back to where the sale came from: a note on the shop's order, a word on the payment.
// The source's API looks first or sets what it sets, so that doing it again after any failure is harmless.
import type { WriteBackDraft } from '../domain/document.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever } from '../domain/result.ts';
import type { BoundApi, Source } from '../registry.ts';
import { documentsOf } from '../store/documents.ts';
import { changeLeased, claimDue, type JobChange, type JobRow, LeaseLost, nextDue } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import type { InwardParts } from './1-fetch.ts';
import { sourceCarrier } from './5-outbox.ts';
import { backoff, saleOfJob } from './7-settle.ts';

const JOBS_AT_ONCE = 4;
const LEASE_MS = 10 * 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Does what is due for this source. Returns how long there is nothing to do, in milliseconds. */
export async function writeBackStep(
  parts: InwardParts & { owner: string },
  source: Source,
  bound: BoundApi,
  idle: number,
): Promise<number> {
  const { store, runtime, owner } = parts;
  const provider = sourceCarrier(source.identity);
  const due = await nextDue(store.read, provider);
  if (due === null || due > runtime.now().getTime()) return idle;
  const claim = { provider, limit: JOBS_AT_ONCE, owner, now: runtime.now(), leaseMs: LEASE_MS, pausedSources: [] };
  const jobs = await store.write((tx) => claimDue(tx, claim));
  await Promise.all(jobs.map((job) => writeBack(parts, source, bound, job)));
  return jobs.length === JOBS_AT_ONCE ? 0 : idle;
}

async function writeBack(parts: InwardParts, source: Source, bound: BoundApi, job: JobRow): Promise<void> {
  const { runtime, log } = parts;
  if (job.draft.kind !== 'write_back') throw new Error(`job ${job.id} is no write-back`);
  const end = await outcomeOf(parts, source, bound, job, job.draft).catch(
    (error: unknown): End => ({ kind: 'later', why: problem('defect', String(error)), waitMs: LONGEST_WAIT_MS }),
  );
  const now = runtime.now();
  const change = changeFor(end, job, now, runtime.random());
  try {
    await parts.store.write(async (tx) => {
      await changeLeased(
        tx,
        { jobId: job.id, fence: job.fence },
        { ...change, lease_owner: null, lease_until: null },
        now,
      );
      if (end.kind === 'later') return;
      const detail =
        end.kind === 'done'
          ? `${end.number} left with ${job.draft.orderNumber} at ${source.name}`
          : `held: ${end.why.code}`;
      await note(tx, { sale: saleOfJob(job), at: now, step: 'deliver', detail, jobId: job.id });
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  }
  log.info(`job.${end.kind === 'later' ? 'retry' : end.kind}`, { job_id: job.id, key: job.key, kind: job.kind });
}

type End =
  | { kind: 'done'; number: string }
  | { kind: 'held'; why: Problem }
  | { kind: 'later'; why: Problem; waitMs: number | null };

async function outcomeOf(
  { store }: InwardParts,
  source: Source,
  { api, io }: BoundApi,
  job: JobRow,
  draft: WriteBackDraft,
): Promise<End> {
  const document = (await documentsOf(store.read, saleOfJob(job))).find(({ key }) => key === draft.document);
  if (document === undefined || document.state === 'draft') {
    return { kind: 'later', why: problem('waits_for', 'the document has no number yet'), waitMs: 60_000 };
  }
  if (api.writeBack === null) {
    const detail = `${source.type} has no place for the number of a document: write it there by hand, then mark this as done`;
    return { kind: 'held', why: problem('not_supported_by_source', detail) };
  }
  const kind = document.kind === 'credit_note' ? ('credit_note' as const) : ('invoice' as const);
  const { key, number, public_url: url } = document;
  const outcome = await api.writeBack({ key, orderId: draft.target, kind, number, url }, io);
  switch (outcome.kind) {
    case 'done':
      return { kind: 'done', number };
    case 'not_sent':
    case 'unknown':
      return { kind: 'later', why: outcome.problem, waitMs: null };
    case 'rejected': {
      const { rejection, problem: why } = outcome;
      if (rejection.kind === 'throttled') return { kind: 'later', why, waitMs: rejection.retryAfterMs ?? 60_000 };
      return { kind: 'held', why: problem('write_back_refused', `${why.code}: ${why.detail}`) };
    }
    default:
      return assertNever(outcome);
  }
}

function changeFor(end: End, job: JobRow, now: Date, random: number): JobChange {
  switch (end.kind) {
    case 'done':
      return { status: 'done', reason: null, detail: null, attempts: job.attempts + 1 };
    case 'held':
      return { status: 'held', reason: end.why.code, detail: end.why.detail, attempts: job.attempts + 1 };
    case 'later': {
      const wait = end.waitMs ?? backoff(job.failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
      return {
        status: 'pending',
        reason: end.why.code,
        detail: end.why.detail,
        failures: job.failures + 1,
        next_attempt_at: now.getTime() + wait,
      };
    }
    default:
      return assertNever(end);
  }
}
