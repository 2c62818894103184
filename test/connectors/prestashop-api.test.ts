// What PrestaShop's webservice is asked, against a simulated shop: every change is found, through whatever happens meanwhile.
import { afterEach, describe, expect, it } from 'vitest';
import { prestashop } from '../../connectors/prestashop/index.ts';
import type { ChangesPage, Finding, SourceIo } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import { type PrestaShopOptions, type PrestaShopShop, prestashopShop } from '../simulators/prestashop.ts';

const START = Date.parse('2026-11-20T08:00:00.000Z');
const LONG_AGO = '2020-01-01T00:00:00.000Z';

let closing: PrestaShopShop[] = [];
afterEach(async () => {
  await Promise.all(closing.map((shop) => shop.close()));
  closing = [];
});

/** A shop, its connector, and a clock that moves when told. */
async function open(options: PrestaShopOptions = {}, settings: object = {}) {
  let now = START;
  const shop = await prestashopShop({ now: () => new Date(now), ...options });
  closing.push(shop);
  const parsed = prestashop.settings.parse({ api: { url: shop.url, key: shop.key }, ...settings });
  const api = prestashop.api(parsed);
  const io: SourceIo = {
    http: (request) => callProvider(api.endpoint, request, 5_000),
    now: () => new Date(now),
  };
  return {
    shop,
    api,
    io,
    tick: (seconds = 60): void => {
      now += seconds * 1000;
    },
    now: () => new Date(now).toISOString(),
    page: (stream: string, since: string, cursor: string | null = null) => api.changes(stream, since, cursor, io),
    fetch: async (id: string): Promise<Finding | undefined> => found(await api.fetch(`order:${id}`, io))[0],
    read: (finding: Finding | undefined): Order => {
      if (finding === undefined) throw new Error('nothing was found');
      const outcome = prestashop.understand({ ...finding, headers: {}, receivedAt: '' }, parsed);
      if (!outcome.ok || outcome.value.kind !== 'facts') throw new Error(JSON.stringify(outcome));
      const [fact] = outcome.value.facts;
      if (fact?.kind !== 'order') throw new Error('no order');
      return fact.order;
    },
    /** Reads a stream to its end. `between` happens after each page. */
    async all(stream: string, since = LONG_AGO, between: () => void = () => {}): Promise<Finding[]> {
      const findings: Finding[] = [];
      let cursor: string | null = null;
      do {
        const [page]: ChangesPage[] = found(await api.changes(stream, since, cursor, io));
        findings.push(...(page?.findings ?? []));
        cursor = page?.cursor ?? null;
        between();
      } while (cursor !== null);
      return findings;
    },
  };
}

function found<T>(lookup: Lookup<T>): T[] {
  if (lookup.kind !== 'found') throw new Error(`${lookup.problem.code}: ${lookup.problem.detail}`);
  return lookup.items;
}

const idOf = ({ body }: Finding): string => JSON.parse(Buffer.from(body).toString()).order.id;
const ids = (findings: readonly Finding[]): string[] => findings.map(idOf);

