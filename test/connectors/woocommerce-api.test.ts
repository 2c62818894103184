// WooCommerce's REST API as the bridge reads it: changes that nothing hides, orders with their refunds, and notes left once.
import { afterEach, describe, expect, it } from 'vitest';
import { woocommerce } from '../../connectors/woocommerce/index.ts';
import { textsOfList } from '../../connectors/woocommerce/raw-json.ts';
import type { Finding, SourceApi, SourceIo, WriteBack } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import { type WooShop, type WooShopOptions, wooShop } from '../simulators/woocommerce.ts';

const NEVER = { acts: 'never' } as const;
const START = '2026-11-21T10:00:00.000Z';

let shop: WooShop;
let clock: Date;
let api: SourceApi;
let io: SourceIo;

afterEach(() => shop.close());

async function open(options: Partial<WooShopOptions> = {}): Promise<void> {
  clock = new Date(START);
  shop = await wooShop({ secret: 'a-secret-of-the-shop', now: () => clock, ...options });
  bind(shop.consumerSecret);
}

function bind(consumer_secret: string): void {
  const settings = woocommerce.settings.parse({
    secret: 'a-secret-of-the-shop',
    api: { url: `${shop.url}/`, consumer_key: shop.consumerKey, consumer_secret },
  });
  const bound = woocommerce.api(settings);
  if (bound === null) throw new Error('no API');
  api = bound;
  io = { http: (request) => callProvider(bound.endpoint, request, 5000), now: () => clock };
}

const later = (seconds: number): void => {
  clock = new Date(clock.getTime() + seconds * 1000);
};

/** Many orders, placed this many seconds apart. */
function placeMany(count: number, apart: number): number[] {
  return Array.from({ length: count }, () => {
    const id = shop.place();
    later(apart);
    return id;
  });
}

/** Reads a stream to its end; `between` runs after each page. */
async function readAll(since = START, between: (page: number) => void = () => {}, stream = 'orders') {
  const findings: Finding[] = [];
  let cursor: string | null = null;
  for (let page = 1; page <= 200; page += 1) {
    const lookup: Awaited<ReturnType<SourceApi['changes']>> = await api.changes(stream, since, cursor, io);
    if (lookup.kind === 'failed') throw new Error(lookup.problem.detail);
    findings.push(...lookup.items.flatMap((one) => one.findings));
    cursor = lookup.items[0]?.cursor ?? null;
    if (cursor === null) return findings;
    between(page);
  }
  throw new Error('the reading does not end');
}

const orderOf = (finding: Finding): Order => {
  const outcome = understand(finding.topic, finding.body);
  if (!outcome.ok || outcome.value.kind !== 'facts') throw new Error('no facts');
  const [fact] = outcome.value.facts;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
};
const understand = (topic: string, body: Uint8Array) =>
  woocommerce.understand({ topic, headers: {}, body, receivedAt: START });
const idsOf = (findings: readonly Finding[]): number[] => findings.map((finding) => Number(orderOf(finding).id));
const sorted = (ids: Iterable<number>): number[] => [...new Set(ids)].toSorted((a, b) => a - b);

async function fetchOne(id: number): Promise<Finding> {
  const lookup = await api.fetch(`order:${id}`, io);
  const [finding] = lookup.kind === 'found' ? lookup.items : [];
  if (finding === undefined) throw new Error('not found');
  return finding;
}
const failureOf = <T>(lookup: Lookup<T>) => {
  if (lookup.kind === 'found') throw new Error('found');
  return lookup;
};

