// Reads the lists of an account's clients into the index: from end to end, page by page, and goes on where it was.
import type { ClientDirectory, ProviderIo } from '../connector.ts';
import { assertNever } from '../domain/result.ts';
import { type Provider, type Registry, SHARE } from '../registry.ts';
import { beginPass, countListed, type DirectoryRow, directoryRows, isUnderWay, takePage } from '../store/directory.ts';
import { blame, type DeliverParts, directIo, praise, throttle } from './7-standing.ts';

/** A whole pass once a day finds what no refresh tells: deletions, and changes where lists are sorted by creation. */
const PASS_EVERY_MS = 86_400_000;

/** True where this configuration asks for keys that the provider cannot search. */
export const needsDirectory = (
  { matching }: Pick<Registry, 'matching'>,
  { account }: Pick<Provider, 'account'>,
): boolean =>
  account.directory !== null &&
  matching.by.some((key) => account.capabilities.keys.includes(key) && !account.capabilities.searches.includes(key));

/** True once every list was read to its end. */
export async function isWhole(
  { store }: DeliverParts,
  { account }: Provider,
  directory: ClientDirectory,
): Promise<boolean> {
  const rows = await directoryRows(store.read, account.accountId);
  return directory.lists.every((list) => rows.some((row) => row.list === list && row.finished_at !== null));
}

/** One page of a pass, where one is due; how long there is nothing to do after it. */
export async function syncStep(parts: DeliverParts, provider: Provider, directory: ClientDirectory): Promise<number> {
  const { store, runtime, log } = parts;
  const { accountId } = provider.account;
  const rows = await directoryRows(store.read, accountId);
  const list = directory.lists.find((name) =>
    isDue(
      rows.find((row) => row.list === name),
      runtime.now(),
    ),
  );
  if (list === undefined) return PASS_EVERY_MS;
  const { pass, page: pagesRead } = await store.write((tx) => beginPass(tx, accountId, list, runtime.now()));
  const page = pagesRead + 1;
  const lookup = await directory.page(list, page, syncIo(parts, provider));
  switch (lookup.kind) {
    case 'failed':
      if (lookup.throttled === undefined) await blame(parts, provider, lookup.problem.code, lookup.account === true);
      else await throttle(parts, provider, lookup.throttled.retryAfterMs);
      log.warn('directory.failed', { provider: provider.name, list, page, reason: lookup.problem.code });
      return provider.delivery.retry.base;
    case 'found': {
      const [read] = lookup.items;
      const last = read?.more !== true;
      const pages = read?.pages ?? null;
      const taken = { list, pass, page, rows: read?.rows ?? [], pages, last };
      await store.write((tx) => takePage(tx, accountId, taken, runtime.now()));
      await praise(parts, provider);
      log.info('directory.page', { provider: provider.name, list, page, pages, last });
      if (last) parts.onPlanned?.();
      return 0;
    }
    default:
      return assertNever(lookup);
  }
}

const isDue = (row: DirectoryRow | undefined, now: Date): boolean =>
  row === undefined || isUnderWay(row) || now.getTime() - (row.finished_at ?? 0) >= PASS_EVERY_MS;

/** A whole pass leaves most of the account's pace to the orders. */
export const syncIo = (parts: DeliverParts, provider: Provider): ProviderIo => ({
  ...directIo(parts, provider),
  http: (request) => provider.paced(() => provider.http(request), { use: 'sync' }),
});

export type DirectoryProgress = {
  clients: number;
  /** Every list was read to its end once. */
  whole: boolean;
  /** Where it stands, in a sentence. */
  line: string;
  /** How long the pass under way will about take; 0 for none. */
  remainingMs: number;
};

/** Where the index stands, in a sentence, and how long the pass under way will about take. */
export async function progressOf(
  parts: Pick<DeliverParts, 'store'>,
  { account }: Pick<Provider, 'account'>,
  directory: ClientDirectory,
): Promise<DirectoryProgress> {
  const rows = (await directoryRows(parts.store.read, account.accountId)).filter(({ list }) =>
    directory.lists.includes(list),
  );
  const clients = await countListed(parts.store.read, account.accountId);
  const whole = directory.lists.every((list) => rows.some((row) => row.list === list && row.finished_at !== null));
  if (whole && !rows.some(isUnderWay)) return { clients, whole, line: `${clients} clients are listed`, remainingMs: 0 };
  const isKnown = rows.length === directory.lists.length && rows.every(({ pages }) => pages !== null);
  const all = rows.reduce((total, { pages }) => total + (pages ?? 0), 0);
  const read = rows.reduce((total, row) => total + (isUnderWay(row) ? row.page : (row.pages ?? 0)), 0);
  const perPageMs = account.pace === null ? 100 : account.pace.perMs / account.pace.requests / SHARE.sync;
  const remainingMs = Math.ceil(Math.max(1, all - read) * perPageMs);
  const line = isKnown
    ? `page ${read} of ${all}, about ${Math.ceil(remainingMs / 1000)} s left`
    : `${clients} clients so far, how many there are is not known yet`;
  return { clients, whole, line, remainingMs };
}
