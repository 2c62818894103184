// Stripe's own library, loaded with its first use: it takes a fifth of a second, which only those who use it should spend.
import { createRequire } from 'node:module';
import type Stripe from 'stripe';

const loadPackage = createRequire(import.meta.url);
let loaded: typeof Stripe | undefined;

export function stripeLibrary(): typeof Stripe {
  loaded ??= loadPackage('stripe') as typeof Stripe;
  return loaded;
}
