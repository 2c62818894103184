// The kinds of values in an order's JSON. Each refusal says what to write.
import { z } from 'zod';

/** Stands for the rate of a line without tax, so that nobody leaves a line untaxed by leaving something out. */
export const UNTAXED = 'none';

/** Numbers from outside arrive as their source text (src/domain/json.ts); the published schema lets them be either. */
export const EITHER = { type: ['number', 'string'] as const };

/** Text that may be empty. */
export const text = (max: number) =>
  z
    .string('write a text')
    .max(max, `write at most ${max} characters`)
    .overwrite((value) => value.toWellFormed());

/** Text that says something. */
export const named = (max: number, what: string) =>
  z
    .string(`write ${what}`)
    .max(max, `write at most ${max} characters`)
    .regex(/\S/, `write ${what}`)
    .overwrite((value) => value.toWellFormed());

/** A name for something, given as text or as a number. */
export const id = (what: string) => named(100, what).meta(EITHER);

/** A plain decimal without exponent, in this form. */
export const decimal = (form: RegExp, what: string) =>
  z.string(`write ${what}`).regex(form, `write ${what}`).meta(EITHER);
/** Money in major units. */
export const amount = (what: string) => decimal(/^-?\d{1,15}(\.\d{1,30})?$/, `${what}, such as 12.40`);
export const quantity = decimal(/^\d{1,12}(\.\d{1,12})?$/, 'how many, such as 1');
export const rate = decimal(
  /^(none|\d{1,3}(\.\d{1,12})?)$/,
  `the tax rate in percent, such as 20 or 5.5, or "${UNTAXED}" for a line without tax`,
);

/** An instant in any zone, which is said; becomes UTC. */
export const instant = (what: string) => {
  const write = `write ${what} with its offset, such as 2026-11-21T10:00:00+01:00`;
  return z.iso
    .datetime({ offset: true, error: write })
    .transform(toUtc)
    .pipe(z.string().regex(/^\d{4}-/, write));
};

/** The instant in UTC, with milliseconds. */
const toUtc = (written: string): string => new Date(written).toISOString();

export const oneOf = <T extends string>(options: readonly T[]) => z.enum(options, `write one of ${options.join(', ')}`);
