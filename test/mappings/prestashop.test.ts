// What the bridge reads from a PrestaShop order besides its lines and its buyer: payment, names, states and dates.
import { describe, expect, it } from 'vitest';
import { earliestLocalTime, instantOf } from '../../mappings/to-facts/prestashop-dates.ts';
import { type Change, detail, only, order, problemOf, type Row, row, sample, understand } from './prestashop-sample.ts';

const state =
  (change: Row): Change =>
  (bundle) => {
    bundle.order_states = [
      { id: '2', name: 'Payment accepted', template: 'payment', paid: '1', shipped: '0', ...change },
    ];
  };
const payment = (amount: string, at: string, change: Row = {}): Row => ({
  id: '1',
  order_reference: 'REFERENCA',
  id_currency: '1',
  amount,
  payment_method: 'Carte',
  transaction_id: '',
  date_add: at,
  ...change,
});

describe('what a PrestaShop order says of its payment', () => {
  it('is paid in full by a row that covers it, since that row, by its transaction', () => {
    expect(order('company-two-rates').paid).toEqual({
      amount: 14123n,
      at: '2026-11-20T08:01:00.000Z',
      method: 'stripe_official',
      title: 'Carte bancaire',
      mode: 'card',
      transactionId: 'pi_3QTestPrestaCompany01',
    });
  });

  it('is paid by its state where there is no row, since that state was first reached', () => {
    const read = order('company-two-rates', (bundle) => {
      bundle.order_payments = [];
    });
    expect(read.paid).toMatchObject({ amount: 14123n, at: '2026-11-20T08:01:00.000Z', transactionId: null });
    const unknown = order('company-two-rates', (bundle) => {
      bundle.order_payments = [];
      bundle.order_histories = [];
      bundle.order.date_upd = '2026-11-21 10:30:00';
    });
    expect(unknown.paid?.at).toBe('2026-11-21T09:30:00.000Z');
  });

  it('is paid by rows that cover it, whatever its state, since the one that completed it', () => {
    const read = order('company-two-rates', (bundle) => {
      state({ paid: '0', name: 'En attente' })(bundle);
      bundle.order_payments = [
        payment('100.000000', '2026-11-20 09:00:00'),
        payment('41.230000', '2026-11-22 09:00:00', { id: '2', transaction_id: 'tr_2' }),
        payment('5.000000', '2026-11-23 09:00:00', { id: '3' }),
      ];
    });
    expect(read.paid).toMatchObject({ amount: 14123n, at: '2026-11-22T08:00:00.000Z', transactionId: 'tr_2' });
  });

  it('is a part while rows come to less, and nothing where there are none', () => {
    const part = order('company-two-rates', (bundle) => {
      state({ paid: '0' })(bundle);
      bundle.order_payments = [payment('100.000000', '2026-11-20 09:00:00')];
    });
    expect(part.paid).toMatchObject({ amount: 10000n, at: '2026-11-20T08:00:00.000Z' });
    expect(order('guest-voucher').paid).toBeNull();
  });

  it('takes back what was recorded and taken back, and leaves other currencies to the state', () => {
    const rows = (change: Row) => (bundle: Parameters<Change>[0]) => {
      state({ paid: '0' })(bundle);
      bundle.order_payments = [
        payment('141.230000', '2026-11-20 09:00:00'),
        payment('-141.230000', '2026-11-20 10:00:00', change),
      ];
    };
    expect(order('company-two-rates', rows({ id: '2' })).paid).toBeNull();
    const dollars = order('company-two-rates', (bundle) => {
      state({ paid: '0' })(bundle);
      bundle.order_payments = [payment('160.000000', '2026-11-20 09:00:00', { id_currency: '2' })];
    });
    expect(dollars.paid).toBeNull();
  });

  it('names no transaction where two paid, and all of them to whoever tells of payments', () => {
    const two = order('company-two-rates', (bundle) => {
      bundle.order_payments = [
        payment('100.000000', '2026-11-20 09:00:00', { transaction_id: 'pi_1' }),
        payment('41.230000', '2026-11-20 09:01:00', { id: '2', transaction_id: 'pi_2' }),
      ];
    });
    expect(two).toMatchObject({ transactions: ['pi_1', 'pi_2'], paid: { transactionId: null } });
  });

  it('is paid by its own state where orders share a reference, so that no row counts for two', () => {
    expect(order('split-second').paid).toMatchObject({ amount: 2110n, at: '2026-11-23T08:03:00.000Z' });
    const unpaid: Change = (bundle) => {
      for (const one of bundle.order_states ?? []) one.paid = '0';
    };
    const covered = order('split-second', unpaid);
    expect(covered.paid).toMatchObject({ amount: 2110n });
    const first = order('split-second', (bundle) => {
      unpaid(bundle);
      Object.assign(row(bundle, 'order_payments'), { amount: '45.000000' });
    });
    expect(first.paid).toBeNull();
  });

  it('is nothing for cash on delivery before the goods are on their way, though the shop calls it paid', () => {
    expect(order('cash-on-delivery')).toMatchObject({ status: 'Processing in progress', paid: null });
    const shipped = order('cash-on-delivery', (bundle) => {
      for (const one of bundle.order_states ?? []) one.shipped = one.paid;
    });
    expect(shipped.paid).toMatchObject({ amount: 12000n, mode: 'cash', at: '2026-11-23T08:04:00.000Z' });
  });

  it.each(['cashondelivery', 'ps_cashondelivery', 'codfee', 'megareembolso', 'cash_on_delivery_plus'])(
    'knows the module %s for cash on delivery',
    (module) => {
      expect(order('company-two-rates', ({ order: own }) => Object.assign(own, { module })).paid).toBeNull();
    },
  );

  it.each(['codecombat', 'stripe_official', 'discodeal'])('does not take the module %s for it', (module) => {
    expect(order('company-two-rates', ({ order: own }) => Object.assign(own, { module })).paid).not.toBeNull();
  });

  it('stays paid when the order is cancelled afterwards and the money kept', () => {
    const kept = order('company-two-rates', (bundle) => {
      state({ template: 'order_canceled', name: 'Canceled', paid: '0' })(bundle);
    });
    expect(kept).toMatchObject({ state: 'cancelled', paid: { amount: 14123n } });
  });
});

