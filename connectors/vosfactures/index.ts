// VosFactures (the engine of Fakturownia, InvoiceOcean and BitFactura): what it can do, and where each part is done.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readInvoiceRequest } from '../../mappings/from-document/vosfactures.ts';
import type { AccountInfo, InvoicingProvider, ProviderAccount } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { clientEffect, findClients, updateClient } from './clients.ts';
import { invoiceEffect, readDocument, readPdf } from './invoices.ts';
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
    accountId: accountId(settings),
    capabilities: {
      searches: ['external_id', 'tax_number', 'email'],
      drafts: false,
      paidAtCreation: true,
      payments: true,
      creditNotes: false,
      email: false,
    },
    // Its own limits are not published; these are Fakturownia's, per address.
    pace: { requests: 1000, perMs: 60_000, perDay: null, concurrency: 2 },
    check: checkAccount(settings),
    findClients,
    client: clientEffect,
    updateClient,
    invoice: invoiceEffect(settings),
    predictTotal: (request) => readInvoiceRequest(request)?.total ?? null,
    payment: paymentEffect(settings),
    creditNote: null,
    read: readDocument,
    pdf: readPdf,
  }),
} satisfies InvoicingProvider<Settings>;

const hostOf = (settings: Settings): string => new URL(settings.baseUrl).host;

function accountId(settings: Settings): string {
  const credential = createHash('sha256').update(settings.token).digest('hex').slice(0, 12);
  return `vosfactures:${hostOf(settings)}:${credential}`;
}

const DepartmentsSchema = z.array(z.object({ id: IdSchema, name: z.string().nullish(), main: z.boolean().nullish() }));
type Department = z.infer<typeof DepartmentsSchema>[number];

/** Proves the token by listing the departments, and that the configured one is among them. */
const checkAccount =
  (settings: Settings): ProviderAccount['check'] =>
  async (io) => {
    const answer = await io.http({ method: 'GET', path: '/departments.json', query: { per_page: '100' } });
    const departments = readOutcome<Department[]>(answer, {
      value: (json: Json) => DepartmentsSchema.safeParse(json).data ?? null,
      rejection,
    });
    return departments.kind === 'done' ? describe(departments.value, settings) : departments;
  };

function describe(departments: Department[], settings: Settings): Outcome<AccountInfo> {
  const { departmentId } = settings;
  const used = departments.find((one) => (departmentId === null ? one.main === true : one.id === departmentId));
  if (used === undefined && departmentId !== null) {
    const known = departments.map((one) => `${one.id} (${one.name ?? ''})`).join(', ') || 'none';
    const detail = `department_id ${departmentId} is not a department of this account; it has: ${known}`;
    return { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem('unknown_department', detail) };
  }
  const seller = used === undefined ? 'the main department' : `department ${used.id}, ${used.name ?? 'without a name'}`;
  return {
    kind: 'done',
    value: {
      name: `${hostOf(settings)} (${seller})`,
      can: ['invoices, numbered at once', 'clients', 'payments, also partial', 'PDF and public link'],
      cannot: ['drafts', 'credit notes in this version', 'sending by e-mail in this version'],
    },
  };
}
