// Payments at Abby: the call behind its "mark as paid", which no document describes and public clients use. It takes the
// whole amount that is open, or nothing.
import type { DocumentSettings } from '../../mappings/from-document/abby.ts';
import { paymentRequest, readPaymentRequest } from '../../mappings/from-document/abby-follow.ts';
import type { Effect, PaymentIntent, PaymentRecorded, ProviderIo } from '../../src/connector.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { lookAt, readDocument } from './document.ts';
import { refusals } from './wire.ts';

/** Records money received on an invoice. Proved by what counts as paid on it, in the answer or read right after. */
export const paymentEffect = (settings: DocumentSettings): Effect<PaymentIntent, PaymentRecorded> => ({
  compose: (intent, context) => paymentRequest(intent, context, settings),
  send: async (request, io) => {
    const asked = readPaymentRequest(request);
    if (asked === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no payment request of ours') };
    const { invoiceId, paidAfter, body } = asked;
    const path = `/v2/accounting-billing/invoice/${encodeURIComponent(invoiceId)}/reconciliate`;
    const answer = await io.http({ method: 'POST', path, body });
    const outcome = readOutcome<PaymentRecorded>(answer, {
      value: (json) => {
        const issued = readDocument(json)?.issued;
        return issued?.providerId === invoiceId && issued.paid >= paidAfter ? recorded(issued.paid) : null;
      },
      rejection: refusals('gone'),
    });
    const isTaken =
      outcome.kind === 'unknown' && answer.kind === 'answer' && answer.status >= 200 && answer.status < 300;
    return isTaken ? proveByBalance(invoiceId, paidAfter, outcome, io) : outcome;
  },
  find: async ({ draft, invoice, paidBefore }, _request, io) =>
    findByBalance(invoice.providerId, paidBefore + draft.received.amount, io),
  secondIsHarmless: false,
});

const recorded = (paid: bigint): PaymentRecorded => ({ providerId: null, paid });

/** What the call answers is not documented either: taken with a form of its own, the invoice shows whether it is paid. */
async function proveByBalance(
  invoiceId: string,
  paidAfter: bigint,
  unclear: Outcome<PaymentRecorded>,
  io: ProviderIo,
): Promise<Outcome<PaymentRecorded>> {
  const found = await findByBalance(invoiceId, paidAfter, io);
  const [payment] = found.kind === 'found' ? found.items : [];
  return payment === undefined ? unclear : { kind: 'done', value: payment };
}

/** Found when that much is paid: whoever recorded it, recording it again would count it twice. */
async function findByBalance(invoiceId: string, paidAfter: bigint, io: ProviderIo): Promise<Lookup<PaymentRecorded>> {
  const lookup = await lookAt(invoiceId, io);
  if (lookup.kind === 'failed') return lookup;
  const paid = lookup.items.map(({ issued }) => issued.paid).filter((amount) => amount >= paidAfter);
  return { kind: 'found', items: paid.map(recorded) };
}