describe('an order that is fetched from PrestaShop', () => {
  it('is whole, and the same bytes however it is found and however often', async () => {
    const { shop, fetch, all, tick } = await open();
    shop.place();
    tick();
    const id = shop.place({ vouchers: [{ name: 'Bon', gross: 1000, net: 833.3333 }] });
    shop.pay(id, { transaction: 'pi_1' });
    const [one, again, [, listed]] = [await fetch(id), await fetch(id), await all('orders')];
    expect(one?.topic).toBe('fetched.order');
    expect(Buffer.from(one?.body ?? []).toString()).toBe(Buffer.from(again?.body ?? []).toString());
    expect(Buffer.from(listed?.body ?? []).toString()).toBe(Buffer.from(one?.body ?? []).toString());
  });

  it('has other bytes once anything of it is another', async () => {
    const { shop, fetch, tick } = await open();
    const id = shop.place();
    const texts = new Set<string>();
    const note = async () => texts.add(Buffer.from((await fetch(id))?.body ?? []).toString());
    await note();
    for (const act of [() => shop.pay(id), () => shop.refund(id, { pieces: { 0: 1 } }), () => shop.ship(id)]) {
      tick();
      act();
      await note();
    }
    expect(texts.size).toBe(4);
  });

  it('keeps no password, no card and no key of the customer’s', async () => {
    const { shop, fetch } = await open();
    const id = shop.place();
    shop.pay(id);
    const text = Buffer.from((await fetch(id))?.body ?? []).toString();
    expect(text).toContain('ines@buyer.example');
    for (const secret of ['hash-of-a-password', 'key-of-the-customer', 'key-of-the-file', '4242'])
      expect(text).not.toContain(secret);
  });

  it('is nothing when it is gone, and a failure when the shop cannot be asked', async () => {
    const { shop, api, io } = await open();
    expect(await api.fetch('order:99', io)).toEqual({ kind: 'found', items: [] });
    expect(await api.fetch('customer:1', io)).toMatchObject({ kind: 'failed', problem: { code: 'unknown_ref' } });
    await shop.refuse();
    expect(await api.fetch('order:1', io)).toMatchObject({ kind: 'failed', unanswered: true });
    await shop.accept();
  });

  it('reads alike from shops of every version and spelling', async () => {
    const read = async (options: PrestaShopOptions) => {
      const world = await open(options);
      const id = world.shop.place({
        items: [
          { name: 'Théière', gross: 6000, rate: '20' },
          { name: 'Livre', gross: 1055, rate: '5.5' },
        ],
      });
      world.shop.pay(id);
      return world.read(await world.fetch(id));
    };
    const today = await read({});
    expect(today).toMatchObject({ total: 7055n, doubt: null });
    expect(await read({ languages: ['1'] })).toEqual(today);
    expect(await read({ absent: ['order_cart_rules'], emptyAssociation: 'text', soleAsObject: true })).toEqual(today);
  });

  it('is understood with the fewest rights, and reads the same whatever stands beside it on a page', async () => {
    const { shop, fetch, all, read } = await open({
      denied: ['taxes', 'order_cart_rules', 'order_invoices', 'languages', 'carriers', 'states'],
    });
    const untaxed = shop.place({ items: [{ name: 'Don', gross: 1000, rate: null }] });
    shop.place();
    const alone = await fetch(untaxed);
    const [beside] = await all('orders');
    expect(Buffer.from(beside?.body ?? []).toString()).toBe(Buffer.from(alone?.body ?? []).toString());
    expect(read(alone)).toMatchObject({ total: 1000n, doubt: null });
  });

  it('fails with the name of the right that is missing', async () => {
    const { shop, api, io, page } = await open({ denied: ['order_payments'] });
    shop.place();
    const missing = {
      kind: 'failed',
      account: true,
      problem: { code: 'resource_not_readable', detail: expect.stringContaining('order_payments') },
    };
    expect(await api.fetch('order:1', io)).toMatchObject(missing);
    expect(await page('orders', LONG_AGO)).toMatchObject(missing);
    expect(await page('payments', LONG_AGO)).toMatchObject(missing);
  });
});

