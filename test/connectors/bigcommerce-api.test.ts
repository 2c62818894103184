// The API of a BigCommerce store, against a simulated one.
import { describe, expect, it } from 'vitest';
import { bigcommerce } from '../../connectors/bigcommerce/index.ts';
import type { Finding, SourceApi, SourceConnector, SourceIo, WriteBack } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import { callProvider } from '../../src/http-client.ts';
import {
  ACCESS_TOKEN,
  type BigCommerceOptions,
  type BigCommerceShop,
  bigcommerceShop,
} from '../simulators/bigcommerce.ts';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const SINCE = '2026-11-21T09:00:00.000Z';

type Settings = ReturnType<typeof bigcommerce.settings.parse>;
const source: SourceConnector<Settings> = bigcommerce;

type World = {
  shop: BigCommerceShop;
  api: SourceApi;
  io: SourceIo;
  clock: { now: Date };
  /** Everything that changed since an hour before the start, over all pages. */
  all(stream: string): Promise<Finding[]>;
};

/** A store, its API as the settings bind it, and a clock that the test moves. */
async function inStore(
  act: (world: World) => Promise<void>,
  options: Partial<BigCommerceOptions> & { token?: string } = {},
) {
  const clock = { now: new Date(START) };
  const shop = await bigcommerceShop({ now: () => clock.now, ...options });
  const settings = bigcommerce.settings.parse({
    secret: 'secret-of-the-hooks',
    api: { url: shop.url, store_hash: 'abc123', access_token: options.token ?? ACCESS_TOKEN },
  });
  const api = bigcommerce.api(settings);
  const io: SourceIo = { http: (request) => callProvider(api.endpoint, request, 5000), now: () => clock.now };
  const all = async (stream: string): Promise<Finding[]> => {
    const findings: Finding[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.changes(stream, SINCE, cursor, io);
      if (page.kind === 'failed') throw new Error(page.problem.detail);
      findings.push(...(page.items[0]?.findings ?? []));
      cursor = page.items[0]?.cursor ?? null;
    } while (cursor !== null);
    return findings;
  };
  try {
    await act({ shop, api, io, clock, all });
  } finally {
    await shop.close();
  }
}

function orderIn(finding: Finding | undefined): Order {
  if (finding === undefined) throw new Error('nothing was found');
  const settings = bigcommerce.settings.parse({
    secret: 'secret-of-the-hooks',
    api: { store_hash: 'a', access_token: 'b' },
  });
  const told = source.understand({ topic: finding.topic, headers: {}, body: finding.body, receivedAt: '' }, settings);
  const fact = told.ok && told.value.kind === 'facts' ? told.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error(told.ok ? told.value.kind : told.error.detail);
  return fact.order;
}

const idsOf = (findings: readonly Finding[]): number[] => findings.map((finding) => Number(orderIn(finding).id));
const fetched = async ({ api, io }: World, id: number): Promise<Order> => {
  const lookup = await api.fetch(`order:${id}`, io);
  if (lookup.kind === 'failed') throw new Error(lookup.problem.detail);
  return orderIn(lookup.items[0]);
};

