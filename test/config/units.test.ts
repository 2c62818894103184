import { describe, expect, test } from 'vitest';
import {
  CountrySchema,
  DaysSchema,
  DurationSchema,
  FlagSchema,
  SizeSchema,
  StartAtSchema,
  whole,
} from '../../src/config/units.ts';

const refused = (schema: { safeParse(value: unknown): { success: boolean } }, values: unknown[]): unknown[] =>
  values.filter((value) => !schema.safeParse(value).success);

describe('durations', () => {
  test.each([
    ['1ms', 1],
    ['200ms', 200],
    ['30s', 30_000],
    ['5m', 300_000],
    ['72h', 259_200_000],
    ['7d', 604_800_000],
    ['366d', 366 * 86_400_000],
  ])('%s is %i milliseconds', (text, ms) => {
    expect(DurationSchema.parse(text)).toBe(ms);
  });

  test('without unit, empty, negative, zero, fractional, spaced or absurdly long are refused', () => {
    const values = [
      '30',
      '',
      '-5s',
      '0s',
      '05s',
      '1.5h',
      '1 h',
      '1H',
      's',
      '5min',
      '367d',
      '999999999d',
      30,
      null,
      '1h\n',
    ];
    expect(refused(DurationSchema, values)).toEqual(values);
  });
});

describe('sizes', () => {
  test('a kilobyte is 1024 bytes', () => {
    expect(SizeSchema.parse('1b')).toBe(1);
    expect(SizeSchema.parse('512kb')).toBe(524_288);
    expect(SizeSchema.parse('2mb')).toBe(2_097_152);
  });

  test('without unit, zero, fractional or in other units are refused', () => {
    const values = ['2', '0mb', '1.5mb', '2 mb', '2MB', '2gb', '', 2, null];
    expect(refused(SizeSchema, values)).toEqual(values);
  });
});

describe('whole numbers and switches', () => {
  test('are read from YAML and from text alike', () => {
    expect(whole(0, 65_535).parse(8080)).toBe(8080);
    expect(whole(0, 65_535).parse('8080')).toBe(8080);
    expect(FlagSchema.parse(true)).toBe(true);
    expect(FlagSchema.parse('false')).toBe(false);
  });

  test('out of bounds, fractional or in other words are refused', () => {
    const numbers = [-1, 65_536, '65536', '1e3', ' 1', '', 1.5, Number.NaN, Number.POSITIVE_INFINITY, true, null];
    expect(refused(whole(0, 65_535), numbers)).toEqual(numbers);
    const switches = ['yes', 'on', 1, 0, '', 'TRUE ', null];
    expect(refused(FlagSchema, switches)).toEqual(switches);
  });
});

describe('start lines', () => {
  test('a date without its time or its zone is refused: it would be another instant elsewhere', () => {
    const values = ['2026-12-01', '2026-12-01T00:00:00', '2026-02-30T00:00:00Z', 'now', '', 20_261_201, null];
    expect(refused(StartAtSchema, values)).toEqual(values);
  });
});

describe('days', () => {
  test('are whole, from none to a year', () => {
    expect(DaysSchema.parse('0d')).toBe(0);
    expect(DaysSchema.parse('366d')).toBe(366);
    const values = ['', 'd', '30', '-1d', '1.5d', '367d', '1000d', '1 d', '30D', 30];
    expect(refused(DaysSchema, values)).toEqual(values);
  });
});

describe('countries', () => {
  test('are today’s codes of ISO 3166, in capitals, and nothing that only looks like one', () => {
    expect(['FR', 'DE', 'GB', 'XK', 'RE'].filter((code) => !CountrySchema.safeParse(code).success)).toEqual([]);
    const values = ['', 'fr', 'FRA', 'UK', 'SU', 'EU', 'UN', 'ZZ', 'AA', 'France', 33];
    expect(refused(CountrySchema, values)).toEqual(values);
  });
});
