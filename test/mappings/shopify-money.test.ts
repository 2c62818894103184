// What the bridge reads from Shopify's orders as sold, taxed, taken out and returned.
import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.ts';
import { changed, lineItems, order, problemOf, refunds, sample, type Wire } from '../support/shopify.ts';

/** Name, quantity, gross, tax and rate of each line. */
const sold = ({ lines }: Order): unknown[][] =>
  lines.map(({ name, quantity, gross, tax, rate }) => [name, quantity, gross, tax, rate]);

const money = (amount: string, currency = 'EUR'): Wire => ({
  presentment_money: { amount, currency_code: currency },
});

const repaid = (amount: string, status = 'success'): Wire => ({ kind: 'refund', status, amount, currency: 'EUR' });

describe('the lines of a Shopify order', () => {
  it('keep the rates apart, shipping at its own', () => {
    const read = order('mixed-rates');
    expect(read.total).toBe(8987n);
    expect(sold(read)).toEqual([
      ['Relié toile – Grand format', '2', 4199n, 219n, '5.5'],
      ['Lampe de lecture', '1', 4200n, 700n, '20'],
      ['Colissimo', '1', 588n, 98n, '20'],
    ]);
  });

  it('bear an order-wide discount by its allocations, to the cent', () => {
    const read = order('order-discount');
    expect(read.total).toBe(16799n);
    expect(read.lines.map(({ gross, tax }) => [gross, tax])).toEqual([
      [5599n, 933n],
      [5600n, 933n],
      [5600n, 933n],
    ]);
    expect(read.lines.map(({ discount }) => discount)).toEqual([401n, 400n, 400n]);
  });

  it('are in the currency that the buyer paid in, free shipping left out', () => {
    const read = order('foreign-currency');
    expect([read.currency, read.total]).toEqual(['EUR', 23399n]);
    expect(sold(read)).toEqual([['Fauteuil Orme', '1', 23399n, 3900n, '20']]);
  });

  it('are gross already where the shop’s prices include tax', () => {
    const read = order('tax-included-mixed-rates');
    expect(read.total).toBe(3799n);
    expect(sold(read)).toEqual([
      ['Heating pad', '1', 800n, 38n, '5'],
      ['Desk fan', '2', 2400n, 400n, '20'],
      ['Royal Mail', '1', 599n, 100n, '20'],
    ]);
  });

  it('are whole yen, and a rate beside no tax is no rate', () => {
    const read = order('yen');
    expect([read.currency, read.total]).toEqual(['JPY', 14319n]);
    expect(sold(read)).toEqual([
      ['文庫本', '2', 11800n, 0n, null],
      ['便箋', '1', 2519n, 229n, '10'],
    ]);
  });

  it('hold a gift card sold without tax, a tip and the rounding of cash', () => {
    const read = order('counter-sale');
    expect(read.total).toBe(3200n);
    expect(read.lines.map(({ kind, name, gross, tax }) => [kind, name, gross, tax])).toEqual([
      ['item', 'Carte cadeau', 2500n, 0n],
      ['item', 'Savon', 499n, 83n],
      ['tip', 'Tip', 200n, 0n],
      ['fee', 'Cash rounding', 1n, 0n],
    ]);
  });

  it('hold no rounding of cash that the total leaves out', () => {
    const read = changed('counter-sale', { total_price_set: money('31.99') });
    expect(read.lines.map(({ kind }) => kind)).toEqual(['item', 'item', 'tip']);
  });

  it('hold a tip once where a line carries it', () => {
    const read = changed('counter-sale', {
      ...lineItems('counter-sale', 0, { title: 'Tip', price_set: money('2.00') }),
      total_price_set: money('7.00'),
    });
    expect(read.lines.map(({ kind, gross }) => [kind, gross])).toEqual([
      ['tip', 200n],
      ['item', 499n],
      ['fee', 1n],
    ]);
  });

  it('bear a discount on shipping once', () => {
    expect(sold(order('shipping-discount'))).toContainEqual(['Chronopost', '1', 540n, 90n, '20']);
  });

  it('leave out shipping that was removed', () => {
    const [shipping] = sample('shipping-discount').shipping_lines as Wire[];
    const read = changed('shipping-discount', {
      shipping_lines: [{ ...shipping, is_removed: true }],
      total_price_set: money('72.00'),
      total_tax_set: money('12.00'),
    });
    expect(sold(read)).toEqual([['Plaid', '1', 7200n, 1200n, '20']]);
  });

  it('are read from versions without second currency, current figures and allocations on shipping', () => {
    const read = order('old-version');
    expect(read.total).toBe(3480n);
    expect(sold(read)).toEqual([
      ['Encrier', '2', 3000n, 500n, '20'],
      ['La Poste', '1', 480n, 80n, '20'],
    ]);
  });
});

