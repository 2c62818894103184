// A BigCommerce store as its documentation describes it: the REST API that the connector reads, and the hooks that the
// store sends of what happens in it. What the documentation leaves open is a switch (bigcommerce-orders.ts).
import { countArrivals, type Limit } from './arrivals.ts';
import { BigCommerceBooks, type Metafield, type NewOrder, type NewRefund } from './bigcommerce-books.ts';
import { type Delivery, Hooks, type Proofs } from './bigcommerce-hooks.ts';
import {
  addressViews,
  LIKELIER,
  type OrderRecord,
  orderView,
  productViews,
  refundView,
  type Switches,
  taxViews,
  transactionViews,
} from './bigcommerce-orders.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';

export type Scope = 'orders' | 'orders_write' | 'transactions' | 'information';

export type BigCommerceOptions = Partial<Switches> & {
  now: () => Date;
  limit?: Limit;
  /** What the API account may do; without it everything. */
  scopes?: readonly Scope[];
  proofs?: Proofs;
};

type Actions = 'place' | 'pay' | 'setStatus' | 'edit' | 'refund' | 'cancel' | 'archive' | 'remove';

export type BigCommerceShop = HttpSimulator & {
  books: BigCommerceBooks;
  hooks: Hooks;
  deliveries(): Delivery[];
  place(order?: NewOrder): number;
  pay(id: number, amount?: number): void;
  setStatus(id: number, statusId: number): void;
  edit(id: number, item: { gross: number; name?: string; rate?: string }): void;
  refund(id: number, refund: NewRefund): number;
  cancel(id: number): void;
  archive(id: number): void;
  remove(id: number): void;
  metafields(id: number): readonly Metafield[];
  /** Does this just before the next request with such a path is answered. */
  beforeAnswering(path: RegExp, act: () => void): void;
};

export const STORE_HASH = 'abc123';
export const ACCESS_TOKEN = 'access-token-of-the-simulated-store';
export const CLIENT_SECRET = 'client-secret-of-the-simulated-store';
const EVERYTHING: readonly Scope[] = ['orders', 'orders_write', 'transactions', 'information'];
const MAX_LIMIT = 250;

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });
const NOTHING: Answer = { status: 204, body: '' };
/** Errors of version 2 are a list, those of version 3 are one. */
const refused2 = (status: number, message: string): Answer => json(status, [{ status, message }]);
const refused3 = (status: number, title: string): Answer => json(status, { status, title, type: 'about:blank' });
const NOT_THERE = 'The requested resource was not found.';

