// The sandbox's books: clients and documents in one SQLite file, which several processes may share.
// Every change is committed to disk before its function returns.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { type ClientBooks, clientBooks } from './ledger-clients.ts';
import { type DocumentBooks, documentBooks } from './ledger-documents.ts';
import { SCHEMA } from './schema.ts';

export type Ledger = ClientBooks & DocumentBooks & { close(): void };

const ledgers = new Map<string, Ledger>();

/** The books in a file, opened once per process. Throws when they cannot be opened. */
export function ledgerAt(file: string): Ledger {
  const ledger = ledgers.get(file) ?? openLedger(file);
  ledgers.set(file, ledger);
  return ledger;
}

/** Closes every file that was opened, so that a test can take its folder away. */
export function closeLedgers(): void {
  for (const ledger of ledgers.values()) ledger.close();
  ledgers.clear();
}

function openLedger(file: string): Ledger {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  try {
    db.defaultSafeIntegers(true);
    db.pragma('journal_mode = WAL');
    // WAL alone loses the last commits when the power fails.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.transaction(() => db.exec(SCHEMA)).immediate();
    return { ...clientBooks(db), ...documentBooks(db), close: () => void db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}
