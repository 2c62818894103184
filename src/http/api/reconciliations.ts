// Calls that compare shop, payment service and provider.
import { z } from 'zod';
import { PageQuerySchema } from '../../operations/pages.ts';
import { ReconcileSchema } from '../../operations/reconcile.ts';
import {
  beginReconciliation,
  findReconciliations,
  ReconciliationListSchema,
  ReconciliationSchema,
  showReconciliation,
} from '../../operations/reconciliations.ts';
import { asReply, IdParamsSchema, NO_INPUT, type Route, route } from './route.ts';

export const reconciliationRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    method: 'post',
    path: '/reconcile',
    summary: 'Take in what no delivery told, and compare shop, payment service and provider, in the background',
    body: ReconcileSchema,
    replies: [{ status: 202, description: 'It has begun', schema: z.object({ reconciliation_id: z.string() }) }],
    handle: async (parts, { body }) => asReply(202, await beginReconciliation(parts, body)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/reconciliations',
    summary: 'Reconciliations, newest first, without their reports',
    query: PageQuerySchema,
    replies: [{ status: 200, description: 'One page', schema: ReconciliationListSchema }],
    handle: async (parts, { query }) => asReply(200, await findReconciliations(parts, query)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/reconciliations/{id}',
    summary: 'How far a reconciliation is, and its report once it is over',
    params: IdParamsSchema,
    replies: [{ status: 200, description: 'Its progress and its report', schema: ReconciliationSchema }],
    handle: async (parts, { params }) => asReply(200, await showReconciliation(parts, params.id)),
  }),
];
