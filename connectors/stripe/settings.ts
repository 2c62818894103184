// What a user writes for a source of Stripe.
import { z } from 'zod';
import type { StripeReading } from '../../mappings/to-facts/stripe-reading.ts';
import type { Linking } from '../../src/connector.ts';
import { LINK_KEYS } from '../../src/domain/facts.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { baseUrlSchema } from '../base-url.ts';

const LinkKeySchema = z.union([z.enum(LINK_KEYS), z.string().regex(/^metadata\..{1,40}$/)], {
  error: `expected ${LINK_KEYS.join(', ')} or metadata.<name>`,
});

/** A percentage as YAML or the environment gives it: 20, 5.5, "20". */
const TaxRateSchema = z.union(
  [
    z.literal('none'),
    z.number().gt(0).lt(100).transform(String),
    z.string().regex(/^(?!0+(\.0+)?$)\d{1,2}(\.\d{1,4})?$/),
  ],
  { error: 'expected a percentage such as 20, or none' },
);

export const SettingsSchema = z
  .strictObject({
    /** The endpoint's signing secret (`whsec_…`), used as it is; two while one replaces the other. */
    secret: SecretsSchema,
    /** A restricted key that may read, for what a webhook does not carry; empty: none. */
    api_key: z.string().optional(),
    api_base: baseUrlSchema({ example: 'https://api.stripe.com', path: 'none' }).default('https://api.stripe.com'),
    /** Sources whose orders these payments are for; without it every shop of the configuration. */
    orders_from: z.array(z.string().min(1)).min(1).optional(),
    /** Where a payment may name its order, strongest first. */
    link_by: z
      .array(LinkKeySchema)
      .min(1)
      .default(() => [...LINK_KEYS]),
    /** Whether a payment that names no order anywhere becomes a sale of its own. */
    invoice_unlinked: z.boolean().default(false),
    unlinked_after: z
      .string()
      .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'expected a duration such as 24h')
      .default('24h'),
    /** The percentage inside the prices of such sales where Stripe tells no tax; `none`: they bear none. */
    tax_rate: TaxRateSchema.optional(),
    /** Whether what Stripe Billing has invoiced is invoiced here as well. */
    stripe_invoices: z.enum(['ignore', 'invoice']).default('ignore'),
    /** What is of the other mode is kept and ignored. */
    mode: z.enum(['any', 'live', 'test']).default('any'),
  })
  .superRefine(({ api_key, invoice_unlinked, stripe_invoices }, context) => {
    if (api_key) return;
    const needing = [
      ...(invoice_unlinked ? ['invoice_unlinked: true'] : []),
      ...(stripe_invoices === 'invoice' ? ['stripe_invoices: invoice'] : []),
    ];
    for (const setting of needing) {
      const message = `${setting} needs a key that may read what was sold, which no webhook carries`;
      context.addIssue({ code: 'custom', path: ['api_key'], message });
    }
  });
export type Settings = z.infer<typeof SettingsSchema>;

export const readingOf = ({ mode, api_key = '', link_by, tax_rate, stripe_invoices }: Settings): StripeReading => ({
  mode,
  canFetch: api_key !== '',
  keyIsLive: isLiveKey(api_key),
  linkBy: link_by,
  taxRate: tax_rate ?? null,
  invoices: stripe_invoices,
});

/** Keys bear their mode in their name: `rk_live_…`, `sk_test_…`. */
export const isLiveKey = (key: string): boolean => !/^[a-z]+(_org)?_test_/.test(key);

export const linkingOf = ({ orders_from, link_by, invoice_unlinked, unlinked_after }: Settings): Linking => ({
  ordersFrom: orders_from ?? null,
  by: link_by,
  unlinked: invoice_unlinked
    ? { afterMs: milliseconds(unlinked_after), ref: (paymentId) => `sale:${paymentId}` }
    : null,
});

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const milliseconds = (duration: string): number =>
  Number.parseInt(duration, 10) * (UNITS[duration.replace(/^\d+/, '')] ?? 1);
