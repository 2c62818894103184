// The simulated BigCommerce store behaves as its documentation says: paging, dates, rights, hooks and their tries.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderRequest } from '../../src/connector.ts';
import { callProvider } from '../../src/http-client.ts';
import { ACCESS_TOKEN, type BigCommerceShop, bigcommerceShop } from './bigcommerce.ts';

const clock = { now: new Date('2026-11-21T10:00:00.400Z') };
let shop: BigCommerceShop;
beforeEach(async () => {
  clock.now = new Date('2026-11-21T10:00:00.400Z');
  shop = await bigcommerceShop({ now: () => clock.now });
});
afterEach(() => shop.close());

async function ask(
  path: string,
  query: Record<string, string> = {},
  change: Partial<ProviderRequest> = {},
  token = ACCESS_TOKEN,
) {
  const endpoint = { baseUrl: `${shop.url}/stores/abc123`, headers: { 'x-auth-token': token } };
  const answer = await callProvider(endpoint, { method: 'GET', path, query, ...change }, 5000);
  if (answer.kind !== 'answer') throw new Error(answer.kind);
  const text = Buffer.from(answer.body).toString();
  return { status: answer.status, headers: answer.headers, json: text === '' ? null : JSON.parse(text) };
}
const idsOf = (answer: { json: { id: number }[] | null }): number[] => (answer.json ?? []).map(({ id }) => id);
const later = (seconds: number): void => {
  clock.now = new Date(clock.now.getTime() + seconds * 1000);
};

describe('the orders of the store', () => {
  it('are 204 where there are none, in a list and on a page beyond the last', async () => {
    expect((await ask('/v2/orders')).status).toBe(204);
    shop.place();
    expect((await ask('/v2/orders', { page: '2' })).status).toBe(204);
  });

  it('are sorted by the second of the change, and by nothing of use within it', async () => {
    const [first, second] = [shop.place(), shop.place()];
    later(1);
    const third = shop.place();
    const sorted = await ask('/v2/orders', { sort: 'date_modified:asc' });
    expect(idsOf(sorted)).toEqual([second, first, third]);
  });

  it('are filtered by date and id with both ends included, and archived ones are left out', async () => {
    const ids = [0, 1, 2].map(() => {
      later(1);
      return shop.place();
    });
    const range = { min_date_modified: '2026-11-21T10:00:02+00:00', max_date_modified: '2026-11-21T10:00:03+00:00' };
    expect(idsOf(await ask('/v2/orders', range))).toEqual(ids.slice(1));
    expect(idsOf(await ask('/v2/orders', { min_id: String(ids[2]) }))).toEqual(ids.slice(2));
    shop.archive(ids[0] ?? 0);
    expect(idsOf(await ask('/v2/orders'))).toEqual(ids.slice(1));
    expect((await ask(`/v2/orders/${ids[0]}`)).json).toMatchObject({ is_deleted: true });
  });

  it('have dates in whole seconds, in the form of RFC 2822', async () => {
    const id = shop.place();
    expect((await ask(`/v2/orders/${id}`)).json).toMatchObject({ date_created: 'Sat, 21 Nov 2026 10:00:00 +0000' });
  });

  it('have no more than 50 products on a page where nothing is said', async () => {
    const id = shop.place({ items: Array.from({ length: 60 }, () => ({ gross: 100 })) });
    expect((await ask(`/v2/orders/${id}/products`)).json).toHaveLength(50);
    expect((await ask(`/v2/orders/${id}/products`, { page: '2' })).json).toHaveLength(10);
    expect((await ask(`/v2/orders/${id}/products`, { limit: '250' })).json).toHaveLength(60);
  });

  it('have a total that their parts make', async () => {
    const id = shop.place({ items: [{ gross: 12_000, discount: 1000 }], shipping: 600, giftCertificate: 500 });
    expect((await ask(`/v2/orders/${id}`)).json).toMatchObject({ total_inc_tax: '116.0000', total_tax: '19.3300' });
  });
});

