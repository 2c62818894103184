// YAML text to plain values that remember where they were written. YAML 1.2 without tags, so JSON too.
// Nothing here repeats the text itself: a file that does not parse may hold a secret anywhere.
import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from 'yaml';
import { err, ok, type Result } from '../domain/result.ts';
import { type Path, pathText } from './path.ts';

/** Lines and columns count from one. */
export type Position = { line: number; column: number };

/** `positionOf` gives the place of the path, or of the nearest block around it that is written. */
export type Tree = { value: unknown; positionOf(path: Path): Position };

export type SyntaxProblem = { position: Position; detail: string };

/** Far above any real file; aliases count with everything they stand for. */
const MAX_VALUES = 10_000;
const MAX_ALIASES = 100;
const MAX_DEPTH = 32;

const START: Position = { line: 1, column: 1 };

const HINTS: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'the indentation does not fit, or a bracket is not closed',
  BAD_DQ_ESCAPE: 'unknown escape in a text in double quotes; use single quotes for a plain backslash',
  BAD_SCALAR_START: 'a text cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'two keys on one line; put a text that holds ": " in quotes',
  DUPLICATE_KEY: 'this key is written twice in the same block',
  MISSING_CHAR: 'a quote, bracket or colon is missing',
  MULTIPLE_DOCS: 'the file holds several documents; remove the "---" between them',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'tags (!name) are not used here; put a text that starts with "!" in quotes',
  UNEXPECTED_TOKEN: 'unexpected character; put a text that holds ${…} or brackets in quotes',
};

/** Reads the text as one document. Never throws; all syntax problems are returned, each with its place. */
export function readTree(text: string): Result<Tree, SyntaxProblem[]> {
  const lines = new LineCounter();
  const place = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
  });
  const broken: YAMLError[] = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return err(
      broken.map(({ code, pos }) => ({ position: place(pos[0]), detail: HINTS[code] ?? `not valid YAML (${code})` })),
    );
  }
  return plainValues(document, place);
}

function plainValues(
  document: Document.Parsed,
  place: (offset: number | undefined) => Position,
): Result<Tree, SyntaxProblem[]> {
  const positions = new Map<string, Position>();
  const problems: SyntaxProblem[] = [];
  let values = 0;
  let aliases = 0;

  const refuse = (path: Path, detail: string): null => {
    problems.push({ position: nearest(positions, path), detail });
    return null;
  };
  const visit = (node: unknown, path: Path): unknown => {
    if (problems.length > 0) return null;
    if (++values > MAX_VALUES) return refuse(path, `more than ${MAX_VALUES} values, aliases written out`);
    if (path.length > MAX_DEPTH) return refuse(path, `nested more than ${MAX_DEPTH} levels deep`);
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) return refuse(path, `more than ${MAX_ALIASES} aliases`);
      const target = node.resolve(document);
      return target === undefined
        ? refuse(path, 'this alias has no anchor before it; put a text that starts with "*" in quotes')
        : visit(target, path);
    }
    if (isMap(node)) {
      const entries = node.items.map((pair): [string, unknown] => {
        const key = isScalar(pair.key) ? String(pair.key.value) : '';
        const inner = [...path, key];
        positions.set(pathText(inner), place(isScalar(pair.key) ? pair.key.range?.[0] : undefined));
        if (key === '__proto__') return [key, refuse(inner, 'this key is never used')];
        return [key, visit(pair.value, inner)];
      });
      return Object.fromEntries(entries);
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const inner = [...path, index];
        if (isScalar(item) || isMap(item) || isSeq(item)) positions.set(pathText(inner), place(item.range?.[0]));
        return visit(item, inner);
      });
    }
    return isScalar(node) ? node.value : null;
  };

  const value = visit(document.contents, []);
  return problems.length > 0 ? err(problems) : ok({ value, positionOf: (path) => nearest(positions, path) });
}

function nearest(positions: ReadonlyMap<string, Position>, path: Path): Position {
  for (let length = path.length; length > 0; length--) {
    const position = positions.get(pathText(path.slice(0, length)));
    if (position !== undefined) return position;
  }
  return START;
}
