// Opens the store: one writing connection behind its queue, one for reading, and a lock against a second bridge.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { sqliteTypes } from './dialects/column-types.ts';
import { kyselyOver } from './dialects/sqlite.ts';
import { engineHere, type SqliteEngine } from './dialects/sqlite-engine.ts';
import { engineOnThread } from './dialects/sqlite-thread.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';
import { type Unit, writerOver } from './writer.ts';

export type Store = {
  /** Runs a unit of work; resolves once it is on disk. */
  write<T>(unit: Unit<T>): Promise<T>;
  /** For reading only: sees what is committed. */
  read: Kysely<Tables>;
  close(): Promise<void>;
};

/** `serve`: the only bridge that works on this database. `visit`: a short command beside it. */
export type Purpose = 'serve' | 'visit';

/** Opens or creates the SQLite database at `path`, migrated. Throws with a message for people when it cannot be used. */
export async function openStore(path: string, purpose: Purpose): Promise<Store> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Deliveries hold personal data: nobody else on the machine reads the file, nor what SQLite puts beside it.
  closeSync(openSync(path, 'a', 0o600));
  const lock = purpose === 'serve' ? holdLock(path) : null;
  const writing = await openWriting(path, lock);
  const db = kyselyOver(writing);
  const writer = writerOver(db);
  let reading: SqliteEngine;
  try {
    await migrate(writer, sqliteTypes);
    await refuseUnsyncedCommits(db);
    reading = engineHere({ path, readonly: true });
  } catch (error) {
    // The thread would keep the process alive.
    await writing.close();
    lock?.close();
    throw error;
  }
  return {
    write: (unit) => writer.write(unit),
    read: kyselyOver(reading),
    async close() {
      await writer.close();
      // The writer last: whoever closes last writes the log ahead back into the database.
      await reading.close();
      await writing.close();
      lock?.close();
    },
  };
}

/** The writer lives on its own thread: docs/decisions/003-writer-thread.md has the measurement. */
async function openWriting(path: string, lock: Database.Database | null): Promise<SqliteEngine> {
  try {
    return await engineOnThread({ path, readonly: false });
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** The operating system drops this lock with the process, however it ends. */
function holdLock(path: string): Database.Database {
  const lock = new Database(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch {
    lock.close();
    throw new Error(`another invoice-bridge is running on ${path}; stop it, or give this one a database of its own`);
  }
  return lock;
}

/** Checked after the first write, because the setting can silently change with it. */
async function refuseUnsyncedCommits(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
  if (rows[0]?.synchronous !== 2) throw new Error('the database does not sync its commits (synchronous is not FULL)');
}
