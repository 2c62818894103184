// Stripe's events as its webhooks carry them, in whichever API version the endpoint has: only what is used, strict on
// that, blind to the rest. Numbers arrive as their source text.
import { z } from 'zod';

const id = z.string().min(1).max(200);
/** An amount in Stripe's smallest unit of the currency. */
const amount = z.string().regex(/^\d{1,15}$/, 'expected a whole amount such as 1099');
/** Seconds since 1970. */
const seconds = z.string().regex(/^\d{1,11}$/, 'expected a Unix timestamp');

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

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

const ChargeSchema = z.object({
  id,
  status: z.string(),
  created: seconds,
  payment_method_details: z.object({ type: z.string().max(100) }).nullish(),
});
export type WireCharge = z.infer<typeof ChargeSchema>;

export const WirePaymentIntentSchema = z.object({
  id,
  object: z.literal('payment_intent'),
  status: z.string(),
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
  /** Set where Stripe Billing has invoiced the payment; gone since API version 2025-03-31. */
  invoice: z.unknown().optional(),
  payment_method_types: listOf(z.string().max(100)),
  metadata,
});
export type WirePaymentIntent = z.infer<typeof WirePaymentIntentSchema>;

export const WireSessionSchema = z.object({
  id,
  object: z.literal('checkout.session'),
  mode: z.string().nullish(),
  payment_status: z.string(),
  payment_intent: z
    .union([id, z.object({ id }).transform((intent) => intent.id)])
    .nullish()
    .transform((intent) => intent ?? null),
  amount_total: amount.nullish(),
  currency: z.string().nullish(),
  invoice: z.unknown().optional(),
  client_reference_id: z.string().nullish(),
  payment_method_types: listOf(z.string().max(100)),
  metadata,
});
export type WireSession = z.infer<typeof WireSessionSchema>;
