// An invoice in the words of Facturation.pro. Pure; the text made here is frozen and sent as it is.
// Fields and their types: https://facturation.dev, "Factures" (read 2026-03).
import Big from 'big.js';
import { z } from 'zod';
import type { ComposeContext, InvoiceIntent } from '../../src/connector.ts';
import type { Address } from '../../src/domain/buyer.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { InvoiceDraft } from '../../src/domain/document.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { MinorSchema } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import {
  CURRENCIES,
  type Language,
  languageOf,
  type Nature,
  type PaymentCode,
  WORDS,
  type Words,
} from '../tables/facturation-pro.ts';
import { plain, waysToWrite } from './facturation-pro-lines.ts';
import { marksOf } from './facturation-pro-marker.ts';

/** What the account's settings decide about every document. */
export type DocumentSettings = {
  language: Language;
  /** By the gateway's id in lower case. */
  paymentModes: Readonly<Record<string, PaymentCode>>;
  categoryId: string | null;
  vatExemption: string | null;
  /** A term's code; null: the due date of the document's style. */
  payBefore: string | null;
  nature: Nature | null;
};

const TITLE_LENGTH = 255;

/**
 * The frozen request of an invoice. Its body holds every field that another day or setting may change: the same body
 * brings an older draft in line. A problem where Facturation.pro could not hold the order's amounts.
 */
export function invoiceRequest(
  { draft, client }: InvoiceIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const { style } = context;
  const language = languageOf(style.language ?? draft.language, settings.language);
  const words = WORDS[language];
  if (!CURRENCIES.includes(draft.currency)) {
    const detail = `Facturation.pro does not list ${draft.currency}: invoice the order by hand`;
    return err(problem('not_supported_by_provider', detail, 'currency'));
  }
  const ways = waysToWrite(draft, words, settings.nature);
  if (!ways.ok) return ways;
  const [items, ...otherwise] = ways.value;
  const untaxed = draft.lines.every(({ rate }) => rate === null || new Big(rate).eq(0));
  const body = {
    ...marksOf(draft.key),
    customer_id: client.id,
    currency: draft.currency,
    language,
    invoiced_on: context.today,
    delivery_on: dateIn(context.timeZone, draft.soldAt),
    ...(settings.payBefore === null ? { term_on: style.dueDate } : { pay_before: settings.payBefore }),
    ...texts(draft, context, words),
    category_id: settings.categoryId,
    vat_exemption: untaxed ? settings.vatExemption : null,
    items,
  };
  return ok(toJson({ total: draft.total, body, otherwise }));
}

const ItemSchema = z.looseObject({ position: z.string() });

const InvoiceRequestSchema = z.object({
  /** What the draft must come to, in minor units. */
  total: MinorSchema,
  /** The body of `POST /invoices.json`. */
  body: z.looseObject({
    api_custom: z.string(),
    term_on: z.string().optional(),
    pay_before: z.string().optional(),
    items: z.array(ItemSchema),
  }),
  /** Other ways to write the lines, for a draft whose total is not that. */
  otherwise: z.array(z.array(ItemSchema)),
});
export type InvoiceRequest = z.infer<typeof InvoiceRequestSchema>;

/** Reads back a request of `invoiceRequest`; null for any other text. */
export function readInvoiceRequest(request: string): InvoiceRequest | null {
  const json = parseJson(Buffer.from(request));
  return InvoiceRequestSchema.safeParse(json.ok ? json.value : null).data ?? null;
}

/**
 * What people read. Under a title of the user's own the order's number stands as the purchase order. There is no field for
 * a delivery address: it is told in words.
 */
function texts(draft: InvoiceDraft, { style }: ComposeContext, words: Words): Record<string, string | null> {
  const { orderNumber, source, orderId, buyer } = draft;
  const order = `${words.order} ${orderNumber}`;
  const delivery = buyer.delivery === null ? null : `${words.delivery} : ${addressText(buyer.delivery)}`;
  const information = [style.notes, delivery].filter((text) => text !== null).join('\n');
  return {
    title: plain(style.title ?? order).slice(0, TITLE_LENGTH),
    information: information === '' ? null : plain(information),
    purchase_number: style.title === null ? null : orderNumber,
    internal_note: `${order} (${source}/${orderId})`,
  };
}

const addressText = ({ name, line1, line2, postCode, city, region, country }: Address): string =>
  [name, line1, line2, `${postCode} ${city}`.trim(), region, country].filter(Boolean).join(', ');
