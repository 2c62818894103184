// Texts of the user's own on a document: `{{order.number}}` and its kin, filled in from what is being documented.
import type { Buyer } from './buyer.ts';

/** What a merge field may name. All are text; what an order does not tell is empty. */
export const MERGE_FIELDS = [
  'buyer.email',
  'buyer.name',
  'order.date',
  'order.id',
  'order.number',
  'payment.id',
  'payment.method',
  'source',
] as const;
export type MergeField = (typeof MERGE_FIELDS)[number];
export type MergeValues = Readonly<Record<MergeField, string>>;

const FIELD = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The text with every field filled in. An unknown field is left as it stands: the configuration refuses it before. */
export const fillIn = (template: string, values: MergeValues): string =>
  template.replace(FIELD, (written, name: string) => (isMergeField(name) ? values[name] : written)).trim();

/** The fields of a template that nothing can fill. */
export const unknownFields = (template: string): string[] =>
  [...template.matchAll(FIELD)].flatMap(([, name = '']) => (isMergeField(name) ? [] : [name]));

const isMergeField = (name: string): name is MergeField => MERGE_FIELDS.some((field) => field === name);

/** `date` is YYYY-MM-DD in the seller's time zone. */
export const mergeValues = (from: {
  buyer: Pick<Buyer, 'name' | 'email'>;
  order: { id: string; number: string; date: string };
  payment: { id: string; method: string } | null;
  source: string;
}): MergeValues => ({
  'buyer.email': from.buyer.email ?? '',
  'buyer.name': from.buyer.name,
  'order.date': from.order.date,
  'order.id': from.order.id,
  'order.number': from.order.number,
  'payment.id': from.payment?.id ?? '',
  'payment.method': from.payment?.method ?? '',
  source: from.source,
});
