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
      { id: '1061', amount: 1000n, at: null, reason: 'Article abîmé', lines: null, transactionId: null },
      { id: '1062', amount: 550n, at: null, reason: '', lines: null, transactionId: null },
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
      aliases: [],
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

  it('reads a whole order under any action', () => {
    expect(understand(sample('guest-coupon'), 'action.woocommerce_order_status_completed')).toEqual(
      understand(sample('guest-coupon')),
    );
  });

  it('asks for the order that an action names by its id alone', () => {
    expect(understand(sample('payment-complete-action'), 'action.woocommerce_payment_complete')).toEqual({
      ok: true,
      value: { kind: 'fetch', fetch: ['order:1042'], orderId: '1042', otherwise: 'told_by_order_update' },
    });
  });

  const hook = (action: string, arg: unknown) => understand({ action, arg }, `action.${action}`);
  it.each([
    'woocommerce_new_order',
    'woocommerce_update_order',
    'woocommerce_checkout_order_processed',
    'woocommerce_payment_complete',
    'woocommerce_pre_payment_complete',
    'woocommerce_order_status_processing',
    'woocommerce_order_status_on-hold_to_processing',
    'woocommerce_order_status_changed',
    'woocommerce_order_payment_status_changed',
    'woocommerce_order_refunded',
    'woocommerce_order_fully_refunded',
    'woocommerce_order_partially_refunded',
    'woocommerce_cancelled_order',
    'woocommerce_trash_order',
    'woocommerce_untrash_order',
  ])('takes the argument of %s for an order', (action) => {
    expect(hook(action, 1042)).toMatchObject({ value: { kind: 'fetch', fetch: ['order:1042'] } });
    expect(hook(action, '1042')).toMatchObject({ value: { kind: 'fetch', fetch: ['order:1042'] } });
    for (const arg of [null, 0, -1, '', 'all', '1042x', 1.5, {}, [1042]]) {
      expect(hook(action, arg)).toMatchObject({ ok: false, error: { code: 'not_an_order' } });
    }
  });

  it.each(['woocommerce_refund_created', 'woocommerce_refund_deleted', 'woocommerce_add_to_cart', 'wc_anything'])(
    'does not take the argument of %s for an order',
    (action) => {
      expect(hook(action, 1042)).toEqual({ ok: true, value: { kind: 'ignored', reason: 'topic_not_used' } });
    },
  );
});

describe('a WooCommerce order that is paid in parts', () => {
  const doubtOf = (changes: Wire) => order('guest-coupon', changes).doubt;

  it('is left to a person, with what shows it', () => {
    expect(order('deposit-paid').doubt).toEqual({
      code: 'deposit',
      detail: expect.stringMatching(/status partially-paid, _wc_deposits_order_has_deposit/),
    });
  });

  it.each([
    'partially-paid',
    'partial-payment',
    'pending-deposit',
    'scheduled-payment',
    'deposit',
    'wc-partially-paid',
  ])('is known by its status %s', (status) => {
    expect(doubtOf({ status })?.code).toBe('deposit');
  });

  it.each(['wc_deposits', 'yith_wcdp_balance_order'])(
    'is known by %s, which made it for what was left to pay',
    (maker) => {
      expect(doubtOf({ created_via: maker, parent_id: 1042 })?.code).toBe('deposit');
    },
  );

  it.each([
    '_wc_deposits_order_has_deposit',
    '_awcdp_deposits_order_has_deposit',
    '_mepp_order_has_deposit',
    '_has_deposit',
    '_has_full_payment',
    '_deposit_value',
  ])('is known by the order’s meta %s, unless that says no', (key) => {
    for (const value of ['yes', '1', 1, '24.50']) expect(doubtOf(meta(key, value))?.code).toBe('deposit');
    for (const value of ['no', '0', '', 0, null, []]) expect(doubtOf(meta(key, value))).toBeNull();
  });

  it.each(['_is_deposit', '_original_order_id', '_deposit'])('is known by the meta %s of a line', (key) => {
    const lines = oneLine('guest-coupon', meta(key, '1'));
    expect(doubtOf(lines)?.code).toBe('deposit');
  });

  it('is not one by having a parent alone', () => {
    expect(doubtOf({ parent_id: 1042 })).toBeNull();
  });
});

describe('a WooCommerce order with figures of other plugins beside its own', () => {
  it('is a renewal of a subscription, in its own currency and figures', () => {
    const read = order('subscription-renewal');
    expect(read).toMatchObject({ id: '1120', currency: 'EUR', total: order('prices-include-tax').total, doubt: null });
    expect(read.paid?.amount).toBe(read.total);
  });

  it('is not misled by what a gateway settled in another currency', () => {
    for (const key of ['_stripe_currency', '_wcpay_intent_currency', '_wcml_currency', '_order_currency']) {
      expect(order('company-two-rates', meta(key, 'USD'))).toMatchObject({ currency: 'EUR', total: 16956n });
    }
  });

  it('is a bundle whose parts cost nothing by themselves, at the rate of what they belong to', () => {
    const [line] = sample('pending-stripe').line_items as Wire[];
    const child = {
      ...line,
      id: 402,
      name: 'Cadre',
      price: 0,
      subtotal: '0.00',
      subtotal_tax: '0.00',
      total: '0.00',
      total_tax: '0.00',
      taxes: [{ id: 1, total: '0', subtotal: '0' }],
      ...meta('_bundled_by', 'a1b2'),
    };
    const read = order('pending-stripe', { line_items: [line, child] });
    expect(read.lines.map(({ gross, tax, rate }) => [gross, tax, rate])).toEqual([
      [2400n, 400n, '20'],
      [0n, 0n, null],
    ]);
    expect([read.total, read.doubt]).toEqual([2400n, null]);
  });
});

describe('the late states of a WooCommerce order', () => {
  it.each([
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
    ['trash', 'deleted'],
    ['checkout-draft', 'draft'],
  ])('is %s: not paid, whatever its date of payment, and told as fetched as well', (status, state) => {
    const body = { ...sample('company-two-rates'), status };
    expect(understand(body)).toMatchObject({ value: { facts: [{ order: { status, state, paid: null } }] } });
    expect(understand({ order: body, refunds: [] }, 'fetched.order')).toEqual(understand(body));
  });

  it('is open and paid again once restored from the trash', () => {
    expect(understand(sample('company-two-rates'), 'order.restored')).toEqual(understand(sample('company-two-rates')));
    expect(order('company-two-rates')).toMatchObject({ state: 'open', paid: { amount: 16956n } });
  });

  it('is paid at once where it costs nothing', () => {
    const free = { price: 0, subtotal: '0.00', subtotal_tax: '0.00', total: '0.00', total_tax: '0.00', taxes: [] };
    const read = order('company-two-rates', {
      ...oneLine('company-two-rates', free),
      shipping_lines: [],
      total: '0.00',
    });
    expect([read.total, read.paid?.amount]).toEqual([0n, 0n]);
  });
});
