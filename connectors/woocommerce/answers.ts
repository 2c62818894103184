// What WooCommerce's REST API answers, and what its answers prove. Values are kept in the shop's own text beside what is read
// of them, because that text is what is stored.
import { z } from 'zod';
import type { HttpResult, SourceIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Lookup, Outcome, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';
import { textsOfList } from './raw-json.ts';

export const API = '/wc/v3';

/** WordPress' documented refusal, with the HTTP status once more under `data`. */
const RefusalSchema = z.object({ code: z.string(), message: z.string() });

/** Codes of `problem` that callers tell apart. */
export const GONE = 'not_there';
export const NO_ROUTE = 'no_such_api';

/** What a refusal proves; null for an answer that is none in WordPress' form, and so proves nothing. */
export function rejection(status: number, json: Json | null): { rejection: Rejection; problem: Problem } | null {
  const told = RefusalSchema.safeParse(json);
  const said = told.success ? `${told.data.code}: ${told.data.message}`.slice(0, 300) : `status ${status}`;
  if (status === 401 || status === 403) {
    const detail =
      `the shop does not accept the REST key for this (${said}): its user must be allowed to manage orders, the key to ` +
      'read (and to write, for notes), and the server must pass on the Authorization header';
    return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
  }
  if (status >= 300 && status < 400) {
    const detail = `the shop answers with a redirect (${status}), which is not followed: api.url must be its final address`;
    return { rejection: { kind: 'refused' }, problem: problem('redirected', detail) };
  }
  if (!told.success || status < 400 || status >= 500) return null;
  if (told.data.code === 'rest_no_route') {
    const detail = `the shop has no such API (${said}): look at api.url, and set permalinks other than plain in WordPress`;
    return { rejection: { kind: 'refused' }, problem: problem(NO_ROUTE, detail) };
  }
  if (status === 404 || status === 410) {
    return { rejection: { kind: 'gone' }, problem: problem(GONE, `the shop has it no longer (${said})`) };
  }
  return { rejection: { kind: 'refused' }, problem: problem('refused', `the shop refuses: ${said}`) };
}

/** One value as it was read, and in the shop's own text. */
export type Told<T> = { value: T; text: string };

/** One page of a list, and how many rows there are on all of its pages. */
export type Listed<T> = { rows: Told<T>[]; total: number };

/** One page of a list. Without the header that counts the rows it proves nothing. */
export async function readList<T>(
  io: SourceIo,
  path: string,
  query: Readonly<Record<string, string>>,
  row: z.ZodType<T>,
): Promise<Lookup<Listed<T>>> {
  const answer = await io.http({ method: 'GET', path: API + path, query });
  return readLookup<Listed<T>>(answer, {
    items: (json) => {
      const rows = z.array(row).safeParse(json);
      const total = totalOf(answer);
      if (!rows.success || total === null) return null;
      const texts = textsOfList(textOf(answer));
      return [{ rows: rows.data.map((value, index) => ({ value, text: texts[index] ?? '' })), total }];
    },
    rejection,
  });
}

/** One thing by its path; none where the shop says that it is not there. */
export async function readOne<T>(
  io: SourceIo,
  path: string,
  query: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
): Promise<Lookup<Told<T>>> {
  const answer = await io.http({ method: 'GET', path: API + path, query });
  const lookup = readLookup<Told<T>>(answer, {
    items: (json) => {
      const value = schema.safeParse(json);
      return value.success ? [{ value: value.data, text: textOf(answer).trim() }] : null;
    },
    rejection,
  });
  return lookup.kind === 'failed' && lookup.problem.code === GONE ? { kind: 'found', items: [] } : lookup;
}

/** A look that failed, as the outcome of what was to follow it: nothing was sent. */
export function notDone(
  failed: Extract<Lookup<unknown>, { kind: 'failed' }>,
): Exclude<Outcome<never>, { kind: 'done' }> {
  const { problem: why, throttled, account } = failed;
  if (throttled !== undefined) {
    return { kind: 'rejected', rejection: { kind: 'throttled', ...throttled }, problem: why };
  }
  if (account === true) return { kind: 'rejected', rejection: { kind: 'account' }, problem: why };
  if (why.code === GONE) return { kind: 'rejected', rejection: { kind: 'gone' }, problem: why };
  return { kind: 'not_sent', problem: why };
}

const textOf = (answer: HttpResult): string => (answer.kind === 'answer' ? new TextDecoder().decode(answer.body) : '');

function totalOf(answer: HttpResult): number | null {
  const told = answer.kind === 'answer' ? answer.headers['x-wp-total'] : undefined;
  return told !== undefined && /^\d{1,9}$/.test(told) ? Number(told) : null;
}
