// Credit notes at Facturation.pro: one call takes back a whole invoice, at once and for good. Nothing keeps a second out.
import { creditNoteRequest, readCreditNoteRequest } from '../../mappings/from-document/facturation-pro-follow.ts';
import { marksOf } from '../../mappings/from-document/facturation-pro-marker.ts';
import type { CreditNoteIntent, DocumentEffect } from '../../src/connector.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { issuedOf, readById, readDocument, refundedBy } from './document.ts';
import { findByMarks } from './invoices.ts';
import { firmPath, rejectionWhere } from './wire.ts';

export const creditNoteEffect = (firmId: string): DocumentEffect<CreditNoteIntent> => ({
  compose: (intent) => creditNoteRequest(intent),
  /** Done is proved by our mark on a credit note. The documented answer leaves its total out: then it is read. */
  send: async (request, io) => {
    const sent = readCreditNoteRequest(request);
    if (sent === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no credit note of ours') };
    const { invoice_id, ...marks } = sent;
    const answer = await io.http({
      method: 'POST',
      path: firmPath(firmId, `/invoices/${encodeURIComponent(invoice_id)}/refund.json`),
      query: marks,
      // Nothing is said in it, but a request without a JSON body is answered 501.
      body: '{}',
    });
    const made = readOutcome(answer, {
      value: (json) => {
        const shown = readDocument(json);
        const isOurs = shown?.kind === 'credit_note' && shown.marker === marks.api_custom;
        return isOurs && (refundedBy(json) ?? invoice_id) === invoice_id ? shown : null;
      },
      rejection: rejectionWhere('gone'),
    });
    if (made.kind !== 'done') return made;
    const issued = issuedOf(made.value);
    if (issued !== null) return { kind: 'done', value: issued };
    const read = await readById(io, firmId, made.value.providerId, (json) => issuedOf(readDocument(json)));
    return read.kind === 'done' ? read : { kind: 'unknown', problem: read.problem };
  },
  find: ({ draft, invoice }, _request, io) =>
    findByMarks(
      io,
      firmId,
      marksOf(draft.key),
      (shown, row) => shown.kind === 'credit_note' && (refundedBy(row) ?? invoice.providerId) === invoice.providerId,
    ),
  secondIsHarmless: false,
  drafting: null,
});
