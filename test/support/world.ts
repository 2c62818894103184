// A whole bridge with its doors and without its loops: a real store in a folder of its own, literal connectors, and a clock
// that moves only when told. `drain` does what the workers would do at this instant.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { ProviderAccount } from '../../src/connector.ts';
import { toJson } from '../../src/domain/json.ts';
import { fetchStep } from '../../src/flow/1-fetch.ts';
import { sweepStep } from '../../src/flow/1-sweep.ts';
import { type Inbox, openInbox } from '../../src/flow/2-inbox.ts';
import { applyEvent } from '../../src/flow/3-facts.ts';
import { unlinkedStep } from '../../src/flow/3-unlinked.ts';
import { planDue } from '../../src/flow/5-due.ts';
import { deliver } from '../../src/flow/7-deliver.ts';
import { takeOver } from '../../src/flow/7-settle.ts';
import { writeBackStep } from '../../src/flow/8-write-back.ts';
import { type AppParts, buildApp } from '../../src/http/app.ts';
import { openMetrics } from '../../src/http/metrics.ts';
import { createLog } from '../../src/log.ts';
import type { OperationParts } from '../../src/operations/parts.ts';
import { advanceReplays } from '../../src/operations/replays.ts';
import type {
  DocumentsPolicy,
  InvoicingPolicy,
  MatchingPolicy,
  Provider,
  Registry,
  Route,
  Source,
} from '../../src/registry.ts';
import type { Runtime } from '../../src/runtime.ts';
import { waitingEvents } from '../../src/store/events.ts';
import { abandonedJobs, claimDue, type JobRow, jobById } from '../../src/store/jobs.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { runningReplay } from '../../src/store/replays.ts';
import { addSource, knownSources } from '../../src/store/sources.ts';
import { type Books, literalBooks, literalHeaders, literalSource } from './literal-connectors.ts';
import { DEFAULT_DOCUMENTS, DEFAULT_INVOICING } from './orders.ts';

export const TOKEN = 'token-of-the-test-world';

/** Time that stands still until it is moved; what was to be called back meanwhile is called then, in its order. */
export type TestClock = Runtime & { advance(ms: number): Promise<void> };

export function testClock(start = '2026-11-21T10:00:00.000Z'): TestClock {
  let now = Date.parse(start);
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => new Date(now),
    random: () => 0.5,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
  };
}

