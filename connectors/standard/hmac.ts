// A plain HMAC over the body, in whatever header and form the sender has it.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { RawDelivery } from '../../src/connector.ts';
import { digestMatches } from '../../src/domain/signature.ts';
import { isRecent } from './standard-webhooks.ts';

const HeaderSchema = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,100}$/, 'expected the name of a header, such as X-Signature')
  .transform((name) => name.toLowerCase());

export const HmacSignatureSchema = z.strictObject({
  header: HeaderSchema.describe('Header with the signature.'),
  algorithm: z.enum(['sha256', 'sha512', 'sha1']).describe('Of the HMAC.'),
  encoding: z.enum(['hex', 'base64']).describe('Of the signature: hex in small letters, base64 with padding.'),
  prefix: z.string().min(1).max(50).optional().describe('What stands before it, such as `sha256=`.'),
  timestamp_header: HeaderSchema.optional().describe(
    'Header with the moment in whole seconds, where `<moment>.<body>` is signed: five minutes at most.',
  ),
  topic_header: HeaderSchema.optional().describe('Header with what the event is; without it: `type` in the body.'),
  id_header: HeaderSchema.optional().describe('Header with the delivery’s id.'),
});
export type HmacSignature = z.infer<typeof HmacSignatureSchema>;

/** True when one of the secrets signed the delivery. Without a signed moment an old one may come again: it is stored once. */
export function isSignedByHmac(
  { headers, repeated, body }: RawDelivery,
  secrets: readonly string[],
  { header, algorithm, encoding, prefix = '', timestamp_header: timestamp }: HmacSignature,
  now: Date,
): boolean {
  if (repeated.has(header) || (timestamp !== undefined && repeated.has(timestamp))) return false;
  const moment = timestamp === undefined ? null : (headers[timestamp] ?? '');
  if (moment !== null && !isRecent(moment, now)) return false;
  const given = headers[header] ?? '';
  if (!given.startsWith(prefix)) return false;
  const signature = given.slice(prefix.length);
  const digestWith = (secret: string): Buffer =>
    createHmac(algorithm, secret)
      .update(moment === null ? '' : `${moment}.`)
      .update(body)
      .digest();
  // Every key is tried, so that the time taken does not tell which one fits.
  return secrets.filter((secret) => digestMatches(digestWith(secret), signature, encoding)).length > 0;
}
