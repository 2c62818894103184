// One order of BigCommerce to the canonical order: its names, its state, its dates, and what must not be invoiced unseen.
import { isCurrency } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { readBuyer } from './bigcommerce-buyer.ts';
import { readCharges } from './bigcommerce-lines.ts';
import { readPaid, receivedIn } from './bigcommerce-paid.ts';
import { readRefunds } from './bigcommerce-refunds.ts';
import { instantOf, type Snapshot } from './bigcommerce-wire.ts';

type Standing = { state: Order['state']; rank: number };

/** By `status_id`: merchants rename statuses, and cannot add any. */
const STANDINGS: ReadonlyMap<string, Standing> = new Map([
  ['0', { state: 'draft', rank: 10 }], // Incomplete: the buyer did not get past the payment page
  ['1', { state: 'open', rank: 10 }], // Pending
  ['7', { state: 'open', rank: 10 }], // Awaiting Payment
  ['8', { state: 'open', rank: 20 }], // Awaiting Pickup
  ['9', { state: 'open', rank: 20 }], // Awaiting Shipment
  ['11', { state: 'open', rank: 20 }], // Awaiting Fulfillment
  ['12', { state: 'open', rank: 20 }], // Manual Verification Required
  ['13', { state: 'open', rank: 20 }], // Disputed
  ['2', { state: 'open', rank: 30 }], // Shipped
  ['3', { state: 'open', rank: 30 }], // Partially Shipped
  ['10', { state: 'open', rank: 30 }], // Completed
  ['5', { state: 'cancelled', rank: 40 }], // Cancelled
  ['6', { state: 'failed', rank: 40 }], // Declined
  ['4', { state: 'open', rank: 50 }], // Refunded
  ['14', { state: 'open', rank: 50 }], // Partially Refunded
]);

/** True for a checkout that was never completed: there is nothing to tell of it yet. */
export const isIncomplete = ({ order }: Snapshot): boolean => order.status_id === '0';

/**
 * The order in our words. Fails with `unknown_currency`, `unknown_status`, `unreadable_date`, `amount_in_other_currency`, and
 * `order_without_lines`.
 */
export function readOrder(snapshot: Snapshot): Result<Order> {
  const { order: wire, transactions } = snapshot;
  const currency = wire.default_currency_code;
  if (!isCurrency(currency)) {
    const detail = `“${currency.slice(0, 20)}” is no ISO 4217 currency`;
    return err(problem('unknown_currency', detail, 'order.default_currency_code'));
  }
  if (receivedIn(transactions).some((one) => one.currency !== currency)) {
    const detail = `the order is in ${currency} and was paid in another currency; invoice it by hand`;
    return err(problem('amount_in_other_currency', detail, 'transactions'));
  }
  const standing = STANDINGS.get(wire.status_id);
  if (standing === undefined) {
    const detail = `status_id “${wire.status_id.slice(0, 20)}” is not known, so nobody can tell whether the order is paid`;
    return err(problem('unknown_status', detail, 'order.status_id'));
  }
  const placedAt = instantOf(wire.date_created);
  const updatedAt = wire.date_modified === '' ? placedAt : instantOf(wire.date_modified);
  if (placedAt === null || updatedAt === null) {
    const detail = 'date_created or date_modified is no date such as “Sat, 21 Nov 2026 10:00:00 +0000”';
    return err(problem('unreadable_date', detail, 'order.date_modified'));
  }
  const charges = readCharges(snapshot);
  if (!charges.ok) return charges;
  const { lines, total } = charges.value;
  const refunds = readRefunds(snapshot, lines);
  return ok({
    id: wire.id,
    number: wire.id,
    aliases: wire.external_order_id === '' ? [] : [wire.external_order_id],
    orderKey: null,
    cartId: wire.cart_id || null,
    transactions: transactionsOf(snapshot),
    placedAt,
    updatedAt,
    rank: refunds.length > 0 ? 50 : standing.rank,
    status: wire.status,
    state: wire.is_deleted === true ? 'deleted' : standing.state,
    currency,
    total,
    lines,
    paid: readPaid(snapshot, charges.value, updatedAt),
    refunds,
    // A refund that is declined after all is no longer told.
    listsAllRefunds: true,
    buyer: readBuyer(snapshot),
    language: /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(wire.customer_locale) ? wire.customer_locale : null,
    paymentMethod: wire.payment_method,
    tags: [wire.order_source, wire.external_source].filter((tag) => tag !== ''),
    test: wire.payment_method === 'Test Payment Gateway' || receivedIn(transactions).some(({ test }) => test === true),
    invoicedElsewhere: null,
    doubt: doubtOf(snapshot) ?? charges.value.doubt,
  });
}

const transactionsOf = ({ order, transactions }: Snapshot): string[] => {
  const ids = [order.payment_provider_id, ...transactions.map((one) => one.gateway_transaction_id)];
  return [...new Set(ids.filter((id) => id !== ''))];
};

/** Channels whose operator collects the tax of many of its sales itself. */
const MARKETPLACES = new Set(['amazon', 'ebay', 'facebookcheckout', 'facebookmarketplace']);
/** What BigCommerce asks to be written into `external_source` of orders brought over from another shop. */
const MIGRATED = 'M-MIG';

/** What an order says of itself that a person must look at first. */
function doubtOf({ order, refunds }: Snapshot): Problem | null {
  const onEbay = order.ebay_order_id !== '' && order.ebay_order_id !== '0';
  if (MARKETPLACES.has(order.order_source) || onEbay) {
    const place = onEbay ? 'ebay' : order.order_source;
    return problem(
      'marketplace_liable',
      `the order was placed on ${place}, which may owe its tax and have invoiced it itself`,
    );
  }
  if (order.external_source === MIGRATED) {
    return problem(
      'migrated',
      `the order was brought over from another shop (${MIGRATED}), which may have invoiced it already`,
    );
  }
  if ((order.status_id === '4' || order.status_id === '14') && refunds.length === 0) {
    const detail = `the order is called “${order.status}” and no refund is recorded; record it in the shop, or credit it by hand`;
    return problem('refund_not_recorded', detail);
  }
  return null;
}
