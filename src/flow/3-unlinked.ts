// A payment that names no order anywhere becomes a sale of its own, where the user asks for it: after a time in which its
// order may still come, and after every shop that can be asked has been read again since.
import { type Registry, type Source, sourceByIdentity } from '../registry.ts';
import { requestFetches } from '../store/fetches.ts';
import { markAsked, type PaymentRow, unaskedPayments } from '../store/sales.ts';
import { sweepNow, sweepsOf } from '../store/sweeps.ts';
import type { InwardParts } from './1-fetch.ts';

/** Asks for the sales of payments that have waited long enough. Returns how long there is nothing to do, in milliseconds. */
export async function unlinkedStep(
  parts: InwardParts,
  registry: Registry,
  source: Source,
  idle: number,
): Promise<number> {
  const { store, runtime, log } = parts;
  const unlinked = source.linking?.unlinked ?? null;
  if (unlinked === null || source.api === null) return idle;
  const now = runtime.now();
  const waited = now.getTime() - unlinked.afterMs;
  for (const payment of (await unaskedPayments(store.read, source.identity, waited)).filter((row) =>
    isNameless(row, source),
  )) {
    const readyAt = payment.first_seen_at + unlinked.afterMs;
    if (!(await areShopsRead(parts, registry, source, readyAt))) continue;
    await store.write(async (tx) => {
      await requestFetches(tx, source.identity, [unlinked.ref(payment.id)], now);
      await markAsked(tx, source.identity, payment.id, now);
    });
    log.info('payment.asked', { source: source.name, payment: payment.id });
  }
  return idle;
}

/** True for a payment that names no order in any of the configured places. */
const isNameless = ({ payment }: PaymentRow, source: Source): boolean =>
  !payment.links.some(({ by }) => by !== 'transaction' && source.linking?.by.includes(by));

/** True when each shop that can be asked has been read to its end since then; one that has not is read now. */
async function areShopsRead(
  { store, runtime }: InwardParts,
  registry: Registry,
  source: Source,
  since: number,
): Promise<boolean> {
  const named = source.linking?.ordersFrom ?? [...registry.sources.values()].map(({ identity }) => identity);
  let all = true;
  for (const identity of named) {
    const shop = sourceByIdentity(registry, identity);
    if (shop?.tells !== 'shop' || shop.api === null) continue;
    const sweeps = await sweepsOf(store.read, identity);
    const isRead =
      sweeps.length > 0 &&
      sweeps.every(({ finished_at, started_at }) => finished_at !== null && (started_at ?? 0) >= since);
    if (isRead) continue;
    all = false;
    await store.write((tx) => sweepNow(tx, identity, runtime.now()));
  }
  return all;
}