export type World = OperationParts & {
  runtime: TestClock;
  inbox: Inbox;
  books: Books;
  /** The books of the second provider, `german`, to which only a route leads. */
  german: Books;
  app: ReturnType<typeof buildApp>;
  /** How often the workers were told that there is something to do. */
  wakes(): number;
  /** A signed delivery is on disk; its event's id. */
  deliver(source: 'shop' | 'bank', told: object | string, topic?: string): Promise<number>;
  /** Maps and delivers until nothing is due at this instant, replays included. */
  drain(): Promise<void>;
  /** Moves the clock from one job's time to the next, and works, until none is due within so many hours. */
  settle(hours?: number): Promise<void>;
  /** What a start finds: jobs of a dead process. */
  recover(): Promise<void>;
  /** Leases what is due, as a worker that then does nothing with it. */
  claim(): Promise<JobRow[]>;
  jobs(): Promise<JobRow[]>;
  /** The job whose key ends so: `501/invoice/1`. */
  job(key: string): Promise<JobRow>;
  /** A call of the admin API with the right token; its status and its JSON. */
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Everything in the database, as text. */
  dump(): string;
  /** Ends this process's hold on the database and opens it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** States in which a job goes on by itself. */
const OPEN: ReadonlySet<string> = new Set(['pending', 'running']);

export type WorldOptions = {
  invoicing?: Partial<InvoicingPolicy>;
  /** In place of the literal books' account. */
  account?: ProviderAccount;
  onUncertain?: Provider['onUncertain'];
  matching?: Partial<MatchingPolicy>;
  /** With any, there is a second provider, `german`. */
  routes?: Route[];
  documents?: Partial<DocumentsPolicy>;
  /** What the shop and the bank have besides: an API, write-backs. */
  shop?: Partial<Pick<Source, 'api' | 'writeBack'>>;
  bank?: Partial<Pick<Source, 'api' | 'writeBack' | 'linking'>>;
  app?: Partial<AppParts>;
};

const literalProvider = (
  name: string,
  { account }: Pick<Books, 'account'>,
  documents: Partial<DocumentsPolicy>,
  onUncertain: Provider['onUncertain'],
): Provider => ({
  name,
  type: 'literal',
  account,
  delivery: {
    timeout: 30_000,
    lease: 120_000,
    quarantine: 300_000,
    refundGrace: 3_600_000,
    retry: { base: 2000, cap: 3_600_000, giveUpAfter: 259_200_000 },
  },
  documents: { ...DEFAULT_DOCUMENTS, ...documents },
  onUncertain,
  paused: false,
  budgetLeft: async () => null,
  nextTurnIn: async () => 0,
  paced: (work) => work(),
  http: async () => {
    throw new Error('the literal books have no address');
  },
});

/** Opens a world with the shop `shop`, the payments of `bank` and the provider `books`. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { invoicing = {}, routes = [], documents = {}, matching = {}, app: appParts = {} } = options;
  const { onUncertain = 'hold' } = options;
  const dir = mkdtempSync(path.join(tmpdir(), 'world-'));
  const file = path.join(dir, 'bridge.db');
  const runtime = testClock();
  const log = createLog('silent');
  const books = literalBooks();
  const german = literalBooks('german');
  const policy = { ...DEFAULT_INVOICING, ...invoicing };
  const sources = [
    // Renamed once: its identity is not its name.
    literalSource({ name: 'shop', identity: 'oldshop', tells: 'shop', routes, invoicing: policy, ...options.shop }),
    literalSource({ name: 'bank', tells: 'payments', invoicing: policy, ...options.bank }),
  ];
  const registry: Registry = {
    sources: new Map(sources.map((source) => [source.name, source])),
    providers: new Map([
      ['books', literalProvider('books', { account: options.account ?? books.account }, documents, onUncertain)],
      ...(routes.length === 0 ? [] : [['german', literalProvider('german', german, documents, onUncertain)] as const]),
    ]),
    matching: {
      by: ['email'],
      externalId: '{source}-{customer.id}',
      onMissing: 'create',
      onAmbiguous: 'hold',
      onDifference: 'fill',
      ...matching,
    },
    sells: 'goods',
    timeZone: 'Europe/Paris',
    dataDir: dir,
  };
  let wakes = 0;

  async function openParts() {
    const store = await openStore(file, 'serve');
    if ((await knownSources(store.read)).length === 0) {
      const at = runtime.now().getTime();
      await store.write(async (tx) => {
        for (const { identity, name, type } of sources) {
          await addSource(tx, {
            identity,
            name,
            type,
            shop: null,
            first_started_at: at,
            heard_at: null,
            silent_since: null,
          });
        }
      });
    }
    const wake = (): void => {
      wakes += 1;
    };
    const operations: OperationParts = { store, registry, runtime, log, wake };
    const inbox = openInbox(store, runtime, wake);
    const app = buildApp({
      operations,
      inbox,
      metrics: openMetrics(store, runtime, { process: false }),
      adminToken: TOKEN,
      bodyLimit: 4096,
      draining: () => false,
      ...appParts,
    });
    return { ...operations, inbox, app };
  }
  const opened = await openParts();

  const claim = (store: Store, provider: string): Promise<JobRow[]> =>
    store.write((tx) =>
      claimDue(tx, {
        provider,
        limit: 8,
        owner: 'test',
        now: runtime.now(),
        leaseMs: 120_000,
        pausedSources: [],
      }),
    );

  /** What the loops that ask the sources' APIs would do now; how much there was. */
  async function askSources(): Promise<number> {
    let done = 0;
    for (const source of registry.sources.values()) {
      const { api } = source;
      if (api === null) continue;
      if ((await sweepStep(world, source, api)) === 0) done += 1;
      await unlinkedStep(world, registry, source, 60_000);
      done += await fetchStep(world, source, api);
      if ((await writeBackStep({ ...world, owner: 'test' }, source, api, 1)) === 0) done += 1;
    }
    return done;
  }

  const world: World = {
    ...opened,
    runtime,
    books,
    german,
    wakes: () => wakes,
    async deliver(source, told, topic) {
      const body = typeof told === 'string' ? told : toJson(told);
      const answer = await world.app.request(`/webhooks/${source}`, {
        method: 'POST',
        headers: literalHeaders(body, topic),
        body,
      });
      if (answer.status !== 200) throw new Error(`delivery answered ${answer.status}: ${await answer.text()}`);
      return Number(((await answer.json()) as { event_id: string }).event_id);
    },
    async drain() {
      for (;;) {
        if ((await runningReplay(world.store.read)) !== undefined) await advanceReplays(world);
        const events = await waitingEvents(world.store.read, 64, []);
        for (const id of events) await applyEvent(world, id);
        let begun = await planDue(world);
        begun += await askSources();
        for (const provider of registry.providers.values()) {
          const jobs = await claim(world.store, provider.name);
          for (const job of jobs)
            await deliver({ ...world, provider, job, lease: { jobId: job.id, fence: job.fence } });
          begun += jobs.length;
        }
        if (events.length === 0 && begun === 0 && (await runningReplay(world.store.read)) === undefined) return;
      }
    },
    async settle(hours = 2) {
      const end = runtime.now().getTime() + hours * 3_600_000;
      for (;;) {
        await world.drain();
        // What is due already and was not taken waits for another job of its sale.
        const now = runtime.now().getTime();
        const sales = await world.store.read.selectFrom('sale').select('due_at').where('due_at', '>', now).execute();
        const fetches = await world.store.read.selectFrom('fetch').select('due_at').where('due_at', '>', now).execute();
        const due = [
          ...(await world.jobs())
            .filter(({ status, next_attempt_at }) => OPEN.has(status) && next_attempt_at > now)
            .map(({ next_attempt_at }) => next_attempt_at),
          ...[...sales, ...fetches].map(({ due_at }) => due_at ?? 0),
        ];
        if (due.length === 0 || Math.min(...due) > end) return;
        await runtime.advance(Math.min(...due) - now);
      }
    },
    async recover() {
      for (const job of await abandonedJobs(world.store.read, runtime.now(), true)) {
        await takeOver(world, job, runtime.now());
      }
    },
    claim: () => claim(world.store, 'books'),
    async jobs() {
      const rows = await world.store.read.selectFrom('job').select('id').orderBy('id').execute();
      const jobs = await Promise.all(rows.map(({ id }) => jobById(world.store.read, id)));
      return jobs.filter((job) => job !== undefined);
    },
    async job(key) {
      const job = (await world.jobs()).find((one) => one.key.endsWith(key));
      if (job === undefined) throw new Error(`no job ${key}`);
      return job;
    },
    async call(method, target, body) {
      const answer = await world.app.request(`/admin/api${target}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
    dump() {
      const database = new Database(file, { readonly: true });
      const names = database.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all();
      const tables = names.map((name) => [name, database.prepare(`select * from "${String(name)}"`).all()]);
      database.close();
      return JSON.stringify(tables);
    },
    async restart() {
      await world.store.close();
      Object.assign(world, await openParts());
    },
    async close() {
      await world.store.close();
      rmSync(dir, { recursive: true });
    },
  };
  return world;
}
