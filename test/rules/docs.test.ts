// What the documents point to must be there.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { filesIn, ROOT } from './files.ts';

const documents = () => filesIn('*.md', 'docs/**/*.md');

test('every relative link of a document leads to a file', () => {
  const broken = documents().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target.replace(/#.*/, ''))
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(ROOT, posix.dirname(path), target)))
      .map((target) => `${path} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every npm script that a document names exists', () => {
  const scripts = Object.keys(packageJson.scripts);
  const unknown = documents().flatMap(({ path, text }) =>
    [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)]
      .map(([, run, short]) => run ?? short ?? '')
      .filter((script) => !scripts.includes(script))
      .map((script) => `${path}: npm run ${script}`),
  );
  expect(unknown).toEqual([]);
});
