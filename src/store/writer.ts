// The one queue before the writing connection. A unit of work holds the connection from BEGIN to COMMIT; units that wait
// together share one transaction and so one sync to disk (group commit), each behind its own savepoint.
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** What a unit of work may touch. It is dead after the unit's promise has settled. */
export type Tx = Kysely<Tables>;

/** Database work that happens wholly or not at all. It awaits nothing but the database. */
export type Unit<T> = (tx: Tx) => Promise<T>;

/** More units than this wait for the next transaction, so that nobody waits long for a commit. */
const UNITS_PER_COMMIT = 64;

type Waiting = { unit: Unit<unknown>; resolve(value: unknown): void; reject(error: unknown): void };
type Ran = { waiting: Waiting; result: { ok: true; value: unknown } | { ok: false; error: unknown } };

export type Writer = {
  /** Resolves after the unit is committed and synced; rejects, with nothing of it kept, when the unit or the commit fails. */
  write<T>(unit: Unit<T>): Promise<T>;
  /** Waits for what is queued; later units are refused. */
  close(): Promise<void>;
};

export function writerOver(db: Kysely<Tables>): Writer {
  let queue: Waiting[] = [];
  let draining: Promise<void> | null = null;
  let closed = false;

  async function drain(): Promise<void> {
    // Let everything that is about to ask in this turn of the event loop join the same commit.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue.slice(0, UNITS_PER_COMMIT);
      queue = queue.slice(batch.length);
      await commitTogether(db, batch);
    }
    draining = null;
  }

  return {
    write<T>(unit: Unit<T>): Promise<T> {
      if (closed) return Promise.reject(new Error('the store is closed'));
      return new Promise<T>((resolve, reject) => {
        queue.push({ unit, resolve: (value) => resolve(value as T), reject });
        draining ??= drain();
      });
    },
    async close() {
      closed = true;
      await draining;
    },
  };
}

async function commitTogether(db: Kysely<Tables>, batch: readonly Waiting[]): Promise<void> {
  const ran: Ran[] = [];
  try {
    await sql`begin immediate`.execute(db);
    for (const waiting of batch) ran.push({ waiting, result: await runAlone(db, waiting.unit) });
    await sql`commit`.execute(db);
  } catch (error) {
    await sql`rollback`.execute(db).catch(() => undefined);
    for (const waiting of batch) waiting.reject(error);
    return;
  }
  for (const { waiting, result } of ran) {
    if (result.ok) waiting.resolve(result.value);
    else waiting.reject(result.error);
  }
}

/** Runs one unit so that its failure takes back its own statements only. */
async function runAlone(db: Kysely<Tables>, unit: Unit<unknown>): Promise<Ran['result']> {
  await sql`savepoint unit`.execute(db);
  try {
    const value = await unit(db);
    await sql`release unit`.execute(db);
    return { ok: true, value };
  } catch (error) {
    await sql`rollback to unit`.execute(db);
    await sql`release unit`.execute(db);
    return { ok: false, error };
  }
}
