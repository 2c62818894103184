// A SQLite connection that keeps its prepared statements: kysely prepares anew at every query, which costs five times the
// statement itself on a hot insert.
import Database from 'better-sqlite3';

/** WAL reset could corrupt a database before this version (sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3];
const KEPT_STATEMENTS = 500;
/** Readers are on the serving thread and must not stop it; a write-ahead log hardly ever makes them wait. */
const READ_WAIT_MS = 250;
/** The writer waits on its own thread for another process's write, within the five seconds that the strictest shop gives. */
const WRITE_WAIT_MS = 4000;

export type Rows = { rows: Record<string, unknown>[]; changes: number; insertId: number };

/** One connection. `execute` is asynchronous so that the same code serves a connection on another thread. */
export type SqliteEngine = {
  execute(sql: string, parameters: readonly unknown[]): Promise<Rows>;
  close(): Promise<void>;
};

export type SqliteOptions = { path: string; readonly: boolean };

/** Opens the file with the settings that durability rests on; throws with a clear message when one of them does not hold. */
export function openSqlite({ path, readonly }: SqliteOptions): Database.Database {
  const database = new Database(path, { readonly, timeout: readonly ? READ_WAIT_MS : WRITE_WAIT_MS });
  const version = String(database.prepare('select sqlite_version()').pluck().get());
  if (olderThan(version.split('.').map(Number), OLDEST_SQLITE)) {
    database.close();
    throw new Error(`SQLite ${version} is too old: ${OLDEST_SQLITE.join('.')} or newer is needed`);
  }
  if (!readonly) {
    if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
      database.close();
      throw new Error(`${path} cannot use write-ahead logging; a network file system cannot hold the database`);
    }
    // A commit returns only after its sync. SQLite builds for WAL fall back to NORMAL after the first use unless told.
    database.pragma('synchronous = FULL');
    database.pragma('wal_autocheckpoint = 4000');
  }
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  return database;
}

function olderThan(version: readonly number[], floor: readonly number[]): boolean {
  for (const [index, part] of floor.entries()) {
    const actual = version[index] ?? 0;
    if (actual !== part) return actual < part;
  }
  return false;
}

/** Runs statements on an open database, keeping the most recent ones prepared. */
export function statementRunner(database: Database.Database): (sql: string, parameters: readonly unknown[]) => Rows {
  const statements = new Map<string, Database.Statement>();
  return (sql, parameters) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
      const [oldest] = statements.keys();
      if (statements.size > KEPT_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    }
    if (statement.reader) {
      return { rows: statement.all(...parameters) as Record<string, unknown>[], changes: 0, insertId: 0 };
    }
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], changes, insertId: Number(lastInsertRowid) };
  };
}

/** A connection on this thread. */
export function engineHere(options: SqliteOptions): SqliteEngine {
  const database = openSqlite(options);
  const run = statementRunner(database);
  return {
    execute: async (sql, parameters) => run(sql, parameters),
    close: async () => {
      database.close();
    },
  };
}
