// How a simulated WooCommerce delivers: one attempt for each, the body built when it is sent, changes that wait told once.
import { createHmac } from 'node:crypto';
import type { Hook, WooBooks } from './woocommerce-books.ts';
import { phpJson, type Views } from './woocommerce-views.ts';

export type Delivery = { webhook: number; topic: string; headers: Record<string, string>; body: string };

export type WebhookRecord = {
  id: number;
  name: string;
  topic: string;
  status: 'active' | 'paused' | 'disabled';
  failures: number;
};

/** Which hooks make a webhook of a topic speak. A topic `action.<hook>` is bound to that one hook. */
const HOOKS: Readonly<Record<string, readonly string[]>> = {
  'order.created': ['woocommerce_new_order'],
  'order.updated': ['woocommerce_update_order', 'woocommerce_order_refunded', 'woocommerce_delete_order_refund'],
  'order.deleted': ['woocommerce_trash_order'],
  'order.restored': ['woocommerce_untrash_order'],
};

/** A webhook that has failed so often is switched off by the next failure. */
const MAX_FAILURES = 5;

export type Webhooks = {
  all: WebhookRecord[];
  /** Queues a delivery for each active webhook that is bound to the hook, unless the same waits already. */
  fire(hook: Hook): void;
  /** Everything that waits, signed, with bodies of this moment. Each is sent once; to drop one is to lose it. */
  drain(): Delivery[];
  /** What came back of a delivery. Anything but 2xx, 301 or 302 is a failure. */
  answered(delivery: Delivery, status: number): void;
  /** The unsigned hello that follows the saving of a webhook. */
  ping(webhook: number): Pick<Delivery, 'headers' | 'body'>;
};

export function wooWebhooks(
  options: { secret: string; topics: readonly string[]; now: () => Date; source: string },
  books: () => WooBooks,
  views: Views,
  /** Whether the user who saved the webhooks may still read orders. */
  mayRead: () => boolean,
): Webhooks {
  const all: WebhookRecord[] = options.topics.map((topic, index) => ({
    id: index + 1,
    name: `Bridge: ${topic}`,
    topic,
    status: 'active',
    failures: 0,
  }));
  let waiting: { webhook: WebhookRecord; hook: Hook }[] = [];

  const bodyOf = (topic: string, { name, id }: Hook): string => {
    if (topic.startsWith('action.')) return phpJson({ action: name, arg: id });
    if (topic === 'order.deleted') return phpJson({ id });
    if (!mayRead()) return errorBody('woocommerce_rest_cannot_view', 'Sorry, you cannot view this resource.', 403);
    const order = books().orders.find((one) => one.id === id);
    if (order !== undefined) return phpJson(views.order(order));
    return errorBody('woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', 404);
  };

  return {
    all,
    fire: (hook) => {
      for (const webhook of all) {
        const hooks = HOOKS[webhook.topic] ?? [webhook.topic.replace(/^action\./, '')];
        const waits = waiting.some((one) => one.webhook === webhook && one.hook.id === hook.id);
        if (webhook.status === 'active' && hooks.includes(hook.name) && !waits) waiting.push({ webhook, hook });
      }
    },
    drain: () => {
      const due = waiting;
      waiting = [];
      return due.map(({ webhook, hook }) => {
        const body = bodyOf(webhook.topic, hook);
        return { webhook: webhook.id, topic: webhook.topic, headers: headersOf(webhook, body, options), body };
      });
    },
    answered: ({ webhook }, status) => {
      const record = all.find(({ id }) => id === webhook);
      if (record === undefined) return;
      if (status >= 200 && status < 303) record.failures = 0;
      else if (record.failures > MAX_FAILURES) record.status = 'disabled';
      else record.failures += 1;
    },
    ping: (webhook) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': AGENT },
      body: `webhook_id=${webhook}`,
    }),
  };
}

/** The REST API's own refusal is delivered in place of the order, and signed. */
const errorBody = (code: string, message: string, status: number): string =>
  phpJson({ code, message, data: { status } });

const AGENT = 'WooCommerce/11.2.0 Hookshot (WordPress/7.1)';

/** The delivery id is a hash of the webhook and the second: two orders of one second share it. */
function headersOf(
  { id, topic }: WebhookRecord,
  body: string,
  { secret, now, source }: { secret: string; now: () => Date; source: string },
): Record<string, string> {
  const [resource = '', event = ''] = topic.split('.');
  const second = Math.floor(now().getTime() / 1000);
  return {
    'content-type': 'application/json',
    'user-agent': AGENT,
    'x-wc-webhook-source': source,
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
    'x-wc-webhook-id': String(id),
    'x-wc-webhook-delivery-id': createHmac('md5', source).update(`${id}${second}`).digest('hex'),
  };
}
