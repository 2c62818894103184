// How BigCommerce delivers: what proves the sender, what a hook is about, and what tells one delivery from another.
import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { UNREADABLE } from '../../mappings/to-facts/bigcommerce.ts';
import type { RawDelivery, Verdict } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';
import { digestMatches, hmacSha256 } from '../../src/domain/signature.ts';

// The headers of Standard Webhooks (standard-webhooks.md, "Webhook Metadata" and "Signature scheme").
const SIGNATURE = 'webhook-signature';
const ID = 'webhook-id';
const TIMESTAMP = 'webhook-timestamp';

/** Names the scheme of a signature; others are for asymmetric keys. */
const V1 = 'v1,';
/** While a secret is rolled a sender may sign with several. */
const MAX_SIGNATURES = 16;

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

const HookSchema = z.object({
  scope: z.string().regex(/^store\/[\w/-]{1,100}$/),
  producer: z
    .string()
    .regex(/^stores\/.{1,100}$/)
    .nullish(),
});

/**
 * Accepts what any of the live secrets signed by Standard Webhooks, or what bears one of them in the header that the
 * merchant gave the hook. The age of a signature is not judged: BigCommerce tries again for two days, and a hook that is
 * replayed only makes us look at an order once more.
 *
 * The key is the sender's own id of the message, which its retries repeat, else the body. The body's `hash` is none: it is
 * over what the hook is about, so that every update of one order has the same.
 */
export function verifyBigCommerce(delivery: RawDelivery, secrets: readonly string[], header: string): Verdict {
  const { headers, body, repeated } = delivery;
  // Every secret is tried both ways, so that the time taken does not tell which one fits.
  const fitting = secrets.filter((secret) => {
    const signed = isSigned(delivery, secret);
    return bears(delivery, header, secret) || signed;
  });
  if (fitting.length === 0) return REFUSED;

  const parsed = parseJson(body);
  const hook = HookSchema.safeParse(parsed.ok ? parsed.value : null);
  const topic = hook.success ? hook.data.scope : UNREADABLE;
  const id = headers[ID];
  const deliveryId = id !== undefined && !repeated.has(ID) && /^[\x21-\x7e]{1,200}$/.test(id) ? id : null;
  const key = createHash('sha256')
    .update(`${topic}\n`)
    .update(deliveryId ?? body)
    .digest('hex');
  const shop = hook.data?.producer?.slice('stores/'.length) ?? null;
  return { kind: 'accepted', topic, key, deliveryId, shop };
}

/** HMAC-SHA256 of "id.timestamp.body" in base64, with the secret's own bytes; one of the `v1,` entries must be it. */
function isSigned({ headers, body, repeated }: RawDelivery, secret: string): boolean {
  const { [SIGNATURE]: signature, [ID]: id, [TIMESTAMP]: timestamp } = headers;
  if (signature === undefined || id === undefined || timestamp === undefined) return false;
  if ([SIGNATURE, ID, TIMESTAMP].some((name) => repeated.has(name))) return false;
  const digest = hmacSha256(secret, `${id}.${timestamp}.`, body);
  const entries = signature.split(' ').slice(0, MAX_SIGNATURES);
  const fitting = entries.filter((entry) => digestMatches(digest, entry.slice(V1.length), 'base64'));
  return fitting.some((entry) => entry.startsWith(V1));
}

/** Compared by digest: equal lengths, and no time that would tell how much of a guess is right. */
function bears({ headers, repeated }: RawDelivery, header: string, secret: string): boolean {
  const given = headers[header];
  if (given === undefined || repeated.has(header)) return false;
  return timingSafeEqual(hmacSha256(secret, Buffer.from(given)), hmacSha256(secret, Buffer.from(secret)));
}
