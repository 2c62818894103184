// What is WooCommerce's own in verification and settings; what all sources share is in the source suite.
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/index.ts';
import { woocommerce } from '../../connectors/woocommerce/index.ts';
import { parseConfig } from '../../src/config.ts';
import { signWooCommerce } from '../support/sign.ts';

describe('WooCommerce’s signature', () => {
  const body = Buffer.from('{"id":1042}');
  const now = new Date('2026-11-21T10:00:00Z');
  const settings = (secret: string) => woocommerce.settings.parse({ secret });
  const verify = (configured: string, signedWith: string, topic = 'order.updated') =>
    woocommerce.verify(
      { headers: signWooCommerce({ body, topic, secret: signedWith, now }), repeated: new Set(), body },
      settings(configured),
    );

  it('is made with the decoded secret, whichever spelling the user has', () => {
    expect(verify('a&amp;b&lt;c&#039;d&quot;e', `a&b<c'd"e`).kind).toBe('accepted');
    expect(verify(`a&b<c'd"e`, `a&b<c'd"e`).kind).toBe('accepted');
    expect(verify('a&amp;b&lt;c', 'a&amp;b&lt;c').kind).toBe('accepted');
    expect(verify('a&amp;lt;bcdef', 'a<bcdef').kind).toBe('refused');
  });

  it('gives one body under two topics two keys, and never the delivery id', () => {
    const [first, second] = [
      verify('a-secret-1234', 'a-secret-1234'),
      verify('a-secret-1234', 'a-secret-1234', 'order.created'),
    ];
    if (first.kind !== 'accepted' || second.kind !== 'accepted') throw new Error('refused');
    expect(first.key).not.toBe(second.key);
    expect(first.deliveryId).toBe(second.deliveryId);
    expect(first).toMatchObject({ shop: 'https://shop.example/', key: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('never makes of a delivery what only the shop’s API may tell', () => {
    expect(verify('a-secret-1234', 'a-secret-1234', 'fetched.order').kind).toBe('refused');
  });

  it('is not needed for the ping of a new webhook, and for nothing else', () => {
    const unsigned = (text: string, headers: Record<string, string> = {}) =>
      woocommerce.verify({ headers, repeated: new Set(), body: Buffer.from(text) }, settings('a-secret-1234'));
    expect(unsigned('webhook_id=7')).toEqual({ kind: 'ping' });
    for (const text of ['webhook_id=', 'webhook_id=7&id=1', 'webhook_id=7\n', '{"webhook_id":7}', '']) {
      expect(unsigned(text).kind).toBe('refused');
    }
    expect(unsigned('webhook_id=7', { 'x-wc-webhook-signature': 'AAAA' }).kind).toBe('refused');
  });

  it('needs https for the shop’s API, but for loopback addresses', () => {
    const withApi = (url: string): boolean => {
      const text = JSON.stringify({
        providers: { playground: { type: 'sandbox' } },
        sources: {
          shop: {
            type: 'woocommerce',
            secret: 'a-secret-of-the-tests',
            provider: 'playground',
            api: { url, consumer_key: 'ck_x', consumer_secret: 'cs_x' },
          },
        },
      });
      return parseConfig({ text, file: '/etc/bridge.yaml', env: {}, catalogue }).ok;
    };
    expect(['https://shop.example', 'http://127.0.0.1:8090', 'http://localhost'].map(withApi)).toEqual([
      true,
      true,
      true,
    ]);
    const known = woocommerce.settings.parse({
      secret: 'a-secret-of-the-tests',
      api: { url: 'https://shop.example/boutique/', consumer_key: 'ck_x', consumer_secret: 'cs_x' },
    });
    expect(woocommerce.api(known)?.endpoint).toEqual({
      baseUrl: 'https://shop.example/boutique/wp-json',
      headers: { authorization: `Basic ${Buffer.from('ck_x:cs_x').toString('base64')}` },
    });
    expect(woocommerce.api(settings('a-secret-1234'))).toBeNull();
    expect(['https://shop.example/wp-json/wc/v3', 'https://shop.example/?rest_route=/wc/v3'].map(withApi)).toEqual([
      false,
      false,
    ]);
    expect(['http://shop.example', 'ftp://shop.example', 'http://127.0.0.1.evil.example', 'shop'].map(withApi)).toEqual(
      Array(4).fill(false),
    );
  });
});
