// FastFaktura as its documentation describes it, which is little: fields and calls, no error, no limit, no order of a list.
// What it says is kept to strictly (whole cents, six currencies, nothing deleted, no call to change or pay an invoice);
// what it leaves open is a switch.
import { countArrivals } from './arrivals.ts';
import { answersOf, json, pdf } from './fastfaktura-answers.ts';
import { type ClientRecord, FastFakturaBooks, type InvoiceRecord, type SentRecord } from './fastfaktura-books.ts';
import { type FastFakturaOptions, LIKELIER, type Switches } from './fastfaktura-options.ts';
import { InvoiceFields, parseBody, type Reason, Refusal, read, SendFields } from './fastfaktura-wire.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';

export type { FastFakturaOptions } from './fastfaktura-options.ts';

export type FastFakturaSimulator = HttpSimulator & {
  /** What the paths of calls are joined to. */
  baseUrl: string;
  apiKey: string;
  documents(): readonly InvoiceRecord[];
  clients(): readonly ClientRecord[];
  sent(): readonly SentRecord[];
  books: FastFakturaBooks;
  /** Requests that were answered 429. */
  throttled(): number;
  /** Lists answer every row, whatever is asked for. */
  ignoreFilters(on: boolean): void;
  /** While on, what is made is in no list; turned off, everything is. */
  lag(on: boolean): void;
};

const API_KEY = 'ffk_sEcReT-key-of-the-simulated-account';
const BASE = '/api/v1';
const ROUTE = /^\/api\/v1\/(business|clients|invoices)(?:\/([^/]+)(\/(?:pdf|send|events))?)?$/;

/** Starts a simulated account without clients or invoices. */
export async function startFastFaktura(options: FastFakturaOptions): Promise<FastFakturaSimulator> {
  const switches: Switches = { ...LIKELIER, ...options };
  const books = new FastFakturaBooks(options.now, switches, options.sandbox ?? true);
  const arrivals = countArrivals(options.limit, options.now);
  const { one, all, page, failure, row, detail } = answersOf(switches);
  let filters = true;
  let lagging: ReadonlySet<string> | null = null;

  const answer = (exchange: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) return { ...failure(429, '', 'too many requests'), headers: { 'retry-after': String(wait) } };
    if (!authorised(exchange)) return failure(401, '', 'the API key is wrong');
    const writes = exchange.method === 'POST' || exchange.method === 'PUT';
    if (writes && !/^application\/json\b/.test(exchange.headers['content-type'] ?? '')) {
      return failure(415, '', 'not JSON');
    }
    return act(exchange, writes ? parseBody(exchange.body) : null);
  };

  const act = ({ method, path, query }: Exchange, body: unknown): Answer => {
    const [, collection = '', id = '', part = ''] = ROUTE.exec(path) ?? [];
    switch (`${method} ${collection}${id && '/:id'}${part}`) {
      case 'GET business':
        return one(200, 'business', books.business);
      case 'PUT business':
        return one(200, 'business', books.updateBusiness(body));
      case 'GET clients':
        return page('clients', books.clients.filter(listed).filter(searched(query.get('q'))), query.get('page'));
      case 'POST clients':
        return one(201, 'client', books.createClient(body));
      case 'GET clients/:id':
        return one(200, 'client', books.client(id));
      case 'PUT clients/:id':
        return one(
          200,
          'client',
          switches.put === 'merge' ? books.updateClient(id, body) : books.replaceClient(id, body),
        );
      case 'DELETE clients/:id':
        return one(200, 'client', books.archiveClient(id));
      case 'GET invoices': {
        const invoices = books.invoices.filter(visible).filter(inStatus(query.get('status')));
        return page('invoices', invoices.map(row), query.get('page'));
      }
      case 'POST invoices':
        return one(201, 'invoice', row(books.createInvoice(read(InvoiceFields, body))));
      case 'GET invoices/:id':
        return one(200, 'invoice', detail(books.invoice(id)));
      case 'GET invoices/:id/pdf':
        return pdf(books.invoice(id));
      case 'GET invoices/:id/events':
        return all('events', books.invoice(id).events);
      case 'POST invoices/:id/send': {
        const invoice = books.send(id, read(SendFields, body));
        return switches.sendAnswer === 'ok' ? json(200, { ok: true }) : one(200, 'invoice', row(invoice));
      }
      default:
        return failure(404, '', 'Introuvable');
    }
  };

  const visible = ({ id }: { id: string }): boolean => lagging === null || lagging.has(id);
  const listed = (client: ClientRecord): boolean =>
    visible(client) && (switches.archivedInList || client.archived_at === null);
  /** By name, e-mail and phone, as documented; not by external id. */
  const searched = (q: string | null) => (client: ClientRecord) =>
    !filters || q === null || [client.name, client.email, client.phone].some((value) => matches(value ?? '', q));
  const matches = (value: string, q: string): boolean =>
    switches.partialSearch ? value.toLowerCase().includes(q.toLowerCase()) : value.toLowerCase() === q.toLowerCase();
  const inStatus = (status: string | null) => (invoice: InvoiceRecord) =>
    !filters || status === null || invoice.status === status;
  const statusOf = (reason: Reason): number =>
    ({ invalid: switches.invalid, not_found: 404, unknown_client: switches.unknownClient })[reason];

  const http = await startHttpSimulator((exchange) => {
    try {
      return answer(exchange);
    } catch (error) {
      if (error instanceof Refusal) return failure(statusOf(error.reason), error.field, error.message);
      throw error;
    }
  });
  books.url = http.url;
  return {
    ...http,
    baseUrl: `${http.url}${BASE}`,
    apiKey: API_KEY,
    books,
    documents: () => books.invoices,
    clients: () => books.clients,
    sent: () => books.sent,
    throttled: arrivals.throttled,
    ignoreFilters: (on) => {
      filters = !on;
    },
    lag: (on) => {
      lagging = on ? new Set([...books.clients, ...books.invoices].map(({ id }) => id)) : null;
    },
  };
}

/** Both ways of giving the key are equivalent. */
const authorised = ({ headers }: Exchange): boolean =>
  headers['x-api-key'] === API_KEY || headers.authorization === `Bearer ${API_KEY}`;
