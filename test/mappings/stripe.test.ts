// What the bridge reads from Stripe's events: one payment per PaymentIntent, in minor units, with every name of its order.
import { describe, expect, it } from 'vitest';
import type { Payment } from '../../src/domain/facts.ts';
import { factsOf, isIgnored, sampleText, understand, understandEvent, type Wire } from './stripe-samples.ts';

function payment(name: string, changes: Wire = {}): Payment {
  const [fact] = factsOf(understandEvent(name, changes));
  if (fact?.kind !== 'payment') throw new Error('no payment');
  return fact.payment;
}

/** The object alone, as the API gives it. */
const intentText = (name: string, changes: Wire = {}): string => {
  const event: { data: { object: Wire } } = JSON.parse(sampleText(name));
  return JSON.stringify({ ...event.data.object, ...changes });
};
const WITH_CHARGE: Wire = {
  latest_charge: { id: 'ch_3Woo', status: 'succeeded', created: 1795255201, payment_method_details: { type: 'card' } },
};

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
    expect(understandEvent('checkout-session-unpaid')).toMatchObject({
      value: { kind: 'ignored', reason: 'session_unpaid' },
    });
  });

  it('without a PaymentIntent is its charge, once it is captured', () => {
    expect(payment('charge-without-intent')).toMatchObject({
      id: 'ch_3Bare',
      amount: 4620n,
      method: 'card',
      links: [
        { by: 'transaction', value: 'ch_3Bare' },
        { by: 'metadata.order_id', value: '77' },
      ],
    });
    expect(understandEvent('charge-without-intent', { captured: false })).toEqual(isIgnored('payment_authorized'));
  });

  it('is the same whether an event or the API tells of it', () => {
    const [fetched] = factsOf(understand('fetched.payment', intentText('payment-intent', WITH_CHARGE)));
    expect(fetched).toEqual({ kind: 'payment', payment: payment('payment-intent', WITH_CHARGE) });
  });

  it('found with its session has the date and amount of its charge, and the session’s names', () => {
    const intent = JSON.parse(intentText('payment-intent', WITH_CHARGE));
    const session = { ...JSON.parse(intentText('checkout-session')), created: 1795000000, payment_intent: intent };
    const [fact] = factsOf(understand('fetched.session', JSON.stringify(session)));
    expect(fact).toMatchObject({ payment: { id: 'pi_3Woo', amount: 4620n, paidAt: '2026-11-21T10:00:01.000Z' } });
    expect(fact?.kind === 'payment' && fact.payment.links.map(({ by }) => by)).toContain('client_reference_id');
  });

  it('names no order by what the bridge itself has left with it', () => {
    const links = payment('payment-intent', { metadata: { bridge_invoice_number: 'FA-1', order_id: '7' } }).links;
    expect(links.map(({ by }) => by)).toEqual(['transaction', 'transaction', 'metadata.order_id']);
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
    const outcome = understandEvent('krona', { amount_received: 50001 });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'unreadable_amount' } });
  });
});

describe('an event of Stripe that moves no money', () => {
  it.each([
    ['checkout-session-free', 'nothing_paid'],
    ['checkout-session-subscription', 'invoiced_by_stripe'],
    ['checkout-session-with-invoice', 'invoiced_by_stripe'],
    ['payment-intent-of-invoice', 'invoiced_by_stripe'],
    ['charge-succeeded', 'told_by_payment_intent'],
    ['payment-intent-names-invoice', 'invoiced_by_stripe'],
    ['payment-intent-failed', 'payment_failed'],
    ['payment-intent-processing', 'payment_processing'],
    ['payment-intent-canceled', 'payment_canceled'],
    ['payment-intent-amount-capturable-updated', 'payment_authorized'],
    ['checkout-session-failed-later', 'session_payment_failed'],
    ['checkout-session-expired', 'session_expired'],
    ['customer-created', 'topic_not_used'],
  ])('(%s) is ignored: %s', (name, reason) => {
    expect(understandEvent(name)).toEqual(isIgnored(reason));
  });

  it.each([
    ['live', 'payment-intent-with-charges', 'test_mode'],
    ['test', 'payment-intent', 'live_mode'],
  ] as const)('is ignored in mode %s when it is of the other one (%s)', (mode, name, reason) => {
    expect(understandEvent(name, {}, { mode })).toEqual(isIgnored(reason));
  });

  it('is a problem when the object contradicts the event', () => {
    for (const changes of [{}, { status: 'succeeded' }, { amount_received: 1099 }]) {
      const outcome = understandEvent('payment-intent-contradicting', changes);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'status_contradicts_topic' } });
    }
  });

  it('is a problem when a session’s payment_status is not known', () => {
    const outcome = understandEvent('checkout-session', { payment_status: 'half' });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'unknown_status' } });
  });
});
