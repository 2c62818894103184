// A WooCommerce shop as its documentation and its source describe it: the REST API v3 that a key reads, the webhooks that it
// sends, and the ways in which one shop is known to differ from the next.
import { type Json, parseJson } from '../../src/domain/json.ts';
import { countArrivals, type Limit } from './arrivals.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import { WooBooks } from './woocommerce-books.ts';
import { type Delivery, type WebhookRecord, type Webhooks, wooWebhooks } from './woocommerce-deliveries.ts';
import { listPage, type Row, refusal } from './woocommerce-lists.ts';
import { CURRENT, type NoteRecord, type OrderRecord, type Switches } from './woocommerce-records.ts';
import { phpJson, wooViews } from './woocommerce-views.ts';

export type WooShopOptions = Partial<Switches> & {
  /** The webhooks' secret. */
  secret: string;
  now: () => Date;
  /** What the shop's webhooks tell of. */
  topics?: readonly string[];
  /** What a host's firewall lets through. */
  limit?: Limit;
};

type Acts = Pick<
  WooBooks,
  'place' | 'pay' | 'edit' | 'cancel' | 'fail' | 'refund' | 'deleteRefund' | 'trash' | 'restore' | 'remove'
>;

export type WooShop = HttpSimulator &
  Acts & {
    consumerKey: string;
    consumerSecret: string;
    /** What the shop calls itself in its webhooks. */
    source: string;
    order(id: number): OrderRecord;
    notes(id: number): readonly NoteRecord[];
    /** Ids of the order's lines, shipping and fees, in the order they were given. */
    lines(id: number): number[];
    /** Signed deliveries that are due now; what is not handed on is lost, for none is sent again. */
    deliveries(): Delivery[];
    /** Sends what is due, and keeps count of what comes back as the shop does. */
    deliver(send: (delivery: Delivery) => Promise<number>): Promise<void>;
    ping(webhook: number): Pick<Delivery, 'headers' | 'body'>;
    webhooks(): readonly WebhookRecord[];
    setWebhook(id: number, status: WebhookRecord['status']): void;
    /** Gives the shop's user the right to read orders, or takes it away: of the key and of the webhooks alike. */
    setReading(allowed: boolean): void;
    /** Happens once, after the next list has chosen its rows and before it shows them. */
    meanwhile(act: () => void): void;
    throttled(): number;
  };

const KEY = 'ck_simulated_2f6c1b';
const SECRET = 'cs_simulated_9a41d7';
const SOURCE = 'https://shop.example/';
const TOPICS = ['order.created', 'order.updated', 'order.deleted', 'order.restored'];

