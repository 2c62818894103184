// How the books read and write rows.
import type Database from 'better-sqlite3';

/** The row that an id names. Rows count from 1, so 0 is no row. */
export const rowId = (id: string): bigint => (/^[1-9]\d{0,17}$/.test(id) ? BigInt(id) : 0n);

/** What `read` makes of a row, or `otherwise` when there is none. */
export const orElse = <T, O>(otherwise: O, row: unknown, read: (row: unknown) => T): T | O =>
  row === undefined ? otherwise : read(row);

/** All or nothing. IMMEDIATE takes the write lock before anything is read: what another process commits cannot slip in between. */
export const atomicIn =
  (db: Database.Database) =>
  <A extends unknown[], R>(work: (...values: A) => R): ((...values: A) => R) =>
    db.transaction(work).immediate;
