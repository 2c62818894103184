// An order of BigCommerce as the connector puts it together: the order of API version 2 with its fees, the pages of its lists,
// and refunds and transactions of version 3. Only what is used, strict on that, blind to the rest. Numbers arrive as their
// source text (see src/domain/json.ts): version 2 writes amounts as text with four decimals, version 3 as numbers.
import { z } from 'zod';
import { listOf, oneLine } from './wire.ts';

/** Longer than any VAT number that a merchant's own field may hold. */
const MAX_FIELD = 1000;

/** Plain text of at most `max` UTF-16 units; BigCommerce writes null, and sometimes `{}`, where there is none. */
const text = (max: number) =>
  z
    .string()
    .nullish()
    .catch(null)
    .transform((value) => oneLine(value ?? '', max));

const id = z.string().regex(/^\d{1,18}$/, 'expected a numeric id');
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'expected an amount such as "12.4000"');
/** An amount that older orders do not have. */
const optionalAmount = amount.nullish().transform((value) => value ?? '0');
const flag = z.boolean().nullish();

/** The pages of a list of version 2. */
const pagesOf = <T extends z.ZodType>(item: T) => z.array(z.array(item)).transform((pages) => pages.flat());
/** The answers of a list of version 3. */
const dataOf = <T extends z.ZodType>(item: T) =>
  z.array(z.object({ data: z.array(item) })).transform((answers) => answers.flatMap(({ data }) => data));

/** Merchants add fields to an address; only texts are of use here. */
const FormFieldsSchema = listOf(z.object({ name: z.string(), value: z.unknown() }).nullable().catch(null)).transform(
  (fields) =>
    fields.flatMap((field) =>
      typeof field?.value === 'string' ? [{ key: field.name, value: oneLine(field.value, MAX_FIELD) }] : [],
    ),
);

const AddressSchema = z.object({
  first_name: text(200),
  last_name: text(200),
  company: text(500),
  street_1: text(500),
  street_2: text(500),
  city: text(500),
  state: text(500),
  zip: text(500),
  country_iso2: text(10),
  phone: text(500),
  email: text(400),
  form_fields: FormFieldsSchema,
});
export type WireAddress = z.infer<typeof AddressSchema>;

const ProductSchema = z.object({
  id,
  name: text(700),
  sku: text(200),
  quantity: z.string().regex(/^\d{1,9}$/, 'expected a quantity such as "2"'),
  total_ex_tax: amount,
  total_inc_tax: amount,
  /** With every discount taken off; orders of before September 2023 may lack it. */
  discounted_total_inc_tax: amount.nullish(),
  applied_discounts: listOf(z.object({ amount })),
  product_options: listOf(z.object({ display_value: text(100) })),
  wrapping_name: text(500),
  wrapping_cost_ex_tax: optionalAmount,
  wrapping_cost_inc_tax: optionalAmount,
});
export type WireProduct = z.infer<typeof ProductSchema>;

const ShippingSchema = AddressSchema.extend({
  id,
  shipping_method: text(500),
  cost_ex_tax: optionalAmount,
  cost_inc_tax: optionalAmount,
  handling_cost_ex_tax: optionalAmount,
  handling_cost_inc_tax: optionalAmount,
});

/** One row for each tax on each line, with `details=true`. Its amounts change when something is refunded; its rate does not. */
const TaxSchema = z.object({
  name: text(200),
  rate: z.string().regex(/^\d{1,3}(\.\d{1,8})?$/, 'expected a percentage such as "20.0000"'),
  line_item_type: text(50),
  order_product_id: text(50),
  order_address_id: text(50),
});
export type WireTax = z.infer<typeof TaxSchema>;

const FeeSchema = z.object({
  id,
  display_name_customer: text(500),
  display_name_merchant: text(500),
  cost_ex_tax: amount,
  cost_inc_tax: amount,
});

const OrderSchema = z.object({
  id,
  status_id: z.string(),
  status: text(100),
  customer_id: z.string().nullish(),
  date_created: z.string(),
  date_modified: text(100),
  is_deleted: flag,
  /** What the buyer pays in; `currency_code` is only what prices were shown in. */
  default_currency_code: z.string(),
  total_inc_tax: amount,
  total_tax: optionalAmount,
  is_tax_inclusive_pricing: flag,
  shipping_cost_ex_tax: optionalAmount,
  shipping_cost_inc_tax: optionalAmount,
  handling_cost_ex_tax: optionalAmount,
  handling_cost_inc_tax: optionalAmount,
  wrapping_cost_ex_tax: optionalAmount,
  wrapping_cost_inc_tax: optionalAmount,
  discount_amount: optionalAmount,
  coupon_discount: optionalAmount,
  store_credit_amount: optionalAmount,
  gift_certificate_amount: optionalAmount,
  payment_method: text(200),
  payment_provider_id: text(200),
  payment_status: text(50),
  customer_locale: text(20),
  cart_id: text(100),
  order_source: text(100),
  external_source: text(100),
  external_order_id: text(100),
  ebay_order_id: text(100),
  billing_address: AddressSchema,
  /** A store without fees gives the list's address in its place. */
  fees: z.union([listOf(FeeSchema), z.object({ url: z.string() }).transform(() => [])]),
});

const TransactionSchema = z.object({
  event: z.string(),
  method: text(50),
  amount,
  currency: z.string(),
  gateway: text(200),
  gateway_transaction_id: text(200),
  date_created: text(100),
  status: text(50),
  test: flag,
});
export type WireTransaction = z.infer<typeof TransactionSchema>;

const RefundSchema = z.object({
  id,
  created: text(100),
  reason: text(1000),
  total_amount: amount,
  items: listOf(
    z.object({
      item_type: z.string(),
      item_id: id,
      quantity: z.string().nullish(),
      requested_amount: amount.nullish(),
      reason: text(1000),
    }),
  ),
  payments: listOf(z.object({ amount, is_declined: flag })),
});
export type WireRefund = z.infer<typeof RefundSchema>;

export const SnapshotSchema = z.object({
  order: OrderSchema,
  products: pagesOf(ProductSchema),
  shipping_addresses: pagesOf(ShippingSchema),
  taxes: pagesOf(TaxSchema),
  refunds: dataOf(RefundSchema),
  transactions: dataOf(TransactionSchema),
});
export type Snapshot = z.infer<typeof SnapshotSchema>;

// "Tue, 20 Nov 2026 09:30:00 +0000" in version 2, "2026-11-20T09:30:00+00:00" in version 3.
const RFC_2822 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** The UTC instant of a date in either of the API's forms; null for anything else. */
export function instantOf(text: string): string | null {
  if (!RFC_2822.test(text) && !RFC_3339.test(text)) return null;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}
