// The sandbox's books: clients, invoices and payments in one SQLite file, which several processes may share.
// Every change is committed to disk before its function returns.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import {
  type ClientFields,
  ClientFieldsSchema,
  type ClientRequest,
  type InvoiceRequest,
  InvoiceRequestSchema,
  type PaymentEntry,
  PaymentEntrySchema,
  type PaymentRequest,
} from '../../mappings/from-document/sandbox.ts';
import { type ClientKey, type ClientKeyKind, normalEmail } from '../../src/domain/client.ts';
import { toJson } from '../../src/domain/json.ts';
import { bareTaxNumber, taxNumberForms } from '../../src/domain/tax-number.ts';
import { SCHEMA } from './schema.ts';

export type StoredClient = ClientFields & { id: string };
export type StoredInvoice = { id: string; number: string; request: InvoiceRequest; payments: PaymentEntry[] };

export type Ledger = {
  /** `exists` when a client already bears the marker. */
  createClient(request: ClientRequest): StoredClient | 'exists';
  clientByMarker(marker: string): StoredClient | null;
  /** Clients stored under any spelling of the key; the caller compares exactly. */
  clientsUnder(key: ClientKey): StoredClient[];
  /** Replaces the fields by what `change` makes of them. Null when there is no such client. */
  updateClient(id: string, change: (fields: ClientFields) => ClientFields): StoredClient | null;
  /** Draws the next number of the issue year and stores the invoice with its payments: all of it or nothing. */
  createInvoice(request: InvoiceRequest): StoredInvoice | 'exists' | 'no_client';
  invoice(id: string): StoredInvoice | null;
  invoiceByKey(key: string): StoredInvoice | null;
  /** The invoice with the payment on it; `exists` when it already holds one of that id. */
  recordPayment(request: PaymentRequest): StoredInvoice | 'exists' | 'no_invoice' | 'other_currency';
  close(): void;
};

const ClientRowSchema = ClientFieldsSchema.extend({ id: z.bigint().transform(String) });
const InvoiceRowSchema = z.object({ id: z.bigint(), year: z.string(), sequence: z.bigint(), document: z.string() });

/** The row that an id names. Rows count from 1, so 0 is no row. */
const rowId = (id: string): bigint => (/^[1-9]\d{0,17}$/.test(id) ? BigInt(id) : 0n);

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

const ledgers = new Map<string, Ledger>();

/** The books in a file, opened once per process. Throws when they cannot be opened. */
export function ledgerAt(file: string): Ledger {
  const ledger = ledgers.get(file) ?? openLedger(file);
  ledgers.set(file, ledger);
  return ledger;
}

/** Closes every file that was opened, so that a test can take its folder away. */
export function closeLedgers(): void {
  for (const ledger of ledgers.values()) ledger.close();
  ledgers.clear();
}

function openLedger(file: string): Ledger {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  try {
    db.defaultSafeIntegers(true);
    db.pragma('journal_mode = WAL');
    // WAL alone loses the last commits when the power fails.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.transaction(() => db.exec(SCHEMA)).immediate();
    return ledgerOf(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function ledgerOf(db: Database.Database): Ledger {
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
  // One statement draws the number and uses it, so that a refused or failed insert leaves no gap.
  const insertInvoice = db.prepare(
    `INSERT INTO invoices (key, client_id, year, sequence, document)
     SELECT @key, @clientId, @year, coalesce(max(sequence), 0) + 1, @document FROM invoices WHERE year = @year
     ON CONFLICT (key) DO NOTHING RETURNING *`,
  );
  const selectInvoice = db.prepare('SELECT * FROM invoices WHERE id = ?');
  const selectInvoiceByKey = db.prepare('SELECT * FROM invoices WHERE key = ?');
  const insertPayment = db.prepare(
    `INSERT INTO payments (invoice_id, payment_id, amount, date, mode, label)
     VALUES (@invoiceId, @id, @amount, @date, @mode, @label)
     ON CONFLICT (invoice_id, payment_id) DO NOTHING RETURNING id`,
  );
  const selectPayments = db.prepare(
    'SELECT payment_id AS id, amount, date, mode, label FROM payments WHERE invoice_id = ? ORDER BY payments.id',
  );

  const readClient = (row: unknown): StoredClient => ClientRowSchema.parse(row);

  function readInvoice(row: unknown): StoredInvoice {
    const { id, year, sequence, document } = InvoiceRowSchema.parse(row);
    return {
      id: String(id),
      number: `SB-${year}-${String(sequence).padStart(4, '0')}`,
      request: InvoiceRequestSchema.parse(JSON.parse(document)),
      payments: selectPayments.all(id).map((payment) => PaymentEntrySchema.parse(payment)),
    };
  }

  /** Reads the row just written and stores the spellings under which it can be searched. */
  function indexClient(row: unknown): StoredClient {
    const client = readClient(row);
    const id = rowId(client.id);
    deleteClientKeys.run(id);
    for (const [kind, value] of spellings(client)) insertClientKey.run(id, kind, value);
    return client;
  }

  // IMMEDIATE takes the write lock before anything is read: what another process commits cannot slip in between.
  const atomic = <A extends unknown[], R>(work: (...values: A) => R): ((...values: A) => R) =>
    db.transaction(work).immediate;

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
    createInvoice: atomic((request) => {
      const clientId = rowId(request.clientId);
      if (selectClient.get(clientId) === undefined) return 'no_client';
      const year = request.issueDate.slice(0, 4);
      const row = insertInvoice.get({ key: request.key, clientId, year, document: toJson(request) });
      return orElse('exists', row, () => {
        const invoiceId = InvoiceRowSchema.parse(row).id;
        for (const payment of request.payments) insertPayment.run({ ...payment, invoiceId });
        return readInvoice(row);
      });
    }),
    invoice: (id) => orElse(null, selectInvoice.get(rowId(id)), readInvoice),
    invoiceByKey: (key) => orElse(null, selectInvoiceByKey.get(key), readInvoice),
    recordPayment: atomic(({ invoiceId, currency, payment }) => {
      const row = selectInvoice.get(rowId(invoiceId));
      if (row === undefined) return 'no_invoice';
      if (readInvoice(row).request.currency !== currency) return 'other_currency';
      const recorded = insertPayment.get({ ...payment, invoiceId: rowId(invoiceId) });
      return orElse('exists', recorded, () => readInvoice(row));
    }),
    close: () => {
      db.close();
    },
  };
}

/** What `read` makes of a row, or `otherwise` when there is none. */
const orElse = <T, O>(otherwise: O, row: unknown, read: (row: unknown) => T): T | O =>
  row === undefined ? otherwise : read(row);
