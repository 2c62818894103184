// What the bridge reads from WooCommerce's orders besides their lines: payment, names, states, dates and the buyer.
import { describe, expect, it } from 'vitest';
import { understandWooCommerce } from '../../mappings/to-facts/woocommerce.ts';
import { meta, oneLine, order, problemOf, sample, understand, type Wire } from '../support/woocommerce.ts';

describe('what a WooCommerce order says of its payment', () => {
  it('is paid in full since date_paid_gmt, by the gateway’s transaction', () => {
    expect(order('company-two-rates').paid).toEqual({
      amount: 16956n,
      at: '2026-11-20T10:00:08.000Z',
      method: 'stripe',
      title: 'Carte bancaire',
      mode: 'card',
      transactionId: 'ch_3QTestCompanyTwoRates01',
    });
  });

  it('is nothing for cash on delivery before date_paid', () => {
    expect(order('cash-on-delivery')).toMatchObject({ status: 'processing', state: 'open', paid: null });
  });

  it.each(['pending', 'on-hold', 'cancelled', 'failed', 'trash', 'checkout-draft'])(
    'is nothing while the order is %s',
    (status) => {
      expect(order('company-two-rates', { status }).paid).toBeNull();
    },
  );

  it.each(['processing', 'completed', 'refunded', 'shipped-by-plugin'])('counts while the order is %s', (status) => {
    expect(order('company-two-rates', { status }).paid?.amount).toBe(16956n);
  });

  it('is dated by the last change where an old store never sends date_paid_gmt', () => {
    const unsent = { date_paid_gmt: undefined };
    expect(order('company-two-rates', unsent).paid?.at).toBe('2026-11-20T10:00:09.000Z');
    expect(order('company-two-rates', { ...unsent, transaction_id: '' }).paid).toBeNull();
    expect(order('company-two-rates', { ...unsent, status: 'on-hold' }).paid).toBeNull();
  });

  it('has every refund by its id, as positive amounts, and leaves the total alone', () => {
    const read = order('partially-refunded');
    expect(read.refunds).toEqual([
      { id: '1061', amount: 1000n, at: null, reason: 'Article abîmé' },
      { id: '1062', amount: 550n, at: null, reason: '' },
    ]);
    expect(read.total).toBe(6000n);
  });

  it('names the payments that Stripe may tell of', () => {
    expect(order('company-two-rates').transactions).toEqual([
      'ch_3QTestCompanyTwoRates01',
      'pi_3QTestCompanyTwoRates01',
    ]);
    expect(order('prices-include-tax').transactions).toEqual([
      'pi_3QTestPricesIncludeTax',
      'ch_3QTestPricesIncludeTax',
    ]);
    expect(order('pending-stripe').transactions).toEqual(['pi_3QTestPending']);
  });
});

