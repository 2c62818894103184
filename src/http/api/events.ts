// Calls about stored deliveries.
import { z } from 'zod';
import { EVENT_STATUSES } from '../../domain/states.ts';
import { EventDetailSchema, EventListSchema, findEvents, replayEvent, showEvent } from '../../operations/events.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import { asReply, IdParamsSchema, NO_INPUT, type Route, route } from './route.ts';

const EventQuerySchema = PageQuerySchema.extend({
  source: z.string().optional(),
  topic: z.string().optional(),
  status: z.enum(EVENT_STATUSES).optional(),
  order_id: z.string().optional(),
});

export const eventRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/events',
    summary: 'Stored deliveries, newest first',
    query: EventQuerySchema,
    replies: [{ status: 200, description: 'One page', schema: EventListSchema }],
    handle: async (parts, { query }) => asReply(200, await findEvents(parts, query)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/events/{id}',
    summary: 'One delivery: headers, payload, what was understood from it, the jobs it led to',
    params: IdParamsSchema,
    replies: [{ status: 200, description: 'The delivery', schema: EventDetailSchema }],
    handle: async (parts, { params }) => asReply(200, await showEvent(parts, params.id)),
  }),
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/events/{id}/replay',
    summary: 'Run the stored delivery again from its raw body',
    params: IdParamsSchema,
    replies: [{ status: 202, description: 'It will run', schema: z.object({ event_id: z.string() }) }],
    handle: async (parts, { params }) => asReply(202, await replayEvent(parts, params.id)),
  }),
];
