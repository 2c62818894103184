// A document that is made as a draft: whatever fails on its way, one final document comes of it, dated on its day and of the
// order's total, and no draft of ours stays behind.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { applyEvent } from '../../src/flow/3-facts.ts';
import { documentsOf } from '../../src/store/documents.ts';
import { waitingEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { type Abilities, type Call, type DraftingBooks, draftingBooks, type Fate } from '../support/drafting-books.ts';
import { paidOrder } from '../support/orders.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';

const DAY_MS = 86_400_000;

let world: World;
let books: DraftingBooks;
let close = async (): Promise<void> => undefined;
afterEach(() => close());

async function open(abilities: Abilities = {}, options: Omit<WorldOptions, 'account'> = {}): Promise<void> {
  await close();
  books = draftingBooks(abilities);
  world = await openWorld({ ...options, account: books.account });
  close = async () => {
    close = async () => undefined;
    await world.close();
  };
}
const order = (change = {}) => world.deliver('shop', { order: paidOrder(change) });
const invoice = () => world.job('501/invoice/1');
const finals = () => books.documents.filter(({ state }) => state === 'final');
const drafts = () => books.documents.filter(({ state }) => state === 'draft');
const timeline = async () =>
  (await world.store.read.selectFrom('timeline').select('detail').execute()).map((row) => row.detail);
const recorded = () => documentsOf(world.store.read, { source: 'oldshop', orderId: '501' });
const retry = async (key = '501/invoice/1') => {
  const answer = await world.call('POST', `/jobs/${(await world.job(key)).id}/retry`);
  expect(answer.status).toBe(200);
  await world.settle();
};
const answer = async (body: object, key = '501/invoice/1') => {
  const told = await world.call('POST', `/jobs/${(await world.job(key)).id}/resolve`, body);
  expect(told).toMatchObject({ status: 200 });
  await world.settle();
};

describe('an invoice that begins as a draft', () => {
  it('is made, filled and made final once each, and costs no look-up', async () => {
    await open();
    await order();
    await world.settle();
    expect(books.calls).toEqual(['create', 'fill', 'finalize', 'read']);
    expect(finals()).toMatchObject([{ number: 'F-1', total: 12_000n, date: '2026-11-21' }]);
    expect(await recorded()).toMatchObject([{ provider_id: 'd1', number: 'F-1', state: 'final', paid: 12_000n }]);
  });
  it('is known by its id from the moment it was made', async () => {
    await open();
    books.failNext('fill', 'unsent');
    await order();
    await world.drain();
    expect(await invoice()).toMatchObject({ status: 'pending', phase: null, made: { providerId: 'd1' } });
  });
});

/** Ends the process at one instant: nothing that comes after it happens. */
class Killed extends Error {}

/** Delivers until the given instant, the beginning or the end of a write or a request, where the process is killed. */
async function killAt(instant: number): Promise<{ killed: boolean }> {
  const { store } = world;
  let passed = 0;
  const look = (): void => {
    passed += 1;
    if (passed === instant) throw new Killed();
  };
  const mortal: Store = {
    ...store,
    write: async (unit) => {
      look();
      const value = await store.write(unit);
      look();
      return value;
    },
  };
  books.instant = look;
  world.store = mortal;
  await world.drain().catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  books.instant = () => undefined;
  world.store = store;
  await world.recover();
  return { killed: passed >= instant };
}

/** Only maps what came in. */
async function map(): Promise<void> {
  for (const id of await waitingEvents(world.store.read, 64, [])) await applyEvent(world, id);
}

describe('a process that is killed', () => {
  it('at any instant leaves work from which exactly one final invoice comes', { timeout: 120_000 }, async () => {
    let instant = 0;
    for (let killed = true; killed; ) {
      instant += 1;
      await open();
      await order();
      await map();
      ({ killed } = await killAt(instant));
      await world.settle();
      const { status } = await invoice();
      expect({ instant, finals: finals().length, drafts: drafts().length, status }).toEqual({
        instant,
        finals: 1,
        drafts: 0,
        status: 'done',
      });
    }
    expect(instant).toBeGreaterThan(15);
  });
});

describe('an answer that never comes', () => {
  const unproved: Fate[] = ['lost', 'done', 'later'];
  const steps: Call[] = ['create', 'fill', 'finalize'];
  it.each(steps.flatMap((call) => unproved.map((fate) => ({ call, fate }))))(
    'to $call, whose request is $fate, ends in one final invoice and no draft',
    async ({ call, fate }) => {
      await open();
      books.failNext(call, fate);
      await order();
      await world.drain();
      expect((await invoice()).status).not.toBe('held');
      await world.runtime.advance(60_000);
      books.release();
      await world.settle();
      expect([finals().length, drafts().length, (await invoice()).status]).toEqual([1, 0, 'done']);
    },
  );
  it('whatever fails, and wherever it is killed, ends in at most one final invoice, and exactly one once all is well', {
    timeout: 120_000,
  }, async () => {
    const calls = fc.constantFrom<Call>('create', 'find', 'read', 'fill', 'finalize', 'discard');
    const fates = fc.constantFrom<Fate>('unsent', 'lost', 'done', 'later', 'throttled');
    const story = fc.record({
      faults: fc.array(fc.tuple(calls, fates), { maxLength: 5 }),
      kills: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }),
      // What is late lands within the quarantine, which begins when the answer is due.
      lateMs: fc.integer({ min: 1, max: 299_000 }),
      days: fc.integer({ min: 0, max: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ faults, kills, lateMs, days }) => {
        await open();
        books.late = (act) => {
          world.runtime.after(lateMs, act);
        };
        for (const [call, fate] of faults) books.failNext(call, fate);
        await order();
        await map();
        for (const instant of kills) {
          await killAt(instant);
          await world.runtime.advance(days * DAY_MS);
        }
        await world.settle(24);
        expect(finals()).toMatchObject([{ total: 12_000n }]);
        expect(drafts()).toEqual([]);
        expect(await recorded()).toMatchObject([{ provider_id: finals()[0]?.providerId }]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a draft that comes late', () => {
  /** The first draft lands once a second one was made. */
  const landedTwice = async (): Promise<void> => {
    await open();
    books.failNext('create', 'later');
    books.failNext('fill', 'unsent');
    await order();
    await world.drain();
    while (books.calls.filter((call) => call === 'create').length < 2) await step();
    books.release();
  };
  const finalise = (id: string, total = 12_000n): void => {
    const document = books.documents.find(({ providerId }) => providerId === id);
    Object.assign(document ?? {}, { state: 'final', number: 'F-7', total });
  };

  it('after a second one was made is deleted before the other becomes final', async () => {
    await landedTwice();
    await world.settle();
    expect(books.documents).toMatchObject([{ providerId: 'd1', state: 'final' }]);
    expect(await timeline()).toContain('a second draft of this document, d2, was deleted');
  });
  it('and was finalised by somebody wins, and ours is deleted', async () => {
    await landedTwice();
    finalise('d2');
    await world.settle();
    expect(books.documents).toMatchObject([{ providerId: 'd2', number: 'F-7' }]);
    expect(await recorded()).toMatchObject([{ provider_id: 'd2', number: 'F-7' }]);
  });
  const diesOnceOursIsDeleted = async (): Promise<void> => {
    books.instant = () => {
      if (books.documents.length === 2) return;
      books.instant = () => undefined;
      throw new Killed();
    };
    await expect(world.settle()).rejects.toThrow(Killed);
    await world.recover();
    await world.settle();
  };
  it('and was finalised by somebody wins also where the process dies right after ours was deleted', async () => {
    await landedTwice();
    finalise('d2');
    await diesOnceOursIsDeleted();
    expect(await recorded()).toMatchObject([{ provider_id: 'd2', number: 'F-7' }]);
    expect(books.calls.filter((call) => call === 'create')).toHaveLength(2);
  });
  it('and was finalised by somebody with another total is held all the same', async () => {
    await landedTwice();
    finalise('d2', 12_001n);
    await diesOnceOursIsDeleted();
    expect(await invoice()).toMatchObject({ status: 'held', reason: 'issued_with_other_total' });
  });
  it('stays a word in the timeline where the provider shows nothing by which it could be found', async () => {
    await open({ finds: false });
    books.failNext('create', 'done');
    await order();
    await world.settle();
    expect([finals().length, drafts().length]).toEqual([1, 1]);
    expect(await timeline()).toContain('outcome of attempt 2 unknown: an unfinished draft may be left at books');
  });
});

/** Moves to the next time at which something is due, and works then. */
async function step(): Promise<void> {
  const { next_attempt_at } = await invoice();
  await world.runtime.advance(Math.max(1, next_attempt_at - world.runtime.now().getTime()));
  await world.drain();
}

describe('a document that may exist and cannot be looked for', () => {
  it('is held at once where a second one would be a document', async () => {
    await open({ finds: false, secondIsHarmless: false });
    books.failNext('create', 'lost');
    await order();
    await world.settle();
    expect(await invoice()).toMatchObject({ status: 'held', reason: 'uncertain' });
    expect(books.calls).toEqual(['create']);
    await answer({ send_again: 'it is not there' });
    expect(finals()).toHaveLength(1);
  });
  it('is held after a kill as well, and trying again never sends it', async () => {
    await open({ finds: false, secondIsHarmless: false });
    await order();
    await map();
    // It dies at the moment at which the document's request would leave.
    books.instant = () => {
      throw new Killed();
    };
    await expect(world.drain()).rejects.toThrow(Killed);
    books.instant = () => undefined;
    await world.recover();
    await world.settle();
    expect(await invoice()).toMatchObject({ status: 'held', reason: 'uncertain', phase: 'resolving' });
    await retry();
    expect([books.calls, (await invoice()).reason]).toEqual([[], 'uncertain']);
  });
  it('is an e-mail that is sent at most once', async () => {
    await open({}, { invoicing: { send: ['email'] } });
    books.failNext('email', 'done');
    await order();
    await world.settle();
    expect(await world.job('send/email')).toMatchObject({ status: 'held', reason: 'maybe_sent' });
    await retry('send/email');
    expect(books.sent).toEqual(['ada@buyer.example']);
    await answer({ send_again: 'the buyer has not got it' }, 'send/email');
    expect(books.sent).toHaveLength(2);
    expect((await world.job('send/email')).status).toBe('done');
  });
});

describe('a draft of another total than the order’s', () => {
  it('is held with both figures before it is final', async () => {
    await open();
    books.off = 1n;
    await order();
    await world.settle();
    expect(await invoice()).toMatchObject({
      status: 'held',
      reason: 'draft_total_differs',
      detail: 'the provider has draft d1 with 120.01 EUR, it should be 120.00 EUR',
    });
    expect(books.calls).not.toContain('finalize');
  });
  it('goes on as the same draft once the request is mended', async () => {
    await open();
    books.off = 1n;
    await order();
    await world.settle();
    books.off = 0n;
    await retry();
    expect(books.documents).toMatchObject([{ providerId: 'd1', state: 'final', total: 12_000n }]);
    expect((await invoice()).status).toBe('done');
  });
  it('is written anew even where the first attempt to do so was cut short', async () => {
    await open();
    books.off = 1n;
    await order();
    await world.settle();
    books.off = 0n;
    books.failNext('fill', 'lost');
    await retry();
    await world.settle();
    expect(finals()).toMatchObject([{ total: 12_000n }]);
  });
});

describe('a draft that a person deletes', () => {
  it('is held, and made anew when it is tried again', async () => {
    await open();
    books.failNext('fill', 'unsent');
    await order();
    await world.drain();
    books.documents = [];
    await world.settle();
    expect(await invoice()).toMatchObject({ status: 'held', reason: 'draft_gone', made: null });
    await retry();
    expect(finals()).toMatchObject([{ providerId: 'd2' }]);
  });
  it('between two of our requests is held just the same', async () => {
    await open();
    books.instant = () => {
      if (books.calls.at(-1) === 'fill') books.documents = [];
    };
    await order();
    await world.settle();
    expect(books.calls).toEqual(['create', 'fill', 'finalize']);
    expect(await invoice()).toMatchObject({ status: 'held', reason: 'draft_gone', made: null });
  });
});

describe('a draft that waits into another day', () => {
  it('is composed anew and dated with the day on which it becomes final', async () => {
    await open();
    books.failNext('finalize', 'unsent');
    await order();
    await world.drain();
    expect(drafts()).toMatchObject([{ date: '2026-11-21' }]);
    await world.runtime.advance(DAY_MS);
    await world.settle();
    expect(finals()).toMatchObject([{ date: '2026-11-22' }]);
  });
  it.each<Fate>(['unsent', 'lost', 'throttled'])(
    'is dated so even where the first request to write it anew was %s',
    async (fate) => {
      await open();
      books.failNext('finalize', 'unsent');
      await order();
      await world.drain();
      await world.runtime.advance(DAY_MS);
      books.failNext('fill', fate);
      await world.settle();
      expect(finals()).toMatchObject([{ date: '2026-11-22' }]);
    },
  );
});

describe('a draft that is to stay one', () => {
  const FINALISE = { state: 'final', number: 'F-9' } as const;
  it('is left for a person; its payment is held and recorded once he has finalised it', async () => {
    await open({}, { invoicing: { finalize: false } });
    await order();
    await world.settle();
    expect(books.documents).toMatchObject([{ state: 'draft', total: 12_000n }]);
    expect(books.calls).not.toContain('finalize');
    expect(await recorded()).toMatchObject([{ state: 'draft', number: '' }]);
    expect(await world.job('payment/claim')).toMatchObject({ status: 'held', reason: 'invoice_is_draft' });
    Object.assign(books.documents[0] ?? {}, FINALISE);
    await retry('payment/claim');
    expect((await world.job('payment/claim')).status).toBe('done');
    expect(await recorded()).toMatchObject([{ state: 'final', number: 'F-9', paid: 12_000n }]);
  });
  it('and that he changed before is recorded with the total that it then has', async () => {
    await open({}, { invoicing: { finalize: false } });
    await order();
    await world.settle();
    Object.assign(books.documents[0] ?? {}, { ...FINALISE, total: 12_500n });
    await retry('payment/claim');
    expect(await recorded()).toMatchObject([{ number: 'F-9', total: 12_500n }]);
  });
});

describe('an answer to a job that has a draft', () => {
  const stuck = async (abilities: Abilities = {}): Promise<void> => {
    await open(abilities);
    books.failNext('fill', 'refused');
    await order();
    await world.settle();
    expect(await invoice()).toMatchObject({ status: 'held', reason: 'invoice_refused', made: { providerId: 'd1' } });
  };
  it('that chooses another client makes another draft, and the former one is deleted', async () => {
    await stuck();
    await answer({ client_id: 'c9' });
    expect(books.documents).toMatchObject([{ providerId: 'd2', clientId: 'c9', state: 'final' }]);
  });
  it('that chooses another client tells of the former draft where it cannot be deleted', async () => {
    await stuck({ finds: false, discards: false });
    await answer({ client_id: 'c9' });
    expect(finals()).toMatchObject([{ providerId: 'd2', clientId: 'c9' }]);
    expect(drafts()).toMatchObject([{ providerId: 'd1' }]);
    expect(await timeline()).toContain('a person chose client c9; draft d1 at books is not used any more');
  });
  it('that skips tells that a draft is left at the provider', async () => {
    await stuck();
    await answer({ skip: 'not a sale' });
    expect(await invoice()).toMatchObject({ status: 'skipped', made: null });
    expect(await timeline()).toContain(
      'a person decided that this is not to be done; draft d1 at books is not used any more',
    );
  });
  it('that it was done by hand tells the same', async () => {
    await stuck();
    await answer({ done_by_hand: { number: 'H-1', note: 'made there' } });
    expect(await timeline()).toContain('a person did this by hand; draft d1 at books is not used any more');
  });
  it('that names this very draft says nothing of it', async () => {
    await stuck();
    Object.assign(books.documents[0] ?? {}, { state: 'final', number: 'F-3' });
    await answer({ invoice_id: 'd1' });
    expect(await recorded()).toMatchObject([{ provider_id: 'd1', number: 'F-3' }]);
    expect((await timeline()).filter((line) => line.includes('not used any more'))).toEqual([]);
  });
});
