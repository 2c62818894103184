// How single values are written in bridge.yaml. Each schema's message says what is expected, in the words of the file.
// What comes from the environment is text, so numbers and switches are read from text as well.
import { z } from 'zod';

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
