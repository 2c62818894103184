// An order's JSON to the canonical order. Every part is read, and what is wrong is told with its path and what to write.
import type { z } from 'zod';
import type { Address, Buyer } from '../domain/buyer.ts';
import type { Json } from '../domain/json.ts';
import type { Order, PaidClaim } from '../domain/order.ts';
import { problem } from '../domain/problem.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { minor, type Report, readLine, readRefund } from './standard-lines.ts';
import { type StandardAddress, type StandardBuyer, type StandardOrder, StandardOrderSchema } from './standard-order.ts';

/**
 * The order that the JSON tells, its lines and its total as they are told: whether they agree is looked at in agreement.ts.
 * Fails with `unreadable_order`: the first thing that is wrong, its path and what to write.
 */
export function standardToOrder(json: Json, schema: z.ZodType<StandardOrder> = StandardOrderSchema): Result<Order> {
  const wire = schema.safeParse(json);
  if (!wire.success) {
    const [issue] = wire.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const path = [...(issue?.path ?? []), ...unknown].join('.');
    return unreadable(path, unknown.length > 0 ? 'there is no such key' : (issue?.message ?? 'unexpected'));
  }
  const faults: [path: string, write: string][] = [];
  const order = readOrder(wire.data, (path, write) => faults.push([path, write]));
  const [first] = faults;
  return first === undefined ? ok(order) : unreadable(...first);
}

const unreadable = (path: string, write: string): Result<never> =>
  err(problem('unreadable_order', path === '' ? write : `${path}: ${write}`, path));

function readOrder(wire: StandardOrder, report: Report): Order {
  const { currency } = wire;
  const lines = wire.lines.map((line, index) => readLine(line, `lines.${index}`, currency, report));
  const refunds = (wire.refunds ?? []).map((refund, index) =>
    readRefund(refund, `refunds.${index}`, currency, lines, report),
  );
  reportTwice(lines, 'lines', report);
  reportTwice(refunds, 'refunds', report);
  const paid = wire.paid ? readPaid(wire.paid, currency, report) : null;
  const state = wire.state ?? 'open';
  return {
    id: wire.id,
    number: wire.number ?? wire.id,
    aliases: wire.aliases ?? [],
    orderKey: wire.order_key || null,
    cartId: wire.cart_id || null,
    transactions: wire.transactions ?? [],
    placedAt: wire.placed_at,
    updatedAt: wire.updated_at,
    rank: wire.rank ? Number(wire.rank) : rankOf(state, paid !== null, refunds.length > 0),
    status: wire.status ?? state,
    state,
    currency,
    total: minor(wire.total, 'total', currency, report),
    lines,
    paid,
    refunds,
    listsAllRefunds: wire.lists_all_refunds ?? false,
    buyer: readBuyer(wire.buyer, report),
    language: wire.language || null,
    paymentMethod: wire.payment_method ?? paid?.method ?? '',
    tags: wire.tags ?? [],
    test: wire.test ?? false,
    invoicedElsewhere: wire.invoiced_elsewhere || null,
    doubt: wire.doubt ?? null,
  };
}

/** The ranks of `Order.rank`, from what the order shows. */
function rankOf(state: Order['state'], isPaid: boolean, isRefunded: boolean): number {
  if (isRefunded) return 50;
  if (state === 'cancelled' || state === 'failed' || state === 'deleted') return 40;
  return isPaid ? 20 : 10;
}

function readPaid(wire: NonNullable<StandardOrder['paid']>, currency: string, report: Report): PaidClaim {
  const amount = minor(wire.amount, 'paid.amount', currency, report);
  if (amount < 0n) report('paid.amount', 'write what was paid as a positive amount');
  return {
    amount,
    at: wire.at,
    method: wire.method ?? '',
    title: wire.title ?? '',
    mode: wire.mode,
    transactionId: wire.transaction_id || null,
  };
}

function readBuyer(wire: StandardBuyer, report: Report): Buyer {
  const [company, firstName, lastName] = [wire.company ?? '', wire.first_name ?? '', wire.last_name ?? ''];
  const name = wire.name || company || [firstName, lastName].filter(Boolean).join(' ');
  if (name === '') report('buyer.name', 'write who buys: name, company, or first_name and last_name');
  const taxNumber = wire.tax_number || null;
  return {
    customerId: wire.customer_id || null,
    kind: wire.kind ?? (company !== '' || taxNumber !== null ? 'company' : 'person'),
    name,
    company,
    firstName,
    lastName,
    email: wire.email || null,
    phone: wire.phone ?? '',
    taxNumber,
    address: readAddress(wire.address, name),
    delivery: wire.delivery_address ? readAddress(wire.delivery_address, name) : null,
  };
}

const readAddress = (wire: StandardAddress, name: string): Address => ({
  name: wire.name ?? name,
  line1: wire.line1 ?? '',
  line2: wire.line2 ?? '',
  postCode: wire.post_code ?? '',
  city: wire.city ?? '',
  region: wire.region ?? '',
  country: wire.country ?? '',
});

function reportTwice(items: readonly { id: string }[], path: string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id)) report(`${path}.${index}.id`, `${id} is there twice: write an id of its own`);
    seen.add(id);
  }
}
