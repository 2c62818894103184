// What the bridge reads from Shopify's refunds: the money that went back, and what it was for, line by line.
import { describe, expect, it } from 'vitest';
import type { Order, RefundLine } from '../../src/domain/order.ts';
import { changed, order, refunds, sample, type Wire } from '../support/shopify.ts';

const BY_LINE = 'refunded-by-line';

/** Kind, name, quantity, gross, tax and rate of what a refund gave back. */
const returned = ({ refunds: [refund] }: Order): unknown[][] | undefined =>
  refund?.lines?.map(({ kind, name, quantity, gross, tax, rate }: RefundLine) => [
    kind,
    name,
    quantity,
    gross,
    tax,
    rate,
  ]);

const firstRefund = (name: string): Wire => (sample(name).refunds as Wire[])[0] ?? {};

const adjustment = (amount: string, tax: string, kind = 'shipping_refund'): Wire => ({
  kind,
  amount,
  tax_amount: tax,
});

const transaction = (amount: string, extra: Wire = {}): Wire => ({
  kind: 'refund',
  status: 'success',
  amount,
  currency: 'EUR',
  ...extra,
});

describe('what a Shopify refund gave back', () => {
  it('is told by line and shipping, tax included, each at its line’s rate', () => {
    const read = order(BY_LINE);
    expect(returned(read)).toEqual([
      ['item', 'Bougie cire d’abeille', '2', 2880n, 480n, '20'],
      ['item', 'Miel de lavande', '1', 950n, 50n, '5.5'],
      ['shipping', 'Mondial Relay', '1', 540n, 90n, '20'],
    ]);
    expect(read.refunds[0]).toMatchObject({ amount: 4370n, reason: 'colis abîmé', at: '2026-11-25T08:30:00.000Z' });
    expect(read.refunds[0]?.lines?.map(({ lineId }) => lineId)).toEqual(read.lines.map(({ id }) => id));
  });

  it('is gross already where the shop’s prices include tax', () => {
    const read = changed(
      'refunded-less-a-fee',
      refunds('refunded-less-a-fee', 0, { transactions: [transaction('60.00')] }),
    );
    expect(returned(read)).toEqual([['item', 'Vase Lune', '1', 6000n, 1000n, '20']]);
    expect(read.refunds[0]?.amount).toBe(6000n);
  });

  it('and the money may differ: a fee for restocking is kept, and both are told', () => {
    const read = order('refunded-less-a-fee');
    expect(read.refunds[0]?.amount).toBe(5000n);
    expect(returned(read)).toEqual([['item', 'Vase Lune', '1', 6000n, 1000n, '20']]);
  });

  it('is an amount for nothing in particular where it names no lines', () => {
    const read = order('refunded-amount-only');
    expect(read.refunds).toMatchObject([{ amount: 1000n, lines: [], reason: 'geste commercial' }]);
    expect(read.doubt).toBeNull();
  });

  it('counts shipping once, though it is told by line and as an adjustment', () => {
    const { refund_shipping_lines, order_adjustments } = firstRefund(BY_LINE);
    expect([refund_shipping_lines, order_adjustments].map((told) => (told as Wire[]).length)).toEqual([1, 1]);
    expect(returned(order(BY_LINE))?.filter(([kind]) => kind === 'shipping')).toHaveLength(1);
  });

  it.each([
    ['both ways', {}],
    ['by line only, without its tax', { order_adjustments: [] }],
    ['as an adjustment below zero only', { refund_shipping_lines: [] }],
    ['as an adjustment of older versions, without a list of lines', { refund_shipping_lines: undefined }],
  ])('has the same shipping when it is told %s', (_case, changes) => {
    const read = changed(BY_LINE, refunds(BY_LINE, 0, changes));
    expect(returned(read)?.at(-1)).toEqual(['shipping', 'Mondial Relay', '1', 540n, 90n, '20']);
  });

  it.each([
    ['inside', '-6.00', '-1.00'],
    ['on top', '-5.00', '-1.00'],
  ])('has an adjustment’s tax %s a gross price as the money says', (_case, amount, tax) => {
    const given = {
      refund_line_items: [],
      order_adjustments: [adjustment(amount, tax)],
      transactions: [transaction('6.00')],
    };
    const read = changed('refunded-less-a-fee', refunds('refunded-less-a-fee', 0, given));
    expect(returned(read)).toEqual([['shipping', 'Colissimo', '1', 600n, 100n, '20']]);
  });

  it('has shipping of no line where the order has several and none is named', () => {
    const [line] = sample(BY_LINE).shipping_lines as Wire[];
    const read = changed(BY_LINE, {
      ...refunds(BY_LINE, 0, { refund_shipping_lines: [] }),
      shipping_lines: [line, { ...line, id: 777 }],
    });
    expect(read.refunds[0]?.lines?.at(-1)).toMatchObject({
      lineId: null,
      kind: 'shipping',
      gross: 540n,
      rate: null,
      tax: 0n,
    });
  });

  it('has no part in a discrepancy: what was kept or given on top is the difference to the money', () => {
    const given = { order_adjustments: [adjustment('3.00', '0.00', 'refund_discrepancy')], refund_shipping_lines: [] };
    const read = changed(BY_LINE, refunds(BY_LINE, 0, given));
    expect(returned(read)?.map(([kind]) => kind)).toEqual(['item', 'item']);
  });

  it('is in the currency that the buyer paid in', () => {
    const euros = {
      shop_money: { amount: '31.00', currency_code: 'USD' },
      presentment_money: { amount: '28.80', currency_code: 'EUR' },
    };
    const tax = {
      shop_money: { amount: '5.20', currency_code: 'USD' },
      presentment_money: { amount: '4.80', currency_code: 'EUR' },
    };
    const [line] = firstRefund(BY_LINE).refund_line_items as Wire[];
    const refund_line_items = [{ ...line, subtotal: 31, total_tax: 5.2, subtotal_set: euros, total_tax_set: tax }];
    const read = changed(
      BY_LINE,
      refunds(BY_LINE, 0, { refund_line_items, refund_shipping_lines: [], order_adjustments: [] }),
    );
    expect(returned(read)).toEqual([['item', 'Bougie cire d’abeille', '2', 3360n, 480n, '20']]);
  });

  it('reads amounts that are JSON numbers and those that are texts alike', () => {
    const flat = (of: (amount: unknown) => unknown): Order => {
      const lines = firstRefund(BY_LINE).refund_line_items as Wire[];
      const refund_line_items = lines.map(({ subtotal, total_tax, subtotal_set: _a, total_tax_set: _b, ...line }) => ({
        ...line,
        subtotal: of(subtotal),
        total_tax: of(total_tax),
      }));
      return changed(BY_LINE, refunds(BY_LINE, 0, { refund_line_items }));
    };
    expect(flat(Number)).toEqual(flat(String));
    expect(flat(Number)).toEqual(order(BY_LINE));
  });

  it('is worked out from the order’s line where an old version tells pieces only', () => {
    const lines = firstRefund(BY_LINE).refund_line_items as Wire[];
    const refund_line_items = lines.map(({ line_item_id, quantity }) => ({ line_item_id, quantity }));
    expect(returned(changed(BY_LINE, refunds(BY_LINE, 0, { refund_line_items })))).toEqual(returned(order(BY_LINE)));
  });

  it('of a line that the order does not have is told without it', () => {
    const [line] = firstRefund(BY_LINE).refund_line_items as Wire[];
    const read = changed(BY_LINE, refunds(BY_LINE, 0, { refund_line_items: [{ ...line, line_item_id: 9 }] }));
    expect(read.refunds[0]?.lines?.[0]).toMatchObject({ lineId: null, name: '', gross: 2880n, rate: null, tax: 0n });
  });

  it('belongs to the edit that it repays, piece by piece', () => {
    const read = order('edited-then-repaid');
    expect(read.refunds).toHaveLength(1);
    expect(returned(read)?.map(([kind, , quantity, gross]) => [kind, quantity, gross])).toEqual([['item', '1', 1200n]]);
  });
});

