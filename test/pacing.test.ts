// The pace of an account, on a clock that moves only when somebody waits: what the provider counts when requests arrive.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pace } from '../src/connector.ts';
import { pacingOf } from '../src/pacing.ts';
import type { Pacing, Use } from '../src/registry.ts';
import type { Runtime } from '../src/runtime.ts';
import { setStanding } from '../src/store/accounts.ts';
import { openStore, type Store } from '../src/store/open.ts';

const ACCOUNT = 'literal:books';
const START = Date.parse('2026-11-21T10:00:00.000Z');
const MINUTE: Pace = { requests: 60, perMs: 60_000, perDay: null, concurrency: 4 };

let dir: string;
let store: Store;
let clock: Clock;
/** Transactions that were asked for. */
let writes: number;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'pacing-'));
  await openBooks();
  clock = startClock();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

/** The store, and how many of its writes are under way: no time passes meanwhile. */
async function openBooks(): Promise<void> {
  const opened = await openStore(path.join(dir, 'bridge.db'), 'serve');
  writes = 0;
  store = {
    ...opened,
    write: async (unit) => {
      writes += 1;
      clock.busy += 1;
      try {
        return await opened.write(unit);
      } finally {
        clock.busy -= 1;
      }
    },
  };
}

type Clock = Runtime & {
  busy: number;
  sleep(ms: number): Promise<void>;
  /** Lets time pass, from one who waits to the next, until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
};

function startClock(): Clock {
  let now = START;
  let timers: { at: number; callback: () => void }[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const clock: Clock = {
    busy: 0,
    now: () => new Date(now),
    random: () => 0.5,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    sleep: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    async during(work) {
      let over = false;
      const ended = work.finally(() => {
        over = true;
      });
      ended.catch(() => undefined);
      for (let quiet = 0; !over; ) {
        await turn();
        quiet = clock.busy === 0 ? quiet + 1 : 0;
        if (quiet < 2 || over) continue;
        quiet = 0;
        const [next] = timers.toSorted((a, b) => a.at - b.at);
        if (next === undefined) continue;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      return ended;
    },
  };
  return clock;
}

const pacing = (pace: Pace = MINUTE): Pacing => pacingOf(pace, ACCOUNT, store, clock);
const since = (): number => clock.now().getTime() - START;

/** Requests whose way to the provider takes up to `jitterMs`; when each of them arrived, in order. */
async function arrivalsOf(
  paces: readonly Pacing[],
  count: number,
  { use = 'lookup', jitterMs = 0 }: { use?: Use; jitterMs?: number } = {},
): Promise<number[]> {
  const arrived: number[] = [];
  const requests = Array.from({ length: count }, (_, n) =>
    paces[n % paces.length]?.paced(
      async () => {
        // As irregular as a network, and the same in every run.
        await clock.sleep(jitterMs === 0 ? 0 : (n * 7919) % (jitterMs + 1));
        arrived.push(since());
      },
      { use },
    ),
  );
  await clock.during(Promise.all(requests));
  return arrived.toSorted((a, b) => a - b);
}

/** The most that arrived in any window of this length. */
const mostIn = (arrived: readonly number[], perMs: number): number =>
  Math.max(...arrived.map((from) => arrived.filter((at) => at >= from && at < from + perMs).length));

describe('however many wait', () => {
  it('never more requests than allowed arrive in any window, over restarts and beside another bridge', {
    timeout: 120_000,
  }, async () => {
    const paces = fc.record({
      requests: fc.integer({ min: 1, max: 20 }),
      perMs: fc.constantFrom(1000, 10_000, 60_000),
      concurrency: fc.integer({ min: 1, max: 5 }),
    });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        paces,
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 2),
        async ({ requests, perMs, concurrency }, lives, sideBySide) => {
          n += 1;
          const pace: Pace = { requests, perMs, perDay: null, concurrency };
          const arrived: number[] = [];
          for (const count of lives) {
            // A new life knows nothing but what the database says.
            const living = Array.from({ length: sideBySide }, () => pacingOf(pace, `${ACCOUNT}${n}`, store, clock));
            arrived.push(...(await arrivalsOf(living, count, { jitterMs: Math.min(1000, perMs / 20) })));
          }
          expect(mostIn(arrived, perMs)).toBeLessThanOrEqual(requests);
        },
      ),
      { numRuns: 25 },
    );
  });
  it('all of the window is used, but for a little margin', async () => {
    const arrived = await arrivalsOf([pacing()], 180);
    expect(mostIn(arrived, 60_000)).toBe(60);
    // Three windows of sixty: the third begins after two of them have passed.
    expect(arrived.at(-1)).toBeLessThan(2 * 64_000);
  });
  it('everybody gets his turn while others keep coming', async () => {
    const paced = pacing();
    const waited: number[] = [];
    const request = async (): Promise<void> => {
      const from = since();
      await paced.paced(async () => undefined, { use: 'send' });
      waited.push(since() - from);
    };
    const all: Promise<void>[] = [];
    // One request comes each second and a half: less than what is allowed, on top of a crowd at the beginning.
    for (let n = 0; n < 80; n++) all.push(request());
    all.push(
      (async () => {
        for (let n = 0; n < 80; n++) {
          await clock.sleep(1500);
          all.push(request());
        }
      })(),
    );
    await clock.during(all[80] ?? Promise.resolve());
    await clock.during(Promise.all(all));
    expect(waited).toHaveLength(160);
    expect(Math.max(...waited)).toBeLessThan(3 * 64_000);
  });
  it('no more of them are on their way at once than the provider takes', async () => {
    const paced = pacing({ ...MINUTE, concurrency: 2 });
    let [under, most] = [0, 0];
    const all = Array.from({ length: 10 }, () =>
      paced.paced(
        async () => {
          under += 1;
          most = Math.max(most, under);
          await clock.sleep(500);
          under -= 1;
        },
        { use: 'send' },
      ),
    );
    await clock.during(Promise.all(all));
    expect(most).toBe(2);
  });
  it('a request costs one small transaction', async () => {
    await arrivalsOf([pacing()], 30);
    expect(writes).toBe(30);
  });
});

