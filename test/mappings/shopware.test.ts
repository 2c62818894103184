// What the bridge reads from Shopware: which webhooks name an order, and an order's names, dates, states and buyer.
import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.ts';
import { read, sample, understand, type Wire } from './shopware-samples.ts';

const order = (name: string, changes: Wire = {}): Order => read({ ...sample(name), ...changes });

/** The first transaction of an order with some fields changed, as its only one. */
const transaction = (name: string, changes: Wire): Wire => {
  const [first] = sample(name).transactions;
  return { transactions: [{ ...first, ...changes }] };
};

describe('a webhook of Shopware', () => {
  const { id } = sample('gross-two-rates');

  it.each(['event-placed', 'event-paid', 'event-written'])('asks for the order that it names (%s)', (name) => {
    const { data } = sample(name);
    expect(understand(sample(name), (data as { event: string }).event)).toEqual({
      ok: true,
      value: { kind: 'fetch', fetch: [`order:${id}`], orderId: id },
    });
  });

  it('asks for every order of a write, however Shopware has filtered the list', () => {
    expect(understand(sample('event-written-several'), 'order.written')).toEqual({
      ok: true,
      value: { kind: 'fetch', fetch: [`order:${id}`, `order:${sample('net-company').id}`] },
    });
  });

  it('leaves an order alone that is being edited in the admin', () => {
    expect(understand(sample('event-written-draft'), 'order.written')).toEqual({
      ok: true,
      value: { kind: 'ignored', reason: 'draft' },
    });
  });

  it.each([
    'state_enter.order_transaction.state.refunded_partially',
    'state_enter.order_transaction_capture.state.completed',
    'state_enter.order_transaction_capture_refund.state.completed',
    'checkout.order.payment_method.changed',
  ])('asks for the order when %s', (topic) => {
    expect(understand(sample('event-paid'), topic)).toMatchObject({ value: { kind: 'fetch' } });
  });

  it.each([
    'state_leave.order_transaction.state.paid',
    'state_enter.order_delivery.state.shipped',
    'checkout.customer.register',
    'fetched.product',
  ])('is not needed when it tells %s', (topic) => {
    expect(understand(sample('event-paid'), topic)).toEqual({
      ok: true,
      value: { kind: 'ignored', reason: 'topic_not_used' },
    });
  });

  it('without an id in Shopware’s form is no order', () => {
    const body = { data: { payload: { order: { id: '../product' } } } };
    expect(understand(body, 'checkout.order.placed')).toMatchObject({ ok: false, error: { code: 'not_an_order' } });
  });
});

describe('the names, dates and states of a Shopware order', () => {
  it('is called by its number and found by its id', () => {
    const { id } = sample('gross-two-rates');
    expect(order('gross-two-rates')).toMatchObject({
      id,
      number: '10042',
      aliases: [],
      currency: 'EUR',
      language: 'fr-FR',
      tags: ['Noël'],
      status: 'open',
      state: 'open',
      test: false,
    });
  });

  it('is as new as the latest of its parts, because a payment leaves the order’s own date alone', () => {
    expect(sample('gross-two-rates').updatedAt).toBeNull();
    expect(order('gross-two-rates').updatedAt).toBe('2026-11-20T09:04:11.512Z');
    expect(order('refunded-positions').updatedAt).toBe('2026-11-21T08:00:02.000Z');
    expect(order('tax-free').updatedAt).toBe('2026-11-20T09:00:00.120Z');
  });

  it.each(['billingAddress', 'orderCustomer'])('is newer once its %s was corrected, or it has a document', (part) => {
    const updatedAt = '2026-11-20T13:00:00.000+00:00';
    const corrected = { [part]: { ...(sample('tax-free')[part] as Wire), updatedAt } };
    expect(order('tax-free', corrected).updatedAt).toBe('2026-11-20T13:00:00.000Z');
    expect(order('own-invoice').updatedAt).toBe('2026-11-20T12:00:00.000Z');
  });

  it('reads dates with the offset that they bear', () => {
    expect(order('tax-free', { orderDateTime: '2026-11-20T23:30:00.000-02:00' }).placedAt).toBe(
      '2026-11-21T01:30:00.000Z',
    );
  });

  it.each(['2026-11-20 09:00:00', '2026-13-40T09:00:00.000+00:00', '20.11.2026'])(
    'does not guess at the date %s',
    (date) => {
      expect(understand({ ...sample('tax-free'), orderDateTime: date })).toMatchObject({
        error: { code: 'unreadable_order', at: 'orderDateTime' },
      });
    },
  );

  it('is cancelled when the order is, whatever its payment', () => {
    expect(order('cancelled')).toMatchObject({ state: 'cancelled', status: 'cancelled', rank: 40, paid: null });
  });

  it.each([
    ['tax-free', 10],
    ['net-company', 20],
    ['cancelled', 40],
    ['refunded-positions', 50],
  ])('ranks %s as %i within one millisecond', (name, rank) => {
    expect(order(name).rank).toBe(rank);
  });

  it('was invoiced by the shop itself, unless that invoice was cancelled', () => {
    expect(order('own-invoice').invoicedElsewhere).toBe('1007');
    const [invoice] = sample('own-invoice').documents as Wire[];
    const storno = {
      createdAt: '2026-11-20T12:30:00.000+00:00',
      documentNumber: '1008',
      config: { documentNumber: '1008', custom: { invoiceNumber: '1007', stornoNumber: '1008' } },
      documentType: { technicalName: 'storno' },
    };
    expect(order('own-invoice', { documents: [invoice, storno] }).invoicedElsewhere).toBeNull();
    const delivery = { ...invoice, documentType: { technicalName: 'delivery_note' } };
    expect(order('own-invoice', { documents: [delivery] }).invoicedElsewhere).toBeNull();
  });

  it('is not read in a currency that nobody pays with', () => {
    expect(understand({ ...sample('tax-free'), currency: { isoCode: 'EURO' } })).toMatchObject({
      error: { code: 'unknown_currency' },
    });
  });
});

