// PrestaShop to facts. Only what was asked of the webservice has facts; what a module sends is a hint to ask.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { ordersHinted } from './prestashop-hint.ts';
import { readOrder, type ShopSettings } from './prestashop-order.ts';
import { WireOrderSchema } from './prestashop-wire.ts';

/** The topic of everything that modules send, whatever they call it. */
export const HINT = 'hint';
/** The topic of an order that was read from the webservice. */
export const FETCHED_ORDER = 'fetched.order';

/**
 * Translates a hint or a fetched order. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, `unreadable_order` (with the path), `unknown_currency`, `unreadable_date`, and
 * `order_without_lines`.
 */
export function understandPrestaShop({ topic, body }: StoredDelivery, shop: ShopSettings): Result<Understood> {
  if (topic === HINT) return understandHint(body);
  if (topic !== FETCHED_ORDER) return ok({ kind: 'ignored', reason: 'topic_not_used' });
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  const wire = WireOrderSchema.safeParse(parsed.value);
  if (!wire.success) {
    const issue = wire.error.issues[0];
    const at = issue?.path.join('.') ?? '';
    return err(
      problem('unreadable_order', `${at}: ${issue?.message ?? 'unexpected'}; correct the order in the shop`, at),
    );
  }
  // The shop writes the order before its lines and its state: it is being placed at this moment.
  const { id, current_state } = wire.data.order;
  if (current_state === null) return ok({ kind: 'ignored', reason: 'draft', orderId: id });
  const order = readOrder(wire.data, shop);
  return order.ok ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.value }] }) : order;
}

function understandHint(body: Uint8Array): Result<Understood> {
  const hinted = ordersHinted(body);
  if (!hinted.ok) return hinted;
  const [only, another] = hinted.value;
  const fetch = hinted.value.map((id) => `order:${id}`);
  return ok(
    only !== undefined && another === undefined ? { kind: 'fetch', fetch, orderId: only } : { kind: 'fetch', fetch },
  );
}
