// The pace of one provider account: how many requests at once, how many in a window and a day, and how it recovers.
import PQueue from 'p-queue';
import type { Pace } from './connector.ts';
import { type Pacing, SHARE, type Use } from './registry.ts';
import type { Runtime } from './runtime.ts';
import { standingOf } from './store/accounts.ts';
import { countRequests, freeAt, spanAfter, usedOf, usedSince, type Window } from './store/budget.ts';
import type { Store } from './store/open.ts';
import type { Tx } from './store/writer.ts';

const UNPACED: Pacing = {
  paced: (work) => work(),
  budgetLeft: async () => null,
  nextTurnIn: async () => 0,
  told: async () => undefined,
};

const DAY_MS = 86_400_000;
const LONGEST_SLICE_MS = 15_000;

/** The pace is kept in the database: a restart goes on with the window that the last process has begun to fill. */
export function pacingOf(
  pace: Pace | null,
  account: string,
  store: Store,
  runtime: Runtime,
  /** What the provider counts requests by, where several accounts share that. */
  counted = account,
): Pacing {
  if (pace === null) return UNPACED;
  const slots = new PQueue({ concurrency: pace.concurrency });
  const window: Window = { requests: pace.requests, perMs: pace.perMs + marginOf(pace) };
  const day: Window | null = pace.perDay === null ? null : { requests: pace.perDay, perMs: DAY_MS };
  const windows = day === null ? [window] : [window, day];
  const now = (): number => runtime.now().getTime();

  const waitFor = async (db: Tx, use: Use): Promise<number> => {
    const at = now();
    const waits = [await rampWait(db, account, counted, window, at)];
    for (const one of windows) {
      const allowed = Math.max(1, Math.floor(one.requests * SHARE[use]));
      if ((await usedOf(db, counted, one, at)) >= allowed) waits.push((await freeAt(db, counted, one, at)) - at);
    }
    return Math.max(0, ...waits);
  };
  /** Counts the request where there is room for it, in one transaction with the look; else says how long to wait. */
  const take = (use: Use): Promise<number> =>
    store.write(async (tx) => {
      const wait = await waitFor(tx, use);
      if (wait === 0) for (const one of windows) await countRequests(tx, counted, one, now(), 1);
      return wait;
    });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => runtime.after(ms, resolve));

  return {
    async paced(work, turn) {
      for (;;) {
        // A place is held only while the request is on its way, never while waiting for the window.
        const taken = await slots.add(async () => {
          const wait = await take(turn.use);
          return wait > 0 ? { wait } : { wait: 0, value: await work() };
        });
        if ('value' in taken) return taken.value;
        await turn.waiting?.();
        await sleep(Math.min(taken.wait, turn.everyMs ?? LONGEST_SLICE_MS, LONGEST_SLICE_MS));
      }
    },
    budgetLeft: async () => {
      const left = await Promise.all(
        windows.map(async (one) => one.requests - (await usedOf(store.read, counted, one, now()))),
      );
      return Math.max(0, Math.min(...left));
    },
    nextTurnIn: () => waitFor(store.read, 'send'),
    async told({ limit, remaining }) {
      const meant = limit !== null && limit === day?.requests ? day : window;
      const foreign = async (db: Tx): Promise<number> =>
        meant.requests - (await usedOf(db, counted, meant, now())) - remaining;
      if ((await foreign(store.read)) <= 0) return;
      // Looked at again where it is counted: answers that come together tell of the same requests.
      await store.write(async (tx) => {
        const requests = await foreign(tx);
        if (requests > 0) await countRequests(tx, counted, meant, now(), requests);
      });
    },
  };
}

/** The provider counts arrivals: the time on the way varies, and must not push one into the window before. */
const marginOf = ({ perMs }: Pace): number => Math.min(1000, Math.max(250, Math.ceil(perMs / 20)));

/** After a refusal or an outage the rate rises evenly to the full pace within one window. */
async function rampWait(db: Tx, account: string, counted: string, window: Window, now: number): Promise<number> {
  const { rampFrom } = await standingOf(db, account);
  if (rampFrom === 0) return 0;
  // From a whole span on, so that nothing counts that went before.
  const start = spanAfter(window, rampFrom);
  const elapsed = now - start;
  if (elapsed >= window.perMs) return 0;
  if (elapsed < 0) return -elapsed;
  const allowed = 1 + Math.floor((window.requests * elapsed) / window.perMs);
  const used = await usedSince(db, counted, window, start);
  return used < allowed ? 0 : Math.ceil(window.perMs / window.requests);
}
