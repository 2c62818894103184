// What a user may write for a source of Stripe, and what is made of it.
import { describe, expect, it } from 'vitest';
import { stripe } from '../../connectors/stripe/index.ts';
import { isLiveKey, readingOf } from '../../connectors/stripe/settings.ts';

const SECRET = 'whsec_of_this_test';
const KEY = 'rk_live_of_this_test';
const HOUR = 3_600_000;
const read = (written: Record<string, unknown> = {}) => stripe.settings.parse({ secret: SECRET, ...written });

describe('the settings of a Stripe source', () => {
  it('look for an order in every known place, strongest first, unless told otherwise', () => {
    expect(stripe.linking(read())).toEqual({
      ordersFrom: null,
      by: [
        'transaction',
        'metadata.order_key',
        'metadata.id_cart',
        'metadata.order_id',
        'metadata.order_number',
        'client_reference_id',
      ],
      unlinked: null,
    });
    const own = stripe.linking(read({ orders_from: ['shop'], link_by: ['metadata.invoice'] }));
    expect(own).toMatchObject({ ordersFrom: ['shop'], by: ['metadata.invoice'] });
  });

  it.each([
    ['24h', 24 * HOUR],
    ['90m', 1.5 * HOUR],
    ['2d', 48 * HOUR],
    ['30s', 30_000],
    ['200ms', 200],
  ])('make a sale of a payment without an order %s later', (unlinked_after, afterMs) => {
    const linking = stripe.linking(read({ api_key: KEY, invoice_unlinked: true, unlinked_after }));
    expect(linking.unlinked?.afterMs).toBe(afterMs);
    expect(linking.unlinked?.ref('pi_3Woo')).toBe('sale:pi_3Woo');
  });

  it.each([
    ['invoice_unlinked', { invoice_unlinked: true }],
    ['stripe_invoices', { stripe_invoices: 'invoice' }],
  ])('refuse %s without a key, and say why', (setting, written) => {
    for (const api_key of [undefined, '']) {
      const refused = stripe.settings.safeParse({ secret: SECRET, api_key, ...written });
      expect(refused.error?.issues).toMatchObject([
        { path: ['api_key'], message: expect.stringContaining(`${setting}: `) },
      ]);
    }
    expect(stripe.settings.safeParse({ secret: SECRET, api_key: KEY, ...written }).success).toBe(true);
  });

  it('read a tax_rate as YAML and the environment write it', () => {
    const rates = [20, 5.5, '20', '8.875', 'none', undefined].map((tax_rate) => readingOf(read({ tax_rate })).taxRate);
    expect(rates).toEqual(['20', '5.5', '20', '8.875', 'none', null]);
  });

  it.each([
    ['a place that no payment has', { link_by: ['order_id'] }],
    ['a mode that does not exist', { mode: 'sandbox' }],
    ['a duration without a unit', { unlinked_after: '24' }],
    ['an API over plain http', { api_base: 'http://api.example' }],
    ['an API with a path', { api_base: 'https://api.stripe.com/v1' }],
    ['an API with a password', { api_base: 'https://user:secret@api.stripe.com' }],
    ['a tax of nothing', { tax_rate: 0 }],
    ['a tax of nothing in words', { tax_rate: '0.0' }],
    ['a tax below zero', { tax_rate: -5 }],
    ['a tax with its sign', { tax_rate: '20%' }],
    ['another word for invoices', { stripe_invoices: true }],
  ])('refuse %s', (_what, written) => {
    expect(stripe.settings.safeParse({ secret: SECRET, ...written }).success).toBe(false);
  });

  it('take a test server on the same machine, and Stripe itself unless told otherwise', () => {
    expect(read({ api_base: 'http://127.0.0.1:4242', api_key: '' }).api_base).toBe('http://127.0.0.1:4242');
    expect(read().api_base).toBe('https://api.stripe.com');
  });

  it.each([
    ['rk_live_1', true],
    ['sk_live_1', true],
    ['rk_test_1', false],
    ['sk_test_1', false],
    ['sk_org_test_1', false],
    ['sk_org_live_1', true],
  ])('know the mode of the key %s', (key, live) => {
    expect(isLiveKey(key)).toBe(live);
  });
});
