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
import { type EmbeddedKit, ioWith } from '../provider-kit.ts';

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
const InvoicesSchema = z.array(
  z.object({
    id: z.bigint().transform(String),
    client_id: z.bigint().transform(String),
    year: z.string(),
    sequence: z.bigint(),
    document: z.string(),
  }),
);
const DocumentSchema = z.object({
  orderNumber: z.string(),
  currency: z.string(),
  buyer: z.object({ name: z.string() }),
  lines: z.array(z.object({ gross: MinorSchema })),
});

export const sandboxKit: EmbeddedKit = {
  type: sandbox.type,
  reached: 'embedded',
  open: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-kit-'));
    const file = join(dataDir, 'sandbox-books.db');
    const io = ioWith(async () => {
      throw new Error('the sandbox has no network');
    }, dataDir);
    const rows = (table: 'clients' | 'invoices' | 'payments'): unknown => {
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
    let seeds = 0;
    return {
      account: sandbox.connect(sandbox.settings.parse({}), 'books'),
      io,
      addClient: ({ name, email, taxNumber, externalId }) => {
        seeds += 1;
        const client = ledgerAt(file).createClient({
          ...{
            marker: `seed ${seeds}`,
            name,
            kind: 'person',
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
      clients: () =>
        ClientsSchema.parse(rows('clients')).map(({ id, name, kind, email, tax_number, external_id }) => ({
          ...{ id, name, kind, email: email || null },
          ...{ taxNumber: tax_number || null, externalId: external_id || null },
        })),
      documents: () =>
        InvoicesSchema.parse(rows('invoices')).map(({ id, client_id, year, sequence, document }) => {
          const { orderNumber, currency, buyer, lines } = DocumentSchema.parse(JSON.parse(document));
          return {
            id,
            number: `SB-${year}-${String(sequence).padStart(4, '0')}`,
            currency,
            total: sum(lines.map(({ gross }) => gross)),
            paid: sum(payments().flatMap(({ invoiceId, amount }) => (invoiceId === id ? [amount] : []))),
            clientId: client_id,
            buyerName: buyer.name,
            texts: orderNumber,
          };
        }),
      payments,
      close: async () => {
        closeLedgers();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};
