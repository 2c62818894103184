// The Stripe source: payments for orders that a shop owns, and sales of Stripe's own. README.md has the set-up and Stripe's
// peculiarities.
import { understandStripe } from '../../mappings/to-facts/stripe.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { stripeApi } from './api.ts';
import { linkingOf, readingOf, type Settings, SettingsSchema } from './settings.ts';
import { verifyStripe } from './wire.ts';

export const stripe = {
  role: 'source',
  type: 'stripe',
  label: 'Stripe',
  tells: 'payments',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, settings, now) => verifyStripe(delivery, settings.secret, now),
  linking: linkingOf,
  revision: 2,
  understand: (delivery, settings) => understandStripe(delivery, readingOf(settings)),
  api: stripeApi,
} satisfies SourceConnector<Settings>;
