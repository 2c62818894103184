// Stripe for the source suite: how it signs, and what its sample events come to.
import { stripe } from '../../../connectors/stripe/index.ts';
import { signStripe } from '../../support/sign.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof stripe.verify>[1];

const SUCCEEDED = 'payment_intent.succeeded';
const COMPLETED = 'checkout.session.completed';
const PAID_LATER = 'checkout.session.async_payment_succeeded';

export const stripeKit: SourceKit<Settings> = {
  connector: stripe,
  sign: signStripe,
  settings: (secret) => ({ secret }),
  signature: {
    header: 'stripe-signature',
    encoding: 'hex',
    replace: (header, change) => header.replace(/(?<=v1=)[^,]*/, change),
  },
  samples: [
    { file: 'payment-intent.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'payment-intent-with-charges.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'payment-intent-partial-capture.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'yen.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'krona.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'dinar.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'ariary.json', topic: SUCCEEDED, expected: { facts: 1 } },
    { file: 'checkout-session.json', topic: COMPLETED, expected: { facts: 1 } },
    { file: 'checkout-session-paid-later.json', topic: PAID_LATER, expected: { facts: 1 } },
    { file: 'checkout-session-unpaid.json', topic: COMPLETED, expected: { ignored: 'session_unpaid' } },
    { file: 'checkout-session-free.json', topic: COMPLETED, expected: { ignored: 'nothing_paid' } },
    { file: 'checkout-session-subscription.json', topic: COMPLETED, expected: { ignored: 'invoiced_by_stripe' } },
    { file: 'checkout-session-with-invoice.json', topic: COMPLETED, expected: { ignored: 'invoiced_by_stripe' } },
    { file: 'payment-intent-of-invoice.json', topic: SUCCEEDED, expected: { ignored: 'invoiced_by_stripe' } },
    { file: 'invoice-paid.json', topic: 'invoice.paid', expected: { ignored: 'invoiced_by_stripe' } },
    { file: 'charge-succeeded.json', topic: 'charge.succeeded', expected: { ignored: 'told_by_payment_intent' } },
    { file: 'charge-refunded.json', topic: 'charge.refunded', expected: { ignored: 'told_by_shop' } },
    { file: 'refund-created.json', topic: 'refund.created', expected: { ignored: 'told_by_shop' } },
    { file: 'dispute-created.json', topic: 'charge.dispute.created', expected: { ignored: 'told_by_shop' } },
    {
      file: 'payment-intent-failed.json',
      topic: 'payment_intent.payment_failed',
      expected: { ignored: 'topic_not_used' },
    },
    { file: 'customer-created.json', topic: 'customer.created', expected: { ignored: 'topic_not_used' } },
    { file: 'payment-intent-contradicting.json', topic: SUCCEEDED, expected: { failed: 'status_contradicts_topic' } },
    { file: 'payment-intent-unknown-currency.json', topic: SUCCEEDED, expected: { failed: 'unknown_currency' } },
    { file: 'checkout-session-without-payment.json', topic: COMPLETED, expected: { failed: 'unreadable_payment' } },
  ],
  payloads: null,
};
