// How modules of a PrestaShop deliver. PrestaShop itself has no webhooks; what its modules have in common is an HMAC of the body.
import { createHash } from 'node:crypto';
import { HINT } from '../../mappings/to-facts/prestashop.ts';
import type { RawDelivery, Verdict } from '../../src/connector.ts';
import { digestMatches, hmacSha256 } from '../../src/domain/signature.ts';
import type { Settings } from './settings.ts';

/** Sent beside a correct signature by modules that only try the way. */
const TEST = 'x-prestashop-test';

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

/**
 * Accepts what any of the live secrets signed: hex HMAC-SHA256 over the raw body, alone or as `sha256=<hex>`. Without a secret
 * nothing is accepted.
 *
 * Modules give no id to a delivery: the body is the key. A module that sends the same body for every change is heard once.
 */
export function verifyPrestaShop({ headers, body, repeated }: RawDelivery, settings: Settings): Verdict {
  const signature = headers[settings.signature_header];
  if (signature === undefined || repeated.has(settings.signature_header)) return REFUSED;
  const digest = signature.replace(/^sha256=/, '');
  // Every key is tried, so that the time taken does not tell which one fits.
  const fitting = (settings.secret ?? []).filter((secret) => digestMatches(hmacSha256(secret, body), digest, 'hex'));
  if (fitting.length === 0) return REFUSED;
  if (headers[TEST] === '1') return { kind: 'ping' };
  const key = createHash('sha256').update(body).digest('hex');
  return { kind: 'accepted', topic: HINT, key, deliveryId: null, shop: null };
}