describe('the names, states and dates of a PrestaShop order', () => {
  it('is called by its reference, and found by its id and cart', () => {
    expect(order('company-two-rates')).toMatchObject({
      id: '1',
      number: 'REFERENCA',
      aliases: [],
      cartId: '91',
      orderKey: null,
    });
    expect(order('company-two-rates', ({ order: own }) => Object.assign(own, { reference: '' })).number).toBe('1');
  });

  it('is counted as the shop counts it where a cart became several orders', () => {
    expect(order('split-second')).toMatchObject({ number: 'SPLITCART#2', aliases: ['SPLITCART'] });
  });

  it('keeps an id that is larger than a float can hold', () => {
    const text = JSON.stringify(sample('company-two-rates')).replace(
      '"order":{"id":"1"',
      '"order":{"id":123456789012345678',
    );
    expect(understand(text)).toMatchObject({ value: { facts: [{ order: { id: '123456789012345678' } }] } });
  });

  it.each([
    [{ template: 'order_canceled', paid: '0' }, 'cancelled', 40],
    [{ template: 'payment_error', paid: '0' }, 'failed', 40],
    [{ template: 'bankwire', paid: '0' }, 'open', 20],
    [{ template: '', paid: '0' }, 'open', 20],
    [{ shipped: '1' }, 'open', 30],
    [{}, 'open', 20],
  ])('is, with a state of %o, %s and of rank %i', (change, expected, rank) => {
    expect(order('company-two-rates', state(change))).toMatchObject({ state: expected, rank });
  });

  it.each([
    ['6', 'cancelled'],
    ['8', 'failed'],
  ])('knows state %s, whose template somebody took away, as %s', (id, expected) => {
    const read = order('guest-voucher', (bundle) => {
      bundle.order.current_state = id;
      bundle.order_states = [{ id, name: 'Annulée', template: '', paid: '0', shipped: '0' }];
    });
    expect(read.state).toBe(expected);
  });

  it('is called by the state’s name in the shop’s first language, however many it has', () => {
    expect(order('company-two-rates').status).toBe('Payment accepted');
    expect(order('guest-voucher').status).toBe('Awaiting bank wire payment');
    const none = order('guest-voucher', (bundle) => {
      bundle.order_states = [];
    });
    expect(none).toMatchObject({ status: '10', state: 'open', paid: null });
  });

  it('is draft while the shop is still placing it', () => {
    expect(understand(sample('being-placed'))).toEqual({
      ok: true,
      value: { kind: 'ignored', reason: 'draft', orderId: '1' },
    });
  });

  it('was last changed when any of its parts was, because slips and payments leave its own date alone', () => {
    expect(order('partially-refunded').updatedAt).toBe('2026-11-23T08:02:00.000Z');
    const paidLater = order('company-two-rates', (bundle) => {
      row(bundle, 'order_payments').date_add = '2026-11-25 12:00:00';
    });
    expect(paidLater.updatedAt).toBe('2026-11-25T11:00:00.000Z');
  });

  it('is left alone where PrestaShop numbered an invoice, unless its numbers do not count', () => {
    expect(order('own-invoice').invoicedElsewhere).toBe('1');
    expect(order('own-invoice', () => {}, { ownInvoices: 'ignore' }).invoicedElsewhere).toBeNull();
    const numberOnOrder = order('own-invoice', (bundle) => {
      delete bundle.order_invoices;
    });
    expect(numberOnOrder.invoicedElsewhere).toBe('1');
    expect(order('company-two-rates').invoicedElsewhere).toBeNull();
  });

  it('reads dates in the shop’s zone', () => {
    const newYork = order('company-two-rates', () => {}, { timeZone: 'America/New_York' });
    expect(newYork).toMatchObject({ placedAt: '2026-11-20T14:00:00.000Z', paid: { at: '2026-11-20T14:01:00.000Z' } });
  });

  it.each(['0000-00-00 00:00:00', '2026-02-30 10:00:00', '2026-11-20', '', 'now'])(
    'does not guess at the date “%s”',
    (date) => {
      expect(problemOf('company-two-rates', ({ order: own }) => Object.assign(own, { date_add: date }))).toMatchObject({
        code: 'unreadable_date',
        at: 'order.date_add',
      });
      expect(
        problemOf('company-two-rates', (bundle) => Object.assign(row(bundle, 'order_payments'), { date_add: date }))
          .code,
      ).toBe('unreadable_date');
      expect(
        problemOf('partially-refunded', (bundle) => Object.assign(row(bundle, 'order_slip'), { date_add: date })),
      ).toMatchObject({
        code: 'unreadable_date',
        at: 'order_slip.1.date_add',
      });
    },
  );

  it.each([
    ['2026-03-29 01:59:59', '2026-03-29T00:59:59.000Z', 'before the clock is put forward'],
    ['2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z', 'in the hour that is left out'],
    ['2026-03-29 03:00:00', '2026-03-29T01:00:00.000Z', 'after it'],
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z', 'in the hour that comes twice'],
    ['2026-10-25 03:00:00', '2026-10-25T02:00:00.000Z', 'after it'],
  ])('reads %s as %s, %s', (local, instant) => {
    expect(instantOf(local, 'Europe/Paris')).toBe(instant);
  });

  it('looks an hour back while the clock is about to be put back', () => {
    const at = (instant: string): string => earliestLocalTime(Date.parse(instant), 'Europe/Paris');
    expect(at('2026-10-25T00:30:00Z')).toBe('2026-10-25 01:30:00');
    expect(at('2026-10-25T01:00:00Z')).toBe('2026-10-25 02:00:00');
    expect(at('2026-11-20T10:00:00Z')).toBe('2026-11-20 11:00:00');
  });

  it('makes a problem of a currency that is none, and of a total without anything sold', () => {
    const noCurrency: Change = (bundle) => {
      bundle.currencies = [{ id: '1', iso_code: 'XXX' }];
    };
    expect(problemOf('company-two-rates', noCurrency).code).toBe('unknown_currency');
    const empty: Change = (bundle) => {
      only([], { incl: '10.000000', excl: '10.000000' })(bundle);
    };
    expect(problemOf('company-two-rates', empty).code).toBe('order_without_lines');
    expect(
      problemOf('company-two-rates', (bundle) =>
        only([detail('1', 'free', '0', [])], { incl: '1', excl: '1' })(bundle),
      ),
    ).toMatchObject({
      code: 'unreadable_order',
      at: 'order_details.0.total_price_tax_incl',
    });
  });

  it('reads empty lists, lists of one that became the one, and values that older versions do not send', () => {
    const odd = order('company-two-rates', (bundle) => {
      const [currency, country] = [row(bundle, 'currencies'), row(bundle, 'countries')];
      Object.assign(bundle, { order_slip: '', order_cart_rules: '', currencies: currency, countries: country });
      Object.assign(row(bundle, 'order_details'), { associations: { taxes: { id: '1' } }, ecotax: undefined });
      Object.assign(row(bundle, 'order_details', 1), { associations: '' });
      Object.assign(bundle.order, { total_wrapping_tax_incl: '', total_wrapping_tax_excl: '' });
      bundle.order.total_paid_tax_incl = '138.830000';
    });
    expect(odd).toMatchObject({ doubt: null, refunds: [], currency: 'EUR', total: 13883n });
    expect(odd.lines.map(({ rate }) => rate)).toEqual(['20', '5.5', '20']);
  });
});
