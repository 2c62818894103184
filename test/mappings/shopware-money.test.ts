// The amounts of Shopware orders: tax in them or beside them, over one rate or several, and what was given back.
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { read, sample, type Wire, type WireOrder } from './shopware-samples.ts';

/** The lines in short: kind, name, quantity, gross, tax, rate. */
const linesOf = ({ lines }: Order) =>
  lines.map(({ kind, name, quantity, gross, tax, rate }) => [kind, name, quantity, gross, tax, rate]);

const price = (totalPrice: number, taxes: [rate: number, price: number, tax: number][]): Wire => ({
  totalPrice,
  calculatedTaxes: taxes.map(([taxRate, part, tax]) => ({ taxRate, price: part, tax })),
});

/** A sample that sells one thing at a price, and costs so much in all. */
const sold = (name: string, total: number, one: Wire, change: Wire = {}): WireOrder => {
  const body = sample(name);
  const [first] = body.lineItems;
  return {
    ...body,
    price: { ...body.price, totalPrice: total, rawTotal: total, ...change },
    lineItems: [{ ...first, price: one }],
  };
};

describe('the lines of a Shopware order', () => {
  it('split a promotion and shipping over the rates that they lie on', () => {
    const order = read(sample('gross-two-rates'));
    expect(linesOf(order)).toEqual([
      ['item', 'Lampe de bureau', '2', 9600n, 1600n, '20'],
      ['item', 'Guide de la lumière', '1', 1055n, 55n, '5.5'],
      ['fee', 'NOEL10', '1', -960n, -160n, '20'],
      ['fee', 'NOEL10', '1', -105n, -5n, '5.5'],
      ['shipping', 'Colissimo', '1', 541n, 90n, '20'],
      ['shipping', 'Colissimo', '1', 59n, 3n, '5.5'],
    ]);
    expect(new Set(order.lines.map(({ id }) => id)).size).toBe(6);
    expect(order.doubt).toBeNull();
  });

  it('add the tax to the amounts of a net order', () => {
    const order = read(sample('net-company'));
    expect(linesOf(order)).toEqual([
      ['item', 'Stehlampe', '3', 14_691n, 2346n, '19'],
      ['item', 'Kabel', '1', 546n, 87n, '19'],
      ['shipping', 'Colissimo', '1', 589n, 94n, '19'],
    ]);
    expect(order.total).toBe(15_826n);
  });

  it('bear no rate where the order is free of tax, and shed the noise of a float', () => {
    const order = read(sample('tax-free'));
    expect(linesOf(order)).toEqual([
      ['item', 'Abat-jour', '1', 4999n, 0n, null],
      ['shipping', 'Colissimo', '1', 799n, 0n, null],
    ]);
    expect(order.total).toBe(5798n);
  });

  it('count the parts of a container once, by its rates', () => {
    expect(linesOf(read(sample('container')))).toEqual([
      ['item', 'Coffret', '1', 2400n, 400n, '20'],
      ['item', 'Coffret', '1', 710n, 37n, '5.5'],
    ]);
  });

  it('make up for rounding to the smallest coin with a line of its own', () => {
    const order = read(sample('cash-rounding'));
    expect(linesOf(order)).toEqual([
      ['item', 'Kerze', '1', 1237n, 93n, '8.1'],
      ['fee', 'Rounding', '1', -2n, 0n, null],
    ]);
    expect(order).toMatchObject({ total: 1235n, doubt: null });
  });

  it('follow the total where taxes are worked out on the sum and not on the lines', () => {
    const body = sample('net-company');
    const order = read({ ...body, price: { ...body.price, totalPrice: 158.27, rawTotal: 158.27 } });
    expect(sum(order.lines.map(({ gross }) => gross))).toBe(15_827n);
    expect(order.doubt).toBeNull();
  });

  it('keep parts of a cent apart until the total is made', () => {
    const thirds = price(-10, [
      [20, -6.666667, -1.111111],
      [5.5, -3.333333, -0.173776],
    ]);
    const body = sample('gross-two-rates');
    const [lamp] = body.lineItems;
    const order = read({
      ...body,
      price: { ...body.price, totalPrice: 86, rawTotal: 86 },
      shippingCosts: price(0, []),
      lineItems: [lamp, { ...lamp, id: 'f'.repeat(32), type: 'promotion', quantity: 1, price: thirds }],
    });
    expect(order.lines.map(({ gross }) => gross)).toEqual([9600n, -667n, -333n]);
    expect(order.doubt).toBeNull();
  });

  it('give what rounding left of a split price to its largest part', () => {
    const order = read(
      sold(
        'gross-two-rates',
        106,
        price(100, [
          [20, 66.66, 11.11],
          [5.5, 33.33, 1.74],
        ]),
      ),
    );
    expect(order.lines.slice(0, 2).map(({ gross }) => gross)).toEqual([6667n, 3333n]);
  });

  it('leave a part on which no tax lies without a rate', () => {
    const order = read(
      sold(
        'gross-two-rates',
        106,
        price(100, [
          [20, 60, 10],
          [5.5, 30, 1.56],
        ]),
      ),
    );
    expect(order.lines.slice(0, 3).map(({ gross, rate }) => [gross, rate])).toEqual([
      [6000n, '20'],
      [3000n, '5.5'],
      [1000n, null],
    ]);
  });

  it('keep a gift of nothing, and drop a promotion of nothing', () => {
    const body = sample('refunded-state-only');
    const [lamp] = body.lineItems;
    const free = { ...lamp, label: 'Gift', price: price(0, [[20, 0, 0]]) };
    const lineItems = [
      lamp,
      { ...free, id: 'a'.repeat(32) },
      { ...free, id: 'b'.repeat(32), type: 'promotion', label: 'FREESHIP' },
    ];
    expect(read({ ...body, lineItems }).lines.map(({ name, gross }) => [name, gross])).toEqual([
      ['10047 lamp', 12_000n],
      ['Gift', 0n],
    ]);
  });

  it('go to a person where two taxes lie on the same amount', () => {
    const order = read(sample('two-taxes'));
    expect(order.doubt?.code).toBe('taxed_twice');
    expect(linesOf(order)).toEqual([['item', 'Lamp', '1', 11_200n, 0n, null]]);
  });

  it('go to a person where they do not make the total', () => {
    expect(read(sample('totals-disagree')).doubt?.code).toBe('totals_disagree');
  });

  it('read a currency without decimals in its own unit', () => {
    const body = sold('refunded-state-only', 1200, price(1200, [[10, 1200, 109]]));
    expect(read({ ...body, currency: { isoCode: 'JPY' } })).toMatchObject({
      total: 1200n,
      lines: [{ gross: 1200n, tax: 109n }],
    });
  });
});

