// What the bridge reads from Shopify's orders besides their money: names, states, payment, dates and the buyer.
import { describe, expect, it } from 'vitest';
import { changed, order, problemOf, sample, understand, understandText, type Wire } from '../support/shopify.ts';

describe('how a Shopify order is named', () => {
  it('is by what the buyer reads, and by its number and id where a payment names it', () => {
    expect(order('order-discount')).toMatchObject({ id: '5501001', number: '#1001', aliases: ['1001'] });
  });

  it('keeps ids beyond 2^53 to the last digit', () => {
    const read = order('test-notification');
    expect([read.id, read.lines[0]?.id, read.buyer.customerId]).toEqual([
      '820982911946154508',
      '866550311766439020',
      '115310627314723954',
    ]);
  });

  it('splits its tags at commas', () => {
    expect(order('order-discount').tags).toEqual(['fidèle', 'salon de Troyes']);
    expect(order('authorized').tags).toEqual([]);
  });

  it('is in UTC, whatever the shop’s offset', () => {
    const read = order('yen');
    expect([read.placedAt, read.updatedAt]).toEqual(['2026-11-21T09:44:45.000Z', '2026-11-21T09:44:46.000Z']);
  });
});

describe('what a Shopify order says of its payment', () => {
  it('is paid in full, at the checkout, by its gateway', () => {
    expect(order('order-discount').paid).toEqual({
      amount: 16799n,
      at: '2026-11-21T08:59:58.000Z',
      method: 'shopify_payments',
      title: 'shopify_payments',
      mode: 'card',
      transactionId: null,
    });
  });

  it.each(['pending', 'authorized', 'partially_paid', 'voided', 'expired'])('is nothing while it is %s', (status) => {
    expect(changed('order-discount', { financial_status: status })).toMatchObject({
      status,
      paid: null,
      state: 'open',
    });
  });

  it.each(['paid', 'partially_refunded', 'refunded'])('is everything once it is %s', (status) => {
    expect(changed('order-discount', { financial_status: status }).paid?.amount).toBe(16799n);
  });

  it('is never guessed from a status that is not known', () => {
    for (const status of ['half_paid', '', null]) {
      expect(problemOf('order-discount', { financial_status: status }).code).toBe('unknown_status');
    }
  });

  it('names the gateway beside a gift card', () => {
    expect(order('shipping-discount').paymentMethod).toBe('shopify_payments');
    expect(changed('shipping-discount', { payment_gateway_names: ['gift_card'] }).paid?.mode).toBe('voucher');
    expect(changed('shipping-discount', { payment_gateway_names: [''] }).paymentMethod).toBe('shopify');
  });

  it('names the payments that Stripe may tell of, and no other authorization', () => {
    const transactions = [
      { authorization: 'pi_3Gateway' },
      { authorization: 'ch_3Gateway' },
      { authorization: '53433' },
      { authorization: 'pi_3Gateway' },
    ];
    expect(changed('order-discount', { transactions }).transactions).toEqual(['pi_3Gateway', 'ch_3Gateway']);
  });

  it.each([
    ['an object', { id: 'ch_3Receipt', payment_intent: 'pi_3Receipt' }],
    ['objects within', { charge: { id: 'ch_3Receipt' }, payment_intent: { id: 'pi_3Receipt' } }],
    ['text', '{"id":"ch_3Receipt","payment_intent":"pi_3Receipt"}'],
  ])('finds them in a receipt that is %s', (_case, receipt) => {
    const { transactions } = changed('order-discount', { transactions: [{ receipt }] });
    expect(transactions).toEqual(['ch_3Receipt', 'pi_3Receipt']);
  });

  it.each([null, 7, [], 'paid', '{', { id: 7 }, { id: { id: null } }])('finds none in a receipt of %j', (receipt) => {
    expect(changed('order-discount', { transactions: [{ receipt }] }).transactions).toEqual([]);
  });

  it('came when the last money came in, where the transactions are told', () => {
    const at = (kind: string, status: string, processed_at: string): Wire => ({ kind, status, processed_at });
    const transactions = [
      at('sale', 'success', '2026-11-22T10:00:00+01:00'),
      at('capture', 'success', '2026-11-23T10:00:00+01:00'),
      at('capture', 'failure', '2026-11-24T10:00:00+01:00'),
      at('authorization', 'success', '2026-11-25T10:00:00+01:00'),
      at('refund', 'success', '2026-11-26T10:00:00+01:00'),
    ];
    expect(changed('order-discount', { transactions }).paid?.at).toBe('2026-11-23T09:00:00.000Z');
  });

  it('in instalments leaves a doubt, and terms of one date do not', () => {
    expect(order('instalments')).toMatchObject({ paid: null, doubt: { code: 'deposit' } });
    const [first] = (sample('instalments').payment_terms as Wire).payment_schedules as Wire[];
    for (const payment_terms of [null, {}, { payment_schedules: null }, { payment_schedules: [first] }]) {
      expect(changed('instalments', { payment_terms }).doubt).toBeNull();
    }
  });
});