describe('an order of BigCommerce that is fetched', () => {
  it('comes whole: lines, tax, payment, and what was given back', () =>
    inStore(async (world) => {
      const { shop } = world;
      const id = shop.place({
        items: [
          { gross: 3600, quantity: 3 },
          { gross: 2110, rate: '5.5' },
        ],
        shipping: 600,
      });
      shop.pay(id);
      const [item] = shop.books.order(id).items;
      const refund = shop.refund(id, {
        amount: 1200,
        items: [{ type: 'PRODUCT', id: item?.id ?? 0, quantity: 1, amount: null }],
      });
      const order = await fetched(world, id);
      expect(order).toMatchObject({ total: 6310n, doubt: null, paid: { amount: 6310n }, currency: 'EUR' });
      expect(order.lines.map(({ rate }) => rate)).toEqual(['20', '5.5', '20']);
      expect(order.refunds).toMatchObject([
        {
          id: String(refund),
          amount: 1200n,
          transactionId: `re_${refund}`,
          lines: [{ lineId: String(item?.id), gross: 1200n }],
        },
      ]);
    }));

  it('comes with every product, however many pages they fill', () =>
    inStore(async (world) => {
      for (const count of [49, 50, 51, 120]) {
        const id = world.shop.place({ items: Array.from({ length: count }, () => ({ gross: 120 })) });
        expect((await fetched(world, id)).lines).toHaveLength(count);
      }
    }));

  it('has the same bytes whenever and however it is found, until it changes', () =>
    inStore(async ({ shop, api, io, all }) => {
      const id = shop.place();
      const once = await api.fetch(`order:${id}`, io);
      const [listed] = await all('orders');
      expect(once).toEqual({ kind: 'found', items: [listed] });
      shop.pay(id);
      expect(await api.fetch(`order:${id}`, io)).not.toEqual(once);
    }));

  it('is one state of it, although it changed while it was being read', () =>
    inStore(async (world) => {
      const { shop, clock } = world;
      const id = shop.place();
      shop.beforeAnswering(/\/products$/, () => {
        clock.now = new Date(START + 5000);
        shop.edit(id, { gross: 2400 });
      });
      expect(await fetched(world, id)).toMatchObject({
        total: 14_400n,
        doubt: null,
        updatedAt: '2026-11-21T10:00:05.000Z',
      });
    }));

  it('is given up for now when it changes each time', () =>
    inStore(async ({ shop, api, io }) => {
      const id = shop.place();
      for (let time = 0; time < 3; time++) shop.beforeAnswering(/\/taxes$/, () => shop.edit(id, { gross: 100 }));
      expect(await api.fetch(`order:${id}`, io)).toMatchObject({ kind: 'failed', problem: { code: 'order_changing' } });
    }));

  it.each([200, 204, 404] as const)('is unpaid where it has no transaction, answered with %i', (noTransactions) =>
    inStore(
      async (world) => {
        expect(await fetched(world, world.shop.place())).toMatchObject({ paid: null, transactions: [] });
      },
      { noTransactions },
    ),
  );

  it('is gone where it is not there any more', () =>
    inStore(async ({ shop, api, io }) => {
      const id = shop.place();
      shop.remove(id);
      expect(await api.fetch(`order:${id}`, io)).toEqual({ kind: 'found', items: [] });
    }));

  it('is no empty answer where the reference is nothing of ours', () =>
    inStore(async ({ api, io, shop }) => {
      for (const ref of ['order:', 'order:0', 'order:1/../2', 'product:1']) {
        expect((await api.fetch(ref, io)).kind).toBe('failed');
      }
      expect((await api.changes('products', SINCE, null, io)).kind).toBe('failed');
      expect(shop.requests()).toEqual([]);
    }));
});

