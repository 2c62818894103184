// Searches of the Admin API, and what its answers prove.
import { z } from 'zod';
import type { HttpResult, SourceIo } from '../../src/connector.ts';
import { type Json, parseJson, rawJson } from '../../src/domain/json.ts';
import type { Lookup, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';
import type { Session } from './session.ts';

const RowsSchema = z.object({ data: z.array(z.looseObject({})) });
export type Row = Readonly<Record<string, unknown>>;

/** Asks POST /api/search/<entity>, as `/api/search/order-transaction` for `order_transaction`. */
export const ask = (entity: string, criteria: object, session: Session, io: SourceIo): Promise<HttpResult> =>
  session({ method: 'POST', path: `/api/search/${entity.replaceAll('_', '-')}`, body: JSON.stringify(criteria) }, io);

/** The rows in the body of an answer; null where it shows none. */
export const rowsIn = (json: unknown): Row[] | null => RowsSchema.safeParse(json).data?.data ?? null;

/** The rows of a search, numbers as text. */
export const readRows = (answer: HttpResult): Lookup<Row> => readLookup<Row>(answer, { items: rowsIn, rejection });

/** The rows of a search, each as JSON text of its own with every number as it was written. */
export const readRowTexts = (answer: HttpResult): Lookup<string> =>
  readLookup<string>(answer, {
    items: (json) => (answer.kind === 'answer' && rowsIn(json) !== null ? textsOfRows(answer.body) : null),
    rejection,
  });

function textsOfRows(body: Uint8Array): string[] {
  const keepNumbers = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? rawJson(context?.source ?? String(value)) : value;
  const answer: unknown = JSON.parse(new TextDecoder().decode(body), keepNumbers);
  return (rowsIn(answer) ?? []).map((row) => JSON.stringify(row));
}

const ErrorsSchema = z.object({
  errors: z.array(z.object({ title: z.string().nullish(), detail: z.string().nullish() })).min(1),
});

/**
 * What a refusal proves. 401 and 403 do so by their status alone; any other with the documented list of errors. A missing
 * right is named in the detail, which is JSON once more.
 */
export function rejection(status: number, json: Json | null): { rejection: Rejection; problem: Problem } | null {
  const error = ErrorsSchema.safeParse(json).data?.errors[0];
  const told = (error?.detail ?? error?.title ?? '').slice(0, 500);
  if (status === 401) {
    const detail = `Shopware does not accept the integration’s keys (401: ${told}): look at api.client_id and api.client_secret`;
    return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
  }
  if (status === 403) {
    const detail = `the role of the integration lacks a right (403: ${missingRights(told)}): give it to the role`;
    return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
  }
  if (error === undefined) return null;
  const refused = problem(status === 404 ? 'not_found' : 'refused', `Shopware refuses (${status}): ${told}`);
  return { rejection: { kind: 'refused' }, problem: refused };
}

/** A list, or an object with numbers for names where PHP has filtered it. */
const RightsSchema = z.object({ missingPrivileges: z.union([z.array(z.string()), z.record(z.string(), z.string())]) });

function missingRights(told: string): string {
  const parsed = parseJson(Buffer.from(told));
  const { data } = RightsSchema.safeParse(parsed.ok ? parsed.value : null);
  return data === undefined ? told : Object.values(data.missingPrivileges).join(', ');
}
