// Invoices and credit notes at VosFactures. They are numbered the moment they are made; `oid` with `oid_unique` keeps a
// second one out.
import { z } from 'zod';
import { invoiceRequest, readInvoiceRequest } from '../../mappings/from-document/vosfactures.ts';
import { creditNoteRequest } from '../../mappings/from-document/vosfactures-credit-note.ts';
import { type DocumentSettings, INVOICE_KINDS, oidOf } from '../../mappings/from-document/vosfactures-document.ts';
import type {
  CreditNoteIntent,
  DocumentEffect,
  InvoiceIntent,
  ProviderAccount,
  ProviderIo,
} from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { readLookup, readOutcome, readPdf as readPdfOf } from '../../src/provider-answer.ts';
import { everyRow, type Row, readInvoice, rejection, unreadableRow } from './wire.ts';

export const invoiceEffect = (settings: DocumentSettings): DocumentEffect<InvoiceIntent> => ({
  compose: (intent, context) => invoiceRequest(intent, context, settings),
  send: (request, io) => create(request, 'invoice', io),
  find: ({ draft }, _request, io) => findByOid(oidOf(draft.key), INVOICE_KINDS, io),
  secondIsHarmless: true,
  drafting: null,
});

export const creditNoteEffect = (settings: DocumentSettings): DocumentEffect<CreditNoteIntent> => ({
  compose: (intent, context) => creditNoteRequest(intent, context, settings),
  send: (request, io) => create(request, 'credit_note', io),
  find: ({ draft }, _request, io) => findByOid(oidOf(draft.key), ['correction'], io),
  secondIsHarmless: true,
  drafting: null,
});

/** Done is proved by an id, the very `oid` that was sent and the sort of document: an id alone could be anybody's. */
async function create(request: string, kind: Issued['kind'], io: ProviderIo): Promise<Outcome<Issued>> {
  const oid = readInvoiceRequest(request)?.oid;
  return readOutcome(await io.http({ method: 'POST', path: '/invoices.json', body: request }), {
    value: (json) => {
      const issued = readInvoice(json);
      return issued !== null && issued.marker === oid && issued.kind === kind ? issued : null;
    },
    rejection,
  });
}

/**
 * Without `period=all` the list goes back twelve months only. What it filters by is checked here again. A copy of another
 * kind that a person made of our document (a pro forma, a credit note) may carry its `oid`; it is not the one looked for. A
 * cancelled one is: it comes back as `other`, so that nobody takes it for missing and makes it again.
 */
async function findByOid(oid: string, kinds: readonly string[], io: ProviderIo): Promise<Lookup<Issued>> {
  const rows = await everyRow(io, '/invoices.json', { oid, period: 'all' });
  if (rows.kind === 'failed') return rows;
  const isWanted = ({ kind, cancelled }: Row): boolean =>
    kind === 'canceled' || cancelled === true || kinds.some((one) => one === kind);
  const found = new Map<string, Issued>();
  for (const row of rows.items.filter((one) => one.oid === oid && isWanted(one))) {
    const issued = readInvoice(row);
    if (issued === null) return unreadableRow('document');
    found.set(issued.providerId, issued);
  }
  return { kind: 'found', items: [...found.values()] };
}

/** The document as it stands now; none found for an id that VosFactures does not know. */
export const readDocument: ProviderAccount['read'] = async (providerId, io) => {
  const answer = await io.http({ method: 'GET', path: documentPath(providerId, 'json') });
  if (answer.kind === 'answer' && answer.status === 404) return { kind: 'found', items: [] };
  return readLookup(answer, {
    items: (json) => {
      if (MissingSchema.safeParse(json).success) return [];
      const issued = readInvoice(json);
      return issued?.providerId === providerId ? [issued] : null;
    },
    rejection,
  });
};

/** A document that is not there is also answered with an object that says 404 itself. */
const MissingSchema = z.object({ status: z.literal('404') });

/** The PDF. A document of some seconds ago may have none yet: VosFactures then answers 422, a redirect or an HTML page. */
export const readPdf: ProviderAccount['pdf'] = async (providerId, io) => {
  const path = documentPath(providerId, 'pdf');
  return readPdfOf(await io.http({ method: 'GET', path, headers: { accept: 'application/pdf' } }), 'VosFactures');
};

/** The address of a document in one of its forms, or of what can be done with it. */
export const documentPath = (providerId: string, form: 'json' | 'pdf' | 'send_by_email.json'): string =>
  `/invoices/${encodeURIComponent(providerId)}${form === 'send_by_email.json' ? '/' : '.'}${form}`;
