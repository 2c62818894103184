// How Stripe delivers: one header that signs the moment and the body, and the event's own words for what it is.
import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { z } from 'zod';
import type { RawDelivery, Verdict } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';
import { hmacSha256 } from '../../src/domain/signature.ts';
import { stripeLibrary } from './library.ts';

const SIGNATURE = 'stripe-signature';

/** Stripe's own default: how far the signed moment may lie from now, either way. */
const TOLERANCE_S = 300;

/** Stripe sends one `v1` for each live secret. */
const MAX_SIGNATURES = 16;
const MAX_HEADER_LENGTH = 4096;

/** Told for every cause alike, so that a sender learns nothing from it. */
const REFUSED: Verdict = { kind: 'refused', reason: 'bad_signature' };

/** The topic of a body that Stripe signed and that cannot be read as an event. */
const UNREADABLE = 'unreadable';

const EventHeadSchema = z.object({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(100),
  account: z.string().min(1).max(200).nullish(),
});

/**
 * Accepts what any of the live secrets signed, at most five minutes from `now`. Nothing of the body is read before that.
 *
 * Stripe sends a repeated event with the same body; topic and body are the key.
 */
export function verifyStripe(delivery: RawDelivery, secrets: readonly string[], now: Date): Verdict {
  const { headers, body } = delivery;
  const { [SIGNATURE]: header } = headers;
  if (header === undefined || delivery.repeated.has(SIGNATURE)) return REFUSED;
  if (!isWellFormed(header, now)) return REFUSED;
  // Every key is tried, so that the time taken does not tell which one fits.
  const fitting = secrets.filter((secret) => isSigned(body, header, secret, now));
  if (fitting.length === 0) return REFUSED;

  const parsed = parseJson(body);
  const head = EventHeadSchema.safeParse(parsed.ok ? parsed.value : null);
  if (!head.success) {
    return { kind: 'accepted', topic: UNREADABLE, key: sha256(body), deliveryId: null, shop: null };
  }
  const { id, type, account } = head.data;
  return { kind: 'accepted', topic: type, key: sha256(type, '\n', body), deliveryId: id, shop: account ?? null };
}

/** One moment in whole seconds, not in the future beyond the tolerance (which the library lets pass), and few signatures. */
function isWellFormed(header: string, now: Date): boolean {
  if (header.length > MAX_HEADER_LENGTH) return false;
  const parts = header.split(',');
  const moments = parts.filter((part) => /^t(=|$)/.test(part));
  const [moment] = moments;
  if (moments.length !== 1 || moment === undefined || !/^t=\d{1,11}$/.test(moment)) return false;
  if (parts.filter((part) => part.startsWith('v1=')).length > MAX_SIGNATURES) return false;
  return Number(moment.slice(2)) - Math.floor(now.getTime() / 1000) <= TOLERANCE_S;
}

function isSigned(body: Uint8Array, header: string, secret: string, now: Date): boolean {
  const { webhooks, bytes } = signer();
  try {
    const text = Buffer.from(body).toString('latin1');
    return webhooks.signature?.verifyHeader(text, header, secret, TOLERANCE_S, bytes, now.getTime()) === true;
  } catch {
    // This is how the library says no.
    return false;
  }
}

let signing: { webhooks: typeof Stripe.webhooks; bytes: Stripe.CryptoProvider } | undefined;

/**
 * Stripe's library signs text, and would take one body for another where both decode alike (a byte order mark, bad UTF-8).
 * So it is handed one character for each byte, and `bytes` hashes those characters as the bytes they stand for.
 */
function signer() {
  if (signing !== undefined) return signing;
  const stripe = stripeLibrary();
  class Bytes extends stripe.CryptoProvider {
    override computeHMACSignature(text: string, secret: string): string {
      return hmacSha256(secret, Buffer.from(text, 'latin1')).toString('hex');
    }
  }
  signing = { webhooks: stripe.webhooks, bytes: new Bytes() };
  return signing;
}

const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
