// A document as Facturation.pro shows it: a draft, an invoice or a credit note.
import { z } from 'zod';
import type { ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Json } from '../../src/domain/json.ts';
import { type Minor, parseDecimal, roundMinor, sum, toMinorUnits } from '../../src/domain/money.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { type AnswerReader, readOutcome } from '../../src/provider-answer.ts';
import { firmPath, IdSchema, rejectionWhere } from './wire.ts';

/** As much of it as an answer shows: the total with tax is missing in the documentation's samples. */
export type Shown = Omit<Issued, 'total'> & { total: Minor | null };

const SettlementSchema = z.object({ id: IdSchema, total: z.string(), payment_ref: z.string().nullish() });
export type Settlement = z.infer<typeof SettlementSchema>;

const DocumentSchema = z.object({
  id: IdSchema,
  draft: z.boolean(),
  api_custom: z.string().nullish(),
  currency: z.string(),
  customer_id: IdSchema,
  invoice_ref: z.string().nullish(),
  full_invoice_ref: z.string().nullish(),
  external: z.boolean().nullish(),
  refund_id: IdSchema.nullish(),
  total: z.string(),
  total_with_vat: z.string().nullish(),
  balance: z.string().nullish(),
  paid_on: z.string().nullish(),
  payment_ref: z.string().nullish(),
  settlements: z.array(SettlementSchema).nullish(),
  public_download_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
});

/** What an answer shows of a document; null when it is not one. The figures of a credit note are told as positive. */
export function readDocument(json: unknown): Shown | null {
  const parsed = DocumentSchema.safeParse(json);
  if (!parsed.success) return null;
  const shown = parsed.data;
  const { currency, full_invoice_ref, invoice_ref } = shown;
  // The credit notes of the samples do not name what they cancel, but less than nothing is no invoice.
  const credits = (shown.refund_id ?? null) !== null || shown.total.startsWith('-');
  const amount = (text: string | null | undefined): Minor | null => {
    const signed = readAmount(text, currency);
    return signed !== null && credits ? -signed : signed;
  };
  const total = amount(shown.total_with_vat);
  return {
    providerId: shown.id,
    number: shown.draft ? '' : full_invoice_ref || invoice_ref || '',
    total,
    currency,
    paid: paidOn(total, amount(shown.balance), shown),
    clientId: shown.customer_id,
    marker: shown.api_custom ?? null,
    kind: shown.external === true ? 'other' : credits ? 'credit_note' : 'invoice',
    state: shown.draft ? 'draft' : 'final',
    publicUrl: shown.public_download_url ?? null,
  };
}

/** A whole document; null where its total is not told. */
export function issuedOf(shown: Shown | null): Issued | null {
  return shown === null || shown.total === null ? null : { ...shown, total: shown.total };
}

/** The invoice that a credit note takes back, where the answer names it. */
export const refundedBy = (json: unknown): string | null => DocumentSchema.safeParse(json).data?.refund_id ?? null;

/** How an invoice was paid: noted on itself, or by settlements. */
export function paymentsOn(json: unknown): { paidOn: string | null; paymentRef: string | null; parts: Settlement[] } {
  const { paid_on, payment_ref, settlements } = DocumentSchema.safeParse(json).data ?? {};
  return { paidOn: paid_on ?? null, paymentRef: payment_ref ?? null, parts: settlements ?? [] };
}

/** Money received: what the balance leaves of the total, else everything once it is marked as paid, else its parts. */
function paidOn(total: Minor | null, balance: Minor | null, shown: z.infer<typeof DocumentSchema>): Minor {
  if (total !== null && balance !== null) return total - balance;
  if (total !== null && (shown.paid_on ?? null) !== null) return total;
  const parts = (shown.settlements ?? []).map(({ total: part }) => readAmount(part, shown.currency) ?? 0n);
  return sum(parts);
}

/** Its type keeps three decimals; what is printed and owed is rounded to the minor unit. Null for what is no amount. */
export function readAmount(text: string | null | undefined, currency: string): Minor | null {
  const amount = parseDecimal(text ?? '');
  return amount === null ? null : roundMinor(toMinorUnits(amount, currency));
}

/** A document by its id, as far as `value` proves what is asked; `gone` where it is not there or marked as deleted. */
export async function readById<T>(
  io: ProviderIo,
  firmId: string,
  id: string,
  value: (json: Json) => T | null,
): Promise<Outcome<T>> {
  const answer = await io.http({ method: 'GET', path: documentPath(firmId, id) });
  return readOutcome(answer, { value, rejection: rejectionWhere('gone') });
}

/** Reads an answer about the document of this id. */
export const aboutDocument = (id: string, accepts: (issued: Issued) => boolean): AnswerReader<Issued> => ({
  value: (json) => {
    const issued = issuedOf(readDocument(json));
    return issued !== null && issued.providerId === id && accepts(issued) ? issued : null;
  },
  rejection: rejectionWhere('gone'),
});

export const documentPath = (firmId: string, id: string, form: 'json' | 'pdf' = 'json'): string =>
  firmPath(firmId, `/invoices/${encodeURIComponent(id)}.${form}`);
