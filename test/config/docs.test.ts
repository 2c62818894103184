import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { z } from 'zod';
import { catalogue as builtIn } from '../../connectors/index.ts';
import { providersPage } from '../../src/cli/provider-table.ts';
import { editorSchema } from '../../src/config/editor-schema.ts';
import { BLOCKS, ProviderKeysSchema, SourceKeysSchema } from '../../src/config/schema.ts';
import { parseConfig, problemLine } from '../../src/config.ts';
import { catalogue, exampleEnv } from './catalogue.ts';
import { smallest } from './worlds.ts';

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const page = read('configuration.md');

type Schema = z.core.JSONSchema.JSONSchema;

/** Each key with its default as JSON, or null where it has none, by its path. */
function keysOf(schema: Schema, at: string): [string, string | null][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]): [string, string | null][] => {
    if (typeof inner === 'boolean') return [];
    const standard: string | null = inner.default === undefined ? null : JSON.stringify(inner.default);
    const items = typeof inner.items === 'object' && !Array.isArray(inner.items) ? inner.items : {};
    return [[`${at}${key}`, standard], ...keysOf(inner, `${at}${key}.`), ...keysOf(items, `${at}${key}.`)];
  });
}

const schemaOf = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

describe('docs/configuration.md', () => {
  const rows = new Map(
    [...page.matchAll(/^\| `([a-zA-Z_.]+)` \| (.+) \| (.+) \|$/gm)].map(([, key = '', meaning, standard]) => [
      key,
      { meaning, standard: standard ?? '' },
    ]),
  );
  // Blocks that hold a source's or a provider's own values are documented where the general ones are.
  const isOwn = (key: string): boolean => /^(sources|providers)\.NAME\.(invoicing|delivery)\./.test(key);
  const tops = new Set(['server', 'admin', 'seller', 'invoicing', 'matching', 'delivery']);
  const keys = [
    ...keysOf(schemaOf(z.strictObject(BLOCKS)), ''),
    ...keysOf(schemaOf(SourceKeysSchema), 'sources.NAME.'),
    ...keysOf(schemaOf(ProviderKeysSchema), 'providers.NAME.'),
  ].filter(([key]) => !tops.has(key) && !isOwn(key));

  test('documents every key, and no key that does not exist', () => {
    expect(new Set(rows.keys())).toEqual(new Set(keys.map(([key]) => key)));
  });

  test.each(keys)('%s has the default that is documented', (key, standard) => {
    const written = /^`(.*)`$/.exec(rows.get(key)?.standard ?? '')?.[1];
    if (standard === null) expect(written).toBeUndefined();
    else expect(JSON.stringify(parseYaml(written ?? 'nothing'))).toBe(standard);
  });

  test('documents every code that the program gives', () => {
    const sources = [
      'config.ts',
      ...['interpolate', 'explain', 'entries', 'checks', 'warnings'].map((f) => `config/${f}.ts`),
    ];
    const code = sources.map((file) => readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')).join('\n');
    const given = new Set([...code.matchAll(/code: '([a-z_]+)'|report\('([a-z_]+)'/g)].map((hit) => hit[1] ?? hit[2]));
    const listed = [
      ...page.matchAll(/^\| `((?:config|open|short|exposed|no|unreachable|provider)_[a-z_]+)` \| [^|]+ \|$/gm),
    ].map((hit) => hit[1]);
    expect(new Set(listed)).toEqual(given);
  });
});

describe('examples', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'config-docs-'));
    mkdirSync(path.join(dir, 'secrets'));
    writeFileSync(path.join(dir, 'secrets/vf_token'), 'vosfactures-token/acme\n', { mode: 0o600 });
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const faults = (text: string, connectors: Parameters<typeof parseConfig>[0]['catalogue']): string[] => {
    const file = path.join(dir, 'bridge.yaml');
    const parsed = parseConfig({ text, file, env: exampleEnv, catalogue: connectors });
    // What a provider cannot do is no slip of the example.
    const told = parsed.ok ? parsed.value.warnings.filter(({ code }) => code !== 'provider_limits') : parsed.error;
    return told.map(problemLine);
  };

  const fences = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);

  test.each(fences)('number %# of the page is accepted without a warning', (text) => {
    const whole = { ...parseYaml(smallest), ...parseYaml(text) };
    expect(faults(stringify(whole), builtIn)).toEqual([]);
  });

  test('are there for every block', () => {
    expect(fences.length).toBeGreaterThan(10);
  });

  test('docs/bridge.example.yaml is accepted without a warning', () => {
    expect(faults(read('bridge.example.yaml'), builtIn)).toEqual([]);
    expect(faults(read('bridge.example.yaml'), catalogue)).toEqual([]);
  });
});