describe('what is left of a window', () => {
  it('is kept for looking things up: sends leave a tenth of it, reading lists two fifths', async () => {
    const paced = pacing();
    const within = async (use: Use, count: number): Promise<number> =>
      (await arrivalsOf([paced], count, { use })).filter((at) => at < 10_000).length;
    expect(await within('sync', 36)).toBe(36);
    expect(since()).toBeLessThan(1000);
    expect(await paced.nextTurnIn()).toBe(0);
    expect(await within('send', 18)).toBe(18);
    expect(await paced.nextTurnIn()).toBeGreaterThan(50_000);
    expect(await paced.budgetLeft()).toBe(6);
    expect(await within('lookup', 6)).toBe(6);
    expect(await paced.budgetLeft()).toBe(0);
  });
  it('is less where the provider’s headers tell less, and never more', async () => {
    const paced = pacing();
    await clock.during(paced.told({ limit: 60, remaining: 10 }));
    expect(await paced.budgetLeft()).toBe(10);
    await clock.during(paced.told({ limit: 60, remaining: 50 }));
    expect(await paced.budgetLeft()).toBe(10);
  });
  it('is told once, though several answers tell it at the same time', async () => {
    const paced = pacing();
    await clock.during(Promise.all([1, 2, 3].map(() => paced.told({ limit: null, remaining: 40 }))));
    expect(await paced.budgetLeft()).toBe(40);
  });
  it('is also what is left of the day', async () => {
    const paced = pacing({ ...MINUTE, perDay: 70 });
    const arrived = await arrivalsOf([paced], 71);
    expect(arrived[69]).toBeLessThan(130_000);
    expect(arrived[70]).toBeGreaterThanOrEqual(86_400_000);
  });
  it('of the day may be told by headers as well', async () => {
    const paced = pacing({ ...MINUTE, perDay: 1000 });
    await clock.during(paced.told({ limit: 1000, remaining: 3 }));
    expect(await paced.budgetLeft()).toBe(3);
  });
});

describe('after a refusal or an outage', () => {
  it('the rate rises evenly to the full pace within one window', async () => {
    const paced = pacing();
    // What was sent just before does not count against the rise.
    await arrivalsOf([paced], 30);
    await clock.during(clock.sleep(100));
    const until = clock.now().getTime() + 200;
    const standing = { blockedUntil: until, reason: 'throttled', failures: 0, rampFrom: until };
    await store.write((tx) => setStanding(tx, ACCOUNT, standing));
    const arrived = (await arrivalsOf([paced], 30)).map((at) => at - (until - START));
    expect(arrived[0]).toBeGreaterThanOrEqual(0);
    for (const [n, at] of arrived.entries()) expect(Math.abs(at - n * 1000)).toBeLessThan(2500);
  });
});

describe('whoever waits', () => {
  it('is asked to keep his lease in time', async () => {
    const paced = pacing();
    await arrivalsOf([paced], 60);
    const kept: number[] = [];
    const waiting = async (): Promise<void> => {
      kept.push(since());
    };
    await clock.during(paced.paced(async () => undefined, { use: 'send', waiting, everyMs: 5000 }));
    const steps = kept.map((at, index) => at - (kept[index - 1] ?? 0));
    expect(kept.length).toBeGreaterThan(10);
    expect(Math.max(...steps)).toBeLessThanOrEqual(5000);
  });
  it('sends nothing where his lease is lost meanwhile', async () => {
    const paced = pacing();
    await arrivalsOf([paced], 60);
    let sent = false;
    const lost = paced.paced(
      async () => {
        sent = true;
      },
      {
        use: 'send',
        waiting: async () => {
          throw new Error('taken over');
        },
      },
    );
    await expect(clock.during(lost)).rejects.toThrow('taken over');
    expect(sent).toBe(false);
  });
});

it('an account without a pace is never held up', async () => {
  const free = pacingOf(null, ACCOUNT, store, clock);
  expect(await free.paced(async () => 'done', { use: 'sync' })).toBe('done');
  expect([await free.budgetLeft(), await free.nextTurnIn()]).toEqual([null, 0]);
});
