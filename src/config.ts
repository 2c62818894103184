// bridge.yaml: found, read, filled from the environment, checked. All that is wrong is reported at once, with its line.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assemble } from './config/assemble.ts';
import { interpolate, reasonOf } from './config/interpolate.ts';
import { type Finding, pathText } from './config/path.ts';
import { readTree, type Tree } from './config/tree.ts';
import type { Catalogue, Config, ConfigProblem } from './config/types.ts';
import { doubtsAbout } from './config/warnings.ts';
import { err, ok, type Result } from './domain/result.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `embedded`: nobody wrote a file, and the caller may start the built-in default. */
export type Loaded = { kind: 'embedded' } | { kind: 'file'; file: string; config: Config; warnings: ConfigProblem[] };

const MAX_BYTES = 1024 * 1024;

/**
 * The configuration at `file`, else at `$BRIDGE_CONFIG`, else at `./bridge.yaml`, else the embedded one. A file that is
 * named must exist. Never throws, and no problem repeats a secret.
 */
export function loadConfig(options: {
  file?: string | undefined;
  env: Env;
  cwd: string;
  catalogue: Catalogue;
}): Result<Loaded, ConfigProblem[]> {
  const named = options.file ?? (options.env.BRIDGE_CONFIG || undefined);
  const file = path.resolve(options.cwd, named ?? 'bridge.yaml');
  const text = readText(file);
  if (!text.ok) {
    if (named === undefined && text.error === 'ENOENT') return ok({ kind: 'embedded' });
    const detail = `the configuration cannot be read: ${text.error}; check the path given by --config or BRIDGE_CONFIG`;
    return err([{ code: 'config_unreadable', detail, file, line: null, column: null }]);
  }
  const parsed = parseConfig({ text: text.value, file, env: options.env, catalogue: options.catalogue });
  return parsed.ok ? ok({ kind: 'file', file, ...parsed.value }) : parsed;
}

/** The configuration that `text` describes. `file` is its absolute path: relative paths start in its folder. */
export function parseConfig(options: {
  text: string;
  file: string;
  env: Env;
  catalogue: Catalogue;
}): Result<{ config: Config; warnings: ConfigProblem[] }, ConfigProblem[]> {
  const { text, file, env, catalogue } = options;
  const tree = readTree(text);
  if (!tree.ok) {
    // One slip confuses the parser for the rest of its line.
    const firstOfLine = tree.error.filter(({ position }, i) => position.line !== tree.error[i - 1]?.position.line);
    return err(firstOfLine.map(({ position, detail }) => ({ code: 'config_syntax', detail, file, ...position })));
  }
  const located = (findings: readonly Finding[]): ConfigProblem[] => locate(findings, tree.value, file);
  const dir = path.dirname(file);
  const { value: root, references, problems, warnings } = interpolate(tree.value.value, { env, dir });
  const assembled = assemble({ root, references }, dir, catalogue);
  if (!assembled.ok) return err(located([...problems, ...assembled.error]));
  if (problems.length > 0) return err(located(problems));
  const doubts = [...warnings, ...doubtsAbout(assembled.value, root)];
  return ok({ config: assembled.value.config, warnings: located(doubts) });
}

/** `bridge.yaml:12:5: sources.shop.secret: this key is missing; …` */
export function problemLine({ file, line, column, at, detail }: ConfigProblem): string {
  const place = line === null ? file : `${file}:${line}:${column}`;
  return [place, ...(at === undefined ? [] : [at]), detail].join(': ');
}

// One finding per key, the first: a variable that is missing is no wrong value as well. In the order of the file.
function locate(findings: readonly Finding[], tree: Tree, file: string): ConfigProblem[] {
  const byKey = new Map<string, ConfigProblem>();
  for (const { code, path: at, detail } of findings) {
    const key = pathText(at);
    if (byKey.has(key)) continue;
    byKey.set(key, { code, detail, ...(key === '' ? {} : { at: key }), file, ...tree.positionOf(at) });
  }
  return [...byKey.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function readText(file: string): Result<string, string> {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES) return err(`it is larger than ${MAX_BYTES} bytes`);
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return err(reasonOf(error));
  }
}
