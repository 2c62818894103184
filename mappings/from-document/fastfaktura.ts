// An invoice in the words of FastFaktura. Pure; the text made here is frozen and sent as it is.
// Fields and their types: https://fastfaktura.io/en/docs/api (v1, read 2026-03).
import Big from 'big.js';
import { z } from 'zod';
import type { ComposeContext, InvoiceIntent } from '../../src/connector.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { InvoiceDraft, Received } from '../../src/domain/document.ts';
import { parseJson, rawJson } from '../../src/domain/json.ts';
import { type Decimal, formatMinor, parseMinor } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { bareTaxNumber, isValidTaxNumber, taxNumberForms } from '../../src/domain/tax-number.ts';
import { CURRENCIES, type Locale, localeOf, spokenIn, WORDS, type Words } from '../tables/fastfaktura.ts';
import { addressLines } from './fastfaktura-client.ts';
import { markerLine, tokenIn } from './fastfaktura-marker.ts';
import { arithmetics } from './fastfaktura-rounding.ts';
import type { NetLine, TaxRounding } from './net-arithmetic.ts';
import { netLines } from './net-lines.ts';

/** What the account's settings decide about every document. */
export type DocumentSettings = {
  /** Null while nobody knows where this account rounds tax. */
  taxRounding: TaxRounding | null;
  language: Locale;
};

/** Prices are whole cents, and all six currencies have two decimals. */
const UNIT_DECIMALS = 2;
/** A quantity is a JSON number of any length: as many decimals as an order has. */
const QUANTITY_DECIMALS = 12;
/** The body of `POST /invoices`. A problem where FastFaktura has not the currency, or no net prices make the total. */
export function invoiceRequest(
  { draft, client }: InvoiceIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const { currency, lines, buyer } = draft;
  if (!z.guid().safeParse(client.id).success) {
    return err(problem('client_id_unusable', `"${client.id}" is no id of a FastFaktura client`));
  }
  if (!CURRENCIES.some((code) => code === currency)) {
    const detail = `FastFaktura invoices in ${CURRENCIES.join(', ')}, not in ${currency}: invoice it by hand`;
    return err(problem('not_supported_by_provider', detail, 'currency'));
  }
  const told = netLines(lines, {
    currency,
    unitDecimals: UNIT_DECIMALS,
    quantityDecimals: QUANTITY_DECIMALS,
    arithmetics: arithmetics(settings.taxRounding),
    roundingLine: draft.rounding === 'line',
  });
  if (!told.ok) return err(settings.taxRounding === null ? withAdvice(told.error) : told.error);
  const { language } = context.style;
  const locale = localeOf(language) ?? localeOf(draft.language) ?? spokenIn(buyer.address.country) ?? settings.language;
  return ok(
    JSON.stringify({
      client_id: client.id,
      currency,
      due_date: context.style.dueDate,
      notes: notesOf(draft, context, WORDS[locale]),
      lines: told.value.lines.map((line) => lineOf(line, currency, WORDS[locale])),
    }),
  );
}

const withAdvice = ({ detail, ...rest }: { code: string; detail: string; at?: string }) => ({
  ...rest,
  detail: `${detail}; more orders have an exact form once tax_rounding says where this account rounds tax`,
});

const InvoiceRequestSchema = z.object({ client_id: z.string(), currency: z.string(), notes: z.string() });

/** What an answer to a request made here must repeat; null for any other text. */
export function readInvoiceRequest(request: string): { clientId: string; currency: string; marker: string } | null {
  const json = parseJson(Buffer.from(request));
  const parsed = InvoiceRequestSchema.safeParse(json.ok ? json.value : null);
  if (!parsed.success) return null;
  const { client_id, currency, notes } = parsed.data;
  const marker = tokenIn(notes);
  return marker === null ? null : { clientId: client_id, currency, marker };
}

function lineOf({ line, quantity, unitNet, rate }: NetLine, currency: string, words: Words): Record<string, unknown> {
  const counted = line === null || new Big(line.quantity).eq(quantity) ? '' : `${line.quantity} × `;
  const discount =
    line !== null && line.discount > 0n
      ? `\n${words.discountIncluded} : ${formatMinor(line.discount, currency)} ${currency}`
      : '';
  return {
    description: `${counted}${line?.name ?? words.rounding}${discount}`,
    quantity: numeral(quantity),
    unit_price_cents: rawJson(String(parseMinor(unitNet, currency))),
    tax_rate: numeral(rate ?? '0'),
  };
}

/** A JSON number in the very digits of the decimal: it is never a float on our side. */
const numeral = (value: Decimal): unknown => rawJson(new Big(value).toFixed());

/**
 * All that FastFaktura has no field for, in words: the user's own texts first, the order's number and the marker last.
 * Its clients have no tax number, its invoices no payments.
 */
function notesOf(draft: InvoiceDraft, { style, timeZone }: ComposeContext, words: Words): string {
  const { buyer } = draft;
  const delivery = buyer.delivery === null ? null : [...addressLines(buyer.delivery), buyer.delivery.country];
  return [
    style.title,
    style.notes,
    delivery === null ? null : `${words.delivery} : ${delivery.filter(Boolean).join(', ')}`,
    ...taxNumberLines(buyer, words),
    ...draft.received.map((one) => `${words.received} ${paymentText(one, draft.currency, timeZone)}`),
    markerLine(words, draft.orderNumber, draft.key),
  ]
    .filter((text) => text !== null && text.trim() !== '')
    .join('\n');
}

const paymentText = ({ id, at, amount, label }: Received, currency: string, timeZone: string): string => {
  const how = [label.trim(), id === 'claim' ? '' : id].filter(Boolean).join(', ');
  return `${dateIn(timeZone, at)} : ${formatMinor(amount, currency)} ${currency}${how === '' ? '' : ` (${how})`}`;
};

/** The VAT number where its checksum is right, with the SIREN of a French company; any other number as it was written. */
function taxNumberLines({ taxNumber, address }: Buyer, words: Words): string[] {
  const bare = bareTaxNumber(taxNumber);
  if (bare === null) return [];
  const [vat, , siren] = taxNumberForms(taxNumber, address.country);
  if (vat === undefined || !isValidTaxNumber(taxNumber, address.country)) return [`${words.companyNumber} : ${bare}`];
  return [`${words.vatNumber} : ${vat}`, ...(siren === undefined ? [] : [`SIREN : ${siren}`])];
}
