// Lists of WordPress' REST API: what may be asked for, what is found, and the page of it with its counting headers.
import { z } from 'zod';
import type { Answer } from './http-simulator.ts';
import { phpJson, type Views } from './woocommerce-views.ts';

const QuerySchema = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(10),
  order: z.enum(['asc', 'desc']).default('desc'),
  orderby: z.enum(['date', 'id', 'include', 'title', 'slug', 'modified']).default('date'),
  status: z.string().default('any'),
  dates_are_gmt: z.enum(['true', 'false', '1', '0']).default('false'),
  modified_after: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/)
    .optional(),
  modified_before: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/)
    .optional(),
});

/** A row of any list. `show` is called when the page is printed, which is later than it was chosen. */
export type Row = { id: number; status: string; createdAt: Date; modifiedAt: Date; show(): object };

/** Statuses that `any` leaves out. */
const HIDDEN = new Set(['trash', 'auto-draft', 'checkout-draft']);

export type ListRules = { views: Views; filtersByChange: boolean; countsRows: boolean; chosen(): void };

/** The page that was asked for, or the refusal of what was asked. Bounds of time leave out their own second. */
export function listPage(rows: readonly Row[], query: URLSearchParams, rules: ListRules): Answer {
  const asked = QuerySchema.safeParse(Object.fromEntries(query));
  if (!asked.success) {
    const names = asked.error.issues.map(({ path }) => path.join('.')).join(', ');
    return refusal(400, 'rest_invalid_param', `Invalid parameter(s): ${names}`);
  }
  const { page, per_page, order, orderby, status, dates_are_gmt, modified_after, modified_before } = asked.data;
  const { views, filtersByChange, countsRows } = rules;
  const gmt = dates_are_gmt === 'true' || dates_are_gmt === '1';
  const changed = (row: Row): string => (gmt ? views.utc(row.modifiedAt) : views.local(row.modifiedAt));
  // A date with a zone becomes the shop's local time, whichever column it is compared with.
  const bound = (text: string): string => (text.length > 19 ? views.local(new Date(text)) : text);
  const matches = rows
    .filter((row) => (status === 'any' ? !HIDDEN.has(row.status) : row.status === status))
    .filter((row) => !filtersByChange || modified_after === undefined || changed(row) > bound(modified_after))
    .filter((row) => !filtersByChange || modified_before === undefined || changed(row) < bound(modified_before));
  const weight = (row: Row): number =>
    orderby === 'modified' ? row.modifiedAt.getTime() : orderby === 'date' ? row.createdAt.getTime() : 0;
  const sorted = matches.toSorted((a, b) => weight(a) - weight(b) || a.id - b.id);
  if (order === 'desc') sorted.reverse();
  const chosen = sorted.slice((page - 1) * per_page, page * per_page);
  rules.chosen();
  return {
    status: 200,
    headers: countsRows
      ? { 'x-wp-total': String(sorted.length), 'x-wp-totalpages': String(Math.ceil(sorted.length / per_page)) }
      : {},
    body: phpJson(chosen.map((row) => row.show())),
  };
}

/** An error as WordPress words it. */
export const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: phpJson({ code, message, data: { status } }),
});
