// Reads orders whole from Shopify's Admin API: all their lines and all their refunds, however many pages these have.
import { z } from 'zod';
import { FETCHED_ORDER } from '../../mappings/to-facts/shopify.ts';
import type { Finding, SourceIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ask, type Tolerated } from './graphql.ts';
import { MORE_LINES, ORDER, REFUND } from './queries.ts';

/** An order that changes each time it is read is left to the next reading. */
const ATTEMPTS = 3;

/** A page of a list. Without a cursor after its rows they would be read again for ever. */
const PageSchema = z
  .looseObject({
    nodes: z.array(z.unknown()),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  })
  .refine(({ nodes, pageInfo }) => pageInfo.endCursor !== null || (nodes.length === 0 && !pageInfo.hasNextPage));
const ListSchema = z.looseObject({ updatedAt: z.string(), lineItems: PageSchema, shippingLines: PageSchema });
const OrderSchema = z.object({
  order: ListSchema.extend({ refunds: z.array(z.object({ id: z.string() })) }).nullable(),
});
const MoreLinesSchema = z.object({ order: ListSchema.nullable() });
const RefundSchema = z.object({
  refund: z
    .looseObject({
      order: z.object({ updatedAt: z.string() }),
      refundLineItems: PageSchema,
      refundShippingLines: PageSchema,
      transactions: PageSchema,
    })
    .nullable(),
});

/** A business's tax registration needs a right of its own. Without it the order reads as its webhook does. */
const mayBeDenied: Tolerated = (path) => path.includes('purchasingEntity');

type Failed = Extract<Lookup<never>, { kind: 'failed' }>;
/** `moved`: the order changed while it was read, so that its pages would not fit together. */
type Read<T> = { kind: 'read'; value: T } | { kind: 'moved' } | { kind: 'gone' } | Failed;

/** The order as it is now, whole and of one moment; nothing where it is gone or older than the token may see. */
export async function readOrder(orderId: string, io: SourceIo): Promise<Lookup<Finding>> {
  if (!/^\d{1,20}$/.test(orderId)) {
    return failed('unknown_ref', `“${orderId.slice(0, 40)}” is no id of a Shopify order`);
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const read = await readOnce(`gid://shopify/Order/${orderId}`, io);
    if (read.kind === 'failed') return read;
    if (read.kind === 'gone') return { kind: 'found', items: [] };
    if (read.kind === 'read') return { kind: 'found', items: [{ topic: FETCHED_ORDER, body: bodyOf(read.value) }] };
  }
  return failed(
    'order_changing',
    `order ${orderId} changed ${ATTEMPTS} times while it was read; it is read again later`,
  );
}

type Whole = { order: unknown; pages: unknown[]; refunds: unknown[] };

async function readOnce(id: string, io: SourceIo): Promise<Read<Whole>> {
  const first = await asked(io, ORDER, { id }, OrderSchema);
  if (first.kind !== 'read') return first;
  const { order } = first.value;
  if (order === null) return { kind: 'gone' };

  const pages: unknown[] = [];
  for (let cursors = cursorsOf(order, LINE_LISTS); cursors !== null; ) {
    const more = await asked(io, MORE_LINES, { id, ...cursors }, MoreLinesSchema);
    if (more.kind !== 'read') return more;
    if (more.value.order?.updatedAt !== order.updatedAt) return { kind: 'moved' };
    pages.push(more.value.order);
    cursors = cursorsOf(more.value.order, LINE_LISTS, cursors);
  }

  const refunds: unknown[] = [];
  for (const refund of order.refunds) {
    for (let cursors: Cursors | null = {}; cursors !== null; ) {
      const page: Read<z.infer<typeof RefundSchema>> = await asked(
        io,
        REFUND,
        { id: refund.id, ...cursors },
        RefundSchema,
      );
      if (page.kind !== 'read') return page;
      if (page.value.refund?.order.updatedAt !== order.updatedAt) return { kind: 'moved' };
      refunds.push(page.value.refund);
      cursors = cursorsOf(page.value.refund, REFUND_LISTS, cursors);
    }
  }
  return { kind: 'read', value: { order, pages, refunds } };
}

async function asked<T>(
  io: SourceIo,
  query: string,
  variables: Readonly<Record<string, string | null>>,
  schema: z.ZodType<T>,
): Promise<Read<T>> {
  const data = await ask(io, query, variables, mayBeDenied);
  if (data.kind === 'failed') return data;
  const parsed = schema.safeParse(data.items[0]);
  return parsed.success
    ? { kind: 'read', value: parsed.data }
    : failed('unclear_answer', 'Shopify showed an order in a form that cannot be read');
}

const LINE_LISTS = ['lineItems', 'shippingLines'] as const;
const REFUND_LISTS = ['refundLineItems', 'refundShippingLines', 'transactions'] as const;

type Cursors = Readonly<Record<string, string | null>>;

/** Where each list goes on; null once all have ended. Behind the last row of one that has ended there is nothing. */
function cursorsOf<Name extends string>(
  node: Readonly<Record<Name, z.infer<typeof PageSchema>>>,
  names: readonly Name[],
  before: Cursors = {},
): Cursors | null {
  if (names.every((name) => !node[name].pageInfo.hasNextPage)) return null;
  return Object.fromEntries(names.map((name) => [name, node[name].pageInfo.endCursor ?? before[name] ?? null]));
}

/** Cursors are left out: they say where a list was cut, nothing about the order. */
const bodyOf = (whole: Whole): Uint8Array =>
  Buffer.from(JSON.stringify(whole, (key, value: Json) => (key === 'pageInfo' ? undefined : value)));

const failed = (code: string, detail: string): Failed => ({ kind: 'failed', problem: problem(code, detail) });
