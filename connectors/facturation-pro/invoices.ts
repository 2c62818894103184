// Invoices at Facturation.pro: made as drafts, which cost no number, then made final by id. Nothing there keeps a second
// draft out; one that is too many is deleted.
import { z } from 'zod';
import {
  type DocumentSettings,
  type InvoiceRequest,
  invoiceRequest,
  readInvoiceRequest,
} from '../../mappings/from-document/facturation-pro.ts';
import { type Marks, marksOf } from '../../mappings/from-document/facturation-pro-marker.ts';
import type { DocumentEffect, Drafting, InvoiceIntent, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import { type Json, toJson } from '../../src/domain/json.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readLookup, readOutcome, readPdf as readPdfOf } from '../../src/provider-answer.ts';
import { aboutDocument, documentPath, issuedOf, readById, readDocument, type Shown } from './document.ts';
import { everyRow, firmPath, IdSchema, isDeleted, patch, rejectionWhere, unreadableRow } from './wire.ts';

/** The total of a draft whose answer told none. `fill` reads it then, before anything is compared. */
const UNTOLD = 0n;

export const invoiceEffect = (
  settings: DocumentSettings & { firmId: string },
): DocumentEffect<InvoiceIntent> & { drafting: Drafting } => ({
  compose: (intent, context) => invoiceRequest(intent, context, settings),
  send: async (request, io) => {
    const sent = readInvoiceRequest(request);
    if (sent === null) return NO_REQUEST;
    const answer = await io.http({
      method: 'POST',
      path: firmPath(settings.firmId, '/invoices.json'),
      // In the body it would have no effect, and the invoice its number at once.
      query: { type_doc: 'draft' },
      body: toJson(sent.body),
    });
    return readOutcome<Issued>(answer, {
      value: (json) => {
        const shown = readDocument(json);
        if (shown === null || shown.marker !== sent.body.api_custom) return null;
        return shown.state === 'draft' ? { ...shown, total: shown.total ?? UNTOLD } : issuedOf(shown);
      },
      rejection: rejectionWhere('stale_client'),
    });
  },
  find: (intent, _request, io) => findByMarks(io, settings.firmId, marksOf(intent.draft.key), isInvoice),
  secondIsHarmless: true,
  drafting: {
    fill: (draft, request, composedAnew, io) =>
      fill(io, settings.firmId, draft, readInvoiceRequest(request), composedAnew),
    finalize: (draft, request, io) => finalize(io, settings.firmId, draft, readInvoiceRequest(request)),
    discard: (draft, io) => discard(io, settings.firmId, draft),
  },
});

/** A credit note or a copy that a person made of an invoice may have inherited its marks: it is not the one looked for. */
const isInvoice = ({ kind }: Shown): boolean => kind === 'invoice';

/**
 * Documents that bear the marks exactly, drafts too: a list may show these only when asked for them. What is marked for
 * deletion does not count.
 */
export async function findByMarks(
  io: ProviderIo,
  firmId: string,
  { api_id, api_custom }: Marks,
  accepts: (shown: Shown, row: object) => boolean,
): Promise<Lookup<Issued>> {
  const found = new Map<string, Issued>();
  for (const narrowed of [{}, { bill_type: 'draft' }]) {
    const rows = await everyRow(io, firmPath(firmId, '/invoices.json'), { api_id, ...narrowed });
    if (rows.kind === 'failed') return rows;
    for (const row of rows.items.filter((one) => one.api_custom === api_custom && !isDeleted(one))) {
      const shown = readDocument(row);
      if (shown === null) return unreadableRow('document');
      if (!accepts(shown, row) || found.has(shown.providerId)) continue;
      const whole = await wholeOf(io, firmId, shown);
      if (whole.kind === 'failed') return whole;
      for (const issued of whole.items) found.set(issued.providerId, issued);
    }
  }
  return { kind: 'found', items: [...found.values()] };
}

/** A listed document with its total, read by its id where the list leaves that out. */
async function wholeOf(io: ProviderIo, firmId: string, shown: Shown): Promise<Lookup<Issued>> {
  const issued = issuedOf(shown);
  return issued === null ? readIssued(io, firmId, shown.providerId) : { kind: 'found', items: [issued] };
}

/** The document as it stands now; none for an id that Facturation.pro does not know or has marked for deletion. */
export const readIssued = async (io: ProviderIo, firmId: string, id: string): Promise<Lookup<Issued>> => {
  const answer = await io.http({ method: 'GET', path: documentPath(firmId, id) });
  if (answer.kind === 'answer' && answer.status === 404) return { kind: 'found', items: [] };
  return readLookup(answer, {
    items: (json) => {
      if (isDeleted(json)) return [];
      const issued = issuedOf(readDocument(json));
      return issued?.providerId === id ? [issued] : null;
    },
    rejection: rejectionWhere('refused'),
  });
};

const NO_REQUEST: Outcome<never> = {
  kind: 'not_sent',
  problem: problem('unusable_request', 'the stored request is none of ours'),
};

/**
 * Called about only where something is missing: a total that the creation did not tell, a request that is not the draft's,
 * or a total that is not the order's, because Facturation.pro rounds in another way than the lines were written for.
 */
async function fill(
  io: ProviderIo,
  firmId: string,
  draft: Issued,
  request: InvoiceRequest | null,
  composedAnew: boolean,
): Promise<Outcome<Issued>> {
  if (request === null) return NO_REQUEST;
  let filled: Outcome<Issued> = { kind: 'done', value: draft };
  if (composedAnew) filled = await rewrite(io, firmId, draft, request.body);
  else if (draft.total === UNTOLD) filled = await readById(io, firmId, draft.providerId, readIssuedDocument);
  for (const items of request.otherwise) {
    if (filled.kind !== 'done' || filled.value.state === 'final' || filled.value.total === request.total) break;
    filled = await rewrite(io, firmId, draft, { ...request.body, items });
  }
  return filled;
}

const readIssuedDocument = (json: Json): Issued | null => issuedOf(readDocument(json));

const StandingSchema = z.object({ items: z.array(z.object({ id: IdSchema })) });

/**
 * Makes the draft say what the body says; a final invoice stays as it is. Lines are changed in place and those left over
 * removed, each by its id: what is told without one would be added, and nothing certain is told of lines left out.
 */
async function rewrite(
  io: ProviderIo,
  firmId: string,
  draft: Issued,
  body: InvoiceRequest['body'],
): Promise<Outcome<Issued>> {
  const standing = await readById(io, firmId, draft.providerId, (json) => {
    const items = StandingSchema.safeParse(json).data?.items;
    const issued = readIssuedDocument(json);
    return items === undefined || issued === null ? null : { issued, ids: items.map(({ id }) => id) };
  });
  if (standing.kind !== 'done') return standing;
  const { issued, ids } = standing.value;
  if (issued.marker !== body.api_custom) return notOurs(draft, 'changed');
  if (issued.state === 'final') return { kind: 'done', value: issued };
  const kept = body.items.map((item, index) => (ids[index] === undefined ? item : { ...item, id: ids[index] }));
  const removed = ids.slice(body.items.length).map((id) => ({ id, _destroy: '1' }));
  const path = documentPath(firmId, draft.providerId);
  const change = toJson({ ...body, items: [...kept, ...removed] });
  const isOurs = ({ marker }: Issued): boolean => marker === body.api_custom;
  return patch(io, { path, body: change }, aboutDocument(draft.providerId, isOurs));
}

/**
 * Gives the draft its number, for good. The body repeats the term of payment, because a request for a change changes
 * something, and this may be said to a final invoice as well. A refusal counts only while the document is no final one.
 */
async function finalize(
  io: ProviderIo,
  firmId: string,
  draft: Issued,
  request: InvoiceRequest | null,
): Promise<Outcome<Issued>> {
  if (request === null) return NO_REQUEST;
  const { term_on, pay_before, api_custom } = request.body;
  const path = documentPath(firmId, draft.providerId);
  const body = toJson({ term_on, pay_before });
  const reader = aboutDocument(
    draft.providerId,
    ({ state, number, marker }) => state === 'final' && number !== '' && marker === api_custom,
  );
  const outcome = await patch(io, { path, query: { type_doc: 'final' }, body }, reader);
  if (outcome.kind !== 'rejected' || outcome.rejection.kind !== 'refused') return outcome;
  const standing = await readById(io, firmId, draft.providerId, reader.value);
  return standing.kind === 'done' ? standing : outcome;
}

/**
 * Read first, so that nothing is deleted that does not bear the draft's own marker. Facturation.pro refuses for an invoice
 * that was made final meanwhile.
 */
async function discard(io: ProviderIo, firmId: string, draft: Issued): Promise<Outcome<null>> {
  const standing = await readById(io, firmId, draft.providerId, readDocument);
  if (standing.kind === 'rejected' && standing.rejection.kind === 'gone') return { kind: 'done', value: null };
  if (standing.kind !== 'done') return standing;
  const { state, marker } = standing.value;
  if (state !== 'draft' || marker === null || marker !== draft.marker) return notOurs(draft, 'deleted');
  const answer = await io.http({ method: 'DELETE', path: documentPath(firmId, draft.providerId) });
  if (answer.kind === 'answer' && answer.status === 200) return { kind: 'done', value: null };
  const refused = readOutcome<null>(answer, { value: () => null, rejection: rejectionWhere('gone') });
  return refused.kind === 'rejected' && refused.rejection.kind === 'gone' ? { kind: 'done', value: null } : refused;
}

function notOurs({ providerId }: Issued, verb: string): Outcome<never> {
  const told = problem('refused', `document ${providerId} is no draft of ours: it is not ${verb}`);
  return { kind: 'rejected', rejection: { kind: 'refused' }, problem: told };
}

/** The PDF; of a paid invoice the receipted one. */
export const readPdf =
  (firmId: string): ProviderAccount['pdf'] =>
  async (providerId, io) => {
    const path = documentPath(firmId, providerId, 'pdf');
    const answer = await io.http({ method: 'GET', path, headers: { accept: 'application/pdf' } });
    return readPdfOf(answer, 'Facturation.pro');
  };
