// Customers at Facturation.pro: found under the keys that it searches, made, and filled where they are empty.
import { z } from 'zod';
import { type CustomerFields, customerFields, SEARCHED } from '../../mappings/from-document/facturation-pro-client.ts';
import { apiIdOf } from '../../mappings/from-document/facturation-pro-marker.ts';
import type { Effect, ProviderAccount } from '../../src/connector.ts';
import {
  bears,
  type Client,
  type ClientDraft,
  type ClientKeyKind,
  clientKeys,
  contradiction,
  normalEmail,
} from '../../src/domain/client.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { sameTaxNumber } from '../../src/domain/tax-number.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { everyRow, firmPath, IdSchema, isDeleted, patch, rejectionWhere, unreadableRow } from './wire.ts';

const CustomerSchema = z.object({
  id: IdSchema,
  individual: z.boolean().nullish(),
  company_name: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  email: z.string().nullish(),
  siret: z.string().nullish(),
  vat_number: z.string().nullish(),
  api_custom: z.string().nullish(),
  phone: z.string().nullish(),
  street: z.string().nullish(),
  zip_code: z.string().nullish(),
  city: z.string().nullish(),
  country: z.string().nullish(),
});

/** Both search for a part of the value: what is found is compared here. */
const PARAMETER: Readonly<Partial<Record<ClientKeyKind, string>>> = { external_id: 'api_custom', email: 'email' };

type ClientSettings = { firmId: string; electronicAddress: boolean };

/** Customers that bear the key exactly, over every spelling and page. Archived ones are not listed unless asked for. */
export const findClients =
  ({ firmId }: ClientSettings): ProviderAccount['findClients'] =>
  async (key, country, io) => {
    const parameter = PARAMETER[key.kind];
    if (parameter === undefined) {
      return {
        kind: 'failed',
        problem: problem('not_supported_by_provider', `Facturation.pro has no search by ${key.kind}`),
      };
    }
    const found = new Map<string, Client>();
    for (const form of key.forms) {
      const rows = await everyRow(io, firmPath(firmId, '/customers.json'), { [parameter]: form });
      if (rows.kind === 'failed') return rows;
      for (const row of rows.items.filter((one) => !isDeleted(one))) {
        const client = readClient(row);
        if (client === null) return unreadableRow('customer');
        if (bears(client, key, country)) found.set(client.id, client);
      }
    }
    return { kind: 'found', items: [...found.values()] };
  };

/** Makes a customer. Facturation.pro has no uniqueness here, so a second one is never harmless. */
export const clientEffect = (settings: ClientSettings): Effect<ClientDraft, Client> => ({
  compose: (draft) => ok(JSON.stringify(customerFields(draft, settings.electronicAddress))),
  send: async (request, io) => {
    const answer = await io.http({ method: 'POST', path: firmPath(settings.firmId, '/customers.json'), body: request });
    const externalId = externalIdIn(request);
    return readOutcome(answer, {
      value: (json) => {
        const client = readClient(json);
        return client !== null && client.externalId === externalId ? client : null;
      },
      rejection: rejectionWhere('refused'),
    });
  },
  find: async (draft, _request, io) => {
    const [key] = clientKeys(draft.buyer, draft.externalId, SEARCHED);
    if (key !== undefined) {
      const found = await findClients(settings)(key, draft.buyer.address.country, io);
      if (found.kind === 'failed') return found;
      // Somebody else under the same address is not the client that this draft made.
      return { kind: 'found', items: found.items.filter((client) => contradiction(client, draft.buyer) === null) };
    }
    const api_id = apiIdOf(draft.marker);
    const rows = await everyRow(io, firmPath(settings.firmId, '/customers.json'), { api_id });
    if (rows.kind === 'failed') return rows;
    const marked = rows.items.filter((row) => row.api_id === api_id && !isDeleted(row)).map(readClient);
    return marked.every((client) => client !== null) ? { kind: 'found', items: marked } : unreadableRow('customer');
  },
  secondIsHarmless: false,
});

