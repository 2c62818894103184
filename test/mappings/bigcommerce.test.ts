// What a hook and an order of BigCommerce mean: who bought, what stands, what was paid, what must be looked at.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bigcommerceKit } from '../conformance/kits/bigcommerce.ts';
import { order, orderOf, problemOf, sample, transactions, understand } from './bigcommerce-sample.ts';

describe('a hook of BigCommerce', () => {
  const hook = (data: object) => ({ scope: 'store/order/updated', store_id: '1', data, hash: 'x', created_at: 1 });

  it('asks for the order that it names, and states nothing of it', () => {
    expect(understand(hook({ type: 'order', id: 250 }), 'store/order/updated')).toEqual({
      ok: true,
      value: { kind: 'fetch', fetch: ['order:250'], orderId: '250' },
    });
  });

  it('of a transaction asks for the order of the transaction, not for the order of its number', () => {
    const data = { type: 'transaction', id: 9, order_id: 250, transaction_id: '176342342' };
    expect(understand(hook(data), 'store/order/transaction/updated')).toMatchObject({
      value: { fetch: ['order:250'] },
    });
  });

  it('about our own note is ignored, so that a note never leads to another look', () => {
    const data = { metafield_id: 14, resource_id: '250' };
    expect(understand(hook(data), 'store/order/metafield/created')).toMatchObject({ value: { kind: 'ignored' } });
  });

  it.each([
    { type: 'order', id: 0 },
    { type: 'order', id: '1/../2' },
    { type: 'order' },
    { type: 'cart', id: 7 },
    null,
  ])('that names no order, as %o, is a problem', (data) => {
    expect(understand({ ...hook({}), data }, 'store/order/updated')).toMatchObject({
      ok: false,
      error: { code: 'not_an_event' },
    });
  });

  const folder = path.join(process.env.PAYLOADS_DIR ?? '', 'bigcommerce');
  it.skipIf(process.env.PAYLOADS_DIR === undefined)('of a real store asks for its order', () => {
    const files = readdirSync(folder).filter((file) => bigcommerceKit.payloads?.topicOf(file) != null);
    expect(files).toHaveLength(4);
    for (const file of files) {
      const body: unknown = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
      expect(understand(body, bigcommerceKit.payloads?.topicOf(file) ?? '')).toMatchObject({
        value: { fetch: ['order:250'] },
      });
    }
  });
});

describe('who bought in a BigCommerce store', () => {
  it('is a company with the VAT number of the form field that the merchant added', () => {
    expect(order('order-company').buyer).toMatchObject({
      kind: 'company',
      name: 'Lumen SAS',
      taxNumber: 'FR40303265045',
      customerId: '32',
      email: 'ada@buyer.example',
    });
  });

  it('has no VAT number where the form’s fields hold choices, numbers or something else', () => {
    const { billing_address } = sample('order-company').order as { billing_address: object };
    const form_fields = [
      { name: 'VAT number', value: ['FR40303265045'] },
      { name: 'Vat', value: 12 },
      null,
      { name: 'x' },
    ];
    const { buyer } = order('order-company', { billing_address: { ...billing_address, form_fields } });
    expect(buyer.taxNumber).toBeNull();
  });

  it('is nobody in particular as a guest, whose customer_id is 0', () => {
    expect(order('order-bank-deposit').buyer.customerId).toBeNull();
  });

  it('has a delivery address only where it is another one', () => {
    expect(order('order-company').buyer.delivery).toMatchObject({ name: 'Ada Martin' });
    expect(order('order-gift-certificate').buyer.delivery).toBeNull();
  });
});

