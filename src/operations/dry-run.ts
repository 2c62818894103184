// What a replay would come to. The events are really applied, in a transaction that is always taken back.
import { z } from 'zod';
import { JOB_KINDS } from '../domain/document.ts';
import { toJson } from '../domain/json.ts';
import { formatMinor } from '../domain/money.ts';
import { ok } from '../domain/result.ts';
import { applyWithin } from '../flow/3-facts.ts';
import { type EventEnd, eventById } from '../store/events.ts';
import { isBegun, type JobRow } from '../store/jobs.ts';
import { countEvents, differingSales, eventIds, jobsOfOrders } from '../store/queries.ts';
import type { Tx } from '../store/writer.ts';
import { amountOf } from './jobs.ts';
import { type Answered, invalid, type OperationParts } from './parts.ts';
import { eventFilter, type ReplayFilter } from './replays.ts';
import { sourceNames } from './sources.ts';

/** Deliveries wait while a dry run holds the writing connection: about ten milliseconds an event on a small machine. */
const MOST_EVENTS = 100;

const PlannedSchema = z.object({
  key: z.string(),
  kind: z.enum(JOB_KINDS),
  source: z.string(),
  order_id: z.string(),
  provider: z.string(),
  amount: z.string().nullable(),
  currency: z.string(),
  held: z.string().nullable().describe('The reason for which it would wait for a person'),
});

export const DryRunSchema = z.object({
  events: z.number(),
  would_issue: z.array(PlannedSchema),
  would_skip: z.array(
    z.object({
      event_id: z.string(),
      order_id: z.string().nullable(),
      status: z.string(),
      reason: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  ),
  would_change: z.array(
    z.object({
      key: z.string().nullable().describe('The job that would change; null where an issued document stays as it is'),
      source: z.string(),
      order_id: z.string(),
      change: z.string(),
    }),
  ),
});
export type DryRun = z.infer<typeof DryRunSchema>;

type Seen = {
  ends: { id: number; end: EventEnd }[];
  jobs: JobRow[];
  differing: Awaited<ReturnType<typeof differingSales>>;
};

/** Thrown out of the transaction with what was seen in it, so that nothing of it stays. */
class TakeBack extends Error {
  readonly seen: Seen;
  constructor(seen: Seen) {
    super('a dry run keeps nothing');
    this.seen = seen;
  }
}

/** Applies the events that fit, tells what would follow, and stores and sends nothing. */
export async function dryRun(parts: OperationParts, asked: ReplayFilter): Promise<Answered<DryRun>> {
  const { store, registry } = parts;
  const filter = await eventFilter(parts, asked);
  if (!filter.ok) return filter;
  const { count, newest } = await countEvents(store.read, filter.value);
  if (count > MOST_EVENTS) {
    const detail = `${count} events fit; a dry run looks at ${MOST_EVENTS} at most: narrow it by source, topic, status, from or to`;
    return invalid('too_many_events', detail);
  }
  const ids = await eventIds(store.read, filter.value, { after: 0, upTo: newest, limit: MOST_EVENTS });
  const seen = await lookAhead(parts, ids);
  const orders = ordersOf(seen);
  // Read after it was taken back: what stands now is what stood before.
  const before = await jobsOfOrders(store.read, orders);
  const differedBefore = await differingSales(store.read, orders);
  const nameOf = await sourceNames(store.read, registry);
  return ok({
    events: ids.length,
    would_issue: seen.jobs
      .filter(({ key }) => !before.some((job) => job.key === key))
      .map((job) => plannedView(job, nameOf)),
    would_skip: seen.ends
      .filter(({ end }) => end.reason !== null && end.reason !== 'differs' && !isHeldFor(seen.jobs, end))
      .map(({ id, end: { orderId, status, reason, detail } }) => ({
        event_id: String(id),
        order_id: orderId,
        status,
        reason,
        detail,
      })),
    would_change: [
      ...before.flatMap((job) => changeOf(job, seen.jobs, nameOf)),
      ...seen.differing
        .filter(
          (sale) => !differedBefore.some(({ source, orderId }) => source === sale.source && orderId === sale.orderId),
        )
        .map(({ source, orderId, detail }) => ({
          key: null,
          source: nameOf(source),
          order_id: orderId,
          change: `nothing would be sent, but the order would differ from its invoice: ${detail ?? 'see the order'}`,
        })),
    ],
  });
}

async function lookAhead(parts: OperationParts, ids: readonly number[]): Promise<Seen> {
  try {
    return await parts.store.write(async (tx) => {
      throw new TakeBack(await applyAll(parts, tx, ids));
    });
  } catch (signal) {
    if (signal instanceof TakeBack) return signal.seen;
    throw signal;
  }
}

async function applyAll(parts: OperationParts, tx: Tx, ids: readonly number[]): Promise<Seen> {
  const ends: Seen['ends'] = [];
  for (const id of ids) {
    const event = await eventById(tx, id);
    if (event !== undefined) ends.push({ id, end: await applyWithin(tx, event, parts) });
  }
  const orders = ordersOf({ ends });
  return { ends, jobs: await jobsOfOrders(tx, orders), differing: await differingSales(tx, orders) };
}

/** A doubtful order is planned, as a held job that says so itself. */
const isHeldFor = (jobs: readonly JobRow[], { orderId, reason }: EventEnd): boolean =>
  jobs.some((job) => job.order_id === orderId && job.status === 'held' && job.reason === reason);

const ordersOf = ({ ends }: Pick<Seen, 'ends'>): string[] => [
  ...new Set(ends.flatMap(({ end }) => (end.orderId === null ? [] : [end.orderId]))),
];

const plannedView = (job: JobRow, nameOf: (identity: string) => string): z.infer<typeof PlannedSchema> => {
  const amount = amountOf(job.draft);
  return {
    key: job.key,
    kind: job.kind,
    source: nameOf(job.source),
    order_id: job.order_id,
    provider: job.provider,
    amount: amount === null ? null : formatMinor(amount, job.draft.currency),
    currency: job.draft.currency,
    held: job.status === 'held' ? job.reason : null,
  };
};

/** Planning never changes a job that has begun; of the others it may change the draft and where they stand. */
function changeOf(job: JobRow, after: readonly JobRow[], nameOf: (identity: string) => string): DryRun['would_change'] {
  const later = after.find(({ id }) => id === job.id);
  if (later === undefined || isBegun(job)) return [];
  const changes = [
    ...(later.status === job.status && later.reason === job.reason
      ? []
      : [`${standing(job)} would become ${standing(later)}`]),
    ...(toJson(later.draft) === toJson(job.draft) ? [] : ['what it says would change']),
  ];
  if (changes.length === 0) return [];
  return [{ key: job.key, source: nameOf(job.source), order_id: job.order_id, change: changes.join('; ') }];
}

const standing = ({ status, reason }: JobRow): string => (reason === null ? status : `${status} (${reason})`);
