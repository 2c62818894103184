// A SQLite connection on a thread of its own, so that a sync to a slow disk never holds up the event loop. Run as a worker
// it is the thread; imported it is the way to start one.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openSqlite, type Rows, type SqliteEngine, type SqliteOptions, statementRunner } from './sqlite-engine.ts';

type Question = { sql: string; parameters: readonly unknown[] } | 'close';
type Reply = { ok: true; rows: Rows } | { ok: false; code: string | undefined; message: string };

/** Opens the file on a new thread; rejects when it cannot be opened there. Statements run in the order they are given. */
export async function engineOnThread(options: SqliteOptions): Promise<SqliteEngine> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options, env: {}, execArgv: [] });
  const waiting: { resolve(rows: Rows): void; reject(error: Error): void }[] = [];
  let ended: Error | null = null;
  const ask = (question: Question): Promise<Rows> =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended);
        return;
      }
      waiting.push({ resolve, reject });
      worker.postMessage(question);
    });
  worker.on('message', (reply: Reply) => {
    const asked = waiting.shift();
    if (reply.ok) asked?.resolve(reply.rows);
    else asked?.reject(Object.assign(new Error(reply.message), { code: reply.code }));
  });
  const end = (error: Error): void => {
    ended ??= error;
    for (const asked of waiting.splice(0)) asked.reject(ended);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the database thread has ended')));
  await ask({ sql: 'select 1', parameters: [] });
  return {
    execute: (sql, parameters) => ask({ sql, parameters }),
    close: async () => {
      if (ended === null) await ask('close');
      await worker.terminate();
    },
  };
}

if (!isMainThread && parentPort !== null && typeof workerData?.path === 'string') {
  const port = parentPort;
  const database = openSqlite(workerData as SqliteOptions);
  const run = statementRunner(database);
  port.on('message', (question: Question) => {
    try {
      if (question === 'close') database.close();
      const rows =
        question === 'close' ? { rows: [], changes: 0, insertId: 0 } : run(question.sql, question.parameters);
      port.postMessage({ ok: true, rows } satisfies Reply);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      port.postMessage({ ok: false, code, message } satisfies Reply);
    }
  });
}
