// Who the buyer is at the provider. Keys are tried in the configured order; every rejected candidate is told with its reason.
import type { Capabilities } from '../connector.ts';
import type { Buyer } from '../domain/buyer.ts';
import { type Client, type ClientKey, type ClientKeyKind, contradiction } from '../domain/client.ts';
import type { Lookup } from '../domain/outcome.ts';
import type { Listed } from './6-directory.ts';

export type Rejected = { clientId: string; by: ClientKeyKind; why: string };

export type Match =
  | { kind: 'matched'; client: Client; by: ClientKeyKind; rejected: Rejected[] }
  /** Nobody bears a key, or only somebody else does. `taken`: keys that another client already holds. */
  | { kind: 'missing'; rejected: Rejected[]; taken: ClientKeyKind[] }
  | { kind: 'ambiguous'; candidates: Client[]; rejected: Rejected[]; detail: string }
  | { kind: 'failed'; lookup: Extract<Lookup<Client>, { kind: 'failed' }> }
  /** Whether somebody bears a key cannot be known yet: the clients are still being listed. */
  | { kind: 'syncing'; detail: string; waitMs: number };

export type MatchParts = {
  capabilities: Capabilities;
  /** The buyer's own; null for a guest. */
  externalId: string | null;
  /** Asks the provider for clients that bear the key. */
  search(key: ClientKey): Promise<Lookup<Client>>;
  /** The client that a key led to before, if that is known without asking. */
  remembered(key: ClientKey): Promise<Client | null>;
  /** What our own index says; null where there is none. */
  listed: ((key: ClientKey) => Promise<Listed>) | null;
  /** The index is whole and sorted by change, so that it answers for the provider. */
  preferIndex: boolean;
};

/**
 * Finds the buyer among the provider's clients. A client is matched when it bears a key exactly and nothing contradicts the
 * order. Several clients under one key are narrowed by the next; keys that name different clients are ambiguous.
 */
export async function matchClient(parts: MatchParts, buyer: Buyer, keys: readonly ClientKey[]): Promise<Match> {
  const rejected: Rejected[] = [];
  const taken: ClientKeyKind[] = [];
  let standing: { clients: Client[]; by: ClientKeyKind } | null = null;
  for (const key of keys) {
    const lookup = await candidates(parts, key);
    if (lookup.kind === 'failed') return { kind: 'failed', lookup };
    if (lookup.kind === 'syncing') return lookup;
    if (lookup.items.length > 0) taken.push(key.kind);
    const oldestFirst = lookup.items.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
    const fitting = oldestFirst.filter((client) => {
      const why = contradiction(client, buyer) ?? otherCustomer(parts, client, buyer);
      if (why !== null) rejected.push({ clientId: client.id, by: key.kind, why: `conflict: ${why}` });
      return why === null;
    });
    if (fitting.length === 0) continue;
    if (standing === null) {
      standing = { clients: fitting, by: key.kind };
      continue;
    }
    const ids = new Set(fitting.map(({ id }) => id));
    const both: Client[] = standing.clients.filter(({ id }) => ids.has(id));
    if (both.length === 0) {
      const detail = `${standing.by} and ${key.kind} name different clients`;
      return { kind: 'ambiguous', candidates: [...standing.clients, ...fitting], rejected, detail };
    }
    for (const { id } of [...standing.clients, ...fitting]) {
      if (!both.some((client) => client.id === id))
        rejected.push({ clientId: id, by: key.kind, why: 'not under every key' });
    }
    standing = { clients: both, by: standing.by };
  }
  if (standing === null) return { kind: 'missing', rejected, taken };
  const [client, another] = standing.clients;
  if (client === undefined || another !== undefined) {
    const detail = `${standing.clients.length} clients bear the same ${standing.by}`;
    return { kind: 'ambiguous', candidates: standing.clients, rejected, detail };
  }
  return { kind: 'matched', client, by: standing.by, rejected };
}

/**
 * What would tell two firms of one address apart, the tax number, is not kept by every provider. There the client of another
 * customer of the shop, under another name, is somebody else.
 */
function otherCustomer({ capabilities, externalId }: MatchParts, client: Client, buyer: Buyer): string | null {
  if (capabilities.keys.includes('tax_number') || buyer.taxNumber === null) return null;
  const others = externalId !== null && client.externalId !== null && client.externalId.trim() !== externalId;
  return others && !sameName(client.name, buyer.name) ? 'another customer of the shop' : null;
}

const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** A key that no client there can bear names nobody. */
async function candidates(parts: MatchParts, key: ClientKey): Promise<Listed> {
  const { keys, searches } = parts.capabilities;
  const known = await parts.remembered(key);
  if (known !== null) return { kind: 'found', items: [known] };
  if (!keys.includes(key.kind)) return { kind: 'found', items: [] };
  const searched = searches.includes(key.kind);
  if (parts.listed !== null && (parts.preferIndex || !searched)) return parts.listed(key);
  return searched ? parts.search(key) : { kind: 'found', items: [] };
}
