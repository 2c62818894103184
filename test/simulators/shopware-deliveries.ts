// How Shopware delivers webhooks: signed over the raw body, a timestamp of its own for each attempt, five more attempts after
// the first, and after ten failures in a row an event that is no longer told.
import { createHash, createHmac } from 'node:crypto';
import type { Sign } from '../support/sign.ts';

export type Delivery = { headers: Record<string, string>; body: string; topic: string };

/** Shopware: hex HMAC-SHA256 of the body, which holds the event's name. The other headers are not signed. */
export const signShopware: Sign = ({ body, secret }) => ({
  'content-type': 'application/json',
  'user-agent': 'GuzzleHttp/7',
  'sw-version': '6.7.4.0',
  'sw-context-language': '2fbb5fe2e29a4d70aa5854ce7ce3e20b',
  'sw-user-language': 'fr-FR',
  'x-shopware-event-id': createHash('md5').update(body).digest('hex'),
  'x-shopware-sequence': '4711',
  'x-shopware-attempt': '0',
  'shopware-shop-signature': createHmac('sha256', secret).update(body).digest('hex'),
});

const ATTEMPTS = 6;
const FAILURES_ALLOWED = 10;

type Sent = { event: string; payload: unknown; eventId: string; sequence: number; attempt: number };

export class ShopwareWebhooks {
  #secret: string;
  #now: () => Date;
  #url: () => string;
  #waiting: Sent[] = [];
  #sent = new Map<Delivery, Sent>();
  #failures = new Map<string, number>();
  #disabled = new Set<string>();
  #sequence = 0;

  constructor(secret: string, now: () => Date, url: () => string) {
    this.#secret = secret;
    this.#now = now;
    this.#url = url;
  }

  /** Something happened. What happens while its webhook is switched off is told to nobody. */
  tell(event: string, payload: unknown): void {
    if (this.#disabled.has(event)) return;
    this.#sequence += 1;
    const eventId = createHash('md5').update(`event-${this.#sequence}`).digest('hex');
    this.#waiting.push({ event, payload, eventId, sequence: this.#sequence, attempt: 0 });
  }

  /** What the shop sends now, in the order in which it happened, and then what is tried again. What was sent before and is
   * not said to have failed was taken. */
  drain(): Delivery[] {
    for (const { event } of this.#sent.values()) this.#failures.set(event, 0);
    this.#sent.clear();
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map((sent) => {
      const delivery = this.#signed(sent);
      this.#sent.set(delivery, sent);
      return delivery;
    });
  }

  /** The delivery was not answered with 2xx: it comes again, in new words, until the last attempt. */
  failed(delivery: Delivery): void {
    const sent = this.#sent.get(delivery);
    if (sent === undefined) throw new Error('the simulated shop has not just sent this');
    this.#sent.delete(delivery);
    const failures = (this.#failures.get(sent.event) ?? 0) + 1;
    this.#failures.set(sent.event, failures);
    if (failures >= FAILURES_ALLOWED) this.#disabled.add(sent.event);
    if (sent.attempt + 1 < ATTEMPTS) this.#waiting.push({ ...sent, attempt: sent.attempt + 1 });
  }

  /** What a search for webhooks shows. */
  rows() {
    return [...this.#failures.keys()].map((eventName) => ({
      apiAlias: 'webhook',
      id: createHash('md5').update(eventName).digest('hex'),
      createdAt: '2026-11-01T08:00:00.000+00:00',
      updatedAt: null,
      name: `bridge-${eventName}`,
      eventName,
      active: !this.#disabled.has(eventName),
    }));
  }

  #signed({ event, payload, eventId, sequence, attempt }: Sent): Delivery {
    const body = JSON.stringify({
      data: { payload, event },
      source: { url: this.#url(), appVersion: '1.0.0', shopId: 'kQ7shopOfTheTest', eventId },
      timestamp: Math.floor(this.#now().getTime() / 1000) + attempt,
    });
    const headers = {
      ...signShopware({ body, topic: event, secret: this.#secret, now: this.#now() }),
      'x-shopware-event-id': eventId,
      'x-shopware-sequence': String(sequence),
      'x-shopware-attempt': String(attempt),
    };
    return { headers, body, topic: event };
  }
}
