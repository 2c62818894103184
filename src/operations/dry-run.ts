// What a replay would come to, or a delivery that has not come. The events are really applied, in a transaction that is
// always taken back.
import { z } from 'zod';
import { JOB_KINDS } from '../domain/document.ts';
import type { Understood } from '../domain/facts.ts';
import { toJson } from '../domain/json.ts';
import { formatMinor } from '../domain/money.ts';
import { ok, type Result } from '../domain/result.ts';
import { applyWithin, read, storedDelivery } from '../flow/3-facts.ts';
import { sourceByIdentity } from '../registry.ts';
import { type EventEnd, type EventRow, eventById, type NewEvent, storeDeliveries } from '../store/events.ts';
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
      event_id: z.string().nullable().describe('Null for what a shop’s API told: it is not stored'),
      order_id: z.string().nullable(),
      status: z.string(),
      reason: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  ),
  mapped: z
    .array(
      z.object({
        event_id: z.string(),
        changes: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
      }),
    )
    .describe('What the sources’ own mappings make different in these deliveries'),
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
  ends: { id: number | null; end: EventEnd }[];
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

/** Applies the events that fit, and after them those `told` besides, tells what would follow, and stores and sends nothing. */
export async function dryRun(
  parts: OperationParts,
  asked: ReplayFilter,
  told: readonly NewEvent[] = [],
): Promise<Answered<DryRun>> {
  const { store, registry } = parts;
  const filter = await eventFilter(parts, asked);
  if (!filter.ok) return filter;
  const { count, newest } = await countEvents(store.read, filter.value);
  if (count > MOST_EVENTS) {
    const detail = `${count} events fit; a dry run looks at ${MOST_EVENTS} at most: narrow it by source, topic, status, from or to`;
    return invalid('too_many_events', detail);
  }
  const ids = await eventIds(store.read, filter.value, { after: 0, upTo: newest, limit: MOST_EVENTS });
  const seen = await lookAhead(parts, ids, told);
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
        event_id: id === null ? null : String(id),
        order_id: orderId,
        status,
        reason,
        detail,
      })),
    mapped: await mappedBy(parts, ids),
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

/** Deliveries in which the sources' own mappings make a difference. */
async function mappedBy({ store, registry }: OperationParts, ids: readonly number[]): Promise<DryRun['mapped']> {
  const mapped: DryRun['mapped'] = [];
  for (const id of ids) {
    const event = await eventById(store.read, id);
    const source = event && sourceByIdentity(registry, event.source);
    const changes = (event && (await source?.mappingEffect(storedDelivery(event)))) ?? [];
    if (changes.length > 0) mapped.push({ event_id: String(id), changes });
  }
  return mapped;
}

async function lookAhead(parts: OperationParts, ids: readonly number[], told: readonly NewEvent[]): Promise<Seen> {
  const { registry, runtime } = parts;
  const events: Reading[] = [];
  // Read before the transaction begins: a mapping of the user's own may take its time.
  for (const id of ids) {
    const event = await eventById(parts.store.read, id);
    if (event === undefined) continue;
    events.push({ event, understood: await read(sourceByIdentity(registry, event.source), event) });
  }
  for (const event of told) {
    const received = { ...event, received_at: runtime.now().getTime() };
    events.push({ event, understood: await read(sourceByIdentity(registry, event.source), received) });
  }
  try {
    return await parts.store.write(async (tx) => {
      throw new TakeBack(await applyAll(parts, tx, events));
    });
  } catch (signal) {
    if (signal instanceof TakeBack) return signal.seen;
    throw signal;
  }
}

/** Of an event that is stored, or of one that is not. */
type Reading = { event: EventRow | NewEvent; understood: Result<Understood> };

async function applyAll(parts: OperationParts, tx: Tx, events: readonly Reading[]): Promise<Seen> {
  const ends: Seen['ends'] = [];
  for (const { event, understood } of events) {
    const row = 'id' in event ? event : await stored(tx, event, parts.runtime.now());
    const end = await applyWithin(tx, row, understood, parts);
    ends.push({ id: 'id' in event ? event.id : null, end });
  }
  const orders = ordersOf({ ends });
  return { ends, jobs: await jobsOfOrders(tx, orders), differing: await differingSales(tx, orders) };
}

/** The event's row, for as long as the transaction lasts. */
async function stored(tx: Tx, event: NewEvent, now: Date): Promise<EventRow> {
  const [accepted] = await storeDeliveries(tx, [event], now);
  const row = accepted && (await eventById(tx, accepted.eventId));
  if (row === undefined) throw new Error('an event that was stored is not there');
  return row;
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
