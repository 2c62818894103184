// The arithmetic of a BigCommerce order: prices with and without tax, discounts, totals, rates, and what was given back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.ts';
import { onlyProduct, order, orderOf, sample, type Wire } from './bigcommerce-sample.ts';

const grosses = ({ lines }: Order) => lines.map(({ kind, gross, tax, rate }) => [kind, gross, tax, rate]);
const cents = (amount: number): string => `${(amount / 100).toFixed(2)}00`;

describe('the lines of a BigCommerce order', () => {
  it('come to the total at the cent, each at its rate, with discounts taken off', () => {
    expect(grosses(order('order-company'))).toEqual([
      ['item', 10_800n, 1800n, '20'],
      ['item', 1899n, 99n, '5.5'],
      ['shipping', 600n, 100n, '20'],
    ]);
    expect(order('order-company').lines[0]).toMatchObject({ name: 'Desk lamp – Red', quantity: '2', discount: 1200n });
  });

  it('are the same where products do not tell what they come to after discounts', () => {
    const { products } = sample('order-company');
    const older = products.map((page) => page.map(({ discounted_total_inc_tax: _, ...product }) => product));
    expect(grosses(order('order-company', {}, { products: older }))).toEqual(grosses(order('order-company')));
  });

  it('are the same where only the order tells the discount, which is then spread by price', () => {
    const { products } = sample('order-company');
    const older = products.map((page) =>
      page.map(({ discounted_total_inc_tax: _, ...product }) => ({ ...product, applied_discounts: [] })),
    );
    const { lines, doubt, total } = order('order-company', {}, { products: older });
    expect(doubt).toBeNull();
    expect(total).toBe(13_299n);
    // 14.11 over 100.00 and 20.00 without tax: 11.76 and 2.35.
    expect(lines.map(({ gross }) => gross)).toEqual([10_824n, 1875n, 600n]);
  });

  it('of a store that writes prices without tax take the discount off before the tax', () => {
    expect(grosses(order('order-prices-without-tax'))).toEqual([
      ['item', 3240n, 540n, '20'],
      ['shipping', 600n, 100n, '20'],
    ]);
  });

  it('are found where the order does not say how the store writes prices', () => {
    for (const name of ['order-prices-without-tax', 'order-company']) {
      const untold = order(name, { is_tax_inclusive_pricing: null });
      expect(grosses(untold)).toEqual(grosses(order(name)));
    }
  });

  it('have no discount where a gift certificate or store credit paid, whether the total is before or after it', () => {
    const before = order('order-gift-certificate');
    const after = order('order-gift-certificate', { total_inc_tax: '40.0000' });
    expect(before).toMatchObject({ total: 6000n, doubt: null });
    expect(after).toMatchObject({ total: 6000n, doubt: null });
    expect(after.lines).toEqual(before.lines);
  });

  it('have wrapping, handling and fees', () => {
    const { products } = sample('order-gift-certificate');
    const own = {
      total_inc_tax: '78.0000',
      total_tax: '13.0000',
      wrapping_cost_ex_tax: '5.0000',
      wrapping_cost_inc_tax: '6.0000',
      handling_cost_ex_tax: '5.0000',
      handling_cost_inc_tax: '6.0000',
      fees: [
        {
          id: 4,
          type: 'custom_fee',
          display_name_customer: 'Insurance',
          cost_ex_tax: '5.0000',
          cost_inc_tax: '6.0000',
        },
      ],
    };
    const wrapped = products.map((page) =>
      page.map((product) => ({
        ...product,
        wrapping_name: 'Paper',
        wrapping_cost_ex_tax: '5.0000',
        wrapping_cost_inc_tax: '6.0000',
      })),
    );
    const { lines, doubt, total } = order('order-gift-certificate', own, { products: wrapped });
    expect([total, doubt]).toEqual([7800n, null]);
    expect(lines.map(({ id, kind, name, gross }) => [id, kind, name, gross])).toEqual([
      ['61', 'item', 'Vase', 6000n],
      ['gift-wrapping-61', 'fee', 'Paper', 600n],
      ['handling', 'fee', 'Handling', 600n],
      ['fee-4', 'fee', 'Insurance', 600n],
    ]);
  });

  it('have shipping as the order charges it, where an address tells another figure', () => {
    const own = {
      shipping_cost_ex_tax: '4.0000',
      shipping_cost_inc_tax: '4.8000',
      total_inc_tax: '131.7900',
      total_tax: '19.7900',
    };
    expect(order('order-company', own).lines.at(-1)).toMatchObject({ id: 'shipping', gross: 480n, rate: '20' });
  });

  it('that do not make the total, or bear less tax than the order says, go to a person', () => {
    expect(order('order-totals-disagree').doubt?.code).toBe('totals_disagree');
    expect(order('order-company', { total_tax: '25.0000' }).doubt?.code).toBe('totals_disagree');
  });

  it('leave out a product that was taken out of the order', () => {
    const { products } = sample('order-company');
    const [first, second] = products.flat();
    const own = { total_inc_tax: '114.0000', total_tax: '19.0000', coupon_discount: '12.0000' };
    const { lines } = order('order-company', own, { products: [[first ?? {}, { ...second, quantity: 0 }]] });
    expect(lines.map(({ id }) => id)).toEqual(['61', 'shipping-51']);
  });

  it('of a currency without cents are whole', () => {
    const own = { default_currency_code: 'JPY', total_inc_tax: '1100.0000', total_tax: '100.0000' };
    const prices = { total_ex_tax: '1000.0000', total_inc_tax: '1100.0000', discounted_total_inc_tax: '1100.0000' };
    const taxes = [[{ ...sample('order-shown-in-dollars').taxes[0]?.[0], rate: '10.0000' }]];
    const { lines, total } = order('order-shown-in-dollars', own, {
      ...onlyProduct('order-shown-in-dollars', prices),
      taxes,
      transactions: [],
    });
    expect([total, lines[0]?.gross, lines[0]?.tax, lines[0]?.rate]).toEqual([1100n, 1100n, 100n, '10']);
  });

  it('make the total of every order, whatever prices, rates, quantities and discounts it has', () => {
    const item = fc.record({
      gross: fc.integer({ min: 1, max: 1_000_000 }),
      rate: fc.constantFrom('0', '2.1', '5.5', '10', '19', '20'),
      quantity: fc.integer({ min: 1, max: 9 }),
      off: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), fc.boolean(), fc.nat(5000), (items, tells, means) => {
        const priced = items.map(({ gross, rate, quantity, off }, index) => {
          const discount = Math.floor((gross * off) / 100);
          const net = Math.round((gross * 100) / (100 + Number(rate)));
          return { id: 61 + index, gross, rate, quantity, discount, net };
        });
        const total = priced.reduce((sum, { gross, discount }) => sum + gross - discount, 0);
        const tax = priced.reduce((sum, one) => {
          const gross = one.gross - one.discount;
          return sum + gross - Math.round((gross * 100) / (100 + Number(one.rate)));
        }, 0);
        const base = sample('order-gift-certificate');
        const paidBy = Math.min(means, total);
        const read = orderOf({
          ...base,
          order: {
            ...base.order,
            total_inc_tax: cents(total),
            total_tax: cents(tax),
            gift_certificate_amount: cents(paidBy),
          },
          products: [
            priced.map(
              ({ id, gross, net, quantity, discount }): Wire => ({
                id,
                name: 'Thing',
                quantity,
                total_ex_tax: cents(net),
                total_inc_tax: cents(gross),
                applied_discounts: [{ amount: cents(discount) }],
                ...(tells && { discounted_total_inc_tax: cents(gross - discount) }),
              }),
            ),
          ],
          taxes: [priced.map(({ id, rate }) => ({ name: 'TVA', rate, line_item_type: 'item', order_product_id: id }))],
          transactions: [],
        });
        expect([read.total, read.doubt]).toEqual([BigInt(total), null]);
        expect(read.lines.map(({ gross }) => gross)).toEqual(
          priced.map(({ gross, discount }) => BigInt(gross - discount)),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('the rate of a line of BigCommerce', () => {
  const taxes = (...rates: Wire[]) => ({ taxes: [rates] });
  const item = { line_item_type: 'item', order_product_id: 61, name: 'TVA' };
  const priced = (ex: number, inc: number) => ({
    own: { total_inc_tax: cents(inc), total_tax: cents(inc - ex) },
    product: onlyProduct('order-tax-override', {
      total_ex_tax: cents(ex),
      total_inc_tax: cents(inc),
      discounted_total_inc_tax: cents(inc),
    }),
  });
  const rateOf = (ex: number, inc: number, ...rows: Wire[]) => {
    const { own, product } = priced(ex, inc);
    const { lines, doubt } = order('order-tax-override', own, { ...product, ...taxes(...rows), transactions: [] });
    return doubt?.code ?? lines[0]?.rate ?? null;
  };

  it('is the one that the order’s taxes tell for it', () => {
    expect(rateOf(10_000, 11_000, { ...item, rate: '10.0000' })).toBe('10');
    expect(rateOf(100, 106, { ...item, rate: '5.5000' })).toBe('5.5');
  });

  it('stays the same when a refund has added rows of the same tax', () => {
    const row = { ...item, rate: '20.0000' };
    expect(rateOf(10_000, 12_000, { ...row, line_amount: '20.0000' }, { ...row, line_amount: '-10.0000' })).toBe('20');
  });

  it('is found between the two prices where a tax service left none', () => {
    expect(order('order-tax-override').lines[0]).toMatchObject({ rate: '20', tax: 2000n });
    expect(rateOf(10_000, 10_550)).toBe('5.5');
    expect(rateOf(833, 1000)).toBe('20');
    expect(rateOf(10_000, 10_210)).toBe('2.1');
  });

  it('is not guessed between several that would do, unless the order tells one of them elsewhere', () => {
    expect(rateOf(10, 12)).toBe('rate_unknown');
    expect(rateOf(10, 12, { line_item_type: 'shipping', name: 'TVA', rate: '20.0000', order_address_id: 51 })).toBe(
      '20',
    );
    expect(rateOf(10_000, 10_823)).toBe('rate_unknown');
  });

  it('is none without tax, and 0 where a rate of nothing was applied', () => {
    expect(rateOf(10_000, 10_000)).toBeNull();
    expect(rateOf(10_000, 10_000, { ...item, rate: '0.0000' })).toBe('0');
  });

  it('cannot be two', () => {
    expect(order('order-two-taxes').doubt?.code).toBe('taxed_twice');
  });
});

describe('a refund of BigCommerce', () => {
  const [told = {}] = sample('order-refunded-in-part').refunds[0]?.data ?? [];
  const refunds = (...data: Wire[]) => ({ refunds: [{ data: data.map((change) => ({ ...told, ...change })) }] });
  const refunded = (...data: Wire[]) => order('order-refunded-in-part', {}, refunds(...data)).refunds;
  const paid = (amount: number, is_declined = false) => [
    { id: 1, provider_id: 'stripe', amount, offline: false, is_declined },
  ];
  const shipping = (requested_amount: string) => ({
    item_type: 'SHIPPING',
    item_id: 51,
    quantity: 0,
    requested_amount,
  });
  const pieces = (quantity: number) => ({ item_type: 'PRODUCT', item_id: 61, quantity, requested_amount: null });

  it('names the lines that it takes back, with the gateway’s own id of it', () => {
    expect(order('order-refunded-in-part')).toMatchObject({
      total: 4200n,
      listsAllRefunds: true,
      refunds: [
        {
          id: '3',
          amount: 1800n,
          at: '2026-11-22T08:15:00.000Z',
          reason: 'Broken in transit',
          transactionId: 're_3BcSample3',
          lines: [
            { lineId: '61', quantity: '1', gross: 1200n, tax: 200n, rate: '20' },
            { lineId: 'shipping-51', quantity: '1', gross: 600n, tax: 100n, rate: '20' },
          ],
        },
      ],
    });
  });

  it('leaves the order’s total and lines as they were sold', () => {
    expect(order('order-refunded-in-part').lines.map(({ gross }) => gross)).toEqual([3600n, 600n]);
  });

  it('has amounts without tax where only so they come to its total', () => {
    const [refund] = refunded({ total_amount: 18, items: [pieces(1), shipping('5.00')] });
    expect(refund?.lines?.map(({ gross }) => gross)).toEqual([1200n, 600n]);
  });

  it('has the amount of a product before its pieces where only so it comes to its total', () => {
    const item = { ...pieces(1), requested_amount: '6.00' };
    const [refund] = refunded({ total_amount: 6, items: [item], payments: paid(6) });
    expect(refund?.lines).toMatchObject([{ lineId: '61', gross: 600n, quantity: '1' }]);
  });

  it('of the whole order or of tax alone is an amount without lines', () => {
    for (const item_type of ['ORDER', 'TAX']) {
      const items = [{ item_type, item_id: 250, quantity: 0, requested_amount: '5.00' }];
      expect(refunded({ total_amount: 5, items, payments: paid(5) })).toMatchObject([{ amount: 500n, lines: [] }]);
    }
  });

  it('tells lines and money truly where they differ', () => {
    const order_ = { item_type: 'ORDER', item_id: 250, quantity: 0, requested_amount: '3.00' };
    const [refund] = refunded({ total_amount: 15, items: [pieces(1), order_], payments: paid(15) });
    expect(refund).toMatchObject({ amount: 1500n, lines: [{ gross: 1200n }] });
  });

  it('counts what was paid out, and is none where the payment provider declined it', () => {
    expect(refunded({ payments: paid(18, true) })).toEqual([]);
    expect(refunded({ payments: [...paid(10), ...paid(8, true)] })[0]?.amount).toBe(1000n);
  });

  it('keeps the cents of three thirds together', () => {
    const glass = onlyProduct('order-refunded-in-part', {
      total_inc_tax: '10.0000',
      discounted_total_inc_tax: '10.0000',
      total_ex_tax: '8.3300',
    });
    const own = { total_inc_tax: '16.0000', total_tax: '2.6700' };
    const each = [3.33, 3.34, 3.33].map((total_amount, index) => ({
      id: 3 + index,
      total_amount,
      items: [pieces(1)],
      payments: paid(total_amount),
    }));
    const back = order('order-refunded-in-part', own, { ...glass, ...refunds(...each) }).refunds;
    expect(back.map(({ lines }) => lines?.[0]?.gross)).toEqual([333n, 334n, 333n]);
  });

  it('has no gateway’s id where two refunds of one amount could have it', () => {
    expect(refunded({ id: 3 }, { id: 4 }).map(({ transactionId }) => transactionId)).toEqual([null, null]);
  });

  it('has no date where the shop gives none', () => {
    expect(refunded({ created: '' })[0]?.at).toBeNull();
  });
});
