// Exactly once, without the provider's help: record the intent, send, and when the outcome is not proved look before
// anything is sent again. One protocol for every effect: clients, invoices, payments, credit notes.
import type { ComposeContext, Effect, ProviderIo } from '../connector.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever, type Result } from '../domain/result.ts';
import { changeLeased, type JobChange, THAWED } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import { hold, lookupFailed, putBack, retryLater, saleOfJob, tell, turnOf, type Work } from './7-settle.ts';
import { blame, directIo, praise, throttle } from './7-standing.ts';

/** The step's value, or nothing because the job was put back, held or lost: then there is nothing more to do now. */
export type Performed<V> = { value: V; adopted: boolean } | null;

export type Step<Intent, Value> = {
  name: 'client' | 'document';
  effect: Effect<Intent, Value>;
  intent: Intent;
  context: ComposeContext;
  /** Written together with the intent to send. */
  with?: JobChange;
  /** A last look at the request before it is frozen: the reason not to send it, if there is one. */
  refuse?(request: string): Problem | null;
  /** What is wrong with a value that was found by its marker, if it is not what was asked for. */
  mismatch?(value: Value): Problem | null;
  /** Of several that bear the marker, those that may be the one. */
  narrow?(found: readonly Value[]): readonly Value[];
  /** Called when the provider says that the client named in the request is gone. */
  staleClient?(): Promise<void>;
};

/** Empty look-ups in a row before a missing effect counts as not done. */
const EMPTY_LOOKUPS_NEEDED = 2;
/** Empty look-ups after "it exists already" before a person is asked: the search may lag behind the refusal. */
const LOOKUPS_FOR_EXISTING = 10;

/** Brings one effect about, or leaves the job in a state from which it goes on later. */
export async function perform<I, V>(work: Work, io: ProviderIo, step: Step<I, V>): Promise<Performed<V>> {
  const { job } = work;
  if (job.phase === 'resolving' && job.step === step.name) return resolve(work, io, step);
  const request = freshRequest(step);
  if (!request.ok) {
    await hold(work, request.error);
    return null;
  }
  return send(work, io, step, request.value);
}

/** The request for the intent as it stands now. */
export function freshRequest<I, V>(step: Pick<Step<I, V>, 'effect' | 'intent' | 'context' | 'refuse'>): Result<string> {
  const composed = step.effect.compose(step.intent, step.context);
  if (!composed.ok) return composed;
  const refusal = step.refuse?.(composed.value) ?? null;
  return refusal === null ? composed : { ok: false, error: refusal };
}

/** The intent is recorded when the account's pace lets the request go, so that its deadline is the request's own. */
async function send<I, V>(work: Work, io: ProviderIo, step: Step<I, V>, request: string): Promise<Performed<V>> {
  const outcome = await work.provider.paced(
    async () => {
      await recordIntent(work, step, request);
      return step.effect.send(request, directIo(work, work.provider));
    },
    turnOf(work, 'send'),
  );
  tell(work, 'job.sent', { step: step.name, outcome: outcome.kind });
  return settle(work, io, step, outcome);
}

async function recordIntent<I, V>(work: Work, step: Step<I, V>, request: string): Promise<void> {
  const { job, runtime, provider } = work;
  const now = runtime.now();
  const intent: JobChange = {
    ...step.with,
    step: step.name,
    phase: 'sending',
    attempts: job.attempts + 1,
    request,
    composed_for: step.context.today,
    deadline: now.getTime() + provider.delivery.timeout,
    lease_until: now.getTime() + provider.delivery.lease,
    empty_lookups: 0,
    reason: null,
    detail: null,
  };
  await work.store.write((tx) => changeLeased(tx, work.lease, intent, now));
  Object.assign(job, { ...intent, paid_before: job.paid_before, client: intent.client ?? job.client });
}

async function settle<I, V>(work: Work, io: ProviderIo, step: Step<I, V>, outcome: Outcome<V>): Promise<Performed<V>> {
  const { runtime, provider, job } = work;
  switch (outcome.kind) {
    case 'done': {
      await praise(work, provider);
      const wrong = step.mismatch?.(outcome.value) ?? null;
      if (wrong === null) return { value: outcome.value, adopted: false };
      await hold(work, wrong, { candidates: [outcome.value] });
      return null;
    }
    case 'not_sent':
      await blame(work, provider, outcome.problem.code, false);
      await retryLater(work, outcome.problem, false, THAWED);
      return null;
    case 'unknown': {
      await blame(work, provider, outcome.problem.code, false);
      job.doubts += 1;
      if (step.effect.find === null) {
        await withoutLookup(work, step, outcome.problem);
        return null;
      }
      // Late commits land within the quarantine, counted from the instant by which this attempt had to be answered.
      const lookAt = (job.deadline ?? runtime.now().getTime()) + provider.delivery.quarantine;
      await putBack(work, outcome.problem.code, Math.max(0, lookAt - runtime.now().getTime()), {
        phase: 'resolving',
        doubts: job.doubts,
        detail: outcome.problem.detail,
      });
      await remark(
        work,
        `outcome of attempt ${job.attempts} unknown: it will be looked up before anything is sent again`,
      );
      return null;
    }
    case 'rejected':
      return rejected(work, io, step, outcome);
    default:
      return assertNever(outcome);
  }
}

