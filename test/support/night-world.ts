// A bridge between three shops, Stripe and VosFactures, all simulated: real store, real connectors, and a clock that moves
// only when told, or when a pace is waited for. `work` does what the loops would do at this instant.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { catalogue } from '../../connectors/index.ts';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import type { SourceIo } from '../../src/connector.ts';
import { fetchStep } from '../../src/flow/1-fetch.ts';
import { type Reception, receive } from '../../src/flow/1-receive.ts';
import { sweepStep } from '../../src/flow/1-sweep.ts';
import { openInbox } from '../../src/flow/2-inbox.ts';
import { applyEvent } from '../../src/flow/3-facts.ts';
import { planDue } from '../../src/flow/5-due.ts';
import { deliver } from '../../src/flow/7-deliver.ts';
import { takeOver } from '../../src/flow/7-settle.ts';
import { createLog } from '../../src/log.ts';
import type { BoundApi, Registry, Source } from '../../src/registry.ts';
import type { Runtime } from '../../src/runtime.ts';
import { waitingEvents } from '../../src/store/events.ts';
import { abandonedJobs, claimDue } from '../../src/store/jobs.ts';
import { openStore } from '../../src/store/open.ts';
import { knownSources } from '../../src/store/sources.ts';
import { type PrestaShopShop, prestashopShop } from '../simulators/prestashop.ts';
import { type ShopifyShop, shopifyShop } from '../simulators/shopify.ts';
import { type StripeAccount, startStripe } from '../simulators/stripe.ts';
import type { VosFacturesSimulator } from '../simulators/vosfactures.ts';
import { type WooShop, wooShop } from '../simulators/woocommerce.ts';
import { vosfacturesAccount } from './provider-accounts.ts';

export type Sender = 'woo' | 'shopify' | 'presta' | 'stripe';
export type Delivery = { sender: Sender; headers: Readonly<Record<string, string>>; body: Uint8Array };

/** Thrown where a process dies. */
export class Died extends Error {}

export type NightWorld = {
  woo: WooShop;
  shopify: ShopifyShop;
  presta: PrestaShopShop;
  stripe: StripeAccount;
  books: VosFacturesSimulator;
  now(): Date;
  pass(minutes: number): void;
  /** Everything that the senders send now, taken off their hands. */
  sent(): Delivery[];
  /** What Stripe, which has not been answered, sends once more; the shops send nothing again. */
  sentAgain(): Delivery[];
  hear(delivery: Delivery): Promise<Reception['kind']>;
  /** Works until nothing is due at this instant. */
  work(): Promise<void>;
  /** Works on as the hours pass. */
  workFor(hours: number): Promise<void>;
  /** The process dies before this request of those that it is about to make of the source's API. */
  dieBefore(sender: Sender, request: number): void;
  /** A new process on the same database. */
  restart(): Promise<void>;
  jobs(): Promise<{ key: string; status: string; reason: string | null; detail: string | null }[]>;
  /** Sources whose webhook is known to be silent. */
  silent(): Promise<string[]>;
  close(): Promise<void>;
};

const SECRET = 'a-secret-that-every-sender-signs-with';
const HOUR = 3_600_000;
/** The lists of the senders are read again after so long. */
const NAP = HOUR / 2;

type Senders = Pick<NightWorld, Sender>;

const configOf = ({ woo, shopify, presta, stripe }: Senders, books: string): string => `
database: sqlite:./bridge.db
providers:
  books: { ${books}, rate_limit: { requests: 100000, per: 1s } }
sources:
  woo:
    type: woocommerce
    api: { url: "${woo.url}", consumer_key: ${woo.consumerKey}, consumer_secret: ${woo.consumerSecret} }
    secret: ${SECRET}
    provider: books
    start_at: all
  shopify:
    type: shopify
    api: { url: "${shopify.url}", access_token: ${shopify.token} }
    secret: ${SECRET}
    provider: books
    start_at: all
  presta:
    type: prestashop
    api: { url: "${presta.url}", key: ${presta.key} }
    secret: ${SECRET}
    provider: books
    start_at: all
  stripe:
    type: stripe
    api_base: "${stripe.url}"
    api_key: ${stripe.key}
    orders_from: [woo, shopify, presta]
    secret: ${SECRET}
    provider: books
    start_at: all
delivery: { timeout: 250ms, lease: 2m, quarantine: 5m }
`;

const from =
  (sender: Sender) =>
  ({ headers, body }: { headers: Delivery['headers']; body: string | Uint8Array }): Delivery => ({
    sender,
    headers,
    body: Buffer.from(body),
  });

