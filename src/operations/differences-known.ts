// Gathers what is known of each sale of a window, has its documents looked at, and compares.
import type { SaleRef } from '../domain/order.ts';
import { saleAsKnown } from '../flow/5-known.ts';
import { sourceByIdentity } from '../registry.ts';
import { documentsOf } from '../store/documents.ts';
import { jobsOf } from '../store/jobs.ts';
import { salesWithin, unclaimedWithin, type Window } from '../store/reconciliations.ts';
import { saleOf } from '../store/sales.ts';
import type { ComparedDocument, Difference } from './difference.ts';
import { differencesOf, withoutOrder } from './differences.ts';
import type { DocumentReader } from './differences-read.ts';
import type { OperationParts } from './parts.ts';
import { sourceNames } from './sources.ts';

/** How far it is after every so many sales. */
const TELLS_EVERY = 25;

/** Compares the sales of the window, and lists its payments that have none. `tell` hears how far it is. */
export async function differencesWithin(
  parts: OperationParts,
  window: Window,
  reader: DocumentReader,
  tell: (compared: number, of: number) => Promise<void>,
): Promise<{ sales: number; differences: Difference[] }> {
  const { store, registry } = parts;
  const sales = await salesWithin(store.read, window);
  const differences: Difference[] = [];
  for (const [index, sale] of sales.entries()) {
    if (index % TELLS_EVERY === 0) await tell(index, sales.length);
    differences.push(...(await differencesOfSale(parts, sale, reader)));
  }
  await tell(sales.length, sales.length);
  const nameOf = await sourceNames(store.read, registry);
  for (const payment of await unclaimedWithin(store.read, window)) {
    differences.push(withoutOrder(payment, nameOf(payment.source)));
  }
  return { sales: sales.length, differences };
}

/** A sale whose source is no longer configured has nobody who could plan it: it is left out. */
async function differencesOfSale(parts: OperationParts, ref: SaleRef, reader: DocumentReader): Promise<Difference[]> {
  const { store, registry, runtime } = parts;
  const row = await saleOf(store.read, ref);
  const source = sourceByIdentity(registry, ref.source);
  if (row === undefined || source === undefined) return [];
  const jobs = await jobsOf(store.read, ref);
  const sale = await saleAsKnown(store.read, registry, source, row, jobs);
  const documents: ComparedDocument[] = [];
  // After the jobs: one that has ended meanwhile is known by its document.
  for (const document of await documentsOf(store.read, ref)) {
    documents.push({ row: document, there: await reader.read(document) });
  }
  return differencesOf({ name: source.name, sale, state: row.state, jobs, documents }, runtime.now());
}
