// What FastFaktura answers, and what its answers prove. Its page documents the fields of a client and of an invoice, and
// neither how answers are wrapped nor what a refusal looks like: every likely form is read. Numbers arrive as text.
import { z } from 'zod';
import type { ProviderIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Lookup, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { type AnswerReader, readLookup } from '../../src/provider-answer.ts';

export const IdSchema = z.guid();

export type Row = Readonly<Record<string, unknown>>;
const RowSchema = z.looseObject({});
const RowsSchema = z.array(RowSchema);

type Name = 'business' | 'client' | 'invoice';
type ListName = 'clients' | 'invoices' | 'events';

/** The one object of an answer: bare, under `data`, or under its own name; null where there is none. */
export function objectIn(json: unknown, name: Name): Row | null {
  const bare = RowSchema.safeParse(json).data;
  if (bare === undefined) return null;
  return RowSchema.safeParse(bare.data).data ?? RowSchema.safeParse(bare[name]).data ?? bare;
}

/** The rows of a list: bare, under `data`, or under its own name; null where there are none, or something else among them. */
export function rowsIn(json: unknown, name: ListName): Row[] | null {
  const bare = RowSchema.safeParse(json).data;
  return RowsSchema.safeParse(bare === undefined ? json : (bare.data ?? bare[name])).data ?? null;
}

/** What a request names that is not there, when 404 answers it. */
type Missing = 'refused' | 'gone' | 'stale_client';

/**
 * What a refusal proves. 401 and 403 prove by their status that nothing was made, 404 that something in the request is
 * `missing`. 400 and 422 prove it as JSON without an id: so answers the application itself, and not a proxy before it, that
 * it will not act on what the request says, and it shows nothing that it would have made.
 */
export const rejectionWhere =
  (missing: Missing): AnswerReader<unknown>['rejection'] =>
  (status, json) => {
    const told = textOf(json).slice(0, 500);
    if (status === 401 || status === 403) return accountRefusal(status, told);
    if (status === 404) {
      return { rejection: { kind: missing }, problem: problem('not_found', withText(NOT_FOUND[missing], told)) };
    }
    if ((status !== 400 && status !== 422) || !isRefusal(json)) return null;
    return { rejection: { kind: 'refused' }, problem: problem('refused', withText(`it refuses (${status})`, told)) };
  };

/** The same for an invoice: its client may be the one that is missing, archived or unknown. */
export const invoiceRejection: AnswerReader<unknown>['rejection'] = (status, json) => {
  const refusal = rejectionWhere('refused')(status, json);
  const namesClient = (status === 404 ? /\bclient/i : /\bclient_id\b/).test(textOf(json));
  const stale: Rejection = { kind: 'stale_client' };
  return refusal?.rejection.kind === 'refused' && namesClient ? { ...refusal, rejection: stale } : refusal;
};

const NOT_FOUND: Readonly<Record<Missing, string>> = {
  refused: 'it does not know this address, or the client (404): look at base_url',
  gone: 'it has no such invoice (404)',
  stale_client: 'it has no such client (404)',
};

const withText = (what: string, told: string): string => `FastFaktura: ${told === '' ? what : `${what}: ${told}`}`;

function accountRefusal(status: number, told: string): { rejection: Rejection; problem: Problem } {
  const refused = /\bplan\b|abonnement|subscription/i.test(told)
    ? problem('plan_lacks_api', withText(`the plan does not allow this (${status})`, told))
    : problem('credentials_refused', withText(`it does not accept the API key (${status})`, told));
  return { rejection: { kind: 'account' }, problem: refused };
}

function isRefusal(json: Json | null): boolean {
  const one = objectIn(json, 'invoice');
  return one !== null && one.id === undefined && objectIn(json, 'client')?.id === undefined;
}

/** All that a refusal says, in one line. */
function textOf(json: unknown): string {
  if (Array.isArray(json)) return json.map(textOf).join(', ');
  if (typeof json !== 'object' || json === null) return json === null || json === undefined ? '' : String(json);
  return Object.entries(json)
    .map(([field, value]) => `${field}: ${textOf(value)}`)
    .join('; ');
}

/** Names under which APIs tell how many pages there are; where none is told, a list is read until nothing new comes. */
const PagesSchema = z
  .union([
    z.object({ total_pages: z.string() }).transform(({ total_pages }) => total_pages),
    z.object({ last_page: z.string() }).transform(({ last_page }) => last_page),
  ])
  .pipe(
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
  );

function pagesTold(json: Json): number | null {
  const around = RowSchema.safeParse(json).data;
  const places = [around, around?.meta, around?.pagination];
  return places.map((place) => PagesSchema.safeParse(place).data).find((pages) => pages !== undefined) ?? null;
}

export type Page = { rows: Row[]; pages: number | null };

/** One page of a list, from 1. */
export async function onePage(
  io: ProviderIo,
  name: 'clients' | 'invoices',
  query: Readonly<Record<string, string>>,
  page: number,
): Promise<{ kind: 'found'; page: Page } | Extract<Lookup<never>, { kind: 'failed' }>> {
  const answer = await io.http({ method: 'GET', path: `/${name}`, query: { ...query, page: String(page) } });
  const listed = readLookup<Page>(answer, {
    items: (json) => {
      const rows = rowsIn(json, name);
      return rows?.every(({ id }) => IdSchema.safeParse(id).success) ? [{ rows, pages: pagesTold(json) }] : null;
    },
    rejection: rejectionWhere('refused'),
  });
  if (listed.kind === 'failed') return listed;
  const [read] = listed.items;
  return read === undefined ? unreadableRow('page') : { kind: 'found', page: read };
}

const MAX_PAGES = 1000;

/**
 * Every row of a list, each once. It ends with the last of the pages that are told, else with one that brings nothing new:
 * an empty one, or the last one again. A list without an end among 1000 pages is a failed search, never "none found".
 */
export async function everyRow(
  io: ProviderIo,
  name: 'clients' | 'invoices',
  query: Readonly<Record<string, string>>,
): Promise<Lookup<Row>> {
  const rows = new Map<unknown, Row>();
  for (let number = 1; number <= MAX_PAGES; number++) {
    const listed = await onePage(io, name, query, number);
    if (listed.kind === 'failed') return listed;
    const { page } = listed;
    const known = rows.size;
    for (const row of page.rows) rows.set(row.id, row);
    const last = page.pages === null ? rows.size === known : number >= page.pages;
    if (last) return { kind: 'found', items: [...rows.values()] };
  }
  return { kind: 'failed', problem: problem('too_many_rows', `GET /${name} has more than ${MAX_PAGES} pages`) };
}

/** A search whose rows cannot be read is a failed search. */
export const unreadableRow = (what: string): { kind: 'failed'; problem: Problem } => ({
  kind: 'failed',
  problem: problem('unclear_answer', `FastFaktura showed a ${what} in a form that cannot be read`),
});
