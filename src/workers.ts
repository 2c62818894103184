// Keeps the flow moving: one loop maps what was received, one loop per provider delivers what is due, and one takes up
// what a dead worker left. The tables are the truth; these loops only look at them, woken by writes and by time.
import PQueue from 'p-queue';
import { problem } from './domain/problem.ts';
import { fetchStep } from './flow/1-fetch.ts';
import { sweepStep } from './flow/1-sweep.ts';
import { applyEvent } from './flow/3-facts.ts';
import { unlinkedStep } from './flow/3-unlinked.ts';
import { planDue } from './flow/5-due.ts';
import { needsDirectory, syncStep } from './flow/6-listing.ts';
import { deliver } from './flow/7-deliver.ts';
import { hold, takeOver, type Work } from './flow/7-settle.ts';
import { type DeliverParts, probe } from './flow/7-standing.ts';
import { writeBackStep } from './flow/8-write-back.ts';
import type { Provider, Source } from './registry.ts';
import { standingOf } from './store/accounts.ts';
import { waitingEvents } from './store/events.ts';
import { abandonedJobs, claimDue, type JobRow, LeaseLost, nextDue } from './store/jobs.ts';
import { pausedScopes } from './store/pauses.ts';

export type Workers = {
  /** Something was written that may be worked on. */
  wake(): void;
  /** Takes no new work and waits for what is in hand. */
  stop(): Promise<void>;
};

/** Looks at the tables at least this often, for work that another process wrote. */
const POLL_MS = 1000;
const EVENTS_AT_ONCE = 64;
/** Jobs in hand per provider; requests are paced below that by the account's queue. */
const JOBS_AT_ONCE = 8;

export type WorkerParts = DeliverParts & {
  /** Names this process in leases. */
  owner: string;
};

