// The standard source for the source suite, once for each way of signing. The signers are written from the specification of
// Standard Webhooks and apart from the connector, so that a mistake there cannot hide here.
import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { standard } from '../../../connectors/standard/index.ts';
import type { Sending, Sign } from '../../support/sign.ts';
import type { Sample, SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof standard.verify>[1];
type Secrets = string | readonly string[];

const samples: readonly Sample[] = [
  { file: 'company-paid.json', topic: 'order.paid', expected: { facts: 1 } },
  { file: 'bare-guest.json', topic: 'order', expected: { facts: 1 } },
  { file: 'net-lines.json', topic: 'order.created', expected: { facts: 1 } },
  { file: 'refunded.json', topic: 'order.refunded', expected: { facts: 1 } },
  { file: 'cancelled.json', topic: 'order.cancelled', expected: { facts: 1 } },
  { file: 'one-cent-off.json', topic: 'order.paid', expected: { facts: 1 } },
  { file: 'totals-disagree.json', topic: 'order.paid', expected: { facts: 1, doubt: 'totals_disagree' } },
  { file: 'rate-as-fraction.json', topic: 'order.paid', expected: { facts: 1, doubt: 'rate_unknown' } },
  { file: 'rate-missing.json', topic: 'order.paid', expected: { failed: 'unreadable_order' } },
  { file: 'customer-created.json', topic: 'customer.created', expected: { ignored: 'topic_not_used' } },
  { file: 'thin.json', topic: 'order.paid', expected: { failed: 'not_an_order' } },
];

/** What a secret of the suite is under this way of signing; what is no text stays what it is. */
const written = (secrets: Secrets, write: (secret: string) => string): Secrets | undefined => {
  if (typeof secrets === 'string') return write(secrets);
  return Array.isArray(secrets) ? secrets.map(write) : undefined;
};

/** A message's id is its own for ever, its moment that of the attempt. */
const messageOf = ({ body, now }: Sending): { id: string; moment: string; signed: Buffer } => {
  const id = `msg_${createHash('md5').update(body).digest('hex')}`;
  const moment = String(Math.floor(now.getTime() / 1000));
  return { id, moment, signed: Buffer.concat([Buffer.from(`${id}.${moment}.`), Buffer.from(body)]) };
};

const headersOf = ({ id, moment }: { id: string; moment: string }, signature: string): Record<string, string> => ({
  'content-type': 'application/json',
  'webhook-id': id,
  'webhook-timestamp': moment,
  'webhook-signature': signature,
});

/** Standard Webhooks with a shared secret. */
export const signStandard: Sign = (sending) => {
  const message = messageOf(sending);
  return headersOf(message, `v1,${createHmac('sha256', sending.secret).update(message.signed).digest('base64')}`);
};

/** PKCS #8 of an ed25519 seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

const privateKeyOf = (secret: string) => {
  const seed = createHash('sha256').update(secret).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
};

export const publicKeyOf = (secret: string): string => {
  const { x = '' } = createPublicKey(privateKeyOf(secret)).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
};

/** Standard Webhooks with a key pair; the private key is made from the secret. */
export const signStandardWithKey: Sign = (sending) => {
  const message = messageOf(sending);
  return headersOf(message, `v1a,${sign(null, message.signed, privateKeyOf(sending.secret)).toString('base64')}`);
};

/** A system of its own kind: hex HMAC-SHA512 with a prefix, what happened in a header. */
export const signPlain: Sign = ({ body, topic, secret }) => ({
  'content-type': 'application/json',
  'x-acme-signature': `sha512=${createHmac('sha512', secret).update(body).digest('hex')}`,
  'x-acme-event': topic,
  'x-acme-delivery': createHash('md5').update(body).digest('hex'),
});

export const standardKit: SourceKit<Settings> = {
  connector: standard,
  sign: signStandard,
  settings: (secrets) => ({
    secret: written(secrets, (secret) => `whsec_${Buffer.from(secret).toString('base64')}`),
  }),
  signature: {
    header: 'webhook-signature',
    encoding: 'base64',
    replace: (header, change) => header.replace(/(?<=^v1,).*/, change),
  },
  samples,
  payloads: null,
};

export const standardKeyPairKit: SourceKit<Settings> = {
  ...standardKit,
  connector: { ...standard, label: 'Standard (key pair)' },
  sign: signStandardWithKey,
  // Too short a secret is too short a key.
  settings: (secrets) => ({
    secret: written(secrets, (secret) => (secret.length < 8 ? `whpk_${secret}` : publicKeyOf(secret))),
  }),
  signature: {
    header: 'webhook-signature',
    encoding: 'base64',
    replace: (header, change) => header.replace(/(?<=^v1a,).*/, change),
  },
};

export const standardHmacKit: SourceKit<Settings> = {
  ...standardKit,
  connector: { ...standard, label: 'Standard (HMAC)' },
  sign: signPlain,
  settings: (secrets) => ({
    secret: secrets,
    signature: {
      header: 'X-Acme-Signature',
      algorithm: 'sha512',
      encoding: 'hex',
      prefix: 'sha512=',
      topic_header: 'X-Acme-Event',
      id_header: 'X-Acme-Delivery',
    },
  }),
  signature: {
    header: 'x-acme-signature',
    encoding: 'hex',
    replace: (header, change) => header.replace(/(?<=^sha512=).*/, change),
  },
};
