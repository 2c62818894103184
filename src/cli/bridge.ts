// A whole bridge in this process: opened, started and ended in the right order.
import type { Config } from '../config/types.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { buildApp } from '../http/app.ts';
import { type Metrics, openMetrics } from '../http/metrics.ts';
import { type Listening, listen } from '../http/server.ts';
import type { Log } from '../log.ts';
import { type Core, openCore, type Running, startFlow } from '../main.ts';
import type { Runner } from '../operations/background.ts';
import type { OperationParts } from '../operations/parts.ts';
import { continueReconciliations } from '../operations/reconciliations.ts';
import { continueReplays } from '../operations/replays.ts';

export type Bridge = {
  /** Where it really listens, such as `http://127.0.0.1:8080`. */
  url: string;
  adminToken: string;
  operations: OperationParts;
  /** Takes no more deliveries, ends what is in hand and closes everything. What was acknowledged is on disk already. */
  stop(): Promise<void>;
};

/** Why it did not start: the socket, or anything else, each with a sentence for people. */
export type StartFailure = { kind: 'port'; code: string } | { kind: 'other'; details: string[] };

/** Requests in hand get this long to be answered. */
const ANSWER_MS = 5000;

/** Starts the bridge that the configuration describes; it works when this resolves. */
export async function startBridge(config: Config, log: Log): Promise<Result<Bridge, StartFailure>> {
  let metrics: Metrics | null = null;
  const opened = await openCore(config, 'serve', log, (provider, outcome) => metrics?.providerCall(provider, outcome));
  if (!opened.ok) return err({ kind: 'other', details: opened.error.map(({ detail }) => detail) });
  const core = opened.value;
  const { store, runtime, adminToken } = core;
  metrics = openMetrics(store, runtime, { process: true });
  const running = await startFlow(core);
  const { operations, runners } = startOperations(core, running);
  const endWork = async (): Promise<void> => {
    await Promise.all([...runners, running.workers].map((one) => one.stop()));
    await store.close();
  };

  let draining = false;
  const app = buildApp({
    operations,
    inbox: running.inbox,
    metrics,
    adminToken,
    bodyLimit: config.server.bodyLimit,
    draining: () => draining,
  });
  let door: Listening;
  try {
    door = await listen(app, config.server);
  } catch (error) {
    await endWork();
    return err({ kind: 'port', code: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
  }
  return ok({
    url: door.url,
    adminToken,
    operations,
    stop: async () => {
      draining = true;
      await door.close(ANSWER_MS);
      await endWork();
    },
  });
}

/** What an admin may ask for. Whatever it writes wakes the workers and whoever carries out what was asked for. */
function startOperations(
  { store, registry, runtime, log }: Core,
  { workers }: Running,
): { operations: OperationParts; runners: Runner[] } {
  const runners: Runner[] = [];
  const operations: OperationParts = {
    store,
    registry,
    runtime,
    log,
    wake: () => {
      workers.wake();
      for (const runner of runners) runner.wake();
    },
  };
  runners.push(continueReplays(operations), continueReconciliations(operations));
  return { operations, runners };
}
