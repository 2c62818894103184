// Shopware's Admin API for the suite of source APIs.
import { shopware } from '../../../connectors/shopware/index.ts';
import { shopwareShop } from '../../simulators/shopware.ts';
import { signShopware } from '../../simulators/shopware-deliveries.ts';
import type { SourceApiKit } from '../source-api-kit.ts';

type Settings = Parameters<typeof shopware.verify>[1];

const SECRET = 'a-secret-of-the-app';

export const shopwareApiKit: SourceApiKit<Settings> = {
  connector: shopware,
  page: 50,
  open: async (now) => {
    const shop = await shopwareShop({ secret: SECRET, now });
    const items = [
      { label: 'Lampe', gross: 12_000 },
      { label: 'Livre', gross: 1055, rate: 5.5 },
    ];
    return {
      http: shop,
      settings: (sentinel = shop.clientSecret) => ({
        secret: SECRET,
        api: { url: shop.url, client_id: shop.clientId, client_secret: sentinel },
      }),
      secrets: [SECRET, shop.clientSecret],
      place: () => {
        const id = shop.place({ items });
        shop.pay(id);
        return id;
      },
      change: (id) => shop.edit(id, items),
      refund: {
        line: (id) => {
          shop.refund(id, { gross: 12_000, items: [0] });
          return 12_000n;
        },
        amount: (id) => {
          shop.refund(id, { gross: 500 });
          return 500n;
        },
      },
      remove: (id) => shop.remove(id),
      ref: (id) => `order:${id}`,
      deliveries: () => shop.deliveries().map(({ headers, body }) => ({ headers, body: Buffer.from(body) })),
      pretend: (topic, finding) => {
        const payload: unknown = JSON.parse(Buffer.from(finding).toString());
        const body = Buffer.from(JSON.stringify({ data: { payload, event: topic }, source: {} }));
        return { headers: signShopware({ body, topic, secret: SECRET, now: now() }), body };
      },
      notes: (id) => Object.values(Object(shop.books.order(id).customFields)).map(String),
    };
  },
  asWebhook: null,
  busy: { status: 429, headers: { 'retry-after': '7' }, body: '' },
  isWrite: ({ method }) => method === 'PATCH',
};
