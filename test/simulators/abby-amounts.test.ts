import { expect, test } from 'vitest';
import { totalsOf } from './abby-amounts.ts';
import { LinesInput } from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';

const lineAt = (unitPrice: number, isTaxIncluded: boolean, quantity = 1): object => ({
  designation: 'Tasse',
  unitPrice,
  quantity,
  quantityUnit: null,
  type: null,
  vatCode: 'FR_2000',
  isTaxIncluded,
});

function totals(rounding: AbbySwitches['rounding'], ...lines: object[]): [net: bigint, gross: bigint] {
  const { net, gross } = totalsOf(LinesInput.parse({ lines }).lines, undefined, rounding);
  return [net, gross];
}

test.each([
  { rounding: 'line', thirds: [99n, 120n], nines: [2499n, 2998n] },
  { rounding: 'total', thirds: [100n, 120n], nines: [2498n, 2998n] },
  { rounding: 'net_rate', thirds: [99n, 119n], nines: [2499n, 2999n] },
  { rounding: 'net_line', thirds: [99n, 120n], nines: [2499n, 3000n] },
  { rounding: 'net_price', thirds: [100n, 120n], nines: [2498n, 2998n] },
] as const)('rounded by $rounding, prices without tax and with tax have totals of their own', (expected) => {
  const third = lineAt(33.3, false);
  expect(totals(expected.rounding, third, third, third)).toEqual(expected.thirds);
  const nine = lineAt(999, true);
  expect(totals(expected.rounding, nine, nine, lineAt(1000, true))).toEqual(expected.nines);
});

test('the price of one without tax is kept to a tenth of a cent where it is rounded first', () => {
  const many = lineAt(10, true, 99);
  expect(totals('total', many)).toEqual([825n, 990n]);
  expect(totals('net_price', many)).toEqual([822n, 986n]);
});
