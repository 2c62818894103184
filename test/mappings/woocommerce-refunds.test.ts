// What WooCommerce gave back: by lines at their own rates where the refund’s details were fetched, by amount where not.
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/domain/money.ts';
import type { Order, RefundClaim } from '../../src/domain/order.ts';
import { sample, understand, type Wire } from '../support/woocommerce.ts';

const FETCHED = 'fetched.order';

/** The order of a fetched body, which a test may have changed. */
function orderIn(body: Wire): Order {
  const outcome = understand(body, FETCHED);
  if (!outcome.ok) throw new Error(outcome.error.detail);
  const fact = outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

/** A fetched sample whose order and first refund have some fields changed. */
function changed(name: string, order: Wire, refund: Wire = {}): Wire {
  const body = sample(name) as { order: Wire; refunds: Wire[] };
  return {
    order: { ...body.order, ...order },
    refunds: body.refunds.map((one, i) => (i === 0 ? { ...one, ...refund } : one)),
  };
}

/** The item lines of a sample's first refund. */
const linesOfFirst = (name: string): Wire[] => {
  const [refund] = (sample(name) as { refunds: Wire[] }).refunds;
  return (refund?.line_items ?? []) as Wire[];
};

const refundOf = (name: string, id: string): RefundClaim => {
  const claim = orderIn(sample(name)).refunds.find((one) => one.id === id);
  if (claim === undefined) throw new Error('no refund');
  return claim;
};
const money = (claim: RefundClaim) =>
  claim.lines?.map(({ lineId, quantity, gross, tax, rate }) => [lineId, quantity, gross, tax, rate]);
const given = (claim: RefundClaim) => sum((claim.lines ?? []).map(({ gross }) => gross));

describe('a refund of a WooCommerce order', () => {
  it('takes back pieces and shipping under the order’s own lines, names and rates, to the cent', () => {
    const claim = refundOf('fetched-refunds-by-lines', '1071');
    expect(claim).toMatchObject({
      amount: 2319n,
      at: '2026-11-22T10:00:00.000Z',
      reason: 'Exemplaire abîmé',
      transactionId: 're_3QTestTwoRates71',
    });
    expect(money(claim)).toEqual([
      ['302', '1', 1319n, 69n, '5.5'],
      ['303', '1', 1000n, 167n, '20'],
    ]);
    expect(claim.lines?.map(({ kind, name }) => [kind, name])).toEqual([
      ['item', 'Guide du cuir (3e éd.)'],
      ['shipping', 'Colissimo'],
    ]);
  });

  it('takes back an amount for a line with no piece of it', () => {
    expect(money(refundOf('fetched-refunds-by-lines', '1072'))).toEqual([['301', '1', 2400n, 400n, '20']]);
  });

  it('has no lines where the shop returned an amount only', () => {
    const claim = refundOf('fetched-refunds-by-lines', '1073');
    expect([claim.amount, claim.lines]).toEqual([500n, []]);
  });

  it('leaves the order’s total and lines alone', () => {
    const order = orderIn(sample('fetched-refunds-by-lines'));
    expect([order.total, sum(order.lines.map(({ gross }) => gross)), order.listsAllRefunds]).toEqual([
      16956n,
      16956n,
      true,
    ]);
  });

  it('adds up to what was returned where rounded lines miss it, line by line as the order was charged', () => {
    const order = orderIn(sample('fetched-refunded-whole'));
    const [claim] = order.refunds;
    expect([claim?.amount, claim?.lines?.map(({ gross }) => gross)]).toEqual([
      1614n,
      order.lines.map(({ gross }) => gross),
    ]);
  });

  it('tells lines and amount apart where a fee was kept, and turns a discount back with its sign', () => {
    const claim = refundOf('fetched-restocking-fee', '1091');
    expect([claim.amount, given(claim)]).toEqual([9800n, 10800n]);
    expect(claim.lines?.map(({ kind, gross, tax, rate }) => [kind, gross, tax, rate])).toEqual([
      ['item', 12000n, 2000n, '20'],
      ['fee', -1200n, -200n, '20'],
    ]);
  });

  it('turns back a discount that was split over rates under the lines it was split into', () => {
    const taxes = (sign: string) => [
      { id: 1, total: `${sign}0.89` },
      { id: 2, total: `${sign}0.31` },
    ];
    const body = changed(
      'fetched-refunds-by-lines',
      {
        total: '158.36',
        fee_lines: [{ id: 305, name: 'Remise', total: '-10.00', total_tax: '-1.20', taxes: taxes('-') }],
      },
      {
        amount: '11.99',
        fee_lines: [
          {
            id: 614,
            name: 'Remise',
            total: '10.00',
            total_tax: '1.20',
            taxes: taxes(''),
            meta_data: [{ key: '_refunded_item_id', value: 305 }],
          },
        ],
      },
    );
    const order = orderIn(body);
    const fees = order.lines.filter(({ kind }) => kind === 'fee');
    const claim = order.refunds.find(({ id }) => id === '1071');
    expect(claim?.lines?.filter(({ kind }) => kind === 'fee').map(({ lineId, rate }) => [lineId, rate])).toEqual(
      fees.map(({ id, rate }) => [id, rate]),
    );
    expect(claim && given(claim)).toBe(1199n);
  });

  it('names a line by itself that the order no longer has', () => {
    const [line] = linesOfFirst('fetched-refunds-by-lines');
    const body = changed(
      'fetched-refunds-by-lines',
      {},
      { line_items: [{ ...line, meta_data: [] }], shipping_lines: [], amount: '13.19' },
    );
    const claim = orderIn(body).refunds.find(({ id }) => id === '1071');
    expect(claim?.lines).toMatchObject([{ lineId: null, name: 'Guide du cuir (3e éd.)', gross: 1319n, rate: '5.5' }]);
  });

  it('keeps the rate of its line where the shop typed an amount without tax', () => {
    const [line] = linesOfFirst('fetched-refunds-by-lines');
    const untaxed = { ...line, total: '-10.00', total_tax: '0.00', taxes: [], price: 0, quantity: 0 };
    const body = changed(
      'fetched-refunds-by-lines',
      {},
      { line_items: [untaxed], shipping_lines: [], amount: '10.00' },
    );
    expect(orderIn(body).refunds.find(({ id }) => id === '1071')?.lines).toMatchObject([
      { lineId: '302', gross: 1000n, tax: 0n, rate: '5.5' },
    ]);
  });

  it('is whole in a currency without decimals, and in a shop that shows none', () => {
    const yen = {
      id: 1,
      quantity: 2,
      price: 1000,
      total: '2000',
      total_tax: '200',
      taxes: [{ id: 1, total: '200' }],
      name: 'Bol',
      meta_data: [],
    };
    const back = {
      ...yen,
      id: 2,
      quantity: -1,
      total: '-1000',
      total_tax: '-100',
      taxes: [{ id: 1, total: '-100' }],
      meta_data: [{ key: '_refunded_item_id', value: '1' }],
    };
    const rate = [{ rate_id: 1, rate_percent: 10 }];
    const body = (currency: string): Wire => ({
      order: {
        ...sample('pending-stripe'),
        currency,
        total: '2200',
        line_items: [yen],
        tax_lines: rate,
        refunds: [{ id: 9, total: '-1100' }],
      },
      refunds: [{ id: 9, amount: '1100', date_created_gmt: '2026-11-22T10:00:00', line_items: [back] }],
    });
    for (const [currency, amount] of [
      ['JPY', 1100n],
      ['EUR', 110_000n],
    ] as const) {
      const [claim] = orderIn(body(currency)).refunds;
      expect([claim?.amount, claim && given(claim), claim?.lines?.[0]?.lineId]).toEqual([amount, amount, '1']);
    }
  });

  it('bears the gateway’s id from its own meta, and Stripe’s from the order only where it can be no other refund’s', () => {
    const withKey = (key: string) =>
      orderIn(changed('fetched-refunds-by-lines', {}, { meta_data: [{ id: 1, key, value: 're_own' }] })).refunds;
    for (const key of ['_stripe_refund_id', '_wcpay_refund_id', '_transaction_id']) {
      expect(withKey(key).map(({ transactionId }) => transactionId)).toEqual([null, null, 're_own']);
    }
    const onOrder = { meta_data: [{ id: 1, key: '_stripe_refund_id', value: 're_last' }] };
    expect(
      orderIn(changed('fetched-refunds-by-lines', onOrder, { meta_data: [] })).refunds[2]?.transactionId,
    ).toBeNull();
    const only = orderIn(changed('fetched-refunded-whole', onOrder)).refunds;
    expect(only.map(({ transactionId }) => transactionId)).toEqual(['re_last']);
    const byHand = orderIn(changed('fetched-refunded-whole', onOrder, { refunded_payment: false })).refunds;
    expect(byHand.map(({ transactionId }) => transactionId)).toEqual([null]);
  });

  it('of nothing only restocks, and is none', () => {
    const body = changed('fetched-refunded-whole', { refunds: [{ id: 1081, total: '-0.00' }] });
    expect(orderIn(body).refunds).toEqual([]);
  });

  it.each([
    [
      'refunds.0.line_items.0.total',
      { line_items: [{ id: 1, name: '', quantity: -1, total: '1,5', total_tax: '0', taxes: [] }] },
    ],
    ['refunds.0.amount', { amount: 'all' }],
    ['refunds.1071.date_created_gmt', { date_created_gmt: '22/11/2026' }],
  ])('that cannot be read names the path: %s', (at, refund) => {
    const outcome = understand(changed('fetched-refunds-by-lines', {}, refund), FETCHED);
    expect(outcome).toMatchObject({ ok: false, error: { at } });
  });
});

describe('a refund that only the order names', () => {
  it('has its amount, and its lines are asked for', () => {
    const outcome = understand(sample('partially-refunded'));
    expect(outcome).toMatchObject({ value: { kind: 'facts', fetch: ['order:1050'] } });
    const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
    expect(fact?.kind === 'order' && fact.order.refunds.map(({ lines, at }) => [lines, at])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('asks for nothing where there is none, and a fetched order never asks again', () => {
    expect(understand(sample('guest-coupon'))).not.toHaveProperty('value.fetch');
    expect(understand({ order: sample('partially-refunded'), refunds: [] }, FETCHED)).not.toHaveProperty('value.fetch');
  });

  it('that is no longer listed has been taken back; an old store that lists none says nothing of it', () => {
    const lists = (refunds: unknown) => orderIn({ order: { ...sample('partially-refunded'), refunds }, refunds: [] });
    expect(lists([])).toMatchObject({ refunds: [], listsAllRefunds: true });
    expect(lists(undefined)).toMatchObject({ refunds: [], listsAllRefunds: false });
  });
});

describe('what was fetched from a WooCommerce shop', () => {
  it('is the same order as its webhook told, where nothing was refunded', () => {
    for (const name of ['company-two-rates', 'gift-card', 'reverse-charge', 'fee-negative']) {
      expect(understand({ order: sample(name), refunds: [] }, FETCHED)).toEqual(understand(sample(name)));
    }
  });

  it('is a problem where it holds no order', () => {
    for (const body of [
      {},
      { order: null },
      { order: [], refunds: [] },
      { order: { id: 1 } },
      sample('guest-coupon'),
    ]) {
      expect(understand(body, FETCHED)).toMatchObject({ ok: false, error: { code: 'not_an_order' } });
    }
  });
});
