// An invoice of Stripe Billing in both of its shapes: before API version 2025-03-31 with its PaymentIntent, charge, tax
// amounts and tax rates in it; since then with taxes that name their rate only, and payments that must be asked for.
import { z } from 'zod';
import {
  WireAutomaticTaxSchema,
  WireShippingCostSchema,
  WireTaxIdSchema,
  WireTaxRateSchema,
} from './stripe-sale-wire.ts';
import { amount, id, listOf, reference, seconds, text, WireAddressSchema, WireShippingSchema } from './stripe-wire.ts';

/** Prorations and credits stand below zero. */
const signed = z.string().regex(/^-?\d{1,15}$/, 'expected a whole amount such as -1099');

const OldTaxSchema = z.object({
  amount: signed,
  inclusive: z.boolean(),
  tax_rate: z.union([id, WireTaxRateSchema]),
});
const TaxSchema = z.object({
  amount: signed,
  tax_behavior: z.string(),
  tax_rate_details: z.object({ tax_rate: id }).nullish(),
});

export const WireInvoiceLineSchema = z.object({
  id,
  /** Before discounts; with the tax in it where prices are inclusive. */
  amount: signed,
  description: text,
  quantity: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullish(),
  discount_amounts: listOf(z.object({ amount })),
  tax_amounts: listOf(OldTaxSchema),
  tax_rates: listOf(WireTaxRateSchema),
  taxes: z.array(TaxSchema).nullish(),
  price: z.object({ unit_amount_decimal: text }).nullish(),
  pricing: z.object({ unit_amount_decimal: text }).nullish(),
});
export type WireInvoiceLine = z.infer<typeof WireInvoiceLineSchema>;

const PaymentSchema = z.object({
  status: text,
  payment: z.object({ payment_intent: reference, charge: reference }).nullish(),
});

export const WireInvoiceSchema = z.object({
  id,
  object: z.literal('invoice'),
  number: text,
  status: text,
  livemode: z.boolean().nullish(),
  created: seconds,
  currency: z.string(),
  total: signed,
  amount_paid: amount,
  /** What the customer's credit at Stripe was before and after: what lies between was paid with it. */
  starting_balance: signed.nullish().transform((units) => units ?? '0'),
  ending_balance: signed.nullish().transform((units) => units ?? '0'),
  status_transitions: z.object({ paid_at: seconds.nullish() }).nullish(),
  customer: reference,
  customer_name: text,
  customer_email: text,
  customer_phone: text,
  customer_address: WireAddressSchema,
  customer_shipping: WireShippingSchema,
  customer_tax_exempt: text,
  customer_tax_ids: listOf(WireTaxIdSchema),
  default_tax_rates: listOf(WireTaxRateSchema),
  automatic_tax: WireAutomaticTaxSchema,
  shipping_cost: WireShippingCostSchema,
  lines: z.object({ data: z.array(WireInvoiceLineSchema), has_more: z.boolean() }),
  /** Told before 2025-03-31 alone, null for an invoice of nothing. */
  payment_intent: reference,
  charge: reference,
  payments: z.object({ data: z.array(PaymentSchema) }).nullish(),
});
export type WireInvoice = z.infer<typeof WireInvoiceSchema>;

/** An invoice that was asked for, with all its lines and the tax rates that they name; null in a list of invoices. */
export const WireFetchedInvoiceSchema = z.object({
  invoice: WireInvoiceSchema,
  lines: z.array(WireInvoiceLineSchema).nullable(),
  tax_rates: z.array(WireTaxRateSchema),
});
