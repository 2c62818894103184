// The clients in the books, under every spelling of their keys.
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { type ClientFields, ClientFieldsSchema, type ClientRequest } from '../../mappings/from-document/sandbox.ts';
import { type ClientKey, type ClientKeyKind, normalEmail } from '../../src/domain/client.ts';
import { bareTaxNumber, taxNumberForms } from '../../src/domain/tax-number.ts';
import { atomicIn, orElse, rowId } from './rows.ts';

export type StoredClient = ClientFields & { id: string };

export type ClientBooks = {
  /** `exists` when a client already bears the marker. */
  createClient(request: ClientRequest): StoredClient | 'exists';
  clientByMarker(marker: string): StoredClient | null;
  /** Clients stored under any spelling of the key; the caller compares exactly. */
  clientsUnder(key: ClientKey): StoredClient[];
  /** Replaces the fields by what `change` makes of them. Null when there is no such client. */
  updateClient(id: string, change: (fields: ClientFields) => ClientFields): StoredClient | null;
};

const ClientRowSchema = ClientFieldsSchema.extend({ id: z.bigint().transform(String) });

/** Every spelling under which a client can be searched. */
function spellings(client: ClientFields): [ClientKeyKind, string][] {
  const externalId = client.external_id.trim();
  const emails = client.email.split(/[,;\s]+/).map(normalEmail);
  const taxNumbers = [bareTaxNumber(client.tax_number), ...taxNumberForms(client.tax_number, client.country)];
  const keys: [ClientKeyKind, string | null][] = [
    ['external_id', externalId === '' ? null : externalId],
    ...emails.map((email): [ClientKeyKind, string | null] => ['email', email]),
    ...taxNumbers.map((number): [ClientKeyKind, string | null] => ['tax_number', number]),
  ];
  return keys.filter((key): key is [ClientKeyKind, string] => key[1] !== null);
}

export function clientBooks(db: Database.Database): ClientBooks {
  const clientColumns = Object.keys(ClientFieldsSchema.shape);
  const insertClient = db.prepare(
    `INSERT INTO clients (marker, ${clientColumns.join(', ')}) VALUES (@marker, ${clientColumns.map((name) => `@${name}`).join(', ')})
     ON CONFLICT (marker) DO NOTHING RETURNING *`,
  );
  const selectClient = db.prepare('SELECT * FROM clients WHERE id = ?');
  const selectClientByMarker = db.prepare('SELECT * FROM clients WHERE marker = ?');
  const selectClientsByKey = db.prepare(
    `SELECT DISTINCT clients.* FROM client_keys JOIN clients ON clients.id = client_id
     WHERE client_keys.kind = ? AND value IN (SELECT value FROM json_each(?)) ORDER BY clients.id`,
  );
  const updateClientFields = db.prepare(
    `UPDATE clients SET ${clientColumns.map((name) => `${name} = @${name}`).join(', ')} WHERE id = @id RETURNING *`,
  );
  const insertClientKey = db.prepare(
    'INSERT INTO client_keys (client_id, kind, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const deleteClientKeys = db.prepare('DELETE FROM client_keys WHERE client_id = ?');
  const atomic = atomicIn(db);

  const readClient = (row: unknown): StoredClient => ClientRowSchema.parse(row);

  /** Reads the row just written and stores the spellings under which it can be searched. */
  function indexClient(row: unknown): StoredClient {
    const client = readClient(row);
    const id = rowId(client.id);
    deleteClientKeys.run(id);
    for (const [kind, value] of spellings(client)) insertClientKey.run(id, kind, value);
    return client;
  }

  return {
    createClient: atomic((request) => orElse('exists', insertClient.get(request), indexClient)),
    clientByMarker: (marker) => orElse(null, selectClientByMarker.get(marker), readClient),
    clientsUnder: ({ kind, value, forms }) =>
      selectClientsByKey.all(kind, JSON.stringify([value, ...forms])).map(readClient),
    updateClient: atomic((id, change) =>
      orElse(null, selectClient.get(rowId(id)), (row) =>
        indexClient(updateClientFields.get({ ...change(ClientFieldsSchema.parse(row)), id: rowId(id) })),
      ),
    ),
  };
}
