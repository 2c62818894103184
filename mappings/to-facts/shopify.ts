// Shopify's webhook bodies to facts. Every order topic carries the whole order, so all of them are read alike and the
// order's own state decides; a delivery's topic only says what made Shopify send it.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { readOrder } from './shopify-order.ts';
import { NamedOrderSchema, WireOrderSchema } from './shopify-wire.ts';

const ORDER_TOPICS = new Set([
  'orders/create',
  'orders/updated',
  'orders/edited',
  'orders/paid',
  'orders/partially_fulfilled',
  'orders/fulfilled',
  'orders/cancelled',
]);

const IGNORED_TOPICS: ReadonlyMap<string, string> = new Map([
  ['orders/delete', 'order_deleted'],
  ['customers/redact', 'privacy_request'],
  ['customers/data_request', 'privacy_request'],
  ['shop/redact', 'privacy_request'],
]);

/**
 * Translates a delivery of Shopify. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, `unreadable_order` (with the path) and what `readOrder` fails with.
 */
export function understandShopify(delivery: StoredDelivery): Result<Understood> {
  const { topic } = delivery;
  const isOrder = ORDER_TOPICS.has(topic);
  if (!isOrder && topic !== 'refunds/create') return ignored(IGNORED_TOPICS.get(topic) ?? 'topic_not_used');
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;

  // A refund and an edit carry themselves. What they changed stands in the order, which Shopify sends as well.
  const named = isOrder && looksLikeOrder(parsed.value) ? null : NamedOrderSchema.safeParse(parsed.value);
  if (named?.success) return ignored('told_by_order_update', named.data);
  if (named !== null) return err(problem('not_an_order', `the body of ${topic} is no order and names none`));
  const wire = WireOrderSchema.safeParse(parsed.value);
  if (!wire.success) {
    const issue = wire.error.issues[0];
    const at = issue?.path.join('.') ?? '';
    return err(problem('unreadable_order', `${at}: ${issue?.message ?? 'unexpected'}`, at));
  }
  const marked = delivery.headers['x-shopify-test'] === 'true';
  const order = readOrder(marked ? { ...wire.data, test: true } : wire.data);
  return order.ok ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.value }] }) : order;
}

const ignored = (reason: string, orderId?: string): Result<Understood> =>
  ok(orderId === undefined ? { kind: 'ignored', reason } : { kind: 'ignored', reason, orderId });

const looksLikeOrder = (body: Json): boolean =>
  body !== null && typeof body === 'object' && !Array.isArray(body) && 'id' in body && Array.isArray(body.line_items);
