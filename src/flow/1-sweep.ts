// Nothing is missed: the lists of a source's API are read again and again from where the last reading began, and whatever no
// delivery has told enters the inbox. What is known already is not stored a second time.
import type { Finding } from '../connector.ts';
import type { Fact } from '../domain/facts.ts';
import type { Order, RefundClaim } from '../domain/order.ts';
import type { BoundApi, Source } from '../registry.ts';
import { storeDeliveries } from '../store/events.ts';
import { movementOf } from '../store/movements.ts';
import { paymentOf, saleOf } from '../store/sales.ts';
import { setSilent } from '../store/sources.ts';
import { addSweep, changeSweep, type SweepRow, sweepsOf } from '../store/sweeps.ts';
import type { Tx } from '../store/writer.ts';
import { deliveryOf, type InwardParts } from './1-fetch.ts';
import { read } from './3-facts.ts';
import { isTakenBack } from './4-returns.ts';

/** Each reading begins this much before the last one did: clocks differ, and shops show a change later than they date it. */
const OVERLAP_MS = 15 * 60_000;
/** A delivery may still be on its way for so long; only what is older was missed. */
const DELIVERY_TIME_MS = 10 * 60_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Reads one page of whatever list is due. Returns how long there is nothing to do, in milliseconds. */
export async function sweepStep(parts: InwardParts, source: Source, bound: BoundApi): Promise<number> {
  const { store, runtime } = parts;
  const rows = await sweepsOf(store.read, source.identity);
  const missing = bound.api.streams.filter((stream) => !rows.some((row) => row.stream === stream));
  if (missing.length > 0) {
    const since = (source.startAt ?? new Date(0)).toISOString();
    await store.write(async (tx) => {
      for (const stream of missing) await addSweep(tx, source.identity, stream, since, runtime.now());
    });
    return 0;
  }
  const now = runtime.now().getTime();
  const [next] = rows
    .filter(({ stream }) => bound.api.streams.includes(stream))
    .toSorted((a, b) => a.due_at - b.due_at);
  if (next === undefined) return bound.every;
  if (next.due_at > now) return next.due_at - now;
  await readPage(parts, source, bound, next);
  return 0;
}

async function readPage(parts: InwardParts, source: Source, bound: BoundApi, row: SweepRow): Promise<void> {
  const { store, runtime, log } = parts;
  const startedAt = row.cursor === null ? runtime.now().getTime() : (row.started_at ?? runtime.now().getTime());
  const lookup = await bound.api.changes(row.stream, row.since, row.cursor, bound.io);
  const now = runtime.now().getTime();
  if (lookup.kind === 'failed' || lookup.items[0] === undefined) {
    const { code, detail } =
      lookup.kind === 'failed' ? lookup.problem : { code: 'no_page', detail: 'no page came back' };
    const told = lookup.kind === 'failed' ? lookup.throttled?.retryAfterMs : null;
    const wait = told ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(row.failures, 10));
    const change = { failures: row.failures + 1, reason: `${code}: ${detail}`, due_at: now + wait };
    await store.write((tx) => changeSweep(tx, row, change));
    log.warn('sweep.failed', { source: source.name, stream: row.stream, reason: code, detail, wait_ms: wait });
    return;
  }
  const { findings, cursor } = lookup.items[0];
  const news = await newsAmong(parts, source, findings);
  const isFirst = row.finished_at === null;
  const missed = isFirst ? 0 : news.filter(({ isLate }) => isLate).length;
  const sums =
    row.cursor === null
      ? { found: findings.length, missed }
      : { found: row.found + findings.length, missed: row.missed + missed };
  const place =
    cursor === null
      ? {
          cursor: null,
          since: new Date(Math.max(startedAt - OVERLAP_MS, Date.parse(row.since))).toISOString(),
          started_at: startedAt,
          finished_at: now,
          due_at: now + bound.every,
        }
      : { cursor, started_at: startedAt, due_at: now };
  const silent = await store.write(async (tx) => {
    await storeDeliveries(
      tx,
      news.map(({ finding }) => deliveryOf(source.identity, finding)),
      runtime.now(),
    );
    const change = { ...place, ...sums, missed_total: row.missed_total + missed, failures: 0, reason: null };
    await changeSweep(tx, row, change);
    return missed > 0 && (await setSilent(tx, source.identity, runtime.now()));
  });
  if (silent) log.error('source.silent', { source: source.name, missed, detail: SILENT });
  if (cursor === null) log.info('sweep.done', { source: source.name, stream: row.stream, ...sums });
}

