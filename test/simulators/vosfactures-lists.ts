// Which rows a VosFactures list shows: its filters, its order and its pages.
import type { ClientRecord, InvoiceRecord } from './vosfactures-records.ts';

/** Rows of a page when `per_page` does not say, and at most. */
const USUAL_PAGE = 25;
const LARGEST_PAGE = 100;

/** Matches parts of values without regard to case, or whole values. Nothing asked for matches everything. */
const matches = (value: string | null, wanted: string | null, partial: boolean): boolean =>
  wanted === null || (partial ? (value ?? '').toLowerCase().includes(wanted.toLowerCase()) : value === wanted);

export const clientFilter = (query: URLSearchParams, partial: boolean) => (client: ClientRecord) =>
  (['external_id', 'tax_no', 'email', 'name'] as const).every((name) =>
    matches(client[name], query.get(name), partial),
  );

/** Without `period=all` a list goes back twelve months only. */
export const invoiceFilter = (query: URLSearchParams, partial: boolean, now: Date) => (invoice: InvoiceRecord) =>
  matches(invoice.oid, query.get('oid'), partial) &&
  (['client_id', 'invoice_id', 'from_invoice_id', 'number', 'kind'] as const).every(
    (name) => query.get(name) === null || String(invoice[name]) === query.get(name),
  ) &&
  (query.getAll('kinds[]').length === 0 || query.getAll('kinds[]').includes(invoice.kind)) &&
  (query.get('period') === 'all' || invoice.issue_date >= yearBefore(now));

const yearBefore = (now: Date): string => {
  const from = new Date(now);
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  return from.toISOString().slice(0, 10);
};

/** Newest first. */
export function page<T extends { id: number }>(
  rows: readonly T[],
  query: URLSearchParams,
  largest = LARGEST_PAGE,
): T[] {
  const size = Math.min(Number(query.get('per_page') ?? USUAL_PAGE), largest);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return rows.toSorted((a, b) => b.id - a.id).slice(from, from + size);
}
