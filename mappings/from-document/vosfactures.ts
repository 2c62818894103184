// A document in the words of VosFactures: the request bodies that its API takes. Pure; the text made here is frozen and
// sent as it is. Field names and their values: https://github.com/vosfactures/API (read 2026-03).
import { createHash } from 'node:crypto';
import Big from 'big.js';
import { z } from 'zod';
import type { ComposeContext, InvoiceIntent, PaymentIntent } from '../../src/connector.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { DocumentKey, InvoiceDraft, Received } from '../../src/domain/document.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { formatMinor, type Minor, MinorSchema, min, minorDigits, parseMinor, sum } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { assertNever, err, ok, type Result } from '../../src/domain/result.ts';
import { type Language, languageOf } from '../tables/vosfactures-languages.ts';
import { type Texts, texts } from '../texts.ts';
import { buyerFields, given } from './vosfactures-buyer.ts';

/** What the account's settings decide about every document. */
export type DocumentSettings = { departmentId: string | null; lang: Language };

/** VosFactures keeps 40 characters of an `oid`; one that is cut would no longer be unique. */
const OID_LENGTH = 39;
const READABLE_KEY = /^([a-z0-9]+(?:-[a-z0-9]+)*)\/([a-z0-9]+)\/([a-z]+)\/([a-z0-9]+)$/;

/**
 * The marker that a document bears in `oid`: under 40 characters of [a-z0-9-], different for different keys even after
 * case folding and trimming. Readable (`shop-10021-invoice-1`) where the key allows it; only the first part may hold a
 * dash, so the parts can be told apart. Any other key gives a readable beginning and a hash that fills it to exactly 39
 * characters, which a readable one never has.
 */
export function oidOf(key: DocumentKey): string {
  const parts = READABLE_KEY.exec(key);
  const readable = parts === null ? null : parts.slice(1).join('-');
  if (readable !== null && readable.length < OID_LENGTH) return readable;
  const prefix = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 14);
  const hash = createHash('sha256').update(key).digest('hex');
  return `${prefix}-${hash}`.slice(0, OID_LENGTH);
}

/** The body of `POST /invoices.json`. A problem where VosFactures could not hold the amounts or would pick another client. */
export function invoiceRequest(
  intent: InvoiceIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const { draft, client } = intent;
  // client_id -1 makes a new client, and a missing one lets VosFactures choose by name.
  if (!/^[1-9]\d*$/.test(client.id)) return err(problem('client_id_unusable', `"${client.id}" is no VosFactures id`));
  if (minorDigits(draft.currency) > 2) {
    const detail = `VosFactures keeps two decimals, ${draft.currency} has three: invoice it by hand`;
    return err(problem('not_supported_by_provider', detail, 'currency'));
  }
  const lang = languageOf(draft.language, settings.lang);
  const words = texts(lang);
  const someTaxed = draft.lines.some((line) => line.rate !== null);
  const invoice = {
    kind: 'vat',
    oid: oidOf(draft.key),
    oid_unique: 'yes',
    client_id: client.id,
    ...(settings.departmentId === null ? {} : { department_id: settings.departmentId }),
    lang,
    currency: draft.currency,
    issue_date: context.today,
    sell_date: dateIn(context.timeZone, draft.soldAt),
    // Payable at once: the due date is a mandatory mention, on a paid invoice too.
    payment_to_kind: 'other_date',
    payment_to: context.today,
    ...paidFields(draft, context, words),
    ...buyerFields(draft.buyer),
    // Without it VosFactures prints the address that it stored for the client, not the order's.
    buyer_override: true,
    // All three or none; these keep every line's gross amount and add them up.
    calculating_strategy: { position: 'keep_gross', sum: 'keep_gross', invoice_form_price_kind: 'gross' },
    positions: draft.lines.map((line) => positionOf(line, draft.currency, someTaxed, words)),
    additional_fields: { title: `${words.order} ${draft.orderNumber}` },
    internal_note: privateNote(draft, words),
  };
  return ok(toJson({ invoice }));
}

const InvoiceRequestSchema = z.object({
  invoice: z.object({
    oid: z.string(),
    currency: z.string(),
    positions: z.array(z.object({ total_price_gross: z.string() })),
  }),
});

/**
 * The marker of a request made here and the total that VosFactures will compute for it: with `keep_gross`, the sum of the
 * lines. Null for any other text.
 */
export function readInvoiceRequest(request: string): { oid: string; total: Minor } | null {
  const json = parseJson(Buffer.from(request));
  const parsed = InvoiceRequestSchema.safeParse(json.ok ? json.value : null);
  if (!parsed.success) return null;
  const { oid, currency, positions } = parsed.data.invoice;
  const amounts = positions.map((position) => parseMinor(position.total_price_gross, currency));
  return amounts.every((amount) => amount !== null) ? { oid, total: sum(amounts) } : null;
}

function positionOf(line: OrderLine, currency: string, someTaxed: boolean, words: Texts): Record<string, unknown> {
  return {
    name: line.name,
    quantity: line.quantity,
    tax: line.rate === null ? (someTaxed ? '0' : 'disabled') : new Big(line.rate).toFixed(),
    total_price_gross: formatMinor(line.gross, currency),
    ...(line.kind === 'item' ? {} : { service: true }),
    ...given({ code: line.sku }),
    // A position's own `discount` field changes the total or is dropped, depending on the account: it is told in words.
    ...(line.discount > 0n
      ? { description: `${words.discountIncluded} : ${formatMinor(line.discount, currency)} ${currency}` }
      : {}),
  };
}

function paidFields(draft: InvoiceDraft, context: ComposeContext, words: Texts): Record<string, string> {
  const [first, ...others] = draft.received;
  if (first === undefined) return {};
  const largest = others.reduce((a, b) => (b.amount > a.amount ? b : a), first);
  const last = others.reduce((a, b) => (b.at > a.at ? b : a), first);
  const amount = sum(draft.received.map((received) => received.amount));
  return {
    status: amount >= draft.total ? 'paid' : 'partial',
    paid: formatMinor(min(amount, draft.total), draft.currency),
    paid_date: dateIn(context.timeZone, last.at),
    payment_type: paymentType(largest, words),
  };
}

/** VosFactures knows some modes by a word; any other text is printed as it is. */
function paymentType(received: Received, words: Texts): string {
  switch (received.mode) {
    case 'card':
    case 'transfer':
    case 'cheque':
    case 'cash':
    case 'paypal':
      return received.mode;
    case 'direct_debit':
      return words.directDebit;
    case 'voucher':
      return words.voucher;
    case 'other':
      return received.label.trim() || words.otherPayment;
    default:
      return assertNever(received.mode);
  }
}

function privateNote(draft: InvoiceDraft, words: Texts): string {
  const payments = draft.received.map(
    (received) =>
      `${words.payment} ${received.id === 'claim' ? received.label : received.id} : ${formatMinor(received.amount, draft.currency)} ${draft.currency}, ${received.at}`,
  );
  return [`${words.order} ${draft.orderNumber} (${draft.source}/${draft.orderId})`, ...payments].join('\n');
}

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
    provider: paymentType(received, words),
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
