// Stripe's objects as its webhooks and its API carry them, in whichever API version: only what is used, strict on that,
// blind to the rest. Numbers arrive as their source text.
import { z } from 'zod';
import { listOf } from './wire.ts';

export const id = z.string().min(1).max(100);
/** An amount in Stripe's smallest unit of the currency. */
export const amount = z.string().regex(/^\d{1,15}$/, 'expected a whole amount such as 1099');
/** Seconds since 1970. */
export const seconds = z.string().regex(/^\d{1,11}$/, 'expected a Unix timestamp');

export { listOf };

/** A short text that may be missing; Stripe keeps longer ones than a document shows. */
export const text = z
  .string()
  .nullish()
  .transform((value) => (value ?? '').trim().slice(0, 500));

/** The id of an object that the answer may have in full. */
export const reference = z
  .union([id, z.object({ id }).transform((object) => object.id)])
  .nullish()
  .transform((value) => value ?? null);

const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((entries) => entries ?? {});
export type WireMetadata = z.infer<typeof metadata>;

/** What stands in the envelope of every event. */
export const WireEventSchema = z.object({
  id,
  type: z.string().min(1).max(100),
  created: seconds,
  livemode: z.boolean(),
  /** The connected account that the event is about; absent on an account's own events. */
  account: id.nullish(),
  data: z.object({ object: z.unknown() }),
});
export type WireEvent = z.infer<typeof WireEventSchema>;

export const WireAddressSchema = z
  .object({ line1: text, line2: text, postal_code: text, city: text, state: text, country: text })
  .nullish();
export type WireAddress = z.infer<typeof WireAddressSchema>;

export const WireShippingSchema = z.object({ name: text, address: WireAddressSchema }).nullish();

const BillingSchema = z.object({ name: text, email: text, phone: text, address: WireAddressSchema }).nullish();

const ChargeSchema = z.object({
  id,
  status: z.string(),
  created: seconds,
  payment_method_details: z.object({ type: z.string().max(100) }).nullish(),
  billing_details: BillingSchema,
  receipt_email: text,
});
export type WireCharge = z.infer<typeof ChargeSchema>;

export const WirePaymentIntentSchema = z.object({
  id,
  object: z.literal('payment_intent'),
  status: z.string(),
  created: seconds.nullish(),
  /** Only of what was fetched: an event says it in its envelope. */
  livemode: z.boolean().nullish(),
  /** Money that came in; `amount` is only what was asked for. */
  amount_received: amount,
  currency: z.string(),
  /** Since API version 2022-11-15: the charge's id. */
  latest_charge: z.union([id, ChargeSchema]).nullish(),
  /** Before: the charges themselves, latest first. */
  charges: z
    .object({ data: listOf(ChargeSchema) })
    .nullish()
    .transform((list) => list?.data ?? []),
  /** The invoice of Stripe Billing that it pays, until API version 2025-03-31. */
  invoice: reference,
  /** Where it is named in the versions of 2026. */
  payment_details: z.object({ order_reference: text }).nullish(),
  payment_method_types: listOf(z.string().max(100)),
  metadata,
  customer: reference,
  description: text,
  receipt_email: text,
  shipping: WireShippingSchema,
});
export type WirePaymentIntent = z.infer<typeof WirePaymentIntentSchema>;

export const WireSessionSchema = z.object({
  id,
  object: z.literal('checkout.session'),
  created: seconds.nullish(),
  livemode: z.boolean().nullish(),
  mode: z.string().nullish(),
  payment_status: z.string(),
  payment_intent: reference,
  amount_total: amount.nullish(),
  currency: z.string().nullish(),
  invoice: reference,
  client_reference_id: z.string().nullish(),
  payment_method_types: listOf(z.string().max(100)),
  metadata,
});
export type WireSession = z.infer<typeof WireSessionSchema>;

/** A session that was fetched with its PaymentIntent in full. */
export const WireFetchedSessionSchema = WireSessionSchema.extend({ payment_intent: WirePaymentIntentSchema.nullish() });

export const WireRefundSchema = z.object({
  id,
  object: z.literal('refund'),
  amount,
  currency: z.string(),
  status: z.string().nullish(),
  created: seconds.nullish(),
  charge: reference,
  payment_intent: reference,
  reason: text,
  /** Null where no money has moved; absent where the version does not tell. */
  balance_transaction: z.union([id, z.looseObject({})]).nullish(),
});
export type WireRefund = z.infer<typeof WireRefundSchema>;

/** A charge as its own events and the API tell it. */
export const WireChargeSchema = z.object({
  id,
  object: z.literal('charge'),
  status: z.string(),
  created: seconds.nullish(),
  amount,
  /** Less than `amount` where only a part of what was authorised was taken. */
  amount_captured: amount.nullish(),
  /** All that has gone back so far. */
  amount_refunded: amount.nullish(),
  captured: z.boolean().nullish(),
  currency: z.string(),
  livemode: z.boolean().nullish(),
  payment_intent: reference,
  invoice: reference,
  payment_method_details: z.object({ type: z.string().max(100) }).nullish(),
  metadata,
  /** Absent since API version 2022-11-15. */
  refunds: z.object({ data: listOf(WireRefundSchema), has_more: z.boolean().nullish() }).nullish(),
});
export type WireFullCharge = z.infer<typeof WireChargeSchema>;

/** A refund that was fetched, with its charge in full where Stripe gave it so. */
export const WireFetchedRefundSchema = WireRefundSchema.extend({ charge: z.union([id, WireChargeSchema]).nullish() });

/** All refunds of a charge, as they were fetched with it; null for a charge that cannot be read any more. */
export const WireRefundsSchema = z.object({ charge: WireChargeSchema.nullable(), refunds: z.array(WireRefundSchema) });

export const WireDisputeSchema = z.object({
  id,
  object: z.literal('dispute'),
  amount,
  currency: z.string(),
  status: z.string(),
  created: seconds,
  livemode: z.boolean().nullish(),
  charge: reference,
  payment_intent: reference,
  reason: text,
});
export type WireDispute = z.infer<typeof WireDisputeSchema>;