describe('what changed in a store', () => {
  it('is told from the given second on, oldest first, each order once', () =>
    inStore(async ({ shop, api, io, clock }) => {
      const old = shop.place();
      clock.now = new Date(START + 60_000);
      const first = shop.place();
      clock.now = new Date(START + 120_000);
      const second = shop.place();
      const page = await api.changes('orders', '2026-11-21T10:01:00.000Z', null, io);
      expect(page.kind === 'found' ? idsOf(page.items[0]?.findings ?? []) : page).toEqual([first, second]);
      expect(old).toBeLessThan(first);
    }));

  it.each([9, 10, 11, 25, 30])('is told whole when %i orders changed in different seconds', (count) =>
    inStore(async ({ shop, clock, all }) => {
      const placed = Array.from({ length: count }, (_, index) => {
        clock.now = new Date(START + index * 1000);
        return shop.place();
      });
      expect(new Set(idsOf(await all('orders')))).toEqual(new Set(placed));
    }),
  );

  it.each([10, 11, 20, 23])(
    'is told whole when %i orders changed in one second, with others before and after',
    (count) =>
      inStore(async ({ shop, clock, all }) => {
        const before = Array.from({ length: 4 }, () => shop.place());
        clock.now = new Date(START + 1000);
        const together = Array.from({ length: count }, () => shop.place());
        clock.now = new Date(START + 2000);
        const after = Array.from({ length: 3 }, () => shop.place());
        expect(new Set(idsOf(await all('orders')))).toEqual(new Set([...before, ...together, ...after]));
      }),
  );

  it('misses no order that changes while the pages are read', () =>
    inStore(async ({ shop, api, io, clock }) => {
      const placed = Array.from({ length: 24 }, (_, index) => {
        clock.now = new Date(START + index * 1000);
        return shop.place();
      });
      clock.now = new Date(START + 60_000);
      const told = new Map<string, bigint>();
      let cursor: string | null = null;
      do {
        const page = await api.changes('orders', SINCE, cursor, io);
        if (page.kind === 'failed') throw new Error(page.problem.detail);
        for (const finding of page.items[0]?.findings ?? []) told.set(orderIn(finding).id, orderIn(finding).total);
        cursor = page.items[0]?.cursor ?? null;
        // The first three change after the first page: they leave their place and move to the end.
        if (told.size < 20) for (const id of placed.slice(0, 3)) shop.edit(id, { gross: 100 });
      } while (cursor !== null);
      expect(told.size).toBe(24);
      for (const id of placed) {
        const total = shop.books.order(id).items.reduce((sum, { gross }) => sum + gross, 0);
        expect(told.get(String(id))).toBe(BigInt(total));
      }
    }));

  it('includes the order of a refund that left the order’s own date alone', () =>
    inStore(async ({ shop, clock, all, api, io }) => {
      const id = shop.place();
      shop.pay(id);
      clock.now = new Date(START + 3_600_000);
      shop.refund(id, { amount: 500 });
      const orders = await api.changes('orders', clock.now.toISOString(), null, io);
      expect(orders).toEqual({ kind: 'found', items: [{ findings: [], cursor: null }] });
      const [order] = (await all('refunds')).map(orderIn);
      expect(order).toMatchObject({ id: String(id), refunds: [{ amount: 500n }] });
    }));

  it('tells every order of more refunds than a page holds', () =>
    inStore(async ({ shop, all }) => {
      const placed = Array.from({ length: 23 }, () => shop.place());
      for (const id of placed) {
        shop.pay(id);
        shop.refund(id, { amount: 100 });
      }
      expect(new Set(idsOf(await all('refunds')))).toEqual(new Set(placed));
    }));

  it('leaves out an order that is gone before it is read', () =>
    inStore(async ({ shop, all }) => {
      const [first, second] = [shop.place(), shop.place()];
      shop.beforeAnswering(new RegExp(`/orders/${second}$`), () => shop.remove(second));
      expect(idsOf(await all('orders'))).toEqual([first]);
    }));

  it('of a store without orders is nothing', () =>
    inStore(async ({ all }) => {
      expect([await all('orders'), await all('refunds')]).toEqual([[], []]);
    }));
});

