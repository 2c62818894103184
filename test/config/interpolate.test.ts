import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpolate } from '../../src/config/interpolate.ts';
import { accepted, parse, refusals, smallest, withTop } from './worlds.ts';

const filled = (text: string, env: Record<string, string | undefined> = {}): unknown =>
  interpolate({ text }, { env, dir: '/nowhere' }).value;

describe('${NAME}', () => {
  test('is replaced wherever it stands in a text, as often as it stands there', () => {
    expect(filled('${A}', { A: 'x' })).toEqual({ text: 'x' });
    expect(filled('<${A}${B}-${A}>', { A: 'x', B: 'y' })).toEqual({ text: '<xy-x>' });
  });

  test('with a default takes it when the variable is missing or empty', () => {
    expect(filled('${A:-d}')).toEqual({ text: 'd' });
    expect(filled('${A:-d}', { A: '' })).toEqual({ text: 'd' });
    expect(filled('${A:-d}', { A: 'x' })).toEqual({ text: 'x' });
    expect(filled('${A:-}')).toEqual({ text: '' });
    expect(filled('${A:-https://h.test:1/:-x}')).toEqual({ text: 'https://h.test:1/:-x' });
  });

  test('is not looked for in what was put in', () => {
    expect(filled('${A}', { A: '${B}', B: 'x' })).toEqual({ text: '${B}' });
    expect(filled('${A}', { A: "$& $1 $' $$" })).toEqual({ text: "$& $1 $' $$" });
  });

  test('is written plainly as $${NAME}; other dollars stand for themselves', () => {
    expect(filled('$${A}', { A: 'x' })).toEqual({ text: '${A}' });
    expect(filled('pa$$word $A $', { A: 'x' })).toEqual({ text: 'pa$$word $A $' });
  });

  test('takes nothing that the environment’s object merely inherits', () => {
    expect(interpolate('${toString}', { env: {}, dir: '/' }).problems).toHaveLength(1);
  });

  test('cannot inject YAML: a value stays one text', () => {
    const env = { HOST: '127.0.0.1\nport: 1\nadmin: { token: "injected" }' };
    expect(accepted(withTop('server: { host: "${HOST}" }'), env).server).toMatchObject({ host: env.HOST, port: 8080 });
    expect(accepted(withTop('server: { host: "${HOST}" }'), env).admin.token).toBeNull();
  });

  test('that is missing or empty stops the start with the key’s path and the variable’s name', () => {
    const text = smallest.replace('a-long-enough-secret', '["${SHOP_SECRET}", "${OLD_SECRET}"]');
    const env = { OLD_SECRET: '' };
    expect(refusals(text, env)).toEqual([
      'sources.shop.secret[0]: the environment variable SHOP_SECRET is not set or empty; set it, or write ${SHOP_SECRET:-} where empty is meant',
      'sources.shop.secret[1]: the environment variable OLD_SECRET is not set or empty; set it, or write ${OLD_SECRET:-} where empty is meant',
    ]);
    const result = parse(text, env);
    expect(!result.ok && result.error.map(({ code, line }) => [code, line])).toEqual([
      ['config_missing_value', 6],
      ['config_missing_value', 6],
    ]);
  });

  test.each(['${}', '${A', '${1A}', '${A B}', '${A:x}', '${A-x}'])('%s is refused, not passed on', (text) => {
    expect(interpolate({ text }, { env: { A: 'x' }, dir: '/' }).problems).toMatchObject([{ path: ['text'] }]);
  });
});

describe('${file:PATH}', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'config-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const write = (name: string, text: string | Uint8Array, mode = 0o600): void => {
    writeFileSync(path.join(dir, name), text);
    chmodSync(path.join(dir, name), mode);
  };

  test('is the file’s text without the line end at its end', () => {
    write('secret', ' inner\nlines \r\n');
    expect(interpolate('${file:secret}', { env: {}, dir })).toMatchObject({ value: ' inner\nlines ', problems: [] });
    expect(interpolate(`\${file:${dir}/secret}`, { env: {}, dir: '/' }).value).toBe(' inner\nlines ');
  });

  test('starts from the folder of the configuration', () => {
    write('secret', 'from-a-file-beside\n');
    const text = smallest.replace('a-long-enough-secret', '"${file:./secret}"');
    expect(accepted(text, {}, path.join(dir, 'bridge.yaml')).sources.shop?.settings).toEqual({
      secret: ['from-a-file-beside'],
    });
  });

  test('that is missing, empty, a folder, too large or no text stops the start', () => {
    write('empty', '\n');
    write('large', 'x'.repeat(64 * 1024 + 1));
    write('binary', Buffer.from([0xff, 0xfe]));
    for (const name of ['missing', 'empty', 'large', 'binary', '.']) {
      const { problems } = interpolate({ a: `\${file:${name}}` }, { env: {}, dir });
      expect(problems, name).toMatchObject([{ code: 'config_missing_value', path: ['a'] }]);
    }
  });

  test('warns of a file that other users can open', () => {
    write('open', 'x', 0o644);
    write('closed', 'x', 0o600);
    const codes = (name: string): string[] =>
      interpolate(`\${file:${name}}`, { env: {}, dir }).warnings.map(({ code }) => code);
    expect(codes('open')).toEqual(['exposed_secret_file']);
    expect(codes('closed')).toEqual([]);
  });
});