/** Starts an empty store. */
export async function bigcommerceShop(options: BigCommerceOptions): Promise<BigCommerceShop> {
  const { now } = options;
  const switches: Switches = { ...LIKELIER, ...options };
  const scopes = options.scopes ?? EVERYTHING;
  const arrivals = countArrivals(options.limit, now);
  const hooks = new Hooks(STORE_HASH, options.proofs ?? { clientSecret: CLIENT_SECRET, header: null }, now);
  const books = new BigCommerceBooks(now, hooks, switches);
  let expected: { path: RegExp; act: () => void }[] = [];

  const simulator = await startHttpSimulator((exchange) => {
    const due = expected.find(({ path }) => path.test(exchange.path));
    expected = expected.filter((one) => one !== due);
    due?.act();
    return answer(exchange);
  });

  function answer(exchange: Exchange): Answer {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) {
      return { ...refused3(429, 'Too many requests'), headers: { 'x-rate-limit-time-reset-ms': String(wait * 1000) } };
    }
    if (exchange.headers['x-auth-token'] !== ACCESS_TOKEN) return refused3(401, 'Unauthorized');
    const [, version = '', rest = ''] = new RegExp(`^/stores/${STORE_HASH}/(v[23])/(.+)$`).exec(exchange.path) ?? [];
    const allowed = scopes.includes(scopeOf(exchange.method, rest));
    if (version === 'v2') return allowed ? version2(rest, exchange.query) : refused2(403, 'Lacks a required scope.');
    return allowed ? version3(rest, exchange) : refused3(403, 'Lacks a required scope.');
  }

  function version2(rest: string, query: URLSearchParams): Answer {
    if (rest === 'store') return json(200, { id: STORE_HASH, name: 'Atelier Test', domain: 'atelier.example' });
    if (rest === 'orders') return page2(listed(query), query);
    const [, id = '', list] = /^orders\/(\d+)(?:\/(\w+))?$/.exec(rest) ?? [];
    const order = books.orders.get(Number(id));
    if (order === undefined) return refused2(404, NOT_THERE);
    switch (list) {
      case undefined:
        return json(200, orderView(order, switches));
      case 'products':
        return page2(productViews(order, switches), query);
      case 'shipping_addresses':
        return page2(addressViews(order), query);
      case 'taxes':
        return page2(taxViews(order), query);
      default:
        return refused2(404, NOT_THERE);
    }
  }

  /** Sorted by the second of the change and by nothing within it: the latest id first, to be of no help. */
  function listed(query: URLSearchParams): object[] {
    const from = Date.parse(query.get('min_date_modified') ?? '1970-01-01T00:00:00Z');
    const to = Date.parse(query.get('max_date_modified') ?? '9999-12-31T00:00:00Z');
    const [by, direction] = (query.get('sort') ?? 'id:asc').split(':');
    const key = (order: OrderRecord): number => (by === 'date_modified' ? order.modifiedAt.getTime() : order.id);
    return [...books.orders.values()]
      .filter((order) => !order.deleted && order.id >= Number(query.get('min_id') ?? 0))
      .filter(({ modifiedAt }) => modifiedAt.getTime() >= from && modifiedAt.getTime() <= to)
      .sort((a, b) => (direction === 'desc' ? key(b) - key(a) : key(a) - key(b)) || b.id - a.id)
      .map((order) => orderView(order, switches));
  }

  function version3(rest: string, exchange: Exchange): Answer {
    const { query } = exchange;
    if (rest === 'hooks') {
      const destination = 'https://bridge.example/webhooks/store';
      return json(200, { data: [{ id: 1, scope: 'store/order/*', destination, is_active: hooks.active }], meta: {} });
    }
    if (rest === 'orders/payment_actions/refunds') {
      const from = Date.parse(query.get('created:min') ?? '1970-01-01T00:00:00Z');
      return page3(books.refunds.filter(({ at }) => at.getTime() >= from).map(refundView), query);
    }
    const [, id = '', list = ''] = /^orders\/(\d+)\/(.+)$/.exec(rest) ?? [];
    const order = books.orders.get(Number(id));
    if (order === undefined) return refused3(404, NOT_THERE);
    if (list === 'payment_actions/refunds') return json(200, { data: order.refunds.map(refundView), meta: {} });
    if (list === 'transactions') {
      if (order.transactions.length > 0 || switches.noTransactions === 200)
        return page3(transactionViews(order), query);
      return switches.noTransactions === 204 ? NOTHING : refused3(404, NOT_THERE);
    }
    return fields(order.id, list, exchange);
  }

  function fields(orderId: number, rest: string, { method, query, body }: Exchange): Answer {
    const own = books.metafields.filter((field) => field.orderId === orderId);
    if (rest === 'metafields' && method === 'GET') {
      const asked = (['namespace', 'key'] as const).filter((name) => query.has(name));
      return page3(
        own.filter((field) => asked.every((name) => field[name] === query.get(name))),
        query,
      );
    }
    const given: Omit<Metafield, 'id' | 'orderId'> = JSON.parse(body.toString());
    if (rest === 'metafields') {
      const taken = own.some(({ key, namespace }) => key === given.key && namespace === given.namespace);
      if (taken) return refused3(409, 'This key is taken in this namespace.');
      const made = { ...given, id: books.nextId(), orderId };
      books.metafields.push(made);
      return json(200, { data: made, meta: {} });
    }
    const kept = own.find(({ id }) => rest === `metafields/${id}`);
    if (kept === undefined) return refused3(404, NOT_THERE);
    Object.assign(kept, given);
    return json(200, { data: kept, meta: {} });
  }

  const actions: Pick<BigCommerceShop, Actions> = {
    place: (order) => books.place(order),
    pay: (id, amount) => books.pay(id, amount),
    setStatus: (id, statusId) => books.setStatus(id, statusId),
    edit: (id, item) => books.edit(id, item),
    refund: (id, refund) => books.refund(id, refund),
    cancel: (id) => books.cancel(id),
    archive: (id) => books.archive(id),
    remove: (id) => books.remove(id),
  };
  return Object.assign(simulator, actions, {
    books,
    hooks,
    deliveries: () => hooks.deliveries(),
    metafields: (id: number) => books.metafields.filter(({ orderId }) => orderId === id),
    beforeAnswering: (path: RegExp, act: () => void) => {
      expected.push({ path, act });
    },
  });
}

function scopeOf(method: string, rest: string): Scope {
  if (rest === 'store' || rest === 'hooks') return 'information';
  if (rest.endsWith('/transactions')) return 'transactions';
  return method === 'GET' ? 'orders' : 'orders_write';
}

const sliceOf = (rows: readonly object[], query: URLSearchParams): readonly object[] => {
  const limit = Math.min(Number(query.get('limit') ?? 50), MAX_LIMIT);
  const start = (Number(query.get('page') ?? 1) - 1) * limit;
  return rows.slice(start, start + limit);
};

/** A list of version 2: nothing is 204. */
function page2(rows: readonly object[], query: URLSearchParams): Answer {
  const slice = sliceOf(rows, query);
  return slice.length === 0 ? NOTHING : json(200, slice);
}

const page3 = (rows: readonly object[], query: URLSearchParams): Answer =>
  json(200, { data: sliceOf(rows, query), meta: { pagination: { total: rows.length } } });
