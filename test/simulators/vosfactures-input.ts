// What may arrive at VosFactures, field by field as its documentation lists them. Numbers and flags come as themselves or
// as text, amounts with a point or a comma; fields that it does not know are dropped in silence.
import Big from 'big.js';
import { z } from 'zod';

/** Answered with 422 and the messages by field. */
export class Refusal extends Error {
  readonly messages: Readonly<Record<string, string[]>>;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.messages = { [field]: [message] };
  }
}

/** What the schema makes of it; a refusal that names the first field that is wrong. */
export function read<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(issue?.path.join('.') || 'base', issue?.message ?? 'is invalid');
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => [true, 'true', '1'].includes(value));
const amount = z
  .string()
  .regex(/^-?\d+([.,]\d+)?$/, 'is not a number')
  .transform((value) => new Big(value.replace(',', '.')));
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date');
const id = z.coerce.number().int();
const tax = z.string().regex(/^(\d+([.,]\d+)?|disabled|np)$/, 'is not a rate');

export const ClientInput = z.object({
  name: z.string().min(1),
  company: flag.default(true),
  first_name: text,
  last_name: text,
  tax_no: text,
  tax_no_kind: text,
  email: text,
  external_id: text,
  phone: text,
  street: text,
  post_code: text,
  city: text,
  country: text,
  note: text,
  use_delivery_address: flag.default(false),
  delivery_address: text,
});
export type ClientInput = z.infer<typeof ClientInput>;

/** One side of a correction: how the line stood, how it stands now. */
const side = <Kind extends string>(kind: Kind) =>
  z.object({ name: z.string().min(1), quantity: amount, total_price_gross: amount, tax, kind: z.literal(kind) });

const PositionInput = z.object({
  name: z.string().min(1),
  quantity: amount,
  tax,
  total_price_gross: amount,
  service: flag.default(false),
  code: text,
  description: text,
  kind: text,
  correction_before_attributes: side('correction_before').optional(),
  correction_after_attributes: side('correction_after').optional(),
});
export type PositionInput = z.infer<typeof PositionInput>;

const StrategyInput = z.object({
  position: z.enum(['default', 'keep_gross']),
  sum: z.enum(['sum', 'keep_gross', 'keep_net']),
  invoice_form_price_kind: z.enum(['net', 'gross']),
});

/** Fields that count only in here: beside the others they are not looked at. */
const AdditionalFields = z.object({
  seller_bank_swift: text,
  buyer_title: text,
  title: text,
  sum_recovery: z.enum(['client_professionnel', 'client_particulier']).nullable().default(null),
  interest_rate: text,
  advanced_payment_discount: text,
  additional_invoice_field: text,
  hide_tax: flag.default(false),
});

export const InvoiceInput = z.object({
  kind: z.enum(['vat', 'correction', 'proforma', 'estimate']).default('vat'),
  oid: text,
  oid_unique: z.string().optional(),
  client_id: id.optional(),
  department_id: id.optional(),
  seller_name: z.string().optional(),
  category_id: text,
  issue_date: date.optional(),
  sell_date: date.optional(),
  /** A number of days, or `other_date` with `payment_to`, or `off`. Without any of them a document is due in five days. */
  payment_to_kind: z
    .string()
    .regex(/^(\d+|other_date|off)$/, 'is not a term')
    .optional(),
  payment_to: date.optional(),
  payment_type: text,
  currency: z.string().length(3).default('EUR'),
  lang: text,
  status: z.enum(['issued', 'sent', 'paid', 'partial', 'rejected', 'accepted']).default('issued'),
  paid: amount.optional(),
  paid_date: date.optional(),
  buyer_override: flag.default(false),
  buyer_name: text,
  buyer_company: flag.default(true),
  buyer_first_name: text,
  buyer_last_name: text,
  buyer_tax_no: text,
  buyer_tax_no_kind: text,
  buyer_email: text,
  buyer_phone: text,
  buyer_street: text,
  buyer_post_code: text,
  buyer_city: text,
  buyer_country: text,
  /** An account computes so when the request does not say. */
  calculating_strategy: StrategyInput.default({ position: 'default', sum: 'sum', invoice_form_price_kind: 'net' }),
  internal_note: text,
  description: text,
  additional_fields: AdditionalFields.prefault({}),
  /** Only a link on paper; `invoice_id` makes the one that works. */
  from_invoice_id: id.optional(),
  invoice_id: id.optional(),
  correction: text,
  correction_reason: text,
  corrected_content_before: text,
  corrected_content_after: text,
  positions: z.array(PositionInput).min(1),
});
export type InvoiceInput = z.infer<typeof InvoiceInput>;

export const PaymentInput = z.object({
  name: z.string().min(1),
  price: amount,
  currency: text,
  invoice_id: id,
  paid: flag.default(false),
  paid_date: date.optional(),
  provider: text,
  description: text,
  oid: text,
  kind: z.literal('api'),
});
