// What a mapping makes different, told place by place.
import { expect, test } from 'vitest';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { effectOf } from '../../src/mapping/effect.ts';
import { unpaidOrder } from '../support/orders.ts';

const told = (change: Partial<Order> = {}): Result<Understood> =>
  ok({ kind: 'facts', facts: [{ kind: 'order', order: unpaidOrder(change) }] });
const { buyer, lines } = unpaidOrder();

test('nothing is told of a mapping that changes nothing', () => {
  expect(effectOf(told(), told())).toEqual([]);
});

test('a value that is new, another or gone is told with its path', () => {
  const mapped = told({ buyer: { ...buyer, taxNumber: 'FR40303265045' }, lines: lines.slice(0, 1), language: null });
  expect(effectOf(told(), mapped)).toEqual(
    expect.arrayContaining([
      { path: 'buyer.tax_number', before: null, after: 'FR40303265045' },
      { path: 'lines[1].name', before: 'Delivery', after: null },
      { path: 'language', before: 'fr', after: null },
    ]),
  );
});

test('an order in place of a failure, and a delivery that is left aside, are told as such', () => {
  const failed = err(problem('unreadable_order', 'total: expected an amount'));
  expect(effectOf(failed, told())).toContainEqual({
    path: '(not understood)',
    before: 'total: expected an amount',
    after: null,
  });
  const aside = ok({ kind: 'ignored', reason: 'ignored_by_mapping', detail: 'a test shop' } as const);
  expect(effectOf(told(), aside)).toContainEqual({
    path: '(ignored)',
    before: null,
    after: 'ignored_by_mapping: a test shop',
  });
});
