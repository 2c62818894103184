// Payments at VosFactures: each a record of its own, dated, linked to one invoice. Nothing there keeps a second one out.
import { z } from 'zod';
import { type DocumentSettings, oidOf } from '../../mappings/from-document/vosfactures-document.ts';
import {
  type PaymentRequest,
  paymentRequest,
  readPaymentRequest,
} from '../../mappings/from-document/vosfactures-payment.ts';
import type { Effect, PaymentIntent, PaymentRecorded } from '../../src/connector.ts';
import { type Json, toJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { documentPath } from './invoices.ts';
import { IdSchema, readAmount, readInvoice, rejection } from './wire.ts';

/** Records money received on an invoice. `paid` follows from the balance before: the answer shows the payment only. */
export const paymentEffect = (settings: DocumentSettings): Effect<PaymentIntent, PaymentRecorded> => ({
  compose: (intent, context) => ok(paymentRequest(intent, context, settings)),
  send: async (request, io) => {
    const sent = readPaymentRequest(request);
    if (sent === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no payment request of ours') };
    const body = toJson(sent.body);
    return readOutcome(await io.http({ method: 'POST', path: '/banking/payments.json', body }), {
      value: (json) => recorded(json, sent),
      rejection,
    });
  },
  /**
   * Found when the invoice lists a payment with our `oid`, or when its balance moved by exactly this amount: by whomever
   * it was recorded then, recording it again would count it twice.
   */
  find: async ({ draft, invoice, paidBefore }, _request, io) => {
    const answer = await io.http({
      method: 'GET',
      path: documentPath(invoice.providerId, 'json'),
      query: { 'additional_fields[invoice]': 'connected_payments' },
    });
    return readLookup<PaymentRecorded>(answer, {
      items: (json) => {
        const balance = readInvoice(json);
        if (balance?.providerId !== invoice.providerId) return null;
        const oid = oidOf(draft.key);
        const ours = connectedPayments(json).filter((payment) => payment.oid === oid);
        if (ours.length > 0) return ours.map((payment) => ({ providerId: payment.id, paid: balance.paid }));
        const moved = balance.paid === paidBefore + draft.received.amount;
        return moved ? [{ providerId: null, paid: balance.paid }] : [];
      },
      rejection,
    });
  },
  secondIsHarmless: false,
});

const PaymentSchema = z.object({
  id: IdSchema,
  oid: z.string().nullish(),
  price: z.string(),
  currency: z.string().nullish(),
  invoice_id: IdSchema.nullish(),
});

const ConnectedSchema = z.object({ connected_payments: z.array(PaymentSchema).nullish() });

/** The payments that an answer lists; none where it lists none or in a form of its own: the balance decides then. */
const connectedPayments = (json: Json): z.infer<typeof PaymentSchema>[] =>
  ConnectedSchema.safeParse(json).data?.connected_payments ?? [];

/** Proved by an id and the amount that was sent, on the invoice it was sent for where the answer names one. */
function recorded(json: Json, sent: PaymentRequest): PaymentRecorded | null {
  const parsed = PaymentSchema.safeParse(json);
  if (!parsed.success) return null;
  const { price, currency, invoice_id } = sent.body.banking_payment;
  const answered = parsed.data;
  const sameAmount = readAmount(answered.price, currency) === readAmount(price, currency);
  const sameInvoice = (answered.invoice_id ?? invoice_id) === invoice_id;
  return sameAmount && sameInvoice ? { providerId: answered.id, paid: sent.paid_after } : null;
}
