// A document in the words of the sandbox: requests that hold everything its books and its printed page need. Pure.
import { z } from 'zod';
import type {
  ComposeContext,
  CreditNoteIntent,
  InvoiceIntent,
  PaymentIntent,
  SendIntent,
} from '../../src/connector.ts';
import { BuyerSchema } from '../../src/domain/buyer.ts';
import { type ClientDraft, normalEmail } from '../../src/domain/client.ts';
import { dateIn } from '../../src/domain/dates.ts';
import { CreditLineSchema, type Received, ReceivedSchema } from '../../src/domain/document.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { type Minor, sum } from '../../src/domain/money.ts';
import { OrderLineSchema } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

const DateSchema = z.iso.date();

/** Who the invoice is from, frozen into each one, so that a later change of the settings leaves issued documents as they are. */
export const SellerSchema = z.object({
  name: z.string(),
  address: z.array(z.string()),
  vatNumber: z.string().nullable(),
});
export type Seller = z.infer<typeof SellerSchema>;

/** What the sandbox keeps of a client. An empty text is a field without a value. */
export const ClientFieldsSchema = z.object({
  name: z.string(),
  kind: z.enum(['person', 'company']),
  email: z.string(),
  tax_number: z.string(),
  external_id: z.string(),
  phone: z.string(),
  street: z.string(),
  post_code: z.string(),
  city: z.string(),
  country: z.string(),
});
export type ClientFields = z.infer<typeof ClientFieldsSchema>;

export const ClientRequestSchema = ClientFieldsSchema.extend({ marker: z.string().min(1) });
export type ClientRequest = z.infer<typeof ClientRequestSchema>;

/** A payment with the calendar date on which the seller received it. */
export const PaymentEntrySchema = ReceivedSchema.omit({ at: true, method: true }).extend({ date: DateSchema });
export type PaymentEntry = z.infer<typeof PaymentEntrySchema>;

/** What an invoice and a credit note both say. */
const DocumentRequestSchema = z.object({
  /** The document's business key: unique in the books. */
  key: z.string().min(1),
  clientId: z.string(),
  orderNumber: z.string(),
  issueDate: DateSchema,
  saleDate: DateSchema,
  language: z.enum(['fr', 'en']),
  currency: z.string(),
  seller: SellerSchema,
  buyer: BuyerSchema,
  /** The user's own; null where there are none, and on every document of before there were any. */
  title: z.string().nullable().default(null),
  notes: z.string().nullable().default(null),
});

export const InvoiceRequestSchema = DocumentRequestSchema.extend({
  lines: z.array(OrderLineSchema).min(1),
  payments: z.array(PaymentEntrySchema),
  /** Null on an invoice of before it was kept. */
  dueDate: DateSchema.nullable().default(null),
});
export type InvoiceRequest = z.infer<typeof InvoiceRequestSchema>;

export const CreditNoteRequestSchema = DocumentRequestSchema.extend({
  invoiceId: z.string(),
  invoiceNumber: z.string(),
  reason: z.string(),
  lines: z.array(CreditLineSchema).min(1),
});
export type CreditNoteRequest = z.infer<typeof CreditNoteRequestSchema>;

export const EmailRequestSchema = z.object({ key: z.string().min(1), documentId: z.string(), to: z.string() });
export type EmailRequest = z.infer<typeof EmailRequestSchema>;

export const PaymentRequestSchema = z.object({
  invoiceId: z.string(),
  currency: z.string(),
  payment: PaymentEntrySchema,
});
export type PaymentRequest = z.infer<typeof PaymentRequestSchema>;

/** Reads a request back; null for a text that is not one of the kind. */
export function readRequest<Request>(schema: z.ZodType<Request>, text: string): Request | null {
  const json = parseJson(Buffer.from(text));
  return schema.safeParse(json.ok ? json.value : null).data ?? null;
}

/** The request for a new client. Total: a buyer always makes one. */
export const clientRequest = (draft: ClientDraft): string =>
  toJson({ marker: draft.marker, ...clientFields(draft) } satisfies ClientRequest);