describe('what changed in a PrestaShop', () => {
  it('is told from the given second on, oldest first', async () => {
    const { shop, all, tick, now } = await open();
    shop.place();
    tick();
    const since = now();
    const [second, third] = [shop.place(), shop.place()];
    tick();
    shop.pay(second);
    expect(ids(await all('orders', since))).toEqual([third, second]);
    tick();
    expect(ids(await all('orders', now()))).toEqual([]);
  });

  it('is whole where more orders than a page holds changed in one second', async () => {
    const { shop, all } = await open();
    const placed = Array.from({ length: 47 }, () => shop.place());
    expect(ids(await all('orders'))).toEqual(placed);
  });

  it('is not missed where orders change while they are read', async () => {
    const { shop, all, tick, read } = await open();
    const placed = Array.from({ length: 45 }, () => {
      tick(1);
      return shop.place();
    });
    let pages = 0;
    // After each page one that was told and one that was not yet change, and move to the end.
    const findings = await all('orders', LONG_AGO, () => {
      const change = [[0, 30], [21]][pages++] ?? [];
      tick(1);
      for (const index of change) shop.pay(placed[index] ?? '');
    });
    expect(new Set(ids(findings))).toEqual(new Set(placed));
    const last = new Map(findings.map((finding) => [idOf(finding), read(finding).paid]));
    for (const index of [0, 30]) expect(last.get(placed[index] ?? '')).not.toBeNull();
  });

  it('is told as it stands when an order changes between the choice of a page and its reading', async () => {
    const { shop, all, tick, read } = await open();
    const id = shop.place();
    shop.meanwhile(() => {
      tick();
      shop.pay(id);
    });
    const [finding] = await all('orders');
    expect(read(finding)).toMatchObject({ paid: { amount: 12000n }, rank: 20 });
  });

  it('goes on from a cursor after a restart, and starts anew with one that is none', async () => {
    const { shop, page } = await open();
    for (let count = 0; count < 25; count++) shop.place();
    const [first] = found(await page('orders', LONG_AGO));
    expect(first?.findings).toHaveLength(20);
    const rest = found(await page('orders', LONG_AGO, first?.cursor ?? null))[0];
    expect(rest).toMatchObject({ cursor: null });
    expect(ids(rest?.findings ?? [])).toEqual(['21', '22', '23', '24', '25']);
    expect(ids(found(await page('orders', LONG_AGO, 'nonsense'))[0]?.findings ?? [])[0]).toBe('1');
  });

  it('has credit slips, which leave the order’s own date alone, and each order once', async () => {
    const { shop, all, tick, now, read } = await open();
    const [id, other] = [
      shop.place({ items: [{ name: 'Plaid', gross: 9000, rate: '20', quantity: 3 }] }),
      shop.place(),
    ];
    shop.pay(id);
    tick();
    const since = now();
    shop.refund(id, { pieces: { 0: 1 } });
    shop.refund(id, { pieces: { 0: 1 } });
    expect(ids(await all('orders', since))).toEqual([]);
    const told = await all('refunds', since);
    expect(ids(told)).toEqual([id]);
    expect(ids(told)).not.toContain(other);
    expect(read(told[0]).refunds.map(({ amount }) => amount)).toEqual([3000n, 3000n]);
  });

  it('has payments that a module added without touching the order', async () => {
    const { shop, all, tick, now, read } = await open();
    const id = shop.place({ reference: 'SPLITCART', cart: '5' });
    const sibling = shop.place({ reference: 'SPLITCART', cart: '5' });
    const before = { ...shop.order(id) };
    tick();
    const since = now();
    shop.pay(id, { amount: 24_000 });
    shop.order(id).date_upd = before.date_upd;
    expect(ids(await all('orders', since))).toEqual([]);
    const told = await all('payments', since);
    expect(ids(told)).toEqual([id, sibling]);
    expect(told.map((finding) => read(finding).paid?.amount)).toEqual([12000n, 12000n]);
  });

  it('is not missed in the hour that the shop’s clock shows twice', async () => {
    const { shop, all, tick, now } = await open();
    // 02:50 summer time; then the clock is put back, and an order changes at 02:10.
    tick((Date.parse('2026-10-25T00:50:00Z') - START) / 1000);
    const since = now();
    tick(20 * 60);
    const id = shop.place();
    expect(shop.order(id).date_upd).toBe('2026-10-25 02:10:00');
    expect(ids(await all('orders', since))).toEqual([id]);
  });

  it('is asked in the shop’s own time', async () => {
    const { shop, all, tick, now } = await open(
      { timeZone: 'America/Guadeloupe' },
      { time_zone: 'America/Guadeloupe' },
    );
    shop.place();
    tick();
    const since = now();
    const id = shop.place();
    expect(ids(await all('orders', since))).toEqual([id]);
  });

  it('takes as many requests for a page of orders as for one', async () => {
    const { shop, all } = await open();
    shop.place();
    await all('orders');
    const forOne = shop.requests().length;
    for (let count = 0; count < 15; count++) shop.place();
    await all('orders');
    expect(shop.requests().length).toBe(2 * forOne);
    expect(forOne).toBeLessThan(20);
  });

  it('is nothing in a stream that there is not', async () => {
    const { page } = await open();
    expect(await page('carts', LONG_AGO)).toMatchObject({ kind: 'failed', problem: { code: 'unknown_stream' } });
  });
});

