// Stored deliveries: listed, shown with what was understood from them, and run again.
import { z } from 'zod';
import type { Understood } from '../domain/facts.ts';
import { parseJson, rawJson } from '../domain/json.ts';
import type { SaleRef } from '../domain/order.ts';
import { assertNever, ok } from '../domain/result.ts';
import { EVENT_STATUSES, type EventStatus } from '../domain/states.ts';
import { read } from '../flow/3-facts.ts';
import { sourceByIdentity } from '../registry.ts';
import { type EventRow, eventById, receiveAgain } from '../store/events.ts';
import { jobsOf } from '../store/jobs.ts';
import { salesOfMoney } from '../store/movements.ts';
import { type EventLine, listEvents } from '../store/queries.ts';
import { paymentOf } from '../store/sales.ts';
import { JobSchema, type JobView, jobView } from './jobs.ts';
import { MovedFactSchema, movedFact, OrderFactSchema, orderFact, PaymentFactSchema, paymentFact } from './orders.ts';
import { type Listed, listedSchema, pageOf, readCursor } from './pages.ts';
import { type Answered, invalid, notFound, type OperationParts } from './parts.ts';
import { identityOf, sourceNames } from './sources.ts';

export const EventSchema = z.object({
  id: z.string(),
  source: z.string(),
  topic: z.string(),
  delivery_id: z.string().nullable(),
  order_id: z.string().nullable(),
  received_at: z.string(),
  status: z.enum(EVENT_STATUSES),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
});
export type EventView = z.infer<typeof EventSchema>;

export const EventListSchema = listedSchema(EventSchema);

const UnderstoodSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('facts'),
    facts: z.array(
      z.union([
        z.object({ order: OrderFactSchema }),
        z.object({ payment: PaymentFactSchema }),
        z.object({ refund: MovedFactSchema }),
        z.object({ dispute: MovedFactSchema }),
      ]),
    ),
  }),
  z.object({ kind: z.literal('fetch'), fetch: z.array(z.string()).describe('What the source’s API is asked for') }),
  z.object({ kind: z.literal('ignored'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string(), detail: z.string(), at: z.string().nullable() }),
]);

export const EventDetailSchema = EventSchema.extend({
  headers: z.record(z.string(), z.string()).describe('As received; secrets are removed'),
  payload: z.unknown().describe('The body as JSON, or as text where it is none'),
  understood: UnderstoodSchema.describe('What the mapping of today makes of it'),
  jobs: z.array(JobSchema).describe('The jobs of the sales that it tells of'),
});
export type EventDetail = z.infer<typeof EventDetailSchema>;

const eventView = (event: EventLine, nameOf: (identity: string) => string): EventView => ({
  id: String(event.id),
  source: nameOf(event.source),
  topic: event.topic,
  delivery_id: event.delivery_id,
  order_id: event.order_id,
  received_at: new Date(event.received_at).toISOString(),
  status: event.status,
  reason: event.reason,
  detail: event.detail,
});

export type EventPage = {
  source?: string | undefined;
  topic?: string | undefined;
  status?: EventStatus | undefined;
  order_id?: string | undefined;
  limit: number;
  cursor?: string | undefined;
};

/** Events, newest first. A source that nobody knows has none. */
export async function findEvents(
  { store, registry }: OperationParts,
  { source, topic, status, order_id, limit, cursor }: EventPage,
): Promise<Answered<Listed<EventView>>> {
  const after = cursor === undefined ? null : readCursor(z.int(), cursor);
  if (cursor !== undefined && after === null) return invalid('cursor_unknown', 'not a cursor of this list', 'cursor');
  const identity = source === undefined ? undefined : ((await identityOf(store.read, registry, source)) ?? source);
  const filter = { source: identity, topic, status, orderId: order_id };
  const nameOf = await sourceNames(store.read, registry);
  const listed = await pageOf(
    { limit, after },
    (page) => listEvents(store.read, filter, page),
    ({ id }) => id,
  );
  return ok({ ...listed, items: listed.items.map((event) => eventView(event, nameOf)) });
}

const eventNotFound = (id: number) => notFound('event_not_found', `there is no event ${id}`);

export async function showEvent({ store, registry }: OperationParts, id: number): Promise<Answered<EventDetail>> {
  const event = await eventById(store.read, id);
  if (event === undefined) return eventNotFound(id);
  const nameOf = await sourceNames(store.read, registry);
  const source = sourceByIdentity(registry, event.source);
  const result = await read(source, event);
  const jobs: JobView[] = [];
  for (const sale of result.ok ? await salesOf(store.read, event, result.value) : []) {
    jobs.push(...(await jobsOf(store.read, sale)).map((job) => jobView(job, nameOf)));
  }
  return ok({
    ...eventView(event, nameOf),
    headers: z.record(z.string(), z.string()).parse(JSON.parse(event.headers)),
    payload: payloadOf(event.body),
    understood: result.ok
      ? understoodView(result.value)
      : { kind: 'failed', reason: result.error.code, detail: result.error.detail, at: result.error.at ?? null },
    jobs,
  });
}

function understoodView(understood: Understood): EventDetail['understood'] {
  if (understood.kind === 'ignored') return { kind: 'ignored', reason: understood.reason };
  if (understood.kind === 'fetch') return { kind: 'fetch', fetch: [...understood.fetch] };
  return {
    kind: 'facts',
    facts: understood.facts.map((fact) => {
      switch (fact.kind) {
        case 'order':
          return { order: orderFact(fact.order) };
        case 'payment':
          return { payment: paymentFact(fact.payment) };
        case 'refund':
          return { refund: movedFact(fact.refund) };
        case 'dispute':
          return { dispute: movedFact(fact.dispute) };
        default:
          return assertNever(fact);
      }
    }),
  };
}

async function salesOf(
  db: OperationParts['store']['read'],
  event: EventRow,
  understood: Understood,
): Promise<SaleRef[]> {
  const sales = new Map<string, SaleRef>();
  for (const fact of understood.kind === 'facts' ? understood.facts : []) {
    if (fact.kind === 'refund' || fact.kind === 'dispute') {
      const { paymentId, chargeId } = fact.kind === 'refund' ? fact.refund : fact.dispute;
      const ids = [paymentId, chargeId].filter((id) => id !== null);
      for (const sale of await salesOfMoney(db, event.source, ids))
        sales.set(JSON.stringify([sale.source, sale.orderId]), sale);
      continue;
    }
    const row = fact.kind === 'payment' ? await paymentOf(db, event.source, fact.payment.id) : undefined;
    const source = fact.kind === 'order' ? event.source : row?.sale_source;
    const orderId = fact.kind === 'order' ? fact.order.id : row?.sale_order_id;
    if (source && orderId) sales.set(JSON.stringify([source, orderId]), { source, orderId });
  }
  return [...sales.values()];
}

/** The body as the sender wrote it: its numbers keep their text through JSON, since an id may exceed what a float holds. */
function payloadOf(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  // Refuses what is not UTF-8, not JSON or nested too deep to be written out again.
  return parseJson(body).ok ? JSON.parse(text, numbersAsWritten) : text;
}

function numbersAsWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? rawJson(context.source) : value;
}

/** Puts a stored delivery back in front of its mapping. A document that exists is never made twice by it. */
export async function replayEvent(parts: OperationParts, id: number): Promise<Answered<{ event_id: string }>> {
  const replayed = await parts.store.write((tx) => receiveAgain(tx, id));
  if (!replayed) return eventNotFound(id);
  parts.log.info('event.replayed', { event_id: id });
  parts.wake();
  return ok({ event_id: String(id) });
}
