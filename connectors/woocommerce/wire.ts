// How WooCommerce delivers: the names of its headers, what it signs, and what tells one delivery from another.
import { createHash } from 'node:crypto';
import { FETCHED, type RawDelivery, type Verdict } from '../../src/connector.ts';
import { digestMatches, hmacSha256 } from '../../src/domain/signature.ts';

const SIGNATURE = 'x-wc-webhook-signature';
const TOPIC = 'x-wc-webhook-topic';
const SOURCE = 'x-wc-webhook-source';
const DELIVERY_ID = 'x-wc-webhook-delivery-id';

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

/**
 * Accepts what any of the live secrets signed: base64 HMAC-SHA256 over the raw body.
 *
 * A saved webhook first says hello with an unsigned `webhook_id=7`, which carries nothing. The delivery id is a hash of
 * the webhook's number and the second, so two orders of one second share it; the key is made from topic and body.
 */
export function verifyWooCommerce(delivery: RawDelivery, secrets: readonly string[]): Verdict {
  const { headers, body } = delivery;
  const {
    [SIGNATURE]: signature,
    [TOPIC]: topic = '',
    [SOURCE]: shop = null,
    [DELIVERY_ID]: deliveryId = null,
  } = headers;
  if (signature === undefined) return isPing(body) ? { kind: 'ping' } : REFUSED;
  // The signature does not cover the topic, and what the API told has a body of another form.
  if (delivery.repeated.has(SIGNATURE) || topic.startsWith(FETCHED)) return REFUSED;
  // Every key is tried, so that the time taken does not tell which one fits.
  const fitting = secrets.flatMap(keysOf).filter((key) => digestMatches(hmacSha256(key, body), signature, 'base64'));
  if (fitting.length === 0) return REFUSED;
  const key = createHash('sha256').update(topic).update('\n').update(body).digest('hex');
  return { kind: 'accepted', topic, key, deliveryId, shop };
}

const isPing = (body: Uint8Array): boolean =>
  body.length <= 40 && /^webhook_id=\d+$/.test(Buffer.from(body).toString('latin1'));

/** The shop signs with `wp_specialchars_decode(secret, ENT_QUOTES)`; the user may have copied either spelling. */
const keysOf = (secret: string): string[] => [...new Set([secret, decodeSpecialChars(secret)])];

const SPECIAL_CHARS: [RegExp, string][] = [
  [/^&(quot|#0*34|#x0*22);$/i, '"'],
  [/^&(#0*39|#x0*27);$/i, "'"],
  [/^&(lt|#0*60|#x0*3c);$/i, '<'],
  [/^&(gt|#0*62|#x0*3e);$/i, '>'],
  [/^&(amp|#0*38|#x0*26);$/i, '&'],
];

const decodeSpecialChars = (secret: string): string =>
  secret.replace(/&(?:[a-z]{2,4}|#x?[0-9a-f]+);/gi, (entity) => {
    return SPECIAL_CHARS.find(([form]) => form.test(entity))?.[1] ?? entity;
  });
