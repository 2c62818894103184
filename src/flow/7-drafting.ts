// Documents that may come about in steps. A draft is made once, under the protocol; its id is kept at once, and the rest is
// by id and repeatable: filled, compared with what was asked, made final.
import type { DocumentEffect, Drafting, ProviderIo } from '../connector.ts';
import type { Issued } from '../domain/document.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever, ok, type Result } from '../domain/result.ts';
import { changeLeased, type JobChange, THAWED } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import { freshRequest, type Performed, perform, type Step } from './7-protocol.ts';
import { hold, lookupFailed, putBack, retryLater, saleOfJob, type Work } from './7-settle.ts';
import { blame, praise, throttle } from './7-standing.ts';

export type DocumentStep<Intent> = Omit<Step<Intent, Issued>, 'effect' | 'mismatch' | 'narrow'> & {
  effect: DocumentEffect<Intent>;
  /** What is wrong with a document, if it is not what was asked for: it is held instead of finalised or recorded. */
  mismatch(issued: Issued): Problem | null;
  /** False leaves a draft for a person to finalise. */
  finalize: boolean;
};

/** Brings a document about, final or left as a draft, or leaves the job in a state from which it goes on later. */
export async function performDocument<I>(
  work: Work,
  io: ProviderIo,
  step: DocumentStep<I>,
): Promise<Performed<Issued>> {
  const { job } = work;
  const resumed = job.made;
  const begun =
    resumed === null
      ? await perform(work, io, {
          ...step,
          // A draft says nothing yet that could be compared.
          mismatch: (issued) => (issued.state === 'draft' ? null : step.mismatch(issued)),
          narrow: oneOf,
        })
      : { value: resumed, adopted: true };
  if (begun === null || (resumed === null && begun.value.state === 'final')) return begun;
  const { drafting } = step.effect;
  if (drafting === null) throw new Error(`${work.provider.type} made a draft and cannot finish it`);
  if (resumed === null) await keepDraft(work, begun.value);
  const value = await finishDraft(work, io, step, drafting, begun.value, resumed !== null || begun.adopted);
  return value === null ? null : { value, adopted: begun.adopted };
}

/** Of several that bear the marker a final one counts; of drafts alone the oldest is kept, the others are deleted later. */
function oneOf(found: readonly Issued[]): readonly Issued[] {
  const final = found.filter(({ state }) => state === 'final');
  return final.length > 0 ? final : found.toSorted(oldestFirst).slice(0, 1);
}

const oldestFirst = (a: Issued, b: Issued): number => a.providerId.localeCompare(b.providerId, 'en', { numeric: true });

/** From here on the draft is never made again: its outcome is proved. The request stays, it says what the draft was made with. */
async function keepDraft(work: Work, made: Issued): Promise<void> {
  const { job, runtime } = work;
  const change: JobChange = { made, phase: null, step: 'document', empty_lookups: 0, candidates: null };
  await work.store.write((tx) => changeLeased(tx, work.lease, change, runtime.now()));
  Object.assign(job, { ...change, made });
}

async function finishDraft<I>(
  work: Work,
  io: ProviderIo,
  step: DocumentStep<I>,
  drafting: Drafting,
  known: Issued,
  resumed: boolean,
): Promise<Issued | null> {
  const current = resumed ? await readAgain(work, io, known) : known;
  if (current === null) return null;
  const document = await settleStrays(work, io, step, drafting, current);
  if (document === null) return null;
  if (document.state === 'final') return accepted(work, step, document);

  const request = requestToFill(work, step);
  if (!request.ok) {
    await hold(work, request.error, TO_COMPOSE_ANEW);
    return null;
  }
  const { text, anew } = request.value;
  const filling = await settled(work, await drafting.fill(document, text, anew, io));
  if (filling === null) return null;
  const filled = filling.value;
  if (filled.state === 'final') return accepted(work, step, filled);
  const wrong = step.mismatch(filled);
  if (wrong !== null) {
    const code = wrong.code === 'issued_with_other_total' ? 'draft_total_differs' : wrong.code;
    await hold(work, { ...wrong, code }, { ...TO_COMPOSE_ANEW, candidates: [filled] });
    return null;
  }
  if (!step.finalize) return filled;
  const final = await settled(work, await drafting.finalize(filled, text, io));
  return final === null ? null : accepted(work, step, final.value);
}

/** The held draft is filled again from what the mapping and the settings then say. */
const TO_COMPOSE_ANEW: JobChange = { composed_for: null };

