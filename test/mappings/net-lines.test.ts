import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arithmetic, byRate, type NetLine, totalOf } from '../../mappings/from-document/net-arithmetic.ts';
import { type NetRequest, netLines } from '../../mappings/from-document/net-lines.ts';
import { minorDigits, roundMinor, sum } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';

const line = (gross: bigint, rate: string | null = '20', quantity = '1'): OrderLine => ({
  id: '1',
  kind: 'item',
  name: 'Thing',
  sku: '',
  quantity,
  gross,
  tax: 0n,
  rate,
  discount: 0n,
});

const readings = (net: Arithmetic['net'], ...taxes: Arithmetic['tax'][]): Arithmetic[] =>
  taxes.map((tax) => ({ net, tax }));
const EVERY_READING = (['line', 'sum', 'never'] as const).flatMap((net) => readings(net, 'line', 'rate', 'total'));

/** Prices in thousandths of a euro, quantities in ten-thousandths. */
const thousandths = (arithmetics: Arithmetic[], change: Partial<NetRequest> = {}): NetRequest => ({
  currency: 'EUR',
  unitDecimals: 3,
  quantityDecimals: 4,
  arithmetics,
  roundingLine: true,
  ...change,
});
/** Prices in whole cents. */
const wholeCents = (arithmetics: Arithmetic[], change: Partial<NetRequest> = {}): NetRequest =>
  thousandths(arithmetics, { unitDecimals: 2, ...change });

const told = (lines: OrderLine[], request: NetRequest) => {
  const result = netLines(lines, request);
  if (!result.ok) throw new Error(result.error.detail);
  const { lines: netted, rounding } = result.value;
  return { prices: netted.map(({ quantity, unitNet }) => `${quantity} × ${unitNet}`), rounding, netted };
};

const netLine = (unitNet: string, rate: string | null = '20', quantity = '1'): NetLine => ({
  line: null,
  quantity,
  unitNet,
  rate,
});

const quantity = fc.constantFrom('1', '1', '1', '2', '3', '7', '12', '0.5', '1.275', '2.3333');
const rate = fc.constantFrom(null, '0', '2.1', '5.5', '10', '19', '20', '20.0', '21', '25');
const orderLine = fc
  .record({ gross: fc.bigInt(-5_000n, 100_000n), rate, quantity })
  .map((drawn) => line(drawn.gross, drawn.rate, drawn.quantity));
const order = fc.array(orderLine, { minLength: 1, maxLength: 12 });
const someReadings = fc.subarray(EVERY_READING, { minLength: 1 });
const fields = fc.record({
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  finer: fc.constantFrom(0, 1, 2),
  quantityDecimals: fc.constantFrom(0, 2, 4),
  arithmetics: someReadings,
  roundingLine: fc.boolean(),
});
const request = fields.map(
  ({ finer, ...drawn }): NetRequest => ({ ...drawn, unitDecimals: minorDigits(drawn.currency) + finer }),
);
const gross = (lines: readonly OrderLine[]): bigint => sum(lines.map((one) => one.gross));
const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

