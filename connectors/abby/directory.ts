// All clients of an account, newest first. Abby searches clients by their names alone, so keys are found from these lists.
import { z } from 'zod';
import { type ClientKind, clientRef } from '../../mappings/from-document/abby-buyer.ts';
import type { ClientDirectory, ClientPage, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Client, ListedClient } from '../../src/domain/client.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';
import { clientOf, clientPath, LISTS, readParty, readRow } from './client-wire.ts';
import { refusals } from './wire.ts';

const PER_PAGE = 100;
const MAX_PAGES = 1000;

const PageSchema = z.object({
  docs: z.array(z.unknown()),
  totalPages: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .nullish(),
  hasNextPage: z.boolean().nullish(),
});

export const directory: ClientDirectory = {
  lists: Object.values(LISTS),
  latestFirst: 'created',
  page: async (list, page, io) => {
    const kind = KINDS.find((one) => LISTS[one] === list);
    if (kind === undefined) throw new Error(`Abby has no list of clients "${list}"`);
    return readPage(kind, page, io);
  },
  byName: async (name, io) => {
    const named: Client[] = [];
    for (const kind of KINDS) {
      const lookup = await clientsSince(kind, null, io, { search: name });
      if (lookup.kind === 'failed') return lookup;
      named.push(...lookup.items.map(({ client }) => client));
    }
    return { kind: 'found', items: named };
  },
  read: async (clientId, io) => {
    const ref = clientRef(clientId);
    if (ref === null) return { kind: 'found', items: [] };
    const answer = await io.http({ method: 'GET', path: clientPath(ref) });
    if (answer.kind === 'answer' && answer.status === 404) return { kind: 'found', items: [] };
    return readLookup<Client>(answer, {
      items: (json) => {
        const party = readParty(ref.kind, json);
        if (party?.id !== ref.id) return null;
        return party.archivedAt ? [] : [clientOf(party)];
      },
      rejection: refusals('refused'),
    });
  },
};

const KINDS = ['contact', 'organization'] as const satisfies readonly ClientKind[];

type Search = { search?: string };

async function readPage(
  kind: ClientKind,
  page: number,
  io: ProviderIo,
  search: Search = {},
): Promise<Lookup<ClientPage>> {
  const answer = await io.http({
    method: 'GET',
    path: `/${LISTS[kind]}`,
    query: {
      page: String(page),
      limit: String(PER_PAGE),
      orderBy: 'createdAt',
      orderDirection: 'DESC',
      archived: 'false',
      ...search,
    },
  });
  return readLookup<ClientPage>(answer, {
    items: (json) => {
      const parsed = PageSchema.safeParse(json);
      if (!parsed.success) return null;
      const { docs, totalPages = null, hasNextPage } = parsed.data;
      const rows = docs.map((row) => readRow(kind, row));
      if (!rows.every((row) => row !== null)) return null;
      const more = hasNextPage ?? (totalPages === null ? rows.length > 0 : page < totalPages);
      return [{ rows, more, pages: totalPages }];
    },
    rejection: refusals('refused'),
  });
}

/**
 * The live clients of one list, newest first, until one was made before the given UTC instant; null for all. A list that
 * does not end is a failed search: it is never cut silently.
 */
export async function clientsSince(
  kind: ClientKind,
  since: string | null,
  io: ProviderIo,
  search: Search = {},
): Promise<Lookup<ListedClient>> {
  const found: ListedClient[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const lookup = await readPage(kind, page, io, search);
    if (lookup.kind === 'failed') return lookup;
    const [{ rows, more } = { rows: [], more: false }] = lookup.items;
    const recent = rows.filter(({ at }) => since === null || at === null || at >= since);
    found.push(...recent.filter(({ live }) => live));
    if (!more || recent.length < rows.length) return { kind: 'found', items: found };
  }
  return { kind: 'failed', problem: problem('too_many_rows', `GET /${LISTS[kind]} has more than ${MAX_PAGES} pages`) };
}

/** Never asked by the core, which keeps an index of the lists. */
export const findClients: ProviderAccount['findClients'] = async (key) => ({
  kind: 'failed',
  problem: problem('not_supported_by_provider', `Abby has no search by ${key.kind}`),
});
