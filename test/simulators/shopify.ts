// A Shopify shop: orders, the Admin GraphQL API that shows them, and the webhooks that tell of them. Strict where Shopify is
// known to refuse (fields, scopes, protected customer data, query cost) and awkward where it is known to be (lists without
// cursors, orders in no particular order within a second, deliveries twice and out of order).
import { z } from 'zod';
import { type Answer, type Exchange, type HttpSimulator, startHttpSimulator } from './http-simulator.ts';
import { type Delivery, openOutbox, type Subscription } from './shopify-deliveries.ts';
import {
  editOrder,
  type NewOrder,
  type NewRefund,
  newOrder,
  payOrder,
  refundOrder,
  settleRefund,
} from './shopify-orders.ts';
import { parseDocument, SyntaxProblem } from './shopify-query.ts';
import { carryOut, type Row, requestedCost, SchemaProblem, type Withheld } from './shopify-schema.ts';
import { bodyOf, gid, type OrderRecord, orderObject, type Wire } from './shopify-views.ts';

export type ShopifyOptions = {
  secret: string;
  now: () => Date;
  /** `X-Shopify-Shop-Domain`. */
  domain?: string;
  scopes?: readonly string[];
  /** Shopify's approval to see who the buyers are. */
  protectedCustomerData?: boolean;
  bucket?: { size: number; restoredPerSecond: number };
  /** Topics subscribed to; a topic may be named twice. */
  topics?: readonly string[];
  /** The version that the API answers as. */
  apiVersion?: string;
};

export type ShopifyShop = HttpSimulator & {
  token: string;
  /** Orders by id; changing one here tells nobody. */
  orders: Map<string, OrderRecord>;
  metafields: Map<string, Row>;
  place(order: NewOrder): string;
  pay(id: string): void;
  edit(id: string, lines: NewRefund['lines']): void;
  refund(id: string, refund: NewRefund): string;
  settle(id: string, refundId: string): void;
  cancel(id: string): void;
  remove(id: string): void;
  /** Any other change (a note, a tag): the order's second moves on. */
  touch(id: string, fields?: Wire): void;
  subscriptions: Subscription[];
  deliveries(): Delivery[];
  answered(delivery: Delivery, accepted: boolean): void;
  /** Happens just before the next request is answered, where `query` is part of it. */
  meanwhile(query: string, happens: () => void): void;
  /** Points left in the bucket. */
  budget(): number;
};

const VERSION = '2026-07';
const TOKEN = 'shpat_simulated0shop0token';
const SCOPES = ['read_orders', 'read_all_orders', 'write_orders', 'read_customers', 'read_companies'];
const TOPICS = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'orders/edited',
  'orders/cancelled',
  'orders/delete',
  'refunds/create',
];
const SINGLE_QUERY = 1000;

const RequestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });
const MetafieldsSchema = z.array(
  z.object({ ownerId: z.string(), namespace: z.string(), key: z.string(), type: z.string(), value: z.string() }),
);

