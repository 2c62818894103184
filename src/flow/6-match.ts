// Who the buyer is at the provider. Keys are tried in the configured order; every rejected candidate is told with its reason.
import type { Capabilities } from '../connector.ts';
import type { Buyer } from '../domain/buyer.ts';
import { type Client, type ClientKey, type ClientKeyKind, contradiction } from '../domain/client.ts';
import type { Lookup } from '../domain/outcome.ts';

export type Rejected = { clientId: string; by: ClientKeyKind; why: string };

export type Match =
  | { kind: 'matched'; client: Client; by: ClientKeyKind; rejected: Rejected[] }
  /** Nobody bears a key, or only somebody else does. `taken`: keys that another client already holds. */
  | { kind: 'missing'; rejected: Rejected[]; taken: ClientKeyKind[] }
  | { kind: 'ambiguous'; candidates: Client[]; rejected: Rejected[]; detail: string }
  | { kind: 'failed'; lookup: Extract<Lookup<Client>, { kind: 'failed' }> };

export type MatchParts = {
  capabilities: Capabilities;
  /** Asks the provider for clients that bear the key. */
  search(key: ClientKey): Promise<Lookup<Client>>;
  /** The client that a key led to before, if that is known without asking. */
  remembered(key: ClientKey): Promise<Client | null>;
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
    if (lookup.items.length > 0) taken.push(key.kind);
    const oldestFirst = lookup.items.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
    const fitting = oldestFirst.filter((client) => {
      const why = contradiction(client, buyer);
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

/** A key that the provider cannot search names nobody. */
async function candidates({ capabilities, search, remembered }: MatchParts, key: ClientKey): Promise<Lookup<Client>> {
  const known = await remembered(key);
  if (known !== null) return { kind: 'found', items: [known] };
  if (!capabilities.searches.includes(key.kind)) return { kind: 'found', items: [] };
  return search(key);
}