const SILENT =
  'its API tells of changes that no delivery told of: look at the webhook in the shop, it may have been switched off';

type News = { finding: Finding; isLate: boolean };

/** What of these findings tells more than is known. One that cannot be read is news too: it is kept, and fails visibly. */
export async function newsAmong(parts: InwardParts, source: Source, findings: readonly Finding[]): Promise<News[]> {
  const { store, runtime } = parts;
  const news: News[] = [];
  for (const finding of findings) {
    const understood = await read(source, { ...finding, headers: '{}', received_at: runtime.now().getTime() });
    if (understood.ok && understood.value.kind === 'ignored') continue;
    // What only hints is asked for by its event, which the inbox keeps once.
    if (understood.ok && understood.value.kind === 'fetch') {
      news.push({ finding, isLate: false });
      continue;
    }
    const facts = understood.ok && understood.value.kind === 'facts' ? understood.value.facts : [];
    const untold: Fact[] = [];
    for (const fact of facts) if (await isNews(store.read, source.identity, fact)) untold.push(fact);
    if (understood.ok && untold.length === 0) continue;
    const before = runtime.now().getTime() - DELIVERY_TIME_MS;
    news.push({ finding, isLate: untold.some((fact) => changedAt(fact) < before) });
  }
  return news;
}

const changedAt = (fact: Fact): number =>
  Date.parse(
    fact.kind === 'order'
      ? fact.order.updatedAt
      : fact.kind === 'payment'
        ? fact.payment.paidAt
        : fact.kind === 'refund'
          ? fact.refund.at
          : fact.dispute.at,
  );

/** A refund that the shop lists no longer, and that still counts here. */
const isNewlyOmitted = (refund: RefundClaim, known: Order, told: Order): boolean =>
  !told.refunds.some(({ id }) => id === refund.id) &&
  told.updatedAt >= (refund.listedAt ?? '') &&
  !isTakenBack(refund, known);

/** True where the fact is not known, or is known with less. */
async function isNews(db: Tx, source: string, fact: Fact): Promise<boolean> {
  if (fact.kind === 'order') {
    const { order } = fact;
    const known = await saleOf(db, { source, orderId: order.id });
    if (known === undefined || known.updated_at < order.updatedAt) return true;
    return (
      (known.updated_at === order.updatedAt && known.rank < order.rank) ||
      (order.paid?.amount ?? 0n) > (known.claim?.amount ?? 0n) ||
      (order.listsAllRefunds && known.order.refunds.some((refund) => isNewlyOmitted(refund, known.order, order))) ||
      order.refunds.some((refund) => {
        const before = known.order.refunds.find(({ id }) => id === refund.id);
        return (
          before === undefined || before.amount < refund.amount || (before.lines === null && refund.lines !== null)
        );
      })
    );
  }
  if (fact.kind === 'payment') {
    const known = await paymentOf(db, source, fact.payment.id);
    if (known === undefined || known.payment.amount < fact.payment.amount) return true;
    return fact.payment.links.some(
      (told) => !known.payment.links.some(({ by, value }) => by === told.by && value === told.value),
    );
  }
  const told = fact.kind === 'refund' ? fact.refund : fact.dispute;
  const known = await movementOf(db, source, told.id);
  return known === undefined || known.told.status !== told.status;
}
