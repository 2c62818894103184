// ${NAME}, ${NAME:-default} and ${file:PATH} in the texts of the file. This happens after parsing, so that a value is
// always one text and can never become YAML.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../domain/result.ts';
import { type Finding, isBlock, type Path, pathText } from './path.ts';

export type Surroundings = {
  env: Readonly<Record<string, string | undefined>>;
  /** Folder of the configuration file: relative paths start here. */
  dir: string;
};

export type Interpolated = {
  value: unknown;
  /** By path: the reference, such as `${NAME}`, whose value was put in. The value and the default may be secret. */
  references: ReadonlyMap<string, string>;
  problems: Finding[];
  warnings: Finding[];
};

/** A container platform mounts secrets here and governs who reads them by other means than the file's mode. */
const MOUNTED_SECRETS = '/run/secrets/';
const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Puts the environment's values and the files' contents into every text of the tree (not into keys). `$${` stands for
 * a plain `${`. An empty variable counts as missing unless a default is written, were it the empty `${NAME:-}`.
 */
export function interpolate(root: unknown, surroundings: Surroundings): Interpolated {
  const references = new Map<string, string>();
  const problems: Finding[] = [];
  const warnings: Finding[] = [];

  const fill = (text: string, at: Path): string => {
    if (!text.includes('$')) return text;
    return text.replace(
      /\$\$(?=\{)|\$\{([^}]*)(\}?)/g,
      (match, reference: string | undefined, end: string | undefined) => {
        if (reference === undefined) return '$';
        references.set(pathText(at), `\${${reference.split(':-')[0]}}`);
        const found: Result<string, string> = end === '}' ? resolve(reference, surroundings) : err('"${" without "}"');
        if (!found.ok) {
          problems.push({ code: 'config_missing_value', path: at, detail: found.error });
          return match;
        }
        const exposed = reference.startsWith('file:') && exposedFile(reference.slice(5), surroundings.dir);
        if (exposed) warnings.push({ code: 'exposed_secret_file', path: at, detail: exposed });
        return found.value;
      },
    );
  };
  const visit = (value: unknown, at: Path): unknown => {
    if (typeof value === 'string') return fill(value, at);
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...at, index]));
    if (!isBlock(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...at, key])]));
  };
  return { value: visit(root, []), references, problems, warnings };
}

function resolve(reference: string, { env, dir }: Surroundings): Result<string, string> {
  if (reference.startsWith('file:')) return readSecret(reference.slice('file:'.length), dir);
  const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(reference) ?? [];
  if (name === undefined) {
    return err('expected ${NAME}, ${NAME:-default} or ${file:PATH}; a plain dollar before a brace is written "$${"');
  }
  const value = (Object.hasOwn(env, name) ? env[name] : undefined) || fallback;
  return value === undefined
    ? err(`the environment variable ${name} is not set or empty; set it, or write \${${name}:-} where empty is meant`)
    : ok(value);
}

function readSecret(file: string, dir: string): Result<string, string> {
  const absolute = path.resolve(dir, file);
  try {
    const bytes = readFileSync(absolute);
    if (bytes.length > MAX_SECRET_BYTES) return err(`the file ${absolute} is larger than ${MAX_SECRET_BYTES} bytes`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/[\r\n]+$/, '');
    return text === '' ? err(`the file ${absolute} is empty`) : ok(text);
  } catch (error) {
    return err(`the file ${absolute} cannot be read (${reasonOf(error)})`);
  }
}

function exposedFile(file: string, dir: string): string | null {
  const absolute = path.resolve(dir, file);
  const mode = statSync(absolute, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o077) === 0 || absolute.startsWith(MOUNTED_SECRETS)
    ? null
    : `other users of this machine can open ${absolute}; run chmod 600 on it`;
}

/** The system's word for why a file could not be read (`ENOENT`), never its contents. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'not valid UTF-8';
}
