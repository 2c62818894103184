// Shopify's samples, read by the mapping, with a field or two changed.
import { readFileSync } from 'node:fs';
import { understandShopify } from '../../mappings/to-facts/shopify.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { Result } from '../../src/domain/result.ts';

/** A Shopify body as a tree; `undefined` leaves a field out. */
export type Wire = Record<string, unknown>;

const textOf = (name: string): string =>
  readFileSync(new URL(`../samples/shopify/${name}.json`, import.meta.url), 'utf8');

/** A sample as a tree that a test may change. */
export const sample = (name: string): Wire => JSON.parse(textOf(name));

/** What the mapping makes of a body's text. */
export const understandText = (text: string, topic: string, headers: Record<string, string> = {}): Result<Understood> =>
  understandShopify({ topic, headers, body: Buffer.from(text), receivedAt: '' });

/** What the mapping makes of a body. */
export const understand = (body: unknown, topic = 'orders/updated'): Result<Understood> =>
  understandText(JSON.stringify(body), topic);

/** The order of a sample as it lies there. Its text is not written anew, since ids may exceed what a number holds. */
export const order = (name: string, headers: Record<string, string> = {}): Order =>
  orderOf(understandText(textOf(name), 'orders/updated', headers));

/** The order of a sample with some fields changed. */
export const changed = (name: string, changes: Wire): Order => orderOf(understand({ ...sample(name), ...changes }));

function orderOf(outcome: Result<Understood>): Order {
  if (!outcome.ok) throw new Error(outcome.error.detail);
  const fact = outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

/** The problem of a sample with some fields changed. */
export function problemOf(name: string, changes: Wire = {}): Problem {
  const outcome = understand({ ...sample(name), ...changes });
  if (outcome.ok) throw new Error('understood');
  return outcome.error;
}

/** The lines of a sample, the one at `index` with some fields changed. */
export const lineItems = (name: string, index: number, changes: Wire): Wire => {
  const lines = sample(name).line_items as Wire[];
  return { line_items: lines.map((line, at) => (at === index ? { ...line, ...changes } : line)) };
};

/** The refunds of a sample, the one at `index` with some fields changed. */
export const refunds = (name: string, index: number, changes: Wire): Wire => {
  const all = sample(name).refunds as Wire[];
  return { refunds: all.map((refund, at) => (at === index ? { ...refund, ...changes } : refund)) };
};