describe('the total of a net provider', () => {
  it('depends on when a net amount of half a cent is rounded', () => {
    const lines = [netLine('8.325')];
    expect(totalOf(lines, { net: 'line', tax: 'rate' }, 'EUR')).toBe(1000n);
    expect(totalOf(lines, { net: 'sum', tax: 'rate' }, 'EUR')).toBe(1000n);
    expect(totalOf(lines, { net: 'never', tax: 'rate' }, 'EUR')).toBe(999n);
  });

  it('depends on where tax is rounded', () => {
    // 0.12 at 20 % bears 0.024 of tax, and 0.19 at 10 % 0.019: per line 4 × 0.02, per rate 0.05 + 0.04, at once 0.086.
    const lines = [netLine('0.12'), netLine('0.12'), netLine('0.19', '10'), netLine('0.19', '10')];
    const totals = readings('line', 'line', 'rate', 'total').map((reading) => totalOf(lines, reading, 'EUR'));
    expect(totals).toEqual([70n, 71n, 71n]);
    const odd = [netLine('0.12', '20'), netLine('0.14', '10')];
    expect(readings('line', 'rate', 'total').map((reading) => totalOf(odd, reading, 'EUR'))).toEqual([29n, 30n]);
  });

  it('rounds halves away from zero on both sides', () => {
    const reading: Arithmetic = { net: 'line', tax: 'line' };
    expect(totalOf([netLine('0.05', '10')], reading, 'EUR')).toBe(6n);
    expect(totalOf([netLine('-0.05', '10')], reading, 'EUR')).toBe(-6n);
  });

  it('is the same under every reading of net rounding where net amounts are whole', () => {
    const wholes = fc.array(fc.record({ net: fc.bigInt(0n, 100_000n), rate }), { maxLength: 12 });
    fc.assert(
      fc.property(wholes, fc.constantFrom('line', 'rate', 'total'), (nets, tax) => {
        const lines = nets.map(({ net, rate: percent }) =>
          netLine(new Big(net.toString()).div(100).toFixed(), percent),
        );
        const totals = (['line', 'sum', 'never'] as const).map((net) => totalOf(lines, { net, tax }, 'EUR'));
        expect(new Set(totals).size).toBe(1);
      }),
    );
  });

  it('is what the same sums in decimals give', () => {
    fc.assert(
      fc.property(
        order,
        fc.constantFrom(...EVERY_READING),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (lines, reading, iso) => {
          const some = lines.map((one) =>
            netLine(new Big(one.gross.toString()).div(1000).toFixed(), one.rate, one.quantity),
          );
          expect(totalOf(some, reading, iso)).toBe(totalInDecimals(some, reading, iso));
        },
      ),
    );
  });
});

/** The definition of the readings, written again in decimals. */
function totalInDecimals(lines: readonly NetLine[], { net, tax }: Arithmetic, currency: string): bigint {
  const round = (value: Big): Big => value.round(0, Big.roundHalfUp);
  const add = (values: Big[]): Big => values.reduce((a, b) => a.plus(b), new Big(0));
  const amounts = lines.map((one) => {
    const exact = new Big(one.quantity).times(one.unitNet).times(new Big(10).pow(minorDigits(currency)));
    const base = net === 'line' ? round(exact) : exact;
    return { base, tax: base.times(one.rate ?? 0).times('0.01'), rate: one.rate };
  });
  const scopes = { line: amounts.map((one) => [one]), rate: byRate(amounts), total: [amounts] }[tax];
  const parts = scopes.map((scope) => ({
    base: add(scope.map((one) => one.base)),
    tax: add(scope.map((one) => one.tax)),
  }));
  return net === 'never'
    ? roundMinor(add(parts.map((part) => round(part.base.plus(part.tax)))))
    : roundMinor(round(add(parts.map((part) => part.base))).plus(add(parts.map((part) => round(part.tax)))));
}

