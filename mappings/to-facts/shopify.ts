// Shopify's deliveries, and what its API told, to facts. Every order topic carries the whole order, so all of them are read
// alike and the order's own state decides; a delivery's topic only says what made Shopify send it.
import type { z } from 'zod';
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { FetchedOrderSchema } from './shopify-graphql.ts';
import { readOrder } from './shopify-order.ts';
import { DeletedOrderSchema, NamedOrderSchema, type WireOrder, WireOrderSchema } from './shopify-wire.ts';

/** The topic of an order that the API told. */
export const FETCHED_ORDER = 'fetched.order';

const ORDER_TOPICS = new Set([
  'orders/create',
  'orders/updated',
  'orders/edited',
  'orders/paid',
  'orders/partially_fulfilled',
  'orders/fulfilled',
  'orders/cancelled',
]);

/** They carry only what changed: the order itself has to be asked for. */
const NAMING_TOPICS = new Set(['refunds/create', 'order_transactions/create']);

const IGNORED_TOPICS: ReadonlyMap<string, string> = new Map([
  ['orders/delete', 'order_deleted'],
  // The bank's decision moves money between bank and shop; the sale, and its invoice, stay as they are.
  ['disputes/create', 'dispute_not_followed'],
  ['disputes/update', 'dispute_not_followed'],
  ['customers/redact', 'privacy_request'],
  ['customers/data_request', 'privacy_request'],
  ['shop/redact', 'privacy_request'],
]);

/**
 * Translates a delivery of Shopify, or an order that its API told. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, `unreadable_order` (with the path) and what `readOrder` fails with.
 */
export function understandShopify(delivery: StoredDelivery): Result<Understood> {
  const { topic } = delivery;
  const ignoredAs = IGNORED_TOPICS.get(topic);
  const isOrder = ORDER_TOPICS.has(topic);
  if (!isOrder && !NAMING_TOPICS.has(topic) && topic !== FETCHED_ORDER && ignoredAs === undefined) {
    return ignored('topic_not_used');
  }
  const parsed = parseJson(delivery.body);
  if (ignoredAs !== undefined) return ignored(ignoredAs, parsed.ok ? orderIn(parsed.value) : undefined);
  if (!parsed.ok) return parsed;
  if (topic === FETCHED_ORDER) return readAs(FetchedOrderSchema, parsed.value, false);
  if (isOrder && looksLikeOrder(parsed.value)) {
    return readAs(WireOrderSchema, parsed.value, delivery.headers['x-shopify-test'] === 'true');
  }
  const orderId = NamedOrderSchema.safeParse(parsed.value).data;
  return orderId === undefined
    ? err(problem('not_an_order', `the body of ${topic} is no order and names none`))
    : ok({ kind: 'fetch', fetch: [`order:${orderId}`], orderId, otherwise: 'told_by_order_update' });
}

function readAs(schema: z.ZodType<WireOrder>, body: Json, isTest: boolean): Result<Understood> {
  const wire = schema.safeParse(body);
  if (!wire.success) {
    const issue = wire.error.issues[0];
    const at = issue?.path.join('.') ?? '';
    return err(problem('unreadable_order', `${at}: ${issue?.message ?? 'unexpected'}`, at));
  }
  const order = readOrder(isTest ? { ...wire.data, test: true } : wire.data);
  return order.ok ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.value }] }) : order;
}

const ignored = (reason: string, orderId?: string): Result<Understood> =>
  ok(orderId === undefined ? { kind: 'ignored', reason } : { kind: 'ignored', reason, orderId });

/** The order that an ignored body is about, for the timeline. */
const orderIn = (body: Json): string | undefined =>
  NamedOrderSchema.safeParse(body).data ?? DeletedOrderSchema.safeParse(body).data?.id;

const looksLikeOrder = (body: Json): boolean =>
  body !== null && typeof body === 'object' && !Array.isArray(body) && 'id' in body && Array.isArray(body.line_items);
