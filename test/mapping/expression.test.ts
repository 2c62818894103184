// What the start says of a mapping file.
import { describe, expect, it } from 'vitest';
import { loadMapping } from '../../src/mapping/expression.ts';
import { mappingFiles } from './files.ts';

const files = mappingFiles();

describe('a mapping file', () => {
  it('is known by its path, its text and the digest of that', () => {
    const path = files.write('1 + 1');
    expect(loadMapping(path)).toEqual({
      ok: true,
      value: { path, text: '1 + 1', digest: '72fce59447a01f488b1169d2d742679cfe306a89772d67fef018bcfe95431f68' },
    });
  });

  it.each([
    ['an unclosed bracket at the end', '{\n  "id": payload.id,\n  "tags": [1, 2\n', '4:1'],
    ['a word too many', '(\n  $x := 1;\n  $x y\n)', '3:6'],
    ['an unknown operator', 'payload.a ! 1', '1:11'],
    ['an unclosed text', '"abc', '1:5'],
    ['nothing in it', '', '1:1'],
    ['code from data', '{\n  "id": $eval(payload.code)\n}', '2:9'],
    ['chance', '[1..3].($random())', '1:9'],
    ['chance that is handed on', '$map([1], $shuffle)', '1:11'],
  ])('with %s is refused with its line and column', (_name, text, at) => {
    const path = files.write(text);
    const [line, column] = at.split(':');
    expect(loadMapping(path)).toMatchObject({
      ok: false,
      error: {
        code: 'mapping_syntax',
        at,
        detail: expect.stringContaining(`${path}, line ${line}, column ${column}: `),
      },
    });
  });

  it.each([
    ['is not there', () => '/nowhere/mapping.jsonata'],
    ['is a folder', () => import.meta.dirname],
    ['is not UTF-8', () => files.write(new Uint8Array([0xff, 0xfe]))],
    ['is too large', () => files.write(`1${' '.repeat(300_000)}`)],
  ])('that %s is refused', (_name, path) => {
    expect(loadMapping(path())).toMatchObject({ ok: false, error: { code: 'mapping_unreadable' } });
  });

  it('nested beyond all measure is refused and does not end the program', () => {
    expect(loadMapping(files.write('('.repeat(100_000)))).toMatchObject({
      ok: false,
      error: { code: 'mapping_syntax' },
    });
  });
});
