// How Shopify delivers: one delivery for each subscription of a topic, signed, with an id that its retries repeat together
// with the very same body; eight retries, and a subscription whose deliveries fail too often is gone.
import { createHash, createHmac } from 'node:crypto';

export type Delivery = { topic: string; headers: Record<string, string>; body: Buffer };

export type Subscription = { id: string; topic: string };

export type Outbox = {
  subscriptions: Subscription[];
  /** Queues what happened, once for each subscription of the topic. */
  tell(topic: string, body: string, happenedAt: Date): void;
  /** What is due, in the order it happened; it is answered for one by one. */
  drain(): Delivery[];
  /** How the receiver answered. A refusal is tried again, eight times; the ninth in a row deletes the subscription. */
  answered(delivery: Delivery, accepted: boolean): void;
};

const RETRIES = 8;

export function openOutbox(secret: string, shop: string, apiVersion: string, topics: readonly string[]): Outbox {
  const subscriptions = topics.map((topic, index) => ({ id: `subscription-${index + 1}`, topic }));
  let queue: { delivery: Delivery; subscription: string; tries: number }[] = [];
  const sent = new Map<string, { subscription: string; tries: number }>();
  const failures = new Map<string, number>();
  let happened = 0;
  const idOf = (...parts: string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);

  return {
    subscriptions,
    tell: (topic, text, happenedAt) => {
      happened += 1;
      const body = Buffer.from(text);
      const event = idOf('event', String(happened));
      for (const { id } of subscriptions.filter((one) => one.topic === topic)) {
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'Shopify-Captain-Hook',
          'x-shopify-topic': topic,
          'x-shopify-shop-domain': shop,
          'x-shopify-api-version': apiVersion,
          'x-shopify-webhook-id': idOf('webhook', id, event),
          'x-shopify-event-id': event,
          'x-shopify-triggered-at': happenedAt.toISOString(),
          'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
        };
        queue.push({ delivery: { topic, headers, body }, subscription: id, tries: 0 });
      }
    },
    drain: () => {
      const due = queue;
      queue = [];
      for (const { delivery, ...rest } of due) sent.set(delivery.headers['x-shopify-webhook-id'] ?? '', rest);
      return due.map(({ delivery }) => delivery);
    },
    answered: (delivery, accepted) => {
      const one = sent.get(delivery.headers['x-shopify-webhook-id'] ?? '');
      if (one === undefined) return;
      if (accepted) {
        failures.set(one.subscription, 0);
        return;
      }
      const inARow = (failures.get(one.subscription) ?? 0) + 1;
      failures.set(one.subscription, inARow);
      if (inARow > RETRIES) {
        const index = subscriptions.findIndex(({ id }) => id === one.subscription);
        if (index >= 0) subscriptions.splice(index, 1);
        queue = queue.filter(({ subscription }) => subscription !== one.subscription);
        return;
      }
      if (one.tries < RETRIES) queue.push({ delivery, subscription: one.subscription, tries: one.tries + 1 });
    },
  };
}
