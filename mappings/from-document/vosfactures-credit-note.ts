// A credit note in the words of VosFactures, which calls it a correction.
import Big from 'big.js';
import type { ComposeContext, CreditNoteIntent } from '../../src/connector.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { CreditLine } from '../../src/domain/document.ts';
import { toJson } from '../../src/domain/json.ts';
import { formatMinor } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type Texts, texts } from '../texts.ts';
import { buyerFields, given } from './vosfactures-buyer.ts';
import {
  CALCULATING,
  type DocumentSettings,
  documentLanguage,
  impossible,
  oidOf,
  styledTexts,
  taxOf,
} from './vosfactures-document.ts';

/**
 * The body of `POST /invoices.json` for a credit note, whole or in part: what it takes back, line by line. A copy of the
 * invoice (`copy_invoice_from`) would be shorter for a whole one, but it copies the `oid` and the dates as well, and leaves
 * the total to VosFactures.
 */
export function creditNoteRequest(
  { draft, invoice, original }: CreditNoteIntent,
  context: ComposeContext,
  settings: DocumentSettings,
): Result<string> {
  const why = impossible(invoice.clientId, draft.currency);
  if (why !== null) return err(why);
  if (draft.lines.length === 0) {
    return err(problem('no_lines', `nothing says what the refund on order ${draft.orderNumber} takes back`, 'lines'));
  }
  const lang = documentLanguage(draft.language ?? original.language, context, settings);
  const words = texts(lang);
  const someTaxed = original.lines.some(({ rate }) => rate !== null);
  const creditNote = {
    kind: 'correction',
    oid: oidOf(draft.key),
    oid_unique: 'yes',
    client_id: invoice.clientId,
    ...given({ department_id: settings.departmentId ?? '', category_id: settings.categoryId ?? '' }),
    // `invoice_id` is the link that works; `from_invoice_id` only tells what it was made from.
    invoice_id: invoice.providerId,
    from_invoice_id: invoice.providerId,
    correction_reason: draft.reason.trim() || words.refund,
    lang,
    currency: draft.currency,
    issue_date: context.today,
    sell_date: dateIn(context.timeZone, original.soldAt),
    // Nobody has to pay a credit note by a date.
    payment_to_kind: 'off',
    ...buyerFields(original.buyer),
    buyer_override: true,
    calculating_strategy: CALCULATING,
    positions: draft.lines.map((line) => correctionOf(line, draft.currency, someTaxed, words)),
    ...styledTexts(draft.orderNumber, context, words),
    internal_note: `${words.order} ${draft.orderNumber} (${draft.source}/${draft.orderId})`,
  };
  return ok(toJson({ invoice: creditNote }));
}

/**
 * What the credit note takes back of a line: it stood at so much, nothing of it is left. How the line stood on the invoice is
 * not repeated, since earlier credit notes may have taken their part of it.
 */
function correctionOf(line: CreditLine, currency: string, someTaxed: boolean, words: Texts): Record<string, unknown> {
  const name = line.name.trim() || words.refund;
  const tax = taxOf(line, someTaxed);
  const side = (quantity: string, gross: bigint) => ({
    name,
    quantity,
    tax,
    total_price_gross: formatMinor(gross, currency),
  });
  return {
    ...side(new Big(line.quantity).times(-1).toFixed(), -line.gross),
    kind: 'correction',
    ...(line.kind === 'item' ? {} : { service: true }),
    ...given({ code: line.sku }),
    correction_before_attributes: { ...side(line.quantity, line.gross), kind: 'correction_before' },
    correction_after_attributes: { ...side('0', 0n), kind: 'correction_after' },
  };
}
