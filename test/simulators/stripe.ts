// Stripe's API and its deliveries, as its documentation describes them: lists that show the latest first and go on after an
// id, objects in the shape of the version that is asked for, keys that may do some things only, events kept for 30 days, and
// webhooks that come for three days, in any order, more than once.
import { signStripe } from '../support/sign.ts';
import { countArrivals, type Limit } from './arrivals.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import { type Event, StripeBooks } from './stripe-books.ts';
import { NOTHING, shapesOf, taxRate, VERSIONS, type Version, versionOf, type Wire } from './stripe-shapes.ts';

export type StripeOptions = {
  now(): Date;
  live?: boolean;
  /** The account's own version: that of its event list, and of answers to requests that name none. */
  version?: Version;
  endpoints: { secret: string; version: Version; types?: string[] }[];
  /** Permissions of a restricted key (`charge_read`); without it the key may do everything. */
  may?: string[];
  limit?: Limit;
  key?: string;
};

/** `sent` is when it was signed. */
export type StripeDelivery = { headers: Record<string, string>; body: Buffer; topic: string };

export type StripeAccount = HttpSimulator & {
  key: string;
  books: StripeBooks;
  /** What was not delivered yet, to every endpoint in turn, oldest event first. */
  deliveries(): StripeDelivery[];
  /** Everything of the last three days once more, signed anew: nobody has acknowledged it. */
  redeliveries(): StripeDelivery[];
  /** What was not delivered yet never will be. */
  loseDeliveries(): void;
  /** The object is gone with its events, as test data may be. */
  forget(id: string): void;
  throttled(): number;
};

const EVENTS_KEPT_S = 30 * 86_400;
const RETRIED_S = 3 * 86_400;
const LARGEST_PAGE = 100;
const USUAL_PAGE = 10;
const MAX_METADATA = 50;
const ID_IN_PATH = /(?<=\/)[a-z]+_3Sim\w+/;

