// The simulated WooCommerce shop keeps what its documentation and its source promise, and what its users have met.
import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type WooShop, type WooShopOptions, wooShop } from './woocommerce.ts';

let shop: WooShop;
let clock: Date;

afterEach(() => shop.close());

async function open(options: Partial<WooShopOptions> = {}): Promise<void> {
  clock = new Date('2026-11-21T10:00:00.250Z');
  shop = await wooShop({ secret: 'a-secret-of-the-shop', now: () => clock, ...options });
}

const later = (seconds: number): void => {
  clock = new Date(clock.getTime() + seconds * 1000);
};

async function get(path: string, query: Record<string, string> = {}, secret = shop.consumerSecret) {
  const url = new URL(`${shop.url}/wp-json/wc/v3${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const authorization = `Basic ${Buffer.from(`${shop.consumerKey}:${secret}`).toString('base64')}`;
  const answer = await fetch(url, { headers: { authorization } });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
}

const idsOf = (json: { id: number }[]): number[] => json.map(({ id }) => id);

test('an order is shown with net totals beside their raw taxes, in UTC and in local time', async () => {
  await open();
  const id = shop.place({ lines: [{ price: '18.00', rate: '5.5' }] });
  const { json } = await get(`/orders/${id}`);
  expect(json).toMatchObject({
    id,
    status: 'pending',
    total: '18.00',
    date_created: '2026-11-21T11:00:00',
    date_created_gmt: '2026-11-21T10:00:00',
    date_paid_gmt: null,
    line_items: [
      {
        total: '17.06',
        total_tax: '0.94',
        price: 17.061611,
        taxes: [{ id: 3, total: '0.938389', subtotal: '0.938389' }],
      },
    ],
    tax_lines: [{ rate_id: 3, rate_percent: 5.5 }],
    refunds: [],
  });
});

test('a refund is named by the order and shown by itself, everything in it below zero', async () => {
  await open();
  const id = shop.place({ lines: [{ price: '24.00', quantity: 2 }] });
  const [line = 0] = shop.lines(id);
  const refundId = shop.refund(id, { lines: [{ line, quantity: 1 }], reason: 'Cassée', gatewayId: 're_1' });
  expect((await get(`/orders/${id}`)).json).toMatchObject({
    total: '48.00',
    refunds: [{ id: refundId, reason: 'Cassée', total: '-24.00' }],
  });
  expect((await get(`/orders/${id}/refunds`)).json).toMatchObject([
    {
      id: refundId,
      amount: '24.00',
      refunded_payment: true,
      meta_data: [{ key: '_wcpay_refund_id', value: 're_1' }],
      line_items: [
        {
          quantity: -1,
          total: '-20.00',
          total_tax: '-4.00',
          meta_data: [{ key: '_refunded_item_id', value: String(line) }],
        },
      ],
    },
  ]);
  expect((await get('/refunds')).json).toMatchObject([{ id: refundId, parent_id: id }]);
});

test('lists are found by the change, paged and counted; both bounds leave out their own second', async () => {
  await open();
  const ids = [0, 1, 2].map(() => {
    const id = shop.place();
    later(1);
    return id;
  });
  const [first, second, third] = ids;
  const query = { dates_are_gmt: 'true', orderby: 'modified', order: 'asc' };
  const all = await get('/orders', { ...query, per_page: '2' });
  expect([idsOf(all.json), all.headers.get('x-wp-total'), all.headers.get('x-wp-totalpages')]).toEqual([
    [first, second],
    '3',
    '2',
  ]);
  const after = await get('/orders', { ...query, modified_after: '2026-11-21T10:00:00' });
  expect(idsOf(after.json)).toEqual([second, third]);
  const before = await get('/orders', { ...query, modified_before: '2026-11-21T10:00:01' });
  expect(idsOf(before.json)).toEqual([first]);
  // A zone is turned into the shop's own, and compared with the UTC column all the same.
  const zoned = await get('/orders', { ...query, modified_after: '2026-11-21T10:00:00Z' });
  expect(idsOf(zoned.json)).toEqual([]);
});

test('what is asked wrongly is refused in WordPress’ form', async () => {
  await open();
  expect(await get('/orders', { per_page: '101' })).toMatchObject({
    status: 400,
    json: { code: 'rest_invalid_param', data: { status: 400 } },
  });
  expect(await get('/orders/9')).toMatchObject({
    status: 404,
    json: { code: 'woocommerce_rest_shop_order_invalid_id' },
  });
  expect(await get('/nothing')).toMatchObject({ status: 404, json: { code: 'rest_no_route' } });
  expect(await get('/orders', {}, 'cs_wrong')).toMatchObject({
    status: 401,
    json: { code: 'woocommerce_rest_authentication_error' },
  });
});

test('any status leaves out the trash and the drafts of the checkout', async () => {
  await open();
  const [kept, trashed] = [shop.place(), shop.place()];
  shop.place({ status: 'checkout-draft' });
  shop.trash(trashed);
  expect(idsOf((await get('/orders', { status: 'any' })).json)).toEqual([kept]);
  expect(idsOf((await get('/orders', { status: 'trash' })).json)).toEqual([trashed]);
  expect((await get(`/orders/${trashed}`)).json.status).toBe('trash');
});

test('too many requests are turned away for as long as the window needs', async () => {
  await open({ limit: { requests: 1, perMs: 60_000 } });
  await get('/orders');
  const url = `${shop.url}/wp-json/wc/v3/orders`;
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('retry-after'), shop.throttled()]).toEqual([429, '60', 1]);
});

test('deliveries are signed, and show the order as it is when they are sent', async () => {
  await open();
  const id = shop.place();
  shop.pay(id);
  const [created, updated] = shop.deliveries();
  expect(JSON.parse(created?.body ?? '')).toMatchObject({ id, status: 'processing' });
  expect([created?.topic, updated?.topic]).toEqual(['order.created', 'order.updated']);
  const digest = createHmac('sha256', 'a-secret-of-the-shop')
    .update(created?.body ?? '')
    .digest('base64');
  expect(created?.headers).toMatchObject({ 'x-wc-webhook-signature': digest, 'x-wc-webhook-topic': 'order.created' });
  expect(shop.deliveries()).toEqual([]);
});

test('changes that wait are told once, and two orders of one second share a delivery id', async () => {
  await open();
  const [first, second] = [shop.place(), shop.place()];
  shop.deliveries();
  for (const id of [first, second, first, first]) shop.edit(id, {});
  const updates = shop.deliveries();
  expect(updates.map(({ body }) => JSON.parse(body).id)).toEqual([first, second]);
  expect(new Set(updates.map(({ headers }) => headers['x-wc-webhook-delivery-id'])).size).toBe(1);
});

test('a deletion names the order alone, a restoration shows it, an action hands over its argument', async () => {
  await open({ topics: ['order.deleted', 'order.restored', 'action.woocommerce_payment_complete'] });
  const id = shop.place();
  shop.pay(id);
  shop.trash(id);
  shop.restore(id);
  expect(shop.deliveries().map(({ topic, body }) => [topic, JSON.parse(body)])).toEqual([
    ['action.woocommerce_payment_complete', { action: 'woocommerce_payment_complete', arg: id }],
    ['order.deleted', { id }],
    ['order.restored', expect.objectContaining({ id, status: 'processing' })],
  ]);
});

test('a webhook is disabled by the seventh failure in a row, and tells nothing from then on', async () => {
  await open({ topics: ['order.updated'] });
  const id = shop.place();
  const answer = async (status: number): Promise<string | undefined> => {
    shop.edit(id, {});
    await shop.deliver(async () => status);
    return shop.webhooks()[0]?.status;
  };
  for (const status of [500, 500, 302, 500, 404, 500, 303, 503, 500]) expect(await answer(status)).toBe('active');
  expect(await answer(500)).toBe('disabled');
  shop.edit(id, {});
  expect(shop.deliveries()).toEqual([]);
});

test('a deleted refund leaves the order’s date alone, and older shops do not tell of it', async () => {
  for (const tellsDeletedRefunds of [true, false]) {
    await open({ tellsDeletedRefunds });
    const id = shop.place();
    const refundId = shop.refund(id, { amount: '5.00' });
    shop.deliveries();
    later(60);
    shop.deleteRefund(id, refundId);
    expect(shop.deliveries().length).toBe(tellsDeletedRefunds ? 1 : 0);
    expect((await get(`/orders/${id}`)).json).toMatchObject({ refunds: [], date_modified_gmt: '2026-11-21T10:00:00' });
    if (tellsDeletedRefunds) await shop.close();
  }
});

test('an owner who may no longer read orders has signed errors delivered', async () => {
  await open();
  shop.place();
  shop.setReading(false);
  const [delivery] = shop.deliveries();
  expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
    code: 'woocommerce_rest_cannot_view',
    data: { status: 403 },
  });
});

test('saving a webhook says an unsigned hello', async () => {
  await open();
  expect(shop.ping(2)).toEqual({
    headers: expect.objectContaining({ 'content-type': 'application/x-www-form-urlencoded' }),
    body: 'webhook_id=2',
  });
});
