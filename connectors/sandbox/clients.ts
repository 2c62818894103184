// Clients in the sandbox's books: found under any spelling of a key, made once per marker.
import {
  type ClientFields,
  ClientRequestSchema,
  clientFields,
  clientRequest,
  readRequest,
} from '../../mappings/from-document/sandbox.ts';
import type { ProviderAccount } from '../../src/connector.ts';
import { bears, type Client } from '../../src/domain/client.ts';
import { ok } from '../../src/domain/result.ts';
import { type Books, changeBooks, listed, rejected, searchBooks } from './books.ts';
import type { StoredClient } from './ledger-clients.ts';

const FILLABLE = ['email', 'tax_number', 'external_id', 'phone', 'street', 'post_code', 'city', 'country'] as const;

export const findClients =
  (books: Books): ProviderAccount['findClients'] =>
  async (key, country, io) =>
    searchBooks(books, io, (ledger) =>
      ledger
        .clientsUnder(key)
        .map(toClient)
        .filter((client) => bears(client, key, country)),
    );

export const clientEffect = (books: Books): ProviderAccount['client'] => ({
  compose: (draft) => ok(clientRequest(draft)),
  send: async (text, io) => {
    const request = readRequest(ClientRequestSchema, text);
    if (request === null) return rejected('refused', 'the request is not one for a client');
    return changeBooks(books, io, (ledger) => {
      const client = ledger.createClient(request);
      return client === 'exists'
        ? rejected('exists', `a client was already made for ${request.marker}`)
        : { kind: 'done', value: toClient(client) };
    });
  },
  find: async ({ marker }, _request, io) =>
    searchBooks(books, io, (ledger) => listed(ledger.clientByMarker(marker)).map(toClient)),
  secondIsHarmless: true,
});

export const updateClient =
  (books: Books): ProviderAccount['updateClient'] =>
  async ({ id }, draft, overwrite, io) =>
    changeBooks(books, io, (ledger) => {
      const client = ledger.updateClient(id, (fields) => merged(fields, clientFields(draft), overwrite));
      return client === null
        ? rejected('stale_client', `client ${id} is not in the sandbox’s books`)
        : { kind: 'done', value: toClient(client) };
    });

/** A value is never replaced by none. */
function merged(stored: ClientFields, told: ClientFields, overwrite: boolean): ClientFields {
  const fields = overwrite ? { ...stored, name: told.name, kind: told.kind } : { ...stored };
  for (const field of FILLABLE) {
    if (told[field] !== '' && (overwrite || stored[field] === '')) fields[field] = told[field];
  }
  return fields;
}

function toClient(stored: StoredClient): Client {
  const { id, name, kind, email, tax_number, external_id } = stored;
  return {
    id,
    name,
    kind,
    email: email || null,
    taxNumber: tax_number || null,
    externalId: external_id || null,
    empty: FILLABLE.filter((field) => stored[field] === ''),
  };
}
