// The money of WooCommerce's orders: lines, rates and the total that was charged.
import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.ts';
import { meta, oneLine, order, problemOf, sample, type Wire } from '../support/woocommerce.ts';

const money = (read: Order) => read.lines.map(({ gross, tax, rate }) => [gross, tax, rate]);

describe('the money of a WooCommerce order', () => {
  it('is read at two rates with taxed shipping, every line with the tax that the shop charged', () => {
    const read = order('company-two-rates');
    expect(money(read)).toEqual([
      [12000n, 2000n, '20'],
      [3956n, 206n, '5.5'],
      [1000n, 167n, '20'],
    ]);
    expect(read.lines.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['item', '2'],
      ['item', '3'],
      ['shipping', '1'],
    ]);
    expect(read.total).toBe(16956n);
  });

  it('comes from the raw figures where shop prices include tax', () => {
    expect(money(order('prices-include-tax'))).toEqual([
      [1800n, 35n, '2'],
      [1530n, 30n, '2'],
    ]);
    expect(money(order('prices-include-tax-ten-percent'))).toEqual([
      [8340n, 758n, '10'],
      [835n, 76n, '10'],
      [1200n, 109n, '10'],
    ]);
  });

  it('leaves a price whole that the buyer saw as whole, and gives the odd cent to a line that has a fraction', () => {
    const [poster] = sample('pending-stripe').line_items as Wire[];
    const line = (price: number, total: string, total_tax: string, tax: string): Wire => {
      return { ...poster, quantity: 1, price, total, total_tax, taxes: [{ id: 1, total: tax }] };
    };
    const screw = line(0.41, '0.41', '0.08', '0.082');
    const line_items = [line(16.666667, '16.67', '3.33', '3.333333'), screw, screw, screw];
    const read = order('pending-stripe', { line_items, total: '21.48' });
    expect(read.lines.map(({ gross }) => gross)).toEqual([2000n, 50n, 49n, 49n]);
  });

  it('adds up in a shop that rounds tax at the subtotal, where the taxes shown do not', () => {
    const read = order('round-at-subtotal');
    expect(read.lines.map(({ gross }) => gross)).toEqual([741n, 51n, 200n, 584n, 38n]);
    expect(read.total).toBe(1614n);
  });

  it('does not take the noise of an unrounded price, or one that does not fit, for money', () => {
    const thirds = {
      quantity: 3,
      price: 6.666666666666667,
      total: '20.00',
      total_tax: '4.00',
      taxes: [{ id: 1, total: '4' }],
    };
    expect(money(order('pending-stripe', oneLine('pending-stripe', thirds)))).toEqual([[2400n, 400n, '20']]);
    for (const price of [6.66, 1e-7, 0, null]) {
      expect(order('pending-stripe', oneLine('pending-stripe', { ...thirds, price })).total).toBe(2400n);
    }
  });

  it('has the full value of goods that gift cards helped to pay', () => {
    const read = order('gift-card');
    expect([read.total, read.paid?.amount, read.paid?.mode]).toEqual([3600n, 3600n, 'card']);
  });

  it('is a voucher’s when gift cards paid everything', () => {
    const read = order('gift-card', {
      total: '0.00',
      gift_cards: [{ id: 2, code: 'A', amount: 36 }],
      transaction_id: '',
    });
    expect(read.paid).toMatchObject({ amount: 3600n, mode: 'voucher', method: 'gift_card' });
  });

  it('has a negative fee as a line of its own', () => {
    expect(money(order('fee-negative'))).toEqual([
      [12000n, 2000n, '20'],
      [-1200n, -200n, '20'],
    ]);
  });

  it('shows what a coupon took off, once, and no line for free shipping', () => {
    const read = order('guest-coupon');
    expect(read.lines).toMatchObject([{ gross: 4320n, tax: 720n, discount: 480n }]);
  });

  it('has no rate under a reverse charge, whatever is_vat_exempt says', () => {
    const read = order('reverse-charge');
    expect(read.lines.map(({ rate, tax }) => [rate, tax])).toEqual(Array(5).fill([null, 0n]));
    expect(order('reverse-charge', meta('is_vat_exempt', 'no')).lines).toEqual(read.lines);
    expect(money(order('company-two-rates', meta('is_vat_exempt', 'yes')))).toEqual(money(order('company-two-rates')));
  });

  it('has a rate of 0 % only where a rate of 0 % was applied', () => {
    const untaxed = oneLine('pending-stripe', { total_tax: '0.00', taxes: [{ id: 9, total: '0' }] });
    const zeroRated = { tax_lines: [{ rate_id: 9, rate_percent: 0 }] };
    expect(money(order('pending-stripe', { ...untaxed, ...zeroRated, total: '20.00' }))).toEqual([[2000n, 0n, '0']]);
    expect(money(order('pending-stripe', { ...untaxed, tax_lines: [], total: '20.00' }))).toEqual([[2000n, 0n, null]]);
  });

  it('is doubtful where a rate cannot be told', () => {
    for (const tax_lines of [
      [],
      [{ rate_id: 1, rate_percent: null }],
      [{ rate_id: 1 }],
      [
        { rate_id: 1, rate_percent: 20 },
        { rate_id: 1, rate_percent: 19 },
      ],
    ]) {
      const read = order('pending-stripe', { tax_lines });
      expect([read.doubt?.code, read.lines[0]?.rate, read.total]).toEqual(['rate_unknown', null, 2400n]);
    }
  });

  it('is doubtful where a line is taxed twice', () => {
    expect(order('two-taxes-on-a-line').doubt).toMatchObject({
      code: 'taxed_twice',
      detail: expect.stringContaining('Tuque'),
    });
  });

  it('is counted in the units of a shop that shows no decimals', () => {
    const line = { price: 9.99, total: '10', total_tax: '2', taxes: [{ id: 1, total: '1.998' }] };
    const read = order('pending-stripe', { ...oneLine('pending-stripe', line), total: '12' });
    expect([read.total, money(read)]).toEqual([1200n, [[1200n, 200n, '20']]]);
  });

  it('is whole in currencies of no and of three decimals', () => {
    const yen = {
      price: 1000,
      total: '1000',
      subtotal: '1000',
      total_tax: '100',
      subtotal_tax: '100',
      taxes: [{ id: 1, total: '100' }],
    };
    expect(order('pending-stripe', { ...oneLine('pending-stripe', yen), currency: 'JPY', total: '1100' }).total).toBe(
      1100n,
    );
    const dinar = { price: 1.25, total: '1.250', total_tax: '0.063', taxes: [{ id: 1, total: '0.0625' }] };
    expect(
      order('pending-stripe', { ...oneLine('pending-stripe', dinar), currency: 'KWD', total: '1.313' }).total,
    ).toBe(1313n);
  });

  const feeOf = (fee: Wire, change: Wire = {}): Wire => ({
    fee_lines: [{ id: 77, name: 'Loyalty', ...fee }],
    tax_lines: [
      { id: 1, rate_code: 'FR-20', rate_id: 1, label: 'TVA', compound: false, rate_percent: 20 },
      { id: 2, rate_code: 'FR-55', rate_id: 2, label: 'TVA', compound: false, rate_percent: 5.5 },
    ],
    ...change,
  });
  const fees = (changes: Wire) =>
    order('pending-stripe', changes)
      .lines.filter(({ kind }) => kind === 'fee')
      .map(({ gross, tax, rate }) => [gross, tax, rate]);

  it('splits a discount given as a negative fee over the rates whose taxes it bears', () => {
    const { total } = sample('pending-stripe') as { total: string };
    const less = (amount: number) => (Number(total) - amount).toFixed(2);
    expect(
      fees(
        feeOf(
          {
            total: '-10.00',
            total_tax: '-1.20',
            taxes: [
              { id: 1, total: '-0.89' },
              { id: 2, total: '-0.31' },
            ],
          },
          { total: less(11.2) },
        ),
      ),
    ).toEqual([
      [-534n, -89n, '20'],
      [-586n, -31n, '5.5'],
    ]);
    expect(
      fees(feeOf({ total: '-10.00', total_tax: '-1.00', taxes: [{ id: 1, total: '-1' }] }, { total: less(11) })),
    ).toEqual([
      [-600n, -100n, '20'],
      [-500n, 0n, null],
    ]);
    expect(
      fees(feeOf({ total: '-10.00', total_tax: '-2.00', taxes: [{ id: 1, total: '-2' }] }, { total: less(12) })),
    ).toEqual([[-1200n, -200n, '20']]);
  });
  it('doubts a fee whose two taxes are each on the whole of it', () => {
    const both = feeOf({
      total: '-10.00',
      total_tax: '-2.55',
      taxes: [
        { id: 1, total: '-2' },
        { id: 2, total: '-0.55' },
      ],
    });
    expect(order('pending-stripe', both).doubt?.code).toMatch(/taxed_twice|totals_disagree/);
  });

  it('carries a doubt where parts and total disagree, and both figures are told', () => {
    expect(order('totals-disagree').doubt).toMatchObject({
      code: 'totals_disagree',
      detail: expect.stringMatching(/5000.*2500/),
    });
  });

  it('is not understood where there is a total and nothing sold', () => {
    expect(problemOf('pending-stripe', { line_items: [] }).code).toBe('order_without_lines');
  });

  it.each([
    ['line_items.0.total', 'a comma', oneLine('pending-stripe', { total: '1,234.50' })],
    ['line_items.0.total_tax', 'null', oneLine('pending-stripe', { total_tax: null })],
    ['line_items.0.quantity', 'a price for no pieces', oneLine('pending-stripe', { quantity: 0 })],
    ['line_items.0.quantity', 'fewer than none', oneLine('pending-stripe', { quantity: -1 })],
    ['total', 'an exponent', { total: '1e3' }],
    ['refunds.0.total', 'a word', { refunds: [{ id: 1, reason: '', total: 'all' }] }],
    ['billing', 'null', { billing: null }],
  ])('names the path of a value that cannot be read: %s, %s', (at, _what, changes) => {
    expect(problemOf('pending-stripe', changes)).toMatchObject({ code: 'unreadable_order', at });
  });

  it.each(['eur', 'EUR ', 'XXX', 'XTS', ''])('is not understood in the currency “%s”', (currency) => {
    expect(problemOf('pending-stripe', { currency })).toMatchObject({ code: 'unknown_currency', at: 'currency' });
  });
});
