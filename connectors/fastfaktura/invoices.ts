// Invoices at FastFaktura: made as drafts that nothing can change or delete, and final once they are sent. Nothing keeps a
// second one out, so that one whose outcome is unknown is looked for and never made again by itself.
import { z } from 'zod';
import { type DocumentSettings, invoiceRequest, readInvoiceRequest } from '../../mappings/from-document/fastfaktura.ts';
import { tokenOf } from '../../mappings/from-document/fastfaktura-marker.ts';
import type { DocumentEffect, Drafting, InvoiceIntent, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome, readPdf as readPdfOf } from '../../src/provider-answer.ts';
import { aboutInvoice, invoicePath, issuedOf, lookUp, readById, readInvoice, type Shown } from './document.ts';
import type { LinkChannel } from './settings.ts';
import { everyRow, invoiceRejection, type Row, unreadableRow } from './wire.ts';

type InvoiceSettings = DocumentSettings & { linkChannel: LinkChannel };

export function invoiceEffect(settings: InvoiceSettings): DocumentEffect<InvoiceIntent> & { drafting: Drafting } {
  // Which of the two names the account knows is learned from its answers, once for each run of the program.
  return invoiceEffectBy(settings, { known: settings.linkChannel });
}

type Channel = { known: LinkChannel };

const invoiceEffectBy = (
  settings: InvoiceSettings,
  channel: Channel,
): DocumentEffect<InvoiceIntent> & { drafting: Drafting } => ({
  compose: (intent, context) => invoiceRequest(intent, context, settings),
  send: async (request, io) => {
    const sent = readInvoiceRequest(request);
    if (sent === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no invoice of ours') };
    const { clientId, currency, marker } = sent;
    return readOutcome<Issued>(await io.http({ method: 'POST', path: '/invoices', body: request }), {
      value: (json) => {
        const shown = readInvoice(json);
        if (shown?.clientId !== clientId || shown.currency !== currency) return null;
        // An answer that shows these is about what was sent, whether it repeats the notes or not.
        return shown.marker === undefined || shown.marker === marker ? issuedOf(shown, marker) : null;
      },
      rejection: invoiceRejection,
    });
  },
  find: ({ draft, client }, _request, io) => findByToken(io, tokenOf(draft.key), client.id, draft.currency),
  secondIsHarmless: false,
  drafting: {
    // No call changes an invoice: what the draft comes to is compared with the order, and it is finalised or held.
    fill: (draft) => Promise.resolve({ kind: 'done', value: draft }),
    finalize: (draft, _request, io) => finalize(io, draft, channel),
    discard: null,
  },
});

/** A row of the list as far as it narrows the search; what it leaves out excludes nothing. */
const ListedSchema = z.object({
  id: z.string(),
  client_id: z.string().optional().catch(undefined),
  currency: z.string().optional().catch(undefined),
});

/**
 * Invoices whose notes bear the token. There is no search: all of them are listed, and those of this client in this
 * currency are read where the list leaves the notes out. Their totals say nothing: a draft of ours may have come to another.
 */
async function findByToken(io: ProviderIo, token: string, clientId: string, currency: string): Promise<Lookup<Issued>> {
  const rows = await everyRow(io, 'invoices', {});
  if (rows.kind === 'failed') return rows;
  const candidates: Shown[] = [];
  for (const row of rows.items) {
    const listed = ListedSchema.parse(row);
    if ((listed.client_id ?? clientId) !== clientId || (listed.currency ?? currency) !== currency) continue;
    const read = await withNotes(io, listed.id, row);
    if (read.kind === 'failed') return read;
    candidates.push(...read.items);
  }
  // One that shows none has none, if others show theirs; where nobody does, any of them could be ours.
  const untold = candidates.length > 0 && candidates.every(({ marker }) => marker === undefined);
  if (untold) return { ...unreadableRow('document without its notes'), blind: true };
  return { kind: 'found', items: candidates.filter(({ marker }) => marker === token).map((shown) => issuedOf(shown)) };
}

/** The listed invoice, read by its id where the list does not show its notes. */
async function withNotes(io: ProviderIo, id: string, row: Row): Promise<Lookup<Shown>> {
  const listed = readInvoice(row);
  const told = listed !== null && listed.marker !== undefined;
  return told ? { kind: 'found', items: [listed] } : lookUp(io, id);
}

/** The document as it stands now; none for an id that FastFaktura does not know. */
export const readIssued: ProviderAccount['read'] = async (providerId, io) => {
  const read = await lookUp(io, providerId);
  return read.kind === 'failed' ? read : { kind: 'found', items: read.items.map((shown) => issuedOf(shown)) };
};

/**
 * Makes it final by sending it through the channel that tells nobody, under its other name where the account refuses the
 * first. A refusal counts only while the document is a draft.
 */
async function finalize(io: ProviderIo, draft: Issued, channel: Channel): Promise<Outcome<Issued>> {
  if (draft.state === 'final') return { kind: 'done', value: draft };
  // Another invoice may learn the name while this one is on its way.
  const { known } = channel;
  const outcome = await sendBy(io, draft, known);
  if (!isRefused(outcome)) return outcome;
  const other = known === 'link' ? 'lien' : 'link';
  const again = await sendBy(io, draft, other);
  if (again.kind === 'done') channel.known = other;
  if (!isRefused(again)) return again;
  const standing = await readById(io, draft.providerId);
  const isFinal = standing.kind === 'done' && standing.value.state === 'final';
  return isFinal ? { kind: 'done', value: issuedOf(standing.value, draft.marker) } : outcome;
}

const isRefused = (outcome: Outcome<Issued>): boolean =>
  outcome.kind === 'rejected' && outcome.rejection.kind === 'refused';

/**
 * Proved by an answer that shows the invoice final, with its number; after any other answer of success the invoice is read.
 * One that both show as a draft is told as a draft: the channel does not finalise in this account.
 */
async function sendBy(io: ProviderIo, draft: Issued, channel: LinkChannel): Promise<Outcome<Issued>> {
  const { providerId, marker } = draft;
  const body = JSON.stringify({ channels: [channel] });
  const answer = await io.http({ method: 'POST', path: invoicePath(providerId, '/send'), body });
  const told = readOutcome(answer, aboutInvoice(providerId));
  const accepted = answer.kind === 'answer' && answer.status >= 200 && answer.status < 300;
  if (told.kind !== 'done' && !(told.kind === 'unknown' && accepted)) return told;
  if (told.kind === 'done' && isNumbered(told.value)) return { kind: 'done', value: issuedOf(told.value, marker) };
  const standing = await readById(io, providerId);
  if (standing.kind === 'done' && (told.kind === 'done' || isNumbered(standing.value))) {
    return { kind: 'done', value: issuedOf(standing.value, marker) };
  }
  if (told.kind === 'unknown') return told;
  return {
    kind: 'unknown',
    problem: problem('unclear_answer', 'FastFaktura did not show whether the invoice is final'),
  };
}

const isNumbered = ({ state, number }: Shown): boolean => state === 'final' && number !== '';

export const readPdf: ProviderAccount['pdf'] = async (providerId, io) => {
  const path = invoicePath(providerId, '/pdf');
  return readPdfOf(await io.http({ method: 'GET', path, headers: { accept: 'application/pdf' } }), 'FastFaktura');
};
