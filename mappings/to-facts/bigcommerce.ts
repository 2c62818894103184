// BigCommerce's hooks and whole orders to facts. A hook is not a statement of the order, only that it is worth a look.
import { z } from 'zod';
import { FETCHED, type StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { isIncomplete, readOrder } from './bigcommerce-order.ts';
import { SnapshotSchema } from './bigcommerce-wire.ts';

/** What can change an invoice; a hook may also be made for one channel. Our own note is a metafield, and must not be among them. */
const ORDER_SCOPE =
  /^store\/(channel\/\d+\/)?order\/(created|updated|archived|statusUpdated|refund\/created|transaction\/(created|updated))$/;

/** The topic of an authentic body that cannot be read as a hook. */
export const UNREADABLE = 'unreadable';

const OrderIdSchema = z.string().regex(/^[1-9]\d{0,18}$/);

/** The order is `id`, but for a transaction, which has an id of its own. */
const HookSchema = z.object({
  data: z.union([
    z.object({ type: z.literal('transaction'), order_id: OrderIdSchema }).transform(({ order_id }) => order_id),
    z.object({ type: z.literal('order'), id: OrderIdSchema }).transform(({ id }) => id),
  ]),
});

/**
 * Translates a hook or a fetched order of BigCommerce. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_event`, `unreadable_order` (with the path), `unknown_currency`, `unknown_status`,
 * `unreadable_date`, `amount_in_other_currency`, and `order_without_lines`.
 */
export function understandBigCommerce({ topic, body }: StoredDelivery): Result<Understood> {
  const isOrder = topic === `${FETCHED}order`;
  if (!isOrder && topic !== UNREADABLE && !ORDER_SCOPE.test(topic))
    return ok({ kind: 'ignored', reason: 'topic_not_used' });
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  if (!isOrder) {
    const hook = HookSchema.safeParse(parsed.value);
    if (!hook.success) return err(problem('not_an_event', `the body of ${topic} names no order`, 'data'));
    return ok({ kind: 'fetch', fetch: [`order:${hook.data.data}`], orderId: hook.data.data });
  }

  const snapshot = SnapshotSchema.safeParse(parsed.value);
  if (!snapshot.success) {
    const issue = snapshot.error.issues[0];
    const at = issue?.path.join('.') ?? '';
    return err(
      problem('unreadable_order', `${at}: ${issue?.message ?? 'unexpected'}; look at the order in the shop`, at),
    );
  }
  if (isIncomplete(snapshot.data)) return ok({ kind: 'ignored', reason: 'draft', orderId: snapshot.data.order.id });
  const order = readOrder(snapshot.data);
  return order.ok ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.value }] }) : order;
}