/** Starts a shop without orders. */
export async function shopifyShop(options: ShopifyOptions): Promise<ShopifyShop> {
  const { secret, now, domain = 'atelier.myshopify.com', scopes = SCOPES, protectedCustomerData = true } = options;
  const bucket = options.bucket ?? { size: 1000, restoredPerSecond: 50 };
  const orders = new Map<string, OrderRecord>();
  const metafields = new Map<string, Row>();
  const outbox = openOutbox(secret, domain, options.apiVersion ?? VERSION, options.topics ?? TOPICS);
  let nextId = 6_001_000_000_000;
  const ids = (): string => {
    nextId += 7;
    return String(nextId);
  };
  let number = 1000;
  let level = bucket.size;
  let filledAt = now().getTime();
  let waiting: { query: string; happens: () => void }[] = [];
  const at = (): string => `${now().toISOString().slice(0, 19)}+00:00`;

  const record = (id: string): OrderRecord => {
    const found = orders.get(id);
    if (found === undefined) throw new Error(`the shop has no order ${id}`);
    return found;
  };
  const tell = (topic: string, body: Wire): void => outbox.tell(topic, bodyOf(body), now());
  const tellOrder = (topic: string, id: string): void => tell(topic, record(id).rest);

  const fill = (): void => {
    const seconds = (now().getTime() - filledAt) / 1000;
    filledAt = now().getTime();
    level = Math.min(bucket.size, level + seconds * bucket.restoredPerSecond);
  };

  const withheld: Withheld = (type, field) => {
    const scope = neededScope(type, field);
    if (scope !== null && !scope.some((one) => scopes.includes(one))) {
      return `Access denied for ${field} field. Required access: \`${scope[0]}\` access scope.`;
    }
    const isPrivate = PROTECTED.has(`${type}.${field}`);
    return isPrivate && !protectedCustomerData
      ? `This app is not approved to access the ${type} object. See https://partners.example/customer_data for more details.`
      : null;
  };

  const root = (field: string, args: Row): unknown => {
    switch (field) {
      case 'shop':
        return {
          id: gid('Shop', 1),
          name: 'Atelier Verdier',
          myshopifyDomain: domain,
          email: 'bonjour@atelier.test',
          currencyCode: 'EUR',
        };
      case 'currentAppInstallation':
        return { accessScopes: scopes.map((handle) => ({ handle })) };
      case 'webhookSubscriptions':
        return outbox.subscriptions.map(({ id, topic }) => ({ id: gid('WebhookSubscription', id), topic }));
      case 'order': {
        const order = orders.get(idIn(args.id));
        return order === undefined ? null : orderObject(order);
      }
      case 'refund':
        return (
          [...orders.values()]
            .flatMap((order) => orderObject(order).refunds as Row[])
            .find(({ id }) => id === args.id) ?? null
        );
      case 'orders':
        return listed(args);
      case 'metafieldsSet':
        return setMetafields(MetafieldsSchema.parse(args.metafields));
      default:
        return null;
    }
  };

  /** Orders that match, sorted as asked for; those of one second come in the order of their ids. */
  const listed = (args: Row): Row[] => {
    const since = /updated_at:>='([^']*)'/.exec(String(args.query ?? ''))?.[1];
    const sortedBy = args.sortKey === 'UPDATED_AT' ? 'updatedAt' : 'id';
    return [...orders.values()]
      .map(orderObject)
      .filter(({ updatedAt }) => since === undefined || String(updatedAt) >= since)
      .sort((a, b) => compare(String(a[sortedBy]), String(b[sortedBy])) || compare(String(a.id), String(b.id)));
  };

  const setMetafields = (inputs: z.infer<typeof MetafieldsSchema>): Row => {
    const unknown = inputs.find(({ ownerId }) => !orders.has(idIn(ownerId)));
    if (unknown !== undefined) {
      return {
        metafields: null,
        userErrors: [{ field: ['metafields', '0', 'ownerId'], message: 'Owner does not exist', code: 'INVALID' }],
      };
    }
    for (const input of inputs) metafields.set(`${input.ownerId} ${input.namespace}.${input.key}`, input);
    return { metafields: inputs, userErrors: [] };
  };

  const act = ({ method, path, headers, body }: Exchange): Answer => {
    if (headers['x-shopify-access-token'] !== TOKEN) {
      return json(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
    }
    if (method !== 'POST' || !/^\/admin\/api\/\d{4}-\d{2}\/graphql\.json$/.test(path))
      return json(404, { errors: 'Not Found' });
    const request = RequestSchema.safeParse(JSON.parse(body.toString()));
    if (!request.success) return json(400, { errors: { query: 'Required parameter missing or invalid' } });
    const { query, variables } = request.data;
    const due = waiting.find((one) => query.includes(one.query));
    waiting = waiting.filter((one) => one !== due);
    due?.happens();
    return answerTo(query, variables ?? {});
  };

  const answerTo = (query: string, variables: Row): Answer => {
    fill();
    try {
      const document = parseDocument(query);
      const requested = requestedCost(document, variables);
      const cost = (actual: number | null): Row => ({
        cost: {
          requestedQueryCost: requested,
          actualQueryCost: actual,
          throttleStatus: {
            maximumAvailable: bucket.size,
            currentlyAvailable: Math.floor(level),
            restoreRate: bucket.restoredPerSecond,
          },
        },
      });
      if (requested > SINGLE_QUERY) {
        const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${SINGLE_QUERY}).`;
        return json(200, { errors: [{ message, extensions: { code: 'MAX_COST_EXCEEDED' } }] });
      }
      if (requested > level) {
        return json(200, {
          errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
          extensions: cost(null),
        });
      }
      const carried = carryOut(document, variables, root, withheld);
      level -= carried.cost;
      const { data, errors } = carried;
      return json(200, { data, ...(errors.length === 0 ? {} : { errors }), extensions: cost(carried.cost) });
    } catch (error) {
      if (error instanceof SyntaxProblem) return json(200, { errors: [{ message: error.message }] });
      if (!(error instanceof SchemaProblem)) throw error;
      return json(200, { errors: [{ message: error.message, extensions: { code: error.code } }] });
    }
  };

  const json = (status: number, value: unknown): Answer => ({
    status,
    headers: { 'x-shopify-api-version': options.apiVersion ?? VERSION },
    body: JSON.stringify(value),
  });

  const http = await startHttpSimulator(act);
  return {
    ...http,
    token: TOKEN,
    orders,
    metafields,
    subscriptions: outbox.subscriptions,
    deliveries: outbox.drain,
    answered: outbox.answered,
    budget: () => {
      fill();
      return level;
    },
    meanwhile: (query, happens) => {
      waiting.push({ query, happens });
    },
    place: (order) => {
      number += 1;
      const made = newOrder(order, number, ids, at());
      const id = String(made.rest.id);
      orders.set(id, made);
      tellOrder('orders/create', id);
      if (made.rest.financial_status === 'paid') tellOrder('orders/paid', id);
      tellOrder('orders/updated', id);
      return id;
    },
    pay: (id) => {
      payOrder(record(id), ids, at());
      tellOrder('orders/paid', id);
      tellOrder('orders/updated', id);
    },
    edit: (id, lines) => {
      editOrder(record(id), lines, ids, at());
      tell('orders/edited', { order_edit: { id: ids(), order_id: id, committed_at: at() } });
      tellOrder('orders/updated', id);
    },
    refund: (id, given) => {
      const refund = refundOrder(record(id), given, ids, at());
      tell('refunds/create', refund);
      tellOrder('orders/updated', id);
      return String(refund.id);
    },
    settle: (id, refundId) => {
      settleRefund(record(id), refundId, at());
      tellOrder('orders/updated', id);
    },
    cancel: (id) => {
      Object.assign(record(id).rest, { cancelled_at: at(), cancel_reason: 'customer', updated_at: at() });
      tellOrder('orders/cancelled', id);
      tellOrder('orders/updated', id);
    },
    remove: (id) => {
      orders.delete(id);
      tell('orders/delete', { id });
    },
    touch: (id, fields = {}) => {
      Object.assign(record(id).rest, fields, { updated_at: at() });
      tellOrder('orders/updated', id);
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const idIn = (told: unknown): string => String(told).replace(/^.*\//, '');

/** Fields that are shown to apps that Shopify approved for protected customer data. */
const PROTECTED = new Set([
  'Order.customer',
  'Order.email',
  'Order.phone',
  'Order.billingAddress',
  'Order.shippingAddress',
]);

function neededScope(type: string, field: string): readonly string[] | null {
  if (type === 'QueryRoot' && ['order', 'orders', 'refund'].includes(field)) return ['read_orders', 'write_orders'];
  if (type === 'Mutation') return ['write_orders'];
  if (type === 'Order' && field === 'customer') return ['read_customers', 'write_customers'];
  if (type === 'CompanyLocation') return ['read_customers', 'read_companies'];
  return null;
}
