// A document in the words of Abby. It is made in steps: an empty draft for a client, then one edit after another by the
// draft's id. Everything that the edits will say is worked out here and frozen as one text; each body in it is the JSON
// text that is sent as it is. Paths and fields: Abby's OpenAPI 1.90.0 (github.com/abby-inc/abby-node).
import { z } from 'zod';
import type { ComposeContext, CreditNoteIntent, InvoiceIntent } from '../../src/connector.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { InvoiceDraft } from '../../src/domain/document.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { MinorSchema } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { CURRENCIES, LOCALES, type Locale, localeOf, type PaymentMethod } from '../tables/abby-codes.ts';
import { WORDS } from '../tables/abby-words.ts';
import { texts } from '../texts.ts';
import { clientRef, deliveryAddressOf } from './abby-buyer.ts';
import { type LineContext, waysToWrite } from './abby-lines.ts';

/** What the account's settings decide about every document. */
export type DocumentSettings = {
  lang: Locale;
  /** By a gateway's id in lower case. */
  paymentModes: ReadonlyMap<string, PaymentMethod>;
};

/** What a draft is to say. A body that is null is not sent. */
const ContentSchema = z.object({
  locale: z.enum(LOCALES),
  currency: z.string(),
  /** What the draft must come to, in minor units. */
  total: MinorSchema,
  /** Null leaves the lines that Abby copied from the invoice. */
  lines: z.string().nullable(),
  /** Other ways to write the lines, for a draft whose total is not that. */
  otherwise: z.array(z.string()),
  /** Null for a credit note: the API has no call for its dates. */
  timeline: z.string().nullable(),
  title: z.string(),
  notes: z.string().nullable(),
  deliveryAddress: z.string().nullable(),
});
export type Content = z.infer<typeof ContentSchema>;

const InvoiceRequestSchema = ContentSchema.extend({ clientId: z.string() });
export type InvoiceRequest = z.infer<typeof InvoiceRequestSchema>;

const CreditNoteRequestSchema = ContentSchema.extend({ invoiceId: z.string() });
export type CreditNoteRequest = z.infer<typeof CreditNoteRequestSchema>;

/** Reads a request of `invoiceRequest` back; null for any other text. */
export const readInvoiceRequest = (request: string): InvoiceRequest | null =>
  readRequest(InvoiceRequestSchema, request);
/** Reads a request of `creditNoteRequest` back; null for any other text. */
export const readCreditNoteRequest = (request: string): CreditNoteRequest | null =>
  readRequest(CreditNoteRequestSchema, request);

export function readRequest<Request>(schema: z.ZodType<Request>, request: string): Request | null {
  const json = parseJson(Buffer.from(request));
  return schema.safeParse(json.ok ? json.value : null).data ?? null;
}

/** A problem for a client that is no id of Abby's, and for a currency or a rate that Abby does not know. */
export function invoiceRequest(
  { draft, client }: InvoiceIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  if (clientRef(client.id) === null) {
    const detail = `"${client.id}" names no client of Abby: write contact:<id> for a person, organization:<id> for a company`;
    return err(problem('client_id_unusable', detail));
  }
  if (!CURRENCIES.some((code) => code === draft.currency)) {
    const detail = `Abby makes no document in ${draft.currency}: invoice it by hand`;
    return err(problem('not_supported_by_provider', detail, 'currency'));
  }
  const locale = localeOf(context.style.language ?? draft.language, settings.lang);
  const ways = waysToWrite(draft.lines, lineContext(draft, draft.rounding, locale, context));
  if (!ways.ok) return ways;
  const deliveryAddress = deliveryAddressOf(draft.buyer);
  const request: InvoiceRequest = {
    clientId: client.id,
    locale,
    currency: draft.currency,
    total: draft.total,
    ...ways.value,
    timeline: timelineBody(draft, context),
    title: titleBody(draft.orderNumber, locale, context),
    notes: notesBody(context),
    deliveryAddress:
      deliveryAddress === null ? null : JSON.stringify({ deliveryAddress, displayDeliveryAddress: true }),
  };
  return ok(toJson(request));
}

/**
 * The credited lines have the sign of the invoice's: Abby's own draft holds the invoice's lines as they are, and it compares
 * the sum of the credit notes with the invoice's total. Its date is not ours to say: the API has no call for it.
 */
export function creditNoteRequest(
  { draft, invoice, original }: CreditNoteIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const locale = localeOf(context.style.language ?? draft.language ?? original.language, settings.lang);
  const [first] = draft.lines;
  if (first === undefined && !draft.whole) {
    const detail = `nothing says what ${draft.orderNumber} gives back: credit ${invoice.number} by hand`;
    return err(problem('no_lines', detail));
  }
  const ways =
    first === undefined ? ok(COPIED) : waysToWrite(draft.lines, lineContext(original, draft.rounding, locale, context));
  if (!ways.ok) return ways;
  const request: CreditNoteRequest = {
    invoiceId: invoice.providerId,
    locale,
    currency: draft.currency,
    total: draft.amount,
    ...ways.value,
    timeline: null,
    title: titleBody(draft.orderNumber, locale, context),
    notes: notesBody(context),
    deliveryAddress: null,
  };
  return ok(toJson(request));
}

/** The lines that Abby copied from the invoice. */
const COPIED = { lines: null, otherwise: [] };

const lineContext = (
  { currency, buyer }: InvoiceDraft,
  rounding: InvoiceDraft['rounding'],
  locale: Locale,
  { style }: ComposeContext,
): LineContext => ({
  currency,
  buyer,
  sells: style.sells,
  roundingLine: rounding === 'line',
  texts: texts(locale),
  words: WORDS[locale],
});

function timelineBody({ soldAt }: InvoiceDraft, { today, timeZone, style }: ComposeContext): string {
  return JSON.stringify({
    emittedAt: noonIn(timeZone, today),
    deliveryDate: noonIn(timeZone, dateIn(timeZone, soldAt)),
    ...(style.dueDate === today
      ? { paymentDelay: 'at_reception' }
      : { paymentDelay: 'other', customDueDate: noonIn(timeZone, style.dueDate) }),
  });
}

/** The title is the one free text that Abby shows in its lists: it always holds the order's number. */
function titleBody(orderNumber: string, locale: Locale, { style }: ComposeContext): string {
  const own = `${texts(locale).order} ${orderNumber}`;
  const chosen = style.title?.trim() ?? '';
  const title = chosen === '' ? own : chosen.includes(orderNumber) ? chosen : `${chosen} – ${own}`;
  return JSON.stringify({ title });
}

function notesBody({ style }: ComposeContext): string | null {
  const footerNote = style.notes?.trim() ?? '';
  return footerNote === '' ? null : JSON.stringify({ footerNote });
}

/**
 * Noon of a calendar date in an IANA time zone, in unix seconds: the instant that stays on that day wherever Abby reads it.
 */
export function noonIn(timeZone: string, date: string): number {
  const noon = Date.parse(`${date}T12:00:00.000Z`);
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const shown = format.formatToParts(noon).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(shown) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  return noon / 1000 - offset;
}
