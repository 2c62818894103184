// What Facturation.pro's lists show: filters that match exactly, in part or by period, the order of rows, pages of fifty,
// and how much of each row is shown.
import type { CustomerRecord, InvoiceRecord } from './facturation-pro-records.ts';
import type { Answer } from './http-simulator.ts';

/** An empty parameter is as good as none. */
const wanted = (query: URLSearchParams, name: string): string | null => query.get(name) || null;

const exactly = (value: string | number | null, sought: string | null): boolean =>
  sought === null || (value !== null && String(value) === sought);

const partly = (value: string | null, sought: string | null): boolean =>
  sought === null || (value ?? '').toLowerCase().includes(sought.toLowerCase());

/** Category 0 stands for none. */
const inCategory = (category: number | null, sought: string | null): boolean => exactly(category ?? 0, sought);

/** Periods are months or days, both ends included. */
function inPeriod(day: string | null, query: URLSearchParams): boolean {
  const [start, end] = [wanted(query, 'period_start') ?? '', wanted(query, 'period_end') ?? ''];
  if (start === '' && end === '') return true;
  return day !== null && day.slice(0, start.length) >= start && day.slice(0, end.length) <= end;
}

/** Archived customers are shown only to who asks for them. */
const inMode = (customer: CustomerRecord, mode: string | null): boolean => {
  if (mode === 'all') return true;
  if (mode === 'archived') return customer.archived;
  if (mode === 'company' && customer.individual) return false;
  if (mode === 'individual' && !customer.individual) return false;
  return !customer.archived;
};

export const customerFilter =
  (query: URLSearchParams) =>
  (customer: CustomerRecord): boolean =>
    inMode(customer, wanted(query, 'mode')) &&
    exactly(customer.api_id, wanted(query, 'api_id')) &&
    partly(customer.api_custom, wanted(query, 'api_custom')) &&
    partly(customer.company_name, wanted(query, 'company')) &&
    partly(customer.last_name, wanted(query, 'last_name')) &&
    partly(customer.email, wanted(query, 'email')) &&
    partly(customer.account_code, wanted(query, 'account_code')) &&
    inCategory(customer.category_id, wanted(query, 'category_id'));

const ofType = (invoice: InvoiceRecord, type: string | null, today: string): boolean => {
  const unpaid = !invoice.draft && invoice.paid_on === null;
  switch (type) {
    case 'paid':
      return !invoice.draft && !unpaid;
    case 'unpaid':
      return unpaid;
    case 'term':
      return unpaid && invoice.term_on !== null && invoice.term_on < today;
    case 'invoice':
      return !invoice.draft && !invoice.external && invoice.refund_id === null;
    case 'external':
      return invoice.external;
    case 'refund':
      return invoice.refund_id !== null;
    case 'draft':
      return invoice.draft;
    case 'notes':
      return invoice.internal_note !== null;
    case 'nova':
      return invoice.service_personne;
    case 'down_payment':
      return false;
    default:
      return true;
  }
};

/** The period is that of the payment unless it is asked for as `billed`: an unpaid invoice is in no period. */
export const invoiceFilter =
  (query: URLSearchParams, today: string, customerOf: (invoice: InvoiceRecord) => CustomerRecord) =>
  (invoice: InvoiceRecord): boolean =>
    exactly(invoice.api_id, wanted(query, 'api_id')) &&
    partly(invoice.api_custom, wanted(query, 'api_custom')) &&
    partly(invoice.invoice_ref, wanted(query, 'invoice_ref')) &&
    exactly(invoice.full_invoice_ref, wanted(query, 'full_invoice_ref')) &&
    partly(invoice.payment_ref, wanted(query, 'payment_ref')) &&
    partly(invoice.title, wanted(query, 'title')) &&
    exactly(invoice.customer_id, wanted(query, 'customer_id')) &&
    partly(customerOf(invoice).company_name, wanted(query, 'company')) &&
    partly(customerOf(invoice).last_name, wanted(query, 'last_name')) &&
    inCategory(invoice.category_id, wanted(query, 'category_id')) &&
    ofType(invoice, wanted(query, 'bill_type'), today) &&
    inPeriod(query.get('period_type') === 'billed' ? invoice.invoiced_on : invoice.paid_on, query);

type Key<Row> = (row: Row) => string | null;
const { compare } = new Intl.Collator('fr', { numeric: true });