describe('looking for changes in a WooCommerce shop', () => {
  it('finds nothing in an empty shop, with one request', async () => {
    await open();
    expect(await readAll()).toEqual([]);
    expect(shop.requests()).toHaveLength(1);
  });

  it('finds what changed at the moment asked for and later, oldest first, and nothing that changed before', async () => {
    await open();
    const [old = 0, edited = 0, fresh = 0] = placeMany(3, 60);
    shop.edit(edited, {});
    expect(idsOf(await readAll('2026-11-21T10:02:00.000Z'))).toEqual([fresh, edited]);
    expect(idsOf(await readAll('2026-11-21T10:02:00.900Z'))).toEqual([fresh, edited]);
    expect(idsOf(await readAll())).toEqual([old, fresh, edited]);
  });

  it('reads a long backlog page by page, each order once where the shop stands still', async () => {
    await open();
    const ids = placeMany(180, 37);
    expect(idsOf(await readAll('1970-01-01T00:00:00.000Z'))).toEqual(ids);
  });

  it('misses no order that changes while it is read', async () => {
    await open();
    const ids = placeMany(130, 20);
    let turn = 0;
    const findings = await readAll(START, () => {
      later(1);
      // Orders that were read and orders that were not: each change moves a row to the end of the shop's list.
      for (const index of [turn, turn + 40, 129 - turn]) shop.edit(ids[index] ?? 0, { status: 'completed' });
      turn += 1;
    });
    expect(turn).toBeGreaterThan(1);
    expect(sorted(idsOf(findings))).toEqual(ids);
  });

  it('is not led past orders by one that changes between being chosen and being shown', async () => {
    await open();
    const ids = placeMany(120, 20);
    shop.meanwhile(() => {
      later(3600);
      for (const id of ids.slice(40, 60)) shop.edit(id, {});
    });
    expect(sorted(idsOf(await readAll()))).toEqual(ids);
  });

  it('reads a second that holds more orders than a page, even as orders leave it', async () => {
    await open();
    const early = placeMany(1, 60);
    const crowd = placeMany(170, 0);
    later(60);
    const late = placeMany(2, 60);
    let turn = 0;
    const findings = await readAll(START, () => {
      if (turn === 2 || !shop.requests().at(-1)?.url.includes('orderby=id')) return;
      later(5);
      // Those that leave stood first, so that all behind them move up.
      for (const id of crowd.slice(turn * 15, turn * 15 + 15)) shop.edit(id, {});
      turn += 1;
    });
    expect(turn).toBe(2);
    expect(sorted(idsOf(findings))).toEqual(sorted([...early, ...crowd, ...late]));
  });

  it('goes on after a restart where it was, and begins again with a cursor that it cannot read', async () => {
    await open();
    const ids = placeMany(120, 30);
    const first = await api.changes('orders', START, null, io);
    const cursor = first.kind === 'found' ? (first.items[0]?.cursor ?? null) : null;
    expect(cursor).toMatch(/^2026-11-21T10:/);
    bind(shop.consumerSecret);
    const next = await api.changes('orders', START, cursor, io);
    expect(next).toMatchObject({ kind: 'found' });
    const again = await api.changes('orders', START, 'page 2', io);
    expect(again).toEqual(first);
    expect(ids.length).toBe(120);
  });

  it('asks in UTC, whatever the shop’s own time', async () => {
    for (const utcOffsetHours of [-10, 13]) {
      await open({ utcOffsetHours });
      const ids = placeMany(3, 60);
      expect(idsOf(await readAll())).toEqual(ids);
      if (utcOffsetHours < 0) await shop.close();
    }
  });

  it('leaves out the trash and the drafts of the checkout; a trashed order comes by its id', async () => {
    await open();
    const [kept, trashed] = [shop.place(), shop.place()];
    shop.place({ status: 'checkout-draft' });
    shop.trash(trashed);
    expect(idsOf(await readAll())).toEqual([kept]);
    expect(orderOf(await fetchOne(trashed))).toMatchObject({ status: 'trash', state: 'deleted' });
    shop.restore(trashed);
    expect(idsOf(await readAll())).toEqual([kept, trashed]);
  });

  it('finds a refund that left its order’s date alone by the list of refunds', async () => {
    await open({ refundTouchesOrder: false });
    const ids = placeMany(2, 60);
    later(3600);
    const since = clock.toISOString();
    shop.refund(ids[0] ?? 0, { amount: '5.00' });
    shop.refund(ids[0] ?? 0, { amount: '6.00' });
    expect(await readAll(since)).toEqual([]);
    const findings = await readAll(since, () => {}, 'refunds');
    expect(idsOf(findings)).toEqual([ids[0]]);
    expect(findings.map(orderOf).flatMap(({ refunds }) => refunds.map(({ amount }) => amount))).toEqual([600n, 500n]);
  });

  it('reads no list of refunds where WooCommerce is older than that list', async () => {
    await open({ listsRefunds: false });
    shop.refund(shop.place(), { amount: '5.00' });
    expect(await readAll(START, () => {}, 'refunds')).toEqual([]);
  });

  it('does not take a list that ignores what was asked for the answer', async () => {
    await open({ filtersByChange: false });
    shop.place();
    later(3600);
    const failed = failureOf(await api.changes('orders', clock.toISOString(), null, io));
    expect(failed.problem).toMatchObject({ code: 'unclear_answer', detail: expect.stringContaining('modified_after') });
  });

  it('does not take a list without its count for the answer', async () => {
    await open({ countsRows: false });
    expect(failureOf(await api.changes('orders', START, null, io)).problem.code).toBe('unclear_answer');
  });

  it('knows no other list', async () => {
    await open();
    expect(failureOf(await api.changes('products', START, null, io)).problem.code).toBe('unknown_stream');
  });
});

