// Invoices at Abby: an empty draft for a client, filled by its id, then made final.
import {
  type DocumentSettings,
  type InvoiceRequest,
  invoiceRequest,
  readInvoiceRequest,
} from '../../mappings/from-document/abby.ts';
import { clientRef } from '../../mappings/from-document/abby-buyer.ts';
import type { DocumentEffect, InvoiceIntent } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { readDocument, type Shown } from './document.ts';
import { discard, finalize } from './drafting.ts';
import { fillDraft } from './edits.ts';
import { refusals } from './wire.ts';

/**
 * The creating call says nothing but whom the draft is for, so nothing tells one draft from another but its id: it cannot be
 * looked up. A second one is harmless all the same, for an empty draft has no number and counts nowhere.
 */
export const invoiceEffect = (settings: DocumentSettings): DocumentEffect<InvoiceIntent> => ({
  compose: (intent, context) => invoiceRequest(intent, context, settings),
  send: async (request, io) => {
    const asked = readInvoiceRequest(request);
    const client = clientRef(asked?.clientId ?? '');
    if (asked === null || client === null) return UNUSABLE;
    const answer = await io.http({
      method: 'POST',
      path: `/v2/billing/invoice/${encodeURIComponent(client.id)}`,
      body: '{}',
    });
    return readOutcome(answer, {
      value: (json) => {
        const shown = readDocument(json);
        const isOurs = shown?.issued.kind === 'invoice' && shown.issued.state === 'draft' && isFor(shown, asked);
        return isOurs ? forClient(shown, asked) : null;
      },
      rejection: refusals('stale_client'),
    });
  },
  find: null,
  secondIsHarmless: true,
  drafting: {
    fill: async (draft, request, composedAnew, io) => {
      const asked = readInvoiceRequest(request);
      if (asked === null) return UNUSABLE;
      const filled = await fillDraft(draft, 'invoice', asked, composedAnew, io);
      return filled.kind === 'done' ? { kind: 'done', value: forClient(filled.value, asked) } : filled;
    },
    finalize: async (draft, request, io) => {
      const final = await finalize(draft, request, io);
      // A contact of an organisation is shown under two ids: that it is for our client was seen when it was made.
      return final.kind === 'done' && final.value.clientId === null
        ? { kind: 'done', value: { ...final.value, clientId: draft.clientId } }
        : final;
    },
    discard,
  },
});

const UNUSABLE: Outcome<Issued> = {
  kind: 'not_sent',
  problem: problem('unusable_request', 'no invoice request of ours'),
};

/** An answer that names nobody does not contradict. */
const isFor = ({ clientIds }: Shown, { clientId }: InvoiceRequest): boolean =>
  clientIds.length === 0 || clientIds.includes(clientId);

const forClient = (shown: Shown, asked: InvoiceRequest): Issued =>
  isFor(shown, asked) ? { ...shown.issued, clientId: asked.clientId } : shown.issued;
