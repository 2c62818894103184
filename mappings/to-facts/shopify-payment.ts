// How a Shopify order was paid: whether in full, by which gateway, when, and under which of Stripe's ids.
import { z } from 'zod';
import { parseJson } from '../../src/domain/json.ts';
import type { PaidClaim } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import type { Sold } from './shopify-lines.ts';
import type { WireOrder, WireTransaction } from './shopify-wire.ts';

/** Shopify's `financial_status`: whether the money for everything sold is, or was, in hand. `authorized` is a promise. */
const PAID_STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['pending', false],
  ['authorized', false],
  ['expired', false],
  ['partially_paid', false],
  ['paid', true],
  ['partially_refunded', true],
  ['refunded', true],
  ['voided', false],
]);

/** Ids of Stripe's payments, which a gateway other than Shopify Payments leaves with the transaction. */
const STRIPE_PAYMENT = /^(pi|ch|py)_\w+$/;

/** Whether the order is paid in full; fails with `unknown_status`. */
export function paidInFull(order: WireOrder): Result<boolean> {
  const paid = PAID_STATUSES.get(order.financial_status);
  if (paid !== undefined) return ok(paid);
  const detail = `financial_status “${order.financial_status}” is not known, so nobody can tell whether the order is paid`;
  return err(problem('unknown_status', detail, 'financial_status'));
}

/** The gateway that took the money. A gift card comes second: it rarely pays all. */
export function gatewayOf(order: WireOrder): string {
  const named = order.payment_gateway_names.filter((name) => name !== '');
  return named.find((name) => name !== 'gift_card') ?? named[0] ?? 'shopify';
}

/**
 * The payment as the shop claims it. Its date is that of the last money that came in, where the transactions are told;
 * a webhook tells none, and `processed_at` of the order is that of the checkout, or what an import gave as such.
 */
export function paidClaim(order: WireOrder, sold: Sold): PaidClaim {
  const gateway = gatewayOf(order);
  const received = order.transactions
    .filter(({ kind, status }) => (kind === 'sale' || kind === 'capture') && status === 'success')
    .flatMap(({ processed_at }) => (processed_at ? [new Date(processed_at).toISOString()] : []))
    .sort();
  return {
    amount: sold.total,
    at: received.at(-1) ?? new Date(order.processed_at ?? order.updated_at).toISOString(),
    method: gateway,
    title: gateway,
    mode: paymentMode(gateway),
    transactionId: null,
  };
}

/** Stripe's ids of the payments that the shop holds for the order. */
export const paymentIds = (order: WireOrder): string[] => [
  ...new Set(order.transactions.flatMap(stripeIdsOf).filter((id) => STRIPE_PAYMENT.test(id))),
];

const IdSchema = z.union([z.string().max(200), z.object({ id: z.string().max(200) }).transform(({ id }) => id)]);
const StripeReceiptSchema = z.object({
  id: IdSchema.nullish().catch(null),
  charge: IdSchema.nullish().catch(null),
  payment_intent: IdSchema.nullish().catch(null),
});

/** Whatever ids a transaction bears where Stripe leaves its own: the authorization, and the receipt, which may be text. */
export function stripeIdsOf({ authorization, receipt }: WireTransaction): string[] {
  const parsed = typeof receipt === 'string' ? parseJson(Buffer.from(receipt)) : ok(receipt);
  const stripe = StripeReceiptSchema.safeParse(parsed.ok ? parsed.value : null);
  const { id, charge, payment_intent } = stripe.data ?? {};
  return [authorization, id, charge, payment_intent].flatMap((one) => one || []);
}

/** An order billed in instalments is invoiced as each is paid, which only a person can arrange. One due date is no such plan. */
export function depositDoubt(order: WireOrder): Problem[] {
  const instalments = order.payment_terms?.payment_schedules.length ?? 0;
  if (instalments < 2) return [];
  return [
    problem('deposit', 'the order is paid in instalments (payment terms); invoice the deposit and the rest by hand'),
  ];
}
