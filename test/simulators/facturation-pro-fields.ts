// The kinds of values that Facturation.pro's tables of fields name, as they are taken in. What comes out is what the
// account stores and shows: decimals as text, everything else as it is.
import Big from 'big.js';
import { z } from 'zod';
import type { Json } from '../../src/domain/json.ts';

/** Answered with 422 and the messages by field. */
export class Refusal extends Error {
  readonly errors: Readonly<Record<string, string[]>>;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.errors = { [field]: [message] };
  }
}

/** Answered with 404. */
export class Missing extends Error {}

/** What a request brings, by the schema, or a refusal that names the field. Fields of no schema are ignored. */
export function read<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(issue?.path.join('.') || 'base', issue?.message ?? "n'est pas valide");
}

/** The fields of a body that names only what changes. */
export const fields = (json: Json): Record<string, unknown> => read(z.record(z.string(), z.unknown()), json);

const nothing = <T>(value: T | null | undefined): T | null => value ?? null;

/** string(max), or text when there is no limit. */
export const text = (max = Number.MAX_SAFE_INTEGER) =>
  z.string().max(max, 'est trop long').nullish().transform(nothing);

export const requiredText = (max = Number.MAX_SAFE_INTEGER) =>
  z.string().min(1, 'doit être rempli').max(max, 'est trop long');

export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => [true, 'true', '1'].includes(value));

/** AAAA-MM-JJ, and a day that exists. */
export const date = z.iso.date("n'est pas une date");
export const optionalDate = date.nullish().transform(nothing);

export const id = z.coerce.number().int().positive();
export const optionalId = id.nullish().transform(nothing);

const INT64 = 2n ** 63n;

/** bigint(20). Beyond 2^53 it comes back as what readers of JSON numbers make of it, which is another number. */
export const apiId = z.coerce
  .string()
  .regex(/^-?\d{1,19}$/, "n'est pas un nombre entier")
  .refine((value) => BigInt(value) < INT64 && BigInt(value) >= -INT64, 'est hors limites')
  .transform(Number)
  .nullish()
  .transform(nothing);

const number = z
  .string()
  .regex(/^-?\d+([.,]\d+)?$/, "n'est pas un nombre")
  .transform((value) => new Big(value.replace(',', '.')));

/** decimal(digits, scale): takes a comma for the point and rounds what goes beyond the scale, as a database does. */
export const decimal = (digits: number, scale: number) =>
  number
    .transform((value) => value.round(scale, Big.roundHalfUp))
    .refine((value) => value.abs().lt(new Big(10).pow(digits - scale)), 'est trop grand')
    .transform(asText);

export const optionalDecimal = (digits: number, scale: number) => decimal(digits, scale).nullish().transform(nothing);

/** A rate of VAT is a fraction of one, three decimals: "0.200" for 20 %. */
export const vatRate = number
  .refine((rate) => rate.gte(0) && rate.lte(1), 'doit être compris entre 0 et 1')
  .transform((rate) => rate.toFixed(3, Big.roundHalfUp));

/** As the service writes decimals: "700.0", "16.39". */
export function asText(value: Big): string {
  const plain = value.toFixed();
  return plain.includes('.') ? plain : `${plain}.0`;
}

export const isoDate = (instant: Date): string => instant.toISOString().slice(0, 10);
