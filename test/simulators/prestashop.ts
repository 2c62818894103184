// PrestaShop's webservice as its own source code has it, and the webhooks of a module beside it. Strict where the shop is, and
// with switches for what differs between versions, installations and converters.
import { createHmac } from 'node:crypto';
import { countArrivals, type Limit } from './arrivals.ts';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import { PrestaShopBooks } from './prestashop-books.ts';
import { list, type Spelling, WebserviceError } from './prestashop-query.ts';
import { isResource, type Resource } from './prestashop-tables.ts';

export type { Item, NewOrder, Refund } from './prestashop-books.ts';

export type PrestaShopOptions = Partial<Spelling> & {
  /** A module tells of changes and signs with this; without it the shop tells of nothing. */
  secret?: string;
  signature?: { header?: string; prefix?: 'sha256=' };
  /** The module writes forms in place of JSON. */
  forms?: boolean;
  now?: () => Date;
  timeZone?: string;
  /** Whether the shop numbers invoices itself (PS_INVOICE). */
  ownInvoices?: boolean;
  /** Resources that the key may not read. */
  denied?: readonly Resource[];
  /** Resources that this version does not have; before 1.7.8 there were no order_cart_rules. */
  absent?: readonly Resource[];
  limit?: Limit;
};

/** A delivery of the module, as it leaves the shop. */
export type Delivery = { topic: string; headers: Readonly<Record<string, string>>; body: Buffer };

type Acts = Pick<
  PrestaShopBooks,
  'place' | 'pay' | 'edit' | 'cancel' | 'ship' | 'setState' | 'refund' | 'order' | 'details'
>;

export type PrestaShopShop = HttpSimulator &
  Acts & {
    key: string;
    books: PrestaShopBooks;
    /** What the module has sent since the last call, oldest first: one delivery for each change, none of which it repeats. */
    deliveries(): Delivery[];
    /** Happens once, after the next list of this resource has chosen its rows and before it shows them. */
    meanwhile(act: () => void, resource?: Resource): void;
    /** Switches the webservice off or on. */
    enable(on: boolean): void;
    throttled(): number;
  };

const KEY = 'SIMULATEDKEYOFTHEWEBSERVICE00001';

/** Opens a shop without orders on a loopback port. Its clock stands still unless one is given. */
export async function prestashopShop(options: PrestaShopOptions = {}): Promise<PrestaShopShop> {
  const { now = () => new Date('2026-11-21T10:00:00.000Z'), timeZone = 'Europe/Paris', ownInvoices = false } = options;
  const { languages = ['1', '2'], emptyAssociation = 'absent', soleAsObject = false } = options;
  const denied = new Set<string>(options.denied);
  const absent = new Set<string>(options.absent);
  const arrivals = countArrivals(options.limit, now);
  const acts: { resource: Resource; act: () => void }[] = [];
  let sent: Delivery[] = [];
  let enabled = true;

  const books = new PrestaShopBooks({ now, timeZone, ownInvoices }, (orderId) => {
    const { secret } = options;
    if (secret !== undefined) sent.push(deliveryOf(books, orderId, { ...options, secret }));
  });

  const answer = ({ method, path, query, headers }: Exchange): Answer => {
    const wait = arrivals.turnedAwayFor();
    if (wait !== null) return { status: 429, headers: { 'retry-after': String(wait) }, body: 'Too Many Requests' };
    const resource = /^\/api\/(\w*)$/.exec(path)?.[1];
    if (resource === undefined) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' };
    if (!enabled) throw new WebserviceError(503, 22, 'The PrestaShop webservice is disabled. Please activate it');
    authenticate(headers.authorization);
    if (!isResource(resource) || absent.has(resource)) {
      throw new WebserviceError(400, 27, `Resource of type "${resource}" does not exists. Did you mean: "orders"?`);
    }
    if (denied.has(resource)) {
      throw new WebserviceError(401, 26, `Resource of type "${resource}" is not allowed with this authentication key`);
    }
    if (method !== 'GET') {
      throw new WebserviceError(405, 25, `Method ${method} is not allowed for the resource ${resource}`);
    }
    if (query.get('output_format') !== 'JSON') {
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<?xml version="1.0"?><prestashop/>' };
    }
    const spelling = { languages, emptyAssociation, soleAsObject };
    const rows = list(resource, books.tables[resource], query, spelling, () => {
      const due = acts.findIndex((one) => one.resource === resource);
      if (due !== -1) acts.splice(due, 1)[0]?.act();
    });
    return json(200, rows.length === 0 ? [] : { [resource === 'order_slip' ? 'order_slips' : resource]: rows });
  };

  const http = await startHttpSimulator((exchange) => {
    try {
      return answer(exchange);
    } catch (error) {
      if (!(error instanceof WebserviceError)) throw error;
      return json(error.status, { errors: [{ code: error.code, message: error.message }] });
    }
  });
  return {
    ...http,
    key: KEY,
    books,
    place: (order) => books.place(order),
    pay: (id, payment) => books.pay(id, payment),
    edit: (id, order) => books.edit(id, order),
    cancel: (id) => books.cancel(id),
    ship: (id) => books.ship(id),
    setState: (id, state) => books.setState(id, state),
    refund: (id, refund) => books.refund(id, refund),
    order: (id) => books.order(id),
    details: (id) => books.details(id),
    deliveries: () => {
      const told = sent;
      sent = [];
      return told;
    },
    meanwhile: (act, resource = 'orders') => {
      acts.push({ resource, act });
    },
    enable: (on) => {
      enabled = on;
    },
    throttled: arrivals.throttled,
  };
}

function authenticate(header: string | undefined): void {
  const [user = '', password] = Buffer.from(header?.replace(/^Basic /, '') ?? '', 'base64')
    .toString()
    .split(':');
  if (user === '') throw new WebserviceError(401, 17, 'Authentication key is empty');
  if (user.length !== KEY.length) throw new WebserviceError(401, 18, 'Invalid authentication key format');
  if (user !== KEY || password !== '') throw new WebserviceError(401, 20, 'Authentification key is not active');
}

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

/** What the module sends of an order: its id and little more. */
function deliveryOf(
  books: PrestaShopBooks,
  orderId: string,
  { secret, forms = false, signature = {} }: PrestaShopOptions & { secret: string },
): Delivery {
  const order = books.order(orderId);
  const { reference, current_state: state } = order;
  const fields = { id_order: orderId, reference: String(reference), state: String(state), at: books.now() };
  const body = Buffer.from(forms ? new URLSearchParams(fields).toString() : JSON.stringify(fields));
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  const { header = 'X-Prestashop-Signature', prefix = '' } = signature;
  return {
    topic: 'hint',
    headers: {
      'content-type': forms ? 'application/x-www-form-urlencoded' : 'application/json',
      [header.toLowerCase()]: `${prefix}${digest}`,
    },
    body,
  };
}
