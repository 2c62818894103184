// The core's protocol in short, for one effect that met a fault: what is proved is done again, what is unknown is looked up
// once late commits have landed, and a draft is brought to its end by its id.
import { expect } from 'vitest';
import type { DocumentEffect, Effect, ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Recorded } from '../simulators/http-simulator.ts';
import type { HttpProviderWorld } from './provider-kit.ts';
import { found, magnitude, proved, readAgain } from './provider-steps.ts';

/** Brings the effect about after its first attempt: what was found or made, or null where only a person may go on. */
export async function bringAbout<Intent, Value>(
  world: HttpProviderWorld,
  effect: Effect<Intent, Value>,
  intent: Intent,
  request: string,
  first: Outcome<Value>,
): Promise<Value[] | null> {
  if (first.kind === 'done') return [first.value];
  if (first.kind === 'unknown') {
    world.faults.release();
    const items = effect.find === null ? [] : found(await effect.find(intent, request, world.io));
    if (items.length > 0) return items;
    if (!effect.secondIsHarmless) return null;
  }
  return [proved(await effect.send(request, world.io))];
}

/** The same for a document, to its very end: of several drafts one is finished and the others are discarded. */
export async function bringToAnEnd<Intent>(
  world: HttpProviderWorld,
  effect: DocumentEffect<Intent>,
  intent: Intent,
  asked: { request: string; total: bigint },
  first: Outcome<Issued>,
): Promise<Issued | null> {
  const ours = await bringAbout(world, effect, intent, asked.request, first);
  if (ours === null) return null;
  const [kept] = [...ours.filter(({ state }) => state === 'final'), ...ours];
  if (kept === undefined) throw new Error('nothing was made and nothing found');
  for (const stray of ours) {
    if (stray.providerId === kept.providerId || stray.state === 'final') continue;
    if (effect.drafting?.discard) proved(await effect.drafting.discard(stray, world.io));
  }
  return kept.state === 'final' ? kept : resumeDraft(world, effect, kept, asked);
}

/** How far a draft came. `held`: it does not come to what was asked for, so that nobody finalises it. */
export type Progress = Outcome<Issued> | { kind: 'held' };

/**
 * From a draft whose id is known to a final document, over whatever `io` lets through. The total that `fill` tells is the
 * one that the provider holds.
 */
export async function finishDraft<Intent>(
  world: HttpProviderWorld,
  { drafting }: DocumentEffect<Intent>,
  draft: Issued,
  { request, total, anew }: { request: string; total: bigint; anew: boolean },
  io: ProviderIo,
): Promise<Progress> {
  if (drafting === null) throw new Error('a draft that nothing can finish');
  const filled = await drafting.fill(draft, request, anew, io);
  if (filled.kind !== 'done' || filled.value.state === 'final') return filled;
  const held = world.documents().find(({ id }) => id === draft.providerId);
  expect(filled.value.total).toBe(held === undefined ? undefined : magnitude(held.total));
  return filled.value.total === total ? drafting.finalize(filled.value, request, io) : { kind: 'held' };
}

/** A job that is resumed looks at its draft first, and goes on only if it still is one. */
export async function resumeDraft<Intent>(
  world: HttpProviderWorld,
  effect: DocumentEffect<Intent>,
  draft: Issued,
  asked: { request: string; total: bigint },
): Promise<Issued> {
  world.faults.release();
  const current = await readAgain(world, draft);
  if (current.state === 'final') return current;
  const again = await finishDraft(world, effect, current, { ...asked, anew: false }, world.io);
  if (again.kind !== 'held') return proved(again);
  const anew = await finishDraft(world, effect, current, { ...asked, anew: true }, world.io);
  if (anew.kind === 'held') throw new Error('the draft cannot be brought in line');
  return proved(anew);
}

/** Requests that would change something. */
export const changes = ({ method }: Pick<Recorded, 'method'>): boolean => method !== 'GET';
