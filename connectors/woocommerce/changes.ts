// What changed in the shop since a moment, missing nothing while it goes on changing. The lists can only be paged by number,
// and a row that changes moves to their end, so that the pages behind it shift. So no page is ever turned: the time is cut
// into windows that are short enough for one page each, and a row that changes meanwhile comes in a later window.
import { z } from 'zod';
import type { ChangesPage, Finding, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { NO_ROUTE, readList } from './answers.ts';
import { findOrder, OrderSchema, withRefunds } from './orders.ts';

/** Rows that are asked for at a time: half of what is allowed, because shops take long over an order. */
const PAGE = 50;

/**
 * `from` is in seconds since 1970, `span` in seconds, or null for a window without an end. `page` counts down the pages of
 * a single second that holds too many rows for one: rows can only leave it, and from the last page to the first none hides.
 */
type Window = { from: number; span: number | null; page: number | null };

/** One page of a list: how many rows the window has in all, and the orders that these are about. */
type Page = { total: number; orders: readonly Changed[] };
type Changed = { modified: string | null; whole(): Promise<Lookup<Finding>> };
type ReadPage = (query: Readonly<Record<string, string>>, io: SourceIo) => Promise<Lookup<Page>>;

const ModifiedSchema = OrderSchema.extend({ date_modified_gmt: z.string().nullish() });

const readOrders: ReadPage = async (query, io) => {
  const listed = await readList(io, '/orders', { ...query, status: 'any' }, ModifiedSchema);
  if (listed.kind === 'failed') return listed;
  const items = listed.items.map(({ rows, total }) => ({
    total,
    orders: rows.map((told) => ({
      modified: told.value.date_modified_gmt ?? null,
      whole: () => withRefunds(told, io),
    })),
  }));
  return { kind: 'found', items };
};

const RefundSchema = z.object({ parent_id: z.string().regex(/^\d{1,19}$/) });

/** Before WooCommerce 9.0 there is no such list, and nothing to read in its place. */
const readRefunds: ReadPage = async (query, io) => {
  const listed = await readList(io, '/refunds', query, RefundSchema);
  if (listed.kind === 'failed') {
    return listed.problem.code === NO_ROUTE ? { kind: 'found', items: [{ total: 0, orders: [] }] } : listed;
  }
  const items = listed.items.map(({ rows, total }) => ({
    total,
    orders: [...new Set(rows.map(({ value }) => value.parent_id))].map((id) => ({
      modified: null,
      whole: () => findOrder(id, io),
    })),
  }));
  return { kind: 'found', items };
};

/** Refunds are a list of their own, because some shops and gateways refund without touching the order's date. */
const LISTS = { orders: readOrders, refunds: readRefunds } satisfies Record<string, ReadPage>;
export const STREAMS = Object.keys(LISTS);

/** One window's orders, oldest first, and where to go on. A cursor that cannot be read starts again at `since`. */
export async function changesSince(
  stream: string,
  since: string,
  cursor: string | null,
  io: SourceIo,
): Promise<Lookup<ChangesPage>> {
  const read = Object.entries(LISTS).find(([name]) => name === stream)?.[1];
  if (read === undefined) return { kind: 'failed', problem: problem('unknown_stream', `there is no list “${stream}”`) };
  const now = secondsOf(io.now().getTime());
  let window = windowOf(cursor) ?? { from: secondsOf(Date.parse(since)), span: null, page: null };
  for (;;) {
    const told = await read(queryOf(window), io);
    if (told.kind === 'failed') return told;
    const { total, orders } = told.items[0] ?? { total: 0, orders: [] };
    if (window.page !== null || total <= PAGE) {
      const wrong = suspicionOf(window, total, orders);
      return wrong === null ? findAll(orders, after(window, total, now)) : { kind: 'failed', problem: wrong };
    }
    window = narrower(window, total, now);
  }
}

async function findAll(orders: readonly Changed[], cursor: string | null): Promise<Lookup<ChangesPage>> {
  const findings: Finding[] = [];
  for (const order of orders) {
    const found = await order.whole();
    if (found.kind === 'failed') return found;
    findings.push(...found.items);
  }
  return { kind: 'found', items: [{ findings, cursor }] };
}

/** Why what the shop shows cannot be what was asked for; null where it can. */
function suspicionOf({ from, page }: Window, total: number, orders: readonly Changed[]): Problem | null {
  const earlier = orders.find(({ modified }) => modified !== null && modified < textOf(from));
  if (earlier !== undefined) {
    const detail =
      'the shop lists orders that had not changed since the moment asked for: it ignores modified_after, which ' +
      'WooCommerce knows since 5.8, or something before it answers from a cache';
    return problem('unclear_answer', detail);
  }
  if (total === 0 || orders.length > 0 || page !== null) return null;
  return problem('unclear_answer', `the shop counts ${total} and shows none: the key’s user may not read all of them`);
}

/** The same start, less time: in proportion to what is too much, and at last the pages of a single second. */
function narrower({ from, span }: Window, total: number, now: number): Window {
  const width = span ?? Math.max(1, now - from + 1);
  if (width === 1) return { from, span: 1, page: Math.ceil(total / PAGE) };
  const fitting = Math.floor((width * PAGE * 0.75) / total);
  return { from, span: Math.max(1, Math.min(fitting, width - 1)), page: null };
}

/** Where to go on after a window; null after the one without an end. A window that was nearly empty is followed by a longer one. */
function after({ from, span, page }: Window, total: number, now: number): string | null {
  if (span === null) return null;
  if (page !== null && page > 1) return cursorOf({ from, span, page: page - 1 });
  const next = total <= PAGE / 4 ? span * 4 : span;
  const start = from + span;
  return cursorOf({ from: start, span: page !== null || start + next > now ? null : next, page: null });
}

/** Both bounds leave out their own second. Without a zone the dates are taken as they stand, which `dates_are_gmt` says is UTC. */
const queryOf = ({ from, span, page }: Window): Readonly<Record<string, string>> => ({
  modified_after: textOf(from - 1),
  ...(span === null ? {} : { modified_before: textOf(from + span) }),
  dates_are_gmt: 'true',
  orderby: page === null ? 'modified' : 'id',
  order: 'asc',
  per_page: String(PAGE),
  page: String(page ?? 1),
});

const cursorOf = ({ from, span, page }: Window): string => [textOf(from), span ?? '', page ?? ''].join('/');

function windowOf(cursor: string | null): Window | null {
  const [, from = '', span = '', page = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\/(\d{0,10})\/(\d{0,6})$/.exec(cursor ?? '') ?? [];
  const start = Date.parse(`${from}Z`);
  if (Number.isNaN(start)) return null;
  return {
    from: secondsOf(start),
    span: span === '' ? null : Number(span),
    page: page === '' ? null : Number(page),
  };
}

const secondsOf = (ms: number): number => Math.floor(ms / 1000);
const textOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);
