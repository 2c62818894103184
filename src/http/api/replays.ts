// Calls that run many stored deliveries again.
import { z } from 'zod';
import { DryRunSchema, dryRun } from '../../operations/dry-run.ts';
import { beginReplay, ReplayFilterSchema, ReplaySchema, showReplay, stopReplay } from '../../operations/replays.ts';
import { asReply, IdParamsSchema, NO_INPUT, type Route, route } from './route.ts';

const ReplayBodySchema = ReplayFilterSchema.extend({
  dry_run: z.boolean().default(false).describe('Only tell what would be issued, skipped and changed'),
});

export const replayRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/replay',
    summary: 'Run all stored deliveries that fit again, in the background',
    body: ReplayBodySchema,
    replies: [
      {
        status: 202,
        description: 'It has begun',
        schema: z.object({ replay_id: z.string(), count: z.number() }),
      },
      { status: 200, description: 'With `dry_run`: what would follow', schema: DryRunSchema },
    ],
    handle: async (parts, { body: { dry_run, ...filter } }) =>
      dry_run ? asReply(200, await dryRun(parts, filter)) : asReply(202, await beginReplay(parts, filter)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/replays/{id}',
    summary: 'How far a replay has come',
    params: IdParamsSchema,
    replies: [{ status: 200, description: 'Its progress', schema: ReplaySchema }],
    handle: async (parts, { params }) => asReply(200, await showReplay(parts, params.id)),
  }),
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/replays/{id}/cancel',
    summary: 'Stop a replay; what it has put back already runs',
    params: IdParamsSchema,
    replies: [{ status: 200, description: 'It is cancelled', schema: ReplaySchema }],
    handle: async (parts, { params }) => asReply(200, await stopReplay(parts, params.id)),
  }),
];
