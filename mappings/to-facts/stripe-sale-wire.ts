// A sale as it was asked of Stripe: the PaymentIntent, the Checkout Session that it came from with everything bought, and
// the invoices of Stripe's own that it pays. Always in the API version of the library that asked.
import { z } from 'zod';
import {
  amount,
  id,
  listOf,
  reference,
  text,
  WireAddressSchema,
  WirePaymentIntentSchema,
  WireSessionSchema,
  WireShippingSchema,
} from './stripe-wire.ts';

const percent = z.string().regex(/^\d{1,3}(\.\d{1,8})?$/);

export const WireTaxRateSchema = z.object({
  id,
  percentage: percent.nullish(),
  /** With Stripe Tax: the rate that was used, where `percentage` is the place's usual one. */
  effective_percentage: percent.nullish(),
  inclusive: z.boolean().nullish(),
});
export type WireTaxRate = z.infer<typeof WireTaxRateSchema>;

const SessionTaxSchema = z.object({ amount, rate: WireTaxRateSchema });

/** An amount that may be missing: nothing. */
const amountOrNothing = amount.nullish().transform((units) => units ?? '0');

export const WireLineItemSchema = z.object({
  id,
  description: text,
  quantity: z
    .string()
    .regex(/^\d{1,12}$/)
    .nullish(),
  amount_discount: amountOrNothing,
  amount_tax: amountOrNothing,
  /** After discounts and taxes. */
  amount_total: amount,
  taxes: listOf(SessionTaxSchema),
  price: z
    .object({
      unit_amount_decimal: text,
      lookup_key: text,
      product: z.union([id, z.object({ name: text })]).nullish(),
    })
    .nullish(),
});
export type WireLineItem = z.infer<typeof WireLineItemSchema>;

export const WireShippingCostSchema = z
  .object({
    amount_tax: amountOrNothing,
    amount_total: amount,
    shipping_rate: z.union([id, z.object({ display_name: text })]).nullish(),
    taxes: listOf(SessionTaxSchema),
  })
  .nullish();

export const WireTaxIdSchema = z.object({ type: z.string(), value: text });

const CustomerDetailsSchema = z
  .object({
    name: text,
    business_name: text,
    individual_name: text,
    email: text,
    phone: text,
    address: WireAddressSchema,
    tax_exempt: text,
    tax_ids: listOf(WireTaxIdSchema),
  })
  .nullish();

export const WireAutomaticTaxSchema = z.object({ enabled: z.boolean(), status: text }).nullish();

export const WireFullSessionSchema = WireSessionSchema.extend({
  amount_total: amount,
  currency: z.string(),
  locale: text,
  customer: reference,
  customer_details: CustomerDetailsSchema,
  collected_information: z
    .object({ business_name: text, individual_name: text, shipping_details: WireShippingSchema })
    .nullish(),
  shipping_cost: WireShippingCostSchema,
  automatic_tax: WireAutomaticTaxSchema,
});
export type WireFullSession = z.infer<typeof WireFullSessionSchema>;

const CheckoutSchema = z.object({ session: WireFullSessionSchema, line_items: z.array(WireLineItemSchema) });
export type WireCheckout = z.infer<typeof CheckoutSchema>;

export const WireSaleSchema = z.object({
  payment_intent: WirePaymentIntentSchema,
  checkouts: z.array(CheckoutSchema),
  invoice_payments: z.array(z.object({ invoice: reference, status: text })),
});
export type WireSale = z.infer<typeof WireSaleSchema>;