describe('the store', () => {
  it('refuses a wrong token, and a right that the account lacks, each version in its own form', async () => {
    expect((await ask('/v2/orders', {}, {}, 'wrong')).status).toBe(401);
    await shop.close();
    shop = await bigcommerceShop({ now: () => clock.now, scopes: ['information'] });
    const id = shop.place();
    expect(await ask('/v2/orders')).toMatchObject({ status: 403, json: [{ status: 403 }] });
    expect(await ask(`/v3/orders/${id}/transactions`)).toMatchObject({ status: 403, json: { status: 403 } });
  });

  it('says in milliseconds how long to wait when there are too many requests', async () => {
    await shop.close();
    shop = await bigcommerceShop({ now: () => clock.now, limit: { requests: 1, perMs: 30_000 } });
    await ask('/v2/store');
    const refused = await ask('/v2/store');
    expect([refused.status, refused.headers['x-rate-limit-time-reset-ms']]).toEqual([429, '30000']);
    later(30);
    expect((await ask('/v2/store')).status).toBe(200);
  });

  it('lists every refund by its id, and those from a date on', async () => {
    const id = shop.place();
    shop.pay(id);
    const first = shop.refund(id, { amount: 100 });
    later(60);
    const second = shop.refund(id, { amount: 200 });
    const path = '/v3/orders/payment_actions/refunds';
    expect((await ask(path)).json.data).toMatchObject([
      { id: first, total_amount: 1 },
      { id: second, total_amount: 2 },
    ]);
    expect((await ask(path, { 'created:min': '2026-11-21T10:01:00+00:00' })).json.data).toMatchObject([{ id: second }]);
  });

  it('leaves the date of an order alone when it is refunded, unless it is told otherwise', async () => {
    for (const refundTouchesOrder of [false, true]) {
      await shop.close();
      shop = await bigcommerceShop({ now: () => clock.now, refundTouchesOrder });
      const id = shop.place();
      shop.pay(id);
      const before = (await ask(`/v2/orders/${id}`)).json.date_modified;
      later(60);
      shop.refund(id, { amount: 100 });
      expect((await ask(`/v2/orders/${id}`)).json.date_modified !== before).toBe(refundTouchesOrder);
    }
  });

  it('keeps one metafield for each key in a namespace', async () => {
    const path = `/v3/orders/${shop.place()}/metafields`;
    const body = JSON.stringify({ namespace: 'n', key: 'k', value: 'v', permission_set: 'read' });
    const made = await ask(path, {}, { method: 'POST', body });
    expect(made.status).toBe(200);
    expect((await ask(path, {}, { method: 'POST', body })).status).toBe(409);
    const changed = await ask(`${path}/${made.json.data.id}`, {}, { method: 'PUT', body: body.replace('"v"', '"w"') });
    expect(changed.status).toBe(200);
    expect((await ask(path, { namespace: 'n', key: 'k' })).json.data).toMatchObject([{ value: 'w' }]);
    expect((await ask(path, { key: 'other' })).json.data).toEqual([]);
  });
});

describe('the hooks of the store', () => {
  const topics = (): string[] => shop.deliveries().map(({ topic }) => topic);

  it('tell of what happens, thinly, and once', () => {
    const id = shop.place();
    const [created] = shop.deliveries();
    expect(JSON.parse(created?.body ?? '')).toMatchObject({
      scope: 'store/order/created',
      data: { type: 'order', id },
    });
    expect(created?.body).not.toContain('total');
    shop.pay(id);
    expect(topics()).toEqual(['store/order/transaction/created', 'store/order/statusUpdated', 'store/order/updated']);
    shop.refund(id, { amount: 100 });
    shop.cancel(id);
    shop.archive(id);
    expect(topics()).toContain('store/order/archived');
    expect(topics()).toEqual([]);
  });

  it('name the order of a transaction by another field', () => {
    const id = shop.place();
    shop.pay(id);
    const told = shop.deliveries().find(({ topic }) => topic.includes('transaction'));
    expect(JSON.parse(told?.body ?? '').data).toMatchObject({ type: 'transaction', order_id: id });
  });

  it('are tried eleven times more with the same id and body, and then switched off', () => {
    const id = shop.place();
    const bodies = new Set<string>();
    const ids = new Set<string | undefined>();
    let tries = 0;
    for (let [delivery] = shop.deliveries(); delivery !== undefined; [delivery] = shop.deliveries()) {
      tries += 1;
      bodies.add(delivery.body);
      ids.add(delivery.headers['webhook-id']);
      shop.hooks.failed(delivery);
    }
    expect([tries, bodies.size, ids.size, shop.hooks.active]).toEqual([12, 1, 1, false]);
    shop.pay(id);
    expect(shop.deliveries()).toEqual([]);
  });
});
