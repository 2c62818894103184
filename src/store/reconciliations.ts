// Reconciliations that a person asked for, and which sales and payments one looks at.
import type { Selectable } from 'kysely';
import { toJson } from '../domain/json.ts';
import type { SaleRef } from '../domain/order.ts';
import type { ReconciliationStatus } from '../domain/states.ts';
import { salesOfMoney } from './movements.ts';
import type { Page } from './queries.ts';
import { type PaymentRow, paymentRow } from './sales.ts';
import type { ReconciliationTable } from './tables.ts';
import type { Tx } from './writer.ts';

/** `progress` and `report` as they were stored, for the schemas of whoever made them. */
export type ReconciliationRow = Omit<Selectable<ReconciliationTable>, 'providers' | 'progress' | 'report'> & {
  providers: boolean;
  progress: unknown;
  report: unknown;
};

const reconciliationRow = ({
  providers,
  progress,
  report,
  ...row
}: Selectable<ReconciliationTable>): ReconciliationRow => ({
  ...row,
  providers: providers === 1,
  progress: JSON.parse(progress),
  report: report === null ? null : JSON.parse(report),
});

/** `source` is an identity, null for all; `since` a UTC instant. */
export type NewReconciliation = { source: string | null; since: string; providers: boolean; progress: unknown };

export async function addReconciliation(tx: Tx, asked: NewReconciliation, now: Date): Promise<number> {
  const { source, since, providers, progress } = asked;
  const { id } = await tx
    .insertInto('reconciliation')
    .values({
      source,
      since,
      providers: providers ? 1 : 0,
      status: 'running',
      progress: toJson(progress),
      report: null,
      created_at: now.getTime(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function reconciliationById(db: Tx, id: number): Promise<ReconciliationRow | undefined> {
  const row = await db.selectFrom('reconciliation').selectAll().where('id', '=', id).executeTakeFirst();
  return row && reconciliationRow(row);
}

/** The one that runs; there is never a second. */
export async function runningReconciliation(db: Tx): Promise<ReconciliationRow | undefined> {
  const row = await db
    .selectFrom('reconciliation')
    .selectAll()
    .where('status', '=', 'running')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row && reconciliationRow(row);
}

export async function listReconciliations(db: Tx, { limit, after }: Page<number>): Promise<ReconciliationRow[]> {
  let query = db.selectFrom('reconciliation').selectAll();
  if (after !== null) query = query.where('id', '<', after);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(reconciliationRow);
}

export async function saveProgress(tx: Tx, id: number, progress: unknown): Promise<void> {
  await tx
    .updateTable('reconciliation')
    .set({ progress: toJson(progress) })
    .where('id', '=', id)
    .execute();
}

/** `report` is null where a defect kept it from being made. */
export async function endReconciliation(
  tx: Tx,
  id: number,
  status: Exclude<ReconciliationStatus, 'running'>,
  report: unknown,
): Promise<void> {
  await tx
    .updateTable('reconciliation')
    .set({ status, report: report === null ? null : toJson(report) })
    .where('id', '=', id)
    .execute();
}

/** What is looked at: all since an instant, or what one source (by identity) told or owns. */
export type Window = { since: Date; source: string | null };

/** Sales that were placed or changed in the window, and those whose money moved in it. Each once. */
export async function salesWithin(db: Tx, { since, source }: Window): Promise<SaleRef[]> {
  const at = since.getTime();
  let changed = db
    .selectFrom('sale')
    .select(['source', 'order_id'])
    .where((eb) => eb.or([eb('updated_at', '>=', since.toISOString()), eb('placed_at', '>=', since.toISOString())]))
    .orderBy('placed_at');
  let paid = db
    .selectFrom('payment')
    .select(['sale_source', 'sale_order_id'])
    .where('first_seen_at', '>=', at)
    .where('status', '=', 'linked');
  if (source !== null) {
    changed = changed.where('source', '=', source);
    paid = paid.where((eb) => eb.or([eb('source', '=', source), eb('sale_source', '=', source)]));
  }
  const sales = [
    ...(await changed.execute()).map((row) => ({ source: row.source, orderId: row.order_id })),
    ...(await paid.execute()).flatMap(({ sale_source, sale_order_id }) =>
      sale_source === null || sale_order_id === null ? [] : [{ source: sale_source, orderId: sale_order_id }],
    ),
    ...(await salesOfMovements(db, { since, source })),
  ];
  return [...new Map(sales.map((sale) => [JSON.stringify([sale.source, sale.orderId]), sale])).values()];
}

async function salesOfMovements(db: Tx, { since, source }: Window): Promise<SaleRef[]> {
  const moved = await db
    .selectFrom('movement')
    .select(['source', 'payment_id', 'charge_id'])
    .where('first_seen_at', '>=', since.getTime())
    .execute();
  const sales: SaleRef[] = [];
  for (const { source: teller, payment_id, charge_id } of moved) {
    const found = await salesOfMoney(
      db,
      teller,
      [payment_id, charge_id].filter((id) => id !== null),
    );
    sales.push(...found.filter((sale) => source === null || source === teller || source === sale.source));
  }
  return sales;
}

/** Payments made in the window that no order has, in the order in which they were heard of. */
export async function unclaimedWithin(db: Tx, { since, source }: Window): Promise<PaymentRow[]> {
  let query = db.selectFrom('payment').selectAll().where('status', '!=', 'linked');
  if (source !== null) query = query.where('source', '=', source);
  const rows = await query.orderBy('first_seen_at').orderBy('id').execute();
  return rows.map(paymentRow).filter(({ payment }) => payment.paidAt >= since.toISOString());
}
