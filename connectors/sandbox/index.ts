// The embedded provider: an invoicing account without a server, for a first run, for tests and for trying a configuration.
// It keeps its own books and answers as a real provider does: committed first, told after.
import { join } from 'node:path';
import { z } from 'zod';
import { documentTotal, InvoiceRequestSchema, readRequest, type Seller } from '../../mappings/from-document/sandbox.ts';
import type { InvoicingProvider, ProviderAccount } from '../../src/connector.ts';
import { type Books, changeBooks } from './books.ts';
import { clientEffect, findClients, updateClient } from './clients.ts';
import { creditNoteEffect, emailEffect, invoiceEffect, paymentEffect, readDocument, readPdf } from './documents.ts';
import { ledgerAt } from './ledger.ts';

const SettingsSchema = z.strictObject({
  seller: z
    .strictObject({
      name: z.string().min(1).default('Sandbox Seller').describe('Stands at the head of every invoice'),
      address: z.array(z.string()).default([]).describe('Lines of the postal address'),
      vat_number: z.string().optional().describe('VAT number of the seller'),
    })
    .prefault({}),
});
type Settings = z.infer<typeof SettingsSchema>;

export const sandbox = {
  role: 'provider',
  type: 'sandbox',
  label: 'Sandbox',
  settings: SettingsSchema,
  endpoint: () => null,
  connect: ({ seller: { name: sellerName, address, vat_number: vatNumber } }, name) =>
    account(name, { name: sellerName, address, vatNumber: vatNumber ?? null }),
} satisfies InvoicingProvider<Settings>;

function account(name: string, seller: Seller): ProviderAccount {
  const books: Books = (io) => ledgerAt(join(io.dataDir, `sandbox-${fileNamePart(name)}.db`));
  return {
    accountId: `sandbox:${name}`,
    capabilities: {
      keys: ['external_id', 'tax_number', 'email'],
      searches: ['external_id', 'tax_number', 'email'],
      drafts: false,
      paidAtCreation: true,
      payments: 'parts',
      creditNotes: 'parts',
      email: true,
      publicLink: false,
      currencies: null,
      taxRates: null,
    },
    exampleClientId: '1',
    pace: null,
    check: async (io) =>
      changeBooks(books, io, () => ({
        kind: 'done',
        value: {
          name: `Sandbox (${name})`,
          can: [
            'invoices, numbered at once',
            'credit notes, whole and in part',
            'clients',
            'payments, also in part',
            'e-mails, kept in an outbox and sent to nobody',
            'PDF',
          ],
          cannot: ['legal invoices: it is for trying out', 'drafts', 'public links'],
          limits: [],
          warnings: ['nothing made here is a legal document, and no e-mail leaves this machine'],
        },
      })),
    findClients: findClients(books),
    directory: null,
    client: clientEffect(books),
    updateClient: updateClient(books),
    invoice: invoiceEffect(books, seller),
    predictTotal: (request) => {
      const invoice = readRequest(InvoiceRequestSchema, request);
      return invoice === null ? null : documentTotal(invoice);
    },
    payment: paymentEffect(books),
    creditNote: creditNoteEffect(books, seller),
    email: emailEffect(books),
    read: readDocument(books),
    pdf: readPdf(books),
  };
}

/** The name as part of a file name: harmless, and different for different names even where case is ignored. */
const fileNamePart = (name: string): string =>
  name.replace(/[^a-z0-9_-]/g, (char) => `~${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