async function accepted<I>(work: Work, step: DocumentStep<I>, final: Issued): Promise<Issued | null> {
  if (final.state !== 'final') {
    await hold(work, problem('not_final', `${work.provider.type} left the document a draft without saying why`));
    return null;
  }
  const wrong = step.mismatch(final);
  if (wrong === null) return final;
  await hold(work, wrong, { candidates: [final] });
  return null;
}

async function readAgain(work: Work, io: ProviderIo, draft: Issued): Promise<Issued | null> {
  const lookup = await work.provider.account.read(draft.providerId, io);
  if (lookup.kind === 'failed') {
    await lookupFailed(work, lookup);
    return null;
  }
  await praise(work, work.provider);
  const [document] = lookup.items;
  if (document === undefined) await holdGone(work, draft);
  return document ?? null;
}

const holdGone = (work: Work, { providerId }: Pick<Issued, 'providerId'>): Promise<void> =>
  hold(
    work,
    problem('draft_gone', `draft ${providerId} is no longer at ${work.provider.name}: somebody deleted it there`),
    { ...THAWED, made: null },
  );

/**
 * After an attempt whose outcome was unknown there may be more drafts than one, or somebody finalised another one: a final
 * document wins, drafts beside it are deleted where the provider lets us.
 */
async function settleStrays<I>(
  work: Work,
  io: ProviderIo,
  step: DocumentStep<I>,
  drafting: Drafting,
  ours: Issued,
): Promise<Issued | null> {
  const { find } = step.effect;
  if (find === null || drafting.discard === null || work.job.doubts === 0) return ours;
  const lookup = await find(step.intent, work.job.request ?? '', io);
  if (lookup.kind === 'failed') {
    await lookupFailed(work, lookup);
    return null;
  }
  const others = lookup.items.filter(({ providerId }) => providerId !== ours.providerId);
  const final = others.find(({ state }) => state === 'final');
  const kept = ours.state === 'draft' ? (final ?? ours) : ours;
  // Before ours is deleted it is no longer the one to go on with.
  if (kept !== ours) await keepDraft(work, kept);
  for (const stray of [ours, ...others]) {
    if (stray.providerId === kept.providerId || stray.state === 'final') continue;
    const discarded = await settled(work, await drafting.discard(stray, io));
    if (discarded === null) return null;
    await remark(work, `a second draft of this document, ${stray.providerId}, was deleted`);
  }
  return kept;
}

/** `anew`: the draft was not made with it. */
type ToFill = { text: string; anew: boolean };

/** The request that the draft was made with, or one composed anew on another day: numbers and dates must rise together. */
function requestToFill<I>({ job }: Work, step: DocumentStep<I>): Result<ToFill> {
  if (job.request !== null && job.composed_for === step.context.today) return ok({ text: job.request, anew: false });
  const composed = freshRequest(step);
  return composed.ok ? ok({ text: composed.value, anew: true }) : composed;
}

/** The value of a repeatable step, or null: then the job waits, and the step is repeated from a fresh look at the draft. */
async function settled<V>(work: Work, outcome: Outcome<V>): Promise<{ value: V } | null> {
  const { provider } = work;
  switch (outcome.kind) {
    case 'done':
      await praise(work, provider);
      return { value: outcome.value };
    case 'not_sent':
      await blame(work, provider, outcome.problem.code, false);
      await retryLater(work, outcome.problem, false);
      return null;
    case 'unknown':
      await blame(work, provider, outcome.problem.code, false);
      // What was asked may still come into effect: the draft is looked at again once it must have.
      await putBack(work, outcome.problem.code, provider.delivery.quarantine, { detail: outcome.problem.detail });
      return null;
    case 'rejected':
      await rejected(work, outcome);
      return null;
    default:
      return assertNever(outcome);
  }
}

async function rejected(
  work: Work,
  { rejection, problem: told }: Extract<Outcome<unknown>, { kind: 'rejected' }>,
): Promise<void> {
  const { provider, job } = work;
  switch (rejection.kind) {
    case 'throttled':
      await throttle(work, provider, rejection.retryAfterMs);
      return putBack(work, told.code, 0, { detail: told.detail });
    case 'account':
      await blame(work, provider, told.code, true);
      return putBack(work, told.code, 0, { detail: told.detail });
    case 'gone':
      return holdGone(work, { providerId: job.made?.providerId ?? '' });
    case 'refused':
    case 'exists':
    case 'stale_client':
      await praise(work, provider);
      return hold(work, problem(`${job.kind}_refused`, told.detail), TO_COMPOSE_ANEW);
    default:
      return assertNever(rejection);
  }
}

const remark = (work: Work, detail: string): Promise<void> =>
  work.store.write((tx) =>
    note(tx, { sale: saleOfJob(work.job), at: work.runtime.now(), step: 'deliver', detail, jobId: work.job.id }),
  );
