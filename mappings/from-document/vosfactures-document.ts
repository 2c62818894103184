// What every document of ours at VosFactures has in common: its marker, how its lines are reckoned and named, how money came.
// Field names and their values: https://github.com/vosfactures/API (read 2026-03).
import { createHash } from 'node:crypto';
import Big from 'big.js';
import type { ComposeContext } from '../../src/connector.ts';
import type { DocumentKey, Received } from '../../src/domain/document.ts';
import { minorDigits } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { assertNever } from '../../src/domain/result.ts';
import { type Language, languageOf } from '../tables/vosfactures-languages.ts';
import type { Texts } from '../texts.ts';
import { given } from './vosfactures-buyer.ts';

/** Sorts of document that an invoice of ours may be. */
export const INVOICE_KINDS = ['vat', 'invoice_other'] as const;

/** What the account's settings decide about every document. */
export type DocumentSettings = {
  kind: (typeof INVOICE_KINDS)[number];
  departmentId: string | null;
  categoryId: string | null;
  lang: Language;
  /** A mode of payment of the account's own, by the gateway's id in lower case. */
  paymentModes: ReadonlyMap<string, string>;
};

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

/** Why VosFactures cannot hold this document for this client, or null. */
export function impossible(clientId: string | null, currency: string): Problem | null {
  // client_id -1 makes a new client, and a missing one lets VosFactures choose by name.
  if (clientId === null || !/^[1-9]\d*$/.test(clientId)) {
    return problem('client_id_unusable', `"${clientId ?? ''}" is no VosFactures id`);
  }
  if (minorDigits(currency) <= 2) return null;
  const detail = `VosFactures keeps two decimals, ${currency} has three: make this document by hand`;
  return problem('not_supported_by_provider', detail, 'currency');
}

/** All three or none; these keep every line's gross amount and add them up. */
export const CALCULATING = { position: 'keep_gross', sum: 'keep_gross', invoice_form_price_kind: 'gross' };

/** `disabled` where no line of the invoice is taxed, `0` for an untaxed line among taxed ones. */
export const taxOf = ({ rate }: Pick<OrderLine, 'rate'>, someTaxed: boolean): string =>
  rate === null ? (someTaxed ? '0' : 'disabled') : new Big(rate).toFixed();

/** The language that the user chose, else the buyer's, else the account's: the first that VosFactures prints. */
export const documentLanguage = (tag: string | null, { style }: ComposeContext, { lang }: DocumentSettings): Language =>
  languageOf(style.language, languageOf(tag, lang));

/** The user's title and notes. The order's number stands in one of them, whatever they say. */
export function styledTexts(orderNumber: string, { style }: ComposeContext, words: Texts): Record<string, unknown> {
  const order = `${words.order} ${orderNumber}`;
  const title = style.title ?? order;
  const named = [title, style.notes ?? ''].some((text) => text.includes(orderNumber));
  const description = [style.notes ?? '', named ? '' : order].filter((text) => text.trim() !== '').join('\n');
  return { ...given({ description }), additional_fields: { title } };
}

/** VosFactures knows some modes by a word; any other text is printed as it is. */
export function paymentType(
  { method, mode, label }: Received,
  modes: DocumentSettings['paymentModes'],
  words: Texts,
): string {
  const own = modes.get(method.trim().toLowerCase());
  if (own !== undefined) return own;
  switch (mode) {
    case 'card':
    case 'transfer':
    case 'cheque':
    case 'cash':
    case 'paypal':
      return mode;
    case 'direct_debit':
      return words.directDebit;
    case 'voucher':
      return words.voucher;
    case 'other':
      return label.trim() || words.otherPayment;
    default:
      return assertNever(mode);
  }
}
