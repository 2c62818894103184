// docs/held.md explains every reason for which something is held, waits, is ignored or fails.
import { expect, test } from 'vitest';
import { heldReasons } from '../../src/operations/held-reasons.ts';
import { filesIn } from './files.ts';

const page = filesIn('docs/held.md')
  .map(({ text }) => text)
  .join('');

/** What the tables of held jobs say of each reason. */
const documented = new Map(
  [...page.matchAll(/^\| `(\w+)` \| .+ \| (`.+`) \| (yes|no) \|$/gm)].map(([, reason = '', answers = '', retry]) => [
    reason,
    { answers: [...answers.matchAll(/`(\w+)`/g)].map(([, answer = '']) => answer), retry: retry === 'yes' },
  ]),
);

test.each(heldReasons())(
  'a job held for %s is explained with the answers that it takes',
  (reason, { answers, retry }) => {
    const told = documented.get(reason);
    expect({ answers: new Set(told?.answers), retry: told?.retry }).toEqual({ answers: new Set(answers), retry });
  },
);

/** Where reasons are written in the code: problems, ignored deliveries, ends and holds. */
const REASON = /\b(?:problem|ignored)\(\s*'([a-z]+(?:_[a-z]+)+)'|\breason: '([a-z]+(?:_[a-z]+)*)'/g;

/** Told to whoever asked, not kept with a delivery or a job. */
const ELSEWHERE = new Set([
  'bad_signature',
  'document_not_found',
  'pdf_not_ready',
  'topic_of_fetch',
  'unknown_department',
  'unknown_firm',
]);

test('every reason that the flow, a mapping or a connector gives is explained', () => {
  const code = filesIn('src/flow/*.ts', 'src/*.ts', 'mappings/**/*.ts', 'connectors/**/*.ts');
  const given = code.flatMap(({ path, text }) =>
    [...text.matchAll(REASON)].map(([, problem, end]) => ({ path, reason: problem ?? end ?? '' })),
  );
  expect(given.length).toBeGreaterThan(50);
  const unexplained = given.filter(({ reason }) => !ELSEWHERE.has(reason) && !page.includes(`\`${reason}\``));
  expect(unexplained).toEqual([]);
});
