// Payments at Facturation.pro: of a whole invoice, noted on it; of a part, a settlement, which a second would count twice.
import { z } from 'zod';
import type { DocumentSettings } from '../../mappings/from-document/facturation-pro.ts';
import {
  type PaymentRequest,
  paymentRef,
  paymentRequest,
  readPaymentRequest,
} from '../../mappings/from-document/facturation-pro-follow.ts';
import type { Effect, PaymentIntent, PaymentRecorded, ProviderIo } from '../../src/connector.ts';
import { type Json, toJson } from '../../src/domain/json.ts';
import { parseDecimal } from '../../src/domain/money.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { documentPath, issuedOf, paymentsOn, readDocument } from './document.ts';
import { firmPath, IdSchema, patch, rejectionWhere } from './wire.ts';

type Whole = Extract<PaymentRequest, { how: 'whole' }>;
type Part = Extract<PaymentRequest, { how: 'part' }>;

export const paymentEffect = (
  settings: DocumentSettings & { firmId: string },
): Effect<PaymentIntent, PaymentRecorded> => ({
  compose: (intent, context) => ok(paymentRequest(intent, context, settings)),
  send: async (request, io) => {
    const sent = readPaymentRequest(request);
    if (sent === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no payment request of ours') };
    return sent.how === 'whole' ? payWhole(io, settings.firmId, sent) : payPart(io, settings.firmId, sent);
  },
  /**
   * Found by its reference, on a settlement or on the invoice, or when the balance moved by exactly this amount: by
   * whomever it was recorded then, recording it again would count it twice.
   */
  find: async ({ draft, invoice, paidBefore }, _request, io) => {
    const answer = await io.http({ method: 'GET', path: documentPath(settings.firmId, invoice.providerId) });
    return readLookup<PaymentRecorded>(answer, {
      items: (json) => {
        const standing = issuedOf(readDocument(json));
        if (standing?.providerId !== invoice.providerId) return null;
        const { paid } = standing;
        const { paidOn, paymentRef: noted, parts } = paymentsOn(json);
        const ref = paymentRef(draft);
        const ours = parts.filter((part) => part.payment_ref === ref);
        if (ours.length > 0) return ours.map(({ id }) => ({ providerId: id, paid }));
        const whole = paidOn !== null && noted === ref;
        return whole || paid === paidBefore + draft.received.amount ? [{ providerId: null, paid }] : [];
      },
      rejection: rejectionWhere('gone'),
    });
  },
  secondIsHarmless: false,
  // Marking an invoice as paid on a day says the same the second time; a settlement would count twice.
  isRepeatable: (request) => readPaymentRequest(request)?.how === 'whole',
});

/** Proved by the invoice being marked as paid on this day under this reference. */
const payWhole = (io: ProviderIo, firmId: string, { invoice_id, body }: Whole): Promise<Outcome<PaymentRecorded>> =>
  patch(
    io,
    { path: documentPath(firmId, invoice_id), body: toJson(body) },
    {
      value: (json) => {
        const invoice = issuedOf(readDocument(json));
        const { paidOn, paymentRef: noted } = paymentsOn(json);
        const isRecorded = paidOn === body.paid_on && noted === body.payment_ref;
        return invoice?.providerId === invoice_id && isRecorded ? { providerId: null, paid: invoice.paid } : null;
      },
      rejection: rejectionWhere('gone'),
    },
  );

const SettlementSchema = z.object({
  id: IdSchema,
  invoice_id: IdSchema,
  total: z.string(),
  payment_ref: z.string().nullish(),
});

/** Proved by an id with the amount and the reference that were sent. */
async function payPart(io: ProviderIo, firmId: string, sent: Part): Promise<Outcome<PaymentRecorded>> {
  const { invoice_id, body, paid_after } = sent;
  const answer = await io.http({
    method: 'POST',
    path: firmPath(firmId, `/invoices/${encodeURIComponent(invoice_id)}/settlements.json`),
    body: toJson(body),
  });
  return readOutcome<PaymentRecorded>(answer, {
    value: (json: Json) => {
      const made = SettlementSchema.safeParse(json).data;
      const isOurs = made?.invoice_id === invoice_id && made.payment_ref === body.payment_ref;
      const sameAmount = made !== undefined && parseDecimal(made.total)?.eq(body.total) === true;
      return isOurs && sameAmount ? { providerId: made.id, paid: paid_after } : null;
    },
    rejection: rejectionWhere('gone'),
  });
}
