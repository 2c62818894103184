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

/** The payment that a later movement is about, by whichever of its ids the teller has. */
const ofPayment = {
  /** `pi_…` */
  paymentId: z.string().min(1).max(200).nullable(),
  /** `ch_…` */
  chargeId: z.string().min(1).max(200).nullable(),
};

/** Money on its way back to the buyer, as the payment service moved it. */
export const MoneyBackSchema = z.object({
  /** `re_…`; of a running total `<charge>@<amount>`. */
  id: z.string().min(1).max(200),
  ...ofPayment,
  amount: MinorSchema,
  currency: z.string().regex(/^[A-Z]{3}$/),
  at: InstantSchema,
  /** It counts once it has succeeded; one that failed afterwards has come back to the seller. */
  status: z.enum(['pending', 'succeeded', 'failed']),
  /** True where `amount` is all that the charge has returned so far, and not this refund's own. */
  runningTotal: z.boolean(),
  reason: z.string().max(1000),
  test: z.boolean(),
});
export type MoneyBack = z.infer<typeof MoneyBackSchema>;

/** A payment that the buyer's bank contests. */
export const DisputeSchema = z.object({
  /** `dp_…` */
  id: z.string().min(1).max(200),
  ...ofPayment,
  amount: MinorSchema,
  currency: z.string().regex(/^[A-Z]{3}$/),
  at: InstantSchema,
  status: z.enum(['open', 'won', 'lost']),
  reason: z.string().max(1000),
  test: z.boolean(),
});
export type Dispute = z.infer<typeof DisputeSchema>;

export const FactSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), order: OrderSchema }),
  z.object({ kind: z.literal('payment'), payment: PaymentSchema }),
  z.object({ kind: z.literal('refund'), refund: MoneyBackSchema }),
  z.object({ kind: z.literal('dispute'), dispute: DisputeSchema }),
]);
export type Fact =
  | { kind: 'order'; order: Order }
  | { kind: 'payment'; payment: Payment }
  | { kind: 'refund'; refund: MoneyBack }
  | { kind: 'dispute'; dispute: Dispute };

/**
 * What a mapping makes of a payload: facts to apply, or a reason why there is nothing to do.
 *
 * `fetch` names what must be asked of the sender's API, in the connector's own words (`order:727`): for `facts` details that
 * would make them better, for `fetch` everything, because the delivery only says that something changed. `otherwise` is the
 * reason to ignore it where nobody can be asked, because another delivery will tell.
 */
export type Understood =
  | { kind: 'facts'; facts: Fact[]; fetch?: readonly string[] }
  | { kind: 'fetch'; fetch: readonly string[]; orderId?: string; otherwise?: string }
  | { kind: 'ignored'; reason: string; detail?: string; orderId?: string };
