// One order of Shopify to the canonical order: its names, its state, its dates, and what was paid and returned.
import { isCurrency } from '../../src/domain/money.ts';
import type { Order, RefundClaim } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { amountsOf } from './shopify-amounts.ts';
import { readBuyer } from './shopify-buyer.ts';
import { type Sold, soldIn } from './shopify-lines.ts';
import { depositDoubt, gatewayOf, paidClaim, paidInFull, paymentIds } from './shopify-payment.ts';
import { refundsOf } from './shopify-refunds.ts';
import type { WireOrder } from './shopify-wire.ts';

/**
 * The order in our words. Fails with `unknown_currency`, `unknown_status`, `order_without_lines`, `unreadable_amount` and
 * `amount_in_other_currency`; what can be read and must not be invoiced as it is has a doubt.
 */
export function readOrder(wire: WireOrder): Result<Order> {
  const amounts = amountsOf(wire);
  const { currency } = amounts;
  if (!isCurrency(currency)) {
    return err(
      problem('unknown_currency', `“${currency.slice(0, 20)}” is no ISO 4217 currency`, 'presentment_currency'),
    );
  }
  const paid = paidInFull(wire);
  if (!paid.ok) return paid;
  if (wire.line_items.length === 0) {
    return err(problem('order_without_lines', `order ${wire.name} has nothing that was sold`, 'line_items'));
  }
  const sold = soldIn(wire, amounts);
  const refunds = sold.ok ? refundsOf(wire, sold.value, amounts) : [];
  if (!amounts.complete()) {
    const detail = `the buyer paid in ${currency} and the shop tells some amounts of the order in another currency only`;
    return err(problem('amount_in_other_currency', detail));
  }
  if (!sold.ok) return sold;
  return ok({
    id: wire.id,
    number: wire.name,
    aliases: [wire.order_number].filter((alias) => alias !== ''),
    orderKey: null,
    cartId: null,
    transactions: paymentIds(wire),
    placedAt: instant(wire.created_at),
    updatedAt: instant(wire.updated_at),
    rank: rankOf(wire, sold.value, paid.value, refunds),
    status: wire.cancelled_at ? 'cancelled' : wire.financial_status,
    state: stateOf(wire, paid.value),
    currency,
    total: sold.value.total,
    lines: sold.value.lines,
    paid: paid.value ? paidClaim(wire, sold.value) : null,
    refunds,
    // Shopify knows no way to delete a refund.
    listsAllRefunds: false,
    buyer: readBuyer(wire),
    language: wire.customer_locale || null,
    paymentMethod: gatewayOf(wire),
    tags: wire.tags.split(',').flatMap((tag) => tag.trim() || []),
    test: wire.test === true,
    invoicedElsewhere: null,
    doubt: doubtOf([...depositDoubt(wire), ...sold.value.doubts]),
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

const doubtOf = ([first]: readonly Problem[]): Order['doubt'] =>
  first === undefined ? null : { code: first.code, detail: first.detail };

/** Shopify writes the shop's offset ("2026-11-21T11:00:00+01:00"), its API UTC. */
const instant = (text: string): string => new Date(text).toISOString();
