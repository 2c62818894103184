// What Facturation.pro answers, and what its answers prove. Ids and numbers arrive as text.
import { z } from 'zod';
import type { ProviderIo, ProviderRequest } from '../../src/connector.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import type { Lookup, Outcome, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { type AnswerReader, readLookup, readOutcome } from '../../src/provider-answer.ts';

export const IdSchema = z.string().regex(/^[1-9]\d{0,18}$/);

/** Every path lies below the firm and ends in `.json` (or `.pdf`). */
export const firmPath = (firmId: string, path: string): string => `/firms/${encodeURIComponent(firmId)}${path}`;

type ReadRejection = AnswerReader<unknown>['rejection'];

/**
 * What a refusal proves. 401 and 403 prove by their status alone that nothing was made, 404 that something named in the
 * request is `missing`; 400 and 422 only with messages under `errors`. A record that is marked for deletion is as good as
 * missing, though it is still shown.
 */
export const rejectionWhere =
  (missing: 'refused' | 'stale_client' | 'gone'): ReadRejection =>
  (status, json) => {
    const told = errorText(json);
    if (status === 401 || status === 403) return accountRefusal(status, told);
    if (status === 404 || (missing === 'gone' && isDeleted(json))) {
      return { rejection: { kind: missing }, problem: problem('not_found', NOT_FOUND[missing]) };
    }
    if (told === null || status < 400) return null;
    const kind: Rejection['kind'] = /(^|; )customer(_id)?:/.test(told) ? 'stale_client' : 'refused';
    return { rejection: { kind }, problem: problem('refused', `Facturation.pro refuses: ${told}`) };
  };

const NOT_FOUND = {
  refused: 'Facturation.pro does not know this firm or address (404): look at firm_id and base_url',
  stale_client: 'Facturation.pro does not know the customer (404)',
  gone: 'Facturation.pro does not have this document any more (404)',
};

function accountRefusal(status: number, told: string | null): { rejection: Rejection; problem: Problem } {
  const why = told === null ? `${status}` : `${status}: ${told}`;
  const refused = /abonnement/i.test(why)
    ? problem('plan_lacks_api', `the subscription at Facturation.pro does not allow this (${why})`)
    : problem('credentials_refused', `Facturation.pro does not accept api_id, api_key or user_agent (${why})`);
  return { rejection: { kind: 'account' }, problem: refused };
}

const ErrorsSchema = z.object({ errors: z.unknown().refine((errors) => errors !== undefined && errors !== null) });
const DeletedSchema = z.object({ soft_deleted: z.literal(true) });

export const isDeleted = (json: unknown): boolean => DeletedSchema.safeParse(json).success;

/** The messages of a refusal in one line ("title: is too long; base: no"), or null when it is none. */
function errorText(json: Json | null): string | null {
  const parsed = ErrorsSchema.safeParse(json);
  return parsed.success ? flat(parsed.data.errors).slice(0, 500) : null;
}

function flat(errors: unknown): string {
  if (Array.isArray(errors)) return errors.map(flat).join(', ');
  if (typeof errors !== 'object' || errors === null) return String(errors);
  return Object.entries(errors)
    .map(([field, messages]) => `${field}: ${flat(messages)}`)
    .join('; ');
}

/**
 * A change of one record, proved by the record that it answers with. Before February 2026 it answered a status alone, as
 * the documentation's samples still do: then the record is read.
 */
export async function patch<T>(
  io: ProviderIo,
  request: Omit<ProviderRequest, 'method'>,
  reader: AnswerReader<T>,
): Promise<Outcome<T>> {
  const answer = await io.http({ ...request, method: 'PATCH' });
  const outcome = readOutcome(answer, reader);
  const accepted = answer.kind === 'answer' && answer.status >= 200 && answer.status < 300;
  if (outcome.kind !== 'unknown' || !accepted) return outcome;
  const read = readOutcome(await io.http({ method: 'GET', path: request.path }), reader);
  return read.kind === 'done' ? read : outcome;
}

export type Row = Readonly<Record<string, unknown>>;

const RowsSchema = z.array(z.looseObject({}));
const MAX_PAGES = 400;

/** Every row of a list. One that does not end within 400 pages is a failed search: it is never cut silently. */
export async function everyRow(
  io: ProviderIo,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<Lookup<Row>> {
  const rows: Row[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const listed = await onePage(io, path, query, page);
    if (listed.kind === 'failed') return listed;
    const [{ rows: more, pages } = { rows: [], pages: null }] = listed.items;
    rows.push(...more);
    if (isLast(page, more, pages)) return { kind: 'found', items: rows };
  }
  return { kind: 'failed', problem: problem('too_many_rows', `GET ${path} has more than ${MAX_PAGES} pages`) };
}

/** Without a count of pages a list ends with an empty one. */
export const isLast = (page: number, rows: readonly unknown[], pages: number | null): boolean =>
  pages === null ? rows.length === 0 : page >= pages;

/** One page of a list, and how many there are where the answer tells. */
export async function onePage(
  io: ProviderIo,
  path: string,
  query: Readonly<Record<string, string>>,
  page: number,
): Promise<Lookup<{ rows: Row[]; pages: number | null }>> {
  const answer = await io.http({ method: 'GET', path, query: { ...query, page: String(page) } });
  const pages = answer.kind === 'answer' ? pagesOf(answer.headers['x-pagination']) : null;
  return readLookup(answer, {
    items: (json) => {
      const rows = RowsSchema.safeParse(json).data;
      return rows === undefined ? null : [{ rows, pages }];
    },
    rejection: rejectionWhere('refused'),
  });
}

const PaginationSchema = z.object({ total_pages: z.string().regex(/^\d{1,9}$/) });

function pagesOf(header: string | undefined): number | null {
  const json = parseJson(Buffer.from(header ?? ''));
  const pages = PaginationSchema.safeParse(json.ok ? json.value : null).data?.total_pages;
  return pages === undefined ? null : Number(pages);
}

/** A search whose rows cannot be read is a failed search. */
export const unreadableRow = (what: string): { kind: 'failed'; problem: Problem } => ({
  kind: 'failed',
  problem: problem('unclear_answer', `Facturation.pro listed a ${what} in a form that cannot be read`),
});
