// A payment may be invoiced as a sale of its own before the shop's order that it is for is heard of. The order then takes
// over what was made, so that one sale never has two invoices.
import type { Order, SaleRef } from '../domain/order.ts';
import { type Registry, type Source, sourceByIdentity } from '../registry.ts';
import { changeJob, isBegun, jobsOf, moveToSale } from '../store/jobs.ts';
import { paymentOf, paymentsOf, type SaleRow, salesNamed, setLinking, setSaleState } from '../store/sales.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { ADOPTED } from './5-outbox.ts';

/** False for a sale made of a payment that a shop's order has by now: that order is the sale. */
export async function claimsOwnPayment(tx: Tx, source: Source, order: Order): Promise<boolean> {
  for (const id of order.transactions) {
    const row = await paymentOf(tx, source.identity, id);
    if (row?.status === 'linked' && row.sale_source !== source.identity) return false;
  }
  return true;
}

/** When a shop's order names a payment that has become a sale of its own: its documents and its money become the order's. */
export async function adoptSaleOfPayment(
  tx: Tx,
  registry: Registry,
  sale: SaleRef,
  order: Order,
  now: Date,
): Promise<void> {
  const tellers = [...registry.sources.values()].filter(({ tells }) => tells === 'payments');
  for (const id of order.transactions) {
    const named = await salesNamed(
      tx,
      ['transaction'],
      id,
      tellers.map(({ identity }) => identity),
    );
    for (const own of named.filter((row) => mayAdopt(registry, row, sale, order))) await adopt(tx, own, sale, id, now);
  }
}

function mayAdopt(registry: Registry, own: SaleRow, sale: SaleRef, order: Order): boolean {
  const ordersFrom = sourceByIdentity(registry, own.source)?.linking?.ordersFrom ?? null;
  return (
    own.reason !== ADOPTED &&
    own.order.currency === order.currency &&
    (ordersFrom === null || ordersFrom.includes(sale.source))
  );
}

async function adopt(tx: Tx, own: SaleRow, sale: SaleRef, payment: string, now: Date): Promise<void> {
  const from: SaleRef = { source: own.source, orderId: own.order_id };
  const jobs = await jobsOf(tx, from);
  if ((await jobsOf(tx, sale)).some((job) => job.kind === 'invoice' && isBegun(job))) {
    const twice = `order ${sale.source}/${sale.orderId} and payment ${payment} were both invoiced: credit one of the two by hand`;
    for (const one of [from, sale]) await note(tx, { sale: one, at: now, step: 'facts', detail: twice });
    return;
  }
  const isMade = jobs.some((job) => job.kind === 'invoice' && isBegun(job));
  for (const {
    payment: { id },
    source,
  } of await paymentsOf(tx, from)) {
    await setLinking(tx, source, id, { status: 'linked', sale, by: 'transaction' });
  }
  if (isMade) await moveToSale(tx, from, sale);
  else {
    const why = {
      status: 'skipped' as const,
      reason: ADOPTED,
      detail: `order ${sale.source}/${sale.orderId} has this payment`,
    };
    for (const job of jobs.filter((one) => !isBegun(one))) await changeJob(tx, job.id, why, now);
  }
  const detail = `order ${sale.source}/${sale.orderId} has payment ${payment}${isMade ? ' and takes over its invoice' : ''}`;
  await setSaleState(tx, from, { state: 'ignored', reason: ADOPTED, detail, dueAt: null });
  for (const one of [from, sale]) await note(tx, { sale: one, at: now, step: 'facts', detail });
}