async function rejected<I, V>(
  work: Work,
  io: ProviderIo,
  step: Step<I, V>,
  { rejection, problem: told }: Extract<Outcome<V>, { kind: 'rejected' }>,
): Promise<Performed<V>> {
  const { provider } = work;
  switch (rejection.kind) {
    case 'refused':
      await praise(work, provider);
      await hold(work, problem(`${step.name === 'client' ? 'client' : work.job.kind}_refused`, told.detail), THAWED);
      return null;
    case 'throttled':
      await throttle(work, provider, rejection.retryAfterMs);
      await putBack(work, told.code, 0, { ...THAWED, detail: told.detail });
      return null;
    case 'account':
      await blame(work, provider, told.code, true);
      await putBack(work, told.code, 0, { ...THAWED, detail: told.detail });
      return null;
    case 'exists':
      // Proved to be there: look it up at once, and never send it again.
      Object.assign(work.job, { phase: 'resolving', reason: 'exists_already' });
      return resolve(work, io, step);
    case 'stale_client':
      await step.staleClient?.();
      await retryLater(work, told, true, { ...THAWED, client: null });
      return null;
    case 'gone':
      await praise(work, provider);
      await hold(work, problem('invoice_gone', told.detail), THAWED);
      return null;
    default:
      return assertNever(rejection);
  }
}

/** Looks for what an unproved attempt may have left. A search that fails is not "none found". */
async function resolve<I, V>(work: Work, io: ProviderIo, step: Step<I, V>): Promise<Performed<V>> {
  const { job, provider } = work;
  const exists = job.reason === 'exists_already';
  const staying: JobChange = { phase: 'resolving', step: step.name };
  const { find } = step.effect;
  if (find === null) {
    await withoutLookup(work, step, problem('not_answered', 'the attempt ended without an answer'));
    return null;
  }
  const lookup = await find(step.intent, job.request ?? '', io);
  if (lookup.kind === 'failed' && lookup.blind === true) {
    await withoutLookup(work, step, lookup.problem);
    return null;
  }
  if (lookup.kind === 'failed') {
    await lookupFailed(
      work,
      exists ? { ...lookup, problem: { ...lookup.problem, code: 'exists_already' } } : lookup,
      staying,
    );
    return null;
  }
  await praise(work, provider);
  const candidates = step.narrow?.(lookup.items) ?? lookup.items;
  const [found, another] = candidates;
  if (another !== undefined) {
    const why = problem(
      'several_found',
      `${candidates.length} documents at ${provider.name} bear this marker: choose the right one`,
    );
    await hold(work, why, { ...staying, candidates });
    return null;
  }
  if (found !== undefined) {
    const wrong = step.mismatch?.(found) ?? null;
    if (wrong === null) return { value: found, adopted: true };
    await hold(work, wrong, { ...staying, candidates: [found] });
    return null;
  }
  return nothingFound(work, io, step, exists);
}

async function nothingFound<I, V>(
  work: Work,
  io: ProviderIo,
  step: Step<I, V>,
  exists: boolean,
): Promise<Performed<V>> {
  const { job, provider, runtime } = work;
  // A look before the quarantine is over (a person asked for it) may find, but its finding nothing proves nothing.
  const early = (job.deadline ?? 0) + provider.delivery.quarantine - runtime.now().getTime();
  if (early > 0 && !exists) {
    await putBack(work, 'in_quarantine', early, { phase: 'resolving', step: step.name });
    return null;
  }
  const empty = job.empty_lookups + 1;
  const enough = empty >= (exists ? LOOKUPS_FOR_EXISTING : EMPTY_LOOKUPS_NEEDED);
  if (!enough) {
    const wait = exists
      ? Math.min(provider.delivery.quarantine, provider.delivery.retry.base * 2 ** empty)
      : provider.delivery.quarantine;
    await putBack(work, exists ? 'exists_already' : 'looked_up_once', wait, {
      phase: 'resolving',
      step: step.name,
      empty_lookups: empty,
    });
    return null;
  }
  if (exists) {
    await hold(
      work,
      problem('exists_not_found', `${provider.name} says that it exists already, but no search finds it`),
    );
    return null;
  }
  if (!isHarmless(step.effect, job.request) && provider.onUncertain !== 'resend' && step.name !== 'client') {
    const detail =
      'two look-ups found nothing, but nothing at the provider would prevent a second one: send again only if it is not there';
    await hold(work, problem('uncertain', detail));
    return null;
  }
  await remark(work, 'looked up twice and not there: sending again');
  // A body of an earlier day is composed anew: numbers and dates must rise together, and the provider's key guards it.
  const again =
    job.request !== null && job.composed_for === step.context.today
      ? { ok: true as const, value: job.request }
      : freshRequest(step);
  if (!again.ok) {
    await hold(work, again.error);
    return null;
  }
  return send(work, io, step, again.value);
}

/**
 * The provider shows nothing by which an unproved attempt could be told from others. Where a second one is no document it is
 * made again; what was left behind has no number. Anything else is done at most once, and a person is told.
 */
async function withoutLookup<I, V>(work: Work, step: Step<I, V>, why: Problem): Promise<void> {
  const { job, provider } = work;
  const { doubts } = job;
  if (isHarmless(step.effect, job.request)) {
    await retryLater(work, why, false, { ...THAWED, doubts });
    await remark(
      work,
      `outcome of attempt ${job.attempts} unknown: an unfinished draft may be left at ${provider.name}`,
    );
    return;
  }
  const code = job.kind === 'send' ? 'maybe_sent' : 'uncertain';
  const detail = `${why.detail}; ${provider.name} does not show whether it was done: look there`;
  await hold(work, problem(code, detail), { phase: 'resolving', step: step.name, doubts });
}

const isHarmless = <I, V>(effect: Effect<I, V>, request: string | null): boolean =>
  effect.secondIsHarmless || (request !== null && effect.isRepeatable?.(request) === true);

const remark = (work: Work, detail: string): Promise<void> =>
  work.store.write((tx) =>
    note(tx, { sale: saleOfJob(work.job), at: work.runtime.now(), step: 'deliver', detail, jobId: work.job.id }),
  );
