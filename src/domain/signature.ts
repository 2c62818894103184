// The one place where signatures are compared: constant time, any length, never throws, never true for an empty secret.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Shorter secrets are refused at start-up: they can be guessed. */
const MIN_SECRET_LENGTH = 8;

const SecretSchema = z.string().min(MIN_SECRET_LENGTH, `a secret has at least ${MIN_SECRET_LENGTH} characters`);

/** One secret, or two while one replaces the other. Becomes a list. */
export const SecretsSchema = z
  .union([SecretSchema, z.array(SecretSchema).min(1).max(2, 'at most two secrets are live at a time')])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** HMAC-SHA256 of the parts, joined as bytes. */
export function hmacSha256(secret: string, ...parts: (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/**
 * True when `given` is exactly the encoding of `digest` (base64 with padding, or lower-case hex). Compared as text in
 * constant time, so that no second spelling of the same bytes passes.
 */
export function digestMatches(digest: Buffer, given: string, encoding: 'base64' | 'hex'): boolean {
  const expected = Buffer.from(digest.toString(encoding));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
