// All that the store knows of a sale, gathered for planning.
import type { CreditNoteDraft, InvoiceDraft } from '../domain/document.ts';
import type { SaleRef } from '../domain/order.ts';
import { type Registry, type Source, sourceByIdentity } from '../registry.ts';
import { isBegun, type JobRow } from '../store/jobs.ts';
import { type MovementRow, movementsOf } from '../store/movements.ts';
import { type PaymentRow, paymentsOf, type SaleRow } from '../store/sales.ts';
import type { Tx } from '../store/writer.ts';
import type { Made, Sale } from './4-sale.ts';

/** A sale with everything told of it, and what was asked of providers for it. */
export async function saleAsKnown(
  tx: Tx,
  registry: Registry,
  source: Source,
  row: SaleRow,
  jobs: readonly JobRow[],
): Promise<Sale> {
  const ref: SaleRef = { source: row.source, orderId: row.order_id };
  const payments = await paymentsOf(tx, ref);
  const movements = await movementsOfSale(tx, registry, source, row, payments);
  return {
    source: row.source,
    order: row.order,
    revision: row.revision,
    claim: row.claim,
    payments: payments.map(({ payment }) => payment),
    refunds: movements.flatMap(({ kind, told, firstSeenAt }) =>
      kind === 'refund' ? [{ ...told, heardAt: new Date(firstSeenAt).toISOString() }] : [],
    ),
    disputes: movements.flatMap((one) => (one.kind === 'dispute' ? [one.told] : [])),
    recorded: jobs.flatMap(({ draft, status, reason }) =>
      draft.kind === 'payment' && status !== 'skipped' && reason !== 'amount_differs' ? [draft] : [],
    ),
    made: jobs.flatMap(madeBy),
    teller: { isShop: source.tells === 'shop', canBeAsked: source.api !== null },
    graceMs: source.refundGrace,
    writeBacks: [
      ...(writesBack(source) ? [{ source: source.identity, target: row.order_id }] : []),
      ...payments.flatMap((payment) => {
        const teller = sourceByIdentity(registry, payment.source);
        const isOther = teller !== undefined && teller.identity !== source.identity && writesBack(teller);
        return isOther ? [{ source: teller.identity, target: payment.id }] : [];
      }),
    ],
  };
}

/** Refunds and disputes of the sale's money, by whichever id they name it. */
export const movementsOfSale = (
  db: Tx,
  registry: Registry,
  source: Source,
  row: SaleRow,
  payments: readonly PaymentRow[],
): Promise<MovementRow[]> => movementsOf(db, idsOfMoney(row, payments), tellersOf(registry, source));

/** True where the user asks for it and the shop has a place for it. */
const writesBack = ({ writeBack, api }: Source): boolean => writeBack && api !== null && api.api.writeBack !== null;

/** An invoice or credit note that has begun; one that a person dropped has, too. */
function madeBy(job: JobRow): Made[] {
  const { draft, status } = job;
  return isDocument(draft) && isBegun(job) ? [{ draft, dropped: status === 'skipped' }] : [];
}

const isDocument = (draft: JobRow['draft']): draft is InvoiceDraft | CreditNoteDraft =>
  draft.kind === 'invoice' || draft.kind === 'credit_note';

/** Ids under which the payment service may speak of this sale's money. */
const idsOfMoney = ({ order }: SaleRow, payments: readonly PaymentRow[]): string[] => [
  ...new Set([
    ...order.transactions,
    ...payments.flatMap(({ id, payment }) => [
      id,
      ...payment.links.filter(({ by }) => by === 'transaction').map(({ value }) => value),
    ]),
  ]),
];

/** Sources that may tell of money for the orders of this one. */
const tellersOf = (registry: Registry, { identity }: Source): string[] =>
  [...registry.sources.values()]
    .filter(
      (source) =>
        source.identity === identity ||
        (source.tells === 'payments' &&
          (source.linking?.ordersFrom == null || source.linking.ordersFrom.includes(identity))),
    )
    .map((source) => source.identity);
