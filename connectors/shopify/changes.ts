// Which orders of a Shopify shop changed, oldest change first.
import { z } from 'zod';
import type { ChangesPage, Finding, SourceIo } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ask } from './graphql.ts';
import { readOrder } from './orders.ts';
import { CHANGED_ORDERS } from './queries.ts';

/**
 * The second from which changes are listed, and the last row that was told. Shopify's cursors name a row by its id and the
 * value it is sorted by, so that rows which move meanwhile shift no other.
 */
const CursorSchema = z.object({ from: z.iso.datetime(), after: z.string().nullable() });
type Cursor = z.infer<typeof CursorSchema>;

const RowSchema = z.object({
  cursor: z.string(),
  node: z.object({ id: z.string().transform((gid) => gid.replace(/^.*\//, '')), updatedAt: z.iso.datetime() }),
});
const ChangedSchema = z.object({
  orders: z.object({ edges: z.array(RowSchema), pageInfo: z.object({ hasNextPage: z.boolean() }) }),
});

/**
 * A page of the orders that changed at `since` or later, each read whole. Where an order cannot be read (the budget of query
 * cost is used up), the page ends before it, so that what has been read is kept and the next one begins there.
 */
export async function changedOrders(since: string, cursor: string | null, io: SourceIo): Promise<Lookup<ChangesPage>> {
  const at = cursor === null ? { from: wholeSecond(since), after: null } : readCursor(cursor);
  if (at === null) {
    return { kind: 'failed', problem: problem('unknown_cursor', 'the place where the reading stopped is lost') };
  }
  const listed = await ask(io, CHANGED_ORDERS, { filter: `updated_at:>='${at.from}'`, after: at.after });
  if (listed.kind === 'failed') return listed;
  const list = ChangedSchema.safeParse(listed.items[0]).data?.orders;
  if (list === undefined) {
    return {
      kind: 'failed',
      problem: problem('unclear_answer', 'Shopify listed orders in a form that cannot be read'),
    };
  }
  const findings: Finding[] = [];
  let told: z.infer<typeof RowSchema> | null = null;
  for (const row of list.edges) {
    const order = await readOrder(row.node.id, io);
    if (order.kind === 'failed') {
      return told === null ? order : page(findings, { from: at.from, after: told.cursor });
    }
    findings.push(...order.items);
    told = row;
  }
  return page(findings, list.pageInfo.hasNextPage && told !== null ? nextCursor(at, told) : null);
}

const page = (findings: readonly Finding[], cursor: Cursor | null): Lookup<ChangesPage> => ({
  kind: 'found',
  items: [{ findings, cursor: cursor === null ? null : JSON.stringify(cursor) }],
});

/**
 * The list begins anew at the second of the last row, because Shopify pages no list beyond 25,000 rows; a page of one second
 * only goes on within it.
 */
const nextCursor = (at: Cursor, { cursor, node }: z.infer<typeof RowSchema>): Cursor => {
  const second = wholeSecond(node.updatedAt);
  return second === at.from ? { from: at.from, after: cursor } : { from: second, after: null };
};

function readCursor(text: string): Cursor | null {
  const json = parseJson(Buffer.from(text));
  return json.ok ? (CursorSchema.safeParse(json.value).data ?? null) : null;
}

/** Shopify's changes have no fractions of a second: the second that an instant lies in, as it writes it. */
const wholeSecond = (instant: string): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;
