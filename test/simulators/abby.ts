// Abby as its OpenAPI and its public clients describe it: drafts filled bit by bit and then made final, clients found by
// name alone, no marker and no idempotency key anywhere. What the documents leave open is a switch.
import { AbbyBooks } from './abby-books.ts';
import type { ClientRecord } from './abby-clients.ts';
import type { DocumentRecord, PaymentRecord, SentRecord } from './abby-records.ts';
import { billingRoutes, clientRoutes } from './abby-routes.ts';
import { type AbbySwitches, LIKELY } from './abby-switches.ts';
import { Refusal, refuse, turnAway } from './abby-wire.ts';
import { countArrivals, type Limit } from './arrivals.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';

export type AbbyOptions = Partial<AbbySwitches> & { now: () => Date; limit?: Limit };

export type AbbySimulator = HttpSimulator & {
  apiKey: string;
  documents(): readonly DocumentRecord[];
  clients(): readonly ClientRecord[];
  payments(): readonly PaymentRecord[];
  sent(): readonly SentRecord[];
  /** Requests answered 429. */
  throttled(): number;
  books: AbbyBooks;
  /** Lists answer every row, whatever is asked for. */
  ignoreFilters(on: boolean): void;
  /** While on, what is made is in no list; turned off, everything is. */
  lag(on: boolean): void;
};

const API_KEY = 'suk_sEcReT-key-of-the-simulated-account';

/** Starts a simulated account without clients or documents. */
export async function startAbby({ now, limit, ...given }: AbbyOptions): Promise<AbbySimulator> {
  const switches: AbbySwitches = { ...LIKELY, ...given };
  const books = new AbbyBooks(now, switches);
  const arrivals = countArrivals(limit, now);
  let filters = true;
  let lagging: ReadonlySet<string> | null = null;
  const listed = <Row extends { id: string }>(rows: readonly Row[], fits: (row: Row) => boolean): Row[] =>
    rows.filter((row) => (lagging === null || lagging.has(row.id)) && (!filters || fits(row)));
  const routes = [...clientRoutes(books, switches, listed), ...billingRoutes(books, switches, listed)];

  const answer = (exchange: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) return turnAway(wait, switches.errors);
    if (exchange.headers.authorization !== `Bearer ${API_KEY}`) throw new Refusal(401, 'Unauthorized');
    if (switches.plan === 'without_api') throw new Refusal(403, 'Plan feature not available');
    const body = bodyOf(exchange, switches.emptyBody);
    for (const [route, act] of routes) {
      const met = new RegExp(`^${route.replace(':id', '(?<id>[^/]+)')}$`).exec(`${exchange.method} ${exchange.path}`);
      if (met !== null) return act({ id: met.groups?.id ?? '', query: exchange.query, body });
    }
    throw new Refusal(404, `Cannot ${exchange.method} ${exchange.path}`);
  };

  const http = await startHttpSimulator((exchange) => {
    try {
      return answer(exchange);
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, switches.errors);
      throw error;
    }
  });
  return {
    ...http,
    apiKey: API_KEY,
    books,
    documents: () => books.billing.documents,
    clients: () => books.clients.all(),
    payments: () => books.billing.payments,
    sent: () => books.billing.sent,
    throttled: arrivals.throttled,
    ignoreFilters: (on) => {
      filters = !on;
    },
    lag: (on) => {
      const rows = [...books.clients.all(), ...books.billing.documents];
      lagging = on ? new Set(rows.map(({ id }) => id)) : null;
    },
  };
}

/** Undefined where there is none. Nothing but JSON is taken. */
function bodyOf({ method, headers, body }: Exchange, emptyBody: AbbySwitches['emptyBody']): unknown {
  const isJson = /^application\/json\b/.test(headers['content-type'] ?? '');
  if (body.length === 0) {
    if (method === 'POST' && isJson && emptyBody === 'refused') throw new Refusal(400, 'Bad Request');
    return undefined;
  }
  if (!isJson) throw new Refusal(400, 'the body is not said to be JSON');
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}
