// Shopware's Admin API as the bridge uses it, against a simulated shop: tokens, whole orders, changes without a gap, notes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shopware } from '../../connectors/shopware/index.ts';
import type { ChangesPage, Finding, SourceApi, SourceIo } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import { type ShopwareOptions, type ShopwareShop, shopwareShop } from '../simulators/shopware.ts';

const START = '2026-11-21T10:00:00.000Z';
let time = 0;
const later = (ms = 1): void => {
  time += ms;
};
const now = (): Date => new Date(time);

let shop: ShopwareShop;
let api: SourceApi;
const io: SourceIo = { http: (request) => callProvider(api.endpoint, request, 2000), now };

async function start(options: Partial<ShopwareOptions> = {}, clientSecret?: string): Promise<void> {
  await shop?.close();
  time = Date.parse(START);
  shop = await shopwareShop({ secret: 'a-shop-secret', now, ...options });
  const keys = { client_id: shop.clientId, client_secret: clientSecret ?? shop.clientSecret };
  api = shopware.api(shopware.settings.parse({ api: { url: shop.url, ...keys } }));
}
beforeEach(() => start());
afterEach(() => shop.close());

/** What was found, or the test fails. */
function items<T>(lookup: Lookup<T>): T[] {
  if (lookup.kind === 'failed') throw new Error(lookup.problem.detail);
  return lookup.items;
}
const read = (id: string): Promise<Lookup<Finding>> => api.fetch(`order:${id}`, io);

function orderOf({ topic, body }: Finding): Order {
  const outcome = shopware.understand({ topic, headers: {}, body, receivedAt: '' });
  const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error(JSON.stringify(outcome));
  return fact.order;
}

