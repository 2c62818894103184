// How BigCommerce delivers: thin hooks, signed by Standard Webhooks and with the header that the merchant gave, tried again
// for two days and then switched off. Written from its documentation and apart from the connector.
import { Buffer } from 'node:buffer';
import { createHash, createHmac } from 'node:crypto';

export type Delivery = { topic: string; headers: Record<string, string>; body: string };

/** What a store knows when it delivers. Null leaves that proof out. */
export type Proofs = { clientSecret: string | null; header: { name: string; value: string } | null };

/** After the first try, at growing intervals. */
const RETRIES = 11;

/** The headers of a delivery: the id stays over every try, the moment is that of the try. */
export function hookHeaders(body: string | Uint8Array, id: string, now: Date, proofs: Proofs): Record<string, string> {
  const moment = String(Math.floor(now.getTime() / 1000));
  const signature = (secret: string): string =>
    `v1,${createHmac('sha256', Buffer.from(secret)).update(`${id}.${moment}.`).update(body).digest('base64')}`;
  return {
    'content-type': 'application/json',
    'user-agent': 'akka-http/10.0.10',
    'webhook-id': id,
    'webhook-timestamp': moment,
    ...(proofs.clientSecret !== null && { 'webhook-signature': signature(proofs.clientSecret) }),
    ...(proofs.header !== null && { [proofs.header.name]: proofs.header.value }),
  };
}

export class Hooks {
  readonly #storeHash: string;
  readonly #proofs: Proofs;
  readonly #now: () => Date;
  readonly #tries = new Map<string, number>();
  #waiting: Delivery[] = [];
  #sent = 0;
  active = true;

  constructor(storeHash: string, proofs: Proofs, now: () => Date) {
    this.#storeHash = storeHash;
    this.#proofs = proofs;
    this.#now = now;
  }

  /** Queues one event. `hash` is over the data alone, so that it is the same for every update of one order. */
  tell(scope: string, data: object): void {
    if (!this.active) return;
    const body = JSON.stringify({
      scope,
      store_id: '1025646',
      data,
      hash: createHash('sha1').update(JSON.stringify(data)).digest('hex'),
      created_at: Math.floor(this.#now().getTime() / 1000),
      producer: `stores/${this.#storeHash}`,
    });
    this.#sent += 1;
    this.#waiting.push({
      topic: scope,
      headers: hookHeaders(body, `msg_${this.#sent}`, this.#now(), this.#proofs),
      body,
    });
  }

  /** Everything that is on its way, oldest first; it is no longer on its way then. */
  deliveries(): Delivery[] {
    const due = this.#waiting;
    this.#waiting = [];
    return due;
  }

  /** It was not answered with 2xx: it is sent again, and after the last try the hook is switched off. */
  failed(delivery: Delivery): void {
    const id = delivery.headers['webhook-id'] ?? '';
    const tries = (this.#tries.get(id) ?? 0) + 1;
    this.#tries.set(id, tries);
    if (tries > RETRIES) this.active = false;
    else this.#waiting.push({ ...delivery, headers: hookHeaders(delivery.body, id, this.#now(), this.#proofs) });
  }
}
