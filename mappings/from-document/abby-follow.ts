// What follows an invoice, in the words of Abby: money received on it, and the e-mail that carries it.
import { z } from 'zod';
import type { ComposeContext, PaymentIntent, SendIntent } from '../../src/connector.ts';
import { normalEmail } from '../../src/domain/client.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { Received } from '../../src/domain/document.ts';
import { toJson } from '../../src/domain/json.ts';
import { formatMinor, MinorSchema } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { localeOf, METHOD_OF_MODE, type PaymentMethod } from '../tables/abby-codes.ts';
import { WORDS } from '../tables/abby-words.ts';
import { type DocumentSettings, readRequest } from './abby.ts';

const PaymentRequestSchema = z.object({
  invoiceId: z.string(),
  /** JSON text, sent as it is. */
  body: z.string(),
  /** What will count as received once this payment is recorded. */
  paidAfter: MinorSchema,
});
export type PaymentRequest = z.infer<typeof PaymentRequestSchema>;

/**
 * The frozen request of a payment: the body that public clients send to Abby's reconciliation. A problem for a part of what
 * is open: the sum must equal what remains (reported by public clients).
 */
export function paymentRequest(
  { draft: { received, currency }, invoice, paidBefore }: PaymentIntent,
  { timeZone }: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const { amount } = received;
  const open = invoice.total - paidBefore;
  if (amount !== open) {
    const figures = `${formatMinor(open, currency)} ${currency}, not ${formatMinor(amount, currency)}`;
    const detail = `Abby records only the whole amount that is open on ${invoice.number}, ${figures}: record it there by hand`;
    return err(problem('not_supported_by_provider', detail));
  }
  const receivedAt = dateIn(timeZone, received.at);
  const method = methodOf(received, settings);
  const body = `{"payments":[{"amount":${amount},"receivedAt":"${receivedAt}","method":"${method}"}]}`;
  return ok(toJson({ invoiceId: invoice.providerId, body, paidAfter: paidBefore + amount } satisfies PaymentRequest));
}

export const readPaymentRequest = (request: string): PaymentRequest | null =>
  readRequest(PaymentRequestSchema, request);

const methodOf = ({ method, mode }: Received, { paymentModes }: DocumentSettings): PaymentMethod =>
  paymentModes.get(method.trim().toLowerCase()) ?? METHOD_OF_MODE[mode];

const EmailRequestSchema = z.object({
  documentId: z.string(),
  body: z.string(),
  /** The day on which it was composed: a sending of this day or later is taken for ours. */
  since: z.iso.date(),
});
export type EmailRequest = z.infer<typeof EmailRequestSchema>;

/** Abby takes 255 characters of a subject; the content is HTML. A problem where the order has no address to send to. */
export function emailRequest(
  { draft, document }: SendIntent,
  { today, style }: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const to = normalEmail(draft.to);
  if (to === null) return err(problem('no_email', `order ${draft.orderNumber} names no e-mail address to send to`));
  const words = WORDS[localeOf(style.language ?? draft.language, settings.lang)];
  const subject = `${words.invoice} ${document.number} – ${words.order} ${draft.orderNumber}`;
  const content = [words.greeting, words.attached, subject].map((text) => `<p>${escaped(text)}</p>`).join('');
  const body = JSON.stringify({ emails: [to], subject: subject.slice(0, 255), content, inCopy: false });
  return ok(JSON.stringify({ documentId: document.providerId, body, since: today } satisfies EmailRequest));
}

export const readEmailRequest = (request: string): EmailRequest | null => readRequest(EmailRequestSchema, request);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