describe('the names, states and dates of a WooCommerce order', () => {
  it('is called by its number, and found by its id and key', () => {
    expect(order('company-two-rates')).toMatchObject({
      id: '1042',
      number: 'WEB-1042',
      aliases: ['1042'],
      orderKey: 'wc_order_k1042TestShop',
    });
    expect(order('guest-coupon', { number: null, ...meta('_order_number', 'N-7') }).number).toBe('N-7');
    expect(order('guest-coupon', { number: '' }).number).toBe('1043');
  });

  it('keeps an id that is larger than a float can hold', () => {
    const text = JSON.stringify(sample('guest-coupon')).replace('"id":1043', '"id":12345678901234567891');
    const outcome = understandWooCommerce({
      topic: 'order.updated',
      headers: {},
      body: Buffer.from(text),
      receivedAt: '',
    });
    expect(outcome).toMatchObject({ value: { facts: [{ order: { id: '12345678901234567891' } }] } });
  });

  it.each([
    ['auto-draft', 'draft', 10],
    ['checkout-draft', 'draft', 10],
    ['pending', 'open', 10],
    ['on-hold', 'open', 10],
    ['processing', 'open', 20],
    ['completed', 'open', 30],
    ['invented-by-a-plugin', 'open', 30],
    ['cancelled', 'cancelled', 40],
    ['failed', 'failed', 40],
    ['trash', 'deleted', 40],
    ['refunded', 'open', 50],
  ])('is, when %s, in state %s and of rank %i', (status, state, rank) => {
    expect(order('guest-coupon', { status })).toMatchObject({ status, state, rank });
    expect(order('guest-coupon', { status: `wc-${status}` })).toMatchObject({ status, state, rank });
  });

  it('is a draft while it is pending and empty', () => {
    expect(order('auto-draft', { status: 'pending' }).state).toBe('draft');
  });

  it('reads *_gmt dates as UTC, and local ones only where there are no others', () => {
    expect(order('guest-coupon')).toMatchObject({
      placedAt: '2026-11-20T10:00:00.000Z',
      updatedAt: '2026-11-20T10:00:09.000Z',
    });
    expect(order('guest-coupon', { date_created_gmt: null, date_modified_gmt: null })).toMatchObject({
      placedAt: '2026-11-20T11:00:00.000Z',
      updatedAt: '2026-11-20T11:00:09.000Z',
    });
  });

  it.each(['2026-02-30T10:00:00', '0000-00-00T00:00:00', '2026-11-20', '20/11/2026'])(
    'does not guess at the date %s',
    (date) => {
      expect(problemOf('guest-coupon', { date_created_gmt: date })).toMatchObject({
        code: 'unreadable_date',
        at: 'date_created_gmt',
      });
      expect(problemOf('guest-coupon', { date_paid_gmt: date }).at).toBe('date_paid_gmt');
    },
  );

  it('knows the language that a translation plugin noted', () => {
    expect(order('company-two-rates').language).toBe('fr');
    expect(order('guest-coupon', meta('wpml_language', 'pt_BR')).language).toBe('pt-BR');
    expect(order('guest-coupon', { lang: 'de' }).language).toBe('de');
    expect(order('guest-coupon', meta('wpml_language', 'all languages')).language).toBeNull();
  });

  it('tells that the shop has numbered an invoice of its own', () => {
    expect(order('guest-coupon', meta('_wcpdf_invoice_number', '2026-0007')).invoicedElsewhere).toBe('2026-0007');
    expect(order('guest-coupon').invoicedElsewhere).toBeNull();
  });

  it('names lines as people read them', () => {
    expect(order('guest-coupon').lines[0]?.name).toBe('Thé d’hiver ❄️ × 2');
    expect(order('company-two-rates').lines[0]?.name).toBe('Lampe d’atelier & socle');
    const named = (name: string | null, sku = '') =>
      order('pending-stripe', oneLine('pending-stripe', { name, sku })).lines[0]?.name;
    expect(named('a&#8211;b\u0000\n c &amp;lt; \ud800')).toBe('a–b c &lt; \ufffd');
    expect([named('', 'POSTER'), named(null)]).toEqual(['POSTER', 'item 401']);
  });
});

