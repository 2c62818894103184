// Sales and payments: the folded facts, and the texts under which they find each other.
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { type Payment, PaymentSchema } from '../domain/facts.ts';
import { toJson } from '../domain/json.ts';
import { type Order, OrderSchema, type PaidClaim, PaidClaimSchema, type SaleRef } from '../domain/order.ts';
import type { SaleState } from '../domain/states.ts';
import type { PaymentTable, SaleTable } from './tables.ts';
import type { Tx } from './writer.ts';

const ClaimSchema = PaidClaimSchema.extend({ bodyHash: z.string() });
/** A shop's claim, with the hash of the body that made it. */
export type StoredClaim = PaidClaim & { bodyHash: string };

export type SaleRow = Omit<Selectable<SaleTable>, 'snapshot' | 'claim'> & { order: Order; claim: StoredClaim | null };
export type PaymentRow = Omit<Selectable<PaymentTable>, 'snapshot'> & { payment: Payment };

function saleRow({ snapshot, claim, ...row }: Selectable<SaleTable>): SaleRow {
  return {
    ...row,
    order: OrderSchema.parse(JSON.parse(snapshot)),
    claim: claim === null ? null : ClaimSchema.parse(JSON.parse(claim)),
  };
}

/** A row with its stored payment parsed. */
export function paymentRow({ snapshot, ...row }: Selectable<PaymentTable>): PaymentRow {
  return { ...row, payment: PaymentSchema.parse(JSON.parse(snapshot)) };
}

export async function saleOf(db: Tx, { source, orderId }: SaleRef): Promise<SaleRow | undefined> {
  const row = await db
    .selectFrom('sale')
    .selectAll()
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  return row && saleRow(row);
}

export type SaleVersion = { bodyHash: string; revision: number; eventId: number };

/** Keeps this snapshot and claim as the sale's; what was decided about it stays until the next plan. */
export async function saveSale(
  tx: Tx,
  source: string,
  order: Order,
  claim: StoredClaim | null,
  version: SaleVersion,
): Promise<void> {
  const values = {
    number: order.number,
    snapshot: toJson(order),
    updated_at: order.updatedAt,
    rank: order.rank,
    body_hash: version.bodyHash,
    revision: version.revision,
    event_id: version.eventId,
    claim: claim === null ? null : toJson(claim),
    placed_at: order.placedAt,
  };
  await tx
    .insertInto('sale')
    .values({ source, order_id: order.id, state: 'waits', ...values })
    .onConflict((c) => c.columns(['source', 'order_id']).doUpdateSet(values))
    .execute();
}

/** Where a sale stands, and when it is planned again without news (milliseconds since 1970); null: never. */
export type SaleStanding = { state: SaleState; reason: string | null; detail: string | null; dueAt: number | null };

export async function setSaleState(
  tx: Tx,
  { source, orderId }: SaleRef,
  { state, reason, detail, dueAt }: SaleStanding,
): Promise<void> {
  await tx
    .updateTable('sale')
    .set({ state, reason, detail, due_at: dueAt })
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .execute();
}

/** Has the sale planned again as soon as possible, because something other than a fact has changed. */
export async function planSoon(tx: Tx, { source, orderId }: SaleRef, now: Date): Promise<void> {
  await tx
    .updateTable('sale')
    .set({ due_at: now.getTime() })
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .execute();
}

/** Takes a sale off the list of those to plan again: its source is gone from the configuration. */
export async function planNever(tx: Tx, { source, orderId }: SaleRef): Promise<void> {
  await tx
    .updateTable('sale')
    .set({ due_at: null })
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .execute();
}

/** Sales that are to be planned again now, longest due first. */
export async function dueSales(db: Tx, now: Date, limit: number): Promise<SaleRef[]> {
  const rows = await db
    .selectFrom('sale')
    .select(['source', 'order_id'])
    .where('due_at', 'is not', null)
    .where('due_at', '<=', now.getTime())
    .orderBy('due_at')
    .limit(limit)
    .execute();
  return rows.map(({ source, order_id }) => ({ source, orderId: order_id }));
}

/** The texts under which a payment may name this order, by kind. */
export const linkValues = (order: Order): { kind: string; value: string }[] => {
  const links = [
    ...order.transactions.map((value) => ({ kind: 'transaction', value })),
    ...(order.orderKey === null ? [] : [{ kind: 'order_key', value: order.orderKey }]),
    ...(order.cartId === null ? [] : [{ kind: 'cart', value: order.cartId }]),
    ...[order.number, ...order.aliases].map((value) => ({ kind: 'number', value })),
    { kind: 'id', value: order.id },
  ];
  return links.filter(
    (link, index) => links.findIndex((l) => l.kind === link.kind && l.value === link.value) === index,
  );
};