describe('net lines', () => {
  it('keep the true quantity where a price of the provider meets the line', () => {
    expect(told([line(2_400n, '20', '2')], wholeCents(EVERY_READING)).prices).toEqual(['2 × 10']);
    expect(told([line(1_998n, '20', '3')], thousandths(EVERY_READING)).prices).toEqual(['3 × 5.55']);
    expect(told([line(4_590n, '20', '1.275')], wholeCents(EVERY_READING)).prices).toEqual(['1.275 × 30']);
  });

  it('keep the true quantity with the nearest price where that gives the total', () => {
    expect(told([line(1_000n, '20', '3')], thousandths(readings('line', 'line', 'rate'))).prices).toEqual([
      '3 × 2.778',
    ]);
  });

  it('tell quantity 1 where no price for the true quantity meets the line', () => {
    expect(told([line(3_000n, '20', '3')], wholeCents(EVERY_READING)).prices).toEqual(['1 × 25']);
    expect(told([line(1_200n, '20', '0.33333')], thousandths(EVERY_READING)).prices).toEqual(['1 × 10']);
    expect(told([line(1_200n, '20', '0')], thousandths(EVERY_READING)).prices).toEqual(['1 × 10']);
  });

  it('meet 9.99 at 20 % with a price of half a cent where net and tax are rounded together', () => {
    expect(told([line(999n)], thousandths(readings('never', 'line', 'rate'))).prices).toEqual(['1 × 8.325']);
  });

  it('show one cent where 9.99 at 20 % has no net price', () => {
    for (const reading of EVERY_READING.filter(({ net }) => net !== 'never')) {
      const { prices, rounding, netted } = told([line(999n)], thousandths([reading]));
      expect(prices).toHaveLength(2);
      expect(distance(rounding, 0n)).toBe(1n);
      expect(netted[1]).toMatchObject({ line: null, quantity: '1', rate: null });
    }
  });

  it('settle lines without net price among themselves', () => {
    expect(told([line(999n), line(999n)], wholeCents(EVERY_READING))).toMatchObject({
      prices: ['1 × 8.33', '1 × 8.32'],
      rounding: 0n,
    });
  });

  it('settle a line that has no net price with one that has, of another rate too', () => {
    const perLine = wholeCents(readings('line', 'line'));
    expect(told([line(999n), line(60_00n)], perLine).rounding).toBe(0n);
    expect(told([line(999n), line(60_00n, '5.5')], perLine).rounding).toBe(0n);
  });

  it('meet the total of an order that a sum of rounded nets shows as 100.01', () => {
    const lines = [line(4_500n, '21'), line(4_900n, '21'), line(600n, '21')];
    expect(told(lines, wholeCents(readings('line', 'line'))).rounding).toBe(0n);
    const { netted } = told(lines, wholeCents(readings('line', 'rate')));
    expect(totalOf(netted, { net: 'line', tax: 'rate' }, 'EUR')).toBe(10_000n);
  });

  it('come out under one reading where two readings together have no form', () => {
    const lines = Array.from({ length: 4 }, () => line(1_003n));
    for (const reading of readings('line', 'line', 'rate', 'total')) {
      expect(told(lines, wholeCents([reading])).rounding).toBe(0n);
    }
    expect(netLines(lines, wholeCents(readings('line', 'line', 'rate'))).ok).toBe(false);
  });

  it('move the largest line where one must move', () => {
    const lines = [line(10_000n), line(999n), line(50_000n)];
    const { netted } = told(lines, wholeCents(readings('line', 'line')));
    expect(netted.map((one) => totalOf([one], { net: 'line', tax: 'line' }, 'EUR'))).toEqual([
      10_000n,
      1_000n,
      49_999n,
    ]);
  });

  it('leave untaxed lines at their gross, and lines without price at nothing', () => {
    const lines = [line(1_050n, null, '3'), line(0n, '20', '2'), line(-500n, null), line(1_200n)];
    expect(told(lines, wholeCents(EVERY_READING)).prices).toEqual(['3 × 3.5', '2 × 0', '1 × -5', '1 × 10']);
  });

  it('are none for an order without lines', () => {
    expect(netLines([], wholeCents(EVERY_READING))).toEqual({ ok: true, value: { lines: [], rounding: 0n } });
  });

  it('name both figures and what to do where there is no exact form', () => {
    const held = netLines([line(999n)], wholeCents(readings('line', 'rate'), { roundingLine: false }));
    expect(held).toMatchObject({ ok: false, error: { code: 'no_exact_form' } });
    expect(held.ok ? '' : held.error.detail).toMatch(/ 9\.99 EUR.* 10\.00 EUR.*rounding line.*by hand/);
  });

  it('name the line that no price of the provider can tell', () => {
    const dinars = netLines([line(1_000n)], wholeCents(EVERY_READING, { currency: 'KWD' }));
    expect(dinars.ok ? '' : dinars.error.detail).toMatch(/Thing.*1\.000 KWD.*2 decimals/);
    expect(netLines([line(1_000n, '-100')], wholeCents(EVERY_READING)).ok).toBe(false);
  });
});