describe('a PrestaShop that does not answer as it should', () => {
  const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Maintenance</h1>' };

  it.each([
    ['a page in place of JSON', html, { problem: { code: 'unclear_answer' } }],
    [
      'JSON of another form',
      { status: 200, body: '{"orders":[{"reference":"X"}]}' },
      { problem: { code: 'unclear_answer' } },
    ],
    ['two lists at once', { status: 200, body: '{"orders":[],"carts":[]}' }, { problem: { code: 'unclear_answer' } }],
    [
      'a server error',
      { status: 500, body: '{"errors":[{"code":5,"message":"[PHP Notice] x"}]}' },
      { problem: { code: 'refused' } },
    ],
    ['a redirect', { status: 302, headers: { location: '/' }, body: '' }, { problem: { code: 'unclear_answer' } }],
    [
      'a wall before the shop',
      { status: 403, body: '<h1>Forbidden</h1>' },
      { account: true, problem: { code: 'credentials_refused' } },
    ],
    ['no webservice at all', { status: 404, body: '<h1>404</h1>' }, { problem: { code: 'not_found' } }],
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '30' }, body: '' },
      { throttled: { retryAfterMs: 30_000 } },
    ],
  ])('fails on %s, and never finds nothing', async (_name, sees, expected) => {
    const { shop, page } = await open();
    shop.place();
    shop.failNext({ acts: 'never', sees });
    expect(await page('orders', LONG_AGO)).toMatchObject({ kind: 'failed', ...expected });
  });

  it('fails a page whole when any part of it fails', async () => {
    const { shop, page } = await open();
    shop.place();
    shop.failNext({ acts: 'never', sees: 'reset' }, ({ path }) => path === '/api/taxes');
    expect(await page('orders', LONG_AGO)).toMatchObject({ kind: 'failed', unanswered: true });
    expect(found(await page('orders', LONG_AGO))[0]?.findings).toHaveLength(1);
  });
});

describe('the check of a PrestaShop', () => {
  it('names the shop, and tells what its key may read', async () => {
    const { api, io } = await open();
    expect(await api.check(io)).toMatchObject({
      kind: 'done',
      value: {
        name: 'Maison Lambert',
        warnings: [],
        cannot: [expect.stringContaining('notes'), expect.stringContaining('webhooks')],
      },
    });
  });

  it('names the host, and what is lost, where the key may read no more than it must', async () => {
    const { api, io, shop } = await open(
      { denied: ['taxes', 'configurations'], absent: ['order_cart_rules'] },
      { secret: 'a-secret-of-the-module' },
    );
    const outcome = await api.check(io);
    expect(outcome).toMatchObject({ kind: 'done', value: { name: new URL(shop.url).host } });
    const cannot = outcome.kind === 'done' ? outcome.value.cannot : [];
    expect(cannot.map((text) => /“(\w+)”/.exec(text)?.[1])).toEqual(['taxes', 'order_cart_rules', undefined]);
  });

  it('refuses a key without a right that is needed, and names every one', async () => {
    const { api, io } = await open({ denied: ['order_slip', 'countries'] });
    expect(await api.check(io)).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
      problem: { detail: expect.stringMatching(/order_slip.*countries/) },
    });
  });

  it('refuses a wrong key, a webservice that is switched off and an address that has none', async () => {
    const { shop, io } = await open();
    const check = (url: string, key: string) => {
      const api = prestashop.api(prestashop.settings.parse({ api: { url, key } }));
      return api.check({ ...io, http: (request) => callProvider(api.endpoint, request, 5_000) });
    };
    expect(await check(shop.url, 'X'.repeat(32))).toMatchObject({
      kind: 'rejected',
      problem: { code: 'credentials_refused' },
    });
    expect(await check(`${shop.url}/api`, shop.key)).toMatchObject({ problem: { code: 'not_found' } });
    shop.enable(false);
    expect(await check(shop.url, shop.key)).toMatchObject({
      kind: 'rejected',
      problem: { code: 'webservice_disabled' },
    });
    expect(JSON.stringify(await check(shop.url, shop.key))).not.toContain(shop.key);
  });

  it('warns of a time zone that is not the shop’s, and of invoices that the shop makes itself', async () => {
    const warnings = async (settings: object) => {
      const { api, io } = await open({ timeZone: 'America/Martinique', ownInvoices: true }, settings);
      const outcome = await api.check(io);
      return outcome.kind === 'done' ? outcome.value.warnings.map((text) => text.slice(0, 20)) : [];
    };
    expect(await warnings({})).toEqual(['the shop’s time zone', 'PrestaShop numbers i']);
    expect(await warnings({ time_zone: 'America/Martinique', own_invoices: 'ignore' })).toEqual([]);
  });
});
