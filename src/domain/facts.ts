// What a delivery tells us, once translated. Facts are statements with a business key; applying one twice changes nothing.
import { z } from 'zod';
import { MinorSchema } from './money.ts';
import { InstantSchema, type Order, OrderSchema, PaymentModeSchema } from './order.ts';

/** Where a payment may name its order; the source's `link_by` lists these in the order to try. */
export const LINK_KEYS = [
  'transaction',
  'metadata.order_key',
  'metadata.id_cart',
  'metadata.order_id',
  'metadata.order_number',
  'client_reference_id',
] as const;

export const PaymentLinkSchema = z.object({
  /** One of LINK_KEYS, or `metadata.<name>` that the user configured. */
  by: z.string(),
  value: z.string().min(1).max(500),
});
export type PaymentLink = z.infer<typeof PaymentLinkSchema>;

export const PaymentSchema = z.object({
  /** The payment's business key: the PaymentIntent's id (`pi_…`), whoever tells of it. */
  id: z.string().min(1).max(200),
  amount: MinorSchema,
  currency: z.string().regex(/^[A-Z]{3}$/),
  paidAt: InstantSchema,
  /** What the buyer paid with: "card", "sepa_debit", "paypal". */
  method: z.string().max(100),
  mode: PaymentModeSchema,
  links: z.array(PaymentLinkSchema),
  test: z.boolean(),
});
/** A movement of money that happened. */
export type Payment = z.infer<typeof PaymentSchema>;

export const FactSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), order: OrderSchema }),
  z.object({ kind: z.literal('payment'), payment: PaymentSchema }),
]);
export type Fact = { kind: 'order'; order: Order } | { kind: 'payment'; payment: Payment };

/** What a mapping makes of a payload: facts to apply, or a reason why there is nothing to do. */
export type Understood = { kind: 'facts'; facts: Fact[] } | { kind: 'ignored'; reason: string; orderId?: string };
