// Stripe for the source suite: how it signs, and what its sample events come to.
import { stripe } from '../../../connectors/stripe/index.ts';
import { signStripe } from '../../support/sign.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof stripe.verify>[1];

const SUCCEEDED = 'payment_intent.succeeded';
const COMPLETED = 'checkout.session.completed';
const PAID_LATER = 'checkout.session.async_payment_succeeded';

const RELEASED = 'authorization_released';
const CONTRADICTS = 'status_contradicts_topic';

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
    { file: 'charge-without-intent.json', topic: 'charge.succeeded', expected: { facts: 1 } },
    { file: 'charge-refunded.json', topic: 'charge.refunded', expected: { facts: 1 } },
    { file: 'charge-refunded-listed.json', topic: 'charge.refunded', expected: { facts: 2 } },
    { file: 'charge-refunded-yen.json', topic: 'charge.refunded', expected: { facts: 1 } },
    { file: 'charge-refunded-uncaptured.json', topic: 'charge.refunded', expected: { ignored: RELEASED } },
    { file: 'refund-created.json', topic: 'refund.created', expected: { facts: 1 } },
    { file: 'refund-pending.json', topic: 'refund.created', expected: { facts: 1 } },
    { file: 'refund-of-expired-authorization.json', topic: 'refund.created', expected: { ignored: RELEASED } },
    { file: 'refund-failed.json', topic: 'refund.failed', expected: { facts: 1 } },
    { file: 'refund-updated.json', topic: 'charge.refund.updated', expected: { facts: 1 } },
    { file: 'refund-failed-contradicting.json', topic: 'refund.failed', expected: { failed: CONTRADICTS } },
    { file: 'refund-unknown-status.json', topic: 'refund.updated', expected: { failed: 'unknown_status' } },
    { file: 'dispute-created.json', topic: 'charge.dispute.created', expected: { facts: 1 } },
    { file: 'dispute-withdrawn.json', topic: 'charge.dispute.funds_withdrawn', expected: { facts: 1 } },
    { file: 'dispute-reinstated.json', topic: 'charge.dispute.funds_reinstated', expected: { facts: 1 } },
    { file: 'dispute-won.json', topic: 'charge.dispute.closed', expected: { facts: 1 } },
    { file: 'dispute-lost.json', topic: 'charge.dispute.closed', expected: { facts: 1 } },
    { file: 'dispute-inquiry.json', topic: 'charge.dispute.created', expected: { ignored: 'dispute_inquiry' } },
    { file: 'dispute-inquiry-closed.json', topic: 'charge.dispute.closed', expected: { ignored: 'dispute_inquiry' } },
    { file: 'dispute-prevented.json', topic: 'charge.dispute.updated', expected: { ignored: 'dispute_prevented' } },
    {
      file: 'payment-intent-failed.json',
      topic: 'payment_intent.payment_failed',
      expected: { ignored: 'payment_failed' },
    },
    {
      file: 'payment-intent-processing.json',
      topic: 'payment_intent.processing',
      expected: { ignored: 'payment_processing' },
    },
    {
      file: 'payment-intent-canceled.json',
      topic: 'payment_intent.canceled',
      expected: { ignored: 'payment_canceled' },
    },
    {
      file: 'payment-intent-amount-capturable-updated.json',
      topic: 'payment_intent.amount_capturable_updated',
      expected: { ignored: 'payment_authorized' },
    },
    { file: 'payment-intent-names-invoice.json', topic: SUCCEEDED, expected: { ignored: 'invoiced_by_stripe' } },
    {
      file: 'checkout-session-failed-later.json',
      topic: 'checkout.session.async_payment_failed',
      expected: { ignored: 'session_payment_failed' },
    },
    {
      file: 'checkout-session-expired.json',
      topic: 'checkout.session.expired',
      expected: { ignored: 'session_expired' },
    },
    { file: 'customer-created.json', topic: 'customer.created', expected: { ignored: 'topic_not_used' } },
    { file: 'fetched-event.json', topic: 'fetched.event', expected: { facts: 1 } },
    { file: 'fetched-payment.json', topic: 'fetched.payment', expected: { facts: 1 } },
    { file: 'fetched-session.json', topic: 'fetched.session', expected: { facts: 1 } },
    { file: 'fetched-refund.json', topic: 'fetched.refund', expected: { facts: 1 } },
    { file: 'fetched-refunds.json', topic: 'fetched.refunds', expected: { facts: 2 } },
    { file: 'fetched-dispute.json', topic: 'fetched.dispute', expected: { facts: 1 } },
    { file: 'fetched-sale.json', topic: 'fetched.sale', expected: { facts: 2 } },
    {
      file: 'fetched-sale-without-session.json',
      topic: 'fetched.sale',
      expected: { facts: 2, doubt: 'rate_unknown' },
    },
    { file: 'fetched-sale-naming-order.json', topic: 'fetched.sale', expected: { facts: 1 } },
    { file: 'fetched-sale-of-invoice.json', topic: 'fetched.sale', expected: { ignored: 'invoiced_by_stripe' } },
    { file: 'fetched-invoice.json', topic: 'fetched.invoice', expected: { ignored: 'invoiced_by_stripe' } },
    { file: 'payment-intent-contradicting.json', topic: SUCCEEDED, expected: { failed: CONTRADICTS } },
    { file: 'payment-intent-unknown-currency.json', topic: SUCCEEDED, expected: { failed: 'unknown_currency' } },
    { file: 'checkout-session-without-payment.json', topic: COMPLETED, expected: { failed: 'unreadable_payment' } },
  ],
  payloads: null,
};
