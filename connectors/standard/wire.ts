// How a delivery names itself, whichever way it is signed.
import { createHash } from 'node:crypto';
import type { RawDelivery, Verdict } from '../../src/connector.ts';
import { FETCHED } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';
import { type HmacSignature, isSignedByHmac } from './hmac.ts';
import { isStandardWebhook, WEBHOOK_ID } from './standard-webhooks.ts';

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

/** The topic of a body that says none. */
const UNNAMED = 'order';

/**
 * Accepts what any of the live secrets signed. Nothing of the body is read before that.
 *
 * Known by topic and bytes, and by the id where that is signed: an id that is used again must not hide another body, an
 * attempt that is repeated brings the same bytes, and an id that nobody signed would make another delivery of an old one.
 */
export function verifyDelivery(
  delivery: RawDelivery,
  { secret, signature }: { secret: readonly string[]; signature?: HmacSignature | undefined },
  now: Date,
): Verdict {
  const accepted =
    signature === undefined
      ? isStandardWebhook(delivery, secret, now)
      : isSignedByHmac(delivery, secret, signature, now);
  if (!accepted) return REFUSED;
  const deliveryId = headerOf(delivery, signature === undefined ? WEBHOOK_ID : signature.id_header, DELIVERY_ID);
  const topic = headerOf(delivery, signature?.topic_header, TOPIC) ?? typeOf(delivery.body) ?? UNNAMED;
  const signedId = signature === undefined ? (deliveryId ?? '') : '';
  const key = createHash('sha256').update(`${topic}\n${signedId}\n`).update(delivery.body).digest('hex');
  return { kind: 'accepted', topic, key, deliveryId, shop: null };
}

const DELIVERY_ID = /^[\x21-\x7e]{1,128}$/;

/** Never one that stands for something we fetched. */
const TOPIC = new RegExp(`^(?!${FETCHED.replace('.', '\\.')})[\\w.:/-]{1,100}$`);

/** A header's value, where it was sent once and has this form. */
function headerOf({ headers, repeated }: RawDelivery, name: string | undefined, form: RegExp): string | null {
  const value = name === undefined || repeated.has(name) ? undefined : headers[name];
  return value !== undefined && form.test(value) ? value : null;
}

/** What the body calls itself. */
function typeOf(body: Uint8Array): string | null {
  const parsed = parseJson(body);
  const json = parsed.ok ? parsed.value : null;
  const type = json !== null && typeof json === 'object' && !Array.isArray(json) ? json.type : null;
  return typeof type === 'string' && TOPIC.test(type) ? type : null;
}
