// What Stripe's answers prove, and what they hold: objects as the text that Stripe wrote, whose numbers no float has touched.
import type Stripe from 'stripe';
import { z } from 'zod';
import type { Finding, HttpResult, SourceIo } from '../../src/connector.ts';
import { type Json, parseJson, rawJson } from '../../src/domain/json.ts';
import type { Lookup, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';
import { ask, type Words } from './requests.ts';

/** Codes of problems that callers treat apart: an object that is not there, and a right that the key lacks. */
export const MISSING = 'not_found';
export const FORBIDDEN = 'permission_missing';

const ErrorSchema = z.object({
  error: z.object({
    type: z.string(),
    code: z.string().nullish(),
    param: z.string().nullish(),
    message: z.string().nullish(),
  }),
});

/** What a refusal in Stripe's form proves. A restricted key that may not is refused with the name of what it lacks. */
export function rejection(status: number, json: Json | null): { rejection: Rejection; problem: Problem } | null {
  const told = ErrorSchema.safeParse(json).data?.error;
  if (status === 401) {
    const detail = 'Stripe does not accept the API key (401): look at api_key, it may have been revoked or rolled';
    return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
  }
  if (status === 403) {
    const lacking = /\brak_\w+/.exec(told?.message ?? '')?.[0];
    const detail = `Stripe’s API key may not do this (403): ${lacking === undefined ? 'it lacks a permission' : `give it ${lacking}`}`;
    return { rejection: { kind: 'account' }, problem: problem(FORBIDDEN, detail) };
  }
  // A conflict with another request on the same object proves nothing and passes.
  if (told === undefined || status === 409) return null;
  const said = [told.code ?? told.type, told.param].filter(Boolean).join(' ').slice(0, 200);
  if (told.code === 'resource_missing') {
    const detail = `Stripe has no such object (${status}: ${said})`;
    return { rejection: { kind: 'gone' }, problem: problem(MISSING, detail) };
  }
  return { rejection: { kind: 'refused' }, problem: problem('refused', `Stripe refuses (${status}): ${said}`) };
}

/** An object of Stripe's: `json` to be read, with numbers as text; `told` to be written out again as it came. */
export type Row = { id: string; json: Readonly<Record<string, unknown>>; told: object };

/** An id goes into further paths. */
const RowSchema = z.looseObject({ id: z.string().regex(/^\w{1,200}$/) });
const ListSchema = z.object({ data: z.array(z.unknown()), has_more: z.boolean() });

/** The body with numbers that are written out again as they stood. It has been parsed before, so that it is JSON. */
function bodyOf(answer: HttpResult): unknown {
  if (answer.kind !== 'answer') return null;
  const keepText = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? rawJson(context?.source ?? String(value)) : value;
  return JSON.parse(new TextDecoder().decode(answer.body), keepText);
}

/** What a source is told: compact JSON, equal for equal content. */
export const finding = (topic: Finding['topic'], told: object): Finding => ({
  topic,
  body: new TextEncoder().encode(JSON.stringify(told)),
});

/** Null where one of them is no object with an id. */
function rowsOf(values: readonly unknown[]): Row[] | null {
  const rows: Row[] = [];
  for (const told of values) {
    const parsed = parseJson(new TextEncoder().encode(JSON.stringify(told)));
    const json = RowSchema.safeParse(parsed.ok ? parsed.value : null);
    if (!json.success || typeof told !== 'object' || told === null) return null;
    rows.push({ id: json.data.id, json: json.data, told });
  }
  return rows;
}

/** One object by its id; none where Stripe has none. */
export async function askForOne(io: SourceIo, words: Words): Promise<Lookup<Row>> {
  const answer = await ask(io, words);
  const found = readLookup<Row>(answer, { items: () => rowsOf([bodyOf(answer)]), rejection });
  return found.kind === 'failed' && found.problem.code === MISSING ? { kind: 'found', items: [] } : found;
}

export type Page = { rows: Row[]; more: boolean };

/** One page of a list. */
export async function askForPage(io: SourceIo, words: Words): Promise<Lookup<Page>> {
  const answer = await ask(io, words);
  return readLookup<Page>(answer, {
    items: () => {
      const list = ListSchema.safeParse(bodyOf(answer));
      const rows = list.success ? rowsOf(list.data.data) : null;
      return rows === null ? null : [{ rows, more: list.data?.has_more === true }];
    },
    rejection,
  });
}

/** The largest page that Stripe gives. */
export const PER_PAGE = 100;
const MAX_PAGES = 200;

/** Every row of a list, page by page. One that does not end within 200 pages is a failed reading: it is never cut. */
export async function askForAll(
  io: SourceIo,
  words: (stripe: Stripe, page: { limit: number; starting_after?: string }) => Promise<unknown>,
): Promise<Lookup<Row>> {
  const rows: Row[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const last = rows.at(-1);
    const after = last === undefined ? {} : { starting_after: last.id };
    const read = await askForPage(io, (stripe) => words(stripe, { limit: PER_PAGE, ...after }));
    if (read.kind === 'failed') return read;
    const [found] = read.items;
    rows.push(...(found?.rows ?? []));
    if (found?.more !== true || found.rows.length === 0) return { kind: 'found', items: rows };
  }
  return { kind: 'failed', problem: problem('too_many_rows', `a list at Stripe has more than ${MAX_PAGES} pages`) };
}
