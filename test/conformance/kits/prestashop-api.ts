// PrestaShop's webservice for the suite of source APIs, with a module beside it that hints at what changed.
import { prestashop } from '../../../connectors/prestashop/index.ts';
import { prestashopShop } from '../../simulators/prestashop.ts';
import { signPrestaShop } from '../../support/sign.ts';
import type { SourceApiKit } from '../source-api-kit.ts';

type Settings = Parameters<typeof prestashop.verify>[1];

const SECRET = 'a-secret-of-the-module';

export const prestashopApiKit: SourceApiKit<Settings> = {
  connector: prestashop,
  page: 20,
  open: async (now) => {
    const shop = await prestashopShop({ secret: SECRET, now });
    return {
      http: shop,
      settings: (sentinel = shop.key) => ({ secret: SECRET, api: { url: shop.url, key: sentinel } }),
      secrets: [SECRET, shop.key],
      place: () => {
        const id = shop.place({ items: [{ name: 'Théière', gross: 6000, rate: '20', quantity: 2 }] });
        shop.pay(id);
        return id;
      },
      change: (id) => shop.ship(id),
      refund: {
        line: (id) => {
          shop.refund(id, { pieces: { 0: 1 } });
          return 3000n;
        },
        amount: (id) => {
          shop.refund(id, { chosen: 500 });
          return 500n;
        },
      },
      remove: (id) => {
        shop.books.tables.orders = shop.books.tables.orders.filter((order) => order.id !== id);
      },
      ref: (id) => `order:${id}`,
      meanwhile: shop.meanwhile,
      deliveries: () => shop.deliveries().map(({ headers, body }) => ({ headers, body })),
      pretend: (topic, body) => ({ headers: signPrestaShop({ body, topic, secret: SECRET, now: now() }), body }),
      notes: null,
    };
  },
  asWebhook: null,
  busy: { status: 429, headers: { 'retry-after': '7' }, body: 'Too Many Requests' },
  isWrite: ({ method }) => method !== 'GET',
};
