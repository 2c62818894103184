// What tells one delivery of Shopify from another.
import { describe, expect, it, onTestFinished } from 'vitest';
import { shopify } from '../../connectors/shopify/index.ts';
import type { Order } from '../../src/domain/order.ts';
import { type ShopifyShop, shopifyShop } from '../simulators/shopify.ts';
import type { Delivery } from '../simulators/shopify-deliveries.ts';
import { signShopify } from '../support/sign.ts';

const SECRET = 'secret-of-this-test';
const NOW = new Date('2026-11-21T10:00:00.000Z');
const settings = shopify.settings.parse({ secret: SECRET });
const body = Buffer.from('{"id":1}');

function keyOf(headers: Record<string, string>, repeated: string[] = [], topic = 'orders/paid'): string {
  const signed = signShopify({ body, topic, secret: SECRET, now: NOW });
  const verdict = shopify.verify({ headers: { ...signed, ...headers }, repeated: new Set(repeated), body }, settings);
  if (verdict.kind !== 'accepted') throw new Error(verdict.kind);
  return verdict.key;
}

describe('the key of a Shopify delivery', () => {
  it('is its webhook id, within its topic', () => {
    expect(keyOf({ 'x-shopify-webhook-id': 'b54557e4' })).toBe('orders/paid:b54557e4');
    expect(keyOf({ 'x-shopify-webhook-id': 'b54557e4' }, [], 'orders/create')).toBe('orders/create:b54557e4');
  });

  it.each(['', 'a b', 'x'.repeat(101)])('is made from topic and bytes where the id is “%s”', (id) => {
    expect(keyOf({ 'x-shopify-webhook-id': id })).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is made from topic and bytes where the id was sent twice', () => {
    const key = keyOf({ 'x-shopify-webhook-id': 'b54557e4,b54557e5' }, ['x-shopify-webhook-id']);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(key).not.toBe(keyOf({ 'x-shopify-webhook-id': '' }, [], 'orders/create'));
  });
});

describe('a Shopify delivery', () => {
  it('names its shop and itself', () => {
    const headers = signShopify({ body, topic: 'orders/paid', secret: SECRET, now: NOW });
    const verdict = shopify.verify({ headers, repeated: new Set(), body }, settings);
    expect(verdict).toMatchObject({ shop: 'boutique.example', deliveryId: headers['x-shopify-webhook-id'] });
  });

  it.each([
    ['http://acme.myshopify.com', false],
    ['https://acme.myshopify.com/admin', false],
    ['https://user:pw@acme.myshopify.com', false],
    ['https://acme.myshopify.com', true],
    ['http://127.0.0.1:8081', true],
  ])('comes from a shop whose API may be asked at %s: %s', (url, allowed) => {
    const written = { secret: SECRET, api: { url, access_token: 'shpat_x' } };
    expect(shopify.settings.safeParse(written).success).toBe(allowed);
  });
});

describe('the deliveries of a Shopify shop', () => {
  type Heard = { key: string; order: Order | null };

  async function heardFrom(happens: (shop: ShopifyShop) => void, topics?: string[]): Promise<Heard[]> {
    const shop = await shopifyShop({ secret: SECRET, now: () => NOW, ...(topics === undefined ? {} : { topics }) });
    onTestFinished(() => shop.close());
    happens(shop);
    return shop.deliveries().map(hear);
  }

  function hear(delivery: Delivery): Heard {
    const verdict = shopify.verify({ ...delivery, repeated: new Set() }, settings);
    if (verdict.kind !== 'accepted') throw new Error(verdict.kind);
    const understood = shopify.understand({ ...delivery, topic: verdict.topic, receivedAt: NOW.toISOString() });
    const fact = understood.ok && understood.value.kind === 'facts' ? understood.value.facts[0] : undefined;
    return { key: verdict.key, order: fact?.kind === 'order' ? fact.order : null };
  }

  const print = { title: 'Estampe', price: '30.00', rate: '0.2' };

  it('of several subscriptions have keys of their own and tell one order', async () => {
    const heard = await heardFrom(
      (shop) => shop.place({ lines: [print] }),
      ['orders/create', 'orders/create', 'orders/updated'],
    );
    expect(new Set(heard.map(({ key }) => key)).size).toBe(3);
    expect(heard[1]?.order).toEqual(heard[0]?.order);
    expect(heard[2]?.order).toEqual(heard[0]?.order);
  });

  it('tried again have the key of the first try', async () => {
    const shop = await shopifyShop({ secret: SECRET, now: () => NOW });
    onTestFinished(() => shop.close());
    shop.place({ lines: [print] });
    const [first] = shop.deliveries();
    if (first === undefined) throw new Error('nothing was delivered');
    shop.answered(first, false);
    expect(shop.deliveries().map(hear)).toEqual([hear(first)]);
  });

  it('may come in any order: each says how far the order was', async () => {
    const heard = await heardFrom((shop) => {
      const id = shop.place({ lines: [print], status: 'pending' });
      shop.pay(id);
      shop.refund(id, { lines: [{ line: 0, quantity: 1 }] });
    });
    const told = heard.flatMap(({ order }) => (order === null ? [] : [order]));
    const latest = told
      .toReversed()
      .toSorted((a, b) => a.rank - b.rank)
      .at(-1);
    expect(latest).toEqual(told.at(-1));
    expect(told.map(({ rank }) => rank)).toEqual([10, 10, 20, 20, 50]);
  });
});
