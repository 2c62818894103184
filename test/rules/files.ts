// What the rules look at: the project's own files, and what each of them imports.
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** `imports` holds paths from the root for our own files ("src/domain/money.ts") and names for packages ("zod"). */
export type ProjectFile = { path: string; text: string; imports: string[] };

/** Every file that matches one of the patterns, in alphabetical order. Throws where none does: a rule must look at something. */
export function filesIn(...patterns: string[]): ProjectFile[] {
  const paths = patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: ROOT, exclude: ['node_modules/**', 'dist/**', 'data/**'] });
    if (found.length === 0) throw new Error(`no file matches ${pattern}`);
    return found;
  });
  return [...new Set(paths)]
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

/** The product's own code, without tests and benchmarks. */
export const productFiles = (): ProjectFile[] =>
  filesIn('src/**/*.ts', 'src/start.js', 'connectors/**/*.ts', 'mappings/**/*.ts');

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
}