/** Sends only what changes; a customer that lacks nothing is not called about. */
export const updateClient =
  (settings: ClientSettings): ProviderAccount['updateClient'] =>
  async (client, draft, overwrite, io) => {
    const changes = changedFields(client, draft, overwrite, settings.electronicAddress);
    if (Object.keys(changes).length === 0) return { kind: 'done', value: client };
    const path = customerPath(settings.firmId, client.id);
    return patch(
      io,
      { path, body: JSON.stringify(changes) },
      {
        value: (json) => {
          const updated = readClient(json);
          return updated?.id === client.id ? updated : null;
        },
        rejection: rejectionWhere('stale_client'),
      },
    );
  };

export const customerPath = (firmId: string, id: string): string =>
  firmPath(firmId, `/customers/${encodeURIComponent(id)}.json`);

const EXTERNAL_ID = z.object({ api_custom: z.string().optional() });

function externalIdIn(request: string): string | null {
  const json = parseJson(Buffer.from(request));
  return EXTERNAL_ID.safeParse(json.ok ? json.value : null).data?.api_custom ?? null;
}

/** A customer as an answer shows it; null when it is not one. */
export function readClient(json: Json | object): Client | null {
  const parsed = CustomerSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, individual, company_name, first_name, last_name, siret, vat_number, ...customer } = parsed.data;
  const { email, api_custom, phone, street, zip_code, city, country } = customer;
  const tax_number = vat_number || siret;
  const fields = { email, tax_number, external_id: api_custom, phone, street, post_code: zip_code, city, country };
  return {
    id,
    name: company_name || [first_name, last_name].filter(Boolean).join(' '),
    kind: kindOf(individual, tax_number),
    email: email || null,
    taxNumber: tax_number || null,
    externalId: api_custom || null,
    empty: EMPTIABLE.filter((field) => (fields[field] ?? '').trim() === ''),
  };
}

/** Everybody is a professional there unless told otherwise: without a tax number that says nothing. */
function kindOf(individual: boolean | null | undefined, taxNumber: string | null | undefined): Client['kind'] {
  if (individual === true) return 'person';
  return (taxNumber ?? '').trim() === '' ? null : 'company';
}

const ADDRESS = ['street', 'post_code', 'city', 'country'] as const;
const EMPTIABLE = ['email', 'tax_number', 'external_id', 'phone', ...ADDRESS] as const;

/** Empty fields are filled, an address only as a whole. With `overwrite` differing ones are replaced, but never an external id. */
function changedFields(
  client: Client,
  draft: ClientDraft,
  overwrite: boolean,
  electronicAddress: boolean,
): Partial<CustomerFields> {
  const wanted = customerFields(draft, electronicAddress);
  const { street, zip_code, city, country, siret, vat_number, electronic_address } = wanted;
  const fills = (field: (typeof EMPTIABLE)[number]): boolean => client.empty.includes(field);
  const otherNumber = !sameTaxNumber(client.taxNumber, draft.buyer.taxNumber, draft.buyer.address.country);
  const changes = {
    email: fills('email') || (overwrite && normalEmail(client.email) !== wanted.email) ? wanted.email : undefined,
    ...(fills('tax_number') || (overwrite && otherNumber) ? { siret, vat_number, electronic_address } : {}),
    api_custom: fills('external_id') ? wanted.api_custom : undefined,
    phone: fills('phone') || overwrite ? wanted.phone : undefined,
    ...(overwrite || ADDRESS.every(fills) ? { street, zip_code, city, country } : {}),
    ...(overwrite && client.name !== draft.buyer.name ? namesOf(wanted) : {}),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** All three, since what is left of another name would be printed with the new one. */
const namesOf = ({ individual, company_name = '', first_name = '', last_name = '' }: CustomerFields) => ({
  individual,
  company_name,
  first_name,
  last_name,
});
