// One order of WooCommerce to the canonical order: its names, its state, its dates and what was paid for it.
import { isCurrency } from '../../src/domain/money.ts';
import type { Order, PaidClaim } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import { readBuyer, readLanguage } from './woocommerce-buyer.ts';
import { instantAt } from './woocommerce-dates.ts';
import { depositDoubt } from './woocommerce-deposits.ts';
import { type Charges, readCharges } from './woocommerce-lines.ts';
import { readRefunds } from './woocommerce-refunds.ts';
import { metaOf, type WireOrder, type WireRefund } from './woocommerce-wire.ts';

/** Meta under which Stripe's plugins and WooPayments keep the ids of their payments. */
const TRANSACTION_KEYS = ['_stripe_intent_id', '_intent_id', '_payment_intent_id', '_charge_id', '_stripe_charge_id'];

/** Set by the PDF Invoices & Packing Slips plugin once it has numbered an invoice of its own. */
const OWN_INVOICE_KEY = '_wcpdf_invoice_number';

/**
 * The order in our words, with the details of its refunds as far as they are known. Fails with `unknown_currency`,
 * `unreadable_date`, and `order_without_lines`.
 */
export function readOrder(wire: WireOrder, details: readonly WireRefund[]): Result<Order> {
  if (!isCurrency(wire.currency)) {
    const detail = `“${wire.currency.slice(0, 20)}” is no ISO 4217 currency; correct the currency of the order in the shop`;
    return err(problem('unknown_currency', detail, 'currency'));
  }
  const charges = readCharges(wire);
  if (!charges.ok) return charges;
  // Only old stores send no *_gmt dates. Their local time is read as UTC: it is good enough to place and order the sale.
  const placedAt = instantAt('date_created_gmt', wire.date_created_gmt ?? wire.date_created);
  if (!placedAt.ok) return placedAt;
  const modified = wire.date_modified_gmt ?? wire.date_modified ?? wire.date_created_gmt ?? wire.date_created;
  const updatedAt = instantAt('date_modified_gmt', modified);
  if (!updatedAt.ok) return updatedAt;
  const paid = readPaid(wire, charges.value, updatedAt.value);
  if (!paid.ok) return paid;
  const refunds = readRefunds(wire, details, charges.value.lines);
  if (!refunds.ok) return refunds;

  const status = statusOf(wire);
  return ok({
    id: wire.id,
    number: wire.number || metaOf(wire.meta_data, '_order_number') || wire.id,
    aliases: [],
    orderKey: wire.order_key || null,
    cartId: null,
    transactions: transactionsOf(wire),
    placedAt: placedAt.value,
    updatedAt: updatedAt.value,
    rank: RANKS.get(status) ?? 30,
    status,
    state: stateOf(status, wire),
    currency: wire.currency,
    total: charges.value.total,
    lines: charges.value.lines,
    paid: paid.value,
    refunds: refunds.value,
    listsAllRefunds: Array.isArray(wire.refunds),
    buyer: readBuyer(wire),
    language: readLanguage(wire),
    paymentMethod: wire.payment_method,
    tags: [],
    test: false,
    invoicedElsewhere: metaOf(wire.meta_data, OWN_INVOICE_KEY) || null,
    doubt: depositDoubt(wire, status) ?? charges.value.doubt,
  });
}

/** Progress within one second. A status that a plugin invented counts as a change. */
const RANKS = new Map([
  ['auto-draft', 10],
  ['checkout-draft', 10],
  ['draft', 10],
  ['new', 10],
  ['pending', 10],
  ['on-hold', 10],
  ['processing', 20],
  ['completed', 30],
  ['cancelled', 40],
  ['failed', 40],
  ['trash', 40],
  ['refunded', 50],
]);

/** True for an order that somebody began in the admin and never saved: it has no date and nothing to tell. */
export const isUnsaved = (wire: WireOrder): boolean =>
  stateOf(statusOf(wire), wire) === 'draft' && !wire.date_created_gmt && !wire.date_created;

/** Plugins that read the database directly leave its prefix on. */
const statusOf = (wire: WireOrder): string => wire.status.replace(/^wc-/, '');

function stateOf(status: string, wire: WireOrder): Order['state'] {
  switch (status) {
    case 'auto-draft':
    case 'checkout-draft':
    case 'draft':
    case 'new':
      return 'draft';
    case 'pending':
      // An order that somebody begins in the admin is saved empty first.
      return wire.line_items.length === 0 ? 'draft' : 'open';
    case 'cancelled':
      return 'cancelled';
    case 'failed':
      return 'failed';
    case 'trash':
      return 'deleted';
    default:
      return 'open';
  }
}

/** Statuses in which a date of payment is no proof that the money is there. */
const NOT_PAID = new Set(['pending', 'on-hold', 'cancelled', 'failed', 'trash']);

/**
 * What the shop says was paid: the whole order, gift cards included, since `date_paid_gmt`. Cash on delivery is
 * `processing` without that date and is not paid.
 */
function readPaid(wire: WireOrder, charges: Charges, updatedAt: string): Result<PaidClaim | null> {
  const status = statusOf(wire);
  if (NOT_PAID.has(status) || stateOf(status, wire) === 'draft') return ok(null);
  const at = paidAt(wire, status, updatedAt);
  if (!at.ok || at.value === null) return at.ok ? ok(null) : at;
  const byCard = charges.giftCards !== 0n && charges.giftCards === charges.total;
  return ok({
    amount: charges.total,
    at: at.value,
    method: byCard ? 'gift_card' : wire.payment_method,
    title: byCard ? 'Gift card' : wire.payment_method_title,
    mode: paymentMode(byCard ? 'gift_card' : wire.payment_method),
    transactionId: wire.transaction_id || null,
  });
}

/**
 * The moment of payment. A store that does not send the field at all (before WooCommerce 3) shows a payment by its
 * status and the gateway's transaction id; its last change then is the closest moment known.
 */
function paidAt(wire: WireOrder, status: string, updatedAt: string): Result<string | null> {
  if (wire.date_paid_gmt === undefined) {
    const settled = status === 'processing' || status === 'completed';
    return ok(settled && wire.transaction_id !== '' ? updatedAt : null);
  }
  return wire.date_paid_gmt === null ? ok(null) : instantAt('date_paid_gmt', wire.date_paid_gmt);
}

const transactionsOf = (wire: WireOrder): string[] => {
  const noted = TRANSACTION_KEYS.map((key) => metaOf(wire.meta_data, key));
  return [...new Set([wire.transaction_id, ...noted].filter((id) => id !== ''))];
};
