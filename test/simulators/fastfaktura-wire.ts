// What may arrive at FastFaktura, to the letter of its tables: a number is a JSON number and no text, cents are whole.
import Big from 'big.js';
import { z } from 'zod';

/** Why something is refused; which status and which body that becomes is not documented. */
export type Reason = 'invalid' | 'not_found' | 'unknown_client';

export class Refusal extends Error {
  readonly reason: Reason;
  readonly field: string;
  constructor(reason: Reason, field: string, message: string) {
    super(message);
    this.reason = reason;
    this.field = field;
  }
}

/** A JSON number as the text that it was written in: 50000 is an integer, 50000.0 is none. */
export class Numeral {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The body as JSON whose numbers are `Numeral`. */
export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'), (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? new Numeral(context?.source ?? String(value)) : value,
    );
  } catch {
    throw new Refusal('invalid', '', 'the body is not JSON');
  }
}

/** What the schema makes of it; a refusal that names the first field that is wrong. */
export function read<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal('invalid', issue?.path.join('.') ?? '', issue?.message ?? 'is invalid');
}

const number = z.instanceof(Numeral, { error: 'is not a number' }).transform(({ text }) => new Big(text));
const integer = z
  .instanceof(Numeral, { error: 'is not an integer' })
  .refine(({ text }) => /^-?\d+$/.test(text), 'is not an integer')
  .transform(({ text }) => BigInt(text));
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

/** An address is one string. Nothing else is there for a tax number or a second address. */
export const ClientFields = z.object({
  name: z.string().trim().min(1),
  email: orNull(z.email()),
  phone: orNull(z.string().regex(/^\+[1-9]\d{1,14}$/, 'is not E.164')),
  address: orNull(z.string()),
  country: orNull(z.string()),
  locale: z.enum(['fr', 'en', 'nb', 'sv']).default('fr'),
  external_id: orNull(z.string()),
  tags: z.array(z.string()).default([]),
});

const LineFields = z.object({
  description: z.string().min(1),
  quantity: number,
  unit_price_cents: integer,
  tax_rate: number.refine((rate) => rate.gte(0) && rate.lte(100), 'is not a percentage'),
});

export const InvoiceFields = z.object({
  client_id: z.uuid(),
  currency: z.enum(['EUR', 'USD', 'GBP', 'NOK', 'SEK', 'DKK']),
  /** Its form is not told: a calendar date or an instant. */
  due_date: orNull(z.union([z.iso.date(), z.iso.datetime({ offset: true })])),
  notes: orNull(z.string()),
  lines: z.array(LineFields).min(1),
});
export type InvoiceInput = z.infer<typeof InvoiceFields>;

export const SendFields = z.object({ channels: z.array(z.string()).min(1), reminder: z.boolean().default(false) });
export type SendInput = z.infer<typeof SendFields>;

/** The page names no field of the profile. */
export const BusinessFields = z.looseObject({ name: z.string().min(1) });
