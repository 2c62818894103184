// A whole order of a store, in BigCommerce's own words.
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { Finding, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { get, type Request, type Told } from './answers.ts';

export const IdSchema = z.string().regex(/^[1-9]\d{0,18}$/);
const RowsSchema = z.array(z.looseObject({}));
/** A list of version 3. */
const DataSchema = z.object({ data: RowsSchema });

/** The page size that BigCommerce documents as its own. */
const PER_PAGE = 50;
/** More than the 600 products that an order can have. */
const MAX_PAGES = 40;
/** How often an order is read anew because it changed while it was read. */
const ATTEMPTS = 3;

/**
 * The order and everything that belongs to it; nothing where it is gone. Takes seven requests.
 *
 * The order is read again at the end: one that changed meanwhile would be the old order with new refunds, under the old date.
 */
export async function readOrder(id: string, io: SourceIo): Promise<Lookup<Finding>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await get(io, orderOf(id));
    if (before.kind === 'failed') return before;
    const [order] = before.items;
    if (order === undefined) return { kind: 'found', items: [] };
    const parts = await everyPart(id, io);
    if (parts.kind === 'failed') return parts;
    const after = await get(io, orderOf(id));
    if (after.kind === 'failed') return after;
    if (order.text === after.items[0]?.text) {
      const body = Buffer.from(`{"order":${order.text},${parts.items.join(',')}}`);
      return { kind: 'found', items: [{ topic: 'fetched.order', body }] };
    }
  }
  const detail = `order ${id} changed each time while it was being read; it is read again later`;
  return { kind: 'failed', problem: problem('order_changing', detail) };
}

const orderOf = (id: string): Request<object> => ({
  path: `/v2/orders/${id}`,
  query: { include: 'fees' },
  right: 'Orders: read-only',
  schema: z.looseObject({ id: IdSchema }),
  nothing: [404],
});

const refundsOf = (id: string): Request<z.infer<typeof DataSchema>> => ({
  path: `/v3/orders/${id}/payment_actions/refunds`,
  right: 'Orders: read-only',
  schema: DataSchema,
  nothing: [204],
});

/** Both 204 and 404 are documented for an order without a transaction; that it exists has just been seen. */
export const transactionsOf = (id: string): Request<z.infer<typeof DataSchema>> => ({
  path: `/v3/orders/${id}/transactions`,
  right: 'Order transactions: read-only',
  schema: DataSchema,
  nothing: [204, 404],
});

/** The lists that belong to an order, as JSON members: the pages of each in the sender's own text. */
async function everyPart(id: string, io: SourceIo): Promise<Lookup<string>> {
  const parts = {
    products: await everyPage(`/v2/orders/${id}/products`, {}, io),
    shipping_addresses: await everyPage(`/v2/orders/${id}/shipping_addresses`, {}, io),
    taxes: await everyPage(`/v2/orders/${id}/taxes`, { details: 'true' }, io),
    refunds: textOf(await get(io, refundsOf(id))),
    transactions: textOf(await get(io, transactionsOf(id))),
  };
  const members: string[] = [];
  for (const [name, pages] of Object.entries(parts)) {
    if (pages.kind === 'failed') return pages;
    members.push(`"${name}":[${pages.items.join(',')}]`);
  }
  return { kind: 'found', items: members };
}

const textOf = (lookup: Lookup<Told<unknown>>): Lookup<string> =>
  lookup.kind === 'failed' ? lookup : { kind: 'found', items: lookup.items.map(({ text }) => text) };

/** Every page of a list of version 2, which ends with a page that is not full, or with 204. */
async function everyPage(path: string, query: Readonly<Record<string, string>>, io: SourceIo): Promise<Lookup<string>> {
  const pages: string[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await get(io, {
      path,
      query: { ...query, limit: String(PER_PAGE), page: String(page) },
      right: 'Orders: read-only',
      schema: RowsSchema,
      nothing: [204],
    });
    if (answer.kind === 'failed') return answer;
    const [told] = answer.items;
    if (told !== undefined) pages.push(told.text);
    if (told === undefined || told.value.length < PER_PAGE) return { kind: 'found', items: pages };
  }
  return { kind: 'failed', problem: problem('too_many_rows', `GET ${path} has more than ${MAX_PAGES} pages`) };
}
