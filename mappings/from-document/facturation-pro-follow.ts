// What follows an invoice at Facturation.pro: money received, a credit note over the whole of it, an e-mail to its buyer.
import { z } from 'zod';
import type { ComposeContext, CreditNoteIntent, PaymentIntent, SendIntent } from '../../src/connector.ts';
import { normalEmail } from '../../src/domain/client.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { PaymentDraft, Received } from '../../src/domain/document.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { formatMinor, MinorSchema } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { PAYMENT_CODE, type PaymentCode } from '../tables/facturation-pro.ts';
import type { DocumentSettings } from './facturation-pro.ts';
import { marksOf } from './facturation-pro-marker.ts';

const CHANGE = z.object({ paid_on: z.string(), payment_mode: z.string(), payment_ref: z.string() });

const PaymentRequestSchema = z.discriminatedUnion('how', [
  /** The whole invoice at once: noted on the invoice itself, as often as one likes. */
  z.object({ how: z.literal('whole'), invoice_id: z.string(), body: CHANGE }),
  /** A part, or the rest after parts: a settlement of its own. `paid_after` counts it in. */
  z.object({
    how: z.literal('part'),
    invoice_id: z.string(),
    body: CHANGE.extend({ invoice_id: z.string(), total: z.string() }),
    paid_after: MinorSchema,
  }),
]);
export type PaymentRequest = z.infer<typeof PaymentRequestSchema>;

/**
 * The frozen request of a payment. After parts the rest is a settlement too, which marks the invoice as paid by itself:
 * noted on the invoice, its amount and mode would be lost among the parts'.
 */
export function paymentRequest(intent: PaymentIntent, context: ComposeContext, settings: DocumentSettings): string {
  const { draft, invoice, paidBefore } = intent;
  const { received, currency } = draft;
  const change = {
    paid_on: dateIn(context.timeZone, received.at),
    payment_mode: paymentCode(received, settings),
    payment_ref: paymentRef(draft),
  };
  const invoice_id = invoice.providerId;
  const request: PaymentRequest =
    paidBefore === 0n && received.amount === invoice.total
      ? { how: 'whole', invoice_id, body: change }
      : {
          how: 'part',
          invoice_id,
          body: { ...change, invoice_id, total: formatMinor(received.amount, currency) },
          paid_after: paidBefore + received.amount,
        };
  return toJson(request);
}

/** The payment's id at its origin, by which the merchant finds it there; the job's key where the shop only claims it. */
export const paymentRef = ({ received, key }: PaymentDraft): string =>
  marksOf(received.id === 'claim' ? key : received.id).api_custom;

function paymentCode({ method, mode }: Received, { paymentModes }: DocumentSettings): PaymentCode {
  const gateway = method.trim().toLowerCase();
  const chosen = Object.hasOwn(paymentModes, gateway) ? paymentModes[gateway] : undefined;
  return chosen ?? PAYMENT_CODE[mode];
}

const CreditNoteRequestSchema = z.object({ invoice_id: z.string(), api_id: z.string(), api_custom: z.string() });
export type CreditNoteRequest = z.infer<typeof CreditNoteRequestSchema>;

/** The frozen request of a credit note. Facturation.pro credits whole invoices only. */
export function creditNoteRequest({ draft, invoice }: CreditNoteIntent): Result<string> {
  if (!draft.whole || draft.amount !== invoice.total) {
    const [part, total] = [draft.amount, invoice.total].map((amount) => formatMinor(amount, draft.currency));
    const detail = `Facturation.pro credits whole invoices only: ${part} of ${total} ${draft.currency} must be credited by hand`;
    return err(problem('not_supported_by_provider', detail, 'amount'));
  }
  return ok(toJson({ invoice_id: invoice.providerId, ...marksOf(draft.key) } satisfies CreditNoteRequest));
}

const EmailRequestSchema = z.object({ bill_id: z.string(), body: z.object({ to: z.string().optional() }) });
export type EmailRequest = z.infer<typeof EmailRequestSchema>;

/** The frozen request of an e-mail. Its words are the firm's own template; without an address the customer's is used. */
export function emailRequest({ draft, document }: SendIntent): Result<string> {
  const to = normalEmail(draft.to);
  if (to === null && draft.to.trim() !== '') {
    return err(problem('email_unusable', `“${draft.to}” is no e-mail address`, 'to'));
  }
  return ok(toJson({ bill_id: document.providerId, body: to === null ? {} : { to } } satisfies EmailRequest));
}

export const readPaymentRequest = (text: string): PaymentRequest | null => readBack(PaymentRequestSchema, text);
export const readCreditNoteRequest = (text: string): CreditNoteRequest | null =>
  readBack(CreditNoteRequestSchema, text);
export const readEmailRequest = (text: string): EmailRequest | null => readBack(EmailRequestSchema, text);

/** Null for a text that is no request of this kind. */
function readBack<Request>(schema: z.ZodType<Request>, text: string): Request | null {
  const json = parseJson(Buffer.from(text));
  return schema.safeParse(json.ok ? json.value : null).data ?? null;
}
