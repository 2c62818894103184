// A Shopware 6 shop: its Admin API as far as an integration reads orders with it, and the webhooks that an app would get.
import { countArrivals, type Limit } from './arrivals.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import {
  type Entity,
  LIVE_VERSION,
  type Row,
  type ShopItem,
  type ShopOrder,
  type ShopRefund,
  ShopwareBooks,
} from './shopware-books.ts';
import { type Delivery, ShopwareWebhooks } from './shopware-deliveries.ts';
import { BadCriteria, type Criteria, rightsFor, searchRows } from './shopware-search.ts';

export type ShopwareOptions = {
  secret: string;
  now: () => Date;
  /** Seconds for which a token lives. */
  tokenLife?: number;
  /** Rows that a page may have at most (`shopware.api.max_limit`). */
  maxLimit?: number;
  /** Rights that the integration's role does not have, as `order_transaction:read`. */
  lacks?: readonly string[];
  /** What a proxy before the shop lets through. */
  limit?: Limit;
};

export type ShopwareShop = HttpSimulator & {
  clientId: string;
  clientSecret: string;
  books: ShopwareBooks;
  place(order?: ShopOrder): string;
  pay(id: string): void;
  payPartly(id: string, gross: number): void;
  refund(id: string, refund: ShopRefund): void;
  edit(id: string, items: readonly ShopItem[]): void;
  /** Somebody opens the order in the admin and has not saved it. */
  draft(id: string): void;
  cancel(id: string): void;
  remove(id: string): void;
  /** The signed webhooks that the shop sends now. */
  deliveries(): Delivery[];
  /** This one was not taken: it comes again. */
  failed(delivery: Delivery): void;
  /** Tokens that were given out. */
  tokens(): number;
  /** Makes every token invalid before its time. */
  forgetTokens(): void;
};

const CLIENT_ID = 'SWIASIMULATEDINTEGRATION01';
const CLIENT_SECRET = 'simulated-integration-secret';

