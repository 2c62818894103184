// Deliveries of the `standard` source to facts: an order in the JSON of docs/standard-order.md, bare or as the `data` of an
// event. Among those that are orders, what an event is called changes nothing: the order's own state decides.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { settled, vetted } from '../../src/mapping/agreement.ts';
import { standardToOrder } from '../../src/mapping/standard-to-order.ts';

/**
 * Translates a delivery of a `standard` source, whose topics are orders as `topics` say. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, and `unreadable_order` with the path and what to write. Parts that do not make
 * the total are the doubt `totals_disagree`, a tax that is not its rate's the doubt `rate_unknown`.
 */
export function understandStandard(delivery: StoredDelivery, topics: readonly string[]): Result<Understood> {
  if (!topics.some((form) => fits(delivery.topic, form))) return ok({ kind: 'ignored', reason: 'topic_not_used' });
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;
  const event = fieldsOf(parsed.value);
  const data = fieldsOf(event.data);
  const isEvent = !('lines' in event) && Object.keys(data).length > 0;
  const told = isEvent ? data : event;
  if (!('lines' in told)) return err(problem('not_an_order', NOT_AN_ORDER));
  const order = standardToOrder(told);
  if (order.ok) return ok({ kind: 'facts', facts: [{ kind: 'order', order: vetted(settled(order.value)) }] });
  if (!isEvent) return order;
  const { code, detail, at } = order.error;
  return err(problem(code, `data.${detail}`, `data.${at ?? ''}`));
}

const fits = (topic: string, form: string): boolean =>
  form.endsWith('*') ? topic.startsWith(form.slice(0, -1)) : topic === form;

const NOT_AN_ORDER =
  'the body has no lines, neither by itself nor in data: send orders in the form of docs/standard-order.md, or let a ' +
  'mapping make them from your own form or ignore what is none';

const fieldsOf = (json: Json | undefined): { [key: string]: Json } =>
  json !== null && typeof json === 'object' && !Array.isArray(json) ? json : {};
