// BigCommerce's API for the suite of source APIs: a store whose refunds leave the date of their order alone.
import { bigcommerce } from '../../../connectors/bigcommerce/index.ts';
import { ACCESS_TOKEN, bigcommerceShop, CLIENT_SECRET, STORE_HASH } from '../../simulators/bigcommerce.ts';
import { hookHeaders } from '../../simulators/bigcommerce-hooks.ts';
import type { SourceApiKit } from '../source-api-kit.ts';

type Settings = Parameters<typeof bigcommerce.verify>[1];

const PROOFS = { clientSecret: CLIENT_SECRET, header: null };

export const bigcommerceApiKit: SourceApiKit<Settings> = {
  connector: bigcommerce,
  page: 10,
  open: async (now) => {
    const shop = await bigcommerceShop({ now, proofs: PROOFS });
    return {
      http: shop,
      settings: (sentinel = ACCESS_TOKEN) => ({
        secret: CLIENT_SECRET,
        api: { url: shop.url, store_hash: STORE_HASH, access_token: sentinel },
      }),
      secrets: [CLIENT_SECRET, ACCESS_TOKEN],
      place: () => {
        const id = shop.place({ items: [{ gross: 3600, quantity: 3 }], shipping: 600 });
        shop.pay(id);
        return String(id);
      },
      change: (id) => shop.setStatus(Number(id), 10),
      refund: {
        line: (id) => {
          const [item] = shop.books.order(Number(id)).items;
          const items = [{ type: 'PRODUCT', id: item?.id ?? 0, quantity: 1, amount: null }];
          shop.refund(Number(id), { amount: 1200, items });
          return 1200n;
        },
        amount: (id) => {
          shop.refund(Number(id), { amount: 500 });
          return 500n;
        },
      },
      remove: (id) => shop.remove(Number(id)),
      ref: (id) => `order:${id}`,
      deliveries: () => shop.deliveries().map(({ headers, body }) => ({ headers, body: Buffer.from(body) })),
      pretend: (topic, finding) => {
        const body = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(finding).toString()), scope: topic }));
        return { headers: hookHeaders(body, 'msg_pretended', now(), PROOFS), body };
      },
      notes: (id) => shop.metafields(Number(id)).map(({ value }) => value),
    };
  },
  asWebhook: null,
  busy: { status: 429, headers: { 'x-rate-limit-time-reset-ms': '7000' }, body: '{"status":429,"title":"Busy"}' },
  isWrite: ({ method }) => method !== 'GET',
};
