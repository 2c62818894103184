// From an empty draft to a final document: one edit after another by the draft's id, each of which may be repeated.
import type { Drafting, ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { documentPath, lookAt, readDocument, type Shown } from './document.ts';
import { readNoContent, refusals } from './wire.ts';

/** One request that changes a draft. */
export type Edit = { method: 'PATCH' | 'PUT'; path: string; body: string };

/** An edit, or null where the document as it was shown last needs none; `shown` is null before the first answer. */
export type EditStep = (shown: Shown | null) => Edit | null;

/**
 * Sends the edits in their order. The last answer that carries the total is the result; without one it is read once. A
 * document that is final already takes none of them and is returned as it is.
 */
export async function carryOut(draft: Issued, steps: readonly EditStep[], io: ProviderIo): Promise<Outcome<Shown>> {
  let shown: Shown | null = null;
  let counted: Shown | null = null;
  for (const step of steps) {
    const edit = step(shown);
    if (edit === null) continue;
    const outcome: Outcome<Shown> = await change(draft.providerId, edit, io);
    if (outcome.kind !== 'done') return unlessFinal(draft.providerId, outcome, io);
    shown = outcome.value;
    if (shown.counted) counted = shown;
  }
  return counted === null ? readAsOutcome(draft.providerId, io) : { kind: 'done', value: counted };
}

const change = async (id: string, edit: Edit, io: ProviderIo): Promise<Outcome<Shown>> =>
  readOutcome(await io.http(edit), {
    value: (json) => {
      const shown = readDocument(json);
      return shown?.issued.providerId === id ? shown : null;
    },
    rejection: refusals('gone'),
  });

/** Makes it final. */
export const finalize: Drafting['finalize'] = async ({ providerId }, _request, io) => {
  const edit: Edit = { method: 'PATCH', path: documentPath(providerId, 'finalize'), body: '{}' };
  const outcome = await change(providerId, edit, io);
  const known = outcome.kind === 'done' ? outcome : await unlessFinal(providerId, outcome, io, lacking);
  if (known.kind !== 'done') return known;
  return isFinal(known.value) ? { kind: 'done', value: known.value.issued } : UNCLEAR;
};

const lacking = (told: string, { requirements }: Shown): string =>
  requirements.length === 0 ? told : `${told}. What it lacks: ${requirements.join('; ')}`;

type Unfinished = Exclude<Outcome<Shown>, { kind: 'done' }>;

/** A refusal is looked into: the document may be final already, and then takes no change. */
async function unlessFinal(
  id: string,
  outcome: Unfinished,
  io: ProviderIo,
  tell: (told: string, shown: Shown) => string = (told) => told,
): Promise<Outcome<Shown>> {
  if (outcome.kind !== 'rejected' || outcome.rejection.kind !== 'refused') return outcome;
  const now = await readAsOutcome(id, io);
  if (now.kind !== 'done' || isFinal(now.value)) return now;
  return { ...outcome, problem: problem('refused', tell(outcome.problem.detail, now.value)) };
}

const isFinal = ({ issued }: Shown): boolean => issued.state === 'final' && issued.number !== '';

const UNCLEAR: Outcome<Issued> = {
  kind: 'unknown',
  problem: problem('unclear_answer', 'Abby took the finalising and shows no number'),
};

/**
 * Deletes a draft that a creating call of ours gave back, by which its marker is its id. That it still is a draft is looked
 * at first: nothing that has a number is ever deleted.
 */
export const discard: NonNullable<Drafting['discard']> = async ({ providerId, marker }, io) => {
  if (marker !== providerId) return refusal(`draft ${providerId} is not known to be ours: it is not deleted`);
  const now = await lookAt(providerId, io);
  if (now.kind === 'failed') return unread(now);
  const [shown] = now.items;
  if (shown === undefined) return { kind: 'done', value: null };
  if (shown.issued.state === 'final')
    return refusal(`${shown.issued.number || providerId} is final: it is not deleted`);
  const outcome = readNoContent(await io.http({ method: 'DELETE', path: documentPath(providerId) }), refusals('gone'));
  const isGone = outcome.kind === 'rejected' && outcome.rejection.kind === 'gone';
  return isGone ? { kind: 'done', value: null } : outcome;
};

const refusal = (detail: string): Outcome<null> => ({
  kind: 'rejected',
  rejection: { kind: 'refused' },
  problem: problem('refused', detail),
});

/** A read in the place of an answer that was missing: what is not there is gone. */
async function readAsOutcome(id: string, io: ProviderIo): Promise<Outcome<Shown>> {
  const lookup = await lookAt(id, io);
  if (lookup.kind === 'failed') return unread(lookup);
  const [shown] = lookup.items;
  if (shown !== undefined) return { kind: 'done', value: shown };
  return {
    kind: 'rejected',
    rejection: { kind: 'gone' },
    problem: problem('not_found', `Abby knows no document ${id}`),
  };
}

/** A read that failed leaves open what the document looks like. */
function unread<T>({ problem: told, throttled, account }: Extract<Lookup<unknown>, { kind: 'failed' }>): Outcome<T> {
  if (throttled !== undefined)
    return { kind: 'rejected', rejection: { kind: 'throttled', ...throttled }, problem: told };
  if (account === true) return { kind: 'rejected', rejection: { kind: 'account' }, problem: told };
  return { kind: 'unknown', problem: told };
}
