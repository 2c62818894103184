// Refunds and disputes as the payment service tells them. They find their sale through the payment that they are about.
import type { Dispute, MoneyBack } from '../domain/facts.ts';
import { DisputeSchema, MoneyBackSchema } from '../domain/facts.ts';
import { toJson } from '../domain/json.ts';
import type { SaleRef } from '../domain/order.ts';
import type { Tx } from './writer.ts';

export type Movement = { kind: 'refund'; told: MoneyBack } | { kind: 'dispute'; told: Dispute };
export type MovementRow = Movement & { source: string; firstSeenAt: number };

const parsed = (kind: Movement['kind'], snapshot: string): Movement => {
  const json: unknown = JSON.parse(snapshot);
  return kind === 'refund' ? { kind, told: MoneyBackSchema.parse(json) } : { kind, told: DisputeSchema.parse(json) };
};

export async function movementOf(db: Tx, source: string, id: string): Promise<MovementRow | undefined> {
  const row = await db
    .selectFrom('movement')
    .select(['source', 'kind', 'snapshot', 'first_seen_at'])
    .where('source', '=', source)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { ...parsed(row.kind, row.snapshot), source: row.source, firstSeenAt: row.first_seen_at };
}

/** Keeps what is known of a movement now; when it was first heard of stays. */
export async function saveMovement(
  tx: Tx,
  source: string,
  { kind, told }: Movement,
  eventId: number,
  now: Date,
): Promise<void> {
  const values = { payment_id: told.paymentId, charge_id: told.chargeId, snapshot: toJson(told), event_id: eventId };
  await tx
    .insertInto('movement')
    .values({ source, id: told.id, kind, first_seen_at: now.getTime(), ...values })
    .onConflict((c) => c.columns(['source', 'id']).doUpdateSet(values))
    .execute();
}

/** Movements of any of these payments or charges, told by any of the sources. */
export async function movementsOf(db: Tx, ids: readonly string[], sources: readonly string[]): Promise<MovementRow[]> {
  if (ids.length === 0 || sources.length === 0) return [];
  const rows = await db
    .selectFrom('movement')
    .select(['source', 'kind', 'snapshot', 'first_seen_at'])
    .where((eb) => eb.or([eb('payment_id', 'in', [...ids]), eb('charge_id', 'in', [...ids])]))
    .where('source', 'in', [...sources])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    ...parsed(row.kind, row.snapshot),
    source: row.source,
    firstSeenAt: row.first_seen_at,
  }));
}

/** Sales that a movement may belong to: those of its payment, and those whose shop holds the payment's id itself. */
export async function salesOfMoney(db: Tx, source: string, ids: readonly string[]): Promise<SaleRef[]> {
  const linked = await db
    .selectFrom('payment')
    .select(['sale_source', 'sale_order_id'])
    .where('source', '=', source)
    .where('status', '=', 'linked')
    .where((eb) =>
      eb.or([
        eb('id', 'in', [...ids]),
        eb.exists(
          eb
            .selectFrom('payment_link')
            .select('payment_link.value')
            .whereRef('payment_link.source', '=', 'payment.source')
            .whereRef('payment_link.payment_id', '=', 'payment.id')
            .where('payment_link.value', 'in', [...ids]),
        ),
      ]),
    )
    .execute();
  const named = await db
    .selectFrom('sale_link')
    .select(['source', 'order_id'])
    .where('kind', '=', 'transaction')
    .where('value', 'in', [...ids])
    .execute();
  const sales = [
    ...linked.map(({ sale_source, sale_order_id }) => ({ source: sale_source ?? '', orderId: sale_order_id ?? '' })),
    ...named.map(({ source: shop, order_id }) => ({ source: shop, orderId: order_id })),
  ];
  return [...new Map(sales.map((sale) => [JSON.stringify(sale), sale])).values()];
}
