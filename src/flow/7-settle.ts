// How a piece of work on a job ends: done, held for a person, or later. Each is one transaction under the job's lease.
import type { ProviderIo } from '../connector.ts';
import type { Lookup } from '../domain/outcome.ts';
import type { Problem } from '../domain/problem.ts';
import type { Provider, Turn, Use } from '../registry.ts';
import { unlockKeys } from '../store/clients.ts';
import {
  changeJob,
  changeLeased,
  holdFollowers,
  type JobChange,
  type JobRow,
  type Lease,
  releaseFollowers,
  THAWED,
  takeLease,
} from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { blame, type DeliverParts, directIo, throttle, useOf } from './7-standing.ts';

/** A job in hand. `job` is the row as it was claimed, kept up to date with what this worker writes. */
export type Work = DeliverParts & { job: JobRow; provider: Provider; lease: Lease };

const FREE = { lease_owner: null, lease_until: null } as const;

/**
 * What a connector may use of the world for this job. Before each request the lease is renewed, which also proves that no
 * other worker has the job.
 */
export const workIo = (work: Work): ProviderIo => ({
  ...directIo(work, work.provider),
  http: (request) =>
    work.provider.paced(
      async () => {
        await renew(work);
        return work.provider.http(request);
      },
      turnOf(work, useOf(request)),
    ),
});

/** A turn among the account's requests; the lease is kept while it is waited for. */
export const turnOf = (work: Work, use: Use): Turn => ({
  use,
  waiting: () => renew(work),
  everyMs: Math.ceil(work.provider.delivery.lease / 4),
});

async function renew({ runtime, provider, store, lease }: Work): Promise<void> {
  const now = runtime.now();
  const renewed: JobChange = { lease_until: now.getTime() + provider.delivery.lease };
  await store.write((tx) => changeLeased(tx, lease, renewed, now));
}

export const saleOfJob = (job: JobRow) => ({ source: job.source, orderId: job.order_id });

/** Ends the job as done, together with what `also` records. */
export async function finish(work: Work, detail: string, also: (tx: Tx, now: Date) => Promise<void>): Promise<void> {
  const { job, runtime } = work;
  const now = runtime.now();
  await work.store.write(async (tx) => {
    await changeLeased(
      tx,
      work.lease,
      { ...FREE, ...THAWED, made: null, status: 'done', reason: null, detail: null },
      now,
    );
    await also(tx, now);
    await unlockKeys(tx, job.id);
    if (job.kind === 'invoice' || job.kind === 'credit_note') await releaseFollowers(tx, job, now);
    await note(tx, { sale: saleOfJob(job), at: now, step: 'deliver', detail, jobId: job.id });
  });
  tell(work, 'job.done', {});
}

/** Stops the job until a person decides. `candidates` are what there is to choose from. */
export async function hold(work: Work, why: Problem, change: JobChange = {}): Promise<void> {
  const { job, runtime } = work;
  const now = runtime.now();
  await work.store.write(async (tx) => {
    await changeLeased(
      tx,
      work.lease,
      { ...FREE, ...change, status: 'held', reason: why.code, detail: why.detail },
      now,
    );
    if (job.kind === 'invoice') await holdFollowers(tx, saleOfJob(job), job.id, now);
    await unlockKeys(tx, job.id);
    await note(tx, {
      sale: saleOfJob(job),
      at: now,
      step: 'deliver',
      detail: `held: ${why.code}`,
      data: { detail: why.detail },
      jobId: job.id,
    });
  });
  tell(work, 'job.held', { reason: why.code });
}

/** Puts the job back without blame: something else must move first (a lock, the account). */
export async function putBack(work: Work, reason: string, waitMs: number, change: JobChange = {}): Promise<void> {
  const now = work.runtime.now();
  const status = statusOf(change.phase === undefined ? work.job.phase : change.phase);
  await work.store.write((tx) =>
    changeLeased(tx, work.lease, { ...FREE, ...change, status, reason, next_attempt_at: now.getTime() + waitMs }, now),
  );
}

/** A phase means that something may be at the provider; such a job is shown as running while it waits to be looked up. */
const statusOf = (phase: JobRow['phase']): 'pending' | 'running' => (phase === null ? 'pending' : 'running');

/**
 * Tries again later, with full jitter. `answered`: the provider was there and answered, so that the time until the next
 * attempt counts towards giving up; time in which it could not be reached never does.
 */
export async function retryLater(work: Work, why: Problem, answered: boolean, change: JobChange = {}): Promise<void> {
  const { job, runtime, provider } = work;
  const { base, cap, giveUpAfter } = provider.delivery.retry;
  const now = runtime.now();
  const since = job.last_answered_at === null ? 0 : now.getTime() - job.last_answered_at;
  const answeredMs = job.answered_ms + since;
  if (answered && answeredMs >= giveUpAfter) {
    await hold(work, { code: 'gave_up', detail: `${why.code}: ${why.detail}` }, change);
    return;
  }
  const wait = backoff(job.failures, base, cap, runtime.random());
  await putBack(work, why.code, wait, {
    ...change,
    detail: why.detail,
    failures: job.failures + 1,
    answered_ms: answeredMs,
    last_answered_at: answered ? now.getTime() : null,
  });
  tell(work, 'job.retry', { reason: why.code, wait_ms: wait });
}

/** Full jitter: uniform between 0 and the exponential ceiling, which never exceeds the cap. */
export const backoff = (failures: number, base: number, cap: number, random: number): number =>
  Math.ceil(random * Math.min(cap, base * 2 ** Math.min(failures, 30)));

/** A search or read that failed: the job goes on later, where it stood. */
export async function lookupFailed(
  work: Work,
  lookup: Extract<Lookup<unknown>, { kind: 'failed' }>,
  change: JobChange = {},
): Promise<void> {
  if (lookup.throttled !== undefined) {
    await throttle(work, work.provider, lookup.throttled.retryAfterMs);
    await putBack(work, lookup.problem.code, 0, change);
  } else {
    await blame(work, work.provider, lookup.problem.code, lookup.account === true);
    await retryLater(work, lookup.problem, lookup.unanswered !== true, change);
  }
}

export function tell(work: Work, event: string, fields: Record<string, string | number | null>): void {
  const { job, provider } = work;
  work.log.info(event, {
    job_id: job.id,
    key: job.key,
    kind: job.kind,
    provider: provider.name,
    attempt: job.attempts,
    ...fields,
  });
}

/** Takes a job from a worker that is gone. Its fence rises, so that the old worker, should it wake, can write nothing. */
export async function takeOver(parts: DeliverParts, job: JobRow, now: Date): Promise<void> {
  const provider = parts.registry.providers.get(job.provider);
  const quarantine = provider?.delivery.quarantine ?? 0;
  const inDoubt = job.phase !== null;
  await parts.store.write(async (tx) => {
    const taken = await takeLease(tx, { jobId: job.id, fence: job.fence });
    if (!taken) return;
    await changeJob(
      tx,
      job.id,
      {
        ...FREE,
        status: inDoubt ? 'running' : 'pending',
        phase: inDoubt ? 'resolving' : null,
        doubts: job.doubts + (job.phase === 'sending' ? 1 : 0),
        next_attempt_at:
          job.phase === 'sending' ? Math.max(now.getTime(), (job.deadline ?? 0) + quarantine) : now.getTime(),
      },
      now,
    );
    if (!inDoubt) await unlockKeys(tx, job.id);
    await note(tx, {
      sale: saleOfJob(job),
      at: now,
      step: 'deliver',
      detail: 'taken over from a worker that stopped',
      jobId: job.id,
    });
  });
}
