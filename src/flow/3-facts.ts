// From a stored delivery to facts, and from facts to what the sale requires, in one transaction.
import { FETCHED, type StoredDelivery } from '../connector.ts';
import { type Fact, FactSchema, type Understood } from '../domain/facts.ts';
import { formatMinor } from '../domain/money.ts';
import type { Order, SaleRef } from '../domain/order.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever, err, type Result } from '../domain/result.ts';
import type { Log } from '../log.ts';
import { type Registry, type Source, sourceByIdentity } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import { type EventEnd, type EventRow, endEvent, eventById } from '../store/events.ts';
import { requestFetches } from '../store/fetches.ts';
import { salesOfMoney } from '../store/movements.ts';
import type { Store } from '../store/open.ts';
import { saleOf } from '../store/sales.ts';
import { bindShop, heard } from '../store/sources.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { adoptSaleOfPayment, claimsOwnPayment } from './3-adoption.ts';
import { linkPayment, linkWaitingPayments } from './3-linking.ts';
import { foldDispute, foldPayment, foldRefundMovement } from './3-money.ts';
import { foldOrder } from './3-orders.ts';
import { planSale, type Verdict } from './5-outbox.ts';

export type FactsParts = { store: Store; registry: Registry; runtime: Runtime; log: Log };

