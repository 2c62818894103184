// What the bridge reads from Stripe's events: one payment per PaymentIntent, in minor units, with every name of its order.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type StripeMode, understandStripe } from '../../mappings/to-facts/stripe.ts';
import type { Payment, Understood } from '../../src/domain/facts.ts';
import type { Result } from '../../src/domain/result.ts';

type Wire = Record<string, unknown>;
type Event = { type: string; data: { object: Wire } };

/** A sample with some fields of its object changed. */
function understand(name: string, changes: Wire = {}, mode: StripeMode = 'any'): Result<Understood> {
  const text = readFileSync(new URL(`../samples/stripe/${name}.json`, import.meta.url), 'utf8');
  const event: Event = JSON.parse(text);
  const body = { ...event, data: { object: { ...event.data.object, ...changes } } };
  return understandStripe(
    { topic: event.type, headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: '' },
    mode,
  );
}

function payment(name: string, changes: Wire = {}): Payment {
  const outcome = understand(name, changes);
  if (!outcome.ok) throw new Error(outcome.error.detail);
  const fact = outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'payment') throw new Error('no payment');
  return fact.payment;
}

describe('a payment that Stripe tells of', () => {
  it('is the PaymentIntent, with its charge and its metadata as names of the order', () => {
    expect(payment('payment-intent')).toEqual({
      id: 'pi_3Woo',
      amount: 4620n,
      currency: 'EUR',
      paidAt: '2026-11-21T10:00:04.000Z',
      method: 'stripe',
      mode: 'other',
      links: [
        { by: 'transaction', value: 'pi_3Woo' },
        { by: 'transaction', value: 'ch_3Woo' },
        { by: 'metadata.order_id', value: '1042' },
        { by: 'metadata.order_key', value: 'wc_order_Xk29dQ' },
        { by: 'metadata.site_url', value: 'https://shop.example' },
        { by: 'metadata.customer_name', value: 'Camille Arnoux' },
      ],
      test: false,
    });
  });

  it('has the date and method of the charge that succeeded, where an old version carries it', () => {
    expect(payment('payment-intent-with-charges')).toMatchObject({
      paidAt: '2026-11-21T10:00:01.000Z',
      method: 'sepa_debit',
      mode: 'direct_debit',
      links: [
        { by: 'transaction', value: 'pi_3Old' },
        { by: 'transaction', value: 'py_3Old' },
        { by: 'metadata.id_cart', value: '88' },
      ],
      test: true,
    });
  });

  it('is of the money that came in, not of what was asked for', () => {
    expect(payment('payment-intent-partial-capture')).toMatchObject({
      amount: 3050n,
      method: 'paypal',
      mode: 'paypal',
    });
  });

  it('is by the only method possible, and by nobody knows which of several', () => {
    expect(payment('payment-intent', { payment_method_types: ['card'] })).toMatchObject({
      method: 'card',
      mode: 'card',
    });
    expect(payment('payment-intent', { payment_method_types: [] })).toMatchObject({ method: 'stripe', mode: 'other' });
  });

  it('is the same payment where a Checkout session tells of it, with the session’s names of the order', () => {
    const told = payment('checkout-session');
    expect([told.id, told.amount]).toEqual(['pi_3Link', 16799n]);
    expect(told.links).toEqual([
      { by: 'transaction', value: 'pi_3Link' },
      { by: 'metadata.order_number', value: '1001' },
      { by: 'client_reference_id', value: '1001' },
    ]);
    expect(payment('checkout-session', { payment_intent: { id: 'pi_3Link' } })).toEqual(told);
  });

  it('is told once a session’s debit has come in, and not before', () => {
    expect(payment('checkout-session-paid-later')).toMatchObject({ id: 'pi_3Later', amount: 9600n });
    expect(understand('checkout-session-unpaid')).toMatchObject({
      value: { kind: 'ignored', reason: 'session_unpaid' },
    });
  });

  it('bears at most 50 names, none of them empty or longer than Stripe allows', () => {
    const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key_${index}`, 'x']));
    expect(payment('payment-intent', { metadata }).links).toHaveLength(52);
    expect(payment('payment-intent', { metadata: { long: 'x'.repeat(501), empty: '' } }).links).toHaveLength(2);
  });
});

describe('an amount of Stripe', () => {
  it.each([
    ['yen', 'JPY', 14319n],
    ['krona', 'ISK', 500n],
    ['dinar', 'KWD', 12340n],
    ['ariary', 'MGA', 500000n],
  ])('in %s is in minor units of ISO 4217', (name, currency, amount) => {
    expect(payment(name)).toMatchObject({ currency, amount });
  });

  it('that leaves a fraction of the currency is a problem', () => {
    const outcome = understand('krona', { amount_received: 50001 });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'unreadable_amount' } });
  });
});

describe('an event of Stripe that is no payment for an order', () => {
  it.each([
    ['checkout-session-free', 'nothing_paid'],
    ['checkout-session-subscription', 'invoiced_by_stripe'],
    ['checkout-session-with-invoice', 'invoiced_by_stripe'],
    ['payment-intent-of-invoice', 'invoiced_by_stripe'],
    ['charge-succeeded', 'told_by_payment_intent'],
    ['refund-created', 'told_by_shop'],
    ['dispute-created', 'told_by_shop'],
    ['customer-created', 'topic_not_used'],
  ])('(%s) is ignored: %s', (name, reason) => {
    expect(understand(name)).toEqual({ ok: true, value: { kind: 'ignored', reason } });
  });

  it.each([
    ['live', 'payment-intent-with-charges', 'test_mode'],
    ['test', 'payment-intent', 'live_mode'],
  ] as const)('is ignored in mode %s when it is of the other one (%s)', (mode, name, reason) => {
    expect(understand(name, {}, mode)).toEqual({ ok: true, value: { kind: 'ignored', reason } });
  });

  it('is a problem when the object contradicts the event', () => {
    for (const changes of [{}, { status: 'succeeded' }, { amount_received: 1099 }]) {
      const outcome = understand('payment-intent-contradicting', changes);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'status_contradicts_topic' } });
    }
  });

  it('is a problem when a session’s payment_status is not known', () => {
    const outcome = understand('checkout-session', { payment_status: 'half' });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'unknown_status' } });
  });
});