describe('an order of BigCommerce', () => {
  it('is in the currency that the buyer pays in, whatever its prices were shown in', () => {
    expect(order('order-shown-in-dollars')).toMatchObject({ currency: 'EUR', total: 2400n, doubt: null });
  });

  it('has its dates in UTC, from either form', () => {
    expect(order('order-company')).toMatchObject({
      placedAt: '2026-11-21T09:58:40.000Z',
      updatedAt: '2026-11-21T10:00:05.000Z',
    });
    expect(order('order-company', { date_modified: 'Sat, 21 Nov 2026 11:00:05 +0100' }).updatedAt).toBe(
      '2026-11-21T10:00:05.000Z',
    );
    expect(order('order-company', { date_modified: '2026-11-21T11:00:05+01:00' }).updatedAt).toBe(
      '2026-11-21T10:00:05.000Z',
    );
  });

  it.each([{ date_created: '21/11/2026' }, { date_modified: '2026-11-21 10:00:00' }])(
    'with %o has a problem, and no guessed date',
    (own) => {
      expect(problemOf('order-company', own)).toBe('unreadable_date');
    },
  );

  it.each([
    [1, 'open', 10],
    [2, 'open', 30],
    [5, 'cancelled', 40],
    [6, 'failed', 40],
    [7, 'open', 10],
    [10, 'open', 30],
    [12, 'open', 20],
    [13, 'open', 20],
  ])('with status %i is %s', (status_id, state, rank) => {
    expect(order('order-company', { status_id, status: 'renamed by the merchant' })).toMatchObject({ state, rank });
  });

  it('is deleted when it was archived', () => {
    expect(order('order-company', { is_deleted: true }).state).toBe('deleted');
  });

  it('is named to payments by its number, by the ids of its transactions, and by its id elsewhere', () => {
    expect(order('order-company', { external_order_id: 'ERP-9', payment_provider_id: 'ch_9' })).toMatchObject({
      number: '250',
      aliases: ['ERP-9'],
      transactions: ['ch_9', 'pi_3BcSample250'],
    });
  });

  it('has where it came from among its tags, so that a rule may leave it out', () => {
    expect(order('order-company', { external_source: 'POS (Square)' }).tags).toEqual(['www', 'POS (Square)']);
  });

  it('is a test where the test gateway took it, or its transactions say so', () => {
    expect(order('order-company').test).toBe(false);
    expect(order('order-company', { payment_method: 'Test Payment Gateway' }).test).toBe(true);
    expect(order('order-company', {}, transactions('order-company', { test: true })).test).toBe(true);
  });

  it('from a marketplace, from another shop, or refunded without a record goes to a person', () => {
    expect(order('order-company', { order_source: 'ebay' }).doubt?.code).toBe('marketplace_liable');
    expect(order('order-company', { ebay_order_id: '12-3' }).doubt?.code).toBe('marketplace_liable');
    expect(order('order-company', { external_source: 'M-MIG' }).doubt?.code).toBe('migrated');
    for (const status_id of [4, 14])
      expect(order('order-company', { status_id }).doubt?.code).toBe('refund_not_recorded');
    expect(order('order-refunded-in-part').doubt).toBeNull();
  });

  it('is read alike with its products on one page or on several', () => {
    const whole = sample('order-company');
    const apart = {
      ...whole,
      products: whole.products.flat().map((product) => [product]),
      taxes: [...whole.taxes, []],
    };
    expect(orderOf(apart)).toEqual(orderOf(whole));
  });
});

