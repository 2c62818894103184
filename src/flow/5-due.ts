// What time alone changes: a refund that waited long enough for the shop's word, an answer of a person that alters what is due.
import { type Registry, sourceByIdentity } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import type { Store } from '../store/open.ts';
import { dueSales, planNever } from '../store/sales.ts';
import { planSale } from './5-outbox.ts';

const SALES_AT_ONCE = 64;

/** Plans anew the sales whose time has come; how many there were. */
export async function planDue(parts: { store: Store; registry: Registry; runtime: Runtime }): Promise<number> {
  const { store, registry, runtime } = parts;
  const due = await dueSales(store.read, runtime.now(), SALES_AT_ONCE);
  for (const sale of due) {
    await store.write(async (tx) => {
      if (sourceByIdentity(registry, sale.source) === undefined) await planNever(tx, sale);
      else await planSale(tx, registry, sale, runtime.now());
    });
  }
  return due.length;
}
