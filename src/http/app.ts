// The HTTP doors put together, without listening: tests call `app.request`.
import { Hono } from 'hono';
import type { Inbox } from '../flow/2-inbox.ts';
import type { OperationParts } from '../operations/parts.ts';
import { adminPages } from './admin/router.ts';
import { adminApi } from './api/router.ts';
import { health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { notFoundResponse, problemResponse } from './problem.ts';
import type { Bindings } from './raw-delivery.ts';
import { tokenCheck } from './token.ts';
import { webhooks } from './webhooks.ts';

export type AppParts = {
  operations: OperationParts;
  inbox: Inbox;
  metrics: Metrics;
  adminToken: string;
  /** Largest delivery, in bytes. */
  bodyLimit: number;
  /** True from the moment the process is asked to end. */
  draining(): boolean;
};

export function buildApp(parts: AppParts): Hono<{ Bindings: Bindings }> {
  const { operations, inbox, metrics, bodyLimit, draining } = parts;
  const { store, registry, runtime, log } = operations;
  const isToken = tokenCheck(parts.adminToken);
  const app = new Hono<{ Bindings: Bindings }>();
  app.route('/', webhooks({ registry, inbox, runtime, log, metrics, bodyLimit }));
  app.route('/', health({ store, runtime, metrics, draining }));
  app.route('/', adminApi(operations, isToken));
  app.route('/', adminPages({ operations, isToken }));
  app.notFound(notFoundResponse);
  app.onError((error, c) => {
    // A defect of ours: told in the log, where its message can do no harm.
    log.error('http.defect', { method: c.req.method, route: c.req.routePath, reason: error.message });
    return problemResponse(500, { code: 'defect', detail: 'this is a defect of the bridge; its log says more' });
  });
  return app;
}
