import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { commandHelp, programHelp } from '../../src/cli/help.ts';
import { JOB_KINDS } from '../../src/domain/document.ts';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** The part of the page under a heading. */
const section = (heading: string): string => page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
const block = (text: string): string => /```text\n(.*?)\n```/s.exec(text)?.[1] ?? '';

test('docs/cli.md repeats the help of the program', () => {
  expect(block(section('invoice-bridge'))).toBe(programHelp(COMMANDS));
});

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  'docs/cli.md repeats the help of %s and the fields of its JSON',
  (name, command) => {
    expect(block(section(name))).toBe(commandHelp(command));
    const rows = [...section(name).matchAll(/^\| `?(.+?)`? \| (.+) \|$/gm)].slice(command.json.length > 0 ? 2 : 0);
    expect(rows.map(([, field, meaning]) => [field, meaning])).toEqual(command.json);
  },
);

test('docs/cli.md has a section for every command, in the order of the help', () => {
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(['invoice-bridge', ...COMMANDS.map(({ name }) => name)]);
});

test('jobs can be narrowed to every kind that there is', () => {
  expect(COMMANDS.find(({ name }) => name === 'jobs')?.options.kind?.among).toEqual(JOB_KINDS);
});
