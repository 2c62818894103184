// Money received on an invoice, in the words of VosFactures.
import { z } from 'zod';
import type { ComposeContext, PaymentIntent } from '../../src/connector.ts';
import { dateIn } from '../../src/domain/dates.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { formatMinor, MinorSchema } from '../../src/domain/money.ts';
import { texts } from '../texts.ts';
import { given } from './vosfactures-buyer.ts';
import { type DocumentSettings, oidOf, paymentType } from './vosfactures-document.ts';

const PaymentRequestSchema = z.object({
  body: z.object({
    banking_payment: z.looseObject({
      oid: z.string(),
      price: z.string(),
      currency: z.string(),
      invoice_id: z.string(),
    }),
  }),
  /** What will count as received once this payment is recorded. */
  paid_after: MinorSchema,
});
export type PaymentRequest = z.infer<typeof PaymentRequestSchema>;

/** The frozen request of a payment: the body of `POST /banking/payments.json`, and the balance that follows from it. */
export function paymentRequest(intent: PaymentIntent, context: ComposeContext, settings: DocumentSettings): string {
  const { draft, invoice, paidBefore } = intent;
  const { received } = draft;
  const words = texts(settings.lang);
  const banking_payment = {
    name: `${words.payment} ${received.id} – ${words.order} ${draft.orderNumber}`,
    price: formatMinor(received.amount, draft.currency),
    currency: draft.currency,
    invoice_id: invoice.providerId,
    paid: true,
    paid_date: dateIn(context.timeZone, received.at),
    provider: paymentType(received, settings.paymentModes, words),
    ...given({ description: received.label }),
    oid: oidOf(draft.key),
    kind: 'api',
  };
  return toJson({ body: { banking_payment }, paid_after: paidBefore + received.amount });
}

/** Reads back a frozen request of `paymentRequest`; null for any other text. */
export function readPaymentRequest(request: string): PaymentRequest | null {
  const json = parseJson(Buffer.from(request));
  return PaymentRequestSchema.safeParse(json.ok ? json.value : null).data ?? null;
}
