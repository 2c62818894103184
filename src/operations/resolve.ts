// A person's answer to a held job. Two people may answer at once: one answer stands, the other is told which.
import type { Issued } from '../domain/document.ts';
import { formatMinor } from '../domain/money.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { ok } from '../domain/result.ts';
import { type JobRow, jobById } from '../store/jobs.ts';
import { lookUpDocument } from './adopt.ts';
import { type Answer, answerKind } from './answers.ts';
import { heldReason } from './held-reasons.ts';
import { amountOf, decisionOf, type JobView, showJob } from './jobs.ts';
import { type Answered, conflict, notFound, type OperationParts } from './parts.ts';
import { takeAnswer } from './take-answer.ts';

export type Resolved = JobView & {
  /** What the person should know of the answer that was taken: a total that differs. */
  warning: string | null;
};

/**
 * Takes a person's answer to a held job. Refused with the standing decision when the job is not held any more, and when
 * the reason for which it is held does not take this answer. A document that is named is read at the provider first.
 */
export async function resolveJob(parts: OperationParts, id: number, answer: Answer): Promise<Answered<Resolved>> {
  const { store, runtime, log } = parts;
  const seen = answerable(await jobById(store.read, id), id, answer);
  if (!seen.ok) return seen;
  const issued = 'invoice_id' in answer ? await lookUpDocument(parts, seen.value, answer.invoice_id) : ok(null);
  if (!issued.ok) return issued;

  const taken = await store.write(async (tx): Promise<Answered<null>> => {
    // Asked again inside the transaction: whoever comes second finds the job as the first left it.
    const held = answerable(await jobById(tx, id), id, answer);
    return held.ok ? takeAnswer(tx, { job: held.value, answer, issued: issued.value, now: runtime.now() }) : held;
  });
  if (!taken.ok) return taken;
  log.info('job.resolved', { job_id: id, key: seen.value.key, answer: answerKind(answer) });
  parts.wake();
  const shown = await showJob(parts, id);
  return shown.ok ? ok({ ...shown.value, warning: otherTotal(seen.value, issued.value) }) : shown;
}

/** The job, if it is held for a reason that takes this answer. */
function answerable(job: JobRow | undefined, id: number, answer: Answer): Answered<JobRow> {
  if (job === undefined) return notFound('job_not_found', `there is no job ${id}`);
  const why = whyNot(job, answer);
  return why === null ? ok(job) : conflict(why, decisionOf(job));
}

function whyNot(job: JobRow, answer: Answer): Problem | null {
  if (job.lease_owner !== null) return problem('job_in_hand', `job ${job.id} is being worked on right now`);
  if (job.status !== 'held') {
    return problem('job_not_held', `job ${job.id} is ${job.status}: there is nothing to answer`);
  }
  const misfit = whyUnfit(job, answer);
  return misfit === null ? null : problem('answer_does_not_fit', misfit);
}

function whyUnfit(job: JobRow, answer: Answer): string | null {
  const { answers, help } = heldReason(job);
  const kind = answerKind(answer);
  if (!answers.includes(kind)) return `a job held for ${job.reason} takes ${answers.join(', ')}. ${help}`;
  const inDoubt = job.phase !== null;
  if (kind === 'send_again' && !inDoubt) return 'nothing was sent whose outcome is unknown: try again instead';
  if (kind === 'client_id' && (job.kind !== 'invoice' || (inDoubt && job.step === 'document'))) {
    return 'the document itself may exist already: say what became of it, not whom it is for';
  }
  if (kind === 'invoice_id' && !isDocument(job)) return `a ${job.kind} is no document: say that it was done by hand`;
  if (kind === 'invoice_id' && inDoubt && job.step === 'client') return 'it is the client that is in doubt: name it';
  return null;
}

const isDocument = ({ kind }: JobRow): boolean => kind === 'invoice' || kind === 'credit_note';

function otherTotal(job: JobRow, issued: Issued | null): string | null {
  const expected = amountOf(job.draft);
  if (issued === null || expected === null) return null;
  if (issued.total === expected && issued.currency === job.draft.currency) return null;
  const theirs = `${formatMinor(issued.total, issued.currency)} ${issued.currency}`;
  return `${issued.number} is of ${theirs}, not of ${formatMinor(expected, job.draft.currency)} ${job.draft.currency}`;
}
