// What BigCommerce's API answers, and what that proves. Version 2 answers 204 for "none" and lists its errors; version 3
// wraps everything in `data` and has one error.
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { HttpResult, SourceIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Lookup, Outcome, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';

/** An answer's own text beside what was read from it. */
export type Told<T> = { text: string; value: T };

/** The right that a request needs, as BigCommerce names it under API accounts. */
export type Right =
  | 'Orders: read-only'
  | 'Orders: modify'
  | 'Order transactions: read-only'
  | 'Information & settings: read-only';

export type Request<T> = {
  path: string;
  query?: Readonly<Record<string, string>>;
  right: Right;
  schema: z.ZodType<T>;
  /** Statuses that say that there is nothing. */
  nothing: readonly number[];
};

/** Reads one address; nothing found where the answer says so in one of the ways that the request names. */
export async function get<T>(
  io: SourceIo,
  { path, query, right, schema, nothing }: Request<T>,
): Promise<Lookup<Told<T>>> {
  const answer = withRetryAfter(await io.http({ method: 'GET', path, ...(query && { query }) }));
  if (answer.kind === 'answer' && nothing.includes(answer.status)) return { kind: 'found', items: [] };
  return readLookup<Told<T>>(answer, {
    items: (json) => {
      const parsed = schema.safeParse(json);
      if (!parsed.success || answer.kind !== 'answer') return null;
      return [{ text: Buffer.from(answer.body).toString('utf8').trim(), value: parsed.data }];
    },
    rejection: refusing(right),
  });
}

/** How long to wait stands in a header of BigCommerce's own, in milliseconds; the standard one is in seconds. */
export function withRetryAfter(result: HttpResult): HttpResult {
  const reset = result.kind === 'answer' ? result.headers['x-rate-limit-time-reset-ms'] : undefined;
  if (result.kind !== 'answer' || reset === undefined || !/^\d{1,9}$/.test(reset)) return result;
  return { ...result, headers: { 'retry-after': String(Math.ceil(Number(reset) / 1000)), ...result.headers } };
}

const ErrorsSchema = z.union([
  z.object({ title: z.string() }).transform(({ title }) => title),
  z.array(z.object({ message: z.string() })).transform((all) => all.map(({ message }) => message).join('; ')),
]);

/** Reads refusals of a request that needs this right. */
export const refusing =
  (right: Right) =>
  (status: number, json: Json | null): { rejection: Rejection; problem: Problem } | null => {
    const said = ErrorsSchema.safeParse(json).data?.slice(0, 300) ?? '';
    if (status === 401) {
      const detail = `BigCommerce does not accept the access token (401): look at api.access_token and api.store_hash`;
      return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
    }
    if (status === 403) {
      const detail = `the API account of BigCommerce lacks the right “${right}” (403): make one that has it`;
      return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
    }
    if (status === 404) {
      return { rejection: { kind: 'gone' }, problem: problem('not_found', 'BigCommerce has nothing there (404)') };
    }
    return said !== '' && status >= 400
      ? { rejection: { kind: 'refused' }, problem: problem('refused', `BigCommerce refuses (${status}): ${said}`) }
      : null;
  };

/** A reading as the outcome of a check; what was found stands in `items`. */
export function outcomeOf<T>(lookup: Lookup<T>): Outcome<T[]> {
  if (lookup.kind === 'found') return { kind: 'done', value: lookup.items };
  const told = lookup.problem;
  if (lookup.account) return { kind: 'rejected', rejection: { kind: 'account' }, problem: told };
  if (lookup.throttled)
    return { kind: 'rejected', rejection: { kind: 'throttled', ...lookup.throttled }, problem: told };
  return { kind: 'unknown', problem: told };
}
