// What WooCommerce tells, to facts: its webhooks' bodies, and orders that were fetched together with their refunds. Every
// order topic carries the whole order as it stood when it was sent, which may be later than what the topic says; so all of
// them are read alike and the order's own state decides.
import { z } from 'zod';
import { FETCHED, type StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { isUnsaved, readOrder } from './woocommerce-order.ts';
import { WireOrderSchema, type WireRefund, WireRefundSchema } from './woocommerce-wire.ts';

/** An order and the details of its refunds, in one object: `{"order":…,"refunds":[…]}`. */
export const FETCHED_ORDER = `${FETCHED}order` as const;

/** What is asked of the shop's API: the order with all of its refunds. */
export const orderRef = (id: string): string => `order:${id}`;

const ORDER_ID = /^[1-9]\d{0,18}$/;

const ORDER_TOPICS = new Set(['order.created', 'order.updated', 'order.restored']);

/** Hooks of WooCommerce whose first argument is an order's id; others hand over something else, such as a refund's. */
const ORDER_HOOKS = [
  'new_order',
  'update_order',
  'checkout_order_processed',
  'payment_complete',
  'pre_payment_complete',
  'order_status_[a-z0-9_-]+',
  'order_payment_status_changed',
  'order_refunded',
  'order_fully_refunded',
  'order_partially_refunded',
  'cancelled_order',
  'trash_order',
  'untrash_order',
];
const ORDER_ACTION = new RegExp(`^action\\.woocommerce_(${ORDER_HOOKS.join('|')})$`);

/**
 * Translates what WooCommerce told. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, `unreadable_order` (with the path), `unknown_currency`, `unreadable_date`,
 * and `order_without_lines`.
 */
export function understandWooCommerce(delivery: StoredDelivery): Result<Understood> {
  const { topic } = delivery;
  const known = ORDER_TOPICS.has(topic) || topic === 'order.deleted' || topic === FETCHED_ORDER;
  if (!known && !topic.startsWith('action.')) return ignored('topic_not_used');
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;
  const body = fieldsOf(parsed.value);
  if (topic === FETCHED_ORDER) return understandOrder(topic, fieldsOf(body.order ?? null), body.refunds ?? null);
  if (topic.startsWith('action.') && typeof body.action === 'string' && !('line_items' in body)) {
    return understandAction(topic, body.arg ?? null);
  }
  return understandOrder(topic, body, null);
}

/** An action's body is its first argument alone: `{"action":"woocommerce_payment_complete","arg":1042}`. */
function understandAction(topic: string, arg: Json): Result<Understood> {
  if (!ORDER_ACTION.test(topic)) return ignored('topic_not_used');
  if (typeof arg === 'string' && ORDER_ID.test(arg)) {
    return ok({ kind: 'fetch', fetch: [orderRef(arg)], orderId: arg, otherwise: 'told_by_order_update' });
  }
  return err(problem('not_an_order', `the body of ${topic} names no order`, 'arg'));
}

/** `refunds` is null where only the order came: what was refunded is then still to be asked for. */
function understandOrder(topic: string, body: { [key: string]: Json }, refunds: Json): Result<Understood> {
  const refusal = refusalOf(body);
  if (refusal !== null) return err(refusal);
  const id = typeof body.id === 'string' ? body.id : '';
  if (topic === 'order.deleted' && id !== '') return ignored('order_deleted', id);
  if (id === '' || !Array.isArray(body.line_items)) {
    return err(
      problem('not_an_order', `the body of ${topic} has no ${id === '' ? 'id' : 'line_items'}; ${LOST_RIGHTS}`),
    );
  }
  const wire = WireOrderSchema.safeParse(body);
  if (!wire.success) return err(unreadable(wire.error, []));
  if (isUnsaved(wire.data)) return ignored('draft', id);
  const details = DetailsSchema.safeParse(refunds);
  if (!details.success) return err(unreadable(details.error, ['refunds']));
  const order = readOrder(wire.data, details.data ?? []);
  if (!order.ok) return order;
  const lacking = details.data === null && order.value.refunds.length > 0 && ORDER_ID.test(id);
  return ok({
    kind: 'facts',
    facts: [{ kind: 'order', order: order.value }],
    ...(lacking ? { fetch: [orderRef(id)] } : {}),
  });
}

const DetailsSchema: z.ZodType<WireRefund[] | null> = z.array(WireRefundSchema).nullable();

const ignored = (reason: string, orderId?: string): Result<Understood> =>
  ok(orderId === undefined ? { kind: 'ignored', reason } : { kind: 'ignored', reason, orderId });

const fieldsOf = (json: Json): { [key: string]: Json } =>
  json !== null && typeof json === 'object' && !Array.isArray(json) ? json : {};

/** Names the first value that is not what it must be, by its path. */
function unreadable(error: z.ZodError, below: readonly string[]): Problem {
  const issue = error.issues[0];
  const at = [...below, ...(issue?.path ?? [])].join('.');
  return problem('unreadable_order', `${at}: ${issue?.message ?? 'unexpected'}; correct the order in the shop`, at);
}

const LOST_RIGHTS =
  'the user who owns the webhook may have lost the right to read orders: give it back, or create the webhook anew';

/** WooCommerce signs and sends what its REST API answered to the webhook's owner, errors included. */
function refusalOf(body: { [key: string]: Json }): Problem | null {
  if (typeof body.code !== 'string' || typeof body.message !== 'string' || 'line_items' in body) return null;
  const said = `${body.code} (${body.message})`.slice(0, 300);
  return problem('not_an_order', `the shop sent an error in place of the order: ${said}; ${LOST_RIGHTS}`);
}
