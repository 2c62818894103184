// What the bridge makes of the money of a PrestaShop order: lines, rates, vouchers, fees and credit slips. The figures of the
// rounding cases are those of PrestaShop's own bug reports.
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { type Bundle, type Change, detail, only, order, type Row, row } from './prestashop-sample.ts';

const lines = (read: Order) => read.lines.map(({ id, gross, tax, rate }) => [id, gross, tax, rate]);

describe('the lines of a PrestaShop order', () => {
  it('are products, shipping and wrapping at their own rates', () => {
    const read = order('company-two-rates');
    expect(lines(read)).toEqual([
      ['1', 11988n, 1998n, '20'],
      ['2', 1055n, 55n, '5.5'],
      ['shipping', 840n, 140n, '20'],
      ['wrapping', 240n, 40n, '20'],
    ]);
    expect(read).toMatchObject({ total: 14123n, doubt: null });
    expect(read.lines.map(({ kind, name, quantity, sku }) => [kind, name, quantity, sku])).toEqual([
      ['item', 'Lampe d’atelier – Couleur : Noir', '2', 'LAMPE-N'],
      ['item', 'Carnet de croquis', '1', 'CARNET'],
      ['shipping', 'Colis du facteur', '1', ''],
      ['fee', 'Emballage cadeau', '1', ''],
    ]);
  });

  it('follow total_paid_tax_incl where total_paid says something else', () => {
    // The demo order of every new shop: 59.80 of untaxed goods, shipping of 7.00 that is charged 8.40, total_paid 61.80.
    const demo: Change = (bundle) => {
      only([detail('1', '23.900000', '23.900000', []), detail('2', '35.900000', '35.900000', [])], {
        incl: '68.200000',
        excl: '66.800000',
      })(bundle);
      Object.assign(bundle.order, {
        total_paid: '61.800000',
        total_shipping_tax_incl: '8.400000',
        total_shipping_tax_excl: '7.000000',
        carrier_tax_rate: '0.000',
      });
    };
    expect(order('company-two-rates', demo)).toMatchObject({ total: 6820n, doubt: null });
    expect(lines(order('company-two-rates', demo))).toEqual([
      ['1', 2390n, 0n, null],
      ['2', 3590n, 0n, null],
      ['shipping', 840n, 140n, '20'],
    ]);
  });

  it('never take the rate of shipping from carrier_tax_rate against its prices', () => {
    const read = order('company-two-rates', ({ order: own }) => {
      own.carrier_tax_rate = '10.000';
    });
    expect(read.lines.find(({ id }) => id === 'shipping')?.rate).toBe('20');
  });

  it('are settled to the charged total by a cent for each line, and no further', () => {
    const details = [detail('1', '49.995000', '41.662500', ['1']), detail('2', '50.005000', '41.670833', ['1'])];
    const rounded = order('company-two-rates', only(details, { incl: '100.010000', excl: '83.340000' }));
    expect(rounded.doubt).toBeNull();
    expect(sum(rounded.lines.map(({ gross }) => gross))).toBe(10001n);
    const apart = order('company-two-rates', only(details, { incl: '100.100000', excl: '83.340000' }));
    expect(apart.doubt).toMatchObject({ code: 'totals_disagree', detail: expect.stringContaining('10010') });
  });

  it.each([
    ['a unit of 15.59 rounded four times, at 9 %', '4', '67.960000', '62.360000', '9.000', '9'],
    ['a unit of 1.6111 rounded fifty times, at 22 %', '50', '98.500000', '80.555000', '22.000', '22'],
    ['2.74 × 20 less 8 %, at 20 %', '20', '60.500000', '50.416000', '20.000', '20'],
  ])('keep the rate that the shop names through %s', (_case, quantity, incl, excl, rate, expected) => {
    const bundle = only([detail('1', incl, excl, ['7'], { product_quantity: quantity })], { incl, excl }, { 7: rate });
    expect(order('company-two-rates', bundle)).toMatchObject({ doubt: null, lines: [{ rate: expected, quantity }] });
  });

  it('tell a rate from the two prices where the key may not read taxes, also of a cheap thing beside others', () => {
    expect(order('least-rights').lines.map(({ rate }) => rate)).toEqual(['20', '5.5']);
    const cheap: Change = (bundle) => {
      only([detail('1', '60.000000', '50.000000', ['1']), detail('2', '0.120000', '0.100000', ['1'])], {
        incl: '60.120000',
        excl: '50.100000',
      })(bundle);
      delete bundle.taxes;
    };
    expect(order('company-two-rates', cheap).lines.map(({ rate }) => rate)).toEqual(['20', '20']);
  });

  it('are in doubt where two prices fit several rates, or none', () => {
    const alone =
      (incl: string, excl: string): Change =>
      (bundle) => {
        only([detail('1', incl, excl, [])], { incl, excl })(bundle);
        delete bundle.taxes;
      };
    expect(order('company-two-rates', alone('0.110000', '0.100000')).doubt?.code).toBe('rate_unknown');
    expect(order('company-two-rates', alone('134.000000', '100.000000')).doubt?.code).toBe('rate_unknown');
  });

  it('are in doubt where a tax that is named does not explain the prices, or two do', () => {
    const named = only([detail('1', '110.000000', '100.000000', ['1'])], { incl: '110.000000', excl: '100.000000' });
    expect(order('company-two-rates', named).doubt?.code).toBe('rate_unknown');
    const twice = only([detail('1', '125.500000', '100.000000', ['1', '3'])], {
      incl: '125.500000',
      excl: '100.000000',
    });
    expect(order('company-two-rates', twice).doubt?.code).toBe('taxed_twice');
  });

  it('have no rate where nothing was charged, whatever tax is named; and 0 % where that is named', () => {
    const exempt = only([detail('1', '100.000000', '100.000000', ['1'])], { incl: '100.000000', excl: '100.000000' });
    expect(order('company-two-rates', exempt)).toMatchObject({ doubt: null, lines: [{ rate: null, tax: 0n }] });
    const zero = only(
      [detail('1', '100.000000', '100.000000', ['4'])],
      { incl: '100.000000', excl: '100.000000' },
      { 4: '0.000' },
    );
    expect(order('company-two-rates', zero).lines[0]?.rate).toBe('0');
  });

  it('show the eco-participation apart only where it bears another rate', () => {
    const priced = (incl: string, excl: string, rate: string) =>
      order(
        'company-two-rates',
        only([detail('1', incl, excl, ['1'], { product_quantity: '2', ecotax: '0.500000', ecotax_tax_rate: rate })], {
          incl,
          excl,
        }),
      );
    expect(lines(priced('25.200000', '21.000000', '20.000'))).toEqual([['1', 2520n, 420n, '20']]);
    expect(lines(priced('25.000000', '21.000000', '0.000'))).toEqual([
      ['1', 2400n, 400n, '20'],
      ['1-ecotax', 100n, 0n, '0'],
    ]);
  });

  it('are in the minor unit of the currency', () => {
    const yen: Change = (bundle) => {
      only(
        [detail('1', '1100.000000', '1000.000000', ['2'])],
        { incl: '1100.000000', excl: '1000.000000' },
        { 2: '10.000' },
      )(bundle);
      bundle.currencies = [{ id: '1', iso_code: 'JPY' }];
    };
    expect(order('company-two-rates', yen)).toMatchObject({
      currency: 'JPY',
      total: 1100n,
      lines: [{ gross: 1100n, tax: 100n }],
    });
  });
});

