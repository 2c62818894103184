// Everything that may come in wrong, through the real door of the real program: a clear answer, nothing lost, no invoice.
// The same program runs through all of it, and at the end nothing that should be secret stands in anything it has written.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVosFactures, type VosFacturesSimulator } from '../simulators/vosfactures.ts';
import { wooOrder } from '../support/deliveries.ts';
import { type Program, program } from '../support/program.ts';
import { signWooCommerce } from '../support/sign.ts';

const SECRET = 'canary-woo-secret-4f1c';
const TOKEN = 'canary-admin-token-9a2e';
const API_TOKEN = 'sEcReT-token-of-the-simulated-account';
const buyer = {
  customerId: 7,
  email: 'canary-mail@buyer.example',
  company: 'Canary-Company',
  taxNumber: 'FR40303265045',
  firstName: 'Canary-First',
  lastName: 'Canary-Last',
};
const CANARIES = [
  SECRET,
  TOKEN,
  API_TOKEN,
  'canary-mail',
  'Canary-Company',
  'Canary-First',
  'Canary-Last',
  '40303265045',
  'rue de la Paix',
  'Desk lamp',
];

let dir: string;
let simulator: VosFacturesSimulator;
let bridge: Program;
let url: string;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'bad-input-'));
  simulator = await startVosFactures({ now: () => new Date() });
  bridge = program(
    dir,
    `
server: { port: 0, body_limit: 20kb }
admin: { token: ${TOKEN} }
providers:
  books: { type: vosfactures, base_url: "${simulator.url}", api_token: ${API_TOKEN} }
sources:
  shop: { type: woocommerce, secret: ${SECRET}, provider: books, start_at: all }
delivery: { timeout: 300ms, lease: 2s, quarantine: 100ms, retry: { base: 20ms, cap: 100ms } }
`,
  );
  url = await bridge.start();
});
afterAll(async () => {
  await bridge.kill();
  await simulator.close();
  rmSync(dir, { recursive: true });
});

