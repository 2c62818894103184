// A whole bridge without doors or loops: real store, real connectors, a simulated VosFactures, and a clock that moves only
// when told, or when the account's pace is waited for. `drain` does what the workers would do now; nothing waits for real time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { catalogue } from '../../connectors/index.ts';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { applyEvent } from '../../src/flow/3-facts.ts';
import { needsDirectory, syncStep } from '../../src/flow/6-listing.ts';
import { deliver } from '../../src/flow/7-deliver.ts';
import { takeOver } from '../../src/flow/7-settle.ts';
import { type DeliverParts, probe } from '../../src/flow/7-standing.ts';
import { createLog } from '../../src/log.ts';
import type { Runtime } from '../../src/runtime.ts';
import { standingOf } from '../../src/store/accounts.ts';
import { storeDeliveries, waitingEvents } from '../../src/store/events.ts';
import { abandonedJobs, claimDue, LeaseLost } from '../../src/store/jobs.ts';
import { openStore } from '../../src/store/open.ts';
import type { HttpSimulator } from '../simulators/http-simulator.ts';
import type { VosFacturesSimulator } from '../simulators/vosfactures.ts';
import { vosfacturesAccount } from './provider-accounts.ts';

/** A simulated account, and what a configuration says of it. */
export type ProviderAccountOf<Simulator> = {
  start(now: () => Date): Promise<Simulator>;
  /** The provider's settings as a flow mapping in YAML, without the braces. */
  settings(simulator: Simulator): string;
};

export type FlowWorld<Simulator extends HttpSimulator = VosFacturesSimulator> = DeliverParts & {
  simulator: Simulator;
  /** A verified delivery is on disk. */
  deliver(source: 'shop' | 'boutique' | 'stripe', topic: string, body: object): Promise<number>;
  /** Works until nothing is due at this instant. */
  drain(): Promise<void>;
  /** The clock moves; nothing else does. */
  advance(ms: number): void;
  /** Moves on through every wait until nothing is left to do, as `hours` pass. */
  settle(hours?: number): Promise<void>;
  /** Claims what is due and dies with it in hand, after `before` has run. */
  crashWith(before: (parts: DeliverParts) => Promise<void>): Promise<void>;
  /** What a start finds: jobs of a dead process. */
  recover(): Promise<void>;
  jobs(): Promise<
    {
      key: string;
      status: string;
      phase: string | null;
      reason: string | null;
      detail: string | null;
      attempts: number;
    }[]
  >;
  close(): Promise<void>;
};

const CONFIG = (books: string, extra: string): string => `
database: sqlite:./bridge.db
providers:
  books: { ${books}, rate_limit: { requests: 100000, per: 1s } }
sources:
  shop: { type: woocommerce, secret: woo-secret-of-the-tests, provider: books, start_at: all }
  boutique: { type: shopify, secret: shopify-secret-of-the-tests, provider: books, start_at: all }
  stripe: { type: stripe, secret: whsec_of_the_tests_only, orders_from: [shop, boutique], provider: books, start_at: all }
delivery: { timeout: 250ms, lease: 2m, quarantine: 5m }
${extra}`;

/** Opens a world at VosFactures. `extra` is YAML that is added to the configuration. */
export const openFlowWorld = (extra = ''): Promise<FlowWorld> => openWorldAt(vosfacturesAccount, extra);

