// The sentence that the project owns, with the real program, a provider that loses answers and kill -9 in the middle.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVosFactures, type VosFacturesSimulator } from '../simulators/vosfactures.ts';
import { ada, type Buyer, paymentOf, wooOrder } from '../support/deliveries.ts';
import { type Program, program } from '../support/program.ts';
import { signStripe, signWooCommerce } from '../support/sign.ts';

const TOKEN = 'token-of-the-admin-in-tests';
const WOO = 'woo-secret-of-the-tests';
const STRIPE = 'whsec_secret_of_the_tests';

const config = (url: string): string => `
server: { port: 0 }
admin: { token: ${TOKEN} }
providers:
  books: { type: vosfactures, base_url: "${url}", api_token: "sEcReT-token-of-the-simulated-account", rate_limit: { requests: 10000, per: 1s } }
sources:
  shop: { type: woocommerce, secret: ${WOO}, provider: books, start_at: all }
  stripe: { type: stripe, secret: ${STRIPE}, provider: books, start_at: all }
delivery: { timeout: 500ms, lease: 2s, quarantine: 300ms, retry: { base: 50ms, cap: 400ms } }
`;

type Delivery = { source: 'shop' | 'stripe'; topic: string; body: string };
const tell = (source: Delivery['source'], topic: string, body: object): Delivery => ({
  source,
  topic,
  body: JSON.stringify(body),
});

/** Registered customers who come back, guests by e-mail, and guests whom nothing identifies. */
function buyerOf(id: number): Buyer {
  if (id % 5 === 0) return { customerId: 0, email: '' };
  if (id % 5 === 1) return { customerId: 0, email: `guest${id}@buyer.example` };
  return { ...ada, customerId: (id % 7) + 1, email: `customer${(id % 7) + 1}@buyer.example` };
}

/** Every order is told twice and paid through Stripe; half of them are placed unpaid. */
function deliveriesOf(id: number): Delivery[] {
  const net = 1_000 + id * 37;
  const placed = wooOrder({ id, net, buyer: buyerOf(id) });
  const payment = tell('stripe', 'payment_intent.succeeded', paymentOf(placed, net + Math.round(net / 5)));
  const told = tell(
    'shop',
    'order.updated',
    id % 2 === 0 ? placed : wooOrder({ id, net, paid: true, second: 9, buyer: buyerOf(id), transaction: `pi_${id}` }),
  );
  return [told, told, payment, payment];
}

/** A fixed shuffle, so that a failure comes again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

let dir: string;
let simulator: VosFacturesSimulator;
let bridge: Program;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'killed-'));
  simulator = await startVosFactures({ now: () => new Date() });
  bridge = program(dir, config(simulator.url));
});
afterEach(async () => {
  await bridge.kill();
  await simulator.close();
  rmSync(dir, { recursive: true });
});

/** Sends like a shop that does not give up: again until it is told 200. */
async function send(urlNow: () => Promise<string>, { source, topic, body }: Delivery): Promise<void> {
  for (;;) {
    const now = new Date();
    const headers =
      source === 'shop'
        ? signWooCommerce({ body, topic, secret: WOO, now })
        : signStripe({ body, topic, secret: STRIPE, now });
    const answer = await fetch(`${await urlNow()}/webhooks/${source}`, { method: 'POST', headers, body }).catch(
      () => null,
    );
    if (answer?.status === 200) return;
    if (answer !== null) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function openJobs(url: string): Promise<number> {
  let open = 0;
  for (const status of ['pending', 'running', 'held', 'dead']) {
    const answer = await fetch(`${url}/admin/api/jobs?status=${status}&limit=200`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    open += ((await answer.json()) as { items: unknown[] }).items.length;
  }
  return open;
}

describe('sixty orders, each told twice and in any order', () => {
  it.each([0, 5])(
    'become sixty invoices, right and paid, on the right clients, though one answer in ten is lost and the program is killed %i times',
    async (kills) => {
      const orders = Array.from({ length: 60 }, (_, index) => index + 1);
      const deliveries = shuffled(orders.flatMap(deliveriesOf), 7);
      let created = 0;
      const loses = (): boolean => ++created % 10 === 0;
      for (let n = 0; n < 12; n++)
        simulator.failNext({ acts: 'at_once', sees: 'reset' }, ({ method }) => method === 'POST' && loses());

      let url = bridge.start();
      const every = Math.floor(deliveries.length / (kills + 1));
      for (const [index, delivery] of deliveries.entries()) {
        if (kills > 0 && index > 0 && index % every === 0 && index / every <= kills) {
          await bridge.kill();
          url = bridge.start();
        }
        await send(() => url, delivery);
      }
      await expect.poll(async () => openJobs(await url), { timeout: 60_000, interval: 100 }).toBe(0);

      const documents = simulator.documents();
      const oids = documents.map(({ oid }) => oid);
      expect([oids.length, new Set(oids)]).toEqual([60, new Set(orders.map((id) => `shop-${id}-invoice-1`))]);
      for (const id of orders) {
        const net = 1_000 + id * 37;
        const document = documents.find(({ oid }) => oid === `shop-${id}-invoice-1`);
        expect([Number(document?.price_gross), Number(document?.paid), document?.status]).toEqual([
          (net + Math.round(net / 5)) / 100,
          (net + Math.round(net / 5)) / 100,
          'paid',
        ]);
        const client = simulator.clients().find((one) => one.id === document?.client_id);
        expect(client?.email || null).toBe(buyerOf(id).email || null);
      }
      const keys = simulator
        .clients()
        .map(({ email }) => email)
        .filter((email) => email);
      expect(new Set(keys).size).toBe(keys.length);
      expect(simulator.clients()).toHaveLength(12 + 12 + 7);
      expect(simulator.requests().some(({ method }) => method === 'DELETE')).toBe(false);
    },
    120_000,
  );
});
