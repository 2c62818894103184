// What becomes of an order when a mapping corrects it.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import type { Order } from '../../src/domain/order.ts';
import { correct, wholeOrder } from '../../src/mapping/correct.ts';
import { orderToStandard } from '../../src/mapping/order-to-standard.ts';
import { unpaidOrder } from '../support/orders.ts';

const refunded: Order = unpaidOrder({
  refunds: [
    { id: 'r1', amount: 1_000n, at: null, reason: '', lines: null, transactionId: null },
    { id: 'r2', amount: 2_000n, at: null, reason: 'torn', lines: [], transactionId: 're_1' },
  ],
});

const corrected = (patch: Json, order: Order = unpaidOrder()): Order => {
  const outcome = correct(order, patch);
  if (!outcome.ok) throw new Error(outcome.error.detail);
  return outcome.value;
};

describe('a correction', () => {
  it('renames one line and leaves the rest as it is', () => {
    const order = unpaidOrder();
    const { lines, ...rest } = corrected({ lines: [{ id: '2', name: 'Shipping, insured' }] });
    const { lines: before, ...restBefore } = order;
    expect(rest).toEqual(restBefore);
    expect(lines).toEqual(before.map((line) => (line.id === '2' ? { ...line, name: 'Shipping, insured' } : line)));
  });

  it('may name one line without a list, as JSONata gives a list of one', () => {
    const patch = { lines: { id: '2', kind: 'fee' }, tags: 'b2b' };
    expect(corrected(patch)).toMatchObject({ lines: [{ kind: 'item' }, { kind: 'fee' }], tags: ['b2b'] });
  });

  it('gives the buyer a tax number, and takes a field away with null', () => {
    const order = unpaidOrder();
    const changed = corrected({ buyer: { tax_number: 'FR40303265045', kind: 'company', email: null } });
    expect(changed.buyer).toEqual({ ...order.buyer, taxNumber: 'FR40303265045', kind: 'company', email: null });
  });

  it.each<[string, { [key: string]: Json }, object]>([
    ['another rate, from the same gross', { rate: '10' }, { gross: 11_000n, tax: 1_000n, rate: '10' }],
    ['no rate', { rate: 'none' }, { gross: 11_000n, tax: 0n, rate: null }],
    ['another rate and its tax', { rate: '10', tax: '9.99' }, { gross: 11_000n, tax: 999n, rate: '10' }],
    ['net and tax in place of gross', { net: '100.00', tax: '10.00', rate: '10' }, { gross: 11_000n, tax: 1_000n }],
    ['another tax alone', { tax: '18.00' }, { gross: 11_000n, tax: 1_800n, rate: '20' }],
  ])('of a line works its tax out anew: %s', (_name, change, line) => {
    expect(corrected({ lines: [{ id: '1', ...change }] }).lines[0]).toMatchObject(line);
  });

  it('adds a line and takes one away', () => {
    const gift = { id: 'gift', name: 'Gift wrapping', quantity: '1', gross: '10.00', rate: '20' };
    const changed = corrected({ lines: [{ id: '2', remove: true }, gift] });
    expect(changed.lines.map(({ id }) => id)).toEqual(['1', 'gift']);
    expect(changed).toMatchObject({ total: 12_000n, doubt: null });
  });

  it('after which the lines no longer make the total leaves the order in doubt', () => {
    expect(corrected({ lines: [{ id: '2', gross: '1.00' }] }).doubt?.code).toBe('totals_disagree');
  });

  it('of a doubtful order keeps the doubt until it takes it away', () => {
    const doubtful = unpaidOrder({ doubt: { code: 'rate_unknown', detail: 'a line bears tax' } });
    expect(corrected({ lines: [{ id: '1', rate: '20' }] }, doubtful).doubt?.code).toBe('rate_unknown');
    expect(corrected({ lines: [{ id: '1', rate: '20' }], doubt: null }, doubtful).doubt).toBeNull();
  });

  it('reaches a refund by its id', () => {
    const patch = { refunds: [{ id: 'r2', lines: { line_id: '2', quantity: '1', gross: '10.00' } }] };
    expect(corrected(patch, refunded).refunds).toMatchObject([
      { id: 'r1', lines: null },
      { id: 'r2', reason: 'torn', lines: [{ lineId: '2', name: 'Delivery', gross: 1_000n, tax: 167n, rate: '20' }] },
    ]);
  });

  it.each<[string, Json, string]>([
    ['a misspelt key', { byuer: {} }, 'byuer'],
    ['a misspelt key of a line', { lines: [{ id: '1', gros: '1.00' }] }, 'lines.0.gros'],
    ['a fraction of a cent', { lines: [{ id: '1', gross: '110.005' }] }, 'lines.0.gross'],
    ['a line without an id', { lines: [{ name: 'x' }] }, 'lines.0.id'],
    ['a line that is not there to be removed', { lines: [{ id: '9', remove: true }] }, 'lines.0.id'],
    ['a new line of which too little is said', { lines: [{ id: '9', name: 'x' }] }, 'lines.2.quantity'],
    ['no lines at all', { lines: null }, 'lines'],
    ['another id, which would be another invoice', { id: '502' }, 'id'],
    ['a text', 'yes', ''],
    ['a list', [{ id: '1' }], ''],
  ])('is refused with %s, and says where', (_name, patch, at) => {
    expect(correct(unpaidOrder(), patch)).toMatchObject({ ok: false, error: { code: 'unreadable_order', at } });
  });
});

describe('a whole order that a mapping made', () => {
  const whole = orderToStandard(unpaidOrder());

  it('is the order that it says', () => {
    expect(wholeOrder(whole)).toEqual({ ok: true, value: unpaidOrder() });
  });

  it('is looked at as strictly as one that was sent', () => {
    expect(wholeOrder({ ...whole, toatl: '120.00' })).toMatchObject({ ok: false, error: { at: 'toatl' } });
    const fraction = [{ id: '1', name: 'a', quantity: '1', net: '100.00', tax: '20.00', rate: '0.2' }];
    expect(wholeOrder({ ...whole, lines: fraction })).toMatchObject({ value: { doubt: { code: 'rate_unknown' } } });
  });
});