/** Takes up what was left behind by a process that died, then works until stopped. */
export async function startWorkers(parts: WorkerParts): Promise<Workers> {
  // On SQLite this process is alone: whatever is leased belongs to a dead one.
  await takeUpAbandoned(parts, true);
  const loops = [
    startLoop(parts, 'facts', () => mapWaiting(parts, null)),
    ...slowSources(parts).map((source) => startLoop(parts, `facts:${source.name}`, () => mapWaiting(parts, source))),
    startLoop(parts, 'plan', async () => {
      const planned = await planDue(parts);
      if (planned > 0) parts.onPlanned?.();
      return planned > 0 ? 0 : POLL_MS;
    }),
    startLoop(parts, 'leases', () => takeUpAbandoned(parts, false)),
    ...[...parts.registry.sources.values()].flatMap((source) => startAsking(parts, source)),
    ...[...parts.registry.providers.values()].flatMap((provider) => [
      startDelivery(parts, provider),
      ...startListing(parts, provider),
    ]),
  ];
  return {
    wake: () => {
      for (const loop of loops) loop.wake();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

type Loop = { wake(): void; stop(): Promise<void> };

/** Runs `step` again and again; it says how long there is nothing to do. A failing step is told and tried again. */
function startLoop(
  { runtime, log }: WorkerParts,
  name: string,
  step: () => Promise<number>,
  drain?: () => Promise<void>,
): Loop {
  let stopped = false;
  let woken = false;
  let sleeper: (() => void) | null = null;
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = runtime.after(ms, resolve);
      sleeper = () => {
        cancel();
        resolve();
      };
    });
  const running = (async () => {
    while (!stopped) {
      woken = false;
      const idle = await step().catch((error: unknown) => {
        log.error('worker.failed', { worker: name, reason: error instanceof Error ? error.message : String(error) });
        return POLL_MS;
      });
      if (idle > 0 && !woken && !stopped) await sleep(idle);
      sleeper = null;
    }
    await drain?.();
  })();
  const wake = (): void => {
    woken = true;
    sleeper?.();
  };
  return {
    wake,
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}

/** Sources whose deliveries go through a mapping of the user's own, which may take its time: nobody else waits for it. */
const slowSources = ({ registry }: WorkerParts): Source[] =>
  [...registry.sources.values()].filter(({ isMapped }) => isMapped);

/** Maps what was received of one source, or of all that have no mapping; together, so that many events share one commit. */
async function mapWaiting(parts: WorkerParts, own: Source | null): Promise<number> {
  const paused = await pausedSources(parts);
  if (paused === 'all' || (own !== null && paused.includes(own.identity))) return POLL_MS;
  const others = [...paused, ...slowSources(parts).map(({ identity }) => identity)];
  const which = own === null ? others : { only: own.identity };
  const ids = await waitingEvents(parts.store.read, EVENTS_AT_ONCE, which);
  await Promise.all(ids.map((id) => applyEvent(parts, id)));
  if (ids.length > 0) parts.onPlanned?.();
  return ids.length === EVENTS_AT_ONCE ? 0 : POLL_MS;
}

/**
 * Asks a source's API: for what deliveries hinted at, for what none told, and for the sales of nameless payments. While it is
 * paused nobody asks: what its deliveries told is stored and not applied, and would all count as missed.
 */
function startAsking(parts: WorkerParts, source: Source): Loop[] {
  const { api } = source;
  if (api === null) return [];
  const asked = (answered: number): number => {
    if (answered > 0) parts.onPlanned?.();
    return answered > 0 ? 0 : POLL_MS;
  };
  const unlessPaused = (step: () => Promise<number>) => async (): Promise<number> => {
    const paused = await pausedSources(parts);
    return paused === 'all' || paused.includes(source.identity) ? POLL_MS : step();
  };
  const sweep = async (): Promise<number> => {
    const idle = await sweepStep(parts, source, api);
    if (idle === 0) parts.onPlanned?.();
    return Math.min(idle, POLL_MS * 10);
  };
  const unlinked = (): Promise<number> => unlinkedStep(parts, parts.registry, source, POLL_MS * 60);
  const loop = (name: string, step: () => Promise<number>): Loop =>
    startLoop(parts, `${name}:${source.name}`, unlessPaused(step));
  return [
    loop('fetch', async () => asked(await fetchStep(parts, source, api))),
    loop('write-back', () => writeBackStep(parts, source, api, POLL_MS)),
    // These go by the clock alone.
    { ...loop('sweep', sweep), wake: () => undefined },
    { ...loop('unlinked', unlinked), wake: () => undefined },
  ];
}

async function pausedSources({ store, registry }: WorkerParts): Promise<'all' | string[]> {
  const scopes = await pausedScopes(store.read);
  if (scopes.has('all')) return 'all';
  return [...registry.sources.values()]
    .filter(({ identity, paused }) => paused || scopes.has(`source:${identity}`))
    .map(({ identity }) => identity);
}

function startDelivery(parts: WorkerParts, provider: Provider): Loop {
  const hands = new PQueue({ concurrency: JOBS_AT_ONCE });
  const loop: Loop = startLoop(
    parts,
    `deliver:${provider.name}`,
    async () => {
      const free = JOBS_AT_ONCE - hands.size - hands.pending;
      // A finished job wakes the loop, so that a hand is never idle while there is work.
      if (free <= 0) return POLL_MS;
      const idle = await idleTime(parts, provider);
      if (idle > 0) return Math.min(idle, POLL_MS);
      const paused = await pausedSources(parts);
      if (paused === 'all') return POLL_MS;
      const jobs = await claim(parts, provider, free, paused);
      for (const job of jobs) void hands.add(() => work(parts, provider, job)).finally(() => loop.wake());
      return jobs.length === free ? 0 : untilNextDue(parts, provider);
    },
    () => hands.onIdle(),
  );
  return loop;
}

/** Keeps the index of a provider's clients, where the configuration asks for keys that it cannot search. */
function startListing(parts: WorkerParts, provider: Provider): Loop[] {
  const { directory } = provider.account;
  if (directory === null || !needsDirectory(parts.registry, provider)) return [];
  const step = async (): Promise<number> => {
    const rest = await restOf(parts, provider);
    if (rest === null) return (await tryAgain(parts, provider, 'idle')) ? 0 : POLL_MS;
    return rest > 0 ? Math.min(rest, POLL_MS) : Math.min(await syncStep(parts, provider, directory), POLL_MS * 60);
  };
  return [startLoop(parts, `list:${provider.name}`, step)];
}

async function claim(parts: WorkerParts, provider: Provider, limit: number, paused: string[]): Promise<JobRow[]> {
  const now = parts.runtime.now();
  const due = await nextDue(parts.store.read, provider.name);
  if (due === null || due > now.getTime()) return [];
  const { lease: leaseMs } = provider.delivery;
  return parts.store.write((tx) =>
    claimDue(tx, { provider: provider.name, limit, owner: parts.owner, now, leaseMs, pausedSources: paused }),
  );
}

async function untilNextDue(parts: WorkerParts, provider: Provider): Promise<number> {
  const due = await nextDue(parts.store.read, provider.name);
  if (due === null) return POLL_MS;
  const wait = due - parts.runtime.now().getTime();
  // Due and still not claimed: it waits for an earlier job of its sale, whose end wakes this loop.
  return wait <= 0 ? POLL_MS : Math.min(wait, POLL_MS);
}

/** How long the provider must be left alone; 0 for not at all, null where an open breaker has yet to be tried. */
async function restOf(parts: WorkerParts, provider: Provider): Promise<number | null> {
  const scopes = await pausedScopes(parts.store.read);
  if (provider.paused || scopes.has(`provider:${provider.name}`)) return POLL_MS;
  const standing = await standingOf(parts.store.read, provider.account.accountId);
  const blocked = standing.blockedUntil - parts.runtime.now().getTime();
  if (blocked > 0) return blocked;
  return standing.blockedUntil === 0 ? 0 : null;
}

/** How long no job of the provider is taken up; an open breaker is tried with a harmless read first. */
async function idleTime(parts: WorkerParts, provider: Provider): Promise<number> {
  const rest = await restOf(parts, provider);
  if (rest !== null) return rest > 0 ? rest : provider.nextTurnIn();
  return (await tryAgain(parts, provider, 'busy')) ? 0 : POLL_MS;
}

/** Tries an open breaker: for the jobs while there are any, else for whoever reads lists. True when it is closed. */
async function tryAgain(parts: WorkerParts, provider: Provider, when: 'busy' | 'idle'): Promise<boolean> {
  const isBusy = (await nextDue(parts.store.read, provider.name)) !== null;
  return isBusy === (when === 'busy') && probe(parts, provider);
}

async function work(parts: WorkerParts, provider: Provider, job: JobRow): Promise<void> {
  const inHand: Work = { ...parts, provider, job, lease: { jobId: job.id, fence: job.fence } };
  try {
    await deliver(inHand);
  } catch (error) {
    if (error instanceof LeaseLost) {
      parts.log.warn('job.lease_lost', { job_id: job.id, key: job.key });
      return;
    }
    const detail = error instanceof Error ? error.message : String(error);
    parts.log.error('job.defect', { job_id: job.id, key: job.key, reason: detail });
    // What was being sent may have arrived: a person who sends it on lets it be looked up first.
    const phase = job.phase === null ? null : 'resolving';
    await hold(inHand, problem('defect', detail), { phase }).catch((second: unknown) => {
      parts.log.error('job.not_held', { job_id: job.id, reason: String(second) });
    });
  }
}

/** Jobs whose worker is gone: what may have been sent is looked up after its quarantine, the rest goes on at once. */
async function takeUpAbandoned(parts: WorkerParts, everyone: boolean): Promise<number> {
  const now = parts.runtime.now();
  for (const job of await abandonedJobs(parts.store.read, now, everyone)) {
    await takeOver(parts, job, now);
    parts.log.warn('job.taken_over', { job_id: job.id, key: job.key, phase: job.phase });
  }
  return POLL_MS * 5;
}
