// Turns what is wrong with a value into words: what is expected, what was found.
// A value is only repeated where it cannot be a secret.
import { z } from 'zod';
import { err, ok, type Result } from '../domain/result.ts';
import { suggestion } from './nearest.ts';
import { type Finding, type Path, pathText, valueAt } from './path.ts';

const SENSITIVE = /secret|token|passw|passphrase|credential|(^|_)keys?$|^admin$|^database$/i;
const LONGEST_SHOWN = 60;

/** What the words are made from: the whole tree, and where in it something was put in (see interpolate.ts). */
export type Shown = { root: unknown; references: ReadonlyMap<string, string> };

type Issue = z.core.$ZodIssue;

/**
 * Reads `value`, which stands at `path`, with the schema. What is wrong becomes one finding per key. `alsoKnown` are
 * keys that are split off before: a misspelt one may have been meant.
 */
export function parse<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: Path,
  shown: Shown,
  alsoKnown: readonly string[] = [],
): Result<T, Finding[]> {
  const parsed = schema.safeParse(value, { error: expectation });
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.flatMap((issue) => explain(issue, path, shown, alsoKnown)));
}

/** The value at the path in words, or only its kind where it may be secret. */
function describe(path: Path, { root, references }: Shown): string {
  const reference = references.get(pathText(path));
  if (reference !== undefined) return `the value of ${reference}, not shown here`;
  const value = valueAt(root, path);
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a block of keys';
  if (!mayBeShown(path)) return `a ${KIND_OF_SCALAR[typeof value] ?? 'value'}, not shown here`;
  return typeof value === 'string' ? quoted(withoutCredentials(value)) : String(value);
}

const KIND_OF_SCALAR: Readonly<Record<string, string>> = { string: 'text', number: 'number', boolean: 'switch' };

// Where a block of a source or a provider belongs, somebody may have written its secret.
function mayBeShown(path: Path): boolean {
  const isEntry = path.length < 3 && (path[0] === 'sources' || path[0] === 'providers');
  return path.length > 0 && !isEntry && !path.some((part) => typeof part === 'string' && SENSITIVE.test(part));
}

// A URL may carry a password before its host, or a token behind it.
function withoutCredentials(text: string): string {
  return text.includes('://') ? text.replace(/:\/\/[^/]*@/, '://…@').replace(/[?#].*$/s, '?…') : text;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text (in quotes, if it looks like a number)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
};

/**
 * What a schema expects, where its author gave no words. For unknown keys these are the known ones, comma-separated; for
 * a union nothing, since its branches say it.
 */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  const keys = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}${keys.length > 0 ? ` (${keys.join(', ')})` : ''}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return keys.join(', ');
    case 'too_small':
      return `expected at least ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `expected at most ${amount(issue.maximum, issue.origin)}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'invalid_union':
      return issue.errors.length > 0 ? '' : undefined;
    default:
      return undefined;
  }
}

function amount(bound: number | bigint, origin: string): string {
  const unit = new Map([
    ['string', 'character'],
    ['array', 'entry'],
    ['object', 'key'],
  ]).get(origin);
  if (unit === undefined) return String(bound);
  if (Number(bound) === 1) return `1 ${unit}`;
  return `${bound} ${unit === 'entry' ? 'entries' : `${unit}s`}`;
}

function explain(issue: Issue, base: Path, shown: Shown, alsoKnown: readonly string[]): Finding[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    const here = issue.path.length === 0 ? alsoKnown : [];
    const known = [...issue.message.split(', '), ...here].filter((key) => key !== '');
    return issue.keys.map((key) => unknownKey([...path, key], known));
  }
  // What stands behind a key that cannot be says nothing of it.
  if (issue.code === 'invalid_key')
    return [{ code: 'config_wrong_value', path, detail: `${issue.message} as the key` }];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // A branch of the right type says best what is wrong; without one, all the alternatives are named.
    const fitting = issue.errors.filter((branch) => !branch.some((one) => one.path.length === 0 && isOfOtherType(one)));
    const [only, ...others] = fitting;
    if (only !== undefined && others.length === 0) return only.flatMap((one) => explain(one, path, shown, alsoKnown));
    if (issue.message === '') {
      const words = issue.errors.flatMap((branch) => branch.map((one) => one.message.replace(/^expected /, '')));
      return [wrongValue(path, `expected ${[...new Set(words)].join(', or ')}`, shown)];
    }
  }
  return [wrongValue(path, issue.message, shown)];
}

const isOfOtherType = (issue: Issue): boolean => issue.code === 'invalid_type' || issue.code === 'invalid_value';

/** Says which key was probably meant. */
function unknownKey(path: Path, known: readonly string[]): Finding {
  const key = String(path.at(-1));
  return { code: 'config_unknown_key', path, detail: `this key is not known; ${suggestion(key, known)}` };
}

/** A name that stands for nothing: what was found, and what was probably meant. */
export function unknownName(path: Path, what: string, advice: string, shown: Shown): Finding {
  return { code: 'config_unknown_name', path, detail: `${what}; found ${describe(path, shown)}; ${advice}` };
}

/** `message` says what is expected; what was found is added. */
export function wrongValue(path: Path, message: string, shown: Shown): Finding {
  if (valueAt(shown.root, path) === undefined) {
    return { code: 'config_missing_key', path, detail: `this key is missing; ${message}` };
  }
  return { code: 'config_wrong_value', path, detail: `${message}; found ${describe(path, shown)}` };
}
