// The Stripe source: payments for orders that a shop owns. README.md has the set-up and Stripe's peculiarities.
import { z } from 'zod';
import { understandStripe } from '../../mappings/to-facts/stripe.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { LINK_KEYS } from '../../src/domain/facts.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { verifyStripe } from './wire.ts';

/** Plain http is for a test server on the same machine; an API key never crosses a network in the clear. */
const API_BASE = /^(https:\/\/[^\s/?#@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)\/?$/;

const LinkKeySchema = z.union([z.enum(LINK_KEYS), z.string().regex(/^metadata\..{1,40}$/)], {
  error: `expected ${LINK_KEYS.join(', ')} or metadata.<name>`,
});

const SettingsSchema = z.strictObject({
  /** The endpoint's signing secret (`whsec_…`), used as it is; two while one replaces the other. */
  secret: SecretsSchema,
  /** A restricted key that may read, for what a webhook does not carry; empty: none. */
  api_key: z.string().optional(),
  api_base: z.string().regex(API_BASE, 'expected an origin such as https://api.stripe.com, without /v1').optional(),
  /** Sources whose orders these payments are for; without it every shop of the configuration. */
  orders_from: z.array(z.string().min(1)).min(1).optional(),
  /** Where a payment may name its order, strongest first. */
  link_by: z
    .array(LinkKeySchema)
    .min(1)
    .default(() => [...LINK_KEYS]),
  /** A payment that names no order anywhere stays visible as unlinked; making a sale of it is not possible yet. */
  invoice_unlinked: z
    .literal(false, 'true is not supported in this version: unlinked payments stay listed')
    .default(false),
  unlinked_after: z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'expected a duration such as 24h')
    .default('24h'),
  /** Events of the other mode are kept and ignored. */
  mode: z.enum(['any', 'live', 'test']).default('any'),
});
type Settings = z.infer<typeof SettingsSchema>;

export const stripe = {
  role: 'source',
  type: 'stripe',
  label: 'Stripe',
  tells: 'payments',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, settings, now) => verifyStripe(delivery, settings.secret, now),
  linking: (settings) => ({ ordersFrom: settings.orders_from ?? null, by: settings.link_by }),
  revision: 1,
  understand: (delivery, settings) => understandStripe(delivery, settings.mode),
} satisfies SourceConnector<Settings>;
