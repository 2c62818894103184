// What tells one delivery of Shopware from another, what is not kept of them, and what its settings must be.
import { describe, expect, it } from 'vitest';
import { shopware } from '../../connectors/shopware/index.ts';
import type { RawDelivery, Verdict } from '../../src/connector.ts';
import { shopwareShop } from '../simulators/shopware.ts';
import { signShopware } from '../simulators/shopware-deliveries.ts';

const SECRET = 'shop-secret-given-in-the-registration';
const NOW = new Date('2026-11-21T10:00:00.000Z');
const api = { url: 'https://shop.example', client_id: 'SWIAEXAMPLE', client_secret: 'integration-secret' };
const settings = shopware.settings.parse({ secret: SECRET, api });

const verify = (body: unknown, change: Partial<RawDelivery> = {}): Verdict => {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const headers = signShopware({ body: bytes, topic: '', secret: SECRET, now: NOW });
  return shopware.verify({ headers, repeated: new Set(), body: bytes, ...change }, settings);
};

describe('a delivery of Shopware', () => {
  it('keeps its key when it is tried again with a new timestamp', async () => {
    const shop = await shopwareShop({ secret: SECRET, now: () => NOW });
    shop.place();
    const [first] = shop.deliveries();
    if (first === undefined) throw new Error('nothing was sent');
    shop.failed(first);
    const [again] = shop.deliveries();
    const [a, b] = [first, again].map((one) =>
      shopware.verify(
        { headers: one?.headers ?? {}, repeated: new Set(), body: Buffer.from(one?.body ?? '') },
        settings,
      ),
    );
    await shop.close();
    expect(again?.body).not.toBe(first.body);
    expect(a).toMatchObject({ kind: 'accepted', topic: 'order.written' });
    expect(b).toEqual(a);
  });

  it('is known by its body where it bears no event id, whatever the unsigned headers say', () => {
    const body = { data: { event: 'checkout.order.placed', payload: {} }, source: { url: 'https://shop.example' } };
    const plain = verify(body);
    expect(plain).toMatchObject({ kind: 'accepted', deliveryId: null, shop: 'https://shop.example' });
    const headers = {
      ...signShopware({ body: JSON.stringify(body), topic: '', secret: SECRET, now: NOW }),
      'x-shopware-event-id': 'other',
    };
    expect(verify(body, { headers })).toEqual(plain);
    expect(verify({ ...body, timestamp: 1 })).not.toEqual(plain);
  });

  it('comes from the shop that its app knows, whatever its address', () => {
    const source = { url: 'https://shop.example', shopId: 'kQ7', eventId: 'e1' };
    expect(verify({ data: { event: 'order.written' }, source })).toMatchObject({ shop: 'kQ7', deliveryId: 'e1' });
  });

  it('that confirms the registration of an app is answered and not kept, because it carries keys', () => {
    const confirmation = {
      apiKey: 'SWIAKEY',
      secretKey: 'key',
      timestamp: '1795165200',
      shopUrl: 'https://shop.example',
      shopId: 'kQ7',
    };
    expect(verify(confirmation)).toEqual({ kind: 'ping' });
    expect(verify(confirmation, { headers: {} }).kind).toBe('refused');
    expect(verify({ ...confirmation, data: { event: 'order.written' } }).kind).toBe('accepted');
  });

  it('never passes for what the API told', () => {
    expect(verify({ data: { event: 'fetched.order' } })).toMatchObject({ kind: 'accepted', topic: 'unnamed' });
  });

  it('is refused where no secret is configured', () => {
    const body = Buffer.from('{}');
    const none = shopware.settings.parse({ api });
    const headers = signShopware({ body, topic: '', secret: '', now: NOW });
    expect(shopware.verify({ headers, repeated: new Set(), body }, none).kind).toBe('refused');
  });
});

describe('the settings of a Shopware source', () => {
  const keys = { client_id: 'a', client_secret: 'b' };

  it.each(['https://shop.example', 'https://example.com/shop/', 'http://127.0.0.1:8000'])('accept %s', (url) => {
    expect(shopware.settings.safeParse({ api: { url, ...keys } }).success).toBe(true);
  });

  it.each(['http://shop.example', 'https://user:word@shop.example', 'https://shop.example/?a=b', 'shop.example'])(
    'refuse %s',
    (url) => {
      expect(shopware.settings.safeParse({ api: { url, ...keys } }).success).toBe(false);
    },
  );

  it('need the Admin API, because webhooks only name the orders', () => {
    expect(shopware.settings.safeParse({ secret: 'a-shop-secret' }).success).toBe(false);
  });
});
