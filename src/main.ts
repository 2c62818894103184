// Puts the parts together: the only place that meets the catalogue. Opening and closing happen here, in this order.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { catalogue } from '../connectors/index.ts';
import type { Config } from './config/types.ts';
import { connect } from './connect.ts';
import { type Problem, problem } from './domain/problem.ts';
import { err, ok, type Result } from './domain/result.ts';
import { type Inbox, openInbox } from './flow/2-inbox.ts';
import type { Log } from './log.ts';
import type { Registry } from './registry.ts';
import { type Runtime, systemRuntime } from './runtime.ts';
import { openStore, type Purpose, type Store } from './store/open.ts';
import { keptSetting } from './store/settings.ts';
import { startWorkers, type Workers } from './workers.ts';

export { catalogue };

/** What every door stands on: the store, what is configured, and what moves it. */
export type Core = {
  config: Config;
  store: Store;
  registry: Registry;
  runtime: Runtime;
  log: Log;
  adminToken: string;
};

/** Opens the store that the configuration names and connects everything configured to it. */
export async function openCore(
  config: Config,
  purpose: Purpose,
  log: Log,
  onCall?: (provider: string, outcome: string) => void,
): Promise<Result<Core, Problem[]>> {
  if (config.database.kind === 'postgres') {
    return err([
      problem(
        'postgres_not_supported',
        'this version keeps its data in SQLite: write database: sqlite:./data/bridge.db',
        'database',
      ),
    ]);
  }
  const { path: file } = config.database;
  let store: Store;
  try {
    store = await openStore(file, purpose);
  } catch (error) {
    return err([problem('database', error instanceof Error ? error.message : String(error), 'database')]);
  }
  const runtime = systemRuntime;
  const registry = await connect({
    config,
    catalogue,
    store,
    runtime,
    log,
    dataDir: path.dirname(file),
    enrol: purpose === 'serve',
    ...(onCall && { onCall }),
  });
  if (!registry.ok) {
    await store.close();
    return registry;
  }
  const adminToken =
    config.admin.token ?? (await keptSetting(store, 'admin_token', () => randomBytes(24).toString('base64url')));
  return ok({ config, store, registry: registry.value, runtime, log, adminToken });
}

/** The core at work: deliveries are taken in and documents go out. */
export type Running = { inbox: Inbox; workers: Workers };

export async function startFlow(core: Core): Promise<Running> {
  const { store, registry, runtime, log } = core;
  let workers: Workers | null = null;
  const wake = (): void => workers?.wake();
  workers = await startWorkers({
    store,
    registry,
    runtime,
    log,
    owner: `${process.pid}-${randomBytes(4).toString('hex')}`,
    onPlanned: wake,
  });
  return { inbox: openInbox(store, runtime, wake), workers };
}
