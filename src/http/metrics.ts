// Counts for Prometheus. What stands in the tables is read when it is asked for; what only passes by is counted as it does.
import { Counter, collectDefaultMetrics, Registry as PrometheusRegistry } from 'prom-client';
import type { Runtime } from '../runtime.ts';
import type { Store } from '../store/open.ts';
import {
  countDocuments,
  countEventsByStatus,
  countHeld,
  countJobs,
  countUnclaimedPayments,
  oldestPending,
} from '../store/queries.ts';
import { readOn } from './gauge.ts';
import { addSourceMetrics } from './source-metrics.ts';

/** What became of a request to a webhook. `source` is empty for one that is not configured. */
export type DeliveryOutcome =
  | 'stored'
  | 'duplicate'
  | 'ping'
  | 'unauthorised'
  | 'unknown_source'
  | 'wrong_content_type'
  | 'too_large'
  | 'aborted'
  | 'cannot_store';

export type Metrics = {
  delivery(source: string, outcome: DeliveryOutcome): void;
  /** One request to a provider: its status, `not_sent` or `no_answer`. */
  providerCall(provider: string, outcome: string): void;
  contentType: string;
  text(): Promise<string>;
};

/** `process` adds what Node says of itself; one observer of the event loop per process is enough. */
export function openMetrics(store: Store, runtime: Runtime, { process }: { process: boolean }): Metrics {
  const register = new PrometheusRegistry();
  const registers = [register];
  if (process) {
    collectDefaultMetrics({ register });
    // The version is nobody's business who may only scrape.
    register.removeSingleMetric('nodejs_version_info');
  }
  const deliveries = new Counter({
    name: 'bridge_deliveries_total',
    help: 'Requests to webhooks by source and outcome',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const calls = new Counter({
    name: 'bridge_provider_calls_total',
    help: 'Requests to providers by provider and outcome',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const { gauge } = readOn(register);
  gauge('bridge_events', 'Stored deliveries by status', ['status'], async () =>
    (await countEventsByStatus(store.read)).map(({ word, count }) => [{ status: word }, count]),
  );
  gauge('bridge_jobs', 'Outbox jobs by provider and status', ['provider', 'status'], async () =>
    (await countJobs(store.read)).map(({ provider, word, count }) => [{ provider, status: word }, count]),
  );
  gauge('bridge_jobs_held', 'Held jobs by reason, those that only wait for another left out', ['reason'], async () =>
    (await countHeld(store.read)).map(({ word, count }) => [{ reason: word }, count]),
  );
  gauge('bridge_documents', 'Documents at providers by kind', ['kind'], async () =>
    (await countDocuments(store.read)).map(({ word, count }) => [{ kind: word }, count]),
  );
  gauge('bridge_payments_unlinked', 'Payments that no order has claimed', [], async () => [
    [{}, await countUnclaimedPayments(store.read)],
  ]);
  gauge('bridge_oldest_pending_seconds', 'Age of the oldest work that waits for no person', [], async () => {
    const oldest = await oldestPending(store.read);
    return [[{}, oldest === null ? 0 : Math.max(0, (runtime.now().getTime() - oldest) / 1000)]];
  });
  addSourceMetrics(register, store, runtime);
  return {
    delivery: (source, outcome) => deliveries.inc({ source, outcome }),
    providerCall: (provider, outcome) => calls.inc({ provider, outcome }),
    contentType: register.contentType,
    text: () => register.metrics(),
  };
}
