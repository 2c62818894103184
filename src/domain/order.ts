// The canonical order: what every shop's payload is translated into, and all that planning and documents ever read.
import { z } from 'zod';
import { BuyerSchema } from './buyer.ts';
import { DecimalSchema, MinorSchema } from './money.ts';

/** A UTC instant as `2026-11-21T10:00:00.000Z`. */
export const InstantSchema = z.iso.datetime({ precision: 3 });

export const OrderLineSchema = z.object({
  id: z.string(),
  kind: z.enum(['item', 'shipping', 'fee', 'tip']),
  name: z.string().min(1).max(1000),
  sku: z.string().max(200),
  quantity: DecimalSchema,
  /** What the buyer pays for the whole line, tax included, discounts taken off. May be negative (a discount as a fee). */
  gross: MinorSchema,
  /** The tax inside `gross`, as the shop charged it. */
  tax: MinorSchema,
  /** Percent ("20", "5.5"); null where the shop charged no tax on the line. */
  rate: DecimalSchema.nullable(),
  /** Tax-inclusive discount already taken off `gross`; informative. */
  discount: MinorSchema,
});
export type OrderLine = z.infer<typeof OrderLineSchema>;

/** How money came, in words that every provider can be told in. */
export const PaymentModeSchema = z.enum([
  'card',
  'transfer',
  'cheque',
  'cash',
  'paypal',
  'direct_debit',
  'voucher',
  'other',
]);
export type PaymentMode = z.infer<typeof PaymentModeSchema>;

/** What the shop says has been paid: a claim, which Stripe's objects may confirm. */
export const PaidClaimSchema = z.object({
  amount: MinorSchema,
  at: InstantSchema,
  /** The shop's gateway id: "stripe", "bacs", "shopify_payments". */
  method: z.string().max(200),
  title: z.string().max(200),
  mode: PaymentModeSchema,
  transactionId: z.string().max(200).nullable(),
});
export type PaidClaim = z.infer<typeof PaidClaimSchema>;

/** A part of the order that a refund gives back: amounts tax included, positive where the order line's are. */
export const RefundLineSchema = z.object({
  /** The order line that it takes back; null for one that the order does not have. */
  lineId: z.string().nullable(),
  kind: OrderLineSchema.shape.kind,
  name: z.string().max(1000),
  quantity: DecimalSchema,
  gross: MinorSchema,
  tax: MinorSchema,
  rate: DecimalSchema.nullable(),
});
export type RefundLine = z.infer<typeof RefundLineSchema>;

export const RefundClaimSchema = z.object({
  id: z.string(),
  /** Money returned, positive. */
  amount: MinorSchema,
  at: InstantSchema.nullable(),
  reason: z.string().max(1000),
  /** What was given back, item by item; empty where the shop returned an amount only; null where it has not said (yet). */
  lines: z.array(RefundLineSchema).nullable().default(null),
  /** The payment service's own id of the refund (`re_…`), where the shop keeps it. */
  transactionId: z.string().max(200).nullable().default(null),
  /** Kept while claims are folded, told by no shop: when we first and last heard of it, */
  heardAt: InstantSchema.optional(),
  heardLastAt: InstantSchema.optional(),
  /** the latest state of the order that listed it, and when we last heard of such a state, or a later one, without it. */
  listedAt: InstantSchema.optional(),
  omittedAt: InstantSchema.optional(),
});
export type RefundClaim = z.infer<typeof RefundClaimSchema>;

export const OrderSchema = z.object({
  /** The shop's own id, as text. */
  id: z.string().min(1).max(100),
  /** What the buyer and the merchant call it: "#1001", "WEB-77". */
  number: z.string().min(1).max(100),
  /**
   * Other numbers of this order (Shopify's 1001 for "#1001"). Its id is none: that may be the number of another order.
   */
  aliases: z.array(z.string()),
  orderKey: z.string().nullable(),
  cartId: z.string().nullable(),
  /** Ids of payments that the shop holds for this order (`pi_…`, `ch_…`). */
  transactions: z.array(z.string()),
  placedAt: InstantSchema,
  updatedAt: InstantSchema,
  /** Fixed rank of progress within one second's tie: placed 10, paid 20, changed 30, cancelled 40, refunded 50. */
  rank: z.number().int(),
  /** The shop's own word for its state, for rules and for people. */
  status: z.string().max(100),
  state: z.enum(['draft', 'open', 'cancelled', 'failed', 'deleted']),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Gross total of everything sold, before any means of payment such as a gift card. Equals the sum of the lines' gross. */
  total: MinorSchema,
  lines: z.array(OrderLineSchema),
  paid: PaidClaimSchema.nullable(),
  refunds: z.array(RefundClaimSchema),
  /** True where the shop lists every refund each time, so that one which is no longer listed has been taken back. */
  listsAllRefunds: z.boolean().default(false),
  buyer: BuyerSchema,
  /** BCP 47 tag of the buyer's language, when the shop says so. */
  language: z.string().max(20).nullable(),
  paymentMethod: z.string().max(200),
  tags: z.array(z.string()),
  /** True for the shop's test orders and test notifications. */
  test: z.boolean(),
  /** The number of an invoice that the shop itself has already issued, if it says so. */
  invoicedElsewhere: z.string().nullable(),
  /** A problem of the order itself that a person must look at before it is invoiced; see docs/held.md. */
  doubt: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type Order = z.infer<typeof OrderSchema>;

/** Names a sale: the source's identity and the shop's own order id. */
export type SaleRef = { source: string; orderId: string };
