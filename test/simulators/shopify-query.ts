// Reads GraphQL documents: as much of the language as a client of Shopify's Admin API writes.

export type Value = { variable: string } | { literal: unknown } | { list: Value[] } | { object: [string, Value][] };
export type Field = {
  kind: 'field';
  alias: string;
  name: string;
  args: ReadonlyMap<string, Value>;
  selections: readonly Selection[];
};
export type Selection =
  | Field
  | { kind: 'spread'; name: string }
  | { kind: 'inline'; on: string; selections: readonly Selection[] };
export type Fragment = { on: string; selections: readonly Selection[] };
export type Document = {
  operation: 'query' | 'mutation';
  variables: readonly { name: string; required: boolean }[];
  selections: readonly Selection[];
  fragments: ReadonlyMap<string, Fragment>;
};

/** A document that is no GraphQL. */
export class SyntaxProblem extends Error {}

const TOKEN = /[\s,]+|#[^\n]*|(\.\.\.|[!$():=@[\]{}|&]|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*)/gy;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxProblem(`unexpected “${text.slice(at, at + 10)}”`);
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

/** Reads one operation and its fragments. Throws SyntaxProblem. */
export function parseDocument(text: string): Document {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new SyntaxProblem('unexpected end of document');
    return token;
  };
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new SyntaxProblem(`expected “${token}”, found “${found}”`);
  };
  const name = (): string => {
    const token = next();
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxProblem(`expected a name, found “${token}”`);
    return token;
  };

  const value = (): Value => {
    const token = next();
    if (token === '$') return { variable: name() };
    if (token === '[') {
      const list: Value[] = [];
      while (peek() !== ']') list.push(value());
      next();
      return { list };
    }
    if (token === '{') {
      const object: [string, Value][] = [];
      while (peek() !== '}') {
        const key = name();
        expect(':');
        object.push([key, value()]);
      }
      next();
      return { object };
    }
    if (token === 'true' || token === 'false') return { literal: token === 'true' };
    if (token === 'null') return { literal: null };
    return { literal: /^["\d-]/.test(token) ? JSON.parse(token) : token };
  };

  const args = (): Map<string, Value> => {
    const found = new Map<string, Value>();
    if (peek() !== '(') return found;
    next();
    while (peek() !== ')') {
      const key = name();
      expect(':');
      found.set(key, value());
    }
    next();
    return found;
  };

  const selection = (): Selection => {
    if (peek() === '...') {
      next();
      if (peek() !== 'on') return { kind: 'spread', name: name() };
      next();
      return { kind: 'inline', on: name(), selections: selections() };
    }
    const first = name();
    const renamed = peek() === ':';
    if (renamed) next();
    const field = renamed ? name() : first;
    return {
      kind: 'field',
      alias: first,
      name: field,
      args: args(),
      selections: peek() === '{' ? selections() : [],
    };
  };

  const selections = (): Selection[] => {
    expect('{');
    const found: Selection[] = [];
    while (peek() !== '}') found.push(selection());
    next();
    return found;
  };

  const type = (): boolean => {
    if (peek() === '[') {
      next();
      type();
      expect(']');
    } else name();
    if (peek() !== '!') return false;
    next();
    return true;
  };

  const variables = (): Document['variables'] => {
    const found: { name: string; required: boolean }[] = [];
    if (peek() !== '(') return found;
    next();
    while (peek() !== ')') {
      expect('$');
      const variable = name();
      expect(':');
      found.push({ name: variable, required: type() });
    }
    next();
    return found;
  };

  let operation: Omit<Document, 'fragments'> | null = null;
  const fragments = new Map<string, Fragment>();
  while (at < tokens.length) {
    const word = peek() === '{' ? 'query' : next();
    if (word === 'fragment') {
      const fragment = name();
      expect('on');
      fragments.set(fragment, { on: name(), selections: selections() });
    } else if (word === 'query' || word === 'mutation') {
      if (operation !== null) throw new SyntaxProblem('an operation name is required where there are several');
      if (/^[A-Za-z_]/.test(peek())) next();
      operation = { operation: word, variables: variables(), selections: selections() };
    } else throw new SyntaxProblem(`unexpected “${word}”`);
  }
  if (operation === null) throw new SyntaxProblem('there is no operation');
  return { ...operation, fragments };
}
