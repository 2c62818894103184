// How Shopify delivers: the names of its headers, what it signs, and what tells one delivery from another.
import { createHash } from 'node:crypto';
import type { RawDelivery, Verdict } from '../../src/connector.ts';
import { digestMatches, hmacSha256 } from '../../src/domain/signature.ts';

const SIGNATURE = 'x-shopify-hmac-sha256';
const TOPIC = 'x-shopify-topic';
const SHOP = 'x-shopify-shop-domain';
const WEBHOOK_ID = 'x-shopify-webhook-id';

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

/**
 * Accepts what any of the live secrets signed: base64 HMAC-SHA256 over the raw body.
 *
 * Shopify gives every delivery an id that its retries repeat with the same body; without one, topic and body are the key.
 */
export function verifyShopify(delivery: RawDelivery, secrets: readonly string[]): Verdict {
  const { headers, body } = delivery;
  const { [SIGNATURE]: signature, [TOPIC]: topic = '', [SHOP]: shop = null, [WEBHOOK_ID]: id = null } = headers;
  if (signature === undefined || delivery.repeated.has(SIGNATURE)) return REFUSED;
  // Every key is tried, so that the time taken does not tell which one fits.
  const fitting = secrets.filter((secret) => digestMatches(hmacSha256(secret, body), signature, 'base64'));
  if (fitting.length === 0) return REFUSED;
  // Two copies of the header joined into one value name no delivery.
  const deliveryId = id !== null && !delivery.repeated.has(WEBHOOK_ID) && /^[\x21-\x7e]{1,100}$/.test(id) ? id : null;
  const key =
    deliveryId === null
      ? createHash('sha256').update(topic).update('\n').update(body).digest('hex')
      : `${topic}:${deliveryId}`;
  return { kind: 'accepted', topic, key, deliveryId, shop };
}
