// The order's JSON: nothing is lost on the way there and back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from '../../src/domain/json.ts';
import { OrderSchema } from '../../src/domain/order.ts';
import { settled } from '../../src/mapping/agreement.ts';
import { correct, wholeOrder } from '../../src/mapping/correct.ts';
import { orderToStandard } from '../../src/mapping/order-to-standard.ts';
import { standardToOrder } from '../../src/mapping/standard-to-order.ts';
import { anyOrder } from './any-order.ts';

describe('the JSON of an order', () => {
  it('gives back the same order, whatever it holds', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(OrderSchema.safeParse(JSON.parse(toJson(order))).success).toBe(true);
        expect(standardToOrder(orderToStandard(order))).toEqual({ ok: true, value: order });
      }),
      { numRuns: 300 },
    );
  });

  it('is the same order where a mapping corrects nothing', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(correct(order, {})).toEqual({ ok: true, value: order });
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever a mapping answers', () => {
    fc.assert(
      fc.property(anyOrder, fc.jsonValue(), (order, value) => {
        const json = JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
          typeof part === 'number' ? String(part) : part,
        );
        for (const answer of [
          json,
          { lines: json },
          { refunds: json },
          { lines: [{ id: order.lines[0]?.id, tax: json }] },
        ]) {
          for (const outcome of [correct(order, answer), wholeOrder(answer)]) {
            if (outcome.ok) expect(OrderSchema.safeParse(outcome.value).success).toBe(true);
            else expect(outcome.error.code).toBe('unreadable_order');
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is settled so that its lines make its total, each moved by a minor unit at most, or is in doubt', () => {
    fc.assert(
      fc.property(anyOrder, fc.bigInt({ min: -6n, max: 6n }), (order, off) => {
        const told = { ...order, doubt: null, total: order.lines.reduce((all, { gross }) => all + gross, 0n) + off };
        const { lines, doubt } = settled(told);
        const priced = BigInt(told.lines.filter(({ gross }) => gross !== 0n).length);
        if (doubt !== null) expect(off < 0n ? -off : off).toBeGreaterThan(priced);
        else expect(lines.reduce((all, { gross }) => all + gross, 0n)).toBe(told.total);
        for (const [index, { gross, tax }] of lines.entries()) {
          expect([-1n, 0n, 1n]).toContain(gross - (told.lines[index]?.gross ?? 0n));
          expect(gross < 0n ? gross <= tax && tax <= 0n : 0n <= tax && tax <= gross).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
