// An invoice in the words of VosFactures: the body that its API takes. Pure; the text made here is frozen and sent as it is.
import { z } from 'zod';
import type { ComposeContext, DocumentStyle, InvoiceIntent } from '../../src/connector.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { InvoiceDraft } from '../../src/domain/document.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { formatMinor, type Minor, min, parseMinor, sum } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type Texts, texts } from '../texts.ts';
import { buyerFields, given } from './vosfactures-buyer.ts';
import {
  CALCULATING,
  type DocumentSettings,
  documentLanguage,
  impossible,
  oidOf,
  paymentType,
  styledTexts,
  taxOf,
} from './vosfactures-document.ts';

/** The body of `POST /invoices.json`. A problem where VosFactures could not hold the amounts or would pick another client. */
export function invoiceRequest(
  intent: InvoiceIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const { draft, client } = intent;
  const problem = impossible(client.id, draft.currency);
  if (problem !== null) return err(problem);
  const lang = documentLanguage(draft.language, context, settings);
  const words = texts(lang);
  const someTaxed = draft.lines.some((line) => line.rate !== null);
  const invoice = {
    kind: settings.kind,
    oid: oidOf(draft.key),
    oid_unique: 'yes',
    client_id: client.id,
    ...given({ department_id: settings.departmentId ?? '', category_id: settings.categoryId ?? '' }),
    lang,
    currency: draft.currency,
    issue_date: context.today,
    sell_date: dateIn(context.timeZone, draft.soldAt),
    // The due date is a mandatory mention, on a paid invoice too.
    payment_to_kind: 'other_date',
    payment_to: context.style.dueDate,
    transaction_type: TRANSACTION_TYPES[context.style.sells],
    ...paidFields(draft, context, settings, words),
    ...buyerFields(draft.buyer),
    // Without it VosFactures prints the address that it stored for the client, not the order's.
    buyer_override: true,
    calculating_strategy: CALCULATING,
    positions: draft.lines.map((line) => positionOf(line, draft.currency, someTaxed, words)),
    ...styledTexts(draft.orderNumber, context, words),
    internal_note: privateNote(draft, words),
  };
  return ok(toJson({ invoice }));
}

const TRANSACTION_TYPES: Readonly<Record<DocumentStyle['sells'], string>> = {
  goods: 'goods',
  services: 'services',
  mixed: 'goods_and_services',
};

const InvoiceRequestSchema = z.object({
  invoice: z.object({
    oid: z.string(),
    currency: z.string(),
    positions: z.array(z.object({ total_price_gross: z.string() })),
  }),
});

/**
 * The marker of a request made here and the total that VosFactures will compute for it: with `keep_gross`, the sum of the
 * lines, below zero for a credit note. Null for any other text.
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
    tax: taxOf(line, someTaxed),
    total_price_gross: formatMinor(line.gross, currency),
    ...(line.kind === 'item' ? {} : { service: true }),
    ...given({ code: line.sku }),
    // A position's own `discount` field changes the total or is dropped, depending on the account: it is told in words.
    ...(line.discount > 0n
      ? { description: `${words.discountIncluded} : ${formatMinor(line.discount, currency)} ${currency}` }
      : {}),
  };
}

function paidFields(
  draft: InvoiceDraft,
  context: ComposeContext,
  settings: DocumentSettings,
  words: Texts,
): Record<string, string> {
  const [first, ...others] = draft.received;
  if (first === undefined) return {};
  const largest = others.reduce((a, b) => (b.amount > a.amount ? b : a), first);
  const last = others.reduce((a, b) => (b.at > a.at ? b : a), first);
  const amount = sum(draft.received.map((received) => received.amount));
  return {
    status: amount >= draft.total ? 'paid' : 'partial',
    paid: formatMinor(min(amount, draft.total), draft.currency),
    paid_date: dateIn(context.timeZone, last.at),
    payment_type: paymentType(largest, settings.paymentModes, words),
  };
}

function privateNote(draft: InvoiceDraft, words: Texts): string {
  const payments = draft.received.map(
    (received) =>
      `${words.payment} ${received.id === 'claim' ? received.label : received.id} : ${formatMinor(received.amount, draft.currency)} ${draft.currency}, ${received.at}`,
  );
  return [`${words.order} ${draft.orderNumber} (${draft.source}/${draft.orderId})`, ...payments].join('\n');
}
