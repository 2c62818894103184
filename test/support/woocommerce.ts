// WooCommerce's samples, read by the mapping, with a field or two changed.
import { readFileSync } from 'node:fs';
import { understandWooCommerce } from '../../mappings/to-facts/woocommerce.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { Result } from '../../src/domain/result.ts';

/** A WooCommerce body as a tree; `undefined` leaves a field out. */
export type Wire = Record<string, unknown>;

/** A sample as a tree that a test may change. */
export const sample = (name: string): Wire =>
  JSON.parse(readFileSync(new URL(`../samples/woocommerce/${name}.json`, import.meta.url), 'utf8'));

/** What the mapping makes of a body. */
export const understand = (body: unknown, topic = 'order.updated'): Result<Understood> =>
  understandWooCommerce({ topic, headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: '' });

/** The order of a sample, with some fields changed. */
export function order(name: string, changes: Wire = {}): Order {
  const outcome = understand({ ...sample(name), ...changes });
  if (!outcome.ok) throw new Error(outcome.error.detail);
  const fact = outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

/** The problem of a sample, with some fields changed. */
export function problemOf(name: string, changes: Wire = {}): Problem {
  const outcome = understand({ ...sample(name), ...changes });
  if (outcome.ok) throw new Error('understood');
  return outcome.error;
}

/** The first line of an order with some fields changed, as the only line. */
export const oneLine = (name: string, changes: Wire): Wire => {
  const [line] = sample(name).line_items as Wire[];
  return { line_items: [{ ...line, ...changes }] };
};

/** One entry in place of an order's meta. */
export const meta = (key: string, value: unknown): Wire => ({ meta_data: [{ id: 1, key, value }] });