/** Opens the world on an evening; nothing has happened in it yet. */
export async function openNightWorld(): Promise<NightWorld> {
  const dir = mkdtempSync(path.join(tmpdir(), 'night-'));
  let at = Date.parse('2026-11-20T19:00:00.000Z');
  const now = (): Date => new Date(at);
  const runtime: Runtime = {
    now,
    random: () => 0.5,
    // Whoever waits for a pace is let through by the clock that he waits for.
    after(ms, callback) {
      const waiting = setImmediate(() => {
        at += ms;
        callback();
      });
      return () => clearImmediate(waiting);
    },
  };
  const senders: Senders = {
    woo: await wooShop({ secret: SECRET, now }),
    shopify: await shopifyShop({ secret: SECRET, now }),
    presta: await prestashopShop({ secret: SECRET, now }),
    stripe: await startStripe({ now, endpoints: [{ secret: SECRET, version: 'new' }] }),
  };
  const books = await vosfacturesAccount.start(now);
  const config = parseConfig({
    text: configOf(senders, vosfacturesAccount.settings(books)),
    file: path.join(dir, 'bridge.yaml'),
    env: {},
    catalogue,
  });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const log = createLog('silent');

  async function openParts() {
    const store = await openStore(path.join(dir, 'bridge.db'), 'serve');
    if (!config.ok) throw new Error('no configuration');
    const connected = await connect({
      config: config.value.config,
      catalogue,
      store,
      runtime,
      log,
      dataDir: dir,
      enrol: true,
    });
    if (!connected.ok) throw new Error(JSON.stringify(connected.error));
    return { store, registry: connected.value, runtime, log, inbox: openInbox(store, runtime, () => {}) };
  }
  let parts = await openParts();
  let death: { sender: Sender; requests: number } | null = null;

  /** The source's API, in a process that may die. */
  const mortal = (source: Source, bound: BoundApi): BoundApi => {
    const http: SourceIo['http'] = (request) => {
      if (death?.sender === source.name) {
        death.requests -= 1;
        if (death.requests === 0) throw new Died();
      }
      return bound.io.http(request);
    };
    return { ...bound, io: { ...bound.io, http } };
  };

  async function ask(registry: Registry): Promise<number> {
    let done = 0;
    for (const source of registry.sources.values()) {
      if (source.api === null) continue;
      const api = mortal(source, source.api);
      if ((await sweepStep(parts, source, api)) === 0) done += 1;
      done += await fetchStep(parts, source, api);
    }
    return done;
  }

  async function issue(registry: Registry): Promise<number> {
    const provider = registry.providers.get('books');
    if (provider === undefined) throw new Error('no provider');
    const claim = { provider: 'books', limit: 64, owner: 'test', now: now(), leaseMs: 120_000, pausedSources: [] };
    const jobs = await parts.store.write((tx) => claimDue(tx, claim));
    await Promise.all(
      jobs.map((job) => deliver({ ...parts, provider, job, lease: { jobId: job.id, fence: job.fence } })),
    );
    return jobs.length;
  }

  async function work(): Promise<void> {
    for (;;) {
      const events = await waitingEvents(parts.store.read, 64, []);
      await Promise.all(events.map((id) => applyEvent(parts, id)));
      const done = (await planDue(parts)) + (await ask(parts.registry)) + (await issue(parts.registry));
      if (events.length + done === 0) return;
    }
  }

  /** When there is something to do again, lists aside. */
  async function nextWork(): Promise<number> {
    const { read } = parts.store;
    const due = await Promise.all([
      read.selectFrom('job').select('next_attempt_at as at').where('status', '=', 'pending').execute(),
      read.selectFrom('sale').select('due_at as at').execute(),
      read.selectFrom('fetch').select('due_at as at').execute(),
    ]);
    return Math.min(at + NAP, ...due.flat().map((row) => (row.at !== null && row.at > at ? row.at : at + NAP)));
  }

  return {
    ...senders,
    books,
    now,
    pass: (minutes) => {
      at += minutes * 60_000;
    },
    sent: () => [
      ...senders.woo.deliveries().map(from('woo')),
      ...senders.shopify.deliveries().map(from('shopify')),
      ...senders.presta.deliveries().map(from('presta')),
      ...senders.stripe.deliveries().map(from('stripe')),
    ],
    sentAgain: () => senders.stripe.redeliveries().map(from('stripe')),
    async hear({ sender, headers, body }) {
      const source = parts.registry.sources.get(sender);
      if (source === undefined) throw new Error(`no source ${sender}`);
      return (await receive(source, { headers, body, repeated: new Set() }, parts)).kind;
    },
    work,
    async workFor(hours) {
      for (const end = at + hours * HOUR; at < end; at = await nextWork()) await work();
      await work();
    },
    dieBefore: (sender, requests) => {
      death = { sender, requests };
    },
    async restart() {
      death = null;
      await parts.store.close();
      parts = await openParts();
      for (const job of await abandonedJobs(parts.store.read, now(), true)) await takeOver(parts, job, now());
    },
    jobs: () =>
      parts.store.read.selectFrom('job').select(['key', 'status', 'reason', 'detail']).orderBy('key').execute(),
    silent: async () =>
      (await knownSources(parts.store.read)).filter((row) => row.silent_since !== null).map(({ name }) => name),
    async close() {
      await parts.store.close();
      await Promise.all([...Object.values(senders), books].map((simulator) => simulator.close()));
      rmSync(dir, { recursive: true });
    },
  };
}
