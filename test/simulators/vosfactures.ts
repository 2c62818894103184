// VosFactures as its documentation and its public clients describe it, strict where it is known to refuse and awkward
// where it is known to be: partial searches, twelve months by default, numbers as text, clients matched by name.
import { type Json, parseJson } from '../../src/domain/json.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import {
  type ClientRecord,
  type InvoiceRecord,
  type PaymentRecord,
  Refusal,
  VosFacturesBooks,
} from './vosfactures-books.ts';

export type VosFacturesOptions = {
  now: () => Date;
  /** A token of a read-only role: everything that should be made is answered 200 and is not. */
  readOnly?: boolean;
  /** Rows of a page at most, whatever is asked for; 100 as documented. */
  largestPage?: number;
};

export type VosFacturesSimulator = HttpSimulator & {
  token: string;
  documents(): readonly InvoiceRecord[];
  clients(): readonly ClientRecord[];
  payments(): readonly PaymentRecord[];
  departments(): readonly { id: number; name: string }[];
  books: VosFacturesBooks;
  /** Lists answer every row, whatever is asked for. */
  ignoreFilters(on: boolean): void;
  /** While on, what is made is in no list; turned off, everything is. */
  lag(on: boolean): void;
};

const TOKEN = 'sEcReT-token-of-the-simulated-account';
/** Rows of a page when `per_page` does not say. */
const USUAL_PAGE = 25;

/** Starts a simulated account with two departments and no clients or documents. */
export async function startVosFactures(options: VosFacturesOptions): Promise<VosFacturesSimulator> {
  const books = new VosFacturesBooks(options.now);
  let filters = true;
  let lagging: ReadonlySet<number> | null = null;

  const authorised = (exchange: Exchange, body: Json): boolean =>
    [exchange.headers.authorization?.replace(/^Bearer /, ''), exchange.query.get('api_token'), field(body, 'api_token')]
      .filter((token) => token != null)
      .includes(TOKEN);

  const answer = (exchange: Exchange): Answer => {
    const { method, path, query } = exchange;
    const writes = method === 'POST' || method === 'PUT';
    if (writes && !/^application\/json\b/.test(exchange.headers['content-type'] ?? '')) return refuse(415, 'not JSON');
    const parsed = writes ? parseJson(exchange.body) : { ok: true as const, value: null };
    if (!parsed.ok) return refuse(400, 'the body is not JSON');
    if (!authorised(exchange, parsed.value)) return refuse(401, 'the API token is wrong');
    if (method === 'POST' && options.readOnly) return json(200, {});
    const id = Number(/^\/(?:clients|invoices)\/(\d+)\.(?:json|pdf)$/.exec(path)?.[1] ?? 0);
    switch (`${method} ${path.replace(/\d+/, ':id')}`) {
      case 'GET /departments.json':
        return json(200, books.departments);
      case 'GET /clients.json':
        return json(200, page(books.clients.filter(visible).filter(clientFilter(query)), query, options.largestPage));
      case 'POST /clients.json':
        return json(201, books.createClient(field(parsed.value, 'client')));
      case 'PUT /clients/:id.json':
        return json(200, books.updateClient(id, field(parsed.value, 'client')));
      case 'GET /invoices.json':
        return json(
          200,
          page(
            books.invoices.filter(visible).filter(invoiceFilter(query)).map(withoutPositions),
            query,
            options.largestPage,
          ),
        );
      case 'POST /invoices.json':
        return json(201, withoutPositions(books.createInvoice(field(parsed.value, 'invoice'))));
      case 'GET /invoices/:id.json':
        return showInvoice(books.invoice(id), query);
      case 'GET /invoices/:id.pdf':
        return books.invoice(id) === undefined ? json(404, { status: '404' }) : pdf();
      case 'POST /banking/payments.json':
        return json(201, books.createPayment(field(parsed.value, 'banking_payment')));
      default:
        return json(404, { status: '404' });
    }
  };

  const visible = (row: { id: number }): boolean => lagging === null || lagging.has(row.id);
  const clientFilter = (query: URLSearchParams) => (client: ClientRecord) =>
    !filters ||
    (['external_id', 'tax_no', 'email', 'name'] as const).every((name) => contains(client[name], query.get(name)));
  const invoiceFilter = (query: URLSearchParams) => (invoice: InvoiceRecord) =>
    !filters || (contains(invoice.oid, query.get('oid')) && (query.get('period') === 'all' || books.isRecent(invoice)));
  const showInvoice = (invoice: InvoiceRecord | undefined, query: URLSearchParams): Answer => {
    if (invoice === undefined) return json(404, { status: '404' });
    const withPayments = query.get('additional_fields[invoice]') === 'connected_payments';
    const connected = books.payments.filter((payment) => payment.invoice_id === invoice.id);
    return json(200, { ...invoice, ...(withPayments ? { connected_payments: connected } : {}) });
  };

  const http = await startHttpSimulator((exchange) => {
    try {
      return answer(exchange);
    } catch (error) {
      if (error instanceof Refusal) return refuse(422, error.messages);
      throw error;
    }
  });
  books.url = http.url;
  return {
    ...http,
    token: TOKEN,
    books,
    documents: () => books.invoices,
    clients: () => books.clients,
    payments: () => books.payments,
    departments: () => books.departments,
    ignoreFilters: (on) => {
      filters = !on;
    },
    lag: (on) => {
      lagging = on ? new Set([...books.clients, ...books.invoices].map((row) => row.id)) : null;
    },
  };
}

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

const refuse = (status: number, message: string | Readonly<Record<string, string[]>>): Answer =>
  json(status, { code: 'error', message });

const pdf = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/pdf' },
  body: '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
});

/** Searches match parts of values, without regard to case. */
const contains = (value: string | null, wanted: string | null): boolean =>
  wanted === null || (value ?? '').toLowerCase().includes(wanted.toLowerCase());

const field = (value: Json, name: string): Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value[name] ?? null) : null;

/** Neither a list nor the answer of a creation shows positions. */
const withoutPositions = ({ positions: _positions, ...invoice }: InvoiceRecord): Omit<InvoiceRecord, 'positions'> =>
  invoice;

/** Newest first. */
function page<T extends { id: number }>(rows: readonly T[], query: URLSearchParams, largest = 100): T[] {
  const size = Math.min(Number(query.get('per_page') ?? USUAL_PAGE), largest);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return rows.toSorted((a, b) => b.id - a.id).slice(from, from + size);
}
