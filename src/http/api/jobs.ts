// Calls about the outbox.
import { z } from 'zod';
import { JOB_KINDS } from '../../domain/document.ts';
import { JOB_STATUSES } from '../../domain/states.ts';
import { AnswerSchema } from '../../operations/answers.ts';
import { findJobs, JobListSchema, JobSchema } from '../../operations/jobs.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import { resolveJob } from '../../operations/resolve.ts';
import { retryJob } from '../../operations/retry.ts';
import { asReply, IdParamsSchema, NO_INPUT, type Route, route } from './route.ts';

export const jobRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/jobs',
    summary: 'Outbox jobs, newest first',
    query: PageQuerySchema.extend({
      status: z.enum(JOB_STATUSES).optional(),
      provider: z.string().optional(),
      kind: z.enum(JOB_KINDS).optional(),
    }),
    replies: [{ status: 200, description: 'One page', schema: JobListSchema }],
    handle: async (parts, { query }) => asReply(200, await findJobs(parts, query)),
  }),
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/jobs/{id}/retry',
    summary: 'Try a job now, whatever its schedule; one whose last outcome is unknown is looked up first',
    params: IdParamsSchema,
    replies: [{ status: 200, description: 'The job as it stands now', schema: JobSchema }],
    handle: async (parts, { params }) => asReply(200, await retryJob(parts, params.id)),
  }),
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/jobs/{id}/resolve',
    summary: 'Answer a held job',
    params: IdParamsSchema,
    body: AnswerSchema,
    replies: [
      {
        status: 200,
        description: 'The job as it stands now, with a warning where a named document differs from what was planned',
        schema: JobSchema.extend({ warning: z.string().nullable() }),
      },
    ],
    handle: async (parts, { params, body }) => asReply(200, await resolveJob(parts, params.id, body)),
  }),
];
