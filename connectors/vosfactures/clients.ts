// Clients at VosFactures: found under their keys, made, and filled where they are empty.
import { z } from 'zod';
import { clientFields } from '../../mappings/from-document/vosfactures-buyer.ts';
import type { Effect, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import {
  bears,
  type Client,
  type ClientDraft,
  type ClientKey,
  type ClientKeyKind,
  clientKeys,
  contradiction,
  normalEmail,
} from '../../src/domain/client.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { ok } from '../../src/domain/result.ts';
import { sameTaxNumber } from '../../src/domain/tax-number.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { everyRow, IdSchema, type Row, rejection, unreadableRow } from './wire.ts';

const ClientRowSchema = z.object({
  id: IdSchema,
  name: z.string().nullish(),
  company: z
    .boolean()
    .nullish()
    .transform((value) => value ?? null),
  email: z.string().nullish(),
  tax_no: z.string().nullish(),
  external_id: z.string().nullish(),
  phone: z.string().nullish(),
  street: z.string().nullish(),
  post_code: z.string().nullish(),
  city: z.string().nullish(),
  country: z.string().nullish(),
});

/** The search parameter of each key. VosFactures does not say whether it compares whole values: we do. */
const PARAMETER: Readonly<Record<ClientKeyKind, string>> = {
  external_id: 'external_id',
  tax_number: 'tax_no',
  email: 'email',
};

/** Clients that bear the key exactly, over every spelling and every page; deleted ones are no clients. */
export const findClients: ProviderAccount['findClients'] = async (key, country, io) => {
  const found = new Map<string, Client>();
  for (const form of key.forms) {
    const rows = await everyRow(io, '/clients.json', { [PARAMETER[key.kind]]: form });
    if (rows.kind === 'failed') return rows;
    for (const row of rows.items.filter(isLive)) {
      const client = readClient(row);
      if (client === null) return unreadableRow('client');
      if (bears(client, key, country)) found.set(client.id, client);
    }
  }
  return { kind: 'found', items: [...found.values()] };
};

/** Makes a client. VosFactures has no uniqueness here, so a second one is never harmless. */
export const clientEffect = ({ electronicAddress }: { electronicAddress: boolean }): Effect<ClientDraft, Client> => ({
  compose: (draft) => ok(JSON.stringify({ client: clientFields(draft, electronicAddress) })),
  // A token of a read-only role is answered 200 and nothing is made: without an id the outcome stays unknown.
  send: async (request, io) =>
    readOutcome(await io.http({ method: 'POST', path: '/clients.json', body: request }), {
      value: readClient,
      rejection,
    }),
  find: async (draft, _request, io) => {
    const [key] = strongestFirst(draft);
    if (key === undefined) return findByMarker(draft, io);
    const found = await findClients(key, draft.buyer.address.country, io);
    if (found.kind === 'failed') return found;
    // Somebody else under the same address is not the client that this draft made.
    return { kind: 'found', items: found.items.filter((client) => contradiction(client, draft.buyer) === null) };
  },
  secondIsHarmless: false,
});

/** Sends only what changes; a client that lacks nothing is not called about. */
export const updateClient: ProviderAccount['updateClient'] = async (client, draft, overwrite, io) => {
  const changes = changedFields(client, draft, overwrite);
  if (Object.keys(changes).length === 0) return { kind: 'done', value: client };
  const answer = await io.http({
    method: 'PUT',
    path: `/clients/${encodeURIComponent(client.id)}.json`,
    body: JSON.stringify({ client: changes }),
  });
  return readOutcome(answer, {
    value: (json) => {
      const updated = readClient(json);
      return updated?.id === client.id ? updated : null;
    },
    rejection,
  });
};

const strongestFirst = (draft: ClientDraft): ClientKey[] =>
  clientKeys(draft.buyer, draft.externalId, ['external_id', 'tax_number', 'email']);

const isLive = (row: Row): boolean => row.deleted !== true;

async function findByMarker(draft: ClientDraft, io: ProviderIo): Promise<Lookup<Client>> {
  const rows = await everyRow(io, '/clients.json', { name: draft.buyer.name });
  if (rows.kind === 'failed') return rows;
  const marked = rows.items.filter((row) => isLive(row) && linesOf(row.note).includes(draft.marker)).map(readClient);
  return marked.every((client) => client !== null) ? { kind: 'found', items: marked } : unreadableRow('client');
}

const linesOf = (note: unknown): string[] =>
  typeof note === 'string' ? note.split('\n').map((line) => line.trim()) : [];

function readClient(json: unknown): Client | null {
  const parsed = ClientRowSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, name, company, email, tax_no, external_id, phone, street, post_code, city, country } = parsed.data;
  const fields = { email, tax_number: tax_no, external_id, phone, street, post_code, city, country };
  return {
    id,
    name: name ?? '',
    kind: kindOf(company, tax_no),
    email: email ?? null,
    taxNumber: tax_no ?? null,
    externalId: external_id ?? null,
    empty: EMPTIABLE.filter((field) => (fields[field] ?? '').trim() === ''),
  };
}

/** VosFactures takes everybody for a company unless told otherwise: without a tax number that says nothing. */
function kindOf(company: boolean | null, taxNumber: string | null | undefined): Client['kind'] {
  if (company === false) return 'person';
  return company === true && (taxNumber ?? '').trim() !== '' ? 'company' : null;
}

const ADDRESS = ['street', 'post_code', 'city', 'country'] as const;
const EMPTIABLE = ['email', 'tax_number', 'external_id', 'phone', ...ADDRESS] as const;

/** Empty fields are filled, an address only as a whole. With `overwrite` differing ones are replaced, but never an external id. */
function changedFields(client: Client, draft: ClientDraft, overwrite: boolean): Record<string, unknown> {
  const wanted = clientFields(draft, false);
  const fills = (field: (typeof EMPTIABLE)[number]): boolean => client.empty.includes(field);
  const country = draft.buyer.address.country;
  const changes = {
    email: fills('email') || (overwrite && normalEmail(client.email) !== wanted.email) ? wanted.email : undefined,
    tax_no:
      fills('tax_number') || (overwrite && !sameTaxNumber(client.taxNumber, wanted.tax_no ?? null, country))
        ? wanted.tax_no
        : undefined,
    external_id: fills('external_id') ? wanted.external_id : undefined,
    phone: fills('phone') || overwrite ? wanted.phone : undefined,
    ...(overwrite || ADDRESS.every(fills)
      ? { street: wanted.street, post_code: wanted.post_code, city: wanted.city, country: wanted.country }
      : {}),
    ...(overwrite && client.name !== wanted.name
      ? { name: wanted.name, first_name: wanted.first_name, last_name: wanted.last_name }
      : {}),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
