// Stripe's samples for the mapping's tests, with some of their fields changed.
import { readFileSync } from 'node:fs';
import { understandStripe } from '../../mappings/to-facts/stripe.ts';
import type { StripeReading } from '../../mappings/to-facts/stripe-reading.ts';
import { type Fact, LINK_KEYS, type Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Result } from '../../src/domain/result.ts';

export type Wire = Record<string, unknown>;
type Event = { type: string; data: { object: Wire } };

/** A source that may ask, and whose user has decided nothing. */
export const READING: StripeReading = {
  mode: 'any',
  canFetch: true,
  keyIsLive: true,
  linkBy: LINK_KEYS,
  taxRate: null,
  invoices: 'ignore',
};

export const sampleText = (name: string): string =>
  readFileSync(new URL(`../samples/stripe/${name}.json`, import.meta.url), 'utf8');

/** What is read of a body under a topic. */
export const understand = (topic: string, body: string, reading: Partial<StripeReading> = {}): Result<Understood> =>
  understandStripe({ topic, headers: {}, body: Buffer.from(body), receivedAt: '' }, { ...READING, ...reading });

/** What is read of a sample event, with some fields of its object changed. */
export function understandEvent(
  name: string,
  changes: Wire = {},
  reading: Partial<StripeReading> = {},
): Result<Understood> {
  const event: Event = JSON.parse(sampleText(name));
  const body = { ...event, data: { object: { ...event.data.object, ...changes } } };
  return understand(event.type, JSON.stringify(body), reading);
}

export function factsOf(outcome: Result<Understood>): Fact[] {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.detail}`);
  if (outcome.value.kind !== 'facts') throw new Error(`no facts: ${JSON.stringify(outcome.value)}`);
  return outcome.value.facts;
}

export function orderOf(outcome: Result<Understood>): Order {
  const order = factsOf(outcome).find((fact) => fact.kind === 'order');
  if (order?.kind !== 'order') throw new Error('no order');
  return order.order;
}

export const isIgnored = (reason: string): Result<Understood> => ({ ok: true, value: { kind: 'ignored', reason } });
export const isFetched = (...refs: string[]): Result<Understood> => ({
  ok: true,
  value: { kind: 'fetch', fetch: refs },
});

export type Sale = {
  payment_intent: Wire;
  checkouts: { session: Wire; line_items: Wire[] }[];
  invoice_payments: Wire[];
};

/** A sample sale, changed. */
export function toldSale(name: string, change: (sale: Sale) => void = () => {}, reading: Partial<StripeReading> = {}) {
  const sale: Sale = JSON.parse(sampleText(name));
  change(sale);
  return understand('fetched.sale', JSON.stringify(sale), reading);
}

export const sessionOf = (sale: Sale): Wire => sale.checkouts[0]?.session ?? {};
export const customerOf = (sale: Sale): Wire => sessionOf(sale).customer_details as Wire;

/** A sale of lines without any tax, for as much as they cost. */
export function untaxed(...totals: number[]): (sale: Sale) => void {
  return (sale) => {
    const [checkout] = sale.checkouts;
    if (checkout === undefined) throw new Error('no session');
    const whole = totals.reduce((all, one) => all + one, 0);
    Object.assign(checkout.session, { amount_total: whole, shipping_cost: null });
    Object.assign(sale.payment_intent, { amount_received: whole });
    checkout.line_items = totals.map((total, index) => ({
      id: `li_${index}`,
      description: `Article ${index + 1}`,
      quantity: 1,
      amount_total: total,
      taxes: [],
    }));
  };
}