const admin = async (call: string) =>
  (await fetch(`${url}/admin/api/${call}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
const sign = (body: string | Uint8Array, secret = SECRET) =>
  signWooCommerce({ body, topic: 'order.updated', secret, now: new Date() });
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>, source = 'shop') =>
  fetch(`${url}/webhooks/${source}`, { method: 'POST', headers, body });
const paid = (id: number, change: object = {}) =>
  JSON.stringify({ ...wooOrder({ id, paid: true, second: 5, buyer }), ...change });

/** Stores a signed body and waits for what becomes of it. */
async function eventOf(body: string | Uint8Array<ArrayBuffer>) {
  const answer = await post(body, sign(body));
  expect(answer.status).toBe(200);
  const { event_id } = (await answer.json()) as { event_id: string };
  let event: { status: string; reason: string | null } = { status: 'received', reason: null };
  await expect
    .poll(
      async () => {
        event = (await admin(`events/${event_id}`)) as typeof event;
        return event.status;
      },
      { timeout: 10_000, interval: 20 },
    )
    .not.toBe('received');
  return { status: event.status, reason: event.reason };
}

async function jobOf(orderId: number) {
  let job: { status: string; reason: string | null; detail: string | null } | undefined;
  await expect
    .poll(
      async () => {
        const { items } = (await admin('jobs?kind=invoice&limit=200')) as {
          items: { order_id: string; status: string; reason: string | null; detail: string | null }[];
        };
        job = items.find(({ order_id }) => order_id === String(orderId));
        return job?.status;
      },
      { timeout: 20_000, interval: 20 },
    )
    .toMatch(/done|held/);
  return job;
}

describe('at the door', () => {
  it.each([
    ['an unknown source', 404, () => post('{}', sign('{}'), 'nowhere')],
    ['no signature', 401, () => post('{}', { 'content-type': 'application/json' })],
    ['a signature of another body', 401, () => post(paid(1), sign(paid(2)))],
    ['a signature with another secret', 401, () => post(paid(1), sign(paid(1), 'another-secret-entirely'))],
    ['a body over the limit', 413, () => post('x'.repeat(20 * 1024 + 1), sign('x'))],
    [
      'a content type that the source never sends',
      415,
      () => post('<order/>', { ...sign('<order/>'), 'content-type': 'application/xml' }),
    ],
  ])('%s is answered %i, and nothing is stored', async (_what, status, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(((await admin('events?limit=200')) as { items: unknown[] }).items).toEqual([]);
  });
});

describe('signed, stored and not understood', () => {
  it.each([
    ['malformed JSON', '{"id":1,}', 'malformed_json'],
    ['truncated JSON', paid(1).slice(0, 200), 'malformed_json'],
    ['a body that is no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'malformed_json'],
    ['an error of WordPress', '{"code":"rest_forbidden","message":"no","data":{"status":401}}', 'not_an_order'],
    ['an order without lines', paid(2, { line_items: [] }), 'order_without_lines'],
    ['an unknown currency', paid(3, { currency: 'EUX' }), 'unknown_currency'],
  ])('%s is answered 200 and ends as failed, with the reason', async (_what, body, reason) => {
    expect(await eventOf(body)).toEqual({ status: 'failed', reason });
  });
  it('totals that do not add up are held with both figures', async () => {
    await eventOf(paid(4, { total: '60.00' }));
    expect(await jobOf(4)).toMatchObject({
      status: 'held',
      reason: 'totals_disagree',
      detail: expect.stringMatching(/12000.*6000/),
    });
  });
});

describe('a provider that refuses or breaks', () => {
  const json = { 'content-type': 'application/json' };
  const refuses = (path: string, status: number, body: string, headers: Record<string, string> = json, times = 1) => {
    for (let n = 0; n < times; n++)
      simulator.failNext(
        { acts: 'never', sees: { status, headers, body } },
        (exchange) => exchange.method === 'POST' && exchange.path === path,
      );
  };
  it('a client that it refuses is held with its words', async () => {
    refuses('/clients.json', 422, '{"code":"error","message":{"tax_no":["nie jest poprawny"]}}');
    await eventOf(paid(10, { customer_id: 10 }));
    expect(await jobOf(10)).toMatchObject({
      status: 'held',
      reason: 'client_refused',
      detail: expect.stringContaining('tax_no'),
    });
  });
  it('an invoice that it refuses is held with its words', async () => {
    refuses('/invoices.json', 422, '{"code":"error","message":{"positions.name":["trop long"]}}');
    await eventOf(paid(11));
    expect(await jobOf(11)).toMatchObject({
      status: 'held',
      reason: 'invoice_refused',
      detail: expect.stringContaining('trop long'),
    });
  });
  it.each([
    [
      12,
      'a page of HTML',
      () => refuses('/invoices.json', 200, '<html>Maintenance</html>', { 'content-type': 'text/html' }),
    ],
    [13, '401', () => refuses('/invoices.json', 401, '{"code":"error","message":"Bad token"}')],
    [14, '429', () => refuses('/invoices.json', 429, 'Retry later', { 'retry-after': '1' })],
    [15, '500', () => refuses('/invoices.json', 500, 'Internal Server Error')],
    [16, 'nothing', () => simulator.failNext({ acts: 'at_once', sees: 'silence' }, ({ method }) => method === 'POST')],
    [
      17,
      'half an answer',
      () => simulator.failNext({ acts: 'at_once', sees: 'half' }, ({ method }) => method === 'POST'),
    ],
  ])('order %i, answered with %s, becomes one invoice all the same', async (id, _what, fail) => {
    fail();
    await eventOf(paid(id));
    expect(await jobOf(id)).toMatchObject({ status: 'done' });
    expect(simulator.documents().filter(({ oid }) => oid === `shop-${id}-invoice-1`)).toHaveLength(1);
  });
});

describe('after all of that', () => {
  it('no secret and nothing personal stands in a single line that the program has written', async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const written = bridge.output() + metrics;
    expect(written).toContain('"event":"job.done"');
    expect(CANARIES.filter((canary) => written.toLowerCase().includes(canary.toLowerCase()))).toEqual([]);
  });
  it('it still answers, and stops when asked to', async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await bridge.stop()).toBe(0);
  });
});
