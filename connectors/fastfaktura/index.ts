// FastFaktura: what it can do, and where each part is done.
import { KEYS } from '../../mappings/from-document/fastfaktura-client.ts';
import { CURRENCIES } from '../../mappings/tables/fastfaktura.ts';
import type { InvoicingProvider } from '../../src/connector.ts';
import { accountIdOf } from '../account-id.ts';
import { checkAccount } from './account.ts';
import { clientEffect, directory, findClients, updateClient } from './clients.ts';
import { emailEffect } from './emails.ts';
import { invoiceEffect, readIssued, readPdf } from './invoices.ts';
import { type Settings, SettingsSchema } from './settings.ts';

export const fastfaktura = {
  role: 'provider',
  type: 'fastfaktura',
  label: 'FastFaktura',
  settings: SettingsSchema,
  endpoint: ({ baseUrl, apiKey }) => ({ baseUrl, headers: { 'x-api-key': apiKey } }),
  connect: (settings) => ({
    accountId: accountIdOf('fastfaktura', settings.baseUrl, settings.apiKey),
    capabilities: {
      keys: KEYS,
      searches: ['email'],
      drafts: true,
      paidAtCreation: false,
      payments: 'none',
      creditNotes: 'none',
      email: true,
      publicLink: true,
      currencies: CURRENCIES,
      taxRates: null,
    },
    exampleClientId: '00000000-0000-4000-8000-000000000001',
    // It publishes no limit.
    pace: { requests: 120, perMs: 60_000, perDay: null, concurrency: 2 },
    check: checkAccount(settings),
    findClients,
    directory,
    client: clientEffect(settings.language),
    updateClient: updateClient(settings.language),
    invoice: invoiceEffect(settings),
    predictTotal: () => null,
    payment: null,
    creditNote: null,
    email: emailEffect,
    read: readIssued,
    pdf: readPdf,
  }),
} satisfies InvoicingProvider<Settings>;
