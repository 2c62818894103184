// Tries the mapping on events and objects of Stripe collected in public, whose licences keep them outside the project:
// PAYLOADS_DIR names a folder with one folder per source type. Some of them are dummies that contradict themselves.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { understandStripe } from '../../mappings/to-facts/stripe.ts';
import { expectSoundFacts } from '../conformance/source-suite.ts';
import { READING } from './stripe-samples.ts';

type Summary = string[] | { ignored: string } | { fetch: readonly string[] } | { failed: string };

/** What each file comes to, under the topic that its sender gives it. */
const EXPECTED: [file: string, topic: string, expected: Summary][] = [
  ['rubymock-payment_intent.succeeded', 'payment_intent.succeeded', ['payment']],
  ['lago-2025-04-30.basil-payment_intent_succeeded', 'payment_intent.succeeded', ['payment']],
  ['rubymock-payment_intent.payment_failed', 'payment_intent.payment_failed', { ignored: 'payment_failed' }],
  [
    'lago-2025-04-30.basil-payment_intent_payment_failed',
    'payment_intent.payment_failed',
    { ignored: 'payment_failed' },
  ],
  ['rubymock-payment_intent.processing', 'payment_intent.processing', { ignored: 'payment_processing' }],
  ['rubymock-checkout.session.completed.payment_mode', 'checkout.session.completed', ['payment']],
  ['syncengine-checkout_session_completed', 'checkout.session.completed', { ignored: 'told_by_invoice' }],
  ['rubymock-charge.succeeded', 'charge.succeeded', { ignored: 'told_by_payment_intent' }],
  ['rubymock-charge.refunded', 'charge.refunded', ['refund']],
  ['syncengine-refund_created', 'refund.created', ['refund']],
  ['syncengine-refund_updated', 'refund.updated', ['refund']],
  ['syncengine-refund_failed', 'refund.failed', { failed: 'status_contradicts_topic' }],
  ['lago-2025-04-30.basil-charge_refund_updated', 'charge.refund.updated', ['refund']],
  ['openapi-object-refund', 'fetched.refund', ['refund']],
  ['rubymock-charge.dispute.created', 'charge.dispute.created', { ignored: 'dispute_inquiry' }],
  // It has no id.
  ['rubymock-charge.dispute.closed', 'charge.dispute.closed', { failed: 'unreadable_dispute' }],
  ['lago-2025-04-30.basil-charge_dispute_closed', 'charge.dispute.closed', { ignored: 'dispute_inquiry' }],
  ['openapi-object-dispute', 'fetched.dispute', { ignored: 'dispute_inquiry' }],
  ['openapi-object-payment_intent', 'fetched.payment', { failed: 'status_contradicts_topic' }],
  ['djstripe-payment_intent_pi_fakefakefakefakefake0001', 'fetched.payment', { ignored: 'told_by_invoice' }],
  ['openapi-object-event', 'plan.created', { ignored: 'topic_not_used' }],
  ['syncengine-invoice_paid', 'invoice.paid', ['order']],
  ['rubymock-invoice.payment_failed', 'invoice.payment_failed', { ignored: 'told_when_invoice_paid' }],
];

/** Objects of invoices, which an event would have in it. */
const INVOICES: [file: string, expected: Summary][] = [
  ['pay-invoice', { fetch: ['invoice:in_1RFFohKXBGcbgpbZk9MxzDMc'] }],
  ['pay-invoice.payment_action_required', { ignored: 'told_when_invoice_paid' }],
  ['djstripe-invoice_in_fakefakefakefakefake0004', ['order']],
];

const root = process.env.PAYLOADS_DIR;
const folder = root === undefined ? null : path.join(root, 'stripe');

if (folder === null || !existsSync(folder)) {
  it.skip('payloads of Stripe are understood (set PAYLOADS_DIR to their folder)', () => {});
} else {
  describe('Stripe payloads collected in public', () => {
    it.each(EXPECTED)('%s, delivered as %s', (file, topic, expected) => {
      expect(summaryOf(topic, read(folder, file))).toEqual(expected);
    });

    it.each(INVOICES)('%s, as a paid invoice', (file, expected) => {
      const body = JSON.parse(read(folder, file));
      const object = body.object === 'invoice' ? body : body.object;
      const event = { id: 'evt_1', type: 'invoice.paid', created: 1795255201, livemode: true, data: { object } };
      expect(summaryOf('invoice.paid', JSON.stringify(event))).toEqual(expected);
    });
  });
}

const read = (from: string, file: string): string => readFileSync(path.join(from, `${file}.json`), 'utf8');

function summaryOf(topic: string, body: string): Summary {
  const delivery = { topic, headers: {}, body: Buffer.from(body), receivedAt: '' };
  const outcome = understandStripe(delivery, { ...READING, invoices: 'invoice' });
  expectSoundFacts(outcome);
  if (!outcome.ok) return { failed: outcome.error.code };
  switch (outcome.value.kind) {
    case 'facts':
      return outcome.value.facts.map(({ kind }) => kind);
    case 'fetch':
      return { fetch: outcome.value.fetch };
    default:
      return { ignored: outcome.value.reason };
  }
}