describe('what a Shopware order says of its payment', () => {
  it('is the transaction that is paid, not those that were tried before', () => {
    expect(order('gross-two-rates')).toMatchObject({
      paymentMethod: 'stripe.shopware_payment.card',
      paid: {
        amount: 10_190n,
        at: '2026-11-20T09:04:11.512Z',
        method: 'stripe.shopware_payment.card',
        title: 'Carte',
        transactionId: 'pi_3QSampleGrossTwoRates',
      },
    });
  });

  it.each([
    'open',
    'in_progress',
    'authorized',
    'failed',
    'reminded',
    'cancelled',
    'unconfirmed',
    'invented_by_a_plugin',
  ])('is nothing while the transaction is %s', (technicalName) => {
    const changes = transaction('refunded-state-only', { stateMachineState: { technicalName } });
    expect(order('refunded-state-only', changes)).toMatchObject({ paid: null, refunds: [], doubt: null });
  });

  it('is the completed captures of a part payment, and nothing where the plugin records none', () => {
    expect(order('paid-partly').paid?.amount).toBe(5_000n);
    expect(order('paid-partly', transaction('paid-partly', { captures: [] })).paid).toBeNull();
  });

  it('is dated by the capture once a later state has taken the transaction’s date', () => {
    expect(order('refunded-positions').paid?.at).toBe('2026-11-20T09:02:30.000Z');
    expect(order('refunded-state-only').paid?.at).toBe('2026-11-20T09:00:00.000Z');
  });

  it('names the payments that a payment service may tell of', () => {
    expect(order('gross-two-rates').transactions).toEqual(['pi_3QSampleGrossTwoRates']);
    expect(order('refunded-positions').transactions).toEqual(['PAY-77-CAPTURE']);
    const customFields = { a: [{ b: 'ch_3QSampleNested' }], note: 'pi_ is a prefix', n: 4 };
    expect(order('refunded-state-only', transaction('refunded-state-only', { customFields })).transactions).toEqual([
      'ch_3QSampleNested',
    ]);
  });

  it('goes to a person when the bank took it back', () => {
    expect(order('chargeback')).toMatchObject({ paid: { amount: 12_000n }, doubt: { code: 'chargeback' } });
  });
});

describe('who bought in a Shopware shop', () => {
  it('is the company of the billing address, with its VAT number and where the goods go', () => {
    expect(order('net-company').buyer).toMatchObject({
      kind: 'company',
      name: 'Lumen GmbH',
      taxNumber: 'DE136695976',
      email: 'ada@buyer.example',
      address: {
        name: 'Lumen GmbH',
        line1: 'Lichtweg 3',
        line2: 'Hinterhof',
        city: 'Berlin',
        region: 'Berlin',
        country: 'DE',
      },
      delivery: { name: 'Ada Martin', line1: 'Lager 9', city: 'Potsdam' },
    });
  });

  it('has no place of delivery of its own where both addresses are the same', () => {
    expect(order('gross-two-rates').buyer).toMatchObject({ kind: 'person', name: 'Ada Martin', delivery: null });
  });

  it('has the shop’s id, unless it is a guest or was deleted', () => {
    const orderCustomer = sample('gross-two-rates').orderCustomer as Wire;
    expect(order('gross-two-rates').buyer.customerId).toBe(orderCustomer.customerId);
    expect(order('tax-free').buyer.customerId).toBeNull();
    expect(
      order('gross-two-rates', { orderCustomer: { ...orderCustomer, customer: null } }).buyer.customerId,
    ).toBeNull();
  });
});