/** Every finding of a stream since an instant, page after page; `between` is called after each page. */
async function readStream(
  stream: string,
  since = START,
  between: (page: number) => void = () => {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let cursor: string | null = null;
  for (let page = 1; page < 100; page++) {
    const [told]: ChangesPage[] = items(await api.changes(stream, since, cursor, io));
    findings.push(...(told?.findings ?? []));
    cursor = told?.cursor ?? null;
    if (cursor === null) return findings;
    between(page);
  }
  throw new Error(`${stream} does not end`);
}
const idsIn = (findings: Finding[]): string[] => findings.map((finding) => orderOf(finding).id);
/** Everything that any stream tells, by order. */
async function changedSince(since: string): Promise<Map<string, Set<string>>> {
  const bodies = new Map<string, Set<string>>();
  for (const stream of api.streams) {
    for (const finding of await readStream(stream, since)) {
      const { id } = orderOf(finding);
      bodies.set(id, (bodies.get(id) ?? new Set()).add(Buffer.from(finding.body).toString()));
    }
  }
  return bodies;
}

describe('the token of a Shopware integration', () => {
  it('is asked for once, and again shortly before it expires', async () => {
    const id = shop.place();
    await read(id);
    await read(id);
    expect(shop.tokens()).toBe(1);
    later(530_000);
    await read(id);
    expect(shop.tokens()).toBe(1);
    later(20_000);
    await read(id);
    expect(shop.tokens()).toBe(2);
  });

  it('is asked for anew when the shop no longer knows it', async () => {
    const id = shop.place();
    await read(id);
    shop.forgetTokens();
    expect(items(await read(id))).toHaveLength(1);
    expect(shop.tokens()).toBe(2);
  });

  it('that is refused for good is the account’s matter, after one more try', async () => {
    await start({}, 'wrong');
    expect(await read('0'.repeat(32))).toMatchObject({
      kind: 'failed',
      account: true,
      problem: { code: 'credentials_refused', detail: expect.stringContaining('client_secret') },
    });
    expect(shop.requests()).toHaveLength(1);
    await start({ tokenLife: 0 });
    expect(await read('0'.repeat(32))).toMatchObject({ kind: 'failed', account: true });
    expect(shop.tokens()).toBe(2);
  });

  it('and its keys stand in no address', async () => {
    await read(shop.place());
    expect(shop.requests().map(({ url }) => url)).toEqual(['/api/oauth/token', '/api/search/order']);
  });
});

describe('a Shopware order that is asked for', () => {
  it('comes whole', async () => {
    const id = shop.place({
      items: [
        { label: 'Lamp', gross: 12_000 },
        { label: 'Book', gross: 1055, rate: 5.5 },
      ],
      shipping: 600,
      company: 'Lumen',
      vatId: 'FR40303265045',
    });
    shop.pay(id);
    const [finding] = items(await read(id));
    if (finding === undefined) throw new Error('not found');
    expect(finding.topic).toBe('fetched.order');
    expect(orderOf(finding)).toMatchObject({
      id,
      total: 13_655n,
      lines: [
        { name: 'Lamp', rate: '20' },
        { name: 'Book', rate: '5.5' },
        { kind: 'shipping', name: 'Standard', gross: 600n },
      ],
      paid: { amount: 13_655n },
      buyer: { kind: 'company', name: 'Lumen', taxNumber: 'FR40303265045', customerId: expect.any(String) },
      language: 'fr-FR',
    });
  });

  it('has its numbers as the shop wrote them, and nothing of the customer beyond the invoice', async () => {
    const id = shop.place({ items: [{ label: 'Lamp', gross: 1990 }] });
    const [finding] = items(await read(id));
    const text = Buffer.from(finding?.body ?? '').toString();
    expect(text).toContain('"totalPrice":19.9,');
    expect(text).not.toMatch(/customFields":\{|deepLinkCode|salutation/);
  });

  it('is not there once it was deleted', async () => {
    const id = shop.place();
    shop.remove(id);
    expect(await read(id)).toEqual({ kind: 'found', items: [] });
  });

  it.each([
    [
      'a missing right',
      { lacks: ['order_transaction_capture_refund:read'] },
      { account: true, problem: { detail: expect.stringContaining('order_transaction_capture_refund:read') } },
    ],
    ['too many requests', { limit: { requests: 1, perMs: 30_000 } }, { throttled: { retryAfterMs: 30_000 } }],
  ])('is a failed look-up, never none, after %s', async (_name, options, expected) => {
    await start(options);
    expect(await read(shop.place())).toMatchObject({ kind: 'failed', ...expected });
  });

  it.each([
    ['silence', { sees: 'reset' as const }, { unanswered: true }],
    [
      'a server error',
      { sees: { status: 500, body: '{"errors":[{"status":"500","title":"Internal Server Error"}]}' } },
      {},
    ],
    [
      'a page of HTML',
      { sees: { status: 200, body: '<h1>Maintenance</h1>' } },
      { problem: { code: 'unclear_answer' } },
    ],
    ['JSON:API', { sees: { status: 200, body: '{"data":{"type":"order"}}' } }, { problem: { code: 'unclear_answer' } }],
  ])('is a failed look-up, never none, after %s', async (_name, fault, expected) => {
    const id = shop.place();
    shop.failNext({ acts: 'at_once', ...fault }, ({ path }) => path.includes('search'));
    expect(await read(id)).toMatchObject({ kind: 'failed', ...expected });
    expect(items(await read(id))).toHaveLength(1);
  });
});

describe('the changes of a Shopware shop', () => {
  const placeMany = (count: number, apart: number): string[] =>
    Array.from({ length: count }, () => {
      later(apart);
      return shop.place();
    });

  it('hold every order that was placed since then, oldest first, whatever the pages', async () => {
    const before = shop.place();
    const since = new Date(time + 1).toISOString();
    const ids = placeMany(120, 1);
    const found = idsIn(await readStream('placed', since));
    expect(found).toEqual(ids);
    expect(found).not.toContain(before);
  });

  it('hold more orders of one millisecond than a page has', async () => {
    const ids = placeMany(130, 0);
    const found = idsIn(await readStream('placed'));
    expect(new Set(found)).toEqual(new Set(ids));
    expect(found).toHaveLength(130);
  });

  it('miss nothing that changes while they are read', async () => {
    const ids = placeMany(110, 1);
    later();
    const since = now().toISOString();
    for (const id of ids) shop.edit(id, [{ label: 'Lamp', gross: 6000 }]);
    const moved: string[] = [];
    const findings = await readStream('changed', since, (page) => {
      later();
      for (const id of [ids[page], ids[100 + page]]) {
        shop.edit(id ?? '', [{ label: 'Moved', gross: 9900 }]);
        moved.push(id ?? '');
      }
    });
    const latest = new Map(findings.map((finding) => [orderOf(finding).id, orderOf(finding).total]));
    expect(new Set(latest.keys())).toEqual(new Set(ids));
    for (const id of moved) expect(latest.get(id)).toBe(9900n);
  });

  it('tell of what leaves the order’s own date alone', async () => {
    const ids = placeMany(5, 1);
    later(1000);
    const since = now().toISOString();
    const [paid = '', refunded = '', stateOnly = '', moved = '', untouched = ''] = ids;
    shop.pay(paid);
    shop.refund(refunded, { gross: 12_000, items: [0] });
    shop.refund(stateOnly, { gross: 12_000, recorded: false });
    shop.books.correctAddress(moved, '2 rue de la Paix');
    const changed = await changedSince(since);
    expect(new Set(changed.keys())).toEqual(new Set([paid, refunded, stateOnly, moved]));
    expect(changed.has(untouched)).toBe(false);
  });

  it('tell one state of an order in the same bytes, by whichever stream and by its id', async () => {
    const id = shop.place();
    shop.pay(id);
    shop.refund(id, { gross: 6000, items: [0], reason: 'Damaged' });
    shop.edit(id, [{ label: 'Lamp', gross: 12_000 }]);
    const told = (await changedSince(START)).get(id);
    const [fetched] = items(await read(id));
    expect(told).toEqual(new Set([Buffer.from(fetched?.body ?? '').toString()]));
  });

  it('leave out an order that was deleted meanwhile', async () => {
    const [gone = '', kept = ''] = placeMany(2, 1);
    shop.remove(gone);
    expect(idsIn(await readStream('placed'))).toEqual([kept]);
  });

  it('go on from a cursor in a new process', async () => {
    const ids = placeMany(60, 1);
    const [first] = items(await api.changes('placed', START, null, io));
    const again = shopware.api(
      shopware.settings.parse({ api: { url: shop.url, client_id: shop.clientId, client_secret: shop.clientSecret } }),
    );
    const [second] = items(await again.changes('placed', START, first?.cursor ?? null, io));
    expect(idsIn([...(first?.findings ?? []), ...(second?.findings ?? [])])).toEqual(ids);
    expect(second?.cursor).toBeNull();
  });

  it.each([
    ['nothing', null],
    ['placed', 'page 2'],
    ['placed', '{"at":"yesterday","seen":[]}'],
  ])('do not go on in %s from %o', async (stream, cursor) => {
    expect(await api.changes(stream, START, cursor, io)).toMatchObject({
      kind: 'failed',
      problem: { code: 'unknown_cursor' },
    });
  });

  it('fail as a whole where a row cannot be read', async () => {
    shop.place();
    shop.failNext(
      {
        acts: 'at_once',
        sees: { status: 200, body: '{"data":[{"id":"1","createdAt":"2026-11-21T10:00:00.000+00:00"}]}' },
      },
      ({ path }) => path.includes('search'),
    );
    expect(await api.changes('placed', START, null, io)).toMatchObject({
      kind: 'failed',
      problem: { code: 'unclear_answer' },
    });
  });

  it('fail where the orders of a page cannot be read', async () => {
    shop.place();
    shop.failNext({ acts: 'at_once', sees: { status: 503, body: '' } }, ({ body }) => body.includes('"ids"'));
    expect(await api.changes('placed', START, null, io)).toMatchObject({ kind: 'failed' });
  });
});

describe('a look at a Shopware shop', () => {
  it('names it and what can be read', async () => {
    expect(await api.check(io)).toMatchObject({
      kind: 'done',
      value: { name: `${new URL(shop.url).host} (Shopware 6.7.4.0)`, warnings: [] },
    });
  });

  it('names the right that is missing', async () => {
    await start({ lacks: ['order_transaction_capture:read'] });
    expect(await api.check(io)).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
      problem: { code: 'credentials_refused', detail: expect.stringContaining('order_transaction_capture:read') },
    });
  });

  const breakWebhook = (): void => {
    for (let order = 0; order < 10; order++) shop.place();
    for (const delivery of shop.deliveries()) if (delivery.topic === 'checkout.order.placed') shop.failed(delivery);
  };

  it('warns of a webhook that the shop has switched off', async () => {
    breakWebhook();
    expect(await api.check(io)).toMatchObject({
      value: { warnings: [expect.stringContaining('checkout.order.placed')] },
    });
  });

  it('does without the right to see webhooks', async () => {
    await start({ lacks: ['webhook:read'] });
    breakWebhook();
    expect(await api.check(io)).toMatchObject({ kind: 'done', value: { warnings: [] } });
  });
});

