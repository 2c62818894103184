// Abby: what it can do, and where each part is done.
import { CURRENCIES, VAT_CODES } from '../../mappings/tables/abby-codes.ts';
import type { InvoicingProvider } from '../../src/connector.ts';
import { accountIdOf } from '../account-id.ts';
import { checkAccount } from './check.ts';
import { clientEffect, updateClient } from './clients.ts';
import { creditNoteEffect } from './credit-notes.ts';
import { directory, findClients } from './directory.ts';
import { readById, readPdf } from './document.ts';
import { emailEffect } from './emails.ts';
import { invoiceEffect } from './invoices.ts';
import { paymentEffect } from './payments.ts';
import { type Settings, SettingsSchema } from './settings.ts';

export const abby = {
  role: 'provider',
  type: 'abby',
  label: 'Abby',
  settings: SettingsSchema,
  endpoint: ({ baseUrl, apiKey }) => ({ baseUrl, headers: { authorization: `Bearer ${apiKey}` } }),
  connect: (settings) => ({
    accountId: accountIdOf('abby', settings.baseUrl, settings.apiKey),
    capabilities: {
      keys: ['tax_number', 'email'],
      searches: [],
      drafts: true,
      paidAtCreation: false,
      payments: settings.markPaid ? 'whole' : 'none',
      creditNotes: 'parts',
      email: true,
      publicLink: false,
      currencies: CURRENCIES,
      taxRates: ['0', ...Object.keys(VAT_CODES)],
    },
    exampleClientId: 'contact:00000000-0000-4000-8000-000000000001',
    // Abby answers 429 with Retry-After and publishes no figure: this one is our own caution.
    pace: { requests: 120, perMs: 60_000, perDay: null, concurrency: 2 },
    check: checkAccount(settings),
    findClients,
    directory,
    client: clientEffect,
    updateClient,
    invoice: invoiceEffect(settings),
    // The draft shows what Abby computes.
    predictTotal: () => null,
    payment: settings.markPaid ? paymentEffect(settings) : null,
    creditNote: creditNoteEffect(settings),
    email: emailEffect(settings),
    read: readById,
    pdf: readPdf,
  }),
} satisfies InvoicingProvider<Settings>;
