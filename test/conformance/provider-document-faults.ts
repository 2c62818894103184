// Every fault of the requests that make a document and of those that finish it.
import { describe, expect, it } from 'vitest';
import type { DocumentEffect, ProviderIo } from '../../src/connector.ts';
import { faultsOfCreate } from './provider-faults.ts';
import type { HttpKit, HttpProviderWorld, SeenDocument } from './provider-kit.ts';
import { bringToAnEnd, changes, finishDraft, resumeDraft } from './provider-protocol.ts';
import { begin, found, lookUp, magnitude, proved, worldOf } from './provider-steps.ts';

/** A document that is ready to be sent, and everything that the provider held before. */
export type Ready<Intent> = {
  effect: DocumentEffect<Intent>;
  intent: Intent;
  asked: { request: string; total: bigint };
  /** Documents that are none of its business: they stay as they are. */
  others: SeenDocument[];
};

/** Registers the tests of one sort of document. */
export function documentFaults<Intent>(
  title: string,
  sort: 'invoice' | 'credit_note',
  kit: HttpKit,
  drafts: boolean,
  ready: (world: HttpProviderWorld) => Promise<Ready<Intent>>,
): void {
  const inWorld = worldOf(kit);

  /** What came about besides the others, which are all still there. */
  const made = (world: HttpProviderWorld, { others }: Ready<Intent>): SeenDocument[] => {
    const held = new Map(world.documents().map((document) => [document.id, document]));
    for (const { id, number, total, state } of others) expect(held.get(id)).toMatchObject({ number, total, state });
    return [...held.values()].filter(({ id }) => !others.some((other) => other.id === id));
  };

  /** Exactly one final document of the right total, and no draft beside it that could have been found. */
  const expectOne = (world: HttpProviderWorld, one: Ready<Intent>): void => {
    const documents = made(world, one);
    const finals = documents.filter(({ state }) => state === 'final');
    expect(finals.map(({ total }) => magnitude(total))).toEqual([one.asked.total]);
    if (one.effect.find !== null) expect(documents).toHaveLength(1);
  };

  describe.concurrent(title, () => {
    it.each(faultsOfCreate)('meets $name: told as $outcome, and it exists once in the end', ({ fault, outcome }) =>
      inWorld(async (world) => {
        const one = await ready(world);
        const { effect, intent, asked } = one;
        world.faults.fail(sort, fault);
        const first = await effect.send(asked.request, world.hurried);
        expect(first.kind).toBe(outcome);
        await bringToAnEnd(world, effect, intent, asked, first);
        const lost = fault.acts === 'never' && outcome === 'unknown';
        if (lost && !effect.secondIsHarmless) expect(made(world, one)).toEqual([]);
        else expectOne(world, one);
      })(),
    );

    it(
      'that lands only after it was sent again exists once',
      inWorld(async (world) => {
        const one = await ready(world);
        const { effect, intent, asked } = one;
        world.faults.fail(sort, { acts: 'later', sees: 'reset' });
        expect(await effect.send(asked.request, world.io)).toMatchObject({ kind: 'unknown' });
        if (effect.find !== null) expect(found(await effect.find(intent, asked.request, world.io))).toEqual([]);
        if (effect.secondIsHarmless) proved(await effect.send(asked.request, world.io));
        world.faults.release();
        // Of drafts there may now be two, of which one is finished.
        if (effect.find !== null) {
          await bringToAnEnd(world, effect, intent, asked, { kind: 'unknown', problem: { code: 'late', detail: '' } });
        }
        expect(made(world, one).filter(({ state }) => state === 'final').length).toBeLessThanOrEqual(1);
        if (effect.find !== null) expectOne(world, one);
      }),
    );

    it(
      'that exists but is not searchable yet is not made a second time, unless a second one is a draft',
      inWorld(async (world) => {
        const one = await ready(world);
        const { effect, intent, asked } = one;
        if (effect.find === null) {
          expect(effect.secondIsHarmless).toBe(effect.drafting !== null);
          return;
        }
        world.faults.lag(true);
        world.faults.fail(sort, { acts: 'at_once', sees: 'reset' });
        await effect.send(asked.request, world.io);
        const unseen = found(await effect.find(intent, asked.request, world.io));
        if (unseen.length === 0 && effect.secondIsHarmless) {
          const second = await effect.send(asked.request, world.io);
          if (effect.drafting === null) {
            expect(second).toMatchObject({ kind: 'rejected', rejection: { kind: 'exists' } });
          }
        }
        world.faults.lag(false);
        expect(await lookUp(effect, intent, asked.request, world.io)).toMatchObject({ kind: 'found' });
        await bringToAnEnd(world, effect, intent, asked, { kind: 'unknown', problem: { code: 'lag', detail: '' } });
        expectOne(world, one);
      }),
    );

    it(
      'is not sent where no connection comes about',
      inWorld(async (world) => {
        const one = await ready(world);
        const { effect, intent, asked } = one;
        await world.faults.refuse();
        const first = await effect.send(asked.request, world.io);
        expect(first.kind).toBe('not_sent');
        if (effect.find !== null) {
          expect(await effect.find(intent, asked.request, world.io)).toMatchObject({ kind: 'failed' });
        }
        await world.faults.accept();
        await bringToAnEnd(world, effect, intent, asked, first);
        expectOne(world, one);
      }),
    );

    if (drafts) {
      it.each(faultsOfCreate)('finished over $name at any of its requests is final once in the end', finishedOver);
    }
  });

  /** Lets the fault meet each of the finishing requests in turn, each time in an account of its own. */
  async function finishedOver({ fault, outcome }: (typeof faultsOfCreate)[number]): Promise<void> {
    for (let step = 0, met = true; met; step++) {
      met = false;
      await inWorld(async (world) => {
        const one = await ready(world);
        const { effect, intent, asked } = one;
        const draft = await begin(world, effect, intent);
        if (draft.state === 'final') {
          // Nothing is left to be finished: what was made is what was asked for.
          expectOne(world, one);
          return;
        }
        let sent = 0;
        const io: ProviderIo = {
          ...world.hurried,
          http: (request) => {
            if (changes(request) && sent++ === step) {
              met = true;
              world.faults.fail('finish', fault);
            }
            return world.hurried.http(request);
          },
        };
        const first = await finishDraft(world, effect, draft, { ...asked, anew: false }, io);
        if (first.kind === 'done') {
          if (met) expect(outcome, 'what was done in spite of a refusal').toBe('unknown');
          expect(made(world, one)).toMatchObject([{ state: 'final', number: first.value.number }]);
        } else {
          expect(met).toBe(true);
          expect(first.kind === 'held' ? 'unknown' : first.kind).toBe(outcome);
          await resumeDraft(world, effect, draft, asked);
        }
        expectOne(world, one);
      })();
    }
  }
}
