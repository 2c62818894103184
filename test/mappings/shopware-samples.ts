// Shopware's samples, read by the mapping, with a field or two changed.
import { readFileSync } from 'node:fs';
import { understandShopware } from '../../mappings/to-facts/shopware.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Result } from '../../src/domain/result.ts';

/** A body of Shopware as a tree; `undefined` leaves a field out. */
export type Wire = Record<string, unknown>;
export type WireOrder = Wire & { price: Wire; lineItems: Wire[]; transactions: Wire[] };

/** A sample as a tree that a test may change. */
export const sample = (name: string): WireOrder =>
  JSON.parse(readFileSync(new URL(`../samples/shopware/${name}.json`, import.meta.url), 'utf8'));

/** What the mapping makes of a body. */
export const understand = (body: unknown, topic = 'fetched.order'): Result<Understood> =>
  understandShopware({ topic, headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: '' });

/** The order that the mapping makes of a body. */
export function read(body: Wire): Order {
  const outcome = understand(body);
  if (!outcome.ok) throw new Error(outcome.error.detail);
  const fact = outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}
