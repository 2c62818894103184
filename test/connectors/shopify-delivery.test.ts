// What tells one delivery of Shopify from another.
import { describe, expect, it } from 'vitest';
import { shopify } from '../../connectors/shopify/index.ts';
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
