// Shopify's order as its webhooks carry it (REST JSON, numbers as their source text): only what is used, strict on that,
// blind to the rest. Older API versions lack many of these fields. What the API shows is told in these words too.
import { z } from 'zod';
import { listOf, text } from './wire.ts';

const id = z.string().min(1).max(100);
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'expected an amount such as "12.40"');
const quantity = z.string().regex(/^\d{1,6}$/, 'expected a quantity such as "2"');
const instant = z.iso.datetime({ offset: true });

/** An amount in two currencies; the presentment one is what the buyer saw and paid. */
const moneySet = z.object({ presentment_money: z.object({ amount, currency_code: z.string() }) }).nullish();
export type WireMoneySet = z.infer<typeof moneySet>;

const TaxLineSchema = z.object({
  /** A fraction: 0.2 is 20 %. */
  rate: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,30})?$/, 'expected a fraction such as 0.2')
    .nullish(),
  price: amount,
  price_set: moneySet,
  /** True where a marketplace collects this tax and owes it itself. */
  channel_liable: z.boolean().nullish(),
});
export type WireTaxLine = z.infer<typeof TaxLineSchema>;

const DiscountSchema = z.object({ amount, amount_set: moneySet });
export type WireDiscount = z.infer<typeof DiscountSchema>;

const part = {
  title: text(800),
  /** Of one piece, before any discount. */
  price: amount,
  price_set: moneySet,
  tax_lines: listOf(TaxLineSchema),
  /** Every discount of the part, order-wide ones too, which `total_discount` leaves out. */
  discount_allocations: listOf(DiscountSchema),
};

const ItemSchema = z.object({
  ...part,
  id,
  variant_title: text(150),
  sku: text(200),
  /** As ordered or added; never lowered. */
  quantity,
  /** What removals and returns have left; absent in older versions. */
  current_quantity: quantity.nullish(),
});
export type WireItem = z.infer<typeof ItemSchema>;

const ShippingSchema = z.object({
  ...part,
  id: id.nullish(),
  discounted_price: amount.nullish(),
  discounted_price_set: moneySet,
  is_removed: z.boolean().nullish(),
});
export type WireShipping = z.infer<typeof ShippingSchema>;

const TransactionSchema = z.object({
  kind: text(50),
  status: text(50),
  amount: amount.nullish(),
  amount_set: moneySet,
  currency: text(3),
  processed_at: instant.nullish(),
  /** The gateway's own id of the payment. */
  authorization: text(200),
  /** What the gateway answered, each in its own form. */
  receipt: z.unknown().optional(),
});
export type WireTransaction = z.infer<typeof TransactionSchema>;

const RefundLineSchema = z.object({
  line_item_id: id,
  quantity,
  subtotal: amount.nullish(),
  subtotal_set: moneySet,
  total_tax: amount.nullish(),
  total_tax_set: moneySet,
});
export type WireRefundLine = z.infer<typeof RefundLineSchema>;

/** Money returned, or with no transaction at all: lines taken out of the order. */
const RefundSchema = z.object({
  id,
  created_at: instant.nullish(),
  processed_at: instant.nullish(),
  note: text(1000),
  transactions: listOf(TransactionSchema),
  refund_line_items: listOf(RefundLineSchema),
  /** Webhooks tell no tax here; it stands in the adjustment of the same money. */
  refund_shipping_lines: listOf(
    z.object({ shipping_line_id: id.nullish(), subtotal_amount_set: moneySet, tax_amount_set: moneySet }),
  ),
  /** `shipping_refund` is shipping returned, below zero; `refund_discrepancy` what was returned beside the calculation. */
  order_adjustments: listOf(
    z.object({
      kind: text(50),
      amount: amount.nullish(),
      amount_set: moneySet,
      tax_amount: amount.nullish(),
      tax_amount_set: moneySet,
    }),
  ),
});
export type WireRefund = z.infer<typeof RefundSchema>;

const AddressSchema = z
  .object({
    first_name: text(250),
    last_name: text(250),
    name: text(500),
    company: text(500),
    address1: text(500),
    address2: text(500),
    city: text(500),
    zip: text(500),
    province: text(500),
    country_code: text(2),
    phone: text(500),
  })
  .nullish();
export type WireAddress = NonNullable<z.infer<typeof AddressSchema>>;

export const WireOrderSchema = z.object({
  id,
  /** What the buyer reads ("#1001"); the shop chooses prefix and suffix. */
  name: text(100).pipe(z.string().min(1)),
  order_number: text(100),
  /** The shop's currency; the buyer's, where another, is `presentment_currency`. */
  currency: z.string(),
  presentment_currency: text(3),
  financial_status: text(100),
  created_at: instant,
  updated_at: instant,
  processed_at: instant.nullish(),
  cancelled_at: instant.nullish(),
  confirmed: z.boolean().nullish(),
  test: z.boolean().nullish(),
  /** True: every price is gross. False: every price is net and the tax comes on top. */
  taxes_included: z.boolean(),
  total_price: amount,
  total_price_set: moneySet,
  current_total_price: amount.nullish(),
  current_total_price_set: moneySet,
  total_tax: amount.nullish(),
  total_tax_set: moneySet,
  total_tip_received: amount.nullish(),
  total_tip_received_set: moneySet,
  total_cash_rounding_payment_adjustment_set: moneySet,
  original_total_duties_set: moneySet,
  line_items: z.array(ItemSchema),
  shipping_lines: listOf(ShippingSchema),
  refunds: listOf(RefundSchema),
  transactions: listOf(TransactionSchema),
  payment_gateway_names: listOf(text(200)),
  payment_terms: z.object({ payment_schedules: listOf(z.unknown()) }).nullish(),
  note_attributes: listOf(z.object({ name: text(200), value: z.unknown().optional() })),
  customer: z
    .object({
      id: id.nullish(),
      email: text(320),
      phone: text(500),
      first_name: text(250),
      last_name: text(250),
      default_address: AddressSchema,
    })
    .nullish(),
  email: text(320),
  contact_email: text(320),
  phone: text(500),
  customer_locale: text(20),
  billing_address: AddressSchema,
  shipping_address: AddressSchema,
  /** Who buys for a business, and its tax registration: only the API tells these. */
  purchasing_company: text(500),
  tax_registration: text(64),
  /** A person's or a company's tax number that the checkout of some countries asks for; only the API tells it. */
  tax_credential: text(64),
  tags: text(5000),
});
export type WireOrder = z.infer<typeof WireOrderSchema>;

/** What the API can be asked for by. */
const numericId = z.string().regex(/^[1-9]\d{0,19}$/, 'expected the id of an order');

/** The order that a refund, a transaction or a dispute (`order_id`) or an edit (`order_edit`) belongs to. */
export const NamedOrderSchema = z.union([
  z.object({ order_id: numericId }).transform((body) => body.order_id),
  z.object({ order_edit: z.object({ order_id: numericId }) }).transform((body) => body.order_edit.order_id),
]);

/** The order that is gone: the whole body of orders/delete. */
export const DeletedOrderSchema = z.object({ id });
