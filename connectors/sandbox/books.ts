// How what happens at the books is told: the sandbox's counterpart of reading a provider's HTTP answer.
import Database from 'better-sqlite3';
import type { ProviderIo } from '../../src/connector.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Ledger } from './ledger.ts';

/** Opens the account's books, or throws. */
export type Books = (io: ProviderIo) => Ledger;

/**
 * The outcome of a change. While the books cannot be opened nothing was sent; a storage error after that proves nothing,
 * because it may have come after the commit.
 */
export function changeBooks<T>(books: Books, io: ProviderIo, change: (ledger: Ledger) => Outcome<T>): Outcome<T> {
  const opened = attempt(() => books(io));
  if (!opened.ok) return { kind: 'not_sent', problem: opened.error };
  const outcome = attempt(() => change(opened.value));
  return outcome.ok ? outcome.value : { kind: 'unknown', problem: outcome.error };
}

/** What a search found. A storage error is a failed search, never "none found". */
export function searchBooks<T>(books: Books, io: ProviderIo, search: (ledger: Ledger) => T[]): Lookup<T> {
  const items = attempt(() => search(books(io)));
  return items.ok ? { kind: 'found', items: items.value } : { kind: 'failed', problem: items.error };
}

/** One item or none, as a search lists it. */
export const listed = <T>(item: T | null): T[] => (item === null ? [] : [item]);

/** A refusal that left the books as they were. */
export const rejected = (kind: 'refused' | 'exists' | 'stale_client' | 'gone', detail: string): Outcome<never> => ({
  kind: 'rejected',
  rejection: { kind },
  problem: problem(`sandbox_${kind}`, detail),
});

/** Errors of the file and its disk become a problem; any other exception is a defect and stays one. */
function attempt<T>(work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (error) {
    const ofStorage = error instanceof Database.SqliteError || (error instanceof Error && 'syscall' in error);
    if (!ofStorage) throw error;
    const detail = `the sandbox’s books cannot be used: ${error.message}; look at the data folder’s disk and rights`;
    return err(problem('sandbox_storage', detail));
  }
}
