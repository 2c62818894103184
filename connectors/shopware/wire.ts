// How Shopware delivers: what it signs, and what tells one delivery from another.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FETCHED, type RawDelivery, type Verdict } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';
import { digestMatches, hmacSha256 } from '../../src/domain/signature.ts';

const SIGNATURE = 'shopware-shop-signature';

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

const text = z.string().min(1).max(300);

/** A signed body is read leniently: one that is no event is kept, and its mapping says so. */
const EventSchema = z.object({
  data: z
    .object({ event: text.refine((event) => !event.startsWith(FETCHED)) })
    .optional()
    .catch(undefined),
  source: z
    .object({
      url: text.optional().catch(undefined),
      shopId: text.optional().catch(undefined),
      eventId: text.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** The last step of an app's registration: it carries the keys of an integration, which are not ours to keep. */
const RegistrationSchema = z.object({ apiKey: text, secretKey: text, data: z.undefined().optional() });

/**
 * Accepts what any of the live secrets signed: hex HMAC-SHA256 over the raw body, which also holds the event's name.
 *
 * Every attempt has a timestamp of its own in the body and the same event id, so that id is the key. The headers of the
 * same name are not signed.
 */
export function verifyShopware(delivery: RawDelivery, secrets: readonly string[]): Verdict {
  const { headers, body } = delivery;
  const signature = headers[SIGNATURE];
  if (signature === undefined || delivery.repeated.has(SIGNATURE)) return REFUSED;
  // Every secret is tried, so that the time taken does not tell which one fits.
  const fitting = secrets.filter((secret) => digestMatches(hmacSha256(secret, body), signature, 'hex'));
  if (fitting.length === 0) return REFUSED;
  const parsed = parseJson(body);
  const json = parsed.ok ? parsed.value : null;
  if (RegistrationSchema.safeParse(json).success) return { kind: 'ping' };
  const { data, source } = EventSchema.safeParse(json).data ?? {};
  const deliveryId = source?.eventId ?? null;
  return {
    kind: 'accepted',
    topic: data?.event ?? 'unnamed',
    key: deliveryId ?? createHash('sha256').update(body).digest('hex'),
    deliveryId,
    shop: source?.shopId ?? source?.url ?? null,
  };
}
