// Puts an order together. The webservice has it in a dozen tables; each is asked once for all orders of a page, and every order
// gets its own rows of it. A row is passed on as the shop sent it, so that an equal state has equal bytes.
import { z } from 'zod';
import { FETCHED_ORDER } from '../../mappings/to-facts/prestashop.ts';
import type { Finding, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { anyOf, NOT_READABLE, type Row, readRows } from './wire.ts';

/**
 * One table of what belongs to an order. `by` is the column that its rows are found by, `values` what stands there for an order,
 * read from the order and what was gathered before. `needed`: without it an order cannot be understood.
 */
export type Part = {
  resource: string;
  by: string;
  values(order: Row, gathered: Gathered): unknown[];
  display: string;
  needed: boolean;
};

type Gathered = { [resource: string]: readonly Row[] };

/** Only what is used: a customer's row has the hash of their password, a payment's row parts of their card's number. */
export const PARTS: readonly Part[] = [
  ofOrder('order_details', 'full', true),
  ofOrder('order_histories', '[id,id_order,id_order_state,date_add]', true),
  ofOrder('order_slip', 'full', true),
  {
    resource: 'order_payments',
    by: 'order_reference',
    values: ({ reference }) => [reference],
    display: '[id,order_reference,id_currency,amount,payment_method,transaction_id,date_add]',
    needed: true,
  },
  {
    resource: 'orders',
    by: 'reference',
    values: ({ reference }) => [reference],
    display: '[id,reference,total_paid_tax_incl]',
    needed: true,
  },
  byId('customers', '[id,email,firstname,lastname,company,siret,is_guest]', true, (order) => [order.id_customer]),
  byId('addresses', 'full', true, (order) => [order.id_address_invoice, order.id_address_delivery]),
  byId('currencies', '[id,iso_code]', true, (order) => [order.id_currency]),
  byId('order_states', '[id,name,template,paid,shipped]', true, (order, { order_histories = [] }) => [
    order.current_state,
    ...order_histories.map((row) => row.id_order_state),
  ]),
  byId('countries', '[id,iso_code]', true, (_order, { addresses = [] }) => addresses.map((row) => row.id_country)),
  byId('taxes', '[id,rate]', false, (_order, { order_details = [] }) => order_details.flatMap(taxesOf)),
  ofOrder('order_cart_rules', 'full', false),
  ofOrder('order_invoices', '[id,id_order,number]', false),
  byId('states', '[id,name]', false, (_order, { addresses = [] }) => addresses.map((row) => row.id_state)),
  byId('languages', '[id,language_code]', false, (order) => [order.id_lang]),
  byId('carriers', '[id,name]', false, (order) => [order.id_carrier]),
];

/** Each order with all that belongs to it, as a finding. Fails where a needed table does. */
export async function gather(io: SourceIo, orders: readonly Row[]): Promise<Lookup<Finding>> {
  const bundles = orders.map((order): { order: Row; gathered: Gathered } => ({ order, gathered: {} }));
  for (const part of orders.length === 0 ? [] : PARTS) {
    const wanted = bundles.map((bundle) => textsIn(part.values(bundle.order, bundle.gathered)));
    const read = await readAll(io, part, [...new Set(wanted.flat())].toSorted());
    if (read.kind === 'failed' && (part.needed || read.problem.code !== NOT_READABLE)) return read;
    const rows = read.kind === 'found' ? read.items : null;
    for (const [index, { gathered }] of bundles.entries()) {
      const own = wanted[index] ?? [];
      // What cannot be read is left out, but for an order that has none of it, whatever its neighbours have.
      if (rows === null && own.length > 0) continue;
      gathered[part.resource] = (rows ?? []).filter((row) => own.includes(String(row[part.by]))).toSorted(byIdOf);
    }
  }
  return {
    kind: 'found',
    items: bundles.map(({ order, gathered }) => ({
      topic: FETCHED_ORDER,
      body: Buffer.from(JSON.stringify({ order, ...gathered }, withoutKeys)),
    })),
  };
}

/** A customer's key to their orders, and the key to a file that they bought. */
const KEYS = new Set(['secure_key', 'download_hash']);

const withoutKeys = (name: string, value: unknown): unknown => (KEYS.has(name) ? undefined : value);

const byIdOf = (a: Row, b: Row): number => a.id.length - b.id.length || (a.id < b.id ? -1 : 1);

const readAll = async (
  io: SourceIo,
  { resource, by, display }: Part,
  values: readonly string[],
): Promise<Lookup<Row>> =>
  values.length === 0
    ? { kind: 'found', items: [] }
    : readRows(io, resource, { display, [`filter[${by}]`]: anyOf(values) });

/** References to rows; 0 and the empty text refer to none. */
const textsIn = (values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === 'string').filter((value) => value !== '' && value !== '0');

const TaxesSchema = z.object({
  taxes: z.union([z.array(z.object({ id: z.unknown() })), z.object({ id: z.unknown() })]),
});

/** The taxes of a product's row; none where it has no such list. */
const taxesOf = ({ associations }: Row): unknown[] =>
  [TaxesSchema.safeParse(associations).data?.taxes ?? []].flat().map(({ id }) => id);

/** Rows that name their order. */
function ofOrder(resource: string, display: string, needed: boolean): Part {
  return { resource, by: 'id_order', values: ({ id }) => [id], display, needed };
}

/** Rows that are named by their id. */
function byId(
  resource: string,
  display: string,
  needed: boolean,
  refer: (order: Row, gathered: Gathered) => unknown[],
): Part {
  return { resource, by: 'id', values: refer, display, needed };
}
