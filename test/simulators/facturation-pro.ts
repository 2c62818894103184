// Facturation.pro as its documentation describes it, strict where it is known to refuse (501, URL-only parameters, final
// invoices) and awkward where it is known to be: partial searches, archived customers hidden, periods of payment. What the
// documents leave open is a switch.
import { type Json, parseJson } from '../../src/domain/json.ts';
import { FacturationProBooks } from './facturation-pro-books.ts';
import { isoDate, Missing, Refusal } from './facturation-pro-fields.ts';
import { requestLimit } from './facturation-pro-limit.ts';
import {
  customerFilter,
  invoiceFilter,
  listedInvoice,
  page,
  sampledInvoice,
  showCustomer,
  showInvoice,
  sortCustomers,
  sortInvoices,
} from './facturation-pro-lists.ts';
import { type FacturationProOptions, LIKELIER, type Switches } from './facturation-pro-options.ts';
import type { CustomerRecord, InvoiceRecord, PaymentRecord, SentEmail } from './facturation-pro-records.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';

export type { FacturationProOptions } from './facturation-pro-options.ts';

export type FacturationProSimulator = HttpSimulator & {
  apiId: string;
  apiKey: string;
  firmId: number;
  documents(): readonly InvoiceRecord[];
  clients(): readonly CustomerRecord[];
  payments(): readonly PaymentRecord[];
  sent(): readonly SentEmail[];
  books: FacturationProBooks;
  /** Requests that were answered 429. */
  throttled(): number;
  /** Lists answer every row, whatever is asked for. */
  ignoreFilters(on: boolean): void;
  /** While on, what is made is in no list; turned off, everything is. */
  lag(on: boolean): void;
};

const API_ID = '4711';
const API_KEY = 'sEcReT-key-of-the-simulated-account';
const FIRM_ID = 2026;
const ACCOUNT = { id: 17, email: 'gerance@atelier.example', firms: [{ id: FIRM_ID, name: 'Atelier Test' }] };

const NOT_JSON = "le Content-Type n'est pas application/json";
/** A name, and in brackets a page or an address to turn to; no accents. */
const CONTACT = /^[\x20-\x7e]+\([\x20-\x7e]*(@|https?:\/\/)[\x20-\x7e]*\)/;

