// Facturation.pro (formerly MonAE and MaTPE): what it can do, and where each part is done.
import { CURRENCIES } from '../../mappings/tables/facturation-pro.ts';
import type { InvoicingProvider } from '../../src/connector.ts';
import { accountIdOf } from '../account-id.ts';
import { checkAccount, toldBudget } from './account.ts';
import { clientEffect, findClients, updateClient } from './clients.ts';
import { creditNoteEffect } from './credit-notes.ts';
import { directoryOf } from './directory.ts';
import { emailEffect } from './emails.ts';
import { invoiceEffect, readIssued, readPdf } from './invoices.ts';
import { paymentEffect } from './payments.ts';
import { type Settings, SettingsSchema } from './settings.ts';

export const facturationPro = {
  role: 'provider',
  type: 'facturation-pro',
  label: 'Facturation.pro',
  settings: SettingsSchema,
  endpoint: ({ baseUrl, apiId, apiKey, userAgent }) => ({
    baseUrl,
    headers: {
      authorization: `Basic ${Buffer.from(`${apiId}:${apiKey}`).toString('base64')}`,
      'user-agent': userAgent,
    },
  }),
  connect: (settings) => ({
    accountId: accountId(settings),
    budgetId: credentialId(settings),
    capabilities: {
      keys: ['external_id', 'tax_number', 'email'],
      searches: ['external_id', 'email'],
      drafts: true,
      paidAtCreation: false,
      payments: 'parts',
      creditNotes: 'whole',
      email: true,
      publicLink: true,
      currencies: CURRENCIES,
      taxRates: null,
    },
    exampleClientId: '1',
    pace: { requests: 600, perMs: 300_000, perDay: 10_000, concurrency: 2 },
    budget: toldBudget,
    check: checkAccount(settings.firmId),
    findClients: findClients(settings),
    directory: directoryOf(settings.firmId),
    client: clientEffect(settings),
    updateClient: updateClient(settings),
    invoice: invoiceEffect(settings),
    predictTotal: () => null,
    payment: paymentEffect(settings),
    creditNote: creditNoteEffect(settings.firmId),
    email: emailEffect(settings.firmId),
    read: (providerId, io) => readIssued(io, settings.firmId, providerId),
    pdf: readPdf(settings.firmId),
  }),
} satisfies InvoicingProvider<Settings>;

/** The firm's clients are its own; all firms of a key share its limits. */
const accountId = (settings: Settings): string => `${credentialId(settings)}:${settings.firmId}`;

const credentialId = ({ baseUrl, apiId, apiKey }: Settings): string =>
  accountIdOf('facturation-pro', baseUrl, `${apiId}:${apiKey}`);