describe('a number that is left with a Shopware order', () => {
  const note = {
    key: 'shop/1/invoice/1',
    kind: 'invoice',
    number: 'F-2026-7',
    url: 'https://books.example/f/7',
  } as const;
  const write = async (orderId: string, change: object = {}) => api.writeBack?.({ ...note, orderId, ...change }, io);
  const fields = (id: string): unknown => shop.books.order(id).customFields;

  it('stands in the order’s custom fields, once however often it is written, and leaves the others alone', async () => {
    const id = shop.place();
    shop.books.setCustomFields(id, { gift_note: 'For you' });
    for (let time = 0; time < 3; time++) expect(await write(id)).toEqual({ kind: 'done', value: null });
    expect(fields(id)).toEqual({
      gift_note: 'For you',
      invoice_bridge_invoice: 'F-2026-7',
      invoice_bridge_invoice_url: 'https://books.example/f/7',
    });
  });

  it('stands beside those of earlier credit notes', async () => {
    const id = shop.place();
    for (const number of ['AV-1', 'AV-2', 'AV-1']) await write(id, { kind: 'credit_note', number, url: null });
    expect(fields(id)).toEqual({ invoice_bridge_credit_note: 'AV-1, AV-2' });
  });

  it('is the account’s matter where the role may not write orders', async () => {
    await start({ lacks: ['order:update'] });
    expect(await write(shop.place())).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
      problem: { detail: expect.stringContaining('order:update') },
    });
  });

  it('has no place once the order is gone', async () => {
    expect(await write('0'.repeat(32))).toMatchObject({ kind: 'rejected', rejection: { kind: 'gone' } });
  });

  it('may be there already where no answer came', async () => {
    const id = shop.place();
    shop.failNext({ acts: 'at_once', sees: 'reset' }, ({ method }) => method === 'PATCH');
    expect(await write(id)).toMatchObject({ kind: 'unknown' });
    expect(await write(id)).toEqual({ kind: 'done', value: null });
    expect(fields(id)).toMatchObject({ invoice_bridge_invoice: 'F-2026-7' });
  });
});
