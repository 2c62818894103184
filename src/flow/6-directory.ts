// Clients by keys that the API cannot search, from an index of our own. What it says is believed only after the client itself
// was looked at; what it does not say, only after what changed last was read.
import type { ClientDirectory, ProviderIo } from '../connector.ts';
import { bears, type Client, type ClientKey, indexEntry, type ListedClient } from '../domain/client.ts';
import type { Lookup } from '../domain/outcome.ts';
import type { Provider } from '../registry.ts';
import { forgetClient } from '../store/clients.ts';
import { directoryRows, dropListed, listedClients, relist, takeLatest } from '../store/directory.ts';
import { isWhole, progressOf } from './6-listing.ts';
import type { DeliverParts } from './7-standing.ts';

/** A client that is not in the index is looked for among the latest, unless that was done so recently. */
const FRESH_FOR_MS = 60_000;
/** A refresh that finds no end among so many pages is left to the next pass. */
const REFRESH_PAGES = 20;

/** The index's answer: what the key leads to, or that the first pass is not over and how it stands. */
export type Listed = Lookup<Client> | Syncing;
export type Syncing = { kind: 'syncing'; detail: string; waitMs: number };

/** `inDoubt`: this very client may have been made a moment ago, so that only a look after that counts. */
export type Sought = { name: string; country: string; inDoubt: boolean };

/** Clients that bear the key by the index, each confirmed by a look at it. */
export async function findListed(
  parts: DeliverParts,
  provider: Provider,
  directory: ClientDirectory,
  key: ClientKey,
  buyer: Sought,
  io: ProviderIo,
): Promise<Listed> {
  if (!(await isWhole(parts, provider, directory))) return beforeItIsWhole(parts, provider, directory, key, buyer, io);
  const known = await confirmed(parts, provider, directory, key, buyer.country, io);
  if (known.kind === 'failed' || known.items.length > 0) return known;
  const refreshed = await refresh(parts, provider, directory, buyer.inDoubt ? 0 : FRESH_FOR_MS, io);
  if (refreshed.kind === 'failed') return refreshed;
  return refreshed.items.length === 0 ? known : confirmed(parts, provider, directory, key, buyer.country, io);
}

/** While the first pass is under way a name may still lead to the client; that nobody bears the key cannot be known yet. */
async function beforeItIsWhole(
  parts: DeliverParts,
  provider: Provider,
  directory: ClientDirectory,
  key: ClientKey,
  buyer: Sought,
  io: ProviderIo,
): Promise<Listed> {
  const named = await directory.byName?.(buyer.name, io);
  if (named?.kind === 'failed') return named;
  const items = (named?.items ?? []).filter((client) => bears(client, key, buyer.country));
  if (items.length > 0) return { kind: 'found', items };
  return untilWhole(parts, provider, directory);
}

/** How the first pass stands, and when to look at it again. */
export async function untilWhole(
  parts: DeliverParts,
  provider: Provider,
  directory: ClientDirectory,
): Promise<Syncing> {
  const { line, remainingMs } = await progressOf(parts, provider, directory);
  const waitMs = Math.min(Math.max(remainingMs, 2000), 60_000);
  return { kind: 'syncing', detail: `waits until all clients at ${provider.name} are listed: ${line}`, waitMs };
}

/** The index may be behind: each candidate is read, and corrected where it is gone or does not bear the key any more. */
async function confirmed(
  parts: DeliverParts,
  { account }: Provider,
  directory: ClientDirectory,
  key: ClientKey,
  country: string,
  io: ProviderIo,
): Promise<Lookup<Client>> {
  const listed = await listedClients(parts.store.read, account.accountId, indexEntry(key));
  const items: Client[] = [];
  for (const candidate of listed.filter((client) => bears(client, key, country))) {
    const lookup = await directory.read(candidate.id, io);
    if (lookup.kind === 'failed') return lookup;
    const [client] = lookup.items;
    if (client !== undefined && bears(client, key, country)) {
      items.push(client);
      continue;
    }
    await parts.store.write(async (tx) => {
      // One that has changed is still found under the keys that it bears now.
      if (client === undefined) await dropListed(tx, account.accountId, candidate.id);
      else await relist(tx, account.accountId, client);
      await forgetClient(tx, account.accountId, candidate.id);
    });
  }
  return { kind: 'found', items };
}

/** Takes in what changed or was made since the last look; the clients that were new to the index. */
async function refresh(
  { store, runtime }: DeliverParts,
  { account }: Provider,
  directory: ClientDirectory,
  freshForMs: number,
  io: ProviderIo,
): Promise<Lookup<Client>> {
  const seen: Client[] = [];
  if (directory.latestFirst === null) return { kind: 'found', items: seen };
  const rows = await directoryRows(store.read, account.accountId);
  for (const row of rows.filter(({ list }) => directory.lists.includes(list))) {
    const began = runtime.now();
    if (began.getTime() - (row.refreshed_at ?? 0) < freshForMs) continue;
    const changed: ListedClient[] = [];
    for (let page = 1; page <= REFRESH_PAGES; page++) {
      const lookup = await directory.page(row.list, page, io);
      if (lookup.kind === 'failed') return lookup;
      const [read] = lookup.items;
      changed.push(...(read?.rows ?? []));
      // Clocks tie within a second: what is as old as the latest known is read again.
      const { latest } = row;
      if (read?.more !== true || changed.some(({ at }) => at !== null && latest !== null && at < latest)) break;
    }
    await store.write((tx) => takeLatest(tx, account.accountId, row.list, changed, began));
    seen.push(...changed.map(({ client }) => client));
  }
  return { kind: 'found', items: seen };
}