/** Starts a simulated account that nobody has paid yet. */
export async function startStripe(options: StripeOptions): Promise<StripeAccount> {
  const { now, live = true, version = 'new', endpoints } = options;
  const key = options.key ?? `rk_${live ? 'live' : 'test'}_simulated0123456789`;
  const books = new StripeBooks(now, live);
  const arrivals = countArrivals(options.limit, now);
  const gone = new Set<string>();
  let delivered = 0;
  const seconds = (): number => Math.floor(now().getTime() / 1000);

  const answer = (exchange: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) {
      const error = refuse(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' });
      return { ...error, headers: { 'retry-after': String(wait) } };
    }
    if (exchange.headers.authorization !== `Bearer ${key}`) {
      return refuse(401, { type: 'invalid_request_error', message: 'Invalid API Key provided: rk_****6789' });
    }
    return route(exchange);
  };

  const route = (exchange: Exchange): Answer => {
    const { method, path, query } = exchange;
    const asked = exchange.headers['stripe-version'];
    const shapes = shapesOf(live, typeof asked === 'string' ? versionOf(asked) : version);
    const [id = ''] = ID_IN_PATH.exec(path) ?? [];
    const at = `${method} ${path.replace(ID_IN_PATH, ':id')}`;
    const expand = expandOf(query);
    const one = <T extends { id: string }>(all: readonly T[], shown: (record: T) => Wire): Answer => {
      const found = gone.has(id) ? undefined : all.find((record) => record.id === id);
      return found === undefined ? missing(id, 'id', 404) : json(200, shown(found));
    };
    const list = <T extends { id: string; created: number }>(all: readonly T[], shown: (record: T) => Wire): Answer =>
      listed(all, query, shown, gone);
    const needed = PERMISSIONS[at];
    if (needed !== undefined && options.may?.includes(needed) === false) return forbidden(needed);

    switch (at) {
      case 'GET /v1/account':
        return json(200, { id: 'acct_3Sim', object: 'account', settings: { dashboard: { display_name: 'Atelier' } } });
      case 'GET /v1/events': {
        const types = [...query]
          .filter(([name]) => name.startsWith('types[') || name === 'type')
          .map(([, type]) => type);
        const kept = books.events.filter(
          ({ created, object }) => created > seconds() - EVENTS_KEPT_S && !gone.has(String(object.new.id)),
        );
        const wanted = kept.filter(({ type }) => types.length === 0 || types.includes(type));
        return list(wanted, (event) => eventOf(event, version));
      }
      case 'GET /v1/payment_intents':
        return list(books.intents, (intent) => shapes.intent(intent, expand));
      case 'GET /v1/payment_intents/:id':
        return one(books.intents, (intent) => shapes.intent(intent, expand));
      case 'POST /v1/payment_intents/:id':
        return one(books.intents, (intent) => shapes.intent(noted(intent, exchange)));
      case 'GET /v1/charges':
        return list(books.charges, shapes.charge);
      case 'GET /v1/charges/:id':
        return one(books.charges, shapes.charge);
      case 'POST /v1/charges/:id':
        return one(books.charges, (charge) => shapes.charge(noted(charge, exchange)));
      case 'GET /v1/refunds': {
        const charge = query.get('charge');
        const wanted = books.refunds.filter((refund) => charge === null || refund.charge.id === charge);
        return list(wanted, (refund) => shapes.refund(refund, expand));
      }
      case 'GET /v1/disputes':
        return list(books.disputes, shapes.dispute);
      case 'GET /v1/checkout/sessions': {
        const intent = query.get('payment_intent');
        const wanted = books.sessions.filter((session) => intent === null || session.intent?.id === intent);
        return list(wanted, (session) => shapes.session(session, expand));
      }
      case 'GET /v1/checkout/sessions/:id/line_items': {
        const session = books.sessions.find((record) => record.id === id);
        if (session === undefined) return missing(id, 'session', 404);
        const items = session.items.map((item) => ({ ...item, created: session.created })).toReversed();
        return list(items, (item) => shapes.lineItem(item, session.currency, expand));
      }
      case 'GET /v1/invoices':
        return list(books.invoices, (invoice) => shapes.invoice(invoice, expand));
      case 'GET /v1/invoices/:id':
        return one(books.invoices, (invoice) => shapes.invoice(invoice, expand));
      case 'GET /v1/invoices/:id/lines': {
        const invoice = books.invoices.find((record) => record.id === id);
        if (invoice === undefined) return missing(id, 'invoice', 404);
        const lines = invoice.lines.map((line) => ({ ...line, created: invoice.created })).toReversed();
        return list(lines, (line) => shapes.invoiceLine(line, invoice.currency));
      }
      case 'GET /v1/invoice_payments': {
        const intent = query.get('payment[payment_intent]');
        const wanted = books.invoices.filter((invoice) => intent === null || invoice.intent?.id === intent);
        const data = wanted.flatMap((invoice) => shapes.invoicePayments(invoice));
        return json(200, { object: 'list', data, has_more: false });
      }
      case 'GET /v1/tax_rates/:id':
        return one(books.taxRates, taxRate);
      case 'GET /v1/webhook_endpoints': {
        const data = endpoints.map((_, index) => ({
          id: `we_${index}`,
          object: 'webhook_endpoint',
          status: index === 0 ? 'enabled' : 'disabled',
          url: `https://bridge.example/webhooks/${index}`,
        }));
        return json(200, { object: 'list', data, has_more: false });
      }
      default:
        return refuse(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${at})` });
    }
  };

  const eventOf = (event: Event, shown: Version): Wire => ({
    id: event.id,
    object: 'event',
    api_version: VERSIONS[shown],
    created: event.created,
    data: { object: event.object[shown] },
    livemode: live,
    // Counts what endpoints have not acknowledged, so that it is another one each time.
    pending_webhooks: Math.max(0, books.events.length - delivered),
    request: { id: null, idempotency_key: null },
    type: event.type,
  });
  const deliver = (events: readonly Event[]): StripeDelivery[] =>
    events.flatMap((event) =>
      endpoints
        .filter(({ types }) => types === undefined || types.includes(event.type))
        .map((endpoint) => {
          // A redelivery has the very bytes of the first.
          const body = Buffer.from(
            JSON.stringify({ ...eventOf(event, endpoint.version), pending_webhooks: 1 }, null, 2),
          );
          const sending = { body, topic: event.type, secret: endpoint.secret, now: now() };
          return { headers: signStripe(sending), body, topic: event.type };
        }),
    );

  const simulator = await startHttpSimulator(answer);
  return {
    ...simulator,
    key,
    books,
    deliveries: () => {
      const due = books.events.slice(delivered);
      delivered = books.events.length;
      return deliver(due);
    },
    redeliveries: () =>
      deliver(books.events.slice(0, delivered).filter(({ created }) => created > seconds() - RETRIED_S)),
    loseDeliveries: () => {
      delivered = books.events.length;
    },
    forget: (id) => gone.add(id),
    throttled: arrivals.throttled,
  };
}

/** What a restricted key needs for a request, in Stripe's own words. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  'GET /v1/account': 'accounts_kyc_basic_read',
  'GET /v1/events': 'event_read',
  'GET /v1/payment_intents': 'payment_intent_read',
  'GET /v1/payment_intents/:id': 'payment_intent_read',
  'POST /v1/payment_intents/:id': 'payment_intent_write',
  'GET /v1/charges': 'charge_read',
  'GET /v1/charges/:id': 'charge_read',
  'POST /v1/charges/:id': 'charge_write',
  'GET /v1/refunds': 'charge_read',
  'GET /v1/disputes': 'dispute_read',
  'GET /v1/checkout/sessions': 'checkout_session_read',
  'GET /v1/checkout/sessions/:id/line_items': 'checkout_session_read',
  'GET /v1/invoices': 'invoice_read',
  'GET /v1/invoices/:id': 'invoice_read',
  'GET /v1/invoices/:id/lines': 'invoice_read',
  'GET /v1/invoice_payments': 'invoice_read',
  'GET /v1/tax_rates/:id': 'tax_rate_read',
  'GET /v1/webhook_endpoints': 'webhook_read',
};

/** Latest first; what comes after an id is older than it. */
function listed<T extends { id: string; created: number }>(
  all: readonly T[],
  query: URLSearchParams,
  shown: (record: T) => Wire,
  gone: ReadonlySet<string>,
): Answer {
  const limit = Number(query.get('limit') ?? USUAL_PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    return refuse(400, { type: 'invalid_request_error', param: 'limit', message: 'Invalid integer' });
  }
  const rows = all.filter(({ id }) => !gone.has(id)).toReversed();
  const after = query.get('starting_after');
  const start = after === null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) return missing(after, 'starting_after', 400);
  const from = Number(query.get('created[gte]') ?? 0);
  const wanted = rows.slice(start).filter(({ created }) => created >= from);
  return json(200, { object: 'list', data: wanted.slice(0, limit).map(shown), has_more: wanted.length > limit });
}

/** `expand[]` of a list is written with `data.` before it; what contains something in full is in full itself. */
function expandOf(query: URLSearchParams): ReadonlySet<string> {
  const asked = [...query]
    .filter(([name]) => name.startsWith('expand['))
    .map(([, path]) => path.replace(/^data\./, ''));
  const paths = asked.flatMap((path) => [path, ...path.split('.')]);
  return paths.length === 0 ? NOTHING : new Set(paths);
}

/** Metadata are set one by one; an empty one is taken away. */
function noted<T extends { metadata: Record<string, string> }>(record: T, { body }: Exchange): T {
  const entries = [...new URLSearchParams(body.toString())].flatMap(([name, value]) => {
    const [, own] = /^metadata\[(.{1,40})\]$/.exec(name) ?? [];
    return own === undefined ? [] : [[own, value] as const];
  });
  const told = Object.fromEntries([...Object.entries(record.metadata), ...entries]);
  const kept = Object.entries(told).filter(([, value]) => value !== '');
  const metadata = Object.fromEntries(kept.slice(0, MAX_METADATA));
  return Object.assign(record, { metadata });
}

type StripeError = { type: string; message: string; code?: string; param?: string };

const json = (status: number, body: Wire): Answer => ({ status, body: JSON.stringify(body, null, 2) });
const refuse = (status: number, error: StripeError): Answer => json(status, { error });
const missing = (id: string, param: string, status: number): Answer =>
  refuse(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such object: '${id}'`,
  });
const forbidden = (permission: string): Answer =>
  refuse(403, {
    type: 'invalid_request_error',
    message: `The provided key 'rk_live_*6789' does not have the required permissions. Having the 'rak_${permission}' permission would allow this request to continue.`,
  });
