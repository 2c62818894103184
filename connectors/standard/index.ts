// The standard source: orders of any system that can sign a webhook. README.md has the set-up, docs/standard-order.md the form.
import { z } from 'zod';
import { understandStandard } from '../../mappings/to-facts/standard.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { HmacSignatureSchema } from './hmac.ts';
import { keyOf } from './standard-webhooks.ts';
import { verifyDelivery } from './wire.ts';

const SettingsSchema = z
  .strictObject({
    /** `whsec_…` or `whpk_…` as the sender shows it; with `signature` the shared secret. Two while one replaces the other. */
    secret: SecretsSchema,
    /** How deliveries are signed; without it by Standard Webhooks. */
    signature: HmacSignatureSchema.optional(),
    /** Deliveries that are orders, by their topic; all others are ignored. A last `*` stands for anything. */
    topics: z
      .array(z.string().regex(/^([\w.:/-]{1,100}\*?|\*)$/, 'expected a topic such as order.paid or order.*'))
      .min(1)
      .default(['order', 'order.*']),
  })
  .refine(({ secret, signature }) => signature !== undefined || secret.every((one) => keyOf(one) !== null), {
    when: ({ issues }) => issues.length === 0,
    path: ['secret'],
    error:
      'expected whsec_… or whpk_… as the sender shows it (Standard Webhooks); say under `signature` how a sender signs ' +
      'that gives another secret',
  });
type Settings = z.infer<typeof SettingsSchema>;

export const standard = {
  role: 'source',
  type: 'standard',
  label: 'Standard',
  tells: 'shop',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, settings, now) => verifyDelivery(delivery, settings, now),
  revision: 1,
  understand: (delivery, settings) => understandStandard(delivery, settings.topics),
} satisfies SourceConnector<Settings>;