describe('an order of a WooCommerce shop', () => {
  it('has the same bytes whether it was found among changes, by a refund or by its id', async () => {
    await open();
    const id = shop.place({ lines: [{ price: '12.345', quantity: 3, name: 'Thé d’été [1], {2} "3" \\' }] });
    shop.refund(id, { amount: '5.00' });
    const bodies = [await readAll(), await readAll(START, () => {}, 'refunds'), [await fetchOne(id)]].map((findings) =>
      findings.map(({ topic, body }) => `${topic} ${Buffer.from(body)}`),
    );
    expect(new Set(bodies.flat()).size).toBe(1);
    expect(bodies[0]?.[0]).toMatch(/^fetched\.order \{"order":\{"id":\d+,.*"price":10\.2875,.*"refunds":\[\{"id":/);
  });

  it('is the same as the webhook tells it, but for the details of its refunds', async () => {
    await open();
    const id = shop.place({
      lines: [
        { price: '24.00', quantity: 2 },
        { kind: 'shipping', name: 'Colissimo', price: '6.00' },
      ],
    });
    shop.pay(id);
    const [line = 0] = shop.lines(id);
    shop.refund(id, { lines: [{ line, quantity: 1 }], reason: 'Cassée', gatewayId: 're_1' });
    const delivery = shop.deliveries().find(({ topic }) => topic === 'order.updated');
    const told = understand('order.updated', Buffer.from(delivery?.body ?? ''));
    if (!told.ok || told.value.kind !== 'facts') throw new Error('no facts');
    expect(told.value.fetch).toEqual([`order:${id}`]);
    const [fact] = told.value.facts;
    const fetched = orderOf(await fetchOne(id));
    const poorer = fetched.refunds.map((refund) => ({ ...refund, at: null, lines: null, transactionId: null }));
    expect(fact).toEqual({ kind: 'order', order: { ...fetched, refunds: poorer } });
    expect(fetched.refunds).toMatchObject([
      {
        amount: 2400n,
        at: START,
        transactionId: 're_1',
        lines: [{ lineId: String(line), quantity: '1', gross: 2400n, tax: 400n, rate: '20' }],
      },
    ]);
  });

  it('comes with every refund, however many there are', async () => {
    await open();
    const id = shop.place({ lines: [{ price: '500.00' }] });
    for (let i = 0; i < 130; i += 1) shop.refund(id, { amount: '1.00' });
    expect(orderOf(await fetchOne(id)).refunds.every(({ lines }) => lines?.length === 0)).toBe(true);
    expect(orderOf(await fetchOne(id)).refunds).toHaveLength(130);
  });

  it('is read again when a refund is made between its order and its refunds', async () => {
    await open();
    const id = shop.place({ lines: [{ price: '500.00' }] });
    shop.refund(id, { amount: '1.00' });
    shop.meanwhile(() => shop.refund(id, { amount: '2.00' }));
    const { refunds } = orderOf((await readAll())[0] ?? (await fetchOne(id)));
    expect(refunds.map(({ amount, lines }) => [amount, lines])).toEqual([
      [200n, []],
      [100n, []],
    ]);
  });

  it('is not told while its refunds cannot be made to agree with it', async () => {
    await open();
    const id = shop.place({ shown: { refunds: [{ id: 1, reason: '', total: '-1.00' }] } });
    expect(failureOf(await api.fetch(`order:${id}`, io)).problem).toMatchObject({
      code: 'unclear_answer',
      detail: expect.stringContaining(String(id)),
    });
  });

  it('is gone where the shop has it no longer', async () => {
    await open();
    const id = shop.place();
    shop.remove(id);
    expect(await api.fetch(`order:${id}`, io)).toEqual({ kind: 'found', items: [] });
  });

  it('is asked for by its number alone', async () => {
    await open();
    for (const ref of ['order:', 'order:1/../2', 'refund:1', 'order:١']) {
      expect(failureOf(await api.fetch(ref, io)).problem.code).toBe('unknown_ref');
    }
    expect(shop.requests()).toEqual([]);
  });
});

describe('a WooCommerce shop that does not answer as it should', () => {
  const reads: [string, () => Promise<Lookup<unknown>>][] = [
    ['changes', () => api.changes('orders', START, null, io)],
    ['refunds', () => api.changes('refunds', START, null, io)],
    ['fetch', () => api.fetch('order:701', io)],
  ];

  it.each(reads)('says with %s which right is missing', async (_name, read) => {
    await open();
    shop.setReading(false);
    expect(failureOf(await read())).toMatchObject({
      account: true,
      problem: {
        code: 'credentials_refused',
        detail: expect.stringMatching(/woocommerce_rest_cannot_view.*manage orders/),
      },
    });
    shop.setReading(true);
    bind('cs_wrong');
    expect(failureOf(await read())).toMatchObject({ account: true, problem: { code: 'credentials_refused' } });
  });

  it.each(reads)('lets %s wait for as long as a firewall says', async (_name, read) => {
    await open({ limit: { requests: 1, perMs: 30_000 } });
    await read();
    expect(failureOf(await read())).toMatchObject({ throttled: { retryAfterMs: 30_000 } });
  });

  const html = { 'content-type': 'text/html' };
  it.each([
    [
      'an error of the server',
      { status: 500, body: '{"code":"internal_server_error","message":"x","data":{"status":500}}' },
    ],
    ['a page in place of JSON', { status: 200, headers: html, body: '<h1>Maintenance</h1>' }],
    ['an object in place of a list', { status: 200, headers: { 'x-wp-total': '0' }, body: '{}' }],
    ['a warning of PHP before the list', { status: 200, headers: { 'x-wp-total': '0' }, body: 'Warning: x\n[]' }],
    ['a redirect', { status: 301, headers: { location: 'https://www.shop.example/' }, body: '' }],
    ['no such API', { status: 404, body: '{"code":"rest_no_route","message":"x","data":{"status":404}}' }],
    ['rows that are counted and not shown', { status: 200, headers: { 'x-wp-total': '3' }, body: '[]' }],
  ])('never takes %s for no changes', async (_name, sees) => {
    await open();
    shop.failNext({ ...NEVER, sees });
    expect(failureOf(await api.changes('orders', START, null, io)).problem.detail).not.toBe('');
  });

  it.each(['reset', 'half', 'silence'] as const)('is not answered when the connection ends in %s', async (sees) => {
    await open();
    shop.failNext({ ...NEVER, sees });
    const { endpoint } = api;
    const hasty: SourceIo = { http: (request) => callProvider(endpoint, request, 200), now: () => clock };
    expect(failureOf(await api.changes('orders', START, null, hasty))).toMatchObject({ unanswered: true });
  });

  it('never shows the key', async () => {
    await open();
    bind('cs_sentinel_77');
    const told = JSON.stringify([await api.check(io), await api.fetch('order:1', io)]);
    expect(told).not.toContain('cs_sentinel_77');
    expect(shop.requests().every(({ url }) => !url.includes('ck_'))).toBe(true);
  });
});

describe('the check of a WooCommerce shop', () => {
  const check = async () => {
    const outcome = await api.check(io);
    if (outcome.kind !== 'done') throw new Error(outcome.problem.detail);
    return outcome.value;
  };

  it('names the shop and what the key may read, and writes nothing', async () => {
    await open();
    shop.place();
    expect(await check()).toEqual({
      name: 'Atelier Martin',
      can: ['read orders', 'read refunds', 'see its webhooks', 'read notes'],
      cannot: [],
      limits: [],
      warnings: [],
    });
    expect(new Set(shop.requests().map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('warns of webhooks that are switched off or missing, and does not show their address', async () => {
    await open({ topics: ['order.created', 'order.updated', 'product.updated'] });
    shop.setWebhook(2, 'disabled');
    shop.setWebhook(3, 'disabled');
    const { warnings } = await check();
    expect(warnings).toEqual([
      expect.stringMatching(/“Bridge: order\.updated” \(order\.updated, to hooks\.acme\.test\) is disabled/),
      expect.stringMatching(/no active webhook tells order\.updated/),
    ]);
    expect(warnings.join()).not.toContain('token');
  });

  it('says what the key cannot see, and goes on', async () => {
    await open({ mayReadWebhooks: false, hasIndex: false, listsRefunds: false });
    expect(await check()).toMatchObject({
      name: expect.stringMatching(/^127\.0\.0\.1:/),
      cannot: [expect.stringContaining('webhooks are active')],
      warnings: [expect.stringContaining('older than 9.0')],
    });
  });

  it('warns where an order is not found by the time of its change', async () => {
    await open();
    shop.place({ shown: { date_modified_gmt: '2026-11-21T11:00:00' } });
    expect((await check()).warnings).toEqual([expect.stringContaining('looking for changes may miss orders')]);
  });

  it('fails with the right that is missing', async () => {
    await open();
    bind('cs_wrong');
    expect(await api.check(io)).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
  });
});

describe('a note on a WooCommerce order', () => {
  const written = (orderId: number, change: Partial<WriteBack> = {}): WriteBack => ({
    key: `shop/${orderId}/invoice/1`,
    orderId: String(orderId),
    kind: 'invoice',
    number: 'F-2026-0042',
    url: 'https://books.example/view/abc',
    ...change,
  });
  const leave = (note: WriteBack) => {
    if (api.writeBack === null) throw new Error('no notes');
    return api.writeBack(note, io);
  };

  it('is private and bears number, link and key', async () => {
    await open();
    const id = shop.place();
    expect(await leave(written(id))).toEqual({ kind: 'done', value: null });
    await leave(written(id, { key: `shop/${id}/credit_note/9`, kind: 'credit_note', number: 'A-7', url: null }));
    expect(shop.notes(id).map(({ note, customerNote }) => [note, customerNote])).toEqual([
      [`Credit note A-7 [shop/${id}/credit_note/9]`, false],
      [`Invoice F-2026-0042 https://books.example/view/abc [shop/${id}/invoice/1]`, false],
    ]);
  });

  it('is left once, however often and after whatever failure', async () => {
    await open();
    const id = shop.place();
    shop.failNext({ acts: 'at_once', sees: 'reset' }, ({ method }) => method === 'POST');
    expect((await leave(written(id))).kind).toBe('unknown');
    for (let i = 0; i < 3; i += 1) expect((await leave(written(id))).kind).toBe('done');
    expect(shop.notes(id)).toHaveLength(1);
  });

  it('is not mistaken for another document’s whose key begins alike', async () => {
    await open();
    const id = shop.place();
    for (const n of [10, 1]) await leave(written(id, { key: `shop/${id}/invoice/${n}` }));
    expect(shop.notes(id)).toHaveLength(2);
  });

  it('does not change when the order was changed', async () => {
    await open();
    const id = shop.place();
    later(3600);
    await leave(written(id));
    expect(await readAll(clock.toISOString())).toEqual([]);
  });

  it('says that the key may only read, that the order is gone, or that nothing was sent', async () => {
    await open({ mayWrite: false });
    const id = shop.place();
    expect(await leave(written(id))).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
      problem: { detail: expect.stringContaining('write permissions') },
    });
    expect(await leave(written(9))).toMatchObject({ kind: 'rejected', rejection: { kind: 'gone' } });
    shop.failNext({ ...NEVER, sees: 'reset' });
    expect((await leave(written(id))).kind).toBe('not_sent');
    expect(shop.notes(id)).toEqual([]);
  });
});

describe('the texts of a list', () => {
  it('are what was sent, to the last sign', () => {
    const texts = ['{"a":[1,{"b":"],\\"}"}],"c":1.50}', '-0', '"x,]\\\\"', 'null', '[ [ ],{}]', '1e3'];
    expect(textsOfList(` [ ${texts.join(' ,\n ')} ] `)).toEqual(texts);
    expect(textsOfList('[]')).toEqual([]);
    expect(textsOfList('[\n]')).toEqual([]);
  });
});
