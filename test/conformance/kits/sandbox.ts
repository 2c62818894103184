// The sandbox for the provider suite: books in a folder of their own, read from the file itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { sandbox } from '../../../connectors/sandbox/index.ts';
import { closeLedgers, ledgerAt } from '../../../connectors/sandbox/ledger.ts';
import { MinorSchema, sum } from '../../../src/domain/money.ts';
import { PaymentModeSchema } from '../../../src/domain/order.ts';
import { type EmbeddedKit, ioWith, type SeenDocument } from '../provider-kit.ts';

const ClientsSchema = z.array(
  z.object({
    id: z.bigint().transform(String),
    name: z.string(),
    kind: z.enum(['person', 'company']),
    email: z.string(),
    tax_number: z.string(),
    external_id: z.string(),
  }),
);
const PaymentsSchema = z.array(
  z.object({
    invoice_id: z.bigint().transform(String),
    amount: MinorSchema,
    date: z.string(),
    mode: PaymentModeSchema,
  }),
);
const DocumentsSchema = z.array(
  z.object({ id: z.bigint().transform(String), year: z.string(), sequence: z.bigint(), document: z.string() }),
);
const DocumentSchema = z.object({
  clientId: z.string(),
  invoiceId: z.string().nullable().default(null),
  orderNumber: z.string(),
  title: z.string().nullable(),
  notes: z.string().nullable(),
  currency: z.string(),
  buyer: z.object({ name: z.string() }),
  lines: z.array(z.object({ gross: MinorSchema })),
});
const EmailsSchema = z.array(z.object({ document_id: z.string(), recipient: z.string() }));

const sandboxKit: EmbeddedKit = {
  type: sandbox.type,
  variant: null,
  reached: 'embedded',
  open: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-kit-'));
    const file = join(dataDir, 'sandbox-books.db');
    const io = ioWith(async () => {
      throw new Error('the sandbox has no network');
    }, dataDir);
    const rows = (table: 'clients' | 'invoices' | 'credit_notes' | 'payments' | 'emails'): unknown => {
      const books = new Database(file, { readonly: true });
      try {
        return books.prepare(`SELECT * FROM ${table} ORDER BY id`).safeIntegers().all();
      } finally {
        books.close();
      }
    };
    const payments = () =>
      PaymentsSchema.parse(rows('payments')).map(({ invoice_id, ...payment }) => ({
        ...payment,
        invoiceId: invoice_id,
      }));
    const documentsOf = (table: 'invoices' | 'credit_notes'): SeenDocument[] =>
      DocumentsSchema.parse(rows(table)).map(({ id, year, sequence, document }) => {
        const { clientId, invoiceId, orderNumber, title, notes, currency, buyer, lines } = DocumentSchema.parse(
          JSON.parse(document),
        );
        const [series, prefix] = table === 'invoices' ? ['SB', ''] : ['SBA', 'cn'];
        return {
          id: `${prefix}${id}`,
          number: `${series}-${year}-${String(sequence).padStart(4, '0')}`,
          currency,
          total: sum(lines.map(({ gross }) => gross)),
          paid: 0n,
          kind: table === 'invoices' ? 'invoice' : 'credit_note',
          state: 'final',
          credits: invoiceId,
          clientId,
          buyerName: buyer.name,
          texts: [orderNumber, title, notes].join('\n'),
        };
      });
    let seeds = 0;
    return {
      account: sandbox.connect(sandbox.settings.parse({}), 'books'),
      io,
      addClient: ({ name, email, taxNumber, externalId, kind = 'person' }) => {
        seeds += 1;
        const client = ledgerAt(file).createClient({
          ...{
            marker: `seed ${seeds}`,
            name,
            kind,
            phone: '',
            street: '',
            post_code: '',
            city: '',
            country: '',
          },
          ...{ email: email ?? '', tax_number: taxNumber ?? '', external_id: externalId ?? '' },
        });
        if (client === 'exists') throw new Error('every seed has a marker of its own');
        return client.id;
      },
      changeClient: (id, { name, email, taxNumber, externalId }) => {
        ledgerAt(file).updateClient(id, (fields) => ({
          ...fields,
          ...(name === undefined ? {} : { name }),
          ...(email === undefined ? {} : { email: email ?? '' }),
          ...(taxNumber === undefined ? {} : { tax_number: taxNumber ?? '' }),
          ...(externalId === undefined ? {} : { external_id: externalId ?? '' }),
        }));
      },
      archiveClient: () => undefined,
      deleteClient: () => undefined,
      clients: () =>
        ClientsSchema.parse(rows('clients')).map(({ id, name, kind, email, tax_number, external_id }) => ({
          ...{ id, name, kind, email: email || null },
          ...{ taxNumber: tax_number || null, externalId: external_id || null },
        })),
      documents: () => [
        ...documentsOf('invoices').map((invoice) => ({
          ...invoice,
          paid: sum(payments().flatMap(({ invoiceId, amount }) => (invoiceId === invoice.id ? [amount] : []))),
        })),
        ...documentsOf('credit_notes'),
      ],
      payments,
      sendings: () =>
        EmailsSchema.parse(rows('emails')).map(({ document_id, recipient }) => ({
          documentId: document_id,
          to: recipient,
        })),
      close: async () => {
        closeLedgers();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

export const sandboxKits: readonly EmbeddedKit[] = [sandboxKit];
