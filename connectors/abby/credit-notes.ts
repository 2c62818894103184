// Credit notes ("assets") at Abby: a draft made from the final invoice, brought to what was given back, then made final.
import { creditNoteRequest, type DocumentSettings, readCreditNoteRequest } from '../../mappings/from-document/abby.ts';
import type { CreditNoteIntent, DocumentEffect } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { readDocument } from './document.ts';
import { discard, finalize } from './drafting.ts';
import { fillDraft } from './edits.ts';
import { refusals } from './wire.ts';

/** As an invoice's, the draft has no marker but its id; one that is left behind has no number and takes nothing back. */
export const creditNoteEffect = (settings: DocumentSettings): DocumentEffect<CreditNoteIntent> => ({
  compose: (intent, context) => creditNoteRequest(intent, context, settings),
  send: async (request, io) => {
    const asked = readCreditNoteRequest(request);
    if (asked === null) return UNUSABLE;
    const path = `/v2/billing/invoice/${encodeURIComponent(asked.invoiceId)}/asset`;
    return readOutcome(await io.http({ method: 'POST', path, body: '{}' }), {
      value: (json) => {
        const shown = readDocument(json);
        const isOurs =
          shown?.issued.kind === 'credit_note' &&
          shown.issued.state === 'draft' &&
          (shown.parentId ?? asked.invoiceId) === asked.invoiceId;
        return isOurs ? shown.issued : null;
      },
      rejection: refusals('gone'),
    });
  },
  find: null,
  secondIsHarmless: true,
  drafting: {
    fill: async (draft, request, composedAnew, io) => {
      const asked = readCreditNoteRequest(request);
      if (asked === null) return UNUSABLE;
      const filled = await fillDraft(draft, 'asset', asked, composedAnew, io);
      return filled.kind === 'done' ? { kind: 'done', value: filled.value.issued } : filled;
    },
    finalize,
    discard,
  },
});

const UNUSABLE: Outcome<Issued> = {
  kind: 'not_sent',
  problem: problem('unusable_request', 'no credit note request of ours'),
};
