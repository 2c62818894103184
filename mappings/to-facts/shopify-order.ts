// One order of Shopify to the canonical order: its names, its state, its dates, and what was paid and returned.
import { isCurrency, roundMinor } from '../../src/domain/money.ts';
import type { Order, PaidClaim, RefundClaim } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import { type Amounts, amountsOf, returnedBy } from './shopify-amounts.ts';
import { readBuyer } from './shopify-buyer.ts';
import { type Sold, soldIn } from './shopify-lines.ts';
import type { WireOrder } from './shopify-wire.ts';

/** Ids of Stripe's objects, which a gateway other than Shopify Payments leaves as the authorization. */
const STRIPE_ID = /^(pi|ch|py)_\w+$/;

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

/**
 * The order in our words. Fails with `unknown_currency`, `unknown_status`, `order_without_lines`, `totals_disagree`,
 * `unreadable_amount` and `amount_in_other_currency`; what can be read and must not be invoiced as it is has a doubt.
 */
export function readOrder(wire: WireOrder): Result<Order> {
  const amounts = amountsOf(wire);
  const { currency } = amounts;
  if (!isCurrency(currency)) {
    return err(
      problem('unknown_currency', `“${currency.slice(0, 20)}” is no ISO 4217 currency`, 'presentment_currency'),
    );
  }
  const isPaid = PAID_STATUSES.get(wire.financial_status);
  if (isPaid === undefined) {
    const detail = `financial_status “${wire.financial_status}” is not known, so nobody can tell whether the order is paid`;
    return err(problem('unknown_status', detail, 'financial_status'));
  }
  if (wire.line_items.length === 0) {
    return err(problem('order_without_lines', `order ${wire.name} has nothing that was sold`, 'line_items'));
  }
  const sold = soldIn(wire, amounts);
  const refunds = readRefunds(wire, amounts);
  if (!amounts.complete()) {
    const detail = `the buyer paid in ${currency} and the shop tells some amounts of the order in another currency only`;
    return err(problem('amount_in_other_currency', detail));
  }
  if (!sold.ok) return sold;
  const gateway = gatewayOf(wire);
  return ok({
    id: wire.id,
    number: wire.name,
    aliases: [wire.order_number, wire.id].filter((alias) => alias !== ''),
    orderKey: null,
    cartId: null,
    transactions: wire.transactions.map(({ authorization }) => authorization).filter((id) => STRIPE_ID.test(id)),
    placedAt: instant(wire.created_at),
    updatedAt: instant(wire.updated_at),
    rank: rankOf(wire, sold.value, isPaid, refunds),
    status: wire.cancelled_at ? 'cancelled' : wire.financial_status,
    state: stateOf(wire, isPaid),
    currency,
    total: sold.value.total,
    lines: sold.value.lines,
    paid: isPaid ? paidClaim(wire, sold.value, gateway) : null,
    refunds,
    buyer: readBuyer(wire),
    language: wire.customer_locale || null,
    paymentMethod: gateway,
    tags: wire.tags.split(',').flatMap((tag) => tag.trim() || []),
    test: wire.test === true,
    invoicedElsewhere: null,
    doubt: doubtOf(sold.value.doubts),
  });
}

/** `confirmed: false` marks a draft or an order whose stock is not reserved yet; the latter is a sale once it is paid. */
function stateOf(wire: WireOrder, isPaid: boolean): Order['state'] {
  if (wire.cancelled_at) return 'cancelled';
  return wire.confirmed === false && !isPaid ? 'draft' : 'open';
}

function rankOf(wire: WireOrder, sold: Sold, isPaid: boolean, refunds: readonly RefundClaim[]): number {
  if (refunds.length > 0) return 50;
  if (wire.cancelled_at) return 40;
  if (sold.edited) return 30;
  return isPaid ? 20 : 10;
}

/** The gateway that took the money. A gift card comes second: it rarely pays all. */
function gatewayOf(wire: WireOrder): string {
  const named = wire.payment_gateway_names.filter((name) => name !== '');
  return named.find((name) => name !== 'gift_card') ?? named[0] ?? 'shopify';
}

/** The webhook has no date of payment: `processed_at` is that of the checkout, or what an import gave as such. */
const paidClaim = (wire: WireOrder, sold: Sold, gateway: string): PaidClaim => ({
  amount: sold.total,
  at: instant(wire.processed_at ?? wire.updated_at),
  method: gateway,
  title: gateway,
  mode: paymentMode(gateway),
  transactionId: null,
});

/** Money given back so far, by refund. One without money only took lines out of the order. */
const readRefunds = (wire: WireOrder, amounts: Amounts): RefundClaim[] =>
  wire.refunds
    .map((refund) => {
      const at = refund.processed_at ?? refund.created_at;
      return {
        id: refund.id,
        amount: roundMinor(returnedBy(refund, amounts)),
        at: at ? instant(at) : null,
        reason: refund.note,
      };
    })
    .filter((refund) => refund.amount > 0n);

const doubtOf = ([first]: readonly Problem[]): Order['doubt'] =>
  first === undefined ? null : { code: first.code, detail: first.detail };

/** Shopify writes the shop's offset ("2026-11-21T11:00:00+01:00"). */
const instant = (text: string): string => new Date(text).toISOString();
