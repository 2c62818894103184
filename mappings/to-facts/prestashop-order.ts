// One order of PrestaShop, with all that belongs to it, to the canonical order: its names, its state and its dates.
import { isCurrency } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { readBuyer, readLanguage } from './prestashop-buyer.ts';
import { instantOf } from './prestashop-dates.ts';
import { readCharges } from './prestashop-lines.ts';
import { readPaid, stateOf, transactionsOf } from './prestashop-payments.ts';
import { readRefunds } from './prestashop-refunds.ts';
import type { WireOrder } from './prestashop-wire.ts';

/** What the user has to say about the shop: where its clock hangs, and whether its own invoices count. */
export type ShopSettings = { timeZone: string; ownInvoices: 'respect' | 'ignore' };

/**
 * The order in our words. Fails with `unknown_currency`, `unreadable_date`, and `order_without_lines`; what can be read and must
 * not be invoiced as it is has a doubt.
 */
export function readOrder(wire: WireOrder, { timeZone, ownInvoices }: ShopSettings): Result<Order> {
  const { order } = wire;
  const currency = wire.currencies.find(({ id }) => id === order.id_currency)?.iso_code ?? '';
  if (!isCurrency(currency)) {
    const detail = `the order’s currency ${order.id_currency} is “${currency.slice(0, 20)}”, which is no ISO 4217 currency`;
    return err(problem('unknown_currency', detail, 'currencies'));
  }
  const dates = datesOf(wire, timeZone);
  if (!dates.ok) return dates;
  const language = readLanguage(wire);
  const charges = readCharges(wire, currency, language);
  if (!charges.ok) return charges;
  const { total, lines, doubt } = charges.value;
  const paid = readPaid(wire, total, currency, timeZone);
  if (!paid.ok) return paid;
  const refunds = readRefunds(wire, lines, currency, timeZone);
  if (!refunds.ok) return refunds;

  const state = stateOfOrder(wire);
  const number = numberOf(wire);
  return ok({
    id: order.id,
    number,
    aliases: [order.reference].filter((alias) => alias !== '' && alias !== number),
    // `secure_key` belongs to the customer: it is the same on all their orders.
    orderKey: null,
    cartId: order.id_cart,
    transactions: transactionsOf(wire),
    ...dates.value,
    rank: rankOf(wire, state, refunds.value.length > 0, paid.value !== null),
    status: stateOf(wire, order.current_state)?.name || order.current_state || '',
    state,
    currency,
    total,
    lines,
    paid: paid.value,
    refunds: refunds.value,
    listsAllRefunds: false,
    buyer: readBuyer(wire),
    language,
    paymentMethod: order.module,
    tags: [],
    test: false,
    invoicedElsewhere: ownInvoices === 'respect' ? ownInvoiceOf(wire) : null,
    doubt,
  });
}

/**
 * What the shop calls the order: its reference. Orders split from one cart share it; the shop itself then counts them in its
 * letters ("XKBKNABJK#2"), from the first of them.
 */
function numberOf({ order, orders }: WireOrder): string {
  if (order.reference === '') return order.id;
  const ids = orders.map(({ id }) => BigInt(id));
  const first = ids.reduce((least, id) => (id < least ? id : least), BigInt(order.id));
  return ids.length > 1 ? `${order.reference}#${BigInt(order.id) - first + 1n}` : order.reference;
}

/** The e-mail templates of the states that PrestaShop installs: unlike names and flags, they tell these states apart. */
const CANCELLED = 'order_canceled';
const FAILED = 'payment_error';
/** The ids of the same states, for shops that took their templates away. */
const CANCELLED_ID = '6';
const FAILED_ID = '8';

function stateOfOrder(wire: WireOrder): Order['state'] {
  const id = wire.order.current_state;
  const state = stateOf(wire, id);
  const template = state?.template ?? '';
  if (state?.paid === true) return 'open';
  if (template === CANCELLED || (template === '' && id === CANCELLED_ID)) return 'cancelled';
  return template === FAILED || (template === '' && id === FAILED_ID) ? 'failed' : 'open';
}

function rankOf(wire: WireOrder, state: Order['state'], isRefunded: boolean, isPaid: boolean): number {
  if (isRefunded) return 50;
  if (state === 'cancelled' || state === 'failed') return 40;
  if (stateOf(wire, wire.order.current_state)?.shipped === true) return 30;
  return isPaid ? 20 : 10;
}

/** A number of the shop's own; rows with the number 0 are delivery slips, or are made while its invoices are switched off. */
function ownInvoiceOf({ order, order_invoices }: WireOrder): string | null {
  const numbers = [...order_invoices.map(({ number }) => number), order.invoice_number];
  return numbers.find((number) => number !== '' && number !== '0') ?? null;
}

/**
 * When the order was placed and last changed. A credit slip or a payment may be added without touching the order's own
 * `date_upd`, so the latest date of all its parts counts.
 */
function datesOf(wire: WireOrder, timeZone: string): Result<Pick<Order, 'placedAt' | 'updatedAt'>> {
  const { order } = wire;
  const placedAt = instantOf(order.date_add, timeZone);
  const updatedAt = instantOf(order.date_upd, timeZone);
  if (placedAt === null || updatedAt === null) {
    const [path, local] = placedAt === null ? ['date_add', order.date_add] : ['date_upd', order.date_upd];
    const detail = `${path} “${local}” is no date such as 2026-11-21 10:00:00; correct the order in the shop`;
    return err(problem('unreadable_date', detail, `order.${path}`));
  }
  const parts = [
    ...wire.order_histories.map(({ date_add }) => date_add),
    ...wire.order_payments.map(({ date_add }) => date_add),
    ...wire.order_slip.flatMap(({ date_add, date_upd }) => [date_add, date_upd]),
  ].flatMap((local) => instantOf(local, timeZone) ?? []);
  return ok({ placedAt, updatedAt: parts.reduce((latest, at) => (at > latest ? at : latest), updatedAt) });
}
