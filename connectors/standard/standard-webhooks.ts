// Standard Webhooks 1.0: three headers, and a signature over id, moment and body.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac, createPublicKey, verify } from 'node:crypto';
import type { RawDelivery } from '../../src/connector.ts';
import { digestMatches } from '../../src/domain/signature.ts';

export const WEBHOOK_ID = 'webhook-id';
const TIMESTAMP = 'webhook-timestamp';
const SIGNATURE = 'webhook-signature';

/** How far the signed moment may lie from now, either way. */
export const TOLERANCE_S = 300;

const MAX_HEADER_LENGTH = 4096;
const MAX_SIGNATURES = 16;
const MIN_KEY_BYTES = 8;
const ED25519_KEY_BYTES = 32;

/** Without a dot: the parts of what is signed are joined with dots, and must not be cut differently. */
const ID = /^[\x21-\x2d\x2f-\x7e]{1,128}$/;

/** A shared secret, or the sender's public key, behind the prefix that tells which it is. */
type Key = { scheme: 'v1' | 'v1a'; bytes: Buffer };

/** True when one of the secrets signed the delivery at most five minutes from `now`. */
export function isStandardWebhook(delivery: RawDelivery, secrets: readonly string[], now: Date): boolean {
  const { headers, repeated, body } = delivery;
  if ([WEBHOOK_ID, TIMESTAMP, SIGNATURE].some((name) => repeated.has(name))) return false;
  const { [WEBHOOK_ID]: id = '', [TIMESTAMP]: moment = '', [SIGNATURE]: signatures = '' } = headers;
  if (!ID.test(id) || !isRecent(moment, now) || signatures.length > MAX_HEADER_LENGTH) return false;
  const given = signatures.split(' ');
  if (given.length > MAX_SIGNATURES) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${moment}.`), body]);
  const keys = secrets.map(keyOf).filter((key) => key !== null);
  // Every key is tried, so that the time taken does not tell which one fits.
  return keys.flatMap((key) => given.filter((signature) => isSignature(signature, key, signed))).length > 0;
}

/** True for whole seconds since 1970 that lie at most five minutes from `now`. */
export const isRecent = (moment: string, now: Date): boolean =>
  /^\d{1,11}$/.test(moment) && Math.abs(Number(moment) - Math.floor(now.getTime() / 1000)) <= TOLERANCE_S;

/** The key of a secret such as `whsec_…` (shared) or `whpk_…` (public); null for one that is neither, or too short. */
export function keyOf(secret: string): Key | null {
  const [, prefix, encoded = ''] = /^(whsec|whpk)_(.*)$/s.exec(secret) ?? [];
  const bytes = decoded(encoded);
  if (prefix === undefined || bytes === null) return null;
  if (prefix === 'whpk') return bytes.length === ED25519_KEY_BYTES ? { scheme: 'v1a', bytes } : null;
  return bytes.length < MIN_KEY_BYTES ? null : { scheme: 'v1', bytes };
}

function isSignature(signature: string, { scheme, bytes }: Key, signed: Buffer): boolean {
  if (!signature.startsWith(`${scheme},`)) return false;
  const text = signature.slice(scheme.length + 1);
  if (scheme === 'v1') return digestMatches(createHmac('sha256', bytes).update(signed).digest(), text, 'base64');
  const given = decoded(text);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
  return given !== null && verify(null, signed, key, given);
}

/** The bytes of base64 text in its one spelling with padding; null for any other. */
function decoded(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