/** Starts a simulated account with one firm and two categories, and no customers or invoices. */
export async function startFacturationPro(options: FacturationProOptions): Promise<FacturationProSimulator> {
  const switches: Switches = { ...LIKELIER, ...options };
  const { userAgent, patched, created, drafts, perPage } = switches;
  const books = new FacturationProBooks(options.now, switches);
  const { customers, invoices } = books;
  const limit = requestLimit(options.now, options.limit);
  let filters = true;
  let lagging: ReadonlySet<number> | null = null;

  const answer = (exchange: Exchange): Answer => {
    const { method, path, headers } = exchange;
    const link = invoices.all.find((invoice) => invoice.public_download_url === `${invoices.url}${path}`);
    if (method === 'GET' && link !== undefined) return pdf(link, exchange.query);
    if (headers.authorization !== `Basic ${Buffer.from(`${API_ID}:${API_KEY}`).toString('base64')}`) return DENIED;
    const contact = headers['x-user-agent'] ?? headers['user-agent'] ?? '';
    if (userAgent === 'required' && !CONTACT.test(String(contact))) return refuse(403, 'User-Agent sans contact');
    // The documented samples archive and restore without a Content-Type: they create and modify nothing.
    const writes = (method === 'POST' || method === 'PATCH') && !/archive\.json$/.test(path);
    if (writes && !/^application\/json\b/.test(headers['content-type'] ?? '')) return refuse(501, NOT_JSON);
    const body = writes && exchange.body.length > 0 ? parseJson(exchange.body) : { ok: true as const, value: {} };
    return body.ok ? act(exchange, body.value) : refuse(400, body.error.detail);
  };

  const act = ({ method, path, query }: Exchange, body: Json): Answer => {
    if (path === '/account.json' && method === 'GET') return json(200, ACCOUNT);
    const [, firm, route = ''] = /^\/firms\/(\d+)(\/.*)$/.exec(path) ?? [];
    if (firm !== String(FIRM_ID)) throw new Missing();
    const [id = 0, childId = 0] = [...route.matchAll(/\d+/g)].map(Number);
    switch (`${method} ${route.replaceAll(/\d+/g, ':id')}`) {
      case 'GET /categories.json':
        return page(invoices.categories, query, perPage);
      case 'GET /customers.json': {
        const rows = customers.all.filter(visible).filter(filters ? customerFilter(query) : () => true);
        return page(sortCustomers(rows, query).map(showCustomer), query, perPage);
      }
      case 'POST /customers.json': {
        const customer = customers.create(body);
        return made(`customers/${customer.id}`, showCustomer(customer));
      }
      case 'GET /customers/:id.json':
        return json(200, showCustomer(existing(customers.all, id)));
      case 'PATCH /customers/:id.json':
        return changed(showCustomer(customers.update(id, body)));
      case 'DELETE /customers/:id.json':
        books.deleteCustomer(id);
        return bare(200);
      case 'POST /customers/:id/archive.json':
        customers.archive(id);
        return bare(200);
      case 'POST /customers/:id/unarchive.json':
        customers.archive(id, false);
        return bare(200);
      case 'GET /customers/:id/invoices.json':
        return { status: 302, headers: { location: at(`invoices.json?customer_id=${id}`) }, body: '' };
      case 'GET /invoices.json': {
        const asked = invoiceFilter(query, isoDate(options.now()), (invoice) => customers.of(invoice));
        const rows = invoices.all.filter(visible).filter(filters ? asked : () => true);
        const shown = rows.filter((row) => drafts === 'listed' || row.draft === (query.get('bill_type') === 'draft'));
        return page(
          sortInvoices(shown, query).map((invoice) => listedInvoice(invoice, query)),
          query,
          perPage,
        );
      }
      case 'POST /invoices.json': {
        const making = { draft: query.get('type_doc') === 'draft', external: query.get('external') === '1' };
        const invoice = invoices.create(body, making);
        return made(`invoices/${invoice.id}`, created === 'whole' ? whole(invoice) : sampledInvoice(invoice, 'items'));
      }
      case 'GET /invoices/:id.json':
        return json(200, whole(existing(invoices.all, id)));
      case 'PATCH /invoices/:id.json':
        return changed(whole(invoices.update(id, body, query.get('type_doc'))));
      case 'DELETE /invoices/:id.json':
        invoices.delete(id);
        return bare(200);
      case 'GET /invoices/:id.pdf':
        return pdf(existing(invoices.all, id), query);
      case 'POST /invoices/:id/refund.json': {
        const refund = invoices.refund(id, query);
        return made(`invoices/${refund.id}`, sampledInvoice(refund, 'paid_in_main_currency'));
      }
      case 'GET /invoices/:id/settlements.json':
        return json(200, existing(invoices.all, id).settlements);
      case 'POST /invoices/:id/settlements.json': {
        const settlement = invoices.settle(id, body);
        return made(`invoices/${id}/settlements/${settlement.id}`, settlement);
      }
      case 'GET /invoices/:id/settlements/:id.json':
        return json(200, existing(existing(invoices.all, id).settlements, childId));
      case 'DELETE /invoices/:id/settlements/:id.json':
        invoices.unsettle(id, childId);
        return bare(200);
      case 'POST /emails.json':
        books.email(Number(query.get('bill_id')), body);
        return bare(201);
      default:
        throw new Missing();
    }
  };

  const visible = (row: { id: number }): boolean => lagging === null || lagging.has(row.id);
  const changed = (record: object): Answer => (patched === 'record' ? json(200, record) : bare(200));

  const http = await startHttpSimulator((exchange) => {
    const { admitted, headers } = limit.arrive();
    const answered = admitted ? refusing(() => answer(exchange)) : RETRY_LATER;
    return { ...answered, headers: { ...answered.headers, ...headers } };
  });
  invoices.url = http.url;
  return {
    ...http,
    apiId: API_ID,
    apiKey: API_KEY,
    firmId: FIRM_ID,
    books,
    documents: () => invoices.all,
    clients: () => customers.all,
    payments: () => books.payments(),
    sent: () => books.sent,
    throttled: limit.throttled,
    ignoreFilters: (on) => {
      filters = !on;
    },
    lag: (on) => {
      lagging = on ? new Set([...customers.all, ...invoices.all].map((row) => row.id)) : null;
    },
  };
}

const plain = { 'content-type': 'text/plain; charset=utf-8' };
const DENIED: Answer = { status: 401, headers: plain, body: 'HTTP Basic: Access denied.\n' };
const RETRY_LATER: Answer = { status: 429, headers: plain, body: 'Retry later\n' };

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

const at = (place: string): string => `/firms/${FIRM_ID}/${place}`;

const made = (place: string, value: unknown): Answer => ({
  ...json(201, value),
  headers: { location: at(`${place}.json`) },
});

const bare = (status: number): Answer => ({ status, body: '' });

/** The documents speak of a message under `errors`; its form, by field, is what public clients read. */
const refuse = (status: number, message: string): Answer => json(status, { errors: { base: [message] } });

function refusing(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return json(422, { errors: error.errors });
    if (error instanceof Missing) return refuse(404, 'The record could not be found');
    throw error;
  }
}

const whole = (invoice: InvoiceRecord): object => showInvoice(invoice, { details: true, settlements: true });

function existing<Row extends { id: number }>(rows: readonly Row[], id: number): Row {
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new Missing();
  return row;
}

/** A paid invoice says so, unless the original is asked for. */
function pdf(invoice: InvoiceRecord, query: URLSearchParams): Answer {
  const receipted = invoice.paid_on !== null && query.get('original') !== '1';
  const body = `%PDF-1.4\n% ${invoice.full_invoice_ref} ${receipted ? 'acquittee' : 'originale'}\n%%EOF\n`;
  return { status: 200, headers: { 'content-type': 'application/pdf' }, body };
}
