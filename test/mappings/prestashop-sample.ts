// PrestaShop's samples, read by the mapping, after a test changed them.
import { readFileSync } from 'node:fs';
import { understandPrestaShop } from '../../mappings/to-facts/prestashop.ts';
import type { ShopSettings } from '../../mappings/to-facts/prestashop-order.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { Result } from '../../src/domain/result.ts';

export type Row = Record<string, unknown>;

/** A fetched order as a tree that a test may change: the order's own row, and the rows of each table beside it. */
export type Bundle = { order: Row } & { [table: string]: Row[] | undefined };

export type Change = (bundle: Bundle) => void;

export const sample = (name: string): Bundle =>
  JSON.parse(readFileSync(new URL(`../samples/prestashop/${name}.json`, import.meta.url), 'utf8'));

/** The row of a table, by its place. */
export function row(bundle: Bundle, table: string, index = 0): Row {
  const found = bundle[table]?.[index];
  if (found === undefined) throw new Error(`${table} has no row ${index}`);
  return found;
}

const PARIS: ShopSettings = { timeZone: 'Europe/Paris', ownInvoices: 'respect' };

export function understand(body: unknown, topic = 'fetched.order', shop = PARIS): Result<Understood> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return understandPrestaShop({ topic, headers: {}, body: bytes, receivedAt: '' }, shop);
}

/** The order of a sample after a change. */
export function order(name: string, change: Change = () => {}, shop: Partial<ShopSettings> = {}): Order {
  const bundle = sample(name);
  change(bundle);
  const outcome = understand(bundle, 'fetched.order', { ...PARIS, ...shop });
  if (!outcome.ok) throw new Error(`${outcome.error.code} ${outcome.error.at}: ${outcome.error.detail}`);
  const fact = outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

/** The problem of a sample after a change. */
export function problemOf(name: string, change: Change): Problem {
  const bundle = sample(name);
  change(bundle);
  const outcome = understand(bundle);
  if (outcome.ok) throw new Error('understood');
  return outcome.error;
}

/** A product's row: prices of the whole line, as text. */
export const detail = (id: string, incl: string, excl: string, taxes: string[], change: Row = {}): Row => ({
  id,
  id_order: '1',
  product_name: `Article ${id}`,
  product_reference: '',
  product_quantity: '1',
  total_price_tax_incl: incl,
  total_price_tax_excl: excl,
  ecotax: '0.000000',
  ecotax_tax_rate: '0.000',
  ...(taxes.length > 0 && { associations: { taxes: taxes.map((tax) => ({ id: tax })) } }),
  ...change,
});

/** The order is these products and nothing else, at the total that the shop charged. */
export const only =
  (
    details: Row[],
    total: { incl: string; excl: string },
    taxes: Record<string, string> = { '1': '20.000', '3': '5.500' },
  ): Change =>
  (bundle) => {
    bundle.order_details = details;
    bundle.order_cart_rules = [];
    bundle.order_payments = [];
    bundle.taxes = Object.entries(taxes).map(([id, rate]) => ({ id, rate }));
    Object.assign(bundle.order, {
      total_paid_tax_incl: total.incl,
      total_paid_tax_excl: total.excl,
      total_discounts_tax_incl: '0.000000',
      total_discounts_tax_excl: '0.000000',
      total_shipping_tax_incl: '0.000000',
      total_shipping_tax_excl: '0.000000',
      total_wrapping_tax_incl: '0.000000',
      total_wrapping_tax_excl: '0.000000',
    });
  };
