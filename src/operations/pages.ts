// Lists in pages. A cursor names the last row shown; it is opaque to callers and refused when it was made up.
import { z } from 'zod';
import type { Page } from '../store/queries.ts';

const LARGEST_PAGE = 200;
const USUAL_PAGE = '50';

/** `limit` and `cursor` of a list, as they come in a query. */
export const PageQuerySchema = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'expected a number')
    .default(USUAL_PAGE)
    .transform((text) => Number(text))
    .refine((limit) => limit >= 1 && limit <= LARGEST_PAGE, `expected 1 to ${LARGEST_PAGE}`)
    .describe(`Rows of a page, 1 to ${LARGEST_PAGE}`),
  cursor: z.string().max(600).optional().describe('`next_cursor` of the page before'),
});

/** A list that goes on with another page while `next_cursor` is not null. */
export type Listed<Item> = { items: Item[]; next_cursor: string | null };

export const listedSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

/** The place in a list that a cursor names; null for a cursor that is none of ours. */
export function readCursor<After>(schema: z.ZodType<After>, cursor: string): After | null {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const writeCursor = (after: unknown): string => Buffer.from(JSON.stringify(after)).toString('base64url');

/** Reads one page and knows whether another follows: it asks for one row more than it shows. */
export async function pageOf<Row, After>(
  { limit, after }: Page<After>,
  read: (page: Page<After>) => Promise<Row[]>,
  placeOf: (row: Row) => After,
): Promise<Listed<Row>> {
  const rows = await read({ limit: limit + 1, after });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? writeCursor(placeOf(last)) : null };
}
