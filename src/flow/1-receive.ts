// A delivery at the door: verified over its raw bytes, stored, and only then acknowledged.
import { FETCHED, type RawDelivery, type Verdict } from '../connector.ts';
import { toJson } from '../domain/json.ts';
import type { Log } from '../log.ts';
import type { Source } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import type { Inbox } from './2-inbox.ts';

/** What the sender is told. `stored` is said only after the delivery is on disk. */
export type Reception =
  | { kind: 'stored'; eventId: number; duplicate: boolean }
  | { kind: 'ping' }
  | { kind: 'unauthorised' }
  | { kind: 'wrong_content_type' }
  | { kind: 'cannot_store' };

/** Headers that say who sent what; everything else (cookies, addresses, proxies' marks) is not kept. */
const KEPT_HEADER = /^(content-type|user-agent|x-wc-|x-shopify-|x-shopware-|stripe-signature|webhook-)/;
const SECRET_HEADER = /signature|hmac/;

export async function receive(
  source: Source,
  delivery: RawDelivery,
  parts: { inbox: Inbox; runtime: Runtime; log: Log },
): Promise<Reception> {
  const { inbox, runtime, log } = parts;
  const contentType = (delivery.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!source.contentTypes.includes(contentType) || 'content-encoding' in delivery.headers)
    return { kind: 'wrong_content_type' };

  const told = source.verify(delivery, runtime.now());
  // Most senders do not sign their topic: what only an API may tell is refused from a webhook.
  const isPretence = told.kind === 'accepted' && told.topic.startsWith(FETCHED);
  const verdict: Verdict = isPretence ? { kind: 'refused', reason: 'topic_of_fetch' } : told;
  switch (verdict.kind) {
    case 'ping':
      log.info('delivery.ping', { source: source.name });
      return { kind: 'ping' };
    case 'refused':
      log.warn('delivery.refused', { source: source.name, reason: verdict.reason });
      return { kind: 'unauthorised' };
    case 'accepted': {
      const stored = await inbox
        .accept({
          source: source.identity,
          topic: verdict.topic,
          delivery_key: verdict.key,
          delivery_id: verdict.deliveryId,
          shop: verdict.shop,
          headers: toJson(keptHeaders(delivery.headers)),
          body: delivery.body,
        })
        .catch((error: unknown) => {
          log.error('delivery.not_stored', { source: source.name, reason: String(error) });
          return null;
        });
      if (stored === null) return { kind: 'cannot_store' };
      log.info('delivery.stored', {
        source: source.name,
        event_id: stored.eventId,
        topic: verdict.topic,
        delivery_id: verdict.deliveryId,
        duplicate: stored.duplicate,
        bytes: delivery.body.byteLength,
      });
      return { kind: 'stored', ...stored };
    }
  }
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADER.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, SECRET_HEADER.test(name) ? '[removed]' : value]));
}
