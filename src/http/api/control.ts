// Calls that stop and start issuing, and tell how things stand.
import { ok } from '../../domain/result.ts';
import { PausedSchema, pauseIssuing, resumeIssuing, ScopeSchema } from '../../operations/pauses.ts';
import { StatsSchema, showStats } from '../../operations/stats.ts';
import { asReply, NO_INPUT, type Route, route } from './route.ts';

export const controlRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/pause',
    summary: 'Stop issuing for a source, a provider or everything; deliveries are still received',
    body: ScopeSchema,
    replies: [{ status: 200, description: 'What is paused now', schema: PausedSchema }],
    handle: async (parts, { body }) => asReply(200, await pauseIssuing(parts, body)),
  }),
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/resume',
    summary: 'Go on issuing',
    body: ScopeSchema,
    replies: [{ status: 200, description: 'What is paused now', schema: PausedSchema }],
    handle: async (parts, { body }) => asReply(200, await resumeIssuing(parts, body)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/stats',
    summary: 'Counts by status, age of the oldest waiting work, standing of each source and provider',
    replies: [{ status: 200, description: 'The numbers', schema: StatsSchema }],
    handle: async (parts) => asReply(200, ok(await showStats(parts))),
  }),
];
