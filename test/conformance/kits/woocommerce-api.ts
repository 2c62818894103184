// WooCommerce's API for the suite of source APIs: a shop whose refunds leave the date of their order alone.
import { woocommerce } from '../../../connectors/woocommerce/index.ts';
import { wooShop } from '../../simulators/woocommerce.ts';
import { signWooCommerce } from '../../support/sign.ts';
import type { SourceApiKit } from '../source-api-kit.ts';

type Settings = Parameters<typeof woocommerce.verify>[1];

const SECRET = 'a-secret-of-the-webhooks';

export const woocommerceApiKit: SourceApiKit<Settings> = {
  connector: woocommerce,
  page: 50,
  open: async (now) => {
    const shop = await wooShop({ secret: SECRET, now, refundTouchesOrder: false });
    return {
      http: shop,
      settings: (sentinel = shop.consumerSecret) => ({
        secret: SECRET,
        api: { url: shop.url, consumer_key: shop.consumerKey, consumer_secret: sentinel },
      }),
      secrets: [SECRET, shop.consumerKey, shop.consumerSecret],
      place: () => {
        const id = shop.place({
          lines: [
            { price: '24.00', quantity: 3 },
            { price: '10.55', rate: '5.5' },
          ],
        });
        shop.pay(id);
        return String(id);
      },
      change: (id) => shop.edit(Number(id), {}),
      refund: {
        line: (id) => {
          const [line = 0] = shop.lines(Number(id));
          shop.refund(Number(id), { lines: [{ line, quantity: 1 }] });
          return 2400n;
        },
        amount: (id) => {
          shop.refund(Number(id), { amount: '5.00' });
          return 500n;
        },
      },
      remove: (id) => shop.remove(Number(id)),
      ref: (id) => `order:${id}`,
      meanwhile: shop.meanwhile,
      deliveries: () => shop.deliveries().map(({ headers, body }) => ({ headers, body: Buffer.from(body) })),
      pretend: (topic, body) => ({ headers: signWooCommerce({ body, topic, secret: SECRET, now: now() }), body }),
      notes: (id) => shop.notes(Number(id)).map(({ note }) => note),
    };
  },
  // A webhook names refunds by id, amount and reason.
  asWebhook: (fetched) => ({
    ...fetched,
    refunds: fetched.refunds.map((refund) => ({ ...refund, at: null, lines: null, transactionId: null })),
  }),
  busy: { status: 429, headers: { 'retry-after': '7' }, body: 'Too Many Requests' },
  isWrite: ({ method }) => method !== 'GET',
};