describe('the vouchers of a PrestaShop order', () => {
  const discounts = (read: Order) => read.lines.map(({ id, gross, discount }) => [id, gross, discount]);
  const voucher =
    (incl: string, excl: string, rule: Row | null): Change =>
    (bundle) => {
      const { order: own } = bundle;
      const less = (total: unknown, by: string): string => (Number(total) - Number(by)).toFixed(6);
      own.total_paid_tax_incl = less(own.total_paid_tax_incl, incl);
      own.total_paid_tax_excl = less(own.total_paid_tax_excl, excl);
      own.total_discounts_tax_incl = incl;
      own.total_discounts_tax_excl = excl;
      if (rule === null) delete bundle.order_cart_rules;
      else
        bundle.order_cart_rules = [
          { id: '1', name: 'Bon', value: incl, value_tax_excl: excl, free_shipping: '0', deleted: '0', ...rule },
        ];
    };

  it('are taken off the products in proportion, with the missing cent on one line, and leave the total exact', () => {
    const read = order('guest-voucher');
    expect(discounts(read)).toEqual([
      ['1', 5400n, 600n],
      ['2', 950n, 106n],
      ['shipping', 600n, 0n],
    ]);
    expect(read).toMatchObject({ total: 6950n, doubt: null });
  });

  it('that waive the shipping are taken off the shipping, and what is left off the products', () => {
    const waived = voucher('8.400000', '7.000000', { free_shipping: '1' });
    expect(order('company-two-rates', waived).lines.map(({ id }) => id)).toEqual(['1', '2', 'wrapping']);
    const more = order('company-two-rates', voucher('18.400000', '15.375000', { free_shipping: '1' }));
    expect(more.doubt).toBeNull();
    expect(discounts(more).map(([id]) => id)).toEqual(['1', '2', 'wrapping']);
    expect(sum(more.lines.map(({ discount }) => discount))).toBe(1000n);
  });

  it('are known to waive the shipping by their amount where the key may not read them', () => {
    expect(order('company-two-rates', voucher('8.400000', '7.000000', null)).lines.map(({ id }) => id)).not.toContain(
      'shipping',
    );
  });

  it('for products of one rate are taken off these, as their tax shows', () => {
    const read = order('company-two-rates', voucher('5.280000', '5.004739', {}));
    expect(read.doubt).toBeNull();
    expect(discounts(read).slice(0, 2)).toEqual([
      ['1', 11988n, 0n],
      ['2', 527n, 528n],
    ]);
  });

  it('whose tax no sharing explains are left to a person', () => {
    expect(order('company-two-rates', voucher('10.000000', '3.000000', {})).doubt?.code).toBe('discount_unclear');
  });

  it('of the whole order leave lines of nothing', () => {
    const whole = order('company-two-rates', voucher('141.230000', '118.900000', { free_shipping: '1' }));
    expect(whole).toMatchObject({ total: 0n, doubt: null });
    expect(whole.lines.every(({ gross }) => gross === 0n)).toBe(true);
  });

  it('that were taken back do not count', () => {
    const taken = order('company-two-rates', (bundle) => {
      bundle.order_cart_rules = [{ name: 'Bon', value: '8.4', value_tax_excl: '7', free_shipping: '1', deleted: '1' }];
    });
    expect(taken).toMatchObject({ total: 14123n, doubt: null });
  });

  it('that modules use for a fee are a fee', () => {
    const read = order('company-two-rates', (bundle) => {
      bundle.order_cart_rules = [{ name: 'Frais PayPal', value: '2.400000', value_tax_excl: '2.000000', is_fee: '1' }];
      bundle.order.total_paid_tax_incl = '143.630000';
      bundle.order.total_paid_tax_excl = '120.900000';
    });
    expect(read).toMatchObject({ total: 14363n, doubt: null });
    expect(read.lines.at(-1)).toMatchObject({ kind: 'fee', name: 'Frais PayPal', gross: 240n, tax: 40n, rate: '20' });
  });

  it('beside a payment_fee that a module adds to the order: it is a fee at the rate that the totals show', () => {
    const read = order('company-two-rates', (bundle) => {
      bundle.order.payment_fee = '1.200000';
      bundle.order.total_paid_tax_incl = '142.430000';
      bundle.order.total_paid_tax_excl = '119.900000';
    });
    expect(read.doubt).toBeNull();
    expect(read.lines.at(-1)).toMatchObject({ kind: 'fee', name: 'Frais de paiement', gross: 120n, rate: '20' });
  });
});