/** Starts a shop without orders. */
export async function shopwareShop(options: ShopwareOptions): Promise<ShopwareShop> {
  const { secret, now, tokenLife = 600, maxLimit = 100, lacks = [] } = options;
  const books = new ShopwareBooks(now);
  const webhooks: ShopwareWebhooks = new ShopwareWebhooks(secret, now, () => http.url);
  const arrivals = countArrivals(options.limit, now);
  let tokens = new Map<string, number>();
  let given = 0;

  const answer = (exchange: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) return { status: 429, headers: { 'retry-after': String(wait) }, body: '' };
    if (exchange.path === '/api/oauth/token') return giveToken(JSON.parse(exchange.body.toString()));
    const token = exchange.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (now().getTime() >= (tokens.get(token) ?? 0))
      return errors(401, '9', DENIED, 'Access token could not be verified');
    const [, action, name = ''] = /^\/api\/(search|order|_info)\/([\w-]+)$/.exec(exchange.path) ?? [];
    if (action === '_info' && name === 'version') return json({ version: '6.7.4.0' });
    if (action === 'search' && exchange.method === 'POST') {
      return find(name.replaceAll('-', '_'), JSON.parse(exchange.body.toString()), exchange.headers.accept);
    }
    if (action === 'order' && exchange.method === 'PATCH') return patch(name, JSON.parse(exchange.body.toString()));
    return errors(404, '0', 'Not Found', `No route found for "${exchange.method} ${exchange.path}"`);
  };

  const giveToken = (asked: { grant_type?: string; client_id?: string; client_secret?: string }): Answer => {
    if (asked.grant_type !== 'client_credentials') return errors(400, '2', 'The grant type is not supported');
    if (asked.client_id !== CLIENT_ID || asked.client_secret !== CLIENT_SECRET) {
      return errors(401, '10', 'Client authentication failed');
    }
    given += 1;
    const token = `token-${given}`;
    tokens.set(token, now().getTime() + tokenLife * 1000);
    return json({ token_type: 'Bearer', expires_in: tokenLife, access_token: token });
  };

  const find = (entity: string, criteria: Criteria, accept = ''): Answer => {
    const missing = rightsFor(entity, criteria.associations).filter((right) => lacks.includes(right));
    if (missing.length > 0) return lacking(missing);
    const all: Entity[] = entity === 'webhook' ? webhooks.rows() : books.rows(entity);
    const rows = searchRows(all, criteria, maxLimit);
    // Who does not ask for plain JSON gets JSON:API.
    return accept === 'application/json'
      ? json({ total: rows.length, data: rows })
      : json({ data: rows.map(asResource) });
  };

  const patch = (id: string, changes: { customFields?: object }): Answer => {
    if (lacks.includes('order:update')) return lacking(['order:update']);
    if (!books.orders.some((order) => order.id === id)) {
      return errors(404, 'FRAMEWORK__WRITE_MISSING', 'Not Found', `The order ${id} does not exist.`);
    }
    books.setCustomFields(id, changes.customFields ?? {});
    written(id, 'update');
    return { status: 204, body: '' };
  };

  const written = (id: string, operation: string, versionId = LIVE_VERSION): void =>
    webhooks.tell('order.written', [{ entity: 'order', operation, primaryKey: id, updatedFields: [], versionId }]);
  /** A business event shows the order, with whatever associations happened to be loaded. */
  const event = (name: string, id: string): void => {
    const { orderNumber } = books.order(id);
    webhooks.tell(name, { order: { id, versionId: LIVE_VERSION, orderNumber, lineItems: null, transactions: null } });
  };
  const payment = (id: string, state: string): void => {
    books.setPaymentState(id, state);
    event(`state_enter.order_transaction.state.${state}`, id);
  };

  const http: HttpSimulator = await startHttpSimulator((exchange) => {
    try {
      return answer(exchange);
    } catch (error) {
      if (error instanceof BadCriteria) return errors(400, 'FRAMEWORK__INVALID_CRITERIA', 'Bad Request', error.message);
      throw error;
    }
  });
  return {
    ...http,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    books,
    place: (order = {}) => {
      const { id } = books.place(order);
      written(id, 'insert');
      event('checkout.order.placed', id);
      return id;
    },
    pay: (id) => payment(id, 'paid'),
    payPartly: (id, gross) => {
      books.capture(id, gross);
      payment(id, 'paid_partially');
    },
    refund: (id, refund) => {
      const { totalPrice } = books.order(id).price as { totalPrice: number };
      if (refund.recorded ?? true) {
        books.refund(id, refund);
        event('state_enter.order_transaction_capture_refund.state.completed', id);
      }
      payment(id, refund.gross < Math.round(totalPrice * 100) ? 'refunded_partially' : 'refunded');
    },
    edit: (id, items) => {
      books.edit(id, items);
      written(id, 'update');
    },
    draft: (id) => written(id, 'insert', 'd0a7e54bd0a7e54bd0a7e54bd0a7e54b'),
    cancel: (id) => {
      books.cancel(id);
      event('state_enter.order.state.cancelled', id);
    },
    remove: (id) => {
      books.remove(id);
      webhooks.tell('order.deleted', [{ entity: 'order', operation: 'delete', primaryKey: id }]);
    },
    deliveries: () => webhooks.drain(),
    failed: (delivery) => webhooks.failed(delivery),
    tokens: () => given,
    forgetTokens: () => {
      tokens = new Map();
    },
  };
}

const DENIED = 'The resource owner or authorization server denied the request.';

const json = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) });

const errors = (status: number, code: string, title: string, detail = ''): Answer => ({
  status,
  body: JSON.stringify({ errors: [{ code, status: String(status), title, detail }] }),
});

const lacking = (missingPrivileges: string[]): Answer =>
  errors(
    403,
    'FRAMEWORK__MISSING_PRIVILEGE_ERROR',
    'Forbidden',
    JSON.stringify({ message: 'Missing privilege', missingPrivileges }),
  );

const asResource = ({ id, apiAlias, ...attributes }: Row): object => ({
  id,
  type: apiAlias,
  attributes,
  relationships: {},
});
