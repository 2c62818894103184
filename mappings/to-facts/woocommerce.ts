// WooCommerce's webhook bodies to facts. Every order topic carries the whole order as it stood when it was sent, which
// may be later than what the topic says; so all of them are read alike and the order's own state decides.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { isUnsaved, readOrder } from './woocommerce-order.ts';
import { WireOrderSchema } from './woocommerce-wire.ts';

const ORDER_TOPICS = new Set(['order.created', 'order.updated', 'order.restored']);

/**
 * Translates a delivery of WooCommerce. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, `unreadable_order` (with the path), `unknown_currency`, `unreadable_date`,
 * and `order_without_lines`.
 */
export function understandWooCommerce(delivery: StoredDelivery): Result<Understood> {
  const { topic } = delivery;
  const ofAction = topic.startsWith('action.');
  if (!ORDER_TOPICS.has(topic) && !ofAction && topic !== 'order.deleted') return ignored('topic_not_used');
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;
  const body = fieldsOf(parsed.value);

  const refusal = refusalOf(body);
  if (refusal !== null) return err(refusal);
  const id = typeof body.id === 'string' ? body.id : '';
  if (topic === 'order.deleted' && id !== '') return ignored('order_deleted', id);
  if (id === '' || !Array.isArray(body.line_items)) {
    // Most actions hand over an id or nothing; the order itself comes with `order.updated`.
    if (ofAction && typeof body.action === 'string') return ignored('topic_not_used');
    return err(
      problem('not_an_order', `the body of ${topic} has no ${id === '' ? 'id' : 'line_items'}; ${LOST_RIGHTS}`),
    );
  }

  const wire = WireOrderSchema.safeParse(body);
  if (!wire.success) {
    const issue = wire.error.issues[0];
    const at = issue?.path.join('.') ?? '';
    return err(
      problem('unreadable_order', `${at}: ${issue?.message ?? 'unexpected'}; correct the order in the shop`, at),
    );
  }
  if (isUnsaved(wire.data)) return ignored('draft', id);
  const order = readOrder(wire.data);
  return order.ok ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.value }] }) : order;
}

const ignored = (reason: string, orderId?: string): Result<Understood> =>
  ok(orderId === undefined ? { kind: 'ignored', reason } : { kind: 'ignored', reason, orderId });

const fieldsOf = (json: Json): { [key: string]: Json } =>
  json !== null && typeof json === 'object' && !Array.isArray(json) ? json : {};

const LOST_RIGHTS =
  'the user who owns the webhook may have lost the right to read orders: give it back, or create the webhook anew';

/** WooCommerce signs and sends what its REST API answered to the webhook's owner, errors included. */
function refusalOf(body: { [key: string]: Json }): Problem | null {
  if (typeof body.code !== 'string' || typeof body.message !== 'string' || 'line_items' in body) return null;
  const said = `${body.code} (${body.message})`.slice(0, 300);
  return problem('not_an_order', `the shop sent an error in place of the order: ${said}; ${LOST_RIGHTS}`);
}