describe('the credit slips of a PrestaShop order', () => {
  const slip =
    (change: Row, details?: Row[]) =>
    (bundle: Bundle): void => {
      const own = row(bundle, 'order_slip');
      Object.assign(own, change);
      if (details !== undefined) own.associations = { order_slip_details: details };
    };
  const [piece, none] = [
    { id_order_detail: '1', product_quantity: '1', amount_tax_excl: '25.000000', amount_tax_incl: '30.000000' },
    { total_shipping_tax_incl: '0.000000', shipping_cost_amount: '0.000000' },
  ];

  it('give back products and shipping at the order’s own lines and rates', () => {
    expect(order('partially-refunded').refunds).toEqual([
      {
        id: '1',
        amount: 3690n,
        at: '2026-11-23T08:02:00.000Z',
        reason: '',
        transactionId: null,
        lines: [
          { lineId: '1', kind: 'item', name: 'Plaid en laine', quantity: '1', gross: 3000n, tax: 500n, rate: '20' },
          {
            lineId: 'shipping',
            kind: 'shipping',
            name: 'Colis du facteur',
            quantity: '1',
            gross: 690n,
            tax: 115n,
            rate: '20',
          },
        ],
      },
    ]);
    expect(order('partially-refunded').total).toBe(9690n);
  });

  it('bear the tax of the order where the slip lost that of its shipping', () => {
    const [refund] = order('partially-refunded', slip({ total_shipping_tax_excl: '6.900000' })).refunds;
    expect(refund?.lines?.[1]).toMatchObject({ gross: 690n, tax: 115n, rate: '20' });
  });

  it('count an amount that was chosen in place of the products, and tell both', () => {
    const [refund] = order(
      'partially-refunded',
      slip({ ...none, amount: '12.000000', order_slip_type: '2' }, [piece]),
    ).refunds;
    expect(refund).toMatchObject({ amount: 1200n, lines: [{ gross: 3000n }] });
  });

  it('leave out the vouchers that the employee left out, whichever of its totals the shop took them off', () => {
    const offNet = slip({ ...none, amount: '30.000000', order_slip_type: '1', total_products_tax_excl: '15.000000' }, [
      piece,
    ]);
    const offGross = slip(
      { ...none, amount: '25.000000', order_slip_type: '1', total_products_tax_incl: '20.000000' },
      [piece],
    );
    expect(order('partially-refunded', offNet).refunds[0]?.amount).toBe(2000n);
    expect(order('partially-refunded', offGross).refunds[0]?.amount).toBe(2000n);
  });

  it('of versions that wrote an amount and no totals count with that', () => {
    const old = {
      ...none,
      amount: '17.500000',
      partial: '1',
      total_products_tax_incl: '0',
      total_products_tax_excl: '0',
      shipping_cost_amount: '2.000000',
    };
    expect(order('partially-refunded', slip(old, [])).refunds[0]).toMatchObject({
      amount: 1950n,
      lines: [{ kind: 'shipping', gross: 200n }],
    });
  });

  it('of an amount alone have no lines, and those of nothing are none', () => {
    const amountOnly = slip(
      {
        ...none,
        amount: '10.000000',
        order_slip_type: '2',
        total_products_tax_incl: '0',
        total_products_tax_excl: '0',
      },
      [],
    );
    expect(order('partially-refunded', amountOnly).refunds[0]).toMatchObject({ amount: 1000n, lines: [] });
    const nothing = slip(
      { ...none, amount: '0.000000', total_products_tax_incl: '0', total_products_tax_excl: '0' },
      [],
    );
    expect(order('partially-refunded', nothing).refunds).toEqual([]);
  });

  it('share what they give back for a product with its eco-participation', () => {
    const read = order('partially-refunded', (bundle) => {
      Object.assign(row(bundle, 'order_details'), {
        total_price_tax_incl: '93.000000',
        total_price_tax_excl: '78.000000',
        ecotax: '1.000000',
        ecotax_tax_rate: '0.000',
      });
      bundle.order.total_paid_tax_incl = '99.900000';
      slip(
        { ...none, total_products_tax_incl: '31.000000', total_products_tax_excl: '26.000000', amount: '31.000000' },
        [{ ...piece, amount_tax_incl: '31.000000', amount_tax_excl: '26.000000' }],
      )(bundle);
    });
    expect(read.refunds[0]?.lines?.map(({ lineId, gross, rate }) => [lineId, gross, rate])).toEqual([
      ['1', 3000n, '20'],
      ['1-ecotax', 100n, '0'],
    ]);
  });

  it('name a product that is no longer in the order by no line', () => {
    const gone = slip({ ...none }, [{ ...piece, id_order_detail: '99' }]);
    expect(order('partially-refunded', gone).refunds[0]?.lines).toMatchObject([
      { lineId: null, gross: 3000n, rate: null },
    ]);
  });
});
