// Trying a job again now. What may already be at the provider is looked up; it is never simply sent.
import { ok } from '../domain/result.ts';
import { changeJob, type JobChange, type JobRow, jobById } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import { retryRefusal } from './held-reasons.ts';
import { decisionOf, type JobView, showJob } from './jobs.ts';
import { type Answered, conflict, notFound, type OperationParts } from './parts.ts';

/**
 * Makes a job due now, whatever its schedule: a pending or failed one is sent, one whose last outcome is unknown is looked
 * up. Refused for a job that a worker has in hand, that is over, or whose hold needs an answer.
 */
export async function retryJob(parts: OperationParts, id: number): Promise<Answered<JobView>> {
  const { store, runtime, log } = parts;
  const refusal = await store.write(async (tx): Promise<Answered<null>> => {
    const job = await jobById(tx, id);
    if (job === undefined) return notFound('job_not_found', `there is no job ${id}`);
    const why = retryRefusal(job);
    if (why !== null) return conflict(why, decisionOf(job));
    const now = runtime.now();
    await changeJob(tx, id, retried(job, now), now);
    const detail = job.phase === null ? 'a person asked to try again' : 'a person asked to look it up now';
    await note(tx, { sale: { source: job.source, orderId: job.order_id }, at: now, step: 'person', detail, jobId: id });
    return ok(null);
  });
  if (!refusal.ok) return refusal;
  log.info('job.retried', { job_id: id });
  parts.wake();
  return showJob(parts, id);
}

function retried(job: JobRow, now: Date): JobChange {
  const due: JobChange = { next_attempt_at: now.getTime() };
  // Why it runs decides how its look-ups are read; only a hold that is lifted begins afresh.
  if (job.status === 'pending') return due;
  if (job.status === 'running') return { ...due, phase: 'resolving' };
  const fresh: JobChange = { ...due, reason: null, detail: null, failures: 0, answered_ms: 0, last_answered_at: null };
  return job.phase === null
    ? { ...fresh, status: 'pending' }
    : { ...fresh, status: 'running', phase: 'resolving', empty_lookups: 0 };
}