describe('the buyer of a WooCommerce order', () => {
  it('is a company by its name and VAT number, with the place where goods go', () => {
    expect(order('company-two-rates').buyer).toMatchObject({
      customerId: '26',
      kind: 'company',
      name: 'Atelier Durand SARL',
      email: 'Compta@Atelier-Durand.example',
      taxNumber: 'FR 40 303 265 045',
      address: { name: 'Atelier Durand SARL', postCode: '17000', country: 'FR' },
      delivery: { line1: 'Entrepôt, quai 4', postCode: '17180', country: 'FR' },
    });
  });

  it('is a person as a guest, with no customer id and no second address', () => {
    expect(order('guest-coupon').buyer).toMatchObject({
      customerId: null,
      kind: 'person',
      name: 'Claire Martin',
      taxNumber: null,
      delivery: null,
    });
  });

  it('has no delivery address when it differs in case alone', () => {
    const billing = sample('guest-coupon').billing as Wire;
    expect(order('guest-coupon', { shipping: { ...billing, city: 'NANTES' } }).buyer.delivery).toBeNull();
  });

  it.each([
    '_billing_eu_vat_number',
    '_billing_vat_number',
    '_vat_number',
    'vat_number',
    '_billing_eu_vat',
    '_billing_vat',
    '_billing_tax',
    '_billing_partita_iva',
    '_billing_nif',
    'codice fiscale',
    ' Billing_VAT_Number ',
    'VAT number',
    'Numéro de TVA',
    '_wc_billing/acme/vat-number',
  ])('has the VAT number kept under “%s”', (key) => {
    const { buyer } = order('guest-coupon', meta(key, '  fr40303265045 '));
    expect([buyer.taxNumber, buyer.kind, buyer.name]).toEqual(['fr40303265045', 'company', 'Claire Martin']);
  });

  it('has a VAT number that a plugin put into the address', () => {
    const billing = { ...(sample('guest-coupon').billing as Wire), vat_number: 'FR40303265045' };
    expect(order('guest-coupon', { billing }).buyer.taxNumber).toBe('FR40303265045');
  });

  it('has, of several numbers, the one with a right checksum, else the one under the strongest name', () => {
    const entries = (vat: string, eu: string) => ({
      meta_data: [
        { id: 1, key: '_billing_vat', value: vat },
        { id: 2, key: '_billing_eu_vat_number', value: eu },
      ],
    });
    expect(order('guest-coupon', entries('FR40303265045', 'FR00000000000')).buyer.taxNumber).toBe('FR40303265045');
    expect(order('guest-coupon', entries('FR00000000001', 'FR00000000000')).buyer.taxNumber).toBe('FR00000000000');
  });

  it.each(['yes', 'none', 'n/a', '', '0', null, ['FR40303265045'], { a: 1 }])('takes %j for no VAT number', (value) => {
    expect(order('guest-coupon', meta('_billing_vat', value)).buyer).toMatchObject({ taxNumber: null, kind: 'person' });
  });

  it('always has a name', () => {
    const named = (billing: Wire) => order('guest-coupon', { billing }).buyer.name;
    expect(named({ email: 'guest@mail.example' })).toBe('guest@mail.example');
    expect(named({ last_name: ' Martin ' })).toBe('Martin');
    expect(named({})).toBe('Client');
  });

  it('has no country where the shop wrote none that is one', () => {
    const country = (text: string) => order('guest-coupon', { billing: { country: text } }).buyer.address.country;
    expect([country('FRA'), country(''), country('fr'), country('FR')]).toEqual(['', '', 'FR', 'FR']);
  });
});

describe('deliveries of WooCommerce that are no order', () => {
  it('says that the webhook’s owner may have lost the right to read orders', () => {
    expect(problemOf('wordpress-error')).toMatchObject({
      code: 'not_an_order',
      detail: expect.stringMatching(/woocommerce_rest_cannot_view.*lost the right/),
    });
    expect(understand(sample('wordpress-error'), 'order.deleted').ok).toBe(false);
  });

  it('keeps the id of a deleted order', () => {
    expect(understand(sample('order-deleted'), 'order.deleted')).toEqual({
      ok: true,
      value: { kind: 'ignored', reason: 'order_deleted', orderId: '1042' },
    });
  });

  it('reads a whole order under any action, and passes over an action without one', () => {
    expect(understand(sample('guest-coupon'), 'action.woocommerce_order_status_completed')).toEqual(
      understand(sample('guest-coupon')),
    );
    expect(understand(sample('payment-complete-action'), 'action.woocommerce_payment_complete')).toMatchObject({
      value: { kind: 'ignored', reason: 'topic_not_used' },
    });
  });
});
