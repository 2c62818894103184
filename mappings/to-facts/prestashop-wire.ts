// An order as the connector puts it together: `order` is the webservice's own row, and beside it stand the rows that belong
// to it, under the names of their resources. Only what is used, strict on that, blind to the rest. PrestaShop writes every
// value as text, amounts with six decimals; JSON numbers arrive as text too (see src/domain/json.ts).
import { z } from 'zod';
import { oneLine, text } from './wire.ts';

/** A text that is kept in the languages of the shop: plain where it has one, else a list by language id. */
const translated = (max: number) =>
  z
    .union([z.string(), listOf(z.object({ id, value: z.string().nullish() }))])
    .nullish()
    .transform((value) => oneLine((typeof value === 'string' ? value : firstOf(value ?? [])) ?? '', max));

const id = z.string().regex(/^[1-9]\d{0,17}$/, 'expected the id of a row');
/** 0 and the empty text refer to nothing. */
const reference = z
  .string()
  .nullish()
  .transform((value) => (value && value !== '0' ? oneLine(value, 100) : null));
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'expected an amount such as "12.400000"');
/** What an older version does not send, or leaves empty, is nothing. */
const amountOrNothing = z
  .union([amount, z.literal('')])
  .nullish()
  .transform((value) => value || '0');
const count = z.string().regex(/^\d{1,9}$/, 'expected a number of pieces');
const moment = text(19);
const flag = z
  .unknown()
  .optional()
  .transform((value) => value === '1' || value === true);

/** Nothing is an empty text, a missing key or an empty list; a list of one may have become the one. */
function listOf<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => {
    if (value === undefined || value === null || value === '') return [];
    return Array.isArray(value) ? value : [value];
  }, z.array(item));
}

const DetailSchema = z.object({
  id,
  product_name: text(1000),
  product_reference: text(200),
  product_quantity: count,
  total_price_tax_incl: amount,
  total_price_tax_excl: amount,
  /** Of one piece, without tax. */
  ecotax: amountOrNothing,
  ecotax_tax_rate: amountOrNothing,
  associations: z
    .union([z.literal(''), z.object({ taxes: listOf(z.object({ id: z.string() })) })])
    .nullish()
    .transform((value) => (value ? value.taxes.map((tax) => tax.id) : [])),
});
export type WireDetail = z.infer<typeof DetailSchema>;

const StateSchema = z.object({
  id,
  name: translated(100),
  template: translated(100),
  paid: flag,
  shipped: flag,
});
export type WireState = z.infer<typeof StateSchema>;

const PaymentSchema = z.object({
  id,
  id_currency: z.string(),
  amount,
  payment_method: text(200),
  transaction_id: text(200),
  date_add: moment,
});
export type WirePayment = z.infer<typeof PaymentSchema>;

const SlipDetailSchema = z.object({
  id_order_detail: z.string(),
  product_quantity: count,
  amount_tax_excl: amountOrNothing,
  amount_tax_incl: amountOrNothing,
});

const SlipSchema = z.object({
  id,
  total_products_tax_excl: amountOrNothing,
  total_products_tax_incl: amountOrNothing,
  total_shipping_tax_incl: amountOrNothing,
  amount: amountOrNothing,
  shipping_cost_amount: amountOrNothing,
  order_slip_type: text(10),
  date_add: moment,
  date_upd: moment,
  associations: z
    .union([z.literal(''), z.object({ order_slip_details: listOf(SlipDetailSchema) })])
    .nullish()
    .transform((value) => (value ? value.order_slip_details : [])),
});
export type WireSlip = z.infer<typeof SlipSchema>;

const AddressSchema = z.object({
  id,
  id_country: z.string(),
  id_state: reference,
  company: text(500),
  firstname: text(200),
  lastname: text(200),
  address1: text(500),
  address2: text(500),
  postcode: text(500),
  city: text(500),
  phone: text(500),
  phone_mobile: text(500),
  vat_number: text(64),
  dni: text(64),
});
export type WireAddress = z.infer<typeof AddressSchema>;

const CustomerSchema = z.object({
  id,
  email: text(500),
  firstname: text(200),
  lastname: text(200),
  company: text(500),
  siret: text(64),
  is_guest: flag,
});
export type WireCustomer = z.infer<typeof CustomerSchema>;

const RuleSchema = z.object({
  name: text(1000),
  value: amount,
  value_tax_excl: amount,
  free_shipping: flag,
  deleted: flag,
  /** Set by modules that charge a fee as if it were a voucher. */
  is_fee: flag,
});
export type WireRule = z.infer<typeof RuleSchema>;

const OrderRowSchema = z.object({
  id,
  reference: text(60),
  id_cart: reference,
  id_currency: z.string(),
  id_lang: reference,
  id_customer: reference,
  id_address_invoice: reference,
  id_address_delivery: reference,
  current_state: reference,
  module: text(200),
  payment: text(200),
  invoice_number: text(100),
  date_add: moment,
  date_upd: moment,
  total_paid_tax_incl: amount,
  total_paid_tax_excl: amount,
  total_discounts_tax_incl: amountOrNothing,
  total_discounts_tax_excl: amountOrNothing,
  total_shipping_tax_incl: amountOrNothing,
  total_shipping_tax_excl: amountOrNothing,
  carrier_tax_rate: amountOrNothing,
  total_wrapping_tax_incl: amountOrNothing,
  total_wrapping_tax_excl: amountOrNothing,
  /** Added by modules that charge for a way of payment. */
  payment_fee: amountOrNothing,
});

export const WireOrderSchema = z.object({
  order: OrderRowSchema,
  order_details: listOf(DetailSchema),
  order_states: listOf(StateSchema),
  order_histories: listOf(z.object({ id, id_order_state: z.string(), date_add: moment })),
  order_payments: listOf(PaymentSchema),
  order_slip: listOf(SlipSchema),
  /** The orders of the same reference, this one included. */
  orders: listOf(z.object({ id, total_paid_tax_incl: amount })),
  addresses: listOf(AddressSchema),
  customers: listOf(CustomerSchema),
  currencies: listOf(z.object({ id, iso_code: z.string() })),
  countries: listOf(z.object({ id, iso_code: text(10) })),
  order_invoices: listOf(z.object({ id, number: text(100) })),
  languages: listOf(z.object({ id, language_code: text(20) })),
  states: listOf(z.object({ id, name: text(500) })),
  carriers: listOf(z.object({ id, name: text(500) })),
  /** Null, as all that follow, where the key may not read them: not the same as none. */
  taxes: listOf(z.object({ id, rate: amount }))
    .nullable()
    .default(null),
  order_cart_rules: listOf(RuleSchema).nullable().default(null),
});
export type WireOrder = z.infer<typeof WireOrderSchema>;

const firstOf = (values: readonly { id: string; value?: string | null | undefined }[]): string | null | undefined =>
  values.toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1)).find(({ value }) => value)?.value;