/** Reads one waiting event and applies it. Its end, with the reason, is committed together with all that follows from it. */
export async function applyEvent(parts: FactsParts, eventId: number): Promise<void> {
  const { store, registry, log } = parts;
  const event = await eventById(store.read, eventId);
  if (event === undefined || event.status !== 'received') return;
  const source = sourceByIdentity(registry, event.source);
  const understood = await read(source, event);
  const work = async (tx: Tx): Promise<EventEnd> => {
    const ended = await applyWithin(tx, event, understood, parts);
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

type Stored = Pick<EventRow, 'topic' | 'headers' | 'body' | 'received_at'>;

/** An event as it is handed to a mapping. */
export const storedDelivery = ({ topic, headers, body, received_at }: Stored): StoredDelivery => ({
  topic,
  headers: JSON.parse(headers) as Record<string, string>,
  body,
  receivedAt: new Date(received_at).toISOString(),
});

/** Calls the mapping and checks what it returns: a mapping that breaks its promise fails its event and nothing else. */
export async function read(source: Source | undefined, event: Stored): Promise<Result<Understood>> {
  if (source === undefined) return err(problem('source_gone', 'the configuration has no such source any more'));
  const understood = await source.understand(storedDelivery(event));
  if (!understood.ok || understood.value.kind !== 'facts') return understood;
  for (const fact of understood.value.facts) {
    const checked = FactSchema.safeParse(fact);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      return err(problem('mapping_broken', `${fact.kind}: ${issue?.message ?? 'invalid'}`, issue?.path.join('.')));
    }
  }
  return understood;
}

/** Applies what was read of an event within the caller's transaction; how it ends. */
export async function applyWithin(
  tx: Tx,
  event: EventRow,
  understood: Result<Understood>,
  parts: FactsParts,
): Promise<EventEnd> {
  const source = sourceByIdentity(parts.registry, event.source);
  return source === undefined || !understood.ok
    ? failed(understood)
    : apply(tx, source, event, understood.value, parts);
}

const failed = (understood: Result<Understood>): EventEnd => {
  const told: Problem = understood.ok ? problem('source_gone', 'the source is gone') : understood.error;
  return {
    status: 'failed',
    reason: told.code,
    detail: told.at && !told.detail.includes(told.at) ? `${told.detail} (${told.at})` : told.detail,
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
  const { now } = parts.runtime;
  if (!event.topic.startsWith(FETCHED)) await heard(tx, source.identity, now());
  switch (understood.kind) {
    case 'ignored':
      return {
        status: 'ignored',
        reason: understood.reason,
        detail: understood.detail ?? null,
        orderId: understood.orderId ?? null,
      };
    case 'fetch': {
      const orderId = understood.orderId ?? null;
      if (source.api === null && understood.otherwise !== undefined) {
        return { status: 'ignored', reason: understood.otherwise, detail: null, orderId };
      }
      if (source.api === null) {
        const detail =
          'the delivery only says that something changed: give this source an `api:` block, so that it can be asked';
        return { status: 'failed', reason: 'api_needed', detail, orderId };
      }
      await requestFetches(tx, source.identity, understood.fetch, now());
      return { status: 'applied', reason: 'asks_shop', detail: null, orderId };
    }
    case 'facts': {
      let end: EventEnd = { status: 'applied', reason: null, detail: null, orderId: null };
      for (const fact of understood.facts) end = await applyFact(tx, source, event, fact, parts);
      if (source.api !== null && !(await isFullyKnown(tx, source, understood.facts))) {
        await requestFetches(tx, source.identity, understood.fetch ?? [], now());
      }
      return end;
    }
    default:
      return assertNever(understood);
  }
}

async function applyFact(tx: Tx, source: Source, event: EventRow, fact: Fact, parts: FactsParts): Promise<EventEnd> {
  const { registry, runtime } = parts;
  const now = runtime.now();
  switch (fact.kind) {
    case 'order':
      return applyOrder(tx, source, event, fact.order, parts);
    case 'payment': {
      await foldPayment(tx, source, event, fact.payment, now);
      const linking = await linkPayment(tx, registry, source, fact.payment.id, now);
      if (linking.status !== 'linked') {
        const reason = linking.status === 'ambiguous' ? 'ambiguous_order' : 'payment_unlinked';
        return { status: 'applied', reason, detail: linking.reason, orderId: null };
      }
      return endOf(await planSale(tx, registry, linking.sale, now), linking.sale.orderId);
    }
    case 'refund':
      await foldRefundMovement(tx, source, event, fact.refund, now);
      return planMoved(tx, source, event, fact, parts);
    case 'dispute':
      await foldDispute(tx, source, event, fact.dispute, now);
      return planMoved(tx, source, event, fact, parts);
    default:
      return assertNever(fact);
  }
}

async function applyOrder(
  tx: Tx,
  source: Source,
  event: EventRow,
  order: Order,
  { registry, runtime }: FactsParts,
): Promise<EventEnd> {
  const now = runtime.now();
  const sale: SaleRef = { source: source.identity, orderId: order.id };
  if (source.tells === 'payments' && !(await claimsOwnPayment(tx, source, order))) {
    return {
      status: 'ignored',
      reason: 'payment_linked',
      detail: 'a shop’s order has this payment',
      orderId: order.id,
    };
  }
  const merged = await foldOrder(tx, source, event, order, now);
  if (source.tells === 'shop') await adoptSaleOfPayment(tx, registry, sale, merged, now);
  await linkWaitingPayments(tx, registry, sale, now);
  return endOf(await planSale(tx, registry, sale, now), order.id);
}

/** A refund or a dispute belongs to the sale of its payment; without one it waits, and is found when the payment is linked. */
async function planMoved(
  tx: Tx,
  source: Source,
  event: EventRow,
  fact: Extract<Fact, { kind: 'refund' | 'dispute' }>,
  { registry, runtime }: FactsParts,
): Promise<EventEnd> {
  const told = fact.kind === 'refund' ? fact.refund : fact.dispute;
  const ids = [told.paymentId, told.chargeId].filter((id) => id !== null);
  const sales = ids.length === 0 ? [] : await salesOfMoney(tx, source.identity, ids);
  const unlinked = `${fact.kind}_unlinked`;
  let end: EventEnd = { status: 'applied', reason: unlinked, detail: 'no sale has its payment yet', orderId: null };
  for (const sale of sales) {
    if (sourceByIdentity(registry, sale.source) === undefined) continue;
    const figure = `${formatMinor(told.amount, told.currency)} ${told.currency}`;
    const detail = `${fact.kind} ${told.id} of ${figure} told by ${source.name}: ${told.status}`;
    await note(tx, { sale, at: runtime.now(), step: 'facts', detail, eventId: event.id });
    end = endOf(await planSale(tx, registry, sale, runtime.now()), sale.orderId);
  }
  return end;
}

/** True where a delivery leaves details open that are known from elsewhere: then nobody has to be asked. */
async function isFullyKnown(tx: Tx, source: Source, facts: readonly Fact[]): Promise<boolean> {
  for (const fact of facts) {
    if (fact.kind !== 'order') return false;
    const known = await saleOf(tx, { source: source.identity, orderId: fact.order.id });
    if (known === undefined || known.order.refunds.some(({ lines }) => lines === null)) return false;
  }
  return true;
}

const endOf = (verdict: Verdict, orderId: string): EventEnd => ({
  status: verdict.state === 'ignored' ? 'ignored' : 'applied',
  reason: verdict.reason,
  detail: verdict.detail,
  orderId,
});
