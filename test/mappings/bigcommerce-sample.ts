// BigCommerce's samples, read by the mapping, with a field or two changed.
import { readFileSync } from 'node:fs';
import { understandBigCommerce } from '../../mappings/to-facts/bigcommerce.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Result } from '../../src/domain/result.ts';

export type Wire = Record<string, unknown>;
export type Sample = {
  order: Wire;
  products: Wire[][];
  shipping_addresses: Wire[][];
  taxes: Wire[][];
  refunds: { data: Wire[] }[];
  transactions: { data: Wire[] }[];
};

/** A whole order as a tree that a test may change. */
export const sample = (name: string): Sample =>
  JSON.parse(readFileSync(new URL(`../samples/bigcommerce/${name}.json`, import.meta.url), 'utf8'));

/** What the mapping makes of a body. */
export const understand = (body: unknown, topic = 'fetched.order'): Result<Understood> =>
  understandBigCommerce({ topic, headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: '' });

/** The order that the mapping reads; throws where it reads none. */
export function orderOf(body: unknown): Order {
  const told = understand(body);
  const fact = told.ok && told.value.kind === 'facts' ? told.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error(told.ok ? told.value.kind : `${told.error.code}: ${told.error.detail}`);
  return fact.order;
}

/** The order of a sample with some of its own fields and lists changed. */
export const order = (name: string, own: Wire = {}, lists: Partial<Omit<Sample, 'order'>> = {}): Order => {
  const whole = sample(name);
  return orderOf({ ...whole, ...lists, order: { ...whole.order, ...own } });
};

/** The code of the problem that a changed sample comes to. */
export function problemOf(name: string, own: Wire = {}, lists: Partial<Omit<Sample, 'order'>> = {}): string {
  const whole = sample(name);
  const told = understand({ ...whole, ...lists, order: { ...whole.order, ...own } });
  return told.ok ? told.value.kind : told.error.code;
}

/** The only product of a sample, changed. */
export const onlyProduct = (name: string, change: Wire): Pick<Sample, 'products'> => ({
  products: [[{ ...sample(name).products[0]?.[0], ...change }]],
});

/** The transactions of a sample, each changed in the same way. */
export const transactions = (name: string, change: Wire): Pick<Sample, 'transactions'> => ({
  transactions: [{ data: (sample(name).transactions[0]?.data ?? []).map((one) => ({ ...one, ...change })) }],
});