/** Opens a world at the given provider. */
export async function openWorldAt<Simulator extends HttpSimulator>(
  account: ProviderAccountOf<Simulator>,
  extra = '',
): Promise<FlowWorld<Simulator>> {
  const dir = mkdtempSync(path.join(tmpdir(), 'flow-'));
  let now = Date.parse('2026-11-21T10:00:00.000Z');
  const runtime: Runtime = {
    now: () => new Date(now),
    random: () => 0.5,
    // Whoever waits for the account's pace is let through by the clock that he waits for.
    after(ms, callback) {
      const waiting = setImmediate(() => {
        now += ms;
        callback();
      });
      return () => clearImmediate(waiting);
    },
  };
  const simulator = await account.start(runtime.now);
  const parsed = parseConfig({
    text: CONFIG(account.settings(simulator), extra),
    file: path.join(dir, 'bridge.yaml'),
    env: {},
    catalogue,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const store = await openStore(path.join(dir, 'bridge.db'), 'serve');
  const log = createLog('silent');
  const registry = await connect({
    config: parsed.value.config,
    catalogue,
    store,
    runtime,
    log,
    dataDir: dir,
    enrol: true,
  });
  if (!registry.ok) throw new Error(JSON.stringify(registry.error));
  const parts: DeliverParts = { store, registry: registry.value, runtime, log };
  let sent = 0;

  async function claim() {
    const provider = registry.ok ? registry.value.providers.get('books') : undefined;
    if (provider === undefined) throw new Error('no provider');
    const standing = await standingOf(store.read, provider.account.accountId);
    if (standing.blockedUntil > now || (standing.blockedUntil > 0 && !(await probe(parts, provider))))
      return { provider, jobs: [] };
    const leaseMs = provider.delivery.lease;
    const jobs = await store.write((tx) =>
      claimDue(tx, { provider: 'books', limit: 8, owner: 'test', now: runtime.now(), leaseMs, pausedSources: [] }),
    );
    return { provider, jobs };
  }

  /** What the loop that lists clients would do now. */
  async function list(): Promise<void> {
    const provider = registry.ok ? registry.value.providers.get('books') : undefined;
    const directory = provider?.account.directory ?? null;
    if (provider === undefined || directory === null || !needsDirectory(parts.registry, provider)) return;
    while ((await syncStep(parts, provider, directory)) === 0);
  }

  async function drain(): Promise<void> {
    await list();
    for (;;) {
      const events = await waitingEvents(store.read, 64, []);
      await Promise.all(events.map((id) => applyEvent(parts, id)));
      const { provider, jobs } = await claim();
      if (events.length === 0 && jobs.length === 0) return;
      await Promise.all(
        jobs.map((job) =>
          deliver({ ...parts, provider, job, lease: { jobId: job.id, fence: job.fence } }).catch((error: unknown) => {
            if (!(error instanceof LeaseLost)) throw error;
          }),
        ),
      );
    }
  }

  const jobs: FlowWorld['jobs'] = () =>
    store.read
      .selectFrom('job')
      .select(['key', 'status', 'phase', 'reason', 'detail', 'attempts'])
      .orderBy('id')
      .execute();

  return {
    ...parts,
    simulator,
    drain,
    jobs,
    advance: (ms) => {
      now += ms;
    },
    async deliver(source, topic, body) {
      const text = JSON.stringify(body);
      const identity = registry.ok ? registry.value.sources.get(source)?.identity : undefined;
      const delivery = {
        source: identity ?? source,
        topic,
        delivery_key: `${topic} ${text}`,
        delivery_id: `d${++sent}`,
        shop: null,
        headers: '{}',
        body: Buffer.from(text),
      };
      const [stored] = await store.write((tx) => storeDeliveries(tx, [delivery], runtime.now()));
      return stored?.eventId ?? 0;
    },
    async settle(hours = 2) {
      const end = now + hours * 3_600_000;
      while (now < end) {
        await drain();
        const open = (await jobs()).filter(({ status }) => status === 'pending' || status === 'running');
        if (open.length === 0) return;
        now += 30_000;
      }
      await drain();
    },
    async crashWith(before) {
      await claim();
      await before(parts);
    },
    async recover() {
      for (const job of await abandonedJobs(store.read, runtime.now(), true)) await takeOver(parts, job, runtime.now());
    },
    async close() {
      await store.close();
      await simulator.close();
      rmSync(dir, { recursive: true });
    },
  };
}