describe('an API account', () => {
  it('is refused with a wrong token, for the whole account', () =>
    inStore(
      async ({ api, io }) => {
        const refusal = { problem: { code: 'credentials_refused' } };
        expect(await api.fetch('order:101', io)).toMatchObject({ kind: 'failed', account: true, ...refusal });
        expect(await api.check(io)).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' }, ...refusal });
      },
      { token: 'of-another-store' },
    ));

  it('names the right that it lacks', () =>
    inStore(
      async ({ api, io, shop }) => {
        const id = shop.place();
        const lookup = await api.fetch(`order:${id}`, io);
        expect(lookup).toMatchObject({ kind: 'failed', account: true });
        expect(lookup.kind === 'failed' ? lookup.problem.detail : '').toContain('Order transactions: read-only');
        expect(await api.check(io)).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
      },
      { scopes: ['orders', 'information'] },
    ));

  it('names the store, and what it can read', () =>
    inStore(async ({ api, io, shop }) => {
      shop.place();
      const checked = await api.check(io);
      expect(checked).toMatchObject({ kind: 'done', value: { name: 'Atelier Test, atelier.example', cannot: [] } });
    }));

  it('is good without the right to read the store’s name, and says so', () =>
    inStore(
      async ({ api, io }) => {
        const checked = await api.check(io);
        expect(checked).toMatchObject({ kind: 'done', value: { name: 'BigCommerce store abc123' } });
        expect(checked.kind === 'done' ? checked.value.cannot : []).toHaveLength(1);
      },
      { scopes: ['orders', 'transactions'] },
    ));

  it('warns of a hook that BigCommerce has switched off', () =>
    inStore(async ({ api, io, shop }) => {
      const off = async (): Promise<boolean> => {
        const checked = await api.check(io);
        return checked.kind === 'done' && checked.value.warnings.some((warning) => warning.includes('switched off'));
      };
      expect(await off()).toBe(false);
      shop.hooks.active = false;
      expect(await off()).toBe(true);
    }));

  it('waits for as long as BigCommerce says when there are too many requests', () =>
    inStore(
      async ({ api, io, shop }) => {
        const lookup = await api.fetch(`order:${shop.place()}`, io);
        expect(lookup).toMatchObject({ kind: 'failed', throttled: { retryAfterMs: 30_000 } });
      },
      { limit: { requests: 3, perMs: 30_000 } },
    ));

  it.each(['/products', '/shipping_addresses', '/taxes', '/refunds', '/transactions'])(
    'tells nothing of an order whose %s were not answered',
    (list) =>
      inStore(async ({ api, io, shop }) => {
        const id = shop.place();
        const ends = ({ path }: { path: string }): boolean => path.endsWith(list);
        shop.failNext(
          { acts: 'never', sees: { status: 503, body: '{"status":503,"title":"Service Unavailable"}' } },
          ends,
        );
        expect((await api.fetch(`order:${id}`, io)).kind).toBe('failed');
        shop.failNext({ acts: 'never', sees: 'reset' }, ends);
        expect(await api.fetch(`order:${id}`, io)).toMatchObject({ kind: 'failed', unanswered: true });
        shop.failNext({ acts: 'never', sees: { status: 200, body: '<html></html>' } }, ends);
        expect((await api.fetch(`order:${id}`, io)).kind).toBe('failed');
      }),
  );
});

describe('the note left with an order', () => {
  const note = (orderId: number, change: Partial<WriteBack> = {}): WriteBack => ({
    key: `store/${orderId}/invoice/1`,
    orderId: String(orderId),
    kind: 'invoice',
    number: 'F-2026-7',
    url: 'https://books.example/f7',
    ...change,
  });
  const write = async ({ api, io }: World, one: WriteBack) => api.writeBack?.(one, io);

  it('has number and link, once, however often it is written', () =>
    inStore(async (world) => {
      const id = world.shop.place();
      for (let time = 0; time < 3; time++) {
        expect(await write(world, note(id))).toEqual({ kind: 'done', value: null });
      }
      expect(world.shop.metafields(id)).toMatchObject([
        {
          namespace: 'invoice_bridge',
          key: 'invoice/1',
          value: 'F-2026-7 https://books.example/f7',
          permission_set: 'read',
        },
      ]);
    }));

  it('is replaced when the document got another number, and stands beside those of other documents', () =>
    inStore(async (world) => {
      const id = world.shop.place();
      await write(world, note(id));
      await write(world, note(id, { number: 'F-2026-8', url: null }));
      await write(world, note(id, { key: `store/${id}/credit_note/44`, kind: 'credit_note', number: 'A-1' }));
      expect(world.shop.metafields(id).map(({ key, value }) => [key, value])).toEqual([
        ['invoice/1', 'F-2026-8'],
        ['credit_note/44', 'A-1 https://books.example/f7'],
      ]);
    }));

  it('is written after an answer that was lost', () =>
    inStore(async (world) => {
      const id = world.shop.place();
      world.shop.failNext({ acts: 'at_once', sees: 'reset' }, ({ method }) => method === 'POST');
      expect(await write(world, note(id))).toMatchObject({ kind: 'unknown' });
      expect(await write(world, note(id))).toMatchObject({ kind: 'done' });
      expect(world.shop.metafields(id)).toHaveLength(1);
    }));

  it('needs a right of its own, which is named', () =>
    inStore(
      async (world) => {
        const written = await write(world, note(world.shop.place()));
        expect(written).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
        expect(JSON.stringify(written)).toContain('Orders: modify');
      },
      { scopes: ['orders', 'transactions', 'information'] },
    ));

  it('is not left with an order that is gone', () =>
    inStore(async (world) => {
      expect(await write(world, note(999))).toMatchObject({ kind: 'rejected', rejection: { kind: 'gone' } });
    }));
});
