import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apportion,
  formatMinor,
  isCurrency,
  minorDigits,
  parseMinor,
  roundMinor,
  sum,
  taxInside,
} from '../../src/domain/money.ts';

describe('amounts', () => {
  it('every amount written in a currency reads back as itself', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 14n), 10n ** 14n), fc.constantFrom('EUR', 'JPY', 'KWD'), (amount, currency) => {
        expect(parseMinor(formatMinor(amount, currency), currency)).toBe(amount);
      }),
    );
  });
  it.each(['1e3', '1,5', ' 1', '', 'NaN', '0x10', '1.', '.5', '+1', '١'])('refuses %j as an amount', (text) => {
    expect(parseMinor(text, 'EUR')).toBeNull();
  });
  it('a fraction of a minor unit is no amount', () => {
    expect(parseMinor('1.005', 'EUR')).toBeNull();
    expect(parseMinor('1.000', 'EUR')).toBe(100n);
    expect(parseMinor('1.5', 'JPY')).toBeNull();
    expect(parseMinor('1.005', 'KWD')).toBe(1005n);
  });
  it('knows the decimals of a currency and which codes are money', () => {
    expect(['EUR', 'JPY', 'KWD', 'ISK'].map(minorDigits)).toEqual([2, 0, 3, 0]);
    expect(['EUR', 'eur', 'XXX', 'XAU', 'XPF', 'EURO', ''].map(isCurrency)).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
  });
  it('rounds half away from zero', () => {
    expect(['0.5', '-0.5', '1.4999', '2.5'].map((text) => roundMinor(new Big(text)))).toEqual([1n, -1n, 1n, 3n]);
  });
  it('finds the tax inside a gross amount', () => {
    expect(taxInside(12_000n, '20')).toBe(2_000n);
    expect(taxInside(8_00n, '5')).toBe(38n);
    expect(taxInside(-990n, '5.5')).toBe(-52n);
  });
});

describe('apportion', () => {
  const part = fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 999 }))
    .map(([whole, mille]) => new Big(whole).plus(new Big(mille).div(1000)));
  it('meets the target, and moves no part by a whole minor unit', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (parts) => {
        const exact = parts.reduce((total, one) => total.plus(one), new Big(0));
        const target = roundMinor(exact);
        const rounded = apportion(parts, target);
        expect(rounded).not.toBeNull();
        expect(sum(rounded ?? [])).toBe(target);
        for (const [index, one] of (rounded ?? []).entries()) {
          expect(
            new Big(one.toString())
              .minus(parts[index] ?? 0)
              .abs()
              .lt(1),
          ).toBe(true);
        }
      }),
    );
  });
  it('says so when rounding cannot meet the target', () => {
    expect(apportion([new Big('10'), new Big('20.5')], 32n)).toBeNull();
    expect(apportion([new Big('10'), new Big('20.5')], 29n)).toBeNull();
  });
});
