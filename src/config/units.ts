// How single values are written in bridge.yaml. Each schema's message says what is expected, in the words of the file.
// What comes from the environment is text, so numbers and switches are read from text as well.
import { z } from 'zod';
import { isCurrency } from '../domain/money.ts';

export const NAME = 'expected a name of a-z, 0-9 and -, at most 40 characters';

/** Names of sources and providers: they appear in URLs and in document keys. */
export const NameSchema = z.string(NAME).regex(/^[a-z0-9][a-z0-9-]{0,39}$/, NAME);

const COUNTRY = 'expected a country code of ISO 3166 such as FR';

/** ISO 3166-1 alpha-2, in capitals. */
export const CountrySchema = z.string(COUNTRY).refine(isCountry, COUNTRY);

const CURRENCY = 'expected a currency code of ISO 4217 such as EUR';

/** ISO 4217, in capitals. */
export const CurrencySchema = z.string(CURRENCY).refine(isCurrency, CURRENCY);

const LANGUAGE = 'expected a language tag of BCP 47 such as fr or pt-BR';

/** A BCP 47 tag in its canonical form: `fr-fr` becomes `fr-FR`. */
export const LanguageSchema = z
  .string(LANGUAGE)
  .refine(isLanguage, LANGUAGE)
  .transform((tag) => new Intl.Locale(tag).toString());

/** What Unicode names like countries and no address is in: unions, outlying and made-up regions. */
const NO_COUNTRIES = new Set('EU EZ QO UN XA XB ZZ'.split(' '));

/** Neither a code of the past nor an alias: UK stands for GB, and no order bears it. */
function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.has(code)) return false;
  const isNamed = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined;
  return isNamed && new Intl.Locale('und', { region: code }).region === code;
}

/** True for a tag whose language has a name: `french` is well-formed too, and no language. */
function isLanguage(tag: string): boolean {
  try {
    const { language } = new Intl.Locale(tag);
    return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(language) !== undefined;
  } catch {
    return false;
  }
}

const MILLISECONDS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const LONGEST_DAYS = 366;
const DURATION = 'expected a duration such as 200ms, 30s, 5m, 72h or 7d';

/** `200ms`, `30s`, `5m`, `72h`, `7d` as milliseconds: whole, positive, at most a year. */
export const DurationSchema = z
  .string(DURATION)
  .regex(/^[1-9]\d{0,8}(ms|s|m|h|d)$/, DURATION)
  .transform((text) => scaled(text, MILLISECONDS))
  .refine((ms) => ms <= LONGEST_DAYS * 86_400_000, `expected a duration of at most ${LONGEST_DAYS} days`);

const DAYS = `expected a number of days such as 0d or 30d, at most ${LONGEST_DAYS}d`;

/** `0d`, `30d` as whole days, at most a year. */
export const DaysSchema = z
  .string(DAYS)
  .regex(/^\d{1,3}d$/, DAYS)
  .transform((text) => Number(text.slice(0, -1)))
  .refine((days) => days <= LONGEST_DAYS, DAYS);

const BYTES = new Map([
  ['b', 1],
  ['kb', 1024],
  ['mb', 1024 * 1024],
]);
const SIZE = 'expected a size such as 512kb or 2mb';

/** `512kb`, `2mb` as bytes (1 kb is 1024 bytes): whole, positive. */
export const SizeSchema = z
  .string(SIZE)
  .regex(/^[1-9]\d{0,5}(b|kb|mb)$/, SIZE)
  .transform((text) => scaled(text, BYTES));

function scaled(text: string, units: ReadonlyMap<string, number>): number {
  const digits = /^\d+/.exec(text)?.[0] ?? '';
  return Number(digits) * (units.get(text.slice(digits.length)) ?? Number.NaN);
}

/** `true` or `false`, as YAML or as text. */
export const FlagSchema = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
  error: 'expected true or false',
});

/** A whole number within the bounds, as YAML or as text. */
export function whole(min: number, max: number) {
  const words = `expected a whole number from ${min} to ${max}`;
  return z
    .union([
      z.int(words),
      z
        .string(words)
        .regex(/^\d{1,9}$/, words)
        .transform(Number),
    ])
    .refine((value) => value >= min && value <= max, words);
}

const START = 'expected an instant such as 2026-12-01T00:00:00Z, or all';

/** `all`, or an instant with its zone, which becomes UTC with milliseconds. */
export const StartAtSchema = z.union(
  [
    z.literal('all'),
    z.iso
      .datetime({ offset: true, error: START })
      .refine((text) => !Number.isNaN(Date.parse(text)), START)
      .transform((text) => new Date(text).toISOString()),
  ],
  { error: START },
);
