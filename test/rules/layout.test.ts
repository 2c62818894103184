// Imports point one way: domain ← connector.ts ← mappings ← connectors ← main → (cli, http → flow → store → domain).
import { expect, test } from 'vitest';
import { filesIn, type ProjectFile, productFiles } from './files.ts';

const DOMAIN = 'src/domain/';
const CONTRACT = [DOMAIN, 'src/connector.ts'];
/** What every part of the core may use: set-up values, the log, the clock. */
const COMMON = [...CONTRACT, 'src/log.ts', 'src/registry.ts', 'src/runtime.ts'];

/** Where a file lives, and the files of ours that it may import. The first line that fits a file rules it. */
const LAYERS: [zone: string, mayImport: string[]][] = [
  [DOMAIN, [DOMAIN]],
  ['src/connector.ts', [DOMAIN]],
  ['src/provider-answer.ts', CONTRACT],
  ['src/http-client.ts', CONTRACT],
  ['src/mapping/', [...CONTRACT, 'src/mapping/']],
  ['mappings/', [...CONTRACT, 'src/provider-answer.ts', 'src/mapping/', 'mappings/']],
  ['connectors/index.ts', [...CONTRACT, 'connectors/']],
  ['connectors/', [...CONTRACT, 'src/provider-answer.ts', 'mappings/', 'connectors/']],
  ['src/config', [...COMMON, 'src/config', 'src/mapping/']],
  ['src/connect.ts', [...COMMON, 'src/config/', 'src/http-client.ts', 'src/mapping/', 'src/pacing.ts', 'src/store/']],
  ['src/pacing.ts', [...COMMON, 'src/store/']],
  ['src/workers.ts', [...COMMON, 'src/store/', 'src/flow/']],
  ['src/store/', [DOMAIN, 'src/store/']],
  ['src/flow/', [...COMMON, 'src/store/', 'src/flow/']],
  ['src/operations/', [...COMMON, 'src/store/', 'src/flow/', 'src/operations/']],
  ['src/http/', [...COMMON, 'src/store/', 'src/flow/', 'src/operations/', 'src/http/']],
  ['src/demo/', [...COMMON, 'src/demo/']],
  ['src/embedded.ts', [...COMMON, 'src/config', 'src/demo/', 'src/store/']],
  ['src/cli/', ['src/']],
  ['src/main.ts', ['src/', 'connectors/index.ts']],
  ['src/start.js', ['src/cli/main.ts']],
  ['src/', COMMON],
];

/** Libraries that belong to one place each. */
const OWNERS: Record<string, string[]> = {
  kysely: ['src/store/'],
  'better-sqlite3': ['src/store/', 'connectors/sandbox/'],
  hono: ['src/http/'],
  '@hono/node-server': ['src/http/'],
  pino: ['src/log.ts'],
  yaml: ['src/config/'],
  jsonata: ['src/mapping/'],
  stripe: ['connectors/stripe/'],
  pdfkit: ['connectors/sandbox/'],
};

const isOurs = (path: string): boolean => /^(src|connectors|mappings|test|bench)\//.test(path);
const isIn = (path: string, places: readonly string[]): boolean => places.some((place) => path.startsWith(place));

function forbidden(files: ProjectFile[], allowed: (file: ProjectFile, imported: string) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports.filter((imported) => !allowed(file, imported)).map((imported) => `${file.path} → ${imported}`),
  );
}

test('imports point one way', () => {
  const layer = (path: string): string[] => LAYERS.find(([zone]) => path.startsWith(zone))?.[1] ?? [];
  expect(forbidden(productFiles(), ({ path }, to) => !isOurs(to) || isIn(to, layer(path)))).toEqual([]);
});

test('a connector knows no other connector, only what lies beside them all', () => {
  const folder = (path: string): string => path.split('/').slice(0, 2).join('/');
  const files = filesIn('connectors/*/**/*.ts');
  expect(forbidden(files, (file, to) => !/^connectors\/.+\//.test(to) || folder(to) === folder(file.path))).toEqual([]);
});

test('the core holds without connectors and mappings, but for main.ts', () => {
  const core = filesIn('src/**/*.ts').filter(({ path }) => path !== 'src/main.ts');
  expect(forbidden(core, (_file, to) => !isIn(to, ['connectors/', 'mappings/']))).toEqual([]);
});

test('each library is met in the place that owns it', () => {
  const owners = (name: string): string[] | undefined =>
    Object.entries(OWNERS).find(([library]) => name === library || name.startsWith(`${library}/`))?.[1];
  const mayImport = (file: ProjectFile, imported: string): boolean => {
    const places = owners(imported);
    return places === undefined || isIn(file.path, places);
  };
  expect(forbidden(productFiles(), mayImport)).toEqual([]);
});

test('the catalogue lists exactly the connectors that have a folder, in alphabetical order', () => {
  const folders = filesIn('connectors/*/index.ts').map(({ path }) => path);
  const listed = filesIn('connectors/index.ts').flatMap(({ imports }) =>
    imports.filter((to) => /^connectors\/./.test(to)),
  );
  expect(listed).toEqual(folders);
});

test('no file of the product is longer than 400 lines', () => {
  const lines = ({ text }: ProjectFile): number => text.trimEnd().split('\n').length;
  expect(productFiles().flatMap((file) => (lines(file) > 400 ? [`${file.path}: ${lines(file)}`] : []))).toEqual([]);
});