export async function saveLinks(tx: Tx, source: string, order: Order): Promise<void> {
  await tx
    .insertInto('sale_link')
    .values(linkValues(order).map((link) => ({ ...link, source, order_id: order.id })))
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Sales of these sources that go by the value, under any of the kinds. */
export async function salesNamed(
  db: Tx,
  kinds: readonly string[],
  value: string,
  sources: readonly string[],
): Promise<SaleRow[]> {
  const rows = await db
    .selectFrom('sale')
    .selectAll('sale')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('sale_link')
          .select('sale_link.value')
          .whereRef('sale_link.source', '=', 'sale.source')
          .whereRef('sale_link.order_id', '=', 'sale.order_id')
          .where('sale_link.value', '=', value)
          .where('sale_link.kind', 'in', [...kinds]),
      ),
    )
    .where('sale.source', 'in', [...sources])
    .orderBy('sale.source')
    .orderBy('sale.order_id')
    .execute();
  return rows.map(saleRow);
}

export async function paymentOf(db: Tx, source: string, id: string): Promise<PaymentRow | undefined> {
  const row = await db
    .selectFrom('payment')
    .selectAll()
    .where('source', '=', source)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && paymentRow(row);
}

export async function savePayment(tx: Tx, source: string, payment: Payment, eventId: number, now: Date): Promise<void> {
  const snapshot = toJson(payment);
  await tx
    .insertInto('payment')
    .values({
      source,
      id: payment.id,
      snapshot,
      status: 'unlinked',
      event_id: eventId,
      first_seen_at: now.getTime(),
    })
    .onConflict((c) => c.columns(['source', 'id']).doUpdateSet({ snapshot }))
    .execute();
  if (payment.links.length === 0) return;
  const values = [...new Set(payment.links.map(({ value }) => value))];
  await tx
    .insertInto('payment_link')
    .values(values.map((value) => ({ source, payment_id: payment.id, value })))
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Payments without a sale that carry one of the values, oldest first. */
export async function unlinkedPayments(db: Tx, values: readonly string[]): Promise<PaymentRow[]> {
  const rows = await db
    .selectFrom('payment')
    .selectAll('payment')
    .where('payment.status', '!=', 'linked')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('payment_link')
          .select('payment_link.value')
          .whereRef('payment_link.source', '=', 'payment.source')
          .whereRef('payment_link.payment_id', '=', 'payment.id')
          .where('payment_link.value', 'in', [...values]),
      ),
    )
    .orderBy('payment.first_seen_at')
    .orderBy('payment.id')
    .execute();
  return rows.map(paymentRow);
}

/** Payments of the source that have no sale, were first heard of before `seenBefore`, and whose own sale nobody asked for. */
export async function unaskedPayments(db: Tx, source: string, seenBefore: number): Promise<PaymentRow[]> {
  const rows = await db
    .selectFrom('payment')
    .selectAll()
    .where('source', '=', source)
    // Written out, so that the partial index is used.
    .where(sql<boolean>`status = 'unlinked'`)
    .where('asked_at', 'is', null)
    .where('first_seen_at', '<=', seenBefore)
    .orderBy('first_seen_at')
    .orderBy('id')
    .execute();
  return rows.map(paymentRow);
}

export async function markAsked(tx: Tx, source: string, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ asked_at: now.getTime() })
    .where('source', '=', source)
    .where('id', '=', id)
    .execute();
}

/** Payments of a sale, oldest money first. */
export async function paymentsOf(db: Tx, { source, orderId }: SaleRef): Promise<PaymentRow[]> {
  const rows = await db
    .selectFrom('payment')
    .selectAll()
    .where('sale_source', '=', source)
    .where('sale_order_id', '=', orderId)
    .execute();
  return rows
    .map(paymentRow)
    .sort((a, b) => a.payment.paidAt.localeCompare(b.payment.paidAt) || a.payment.id.localeCompare(b.payment.id));
}

export type Linking =
  | { status: 'linked'; sale: SaleRef; by: string }
  | { status: 'unlinked' | 'ambiguous'; reason: string };

export async function setLinking(tx: Tx, source: string, id: string, linking: Linking): Promise<void> {
  const linked = linking.status === 'linked';
  await tx
    .updateTable('payment')
    .set({
      status: linking.status,
      reason: linked ? null : linking.reason,
      sale_source: linked ? linking.sale.source : null,
      sale_order_id: linked ? linking.sale.orderId : null,
      linked_by: linked ? linking.by : null,
    })
    .where('source', '=', source)
    .where('id', '=', id)
    .execute();
}