describe('a Shopify order that must not be invoiced as it is', () => {
  it.each([
    ['bears two taxes on a line', order('two-taxes-on-a-line'), 'taxed_twice'],
    ['has its tax owed by a marketplace', order('marketplace'), 'marketplace_liable'],
    ['bears import duties', order('duties'), 'duties_not_supported'],
    [
      'bears a tax without a rate',
      changed('authorized', lineItems('authorized', 0, { tax_lines: [{ price: '16.00' }] })),
      'rate_unknown',
    ],
    [
      'bears tax on no line',
      changed('totals-disagree', { total_price_set: money('8.00'), total_tax_set: money('1.33') }),
      'totals_disagree',
    ],
    ['has parts that miss its total', order('totals-disagree'), 'totals_disagree'],
  ])('is doubtful when it %s', (_case, read, code) => {
    expect(read.doubt?.code).toBe(code);
  });

  it.each([
    ['an amount is told in the shop’s currency only', 'foreign-amount-missing', {}, 'amount_in_other_currency'],
    ['its total cannot be paid', 'authorized', { total_price_set: money('96.001') }, 'unreadable_amount'],
    ['its currency is none', 'authorized', { presentment_currency: 'ZZZ' }, 'unknown_currency'],
    [
      'its amounts are in another currency than its own',
      'authorized',
      { total_price_set: money('96.00', 'CHF') },
      'amount_in_other_currency',
    ],
    ['a price is an exponent', 'authorized', lineItems('authorized', 0, { price: '8e1' }), 'unreadable_order'],
  ])('is a problem when %s', (_case, name, changes, code) => {
    expect(problemOf(name, changes).code).toBe(code);
  });

  it('names the path of what cannot be read', () => {
    expect(problemOf('authorized', lineItems('authorized', 0, { quantity: '-1' })).at).toBe('line_items.0.quantity');
  });
});

describe('what left a Shopify order', () => {
  it('by an edit before the invoice is not sold: the rest is charged in proportion', () => {
    const read = order('edited');
    expect([read.total, read.rank, read.refunds, read.doubt]).toEqual([9000n, 30, [], null]);
    expect(sold(read)).toEqual([
      ['Théière', '1', 5400n, 900n, '20'],
      ['Tasses', '3', 3600n, 600n, '20'],
    ]);
  });

  it('by an edit takes its whole line along when nothing is left of it', () => {
    const read = changed('edited', {
      ...lineItems('edited', 1, { current_quantity: 0 }),
      ...refunds('edited', 0, {
        refund_line_items: [
          { line_item_id: 14052, quantity: 4, subtotal_set: money('40.00'), total_tax_set: money('8.00') },
        ],
      }),
      current_total_price_set: money('54.00'),
    });
    expect(sold(read)).toEqual([['Théière', '1', 5400n, 900n, '20']]);
  });

  it('by an edit leaves a doubt where Shopify’s own current total is another', () => {
    expect(changed('edited', { current_total_price_set: money('91.00') }).doubt?.code).toBe('totals_disagree');
  });

  it('without a refund that explains it leaves a doubt', () => {
    const read = changed('edited', lineItems('edited', 1, { current_quantity: 1 }));
    expect(read.doubt?.code).toBe('edit_unclear');
  });

  it('with money returned was sold all the same, and the money is a refund', () => {
    const read = order('partially-refunded');
    expect([read.total, read.rank, read.doubt]).toEqual([10200n, 50, null]);
    expect(read.refunds).toMatchObject([
      { id: '8806', amount: 2400n, at: '2026-11-23T14:29:58.000Z', reason: 'deux tasses ébréchées' },
    ]);
  });

  it.each(['pending', 'failure', 'error'])(
    'with money whose return is %s was sold, and no money came back yet',
    (status) => {
      const read = changed(
        'partially-refunded',
        refunds('partially-refunded', 0, { transactions: [repaid('24.00', status)] }),
      );
      expect([read.total, read.refunds]).toEqual([10200n, []]);
    },
  );

  it('by several transactions of one refund is one refund of their sum', () => {
    const read = changed(
      'partially-refunded',
      refunds('partially-refunded', 0, { transactions: [repaid('20.00'), repaid('4.00'), repaid('9.00', 'failure')] }),
    );
    expect(read.refunds.map(({ amount }) => amount)).toEqual([2400n]);
  });

  it('after the payment and repaid later to the cent was sold and returned', () => {
    const read = order('edited-then-repaid');
    expect([read.total, read.doubt]).toEqual([10200n, null]);
    expect(read.refunds.map(({ id, amount }) => [id, amount])).toEqual([['8809', 1200n]]);
  });

  it('beside other money that was returned leaves a doubt', () => {
    expect(order('edited-unclear').doubt?.code).toBe('edit_unclear');
  });

  it('by a cancellation that kept the money was sold, and nothing was returned', () => {
    const read = order('cancelled-money-kept');
    expect([read.state, read.status, read.rank]).toEqual(['cancelled', 'cancelled', 40]);
    expect([read.total, read.paid?.amount, read.refunds]).toEqual([3600n, 3600n, []]);
  });

  it('by an edit long before the cancellation was not sold', () => {
    const read = changed('edited', { cancelled_at: '2026-11-21T12:00:00+01:00' });
    expect([read.state, read.total]).toEqual(['cancelled', 9000n]);
  });

  it('in another currency than the order is a problem, never a wrong amount', () => {
    const changes = refunds('partially-refunded', 0, { transactions: [{ ...repaid('24.00'), currency: 'USD' }] });
    expect(problemOf('partially-refunded', changes).code).toBe('amount_in_other_currency');
  });
});