describe('what was paid of a BigCommerce order', () => {
  const unpaid = { payment_status: '', payment_provider_id: null };
  const noTransactions = { transactions: [] };

  it('is what a gateway took, when it took it', () => {
    expect(order('order-company').paid).toEqual({
      amount: 13_299n,
      at: '2026-11-21T09:59:58.000Z',
      method: 'stripe',
      title: 'Credit Card',
      mode: 'card',
      transactionId: 'pi_3BcSample250',
    });
  });

  it.each([
    { event: 'authorization' },
    { event: 'pending' },
    { event: 'void' },
    { event: 'purchase', status: 'error' },
    { event: 'purchase', method: 'offline', gateway: 'bankdeposit' },
  ])('is nothing with a transaction of %o alone', (change) => {
    const own = { payment_status: 'authorized', status_id: 9 };
    expect(order('order-company', own, transactions('order-company', change)).paid).toBeNull();
  });

  it('is the sum of several captures', () => {
    const [one] = sample('order-company').transactions[0]?.data ?? [];
    const data = [
      { ...one, event: 'authorization', amount: 132.99 },
      { ...one, event: 'capture', amount: 100 },
      { ...one, event: 'capture', amount: 32.99, date_created: '2026-11-23T09:00:00+00:00' },
    ];
    expect(order('order-company', {}, { transactions: [{ data }] }).paid).toMatchObject({
      amount: 13_299n,
      at: '2026-11-23T09:00:00.000Z',
    });
  });

  it('is a part where only a part was captured', () => {
    expect(order('order-company', {}, transactions('order-company', { amount: 50 })).paid?.amount).toBe(5000n);
  });

  it.each(['captured', 'paid', 'partially refunded', 'refunded'])(
    'is all of it with payment_status “%s” and no transaction listed',
    (payment_status) => {
      expect(order('order-company', { payment_status }, noTransactions).paid?.amount).toBe(13_299n);
    },
  );

  it.each(['authorized', 'capture pending', 'declined', 'held for review', 'pending', 'void', 'void pending'])(
    'is nothing with payment_status “%s”, although the order was sent',
    (payment_status) => {
      expect(order('order-company', { payment_status, status_id: 2 }, noTransactions).paid).toBeNull();
    },
  );

  it('past the store counts from the status that the merchant gives, and not while payment is awaited', () => {
    const paidAt = (status_id: number) =>
      order('order-bank-deposit', { ...unpaid, status_id }, noTransactions).paid?.amount ?? null;
    expect([1, 5, 6, 7, 12].map(paidAt)).toEqual([null, null, null, null, null]);
    expect([2, 3, 8, 9, 10, 11].map(paidAt)).toEqual([2400n, 2400n, 2400n, 2400n, 2400n, 2400n]);
  });

  it('in cash on delivery counts only when the order is completed', () => {
    const paidAt = (status_id: number) =>
      order('order-bank-deposit', { ...unpaid, payment_method: 'Cash on Delivery', status_id }, noTransactions).paid;
    for (const status_id of [2, 9, 11]) expect(paidAt(status_id)).toBeNull();
    expect(paidAt(10)?.amount).toBe(2400n);
  });

  it('by gift certificate in part is counted with the rest, which the gateway took', () => {
    expect(order('order-gift-certificate').paid).toMatchObject({ amount: 6000n, method: 'stripe', mode: 'card' });
    const untold = {
      transactions: [{ data: (sample('order-gift-certificate').transactions[0]?.data ?? []).slice(1) }],
    };
    expect(order('order-gift-certificate', {}, untold).paid?.amount).toBe(6000n);
  });

  it('by gift certificate or store credit alone is a voucher', () => {
    const own = { ...unpaid, gift_certificate_amount: '40.0000', store_credit_amount: '20.0000' };
    expect(order('order-gift-certificate', own, noTransactions).paid).toMatchObject({ amount: 6000n, mode: 'voucher' });
  });

  it.each([
    ['Bank Deposit', 'bankdeposit', 'transfer'],
    ['Chèque', 'cheque', 'cheque'],
    ['PayPal', 'paypalexpress', 'paypal'],
  ])('by %s is told as such', (payment_method, gateway, mode) => {
    const offline = transactions('order-company', { method: 'offline', gateway });
    expect(order('order-company', { ...unpaid, payment_method }, offline).paid?.mode).toBe(mode);
  });

  it('in another currency than the order’s is a problem', () => {
    expect(problemOf('order-company', {}, transactions('order-company', { currency: 'USD' }))).toBe(
      'amount_in_other_currency',
    );
  });
});
