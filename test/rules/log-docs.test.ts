// docs/logs.md lists every line that the program may log.
import { expect, test } from 'vitest';
import { EVENT_STATUSES } from '../../src/domain/states.ts';
import { filesIn } from './files.ts';

/** `level name` of each call; what a job tells is told at `info`. */
function loggedIn(text: string): string[] {
  const calls = text.matchAll(/\blog\.(info|warn|error)\(\s*['`]([a-z_.]+)(\$\{end\.status\})?['`]/g);
  return [
    ...[...calls].flatMap(([, level, name = '', ending]) =>
      (ending === undefined
        ? [name]
        : EVENT_STATUSES.filter((word) => word !== 'received').map((word) => name + word)
      ).map((event) => `${level} ${event}`),
    ),
    ...[...text.matchAll(/\btell\(\w+, '([a-z_.]+)'/g)].map(([, name]) => `info ${name}`),
  ];
}

test('every event that is logged is in docs/logs.md with its level, and no other', () => {
  const code = filesIn('src/**/*.ts').map(({ text }) => text);
  const logged = new Set(code.flatMap(loggedIn));
  const listed = filesIn('docs/logs.md').flatMap(({ text }) =>
    [...text.matchAll(/^\| `([a-z_.]+)` \| (info|warn|error) \|/gm)].map(([, name, level]) => `${level} ${name}`),
  );
  expect(listed.length).toBeGreaterThan(30);
  expect(new Set(listed)).toEqual(logged);
});

/** The log itself, and `tell`, whose callers are looked at instead. */
const HANDED_ON = ['src/log.ts', 'src/flow/7-settle.ts'];

test('no event is logged under a name that is put together where nobody can find it', () => {
  const calls = filesIn('src/**/*.ts').flatMap(({ path, text }) =>
    [...text.matchAll(/\blog\.(?:info|warn|error)\(\s*(\S{0,30})/g)].map(([, first = '']) => ({ path, first })),
  );
  const hidden = calls.filter(({ path, first }) => !HANDED_ON.includes(path) && !/^['`][a-z]/.test(first));
  expect(hidden).toEqual([]);
});