describe('what a Shopware order gave back', () => {
  it('is each completed refund with the lines it was for, and no failed one', () => {
    const order = read(sample('refunded-positions'));
    expect(order.refunds).toEqual([
      {
        id: '09b709c06cc9084f02e76e5be81bc896',
        amount: 4800n,
        at: '2026-11-21T08:00:01.250Z',
        reason: 'Abîmée',
        lines: [
          {
            lineId: order.lines[0]?.id,
            kind: 'item',
            name: 'Refunded lamp',
            quantity: '1',
            gross: 4800n,
            tax: 800n,
            rate: '20',
          },
        ],
        transactionId: 're_3QSampleRefund',
      },
    ]);
    expect(order).toMatchObject({ listsAllRefunds: true, total: 10_655n, doubt: null });
  });

  it('is the whole transaction where the plugin only sets the state', () => {
    const order = read(sample('refunded-state-only'));
    expect(order.refunds).toMatchObject([
      { id: sample('refunded-state-only').transactions[0]?.id, amount: 12_000n, lines: [] },
    ]);
  });

  it('is the rest of the transaction where refunds account for a part of it', () => {
    const body = sample('refunded-positions');
    const transactions = body.transactions.map((one) => ({ ...one, stateMachineState: { technicalName: 'refunded' } }));
    expect(read({ ...body, transactions }).refunds.map(({ amount }) => amount)).toEqual([4800n, 5855n]);
  });

  it('goes to a person where a part was returned and nobody says how much', () => {
    expect(read(sample('refunded-partly-unknown'))).toMatchObject({
      refunds: [],
      paid: { amount: 12_000n },
      doubt: { code: 'refund_amount_unknown' },
    });
  });

  /** A refund of so much with one position, of the sample's first item unless another is named. */
  const refunded = (name: string, amount: number, position: Wire, itemId?: string): Order => {
    const body = sample(name);
    const created = { createdAt: '2026-11-21T08:00:00.000+00:00', stateMachineState: { technicalName: 'completed' } };
    const refund = {
      ...created,
      id: 'c'.repeat(32),
      amount: price(amount, []),
      positions: [{ orderLineItemId: itemId ?? body.lineItems[0]?.id, quantity: 1, amount: position }],
    };
    const captures = [{ ...created, amount: price(0, []), refunds: [refund] }];
    return read({ ...body, transactions: body.transactions.map((one) => ({ ...one, captures })) });
  };

  it('tells a position of a net order with its tax, whether the plugin wrote it beside the amount or in it', () => {
    const beside = refunded('net-company', 48.97, price(41.15, [[19, 41.15, 7.82]]));
    const inside = refunded('net-company', 48.97, price(48.97, [[19, 48.97, 7.82]]));
    for (const order of [beside, inside])
      expect(order.refunds[0]?.lines).toMatchObject([{ gross: 4897n, tax: 782n, rate: '19' }]);
  });

  it('takes rate and tax from the line where a position bears none', () => {
    const order = refunded('refunded-state-only', 60, price(60, []));
    expect(order.refunds[0]?.lines).toMatchObject([
      { lineId: order.lines[0]?.id, gross: 6000n, tax: 1000n, rate: '20' },
    ]);
  });

  it('finds the line of a container by any of its parts', () => {
    const [, candle] = sample('container').lineItems;
    const order = refunded('container', 24, price(24, [[20, 24, 4]]), String(candle?.id));
    expect(order.refunds[0]?.lines).toMatchObject([{ lineId: order.lines[0]?.id, name: 'Coffret', rate: '20' }]);
  });
});
