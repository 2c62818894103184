// Clients at FastFaktura: searched by e-mail, listed for their external ids, made, and filled where they are empty.
import { z } from 'zod';
import { type ClientFields, clientFields } from '../../mappings/from-document/fastfaktura-client.ts';
import { clientTag } from '../../mappings/from-document/fastfaktura-marker.ts';
import { LOCALES, type Locale } from '../../mappings/tables/fastfaktura.ts';
import type { ClientDirectory, Effect, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import { bears, type Client, type ClientDraft, clientKeys, normalEmail } from '../../src/domain/client.ts';
import { parseJson } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { everyRow, IdSchema, objectIn, onePage, type Row, rejectionWhere, unreadableRow } from './wire.ts';

const ClientRowSchema = z.object({
  id: IdSchema,
  name: z.string(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  address: z.string().nullish(),
  country: z.string().nullish(),
  locale: z.enum(LOCALES).nullish(),
  external_id: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  archived_at: z.string().nullish(),
});
type ClientRow = z.infer<typeof ClientRowSchema>;

const isLive = ({ archived_at }: Row): boolean => (archived_at ?? null) === null;

/** Live clients that bear the key exactly: `q` searches names, addresses and phones, and may find parts of them. */
export const findClients: ProviderAccount['findClients'] = async (key, country, io) => {
  if (key.kind !== 'email') {
    return {
      kind: 'failed',
      problem: problem('not_supported_by_provider', `FastFaktura has no search by ${key.kind}`),
    };
  }
  const found = new Map<string, Client>();
  for (const form of key.forms) {
    const clients = await clientsNamed(io, form);
    if (clients.kind === 'failed') return clients;
    for (const { client } of clients.items) if (bears(client, key, country)) found.set(client.id, client);
  }
  return { kind: 'found', items: [...found.values()] };
};

type Tagged = { client: Client; tags: readonly string[] };

async function clientsNamed(io: ProviderIo, q: string): Promise<Lookup<Tagged>> {
  const rows = await everyRow(io, 'clients', { q });
  if (rows.kind === 'failed') return rows;
  const clients = rows.items.filter(isLive).map((row) => {
    const client = readClient(row);
    return client === null ? null : { client, tags: ClientRowSchema.parse(row).tags ?? [] };
  });
  return clients.every((one) => one !== null) ? { kind: 'found', items: clients } : unreadableRow('client');
}

/** All clients, for the key that FastFaktura does not search: the external id. Nothing tells what they are sorted by. */
export const directory: ClientDirectory = {
  lists: ['clients'],
  latestFirst: null,
  page: async (_list, number, io) => {
    const listed = await onePage(io, 'clients', {}, number);
    if (listed.kind === 'failed') return listed;
    const { rows, pages } = listed.page;
    const clients = rows.map((row) => ({ client: readClient(row), at: null, live: isLive(row) }));
    const read = clients.flatMap(({ client, ...row }) => (client === null ? [] : [{ client, ...row }]));
    if (read.length < clients.length) return unreadableRow('client');
    const repeated = pages === null && number > 1 ? await isRepeated(io, number, rows) : false;
    if (typeof repeated === 'object') return repeated;
    const more = pages === null ? rows.length > 0 && !repeated : number < pages;
    return { kind: 'found', items: [{ rows: read, more, pages }] };
  },
  byName: async (name, io) => {
    const clients = await clientsNamed(io, name);
    return clients.kind === 'failed' ? clients : { kind: 'found', items: clients.items.map(({ client }) => client) };
  },
  read: async (clientId, io) => {
    const row = await readRow(io, clientId);
    if (row.kind === 'failed') return row;
    const live = row.items.filter(isLive).map(readClient);
    return live.every((client) => client !== null) ? { kind: 'found', items: live } : unreadableRow('client');
  },
};

/** True for a page that only repeats the one before: so answers a server that knows no page past the last, or none at all. */
async function isRepeated(
  io: ProviderIo,
  number: number,
  rows: readonly Row[],
): Promise<boolean | Extract<Lookup<never>, { kind: 'failed' }>> {
  if (rows.length === 0) return false;
  const before = await onePage(io, 'clients', {}, number - 1);
  if (before.kind === 'failed') return before;
  const known = new Set(before.page.rows.map(({ id }) => id));
  return rows.every(({ id }) => known.has(id));
}

/** The record as it stands, archived or not; none for an id that FastFaktura does not know. */
async function readRow(io: ProviderIo, clientId: string): Promise<Lookup<ClientRow>> {
  const answer = await io.http({ method: 'GET', path: clientPath(clientId) });
  if (answer.kind === 'answer' && answer.status === 404) return { kind: 'found', items: [] };
  return readLookup<ClientRow>(answer, {
    items: (json) => {
      const row = ClientRowSchema.safeParse(objectIn(json, 'client')).data;
      return row?.id === clientId ? [row] : null;
    },
    rejection: rejectionWhere('refused'),
  });
}

const clientPath = (id: string): string => `/clients/${encodeURIComponent(id)}`;

/** Makes a client. FastFaktura has no uniqueness here, so a second one is never harmless. */
export const clientEffect = (language: Locale): Effect<ClientDraft, Client> => ({
  compose: (draft) => ok(JSON.stringify(clientFields(draft, language))),
  send: async (request, io) => {
    const sent = sentKeys(request);
    return readOutcome(await io.http({ method: 'POST', path: '/clients', body: request }), {
      value: (json) => {
        const client = readClient(objectIn(json, 'client'));
        const ours = client?.externalId === sent.externalId && normalEmail(client.email) === sent.email;
        return ours ? client : null;
      },
      rejection: rejectionWhere('refused'),
    });
  },
  find: async (draft, _request, io) => {
    const { buyer, externalId, marker } = draft;
    const [email] = clientKeys(buyer, null, ['email']);
    const clients = await clientsNamed(io, email?.value ?? buyer.name);
    if (clients.kind === 'failed') return clients;
    const tag = email === undefined && externalId === null ? clientTag(marker) : null;
    const ours = clients.items.filter(
      ({ client, tags }) =>
        client.externalId === externalId &&
        (email === undefined || bears(client, email, buyer.address.country)) &&
        (tag === null || tags.includes(tag)),
    );
    return { kind: 'found', items: ours.map(({ client }) => client) };
  },
  secondIsHarmless: false,
});

const SentSchema = z.object({ external_id: z.string().optional(), email: z.string().optional() });

function sentKeys(request: string): { externalId: string | null; email: string | null } {
  const json = parseJson(Buffer.from(request));
  const sent = SentSchema.safeParse(json.ok ? json.value : null).data;
  return { externalId: sent?.external_id ?? null, email: sent?.email ?? null };
}

/**
 * Sends the whole record with what changes in it, because a PUT may empty what it does not name. A client that lacks
 * nothing is not called about. An external id is filled and never replaced; locale and tags are the merchant's.
 */
export const updateClient =
  (language: Locale): ProviderAccount['updateClient'] =>
  async (client, draft, overwrite, io) => {
    const wanted = clientFields(draft, language);
    if (!overwrite && FILLABLE.every((field) => wanted[field] === undefined || !lacks(client, field))) {
      return { kind: 'done', value: client };
    }
    const standing = await readRow(io, client.id);
    if (standing.kind === 'failed') return { kind: 'not_sent', problem: standing.problem };
    const [row] = standing.items;
    if (row === undefined) {
      const told = problem('not_found', `FastFaktura has no client ${client.id} any more`);
      return { kind: 'rejected', rejection: { kind: 'stale_client' }, problem: told };
    }
    const changes = changedFields(row, wanted, overwrite);
    if (Object.keys(changes).length === 0) return { kind: 'done', value: clientOf(row) };
    const { id, archived_at: _, ...fields } = row;
    const body = JSON.stringify({ ...fields, ...changes });
    return readOutcome(await io.http({ method: 'PUT', path: clientPath(id), body }), {
      value: (json) => {
        const updated = readClient(objectIn(json, 'client'));
        return updated?.id === client.id ? updated : null;
      },
      rejection: rejectionWhere('stale_client'),
    });
  };

const FILLABLE = ['email', 'phone', 'address', 'country', 'external_id'] as const;

/** An address is one text here, and several fields to the core. */
const lacks = ({ empty }: Client, field: (typeof FILLABLE)[number]): boolean =>
  empty.includes(field === 'address' ? 'street' : field);

function changedFields(row: ClientRow, wanted: ClientFields, overwrite: boolean): Partial<ClientFields> {
  const changes = FILLABLE.flatMap((field) => {
    const [stands, value] = [row[field]?.trim() ?? '', wanted[field]];
    if (value === undefined || value === stands) return [];
    return stands === '' || (overwrite && field !== 'external_id') ? [[field, value]] : [];
  });
  return Object.fromEntries(overwrite && row.name !== wanted.name ? [...changes, ['name', wanted.name]] : changes);
}

function readClient(json: unknown): Client | null {
  const row = ClientRowSchema.safeParse(json).data;
  return row === undefined ? null : clientOf(row);
}

/** Whether it is a person or a company, and its tax number, FastFaktura does not keep. */
function clientOf({ id, name, email, phone, address, country, external_id }: ClientRow): Client {
  const texts = { email, external_id, phone, street: address, post_code: address, city: address, country };
  return {
    id,
    name,
    kind: null,
    email: email ?? null,
    taxNumber: null,
    externalId: external_id ?? null,
    empty: EMPTIABLE.filter((field) => (texts[field] ?? '').trim() === ''),
  };
}

const EMPTIABLE = ['email', 'external_id', 'phone', 'street', 'post_code', 'city', 'country'] as const;
