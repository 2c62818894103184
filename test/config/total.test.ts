import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { problemLine } from '../../src/config.ts';
import { parse, smallest } from './worlds.ts';

/** Either a configuration, or at least one problem that can be told. */
function check(text: string): void {
  const result = parse(text, { HOME: '/root' });
  if (result.ok) return;
  expect(result.error.length).toBeGreaterThan(0);
  for (const problem of result.error) expect(problemLine(problem)).toContain('bridge.yaml:');
}

const KEYS = [
  'server',
  'port',
  'delivery',
  'retry',
  'sources',
  'providers',
  'type',
  'secret',
  'invoicing',
  'skip',
  '__proto__',
  'constructor',
];
const scalar = fc.oneof(
  fc.constantFrom(
    'sandbox',
    'woocommerce',
    '30s',
    '${X}',
    '${HOME}',
    '${file:/nowhere}',
    '$${',
    '&a',
    '*a',
    '!x',
    'https://u:p@h',
  ),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('whatever the file holds, it is accepted or refused, and nothing is thrown', () => {
  test('arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), check));
  });

  test('arbitrary pieces of YAML', () => {
    const piece = fc.constantFrom(
      '- ',
      ': ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a ',
      '*a',
      '!t ',
      '? ',
      '|\n',
      '> ',
      '#',
      '%',
      '---\n',
      '<<',
      'a',
      '1',
      '${',
      '}',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        check,
      ),
      { numRuns: 500 },
    );
  });

  test('arbitrary JSON', () => {
    fc.assert(fc.property(anything, (value) => check(JSON.stringify(value))));
  });

  test('a configuration in which any one value is replaced by anything', () => {
    const paths: string[][] = [
      ['seller'],
      ['seller', 'country'],
      ['seller', 'time_zone'],
      ['providers'],
      ['providers', 'playground'],
      ['providers', 'playground', 'type'],
      ['providers', 'playground', 'rate_limit'],
      ['providers', 'playground', 'delivery'],
      ['sources'],
      ['sources', 'shop'],
      ['sources', 'shop', 'secret'],
      ['sources', 'shop', 'provider'],
      ['sources', 'shop', 'start_at'],
      ['sources', 'shop', 'invoicing'],
      ['sources', 'shop', 'formerly'],
      ['matching'],
      ['matching', 'external_id'],
      ['delivery'],
      ['delivery', 'timeout'],
      ['database'],
      ['server', 'host'],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        const root: unknown = parseYaml(smallest);
        check(stringify(replaced(root, path, value), { aliasDuplicateObjects: false }));
      }),
      { numRuns: 300 },
    );
  });
});

function replaced(root: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const block: Record<string, unknown> = typeof root === 'object' && root !== null ? { ...root } : {};
  return { ...block, [key]: replaced(block[key], rest, value) };
}
