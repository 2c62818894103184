// Is it alive, is it ready to take deliveries, and how is it doing: for supervisors, balancers and Prometheus.
import { Hono } from 'hono';
import type { Runtime } from '../runtime.ts';
import type { Store } from '../store/open.ts';
import { proveWritable } from '../store/readiness.ts';
import type { Metrics } from './metrics.ts';

export type HealthParts = {
  store: Store;
  runtime: Runtime;
  metrics: Metrics;
  /** True from the moment the process is asked to end: it is no longer ready, while it still answers. */
  draining(): boolean;
};

/** A write that takes longer than this would make senders give up. */
const READY_WITHIN_MS = 1000;

export function health(parts: HealthParts): Hono {
  const { metrics } = parts;
  const ready = readiness(parts);
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'alive' }));
  app.get('/readyz', async (c) =>
    (await ready()) ? c.json({ status: 'ready' }) : c.json({ status: 'not_ready' }, 503, { 'retry-after': '5' }),
  );
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }));
  return app;
}

/** Whether a row could be committed in time. Everyone who asks meanwhile shares one write, so that asking costs nothing. */
function readiness({ store, runtime, draining }: HealthParts): () => Promise<boolean> {
  let asking: Promise<boolean> | null = null;
  const ask = (): Promise<boolean> =>
    new Promise((resolve) => {
      const callOff = runtime.after(READY_WITHIN_MS, () => resolve(false));
      proveWritable(store, runtime.now()).then(
        () => {
          callOff();
          resolve(true);
        },
        () => resolve(false),
      );
    });
  return async () => {
    if (draining()) return false;
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
}
