// Signs a body the way each source's sender does. One exported function per source type; all have the same shape.
// Written from the senders' documentation and apart from the connectors, so that a mistake there cannot hide here.
import { createHash, createHmac } from 'node:crypto';

/** What a sender knows when it delivers. `topic` is sent where the sender has it in a header. */
export type Sending = { body: string | Uint8Array; topic: string; secret: string; now: Date };

/** Headers of the delivery, names in lower case. */
export type Sign = (sending: Sending) => Record<string, string>;

/** WooCommerce: base64 HMAC-SHA256 of the body. The delivery id names the webhook and the second, not the delivery. */
export const signWooCommerce: Sign = ({ body, topic, secret, now }) => {
  const [resource = '', event = ''] = topic.split('.');
  return {
    'content-type': 'application/json',
    'user-agent': 'WooCommerce/11.2.0 Hookshot (WordPress/7.1)',
    'x-wc-webhook-source': 'https://shop.example/',
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
    'x-wc-webhook-id': '7',
    'x-wc-webhook-delivery-id': createHmac('md5', 'shop')
      .update(`7${Math.floor(now.getTime() / 1000)}`)
      .digest('hex'),
  };
};

/** Shopify: base64 HMAC-SHA256 of the body. The webhook id is one per delivery, and the same when it is sent again. */
export const signShopify: Sign = ({ body, topic, secret }) => ({
  'content-type': 'application/json',
  'user-agent': 'Shopify-Captain-Hook',
  'x-shopify-topic': topic,
  'x-shopify-shop-domain': 'boutique.example',
  'x-shopify-api-version': '2026-07',
  'x-shopify-webhook-id': createHash('md5').update(topic).update(body).digest('hex'),
  'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
});

/** Stripe: hex HMAC-SHA256 of the moment of sending, a dot and the body, beside a legacy scheme that nobody may trust. */
export const signStripe: Sign = ({ body, secret, now }) => {
  const moment = Math.floor(now.getTime() / 1000);
  const digest = createHmac('sha256', secret).update(`${moment}.`).update(body).digest('hex');
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'stripe-signature': `t=${moment},v1=${digest},v0=${'0'.repeat(64)}`,
  };
};

/** Modules of PrestaShop: hex HMAC-SHA256 of the body, without a topic, an id or a moment. */
export const signPrestaShop: Sign = ({ body, secret }) => ({
  'content-type': 'application/json',
  'x-prestashop-signature': createHmac('sha256', secret).update(body).digest('hex'),
});