describe('the money of a Shopify refund', () => {
  it.each(['pending', 'failure', 'error', 'awaiting_response'])('has not gone back while it is %s', (status) => {
    expect(changed(BY_LINE, refunds(BY_LINE, 0, { transactions: [transaction('43.70', { status })] })).refunds).toEqual(
      [],
    );
  });

  it('bears Stripe’s id of the refund where the gateway leaves it', () => {
    const ids = [
      [{ authorization: 're_3Own' }, 're_3Own'],
      [{ receipt: { id: 'pyr_3Own' } }, 'pyr_3Own'],
      [{ receipt: '{"id":"re_3Text"}' }, 're_3Text'],
      [{ authorization: 'ch_3Charge' }, null],
      [{ authorization: '53433', receipt: {} }, null],
    ] as const;
    for (const [extra, id] of ids) {
      const read = changed(BY_LINE, refunds(BY_LINE, 0, { transactions: [transaction('43.70', extra)] }));
      expect(read.refunds[0]?.transactionId).toBe(id);
    }
    expect(order(BY_LINE).refunds[0]?.transactionId).toBe('re_3Atelier0001');
  });

  it('returned to a gift card or as store credit went back all the same', () => {
    const transactions = [
      transaction('40.00', { gateway: 'gift_card' }),
      transaction('3.70', { gateway: 'shopify_store_credit' }),
    ];
    expect(changed(BY_LINE, refunds(BY_LINE, 0, { transactions })).refunds[0]?.amount).toBe(4370n);
  });

  it('is never said to be taken back, since Shopify deletes no refund', () => {
    expect(order(BY_LINE).listsAllRefunds).toBe(false);
  });
});

describe('an edit beside a refund of shipping', () => {
  it('is still an edit: shipping that was returned is money of its own', () => {
    const [shippingOnly] = refunds(BY_LINE, 0, { refund_line_items: [], transactions: [transaction('5.40')] })
      .refunds as Wire[];
    const [line] = firstRefund(BY_LINE).refund_line_items as Wire[];
    const edit = {
      ...firstRefund(BY_LINE),
      id: 1,
      refund_line_items: [line],
      refund_shipping_lines: [],
      order_adjustments: [],
      transactions: [],
    };
    const items = (sample(BY_LINE).line_items as Wire[]).map((item, index) => ({
      ...item,
      current_quantity: index === 0 ? 2 : 2,
    }));
    const read = changed(BY_LINE, { line_items: items, refunds: [edit, shippingOnly] });
    expect([read.doubt, read.refunds.length, read.lines[0]?.quantity]).toEqual([null, 1, '2']);
    expect(returned(read)).toEqual([['shipping', 'Mondial Relay', '1', 540n, 90n, '20']]);
  });
});
