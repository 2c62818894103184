// A user's mapping: a JSONata expression in a file beside the configuration. It is parsed at the start, so that a slip stops
// the start and not the first delivery; it is evaluated elsewhere (evaluator.ts).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type jsonata from 'jsonata';
import { z } from 'zod';
import { problem } from '../domain/problem.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** A mapping that can be evaluated. `digest` is the SHA-256 of its text: another text may read the same payload otherwise. */
export type Mapping = { path: string; text: string; digest: string };

/** Where in a text: both count from one. */
export type Place = { line: number; column: number };

const MAX_BYTES = 256 * 1024;

/** Functions that would make a replay give something else, or code of what is data, each with the reason. */
const REFUSED = new Map([
  ['eval', 'a text of a payload must not become code'],
  ['random', 'a replay would give something else'],
  ['shuffle', 'a replay would give something else'],
]);

/**
 * Reads and parses the file at `path`. Fails with `mapping_unreadable` (the file is not there, too large or not UTF-8) and
 * `mapping_syntax`, whose `at` is `line:column`.
 */
export function loadMapping(path: string): Result<Mapping> {
  let text: string;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_BYTES) return err(problem('mapping_unreadable', `${path} is larger than 256 KB`));
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return err(problem('mapping_unreadable', `${path} cannot be read as a text: ${messageOf(error)}`));
  }
  const fault = faultOf(text);
  if (fault === null) return ok({ path, text, digest: createHash('sha256').update(text).digest('hex') });
  const at = placeOf(text, fault.position);
  return err(
    problem(
      'mapping_syntax',
      `${path}, line ${at.line}, column ${at.column}: ${fault.message}`,
      `${at.line}:${at.column}`,
    ),
  );
}

/** Line and column of a position that counts from zero. */
export function placeOf(text: string, position: number): Place {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

type Fault = { message: string; position: number };

function faultOf(text: string): Fault | null {
  let tree: jsonata.ExprNode;
  try {
    tree = library()(text).ast();
  } catch (error) {
    return { message: messageOf(error), position: startOf(error, text) };
  }
  const refused = refusedIn(tree, new Set());
  return refused && { ...refused, position: refused.position - (refused.name.length + 1) };
}

/** The first use of a refused function. The parser gives the position behind the name. */
function refusedIn(node: unknown, seen: Set<unknown>): (Fault & { name: string }) | null {
  if (typeof node !== 'object' || node === null || seen.has(node)) return null;
  seen.add(node);
  const variable = VariableSchema.safeParse(node).data;
  const reason = REFUSED.get(variable?.value ?? '');
  if (variable !== undefined && reason !== undefined) {
    const { value: name, position } = variable;
    return { name, message: `$${name} is not there in a mapping: ${reason}`, position };
  }
  for (const part of Object.values(node)) {
    const found = refusedIn(part, seen);
    if (found !== null) return found;
  }
  return null;
}

const VariableSchema = z.object({ type: z.literal('variable'), value: z.string(), position: z.number() });

/** What JSONata throws: plain objects, with the position behind the token that it could not take. */
const ThrownSchema = z.object({
  message: z.string(),
  position: z.number().exactOptional(),
  token: z.unknown().optional(),
});

function startOf(error: unknown, text: string): number {
  const thrown = ThrownSchema.safeParse(error).data;
  const position = Math.min(thrown?.position ?? 0, text.length);
  const token = String(thrown?.token ?? '');
  return text.slice(0, position).endsWith(token) ? position - token.length : position;
}

const messageOf = (error: unknown): string =>
  (ThrownSchema.safeParse(error).data?.message ?? String(error)).slice(0, 300);

const loadPackage = createRequire(import.meta.url);
let loaded: typeof jsonata | undefined;

/** JSONata, loaded with the first mapping: only those who use it should wait for it at the start. */
function library(): typeof jsonata {
  loaded ??= loadPackage('jsonata') as typeof jsonata;
  return loaded;
}
