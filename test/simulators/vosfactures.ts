// VosFactures as its documentation and its public clients describe it, strict where it is known to refuse and awkward
// where it is known to be: partial searches, twelve months by default, numbers as text, clients matched by name, refusals
// that come with 200.
import { type Json, parseJson } from '../../src/domain/json.ts';
import { countArrivals } from './arrivals.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import { VosFacturesBooks } from './vosfactures-books.ts';
import { Refusal } from './vosfactures-input.ts';
import { clientFilter, invoiceFilter, page } from './vosfactures-lists.ts';
import { LIKELIER, type Switches, type VosFacturesOptions } from './vosfactures-options.ts';
import type { ClientRecord, InvoiceRecord, MailRecord, PaymentRecord } from './vosfactures-records.ts';

export type { VosFacturesOptions } from './vosfactures-options.ts';

export type VosFacturesSimulator = HttpSimulator & {
  token: string;
  documents(): readonly InvoiceRecord[];
  clients(): readonly ClientRecord[];
  payments(): readonly PaymentRecord[];
  sent(): readonly MailRecord[];
  departments(): readonly { id: number; name: string }[];
  books: VosFacturesBooks;
  /** Requests that were answered 429. */
  throttled(): number;
  /** Lists answer every row, whatever is asked for. */
  ignoreFilters(on: boolean): void;
  /** While on, what is made is in no list; turned off, everything is. */
  lag(on: boolean): void;
};

const TOKEN = 'sEcReT-token-of-the-simulated-account';

/** Starts a simulated account with two departments and no clients or documents. */
export async function startVosFactures(options: VosFacturesOptions): Promise<VosFacturesSimulator> {
  const switches: Switches = { ...LIKELIER, ...options };
  const books = new VosFacturesBooks(options.now, switches);
  const arrivals = countArrivals(options.limit, options.now);
  let filters = true;
  let lagging: ReadonlySet<number> | null = null;

  const answer = (exchange: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) return { ...refuse(429, 'too many requests'), headers: { 'retry-after': String(wait) } };
    const shared = /^\/invoice\/([^/.]+)(\.pdf)?$/.exec(exchange.path);
    if (shared !== null) return sharedInvoice(shared[1], shared[2] !== undefined);
    const writes = exchange.body.length > 0;
    if (writes && !/^application\/json\b/.test(exchange.headers['content-type'] ?? '')) return refuse(415, 'not JSON');
    const parsed = writes ? parseJson(exchange.body) : { ok: true as const, value: null };
    if (!parsed.ok) return refuse(400, 'the body is not JSON');
    if (!authorised(exchange, parsed.value)) return refuse(401, 'the API token is wrong');
    if (exchange.method === 'POST' && options.readOnly) return json(200, {});
    return act(exchange, parsed.value);
  };

  const act = ({ method, path, query }: Exchange, body: Json): Answer => {
    const id = Number(/\/(\d+)(?=[./])/.exec(path)?.[1] ?? 0);
    const client = books.client(id);
    const invoice = books.invoice(id);
    switch (`${method} ${path.replace(/\d+/, ':id')}`) {
      case 'GET /account.json':
        // The token itself is shown only to who has an integration token.
        return json(200, { prefix: 'atelier-test', url: books.url, login: 'atelier', email: 'atelier@seller.example' });
      case 'GET /departments.json':
        return json(200, books.departments);
      case 'GET /departments/:id.json':
        return found(books.departments.find((department) => department.id === id));
      case 'GET /categories.json':
        return json(200, books.categories);
      case 'GET /clients.json':
        return list(books.clients, clientFilter(query, switches.partialSearch), query);
      case 'POST /clients.json':
        return json(201, books.createClient(field(body, 'client')));
      case 'GET /clients/:id.json':
        return found(client);
      case 'PUT /clients/:id.json':
        return json(200, books.updateClient(id, field(body, 'client')));
      case 'GET /invoices.json':
        return list(
          books.invoices,
          invoiceFilter(query, switches.partialSearch, options.now()),
          query,
          query.get('include_positions') === 'true' ? plain : withoutPositions,
        );
      case 'POST /invoices.json':
        return json(201, withoutPositions(books.createInvoice(field(body, 'invoice'))));
      case 'GET /invoices/:id.json':
        return found(invoice && detail(invoice, query));
      case 'GET /invoices/:id.pdf':
        return invoice === undefined ? found(undefined) : pdf();
      case 'POST /invoices/:id/send_by_email.json':
        return found(invoice && books.sendByEmail(invoice, query));
      case 'POST /banking/payments.json':
        return json(201, books.createPayment(field(body, 'banking_payment')));
      default:
        return found(undefined);
    }
  };

  const list = <T extends { id: number }>(
    rows: readonly T[],
    filter: (row: T) => boolean,
    query: URLSearchParams,
    shown: (row: T) => object = (row) => row,
  ): Answer => {
    const visible = rows
      .filter(({ id }) => lagging === null || lagging.has(id))
      .filter((row) => !filters || filter(row));
    return json(200, page(visible, query, options.largestPage).map(shown));
  };
  /** The link for the buyer: whoever knows the document's token needs no other. */
  const sharedInvoice = (token: string | undefined, asPdf: boolean): Answer => {
    const invoice = books.invoices.find((one) => one.token === token);
    if (invoice === undefined) return found(undefined);
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    return asPdf ? pdf() : { status: 200, headers, body: `<h1>${invoice.number}</h1>` };
  };
  const detail = (invoice: InvoiceRecord, query: URLSearchParams): object => {
    const { corrected_content_before, corrected_content_after } = invoice;
    const connected_payments = books.payments.filter((payment) => payment.invoice_id === invoice.id);
    const asked = query.get('additional_fields[invoice]')?.split(',') ?? [];
    const extras = Object.entries({ connected_payments, corrected_content_before, corrected_content_after });
    return { ...plain(invoice), ...Object.fromEntries(extras.filter(([name]) => asked.includes(name))) };
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
    sent: () => books.sent,
    departments: () => books.departments,
    throttled: arrivals.throttled,
    ignoreFilters: (on) => {
      filters = !on;
    },
    lag: (on) => {
      lagging = on ? new Set([...books.clients, ...books.invoices].map((row) => row.id)) : null;
    },
  };
}

const authorised = ({ headers, query }: Exchange, body: Json): boolean =>
  [headers.authorization?.replace(/^Bearer /, ''), query.get('api_token'), field(body, 'api_token')].includes(TOKEN);

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

const found = (value: unknown): Answer => (value === undefined ? json(404, { status: '404' }) : json(200, value));

const refuse = (status: number, message: string | Readonly<Record<string, string[]>>): Answer =>
  json(status, { code: 'error', message });

const pdf = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/pdf' },
  body: '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
});

const field = (value: Json, name: string): Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value[name] ?? null) : null;

/** What was corrected is shown only to who asks for it. */
const plain = ({ corrected_content_before: _before, corrected_content_after: _after, ...invoice }: InvoiceRecord) =>
  invoice;

/** Neither a list, unless asked to, nor the answer of a creation shows positions. */
const withoutPositions = (invoice: InvoiceRecord): Omit<ReturnType<typeof plain>, 'positions'> => {
  const { positions: _positions, ...row } = plain(invoice);
  return row;
};
