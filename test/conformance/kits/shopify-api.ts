// Shopify's Admin API for the suite of source APIs, in a bucket in which the budget plays no part.
import { shopify } from '../../../connectors/shopify/index.ts';
import { shopifyShop } from '../../simulators/shopify.ts';
import { signShopify } from '../../support/sign.ts';
import type { SourceApiKit } from '../source-api-kit.ts';

type Settings = Parameters<typeof shopify.verify>[1];

const SECRET = 'a-secret-of-the-webhooks';

export const shopifyApiKit: SourceApiKit<Settings> = {
  connector: shopify,
  page: 25,
  open: async (now) => {
    const shop = await shopifyShop({ secret: SECRET, now, bucket: { size: 1_000_000, restoredPerSecond: 1000 } });
    return {
      http: shop,
      settings: (sentinel = shop.token) => ({ secret: SECRET, api: { url: shop.url, access_token: sentinel } }),
      secrets: [SECRET, shop.token],
      place: () =>
        shop.place({ lines: [{ title: 'Affiche', price: '40.00', quantity: 3, rate: '0.2' }], taxesIncluded: true }),
      change: (id) => shop.touch(id),
      refund: {
        line: (id) => {
          shop.refund(id, { lines: [{ line: 0, quantity: 1 }] });
          return 4000n;
        },
        amount: (id) => {
          shop.refund(id, { amount: '5.00' });
          return 500n;
        },
      },
      remove: (id) => shop.remove(id),
      ref: (id) => `order:${id}`,
      deliveries: () => shop.deliveries().map(({ headers, body }) => ({ headers, body })),
      pretend: (topic, body) => ({ headers: signShopify({ body, topic, secret: SECRET, now: now() }), body }),
      notes: (id) => {
        const own = [...shop.metafields.values()].filter(({ ownerId }) => String(ownerId).endsWith(`/${id}`));
        return own.map(({ value }) => String(value));
      },
    };
  },
  asWebhook: (fetched) => fetched,
  busy: { status: 429, headers: { 'retry-after': '7' }, body: '{"errors":"Too many requests"}' },
  isWrite: ({ body }) => body.includes('metafieldsSet'),
};
