// JSON from outside. Numbers keep the text they were written in, because ids exceed 2^53 and amounts must not become floats.
import { problem } from './problem.ts';
import { err, ok, type Result } from './result.ts';

const MAX_DEPTH = 64;

/** A JSON value whose numbers are strings holding their source text. */
export type Json = string | boolean | null | Json[] | { [key: string]: Json };

/**
 * Parses bytes from outside: UTF-8, at most 64 levels deep, numbers as their source text, keys that could reach a
 * prototype dropped. Never throws; the problem says where the text breaks.
 */
export function parseJson(bytes: Uint8Array): Result<Json> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return err(problem('malformed_json', 'the body is not valid UTF-8'));
  }
  if (deeperThan(text, MAX_DEPTH)) {
    return err(problem('malformed_json', `the body is nested more than ${MAX_DEPTH} levels deep`));
  }
  try {
    return ok(JSON.parse(text, keepNumbersAsText) as Json);
  } catch (error) {
    return err(problem('malformed_json', `the body is not valid JSON: ${(error as Error).message.slice(0, 200)}`));
  }
}

function keepNumbersAsText(key: string, value: unknown, context?: { source?: string }): unknown {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') return undefined;
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}

function deeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > limit) return true;
    } else if (char === 0x7d || char === 0x5d) depth--;
  }
  return false;
}

/** JSON text of our own values; amounts (bigint) are written as strings and read back by `MinorSchema`. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));

/**
 * Stands for a number in these very digits when it is written as JSON: it is never a float on our side.
 * `JSON.rawJSON` is in Node 24 and not yet in TypeScript's library. Throws on a text that is no JSON scalar.
 */
export const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON(text: string): unknown };
