// What README.md shows must work as it stands there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../connectors/index.ts';
import { parseConfig, problemLine } from '../../src/config.ts';
import { filesIn, ROOT } from './files.ts';

const readme = filesIn('README.md')
  .map(({ text }) => text)
  .join('');
const configuration = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? '';

test('the configuration of the README is accepted without a warning', () => {
  const names = [...configuration.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  const env = Object.fromEntries(names.map((name) => [name, `a-secret-of-some-length-for-${name}`]));
  const parsed = parseConfig({ text: configuration, file: '/etc/invoice-bridge/bridge.yaml', env, catalogue });
  expect((parsed.ok ? parsed.value.warnings : parsed.error).map(problemLine)).toEqual([]);
});

test('the README gives the webhook address of every source that it configures', () => {
  const sources = [...configuration.matchAll(/POST \/webhooks\/([a-z0-9-]+)/g)].map(([, name = '']) => name);
  expect(sources).toEqual(['shop', 'boutique', 'stripe']);
  expect(sources.filter((name) => !readme.includes(`https://hooks.acme.test/webhooks/${name}\``))).toEqual([]);
});

test('every test file and source file that a document names is there', () => {
  const named = filesIn('*.md', 'docs/**/*.md').flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:test|src|mappings|connectors)\/[\w./-]+\.(?:ts|js))`/g)].map(([, file = '']) => ({
      path,
      file,
    })),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ file }) => !existsSync(join(ROOT, file)))).toEqual([]);
});
