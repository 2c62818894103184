// The fold of what a shop says of one order: the newest state stands, and what only grows is never lost.
import { createHash } from 'node:crypto';
import { toJson } from '../domain/json.ts';
import { formatMinor } from '../domain/money.ts';
import type { Order, RefundClaim, SaleRef } from '../domain/order.ts';
import { compareText } from '../domain/order-by.ts';
import type { Source } from '../registry.ts';
import type { EventRow } from '../store/events.ts';
import { type SaleRow, type StoredClaim, saleOf, saveLinks, saveSale } from '../store/sales.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';

/** Keeps the newest snapshot; an older one still adds what only grows: that it was paid, and the refunds it knew. */
export async function foldOrder(tx: Tx, source: Source, event: EventRow, order: Order, now: Date): Promise<Order> {
  const sale: SaleRef = { source: source.identity, orderId: order.id };
  const bodyHash = createHash('sha256').update(event.body).digest('hex');
  const known = await saleOf(tx, sale);
  const claim = largerClaim(known?.claim ?? null, order.paid === null ? null : { ...order.paid, bodyHash }, bodyHash);
  const newer = known === undefined || isNewer(order, bodyHash, source.revision, known);
  const base = newer || known === undefined ? order : known.order;
  const merged = {
    ...base,
    refunds: foldRefunds(known?.order.refunds ?? [], order, new Date(event.received_at).toISOString()),
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
  return merged;
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

const union = (a: readonly string[], b: readonly string[]): string[] =>
  [...new Set([...a, ...b])].toSorted(compareText);

/** Refunds by id: each is told again with every state of the order, at times with less than is known, at times no longer. */
function foldRefunds(known: readonly RefundClaim[], told: Order, receivedAt: string): RefundClaim[] {
  const byId = new Map(known.map((refund) => [refund.id, refund]));
  for (const refund of told.refunds) {
    const heard = { heardAt: receivedAt, heardLastAt: receivedAt, listedAt: told.updatedAt };
    byId.set(refund.id, foldRefund(byId.get(refund.id), { ...refund, ...heard }));
  }
  for (const refund of known) {
    const isOmitted = told.listsAllRefunds && !told.refunds.some(({ id }) => id === refund.id);
    if (!isOmitted || told.updatedAt < (refund.listedAt ?? '')) continue;
    byId.set(refund.id, { ...refund, omittedAt: latest(refund.omittedAt, receivedAt) });
  }
  return [...byId.values()].sort((a, b) => compareText(a.id, b.id));
}

/** The fuller of two tellings of one refund, whichever came first: more money, and lines rather than none. */
function foldRefund(known: RefundClaim | undefined, told: RefundClaim): RefundClaim {
  if (known === undefined) return told;
  const [fuller, other] = compareText(fullness(told), fullness(known)) >= 0 ? [told, known] : [known, told];
  return {
    ...fuller,
    at: fuller.at ?? other.at,
    reason: fuller.reason || other.reason,
    transactionId: fuller.transactionId ?? other.transactionId,
    heardAt: [known.heardAt ?? told.heardAt, told.heardAt].toSorted()[0],
    heardLastAt: latest(known.heardLastAt, told.heardLastAt),
    listedAt: latest(known.listedAt, told.listedAt),
    omittedAt: known.omittedAt,
  };
}

const latest = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/** Sorts tellings by what they say: the amount first, then lines before an amount only before nothing; equal ones alike. */
function fullness({ amount, lines }: RefundClaim): string {
  const told = lines === null ? '0' : lines.length === 0 ? '1' : '2';
  return `${amount.toString().padStart(20, '0')} ${told} ${toJson(lines)}`;
}