describe('net lines of any order', () => {
  it('give the gross total under every reading asked for, or are not given', () => {
    fc.assert(
      fc.property(order, request, (lines, asked) => {
        const result = netLines(lines, asked);
        if (!result.ok) {
          expect(result.error.code).toBe('no_exact_form');
          return;
        }
        for (const reading of asked.arithmetics) {
          expect(totalInDecimals(result.value.lines, reading, asked.currency)).toBe(gross(lines));
        }
      }),
    );
  });

  it('keep each line: its place, rate and sign, the true quantity or 1, within one minor unit of its gross', () => {
    fc.assert(
      fc.property(order, request, (lines, asked) => {
        const result = netLines(lines, asked);
        const netted = result.ok ? result.value.lines.filter((one) => one.line !== null) : [];
        expect(netted.map((one) => one.line?.gross)).toEqual(result.ok ? lines.map((one) => one.gross) : []);
        for (const [index, one] of netted.entries()) {
          const { gross: own, rate: percent, quantity: many } = lines[index] ?? line(0n);
          expect(one.rate).toBe(percent);
          expect(['1', many]).toContain(one.quantity);
          expect(new Big(one.unitNet).cmp(0)).toBe(own > 0n ? 1 : own < 0n ? -1 : 0);
          expect(new Big(one.unitNet).round(asked.unitDecimals).toFixed()).toBe(one.unitNet);
          for (const reading of asked.arithmetics) {
            expect(distance(totalOf([one], reading, asked.currency), own) <= 1n).toBe(true);
          }
        }
      }),
    );
  });

  it('have a rounding line only if it is allowed, untaxed, and of one minor unit for each rate at most', () => {
    fc.assert(
      fc.property(order, request, (lines, asked) => {
        const result = netLines(lines, asked);
        if (!result.ok) return;
        const { rounding, lines: netted } = result.value;
        const shown = netted.filter((one) => one.line === null);
        expect(shown).toHaveLength(rounding === 0n ? 0 : 1);
        const rates = byRate(lines).filter(([one]) => !new Big(one?.rate ?? 0).eq(0)).length;
        expect(distance(rounding, 0n) <= (asked.roundingLine ? BigInt(rates) : 0n)).toBe(true);
        for (const one of shown) expect(one.rate).toBeNull();
      }),
    );
  });

  // A price nearest to the net that is left after the lines before misses by less than a tenth of a cent with its tax.
  it('exist without a rounding line where prices have a tenth of a cent and net is not rounded by itself', () => {
    fc.assert(
      fc.property(order, (lines) => {
        expect(told(lines, thousandths(readings('never', 'line', 'rate'))).rounding).toBe(0n);
      }),
    );
  });

  it('exist under any one reading, with a rounding line at worst', () => {
    fc.assert(
      fc.property(order, fc.constantFrom(...EVERY_READING), fc.constantFrom(2, 3), (lines, reading, unitDecimals) => {
        expect(netLines(lines, thousandths([reading], { unitDecimals })).ok).toBe(true);
      }),
    );
  });

  it('are the same every time, and leave the order as it was', () => {
    fc.assert(
      fc.property(order, request, (lines, asked) => {
        const frozen = lines.map((one) => Object.freeze({ ...one }));
        expect(netLines(Object.freeze(frozen), asked)).toEqual(netLines(structuredClone(lines), asked));
      }),
    );
  });

  it('exist for a hundred lines', () => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      line(BigInt(999 + 37 * index), ['20', '5.5', '10', null][index % 4] ?? null, String((index % 5) + 1)),
    );
    expect(told(lines, wholeCents(readings('line', 'line', 'rate', 'total'))).netted).toHaveLength(100);
  });
});