const CUSTOMER_KEYS: Record<string, Key<CustomerRecord>> = {
  last_invoice: (customer) => customer.last_invoiced_on,
  last_paid: (customer) => customer.last_paid_on,
  created: (customer) => customer.created_at,
  updated: (customer) => customer.updated_at,
};

const INVOICE_KEYS: Record<string, Key<InvoiceRecord>> = {
  customer: (invoice) => invoice.customer_identity,
  paid: (invoice) => invoice.paid_on,
  billed: (invoice) => invoice.invoiced_on,
  term: (invoice) => invoice.term_on,
  created: (invoice) => invoice.created_at,
  updated: (invoice) => invoice.updated_at,
};

/** By short name, ascending, unless `order` and `sort` say otherwise. */
export const sortCustomers = (rows: readonly CustomerRecord[], query: URLSearchParams): CustomerRecord[] =>
  sorted(rows, CUSTOMER_KEYS[query.get('order') ?? ''] ?? ((row) => row.short_name), query.get('sort') ?? 'asc');

/** By number, descending, unless `order` and `sort` say otherwise. */
export const sortInvoices = (rows: readonly InvoiceRecord[], query: URLSearchParams): InvoiceRecord[] =>
  sorted(rows, INVOICE_KEYS[query.get('order') ?? ''] ?? ((row) => row.invoice_ref), query.get('sort') ?? 'desc');

function sorted<Row extends { id: number }>(rows: readonly Row[], key: Key<Row>, direction: string): Row[] {
  const ascending = rows.toSorted((a, b) => compare(key(a) ?? '', key(b) ?? '') || a.id - b.id);
  return direction === 'desc' ? ascending.toReversed() : ascending;
}

/** One page, with what there is in all told by a header. A page beyond the last is empty. */
export function page(rows: readonly unknown[], query: URLSearchParams, per_page: number): Answer {
  const current_page = Math.max(Number(query.get('page') ?? 1) || 1, 1);
  const total_pages = Math.max(Math.ceil(rows.length / per_page), 1);
  const shown = rows.slice((current_page - 1) * per_page, current_page * per_page);
  const pagination = { current_page, total_pages, per_page, total_entries: rows.length };
  return { status: 200, headers: { 'x-pagination': JSON.stringify(pagination) }, body: JSON.stringify(shown) };
}

/** Whether a customer is archived is told by no field. */
export const showCustomer = ({ archived: _archived, ...customer }: CustomerRecord): object => customer;

/** What is always null here, because the simulated account has no use for it. */
const UNUSED = {
  precompte: null,
  quote_id: null,
  tax_percent: null,
  tax_title: null,
  pay_url: null,
  overdue_at: null,
  recurring_invoice_id: null,
};

export function showInvoice(invoice: InvoiceRecord, shown: { details: boolean; settlements: boolean }): object {
  const { items, settlements, ...row } = invoice;
  const details = shown.details ? { items, files: [] } : {};
  return { ...UNUSED, ...row, ...details, ...(shown.settlements ? { settlements } : {}) };
}

/** A list names the customer in a field of its own, and holds lines and settlements back unless it is asked for them. */
export const listedInvoice = (invoice: InvoiceRecord, query: URLSearchParams): object => ({
  ...showInvoice(invoice, {
    details: query.get('with_details') === '1',
    settlements: query.get('with_settlements') === '1',
  }),
  customer_name: invoice.customer_identity,
});

/** The fields of an invoice in the documented samples, which are fewer than those of the documented table. */
const SAMPLED = new Set(
  (
    'api_custom api_id category_id currency customer_id external_ref discount draft id information invoice_ref ' +
    'invoiced_on language paid_on pay_before payment_mode payment_ref penalty precompte quote_id rebate_percentage ' +
    'service_personne tax_percent tax_title term_on title total vat_exemption'
  ).split(' '),
);

/** An invoice as the sample of its creation (`items`) or of its credit note (`paid_in_main_currency`) shows it. */
export const sampledInvoice = (invoice: InvoiceRecord, and: 'items' | 'paid_in_main_currency'): object =>
  Object.fromEntries(
    Object.entries(showInvoice(invoice, { details: true, settlements: true })).filter(
      ([name]) => SAMPLED.has(name) || name === and,
    ),
  );