/** Opens an empty shop on a loopback port. */
export async function wooShop(options: WooShopOptions): Promise<WooShop> {
  const switches: Switches = { ...CURRENT, ...options };
  const views = wooViews(switches);
  const arrivals = countArrivals(options.limit, options.now);
  const hooks: { webhooks: Webhooks | null } = { webhooks: null };
  const books = new WooBooks(options.now, switches, (hook) => hooks.webhooks?.fire(hook));
  const { secret, now, topics = TOPICS } = options;
  const webhooks = wooWebhooks(
    { secret, now, topics, source: SOURCE },
    () => books,
    views,
    () => switches.mayReadOrders,
  );
  hooks.webhooks = webhooks;
  let meanwhile: (() => void) | null = null;

  const rules = {
    views,
    filtersByChange: switches.filtersByChange,
    countsRows: switches.countsRows,
    chosen: () => {
      const act = meanwhile;
      meanwhile = null;
      act?.();
    },
  };
  const orderRow = (order: OrderRecord): Row => ({ ...order, show: () => views.order(order) });
  const refundRows = (order: OrderRecord, named: boolean): Row[] =>
    order.refunds.map((refund) => ({
      ...refund,
      status: 'completed',
      modifiedAt: refund.createdAt,
      show: () => views.refund(refund, named ? order : null),
    }));

  const answer = (exchange: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) return { status: 429, headers: { 'retry-after': String(wait) }, body: 'Too Many Requests' };
    if (exchange.path === '/wp-json/') {
      return switches.hasIndex ? json(200, { name: 'Atelier Martin', url: SOURCE }) : forbidden(401);
    }
    const refused = identify(exchange);
    return refused ?? act(exchange);
  };

  const identify = ({ method, headers }: Exchange): Answer | null => {
    const [key, given] = Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64')
      .toString()
      .split(':');
    if (key !== KEY) return forbidden(401);
    const error = 'woocommerce_rest_authentication_error';
    if (given !== SECRET) return refusal(401, error, 'Consumer secret is invalid.');
    if (method === 'GET' || switches.mayWrite) return null;
    return refusal(401, error, 'The API key provided does not have write permissions.');
  };

  const act = ({ method, path, query, body }: Exchange): Answer => {
    const [, id = '', below = ''] = /^\/wp-json\/wc\/v3\/orders\/(\d+)(\/refunds|\/notes)?$/.exec(path) ?? [];
    const order = books.orders.find((one) => String(one.id) === id);
    const isOrders = path.startsWith('/wp-json/wc/v3/orders') || path === '/wp-json/wc/v3/refunds';
    if (isOrders && !switches.mayReadOrders) return forbidden(403);
    switch (`${method} ${path.replace(`/orders/${id}`, '/orders/:id')}`) {
      case 'GET /wp-json/wc/v3/orders':
        return listPage(books.orders.map(orderRow), query, rules);
      case 'GET /wp-json/wc/v3/orders/:id':
        return order === undefined ? gone() : json(200, views.order(order));
      case 'GET /wp-json/wc/v3/orders/:id/refunds':
        return listPage(order === undefined ? [] : refundRows(order, false), query, rules);
      case 'GET /wp-json/wc/v3/orders/:id/notes':
        return order === undefined ? gone() : json(200, order.notes.map(views.note));
      case 'POST /wp-json/wc/v3/orders/:id/notes':
        return order === undefined ? gone() : leaveNote(order, body);
      case 'GET /wp-json/wc/v3/refunds':
        if (!switches.listsRefunds) break;
        return listPage(
          books.orders.flatMap((one) => refundRows(one, true)),
          query,
          rules,
        );
      case 'GET /wp-json/wc/v3/webhooks':
        return switches.mayReadWebhooks ? listPage(webhooks.all.map(webhookRow), query, rules) : forbidden(403);
    }
    const message = `No route was found matching the URL and request method (${below || path}).`;
    return refusal(404, 'rest_no_route', message);
  };

  const leaveNote = (order: OrderRecord, body: Buffer): Answer => {
    const parsed = parseJson(body);
    const note = fieldOf(parsed.ok ? parsed.value : null, 'note');
    if (typeof note !== 'string') return refusal(400, 'rest_missing_callback_param', 'Missing parameter(s): note');
    const customerNote = fieldOf(parsed.ok ? parsed.value : null, 'customer_note') === true;
    books.leaveNote(order.id, note, customerNote);
    const [left] = order.notes;
    return json(201, left === undefined ? {} : views.note(left));
  };

  const http = await startHttpSimulator(answer);
  return {
    ...http,
    consumerKey: KEY,
    consumerSecret: SECRET,
    source: SOURCE,
    place: (input) => books.place(input),
    pay: (id, transactionId) => books.pay(id, transactionId),
    edit: (id, change) => books.edit(id, change),
    cancel: (id) => books.cancel(id),
    fail: (id) => books.fail(id),
    refund: (id, input) => books.refund(id, input),
    deleteRefund: (id, refundId) => books.deleteRefund(id, refundId),
    trash: (id) => books.trash(id),
    restore: (id) => books.restore(id),
    remove: (id) => books.remove(id),
    order: (id) => books.order(id),
    notes: (id) => books.order(id).notes,
    lines: (id) => books.order(id).parts.map((part) => part.id),
    deliveries: webhooks.drain,
    deliver: async (send) => {
      for (const delivery of webhooks.drain()) webhooks.answered(delivery, await send(delivery));
    },
    ping: webhooks.ping,
    webhooks: () => webhooks.all,
    setWebhook: (id, status) => {
      for (const webhook of webhooks.all.filter((one) => one.id === id)) webhook.status = status;
    },
    setReading: (allowed) => {
      switches.mayReadOrders = allowed;
    },
    meanwhile: (then) => {
      meanwhile = then;
    },
    throttled: arrivals.throttled,
  };
}

const webhookRow = ({ id, name, topic, status }: WebhookRecord): Row => ({
  id,
  status: 'any',
  createdAt: new Date(0),
  modifiedAt: new Date(0),
  show: () => ({ id, name, status, topic, delivery_url: 'https://hooks.acme.test/webhooks/shop?token=hidden' }),
});

const json = (status: number, value: unknown): Answer => ({ status, body: phpJson(value) });

const gone = (): Answer => refusal(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');

const forbidden = (status: number): Answer =>
  refusal(status, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');

const fieldOf = (value: Json, name: string): Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value[name] ?? null) : null;