describe('the state of a Shopify order', () => {
  it('is a draft until it is confirmed or paid', () => {
    expect(changed('authorized', { confirmed: false }).state).toBe('draft');
    expect(changed('authorized', { confirmed: false, financial_status: 'paid' }).state).toBe('open');
  });

  it('is a test for the admin’s test notification and for what the sender marks as one', () => {
    expect(order('test-notification')).toMatchObject({ number: '#9999', test: true, paid: null });
    expect(order('authorized', { 'x-shopify-test': 'true' }).test).toBe(true);
    expect(order('authorized').test).toBe(false);
  });

  it('progresses from placed over paid to cancelled and refunded', () => {
    const names = ['authorized', 'order-discount', 'edited', 'cancelled-money-kept', 'partially-refunded'];
    expect(names.map((name) => order(name).rank)).toEqual([10, 20, 30, 40, 50]);
  });
});

describe('the buyer of a Shopify order', () => {
  it('is a company with the VAT number of the note attributes, delivered elsewhere', () => {
    expect(order('company').buyer).toMatchObject({
      kind: 'company',
      name: 'Imprimerie Arnoux SARL',
      company: 'Imprimerie Arnoux SARL',
      firstName: 'Camille',
      lastName: 'Arnoux',
      taxNumber: 'FR 40 303 265 045',
      address: { name: 'Imprimerie Arnoux SARL', line1: '4 rue des Tanneurs', city: 'Troyes', country: 'FR' },
      delivery: { line1: 'Zone des Écrevolles' },
    });
  });

  it.each(['vat', 'VAT-Number', 'numéro de TVA', 'TVA', 'Tax ID', ' vat_number '])(
    'has its VAT number under “%s” too',
    (name) => {
      const { buyer } = changed('authorized', { note_attributes: [{ name, value: 'FR40303265045' }] });
      expect([buyer.taxNumber, buyer.kind]).toEqual(['FR40303265045', 'company']);
    },
  );

  it('is a person at one address where nothing says otherwise', () => {
    expect(order('order-discount').buyer).toMatchObject({
      customerId: '7310245118',
      kind: 'person',
      name: 'Camille Arnoux',
      email: 'camille@client.example',
      taxNumber: null,
      delivery: null,
    });
    expect(order('order-discount').language).toBe('fr-FR');
  });

  it('is nobody’s customer as a guest', () => {
    expect(order('tax-included-mixed-rates').buyer).toMatchObject({ customerId: null, name: 'Rowan Pike' });
  });

  it('has a name even where the counter asked for none', () => {
    expect(order('counter-sale').buyer).toMatchObject({ customerId: null, name: '#1016', email: null });
    expect(order('counter-sale').language).toBeNull();
  });

  it('has the delivery address where no billing address was given', () => {
    expect(changed('company', { billing_address: null }).buyer.address.line1).toBe('Zone des Écrevolles');
  });
});

describe('a Shopify delivery that is no order', () => {
  it.each([
    ['refund-created', 'refunds/create', '5501006'],
    ['order-edit', 'orders/edited', '5501007'],
    ['transaction-created', 'order_transactions/create', '5502004'],
  ])('%s names the order that has to be asked for', (name, topic, orderId) => {
    const value = { kind: 'fetch', fetch: [`order:${orderId}`], orderId, otherwise: 'told_by_order_update' };
    expect(understand(sample(name), topic)).toEqual({ ok: true, value });
  });

  it.each([
    ['order-deleted', 'orders/delete', 'order_deleted'],
    ['dispute', 'disputes/create', 'dispute_not_followed'],
    ['dispute', 'disputes/update', 'dispute_not_followed'],
  ])('%s of %s changes nothing, and says which order it is about', (name, topic, reason) => {
    const body = sample(name);
    const orderId = String(body.order_id ?? body.id);
    expect(understand(body, topic)).toEqual({ ok: true, value: { kind: 'ignored', reason, orderId } });
  });

  it.each(['customers/redact', 'customers/data_request', 'shop/redact'])('%s concerns a person, no sale', (topic) => {
    const value = { kind: 'ignored', reason: 'privacy_request' };
    expect(understand(sample('customer-redact'), topic)).toEqual({ ok: true, value });
    expect(understandText('no JSON', topic)).toEqual({ ok: true, value });
  });

  it('is read as an order when orders/edited carries one', () => {
    expect(understand(sample('edited'), 'orders/edited')).toMatchObject({ ok: true, value: { kind: 'facts' } });
  });

  it('is an order even with a field named order_id', () => {
    const body: Wire = { ...sample('edited'), order_id: 1 };
    expect(understand(body)).toMatchObject({ ok: true, value: { kind: 'facts' } });
  });

  it('is a problem when it carries neither', () => {
    for (const topic of ['orders/paid', 'refunds/create']) {
      expect(understand({ id: 1 }, topic)).toMatchObject({ ok: false, error: { code: 'not_an_order' } });
    }
  });
});
