import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExactLine, settleLines } from '../../mappings/to-facts/lines.ts';
import { roundMinor, sum } from '../../src/domain/money.ts';

const line = (gross: string, { tax, rate = '20' }: { tax?: string; rate?: string | null } = {}): ExactLine => ({
  id: gross,
  kind: 'item',
  name: 'Thing',
  sku: '',
  quantity: '1',
  rate,
  gross: new Big(gross),
  tax: tax === undefined ? taxAt(rate, new Big(gross)) : new Big(tax),
  discount: new Big(0),
});

/** The tax that a rate makes inside an amount. */
const taxAt = (rate: string | null, gross: Big): Big =>
  rate === null ? new Big(0) : gross.times(rate).div(new Big(rate).plus(100));

const settled = (lines: ExactLine[], total: bigint) => {
  const result = settleLines(lines, total);
  if (result.doubt !== null) throw new Error(result.doubt.detail);
  return result.lines;
};
const grosses = (lines: ExactLine[], total: bigint) => settled(lines, total).map(({ gross }) => gross);

/** Exact amounts with up to six decimals of a minor unit, both signs. */
const exactAmount = fc
  .integer({ min: -2_000_000_000, max: 20_000_000_000 })
  .map((millionths) => new Big(millionths).div(1_000_000));
const exactLines = fc.array(
  fc
    .record({ gross: exactAmount, rate: fc.constantFrom('20', '5.5', null) })
    .map(({ gross, rate }): ExactLine => ({ ...line('0', { rate }), gross, tax: taxAt(rate, gross) })),
  { minLength: 1, maxLength: 12 },
);
const exactSum = (lines: ExactLine[]): Big => lines.reduce((total, { gross }) => total.plus(gross), new Big(0));

describe('settling lines', () => {
  it('gives the missing minor unit to the largest remainder', () => {
    expect(grosses([line('740.4'), line('50.4'), line('200.5')], 991n)).toEqual([740n, 50n, 201n]);
  });

  it('makes lines add up to any total that is their sum rounded, each moving by less than one minor unit', () => {
    fc.assert(
      fc.property(exactLines, (lines) => {
        const total = roundMinor(exactSum(lines));
        const result = settled(lines, total);
        expect(sum(result.map(({ gross }) => gross))).toBe(total);
        for (const [index, { gross }] of result.entries()) {
          expect(lines[index]?.gross.minus(gross).abs().lt(1)).toBe(true);
        }
      }),
    );
  });

  it('lets the charged total rule when parts rounded before miss it by up to one minor unit per priced line', () => {
    fc.assert(
      fc.property(exactLines, fc.integer({ min: -12, max: 12 }), (lines, off) => {
        const priced = lines.filter(({ gross }) => !gross.eq(0)).length;
        const total = roundMinor(exactSum(lines)) + BigInt(off);
        const result = settleLines(lines, total);
        expect(result.doubt === null).toBe(exactSum(lines).minus(total).abs().lte(priced));
        if (result.doubt !== null) return;
        expect(sum(result.lines.map(({ gross }) => gross))).toBe(total);
        for (const [index, { gross }] of result.lines.entries()) {
          expect(lines[index]?.gross.minus(gross).abs().lt(2)).toBe(true);
        }
      }),
    );
  });

  it('keeps each tax inside its gross, and none where there is no rate', () => {
    fc.assert(
      fc.property(exactLines, fc.integer({ min: -2, max: 2 }), (lines, off) => {
        const result = settleLines(lines, roundMinor(exactSum(lines)) + BigInt(off));
        for (const { gross, tax, rate } of result.lines) {
          expect(gross < 0n ? gross <= tax && tax <= 0n : 0n <= tax && tax <= gross).toBe(true);
          if (rate === null) expect(tax).toBe(0n);
        }
      }),
    );
  });

  it('moves the largest line first, the same way every time', () => {
    const parts = [line('123'), line('8'), line('33'), line('97'), line('6')];
    expect(grosses(parts, 269n)).toEqual([124n, 8n, 33n, 98n, 6n]);
    expect(grosses(parts, 265n)).toEqual([122n, 8n, 33n, 96n, 6n]);
    expect(grosses(parts, 269n)).toEqual(grosses(parts, 269n));
  });

  it('never moves a line without price', () => {
    expect(grosses([line('0'), line('100'), line('0')], 101n)).toEqual([0n, 101n, 0n]);
    expect(settleLines([line('0'), line('100'), line('0')], 102n).doubt).not.toBeNull();
  });

  it('lowers a negative line as it lowers any other', () => {
    expect(grosses([line('12000.4'), line('-1200.4')], 10800n)).toEqual([12000n, -1200n]);
    expect(grosses([line('-100')], -101n)).toEqual([-101n]);
  });

  it('names both figures when lines and total disagree', () => {
    const result = settleLines([line('2500'), line('2500')], 2500n);
    expect(result.doubt?.code).toBe('totals_disagree');
    expect(result.doubt?.detail).toMatch(/5000\D.*\D2500\D/);
  });

  it('settles nothing to a total of nothing', () => {
    expect(settleLines([], 0n)).toEqual({ lines: [], doubt: null });
    expect(settleLines([], 1n).doubt).not.toBeNull();
  });
});

describe('a tax that its rate does not make', () => {
  const doubt = (gross: string, tax: string, quantity = '1') =>
    settleLines([{ ...line(gross, { tax }), quantity }], roundMinor(new Big(gross))).doubt;

  it('is a doubt, since an invoice that shows the rate would show another tax', () => {
    expect(doubt('5200', '200')).toMatchObject({ code: 'rate_unknown', detail: expect.stringContaining('20 %') });
    expect(doubt('-5200', '-200')).toMatchObject({ code: 'rate_unknown' });
  });
  it('is none as far as it was rounded for each piece', () => {
    expect(doubt('6000', '1003')).toBeNull();
    expect(doubt('6000', '1004')).not.toBeNull();
    expect(doubt('6000', '1050', '50')).toBeNull();
  });
});
