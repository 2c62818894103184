// From a stored delivery to facts, and from facts to what the sale requires, in one transaction.
import { createHash } from 'node:crypto';
import { type Fact, type Payment, PaymentSchema, type Understood } from '../domain/facts.ts';
import { formatMinor, max } from '../domain/money.ts';
import { type Order, OrderSchema, type SaleRef } from '../domain/order.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever, err, ok, type Result } from '../domain/result.ts';
import type { Log } from '../log.ts';
import { type Registry, type Source, sourceByIdentity } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import { type EventEnd, type EventRow, endEvent, eventById } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import { paymentOf, type SaleRow, type StoredClaim, saleOf, saveLinks, savePayment, saveSale } from '../store/sales.ts';
import { bindShop } from '../store/sources.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { linkPayment, linkWaitingPayments } from './3-linking.ts';
import { planSale, type Verdict } from './5-outbox.ts';

export type FactsParts = { store: Store; registry: Registry; runtime: Runtime; log: Log };

/** Reads one waiting event and applies it. Its end, with the reason, is committed together with all that follows from it. */
export async function applyEvent(parts: FactsParts, eventId: number): Promise<void> {
  const { store, registry, log } = parts;
  const event = await eventById(store.read, eventId);
  if (event === undefined || event.status !== 'received') return;
  const source = sourceByIdentity(registry, event.source);
  const understood =
    source === undefined
      ? err(problem('source_gone', 'the configuration has no such source any more'))
      : read(source, event);

  const work = async (tx: Tx): Promise<EventEnd> => {
    const ended =
      source === undefined || !understood.ok
        ? failed(understood)
        : await apply(tx, source, event, understood.value, parts);
    await endEvent(tx, event.id, ended);
    return ended;
  };
  const end = await store.write(work).catch((error: unknown) => failDefect(parts, event, error));
  log.info(`event.${end.status}`, {
    event_id: event.id,
    source: source?.name ?? event.source,
    topic: event.topic,
    order_id: end.orderId,
    reason: end.reason,
  });
}

/** A defect of ours fails its event, replayable, instead of coming back for ever; a database that cannot write is not one. */
async function failDefect({ store }: FactsParts, event: EventRow, error: unknown): Promise<EventEnd> {
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_')) throw error;
  const detail = error instanceof Error ? error.message : String(error);
  const end: EventEnd = { status: 'failed', reason: 'defect', detail, orderId: null };
  await store.write((tx) => endEvent(tx, event.id, end));
  return end;
}

/** Calls the mapping and checks what it returns: a mapping that breaks its promise fails its event and nothing else. */
export function read(
  source: Source,
  event: Pick<EventRow, 'topic' | 'headers' | 'body' | 'received_at'>,
): Result<Understood> {
  const understood = source.understand({
    topic: event.topic,
    headers: JSON.parse(event.headers) as Record<string, string>,
    body: event.body,
    receivedAt: new Date(event.received_at).toISOString(),
  });
  if (!understood.ok || understood.value.kind === 'ignored') return understood;
  for (const fact of understood.value.facts) {
    const checked = fact.kind === 'order' ? OrderSchema.safeParse(fact.order) : PaymentSchema.safeParse(fact.payment);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      return err(problem('mapping_broken', `${fact.kind}: ${issue?.message ?? 'invalid'}`, issue?.path.join('.')));
    }
  }
  return ok(understood.value);
}

/** Reads an event and applies it within the caller's transaction; how it would end. For a dry run, which takes it all back. */
export async function applyWithin(tx: Tx, event: EventRow, parts: FactsParts): Promise<EventEnd> {
  const source = sourceByIdentity(parts.registry, event.source);
  if (source === undefined) return failed(err(problem('source_gone', 'the configuration has no such source any more')));
  const understood = read(source, event);
  return understood.ok ? apply(tx, source, event, understood.value, parts) : failed(understood);
}

const failed = (understood: Result<Understood>): EventEnd => {
  const told: Problem = understood.ok ? problem('source_gone', 'the source is gone') : understood.error;
  return {
    status: 'failed',
    reason: told.code,
    detail: told.at ? `${told.detail} (${told.at})` : told.detail,
    orderId: null,
  };
};

async function apply(
  tx: Tx,
  source: Source,
  event: EventRow,
  understood: Understood,
  parts: FactsParts,
): Promise<EventEnd> {
  const shop = event.shop === null ? null : await bindShop(tx, source.identity, source.shop ?? event.shop);
  if (shop !== null && event.shop !== shop) {
    const detail = `signed for ${event.shop}, but this source is bound to ${shop}`;
    return { status: 'failed', reason: 'other_shop', detail, orderId: null };
  }
  if (understood.kind === 'ignored') {
    return { status: 'ignored', reason: understood.reason, detail: null, orderId: understood.orderId ?? null };
  }
  let end: EventEnd = { status: 'applied', reason: null, detail: null, orderId: null };
  for (const fact of understood.facts) end = await applyFact(tx, source, event, fact, parts);
  return end;
}