describe('docs/bridge.schema.json', () => {
  test('is what `npm run schema` writes', () => {
    expect(JSON.parse(read('bridge.schema.json'))).toEqual(JSON.parse(JSON.stringify(editorSchema(builtIn))));
  });

  test('knows the keys of every built-in type, and no others', () => {
    const { properties } = editorSchema(catalogue);
    const shop = JSON.stringify(properties?.sources);
    expect(shop).toContain('"consumer_key"');
    expect(shop).toContain('"additionalProperties":false');
    expect(JSON.stringify(properties?.providers)).toContain('"department_id"');
  });
});

describe('docs/providers.md', () => {
  const types = builtIn.providers.map(({ type }) => type);
  const described = new Set(
    types.filter((type) => existsSync(new URL(`../../docs/providers/${type}.md`, import.meta.url))),
  );
  const whole = { example: read('bridge.example.yaml'), catalogue: builtIn, described };

  test('has the table that `npm run schema` writes', () => {
    expect(providersPage(read('providers.md'), whole)).toBe(read('providers.md'));
  });

  test('keeps what is written around the table, and links the pages that there are', () => {
    const empty = read('providers.md').replace(/(<!-- begin.*?-->).*(<!-- end)/s, '$1\n$2');
    expect(empty).not.toContain('| payments |');
    expect(providersPage(empty, whole)).toBe(read('providers.md'));
    const linked = providersPage(empty, { ...whole, described: new Set(['sandbox']) });
    expect(linked).toContain('[Sandbox](providers/sandbox.md)');
  });

  test('says of each ability what the connector declares', () => {
    const yaml = `
providers:
  abby: { type: abby, base_url: https://abby.test, api_key: "\${ABBY_KEY}" }
  pro: { type: facturation-pro, base_url: https://pro.test, firm_id: 1, api_id: "2", api_key: k, user_agent: Acme }
  faktura: { type: fastfaktura, base_url: https://ff.test, api_key: k }
  playground: { type: sandbox }
  books: { type: vosfactures, base_url: https://acme.test, api_token: a-token/acme }
sources:
  shop: { type: woocommerce, secret: a-long-enough-secret, provider: books }
`;
    const made = providersPage(read('providers.md'), { example: yaml, catalogue, described: new Set() });
    const rows = new Map([...made.matchAll(/^\| (.+?) \| (.+) \|$/gm)].map(([, what = '', cells]) => [what, cells]));
    expect(rows.get('find a client by e-mail')).toBe(Array(5).fill('through the directory').join(' | '));
    expect(rows.get('leave drafts (`finalize: false`)')).toBe('yes | yes | yes | yes | no');
    expect(rows.get('payments')).toBe(
      'yes, parts too | the whole open amount only | no | yes, parts too | yes, parts too',
    );
    expect(rows.get('credit notes')).toBe(
      'yes, of parts too | of a whole invoice only | no | yes, of parts too | yes, of parts too',
    );
    expect(rows.get('currencies')).toBe('EUR | any | any | any | any');
    expect(rows.get('requests allowed')).toBe(
      'no limit | no limit | no limit | no limit | 1000 in 1 min, 50000 a day, 2 at a time',
    );
  });

  test('needs an example of every provider', () => {
    const example = read('bridge.example.yaml')
      .replace(/^ {2}playground:\n.*\n/m, '')
      .replace('provider: playground', 'provider: books');
    expect(() => providersPage(read('providers.md'), { ...whole, example })).toThrow(
      'docs/bridge.example.yaml shows no provider of type sandbox',
    );
  });
});
