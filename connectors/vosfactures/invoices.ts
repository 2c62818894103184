// Invoices at VosFactures. They are numbered the moment they are made; `oid` with `oid_unique` keeps a second one out.
import { z } from 'zod';
import {
  type DocumentSettings,
  invoiceRequest,
  oidOf,
  readInvoiceRequest,
} from '../../mappings/from-document/vosfactures.ts';
import type { Effect, InvoiceIntent, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { everyRow, type Row, readInvoice, rejection, unreadableRow } from './wire.ts';

/** Makes an invoice. Done is proved by an id and the very `oid` that was sent: an id alone could be anybody's. */
export const invoiceEffect = (settings: DocumentSettings): Effect<InvoiceIntent, Issued> => ({
  compose: (intent, context) => invoiceRequest(intent, context, settings),
  send: async (request, io) => {
    const oid = readInvoiceRequest(request)?.oid;
    return readOutcome(await io.http({ method: 'POST', path: '/invoices.json', body: request }), {
      value: (json) => {
        const issued = readInvoice(json);
        return issued !== null && issued.marker === oid ? issued : null;
      },
      rejection,
    });
  },
  find: (intent, _request, io) => findByOid(oidOf(intent.draft.key), io),
  secondIsHarmless: true,
});

/** Without `period=all` the list goes back twelve months only. What it filters by is checked here again. */
async function findByOid(oid: string, io: ProviderIo): Promise<Lookup<Issued>> {
  const rows = await everyRow(io, '/invoices.json', { oid, period: 'all' });
  if (rows.kind === 'failed') return rows;
  const found = new Map<string, Issued>();
  for (const row of rows.items.filter((one) => one.oid === oid && isInvoice(one))) {
    const issued = readInvoice(row);
    if (issued === null) return unreadableRow('document');
    found.set(issued.providerId, issued);
  }
  return { kind: 'found', items: [...found.values()] };
}

/**
 * A copy that a person made of our invoice (a credit note, a pro forma) may carry its `oid`; it is not the one looked for.
 * A cancelled invoice is: it comes back as `other`, so that nobody takes it for missing and issues it again.
 */
const isInvoice = (row: Row): boolean => row.kind === 'vat' || row.kind === 'canceled' || row.cancelled === true;

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
  const answer = await io.http({
    method: 'GET',
    path: documentPath(providerId, 'pdf'),
    headers: { accept: 'application/pdf' },
  });
  if (answer.kind !== 'answer') return err(answer.problem);
  if (answer.status === 200 && Buffer.from(answer.body.subarray(0, 5)).toString('latin1') === '%PDF-') {
    return ok(answer.body);
  }
  return err(noPdf(answer.status));
};

const noPdf = (status: number): Problem =>
  status === 401 || status === 403
    ? problem('credentials_refused', `VosFactures does not accept the API token for the PDF (${status})`)
    : problem('pdf_not_ready', `VosFactures answered ${status} without a PDF: it may not be ready yet, try again soon`);

export const documentPath = (providerId: string, form: 'json' | 'pdf'): string =>
  `/invoices/${encodeURIComponent(providerId)}.${form}`;