async function applyFact(tx: Tx, source: Source, event: EventRow, fact: Fact, parts: FactsParts): Promise<EventEnd> {
  const { registry, runtime } = parts;
  const now = runtime.now();
  switch (fact.kind) {
    case 'order': {
      const sale: SaleRef = { source: source.identity, orderId: fact.order.id };
      await applyOrder(tx, source, event, fact.order, now);
      await linkWaitingPayments(tx, registry, sale, now);
      return endOf(await planSale(tx, registry, sale, now), fact.order.id);
    }
    case 'payment': {
      await applyPayment(tx, source, event, fact.payment, now);
      const linking = await linkPayment(tx, registry, source, fact.payment.id, now);
      if (linking.status !== 'linked') {
        const reason = linking.status === 'ambiguous' ? 'ambiguous_order' : 'payment_unlinked';
        return { status: 'applied', reason, detail: linking.reason, orderId: null };
      }
      return endOf(await planSale(tx, registry, linking.sale, now), linking.sale.orderId);
    }
    default:
      return assertNever(fact);
  }
}

const endOf = (verdict: Verdict, orderId: string): EventEnd => ({
  status: verdict.state === 'ignored' ? 'ignored' : 'applied',
  reason: verdict.reason,
  detail: verdict.detail,
  orderId,
});

/** Keeps the newest snapshot; an older one still adds what only grows: that it was paid, and the refunds it knew. */
async function applyOrder(tx: Tx, source: Source, event: EventRow, order: Order, now: Date): Promise<void> {
  const sale: SaleRef = { source: source.identity, orderId: order.id };
  const bodyHash = createHash('sha256').update(event.body).digest('hex');
  const known = await saleOf(tx, sale);
  const claim = largerClaim(known?.claim ?? null, order.paid === null ? null : { ...order.paid, bodyHash }, bodyHash);
  const newer = known === undefined || isNewer(order, bodyHash, source.revision, known);
  const base = newer || known === undefined ? order : known.order;
  const merged = {
    ...base,
    refunds: unionById(known?.order.refunds ?? [], order.refunds),
    transactions: union(known?.order.transactions ?? [], order.transactions),
  };
  const version =
    newer || known === undefined
      ? { bodyHash, revision: source.revision, eventId: event.id }
      : { bodyHash: known.body_hash, revision: known.revision, eventId: known.event_id };
  await saveSale(tx, source.identity, merged, claim, version);
  await saveLinks(tx, source.identity, merged);
  await note(tx, {
    sale,
    at: now,
    step: 'facts',
    detail: newer
      ? `order ${order.number} read: ${order.status}`
      : `an older state of order ${order.number} read: ${order.status}`,
    data: {
      topic: event.topic,
      updatedAt: order.updatedAt,
      total: `${formatMinor(order.total, order.currency)} ${order.currency}`,
    },
    eventId: event.id,
  });
}

/** Clocks tie within a second: then rank of progress, then the bytes decide; the same bytes read by a newer mapping win. */
function isNewer(order: Order, bodyHash: string, revision: number, known: SaleRow): boolean {
  if (order.updatedAt !== known.updated_at) return order.updatedAt > known.updated_at;
  if (order.rank !== known.rank && bodyHash !== known.body_hash) return order.rank > known.rank;
  if (bodyHash !== known.body_hash) return bodyHash > known.body_hash;
  return revision >= known.revision;
}

/** The larger of two claims, of equal ones the earlier; a claim read again from the same bytes replaces itself. */
function largerClaim(known: StoredClaim | null, told: StoredClaim | null, bodyHash: string): StoredClaim | null {
  if (known === null || known.bodyHash === bodyHash) return told;
  if (told === null || known.amount > told.amount) return known;
  if (told.amount > known.amount) return told;
  return `${told.at} ${told.bodyHash}` < `${known.at} ${known.bodyHash}` ? told : known;
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])].toSorted(byText);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function unionById<T extends { id: string }>(a: readonly T[], b: readonly T[]): T[] {
  const byId = new Map([...a, ...b].map((item) => [item.id, item]));
  return [...byId.values()].sort((x, y) => x.id.localeCompare(y.id));
}

/** One payment, whoever tells of it: links add up, the larger amount and the earlier instant stand. */
async function applyPayment(tx: Tx, source: Source, event: EventRow, told: Payment, now: Date): Promise<void> {
  const known = (await paymentOf(tx, source.identity, told.id))?.payment;
  const links = [...(known?.links ?? []), ...told.links]
    .filter((link, index, all) => all.findIndex((l) => l.by === link.by && l.value === link.value) === index)
    .sort((a, b) => a.by.localeCompare(b.by) || a.value.localeCompare(b.value));
  const payment: Payment =
    known === undefined
      ? { ...told, links }
      : {
          ...known,
          amount: max(known.amount, told.amount),
          paidAt: [known.paidAt, told.paidAt].toSorted(byText)[0] ?? told.paidAt,
          method: known.method || told.method,
          mode: known.mode === 'other' ? told.mode : known.mode,
          links,
        };
  await savePayment(tx, source.identity, payment, event.id, now);
}
