// VosFactures (the engine of Fakturownia, InvoiceOcean and BitFactura): what it can do, and where each part is done.
import { z } from 'zod';
import { readInvoiceRequest } from '../../mappings/from-document/vosfactures.ts';
import type { AccountInfo, InvoicingProvider, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { accountIdOf } from '../account-id.ts';
import { clientEffect, findClients, updateClient } from './clients.ts';
import { emailEffect } from './emails.ts';
import { creditNoteEffect, invoiceEffect, readDocument, readPdf } from './invoices.ts';
import { paymentEffect } from './payments.ts';
import { type Settings, SettingsSchema } from './settings.ts';
import { IdSchema, rejection } from './wire.ts';

export const vosfactures = {
  role: 'provider',
  type: 'vosfactures',
  label: 'VosFactures',
  settings: SettingsSchema,
  endpoint: ({ baseUrl, token }) => ({ baseUrl, headers: { authorization: `Bearer ${token}` } }),
  connect: (settings) => ({
    accountId: accountIdOf('vosfactures', settings.baseUrl, settings.token),
    capabilities: {
      keys: ['external_id', 'tax_number', 'email'],
      searches: ['external_id', 'tax_number', 'email'],
      drafts: false,
      paidAtCreation: true,
      payments: 'parts',
      creditNotes: 'parts',
      email: true,
      publicLink: true,
      currencies: null,
      taxRates: null,
    },
    exampleClientId: '1',
    // Its own limits are not published; these are Fakturownia's, per address.
    pace: { requests: 1000, perMs: 60_000, perDay: null, concurrency: 2 },
    check: checkAccount(settings),
    findClients,
    directory: null,
    client: clientEffect(settings),
    updateClient,
    invoice: invoiceEffect(settings),
    predictTotal: (request) => readInvoiceRequest(request)?.total ?? null,
    payment: paymentEffect(settings),
    creditNote: creditNoteEffect(settings),
    email: emailEffect,
    read: readDocument,
    pdf: readPdf,
  }),
} satisfies InvoicingProvider<Settings>;

const hostOf = (settings: Settings): string => new URL(settings.baseUrl).host;

const NamedSchema = z.object({ id: IdSchema, name: z.string().nullish(), main: z.boolean().nullish() });
type Named = z.infer<typeof NamedSchema>;

/** Proves the token by listing the departments, and that what the settings name by number is there. */
const checkAccount =
  (settings: Settings): ProviderAccount['check'] =>
  async (io) => {
    const departments = await list('/departments.json', io);
    if (departments.kind !== 'done') return departments;
    const { departmentId, categoryId } = settings;
    const department = departments.value.find(({ id, main }) =>
      departmentId === null ? main === true : id === departmentId,
    );
    if (department === undefined && departmentId !== null) {
      return unknown('department', departmentId, departments.value);
    }
    if (categoryId !== null) {
      const categories = await list('/categories.json', io);
      if (categories.kind !== 'done') return categories;
      // VosFactures would take an unknown number for the name of a new category.
      if (!categories.value.some(({ id }) => id === categoryId))
        return unknown('category', categoryId, categories.value);
    }
    return { kind: 'done', value: describe(settings, department) };
  };

const list = async (path: string, io: ProviderIo): Promise<Outcome<Named[]>> =>
  readOutcome(await io.http({ method: 'GET', path, query: { per_page: '100' } }), {
    value: (json) => z.array(NamedSchema).safeParse(json).data ?? null,
    rejection,
  });

function unknown(what: 'department' | 'category', id: string, all: readonly Named[]): Outcome<never> {
  const known = all.map((one) => `${one.id} (${one.name ?? ''})`).join(', ') || 'none';
  const detail = `${what}_id ${id} is no ${what} of this account; it has: ${known}`;
  return { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem(`unknown_${what}`, detail) };
}

function describe(settings: Settings, department: Named | undefined): AccountInfo {
  const seller =
    department === undefined
      ? 'the main department'
      : `department ${department.id}, ${department.name ?? 'without a name'}`;
  return {
    name: `${hostOf(settings)} (${seller})`,
    can: [
      'invoices, numbered at once',
      'credit notes, whole and in part',
      'clients',
      'payments, also in part',
      'sending by e-mail',
      'PDF and public link',
    ],
    cannot: ['drafts', 'currencies with three decimals'],
    limits: ['VosFactures publishes no limits; at most 1000 requests in a minute are made here, two at once'],
    warnings: [
      'every invoice and credit note is final and numbered the moment it is made',
      'the details of the latest order’s buyer are stored at the client as well',
      'a SIREN or SIRET in place of a VAT number is refused unless Paramètres lists these two kinds of number',
    ],
  };
}