/** What a draft says of a client; what it does not know is empty. */
export function clientFields({ buyer, externalId }: ClientDraft): ClientFields {
  return {
    name: buyer.name,
    kind: buyer.kind,
    email: buyer.email?.trim() ?? '',
    tax_number: buyer.taxNumber?.trim() ?? '',
    external_id: externalId ?? '',
    phone: buyer.phone,
    street: [buyer.address.line1, buyer.address.line2].filter(Boolean).join(', '),
    post_code: buyer.address.postCode,
    city: buyer.address.city,
    country: buyer.address.country,
  };
}

/**
 * The request for an invoice dated today. A problem for one without lines, and for two payments under one id: the books
 * hold each once, so the second would be lost.
 */
export function invoiceRequest(
  { draft, client }: InvoiceIntent,
  context: ComposeContext,
  seller: Seller,
): Result<string> {
  if (draft.lines.length === 0) return err(problem('no_lines', `order ${draft.orderNumber} has no line to invoice`));
  const twice = draft.received.find((one, index) => draft.received.findIndex(({ id }) => id === one.id) !== index);
  if (twice !== undefined) {
    return err(problem('payment_twice', `order ${draft.orderNumber} names the payment ${twice.id} twice`, 'received'));
  }
  const request: InvoiceRequest = {
    ...documentFields(draft, draft.language, context),
    clientId: client.id,
    saleDate: dateIn(context.timeZone, draft.soldAt),
    seller,
    buyer: draft.buyer,
    lines: draft.lines,
    payments: draft.received.map((received) => paymentEntry(received, context)),
    dueDate: context.style.dueDate,
  };
  return ok(toJson(request));
}

/** The request for a credit note dated today, addressed as the invoice was. A problem where nothing says what is returned. */
export function creditNoteRequest(
  { draft, invoice, original }: CreditNoteIntent,
  context: ComposeContext,
  seller: Seller,
): Result<string> {
  if (draft.lines.length === 0) {
    return err(problem('no_lines', `nothing says what the refund on order ${draft.orderNumber} takes back`));
  }
  const request: CreditNoteRequest = {
    ...documentFields(draft, draft.language ?? original.language, context),
    clientId: invoice.clientId ?? '',
    invoiceId: invoice.providerId,
    invoiceNumber: invoice.number,
    saleDate: dateIn(context.timeZone, original.soldAt),
    seller,
    buyer: original.buyer,
    reason: draft.reason,
    lines: draft.lines,
  };
  return ok(toJson(request));
}

/** The request to send a document. A problem for an order that names nowhere to send it to. */
export function emailRequest({ draft, document }: SendIntent): Result<string> {
  const to = normalEmail(draft.to);
  if (to === null) return err(problem('no_email', `order ${draft.orderNumber} names no e-mail address`, 'to'));
  return ok(toJson({ key: draft.key, documentId: document.providerId, to } satisfies EmailRequest));
}

/** The request to record a payment on an issued invoice. */
export const paymentRequest = ({ draft, invoice }: PaymentIntent, context: ComposeContext): string =>
  toJson({
    invoiceId: invoice.providerId,
    currency: draft.currency,
    payment: paymentEntry(draft.received, context),
  } satisfies PaymentRequest);

/** What a document comes to: the sum of its lines, tax included, in minor units. */
export const documentTotal = ({ lines }: Pick<CreditNoteRequest, 'lines'>): Minor =>
  sum(lines.map((line) => line.gross));

function documentFields(
  { key, orderNumber, currency }: { key: string; orderNumber: string; currency: string },
  language: string | null,
  { today, style }: ComposeContext,
) {
  return {
    key,
    orderNumber,
    currency,
    issueDate: today,
    language: pageLanguage(style.language ?? language),
    title: style.title,
    notes: style.notes,
  };
}

function paymentEntry({ at, method: _method, ...received }: Received, context: ComposeContext): PaymentEntry {
  return { ...received, date: dateIn(context.timeZone, at) };
}

/** French for French and for an order that names no language: the house's own. English for every other. */
const pageLanguage = (tag: string | null): 'fr' | 'en' =>
  tag === null || /^fr([-_]|$)/i.test(tag.trim()) ? 'fr' : 'en';
