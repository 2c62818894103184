import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS } from '../../src/cli/commands.ts';
import { commandHelp } from '../../src/cli/help.ts';
import { WIDTH } from '../../src/cli/terminal.ts';
import { folderOfThisTest, run } from './program.ts';

const call = (...args: string[]) => run(args, { cwd: folderOfThisTest() });

describe('wrong usage ends with exit code 2 and says what to try', () => {
  test.each([
    ['an unknown command', ['evnts'], 'unknown command "evnts": did you mean "events"?', 'Try: invoice-bridge --help'],
    [
      'an option before the command',
      ['--config', 'x', 'check'],
      '--config is no command',
      'Try: invoice-bridge --help',
    ],
    ['an unknown option', ['jobs', '--provder', 'x'], 'did you mean --provider?', 'Try: invoice-bridge jobs --help'],
    ['an option without its value', ['events', '--source', '--topic'], '--source needs a value', 'events --help'],
    ['an option given twice', ['events', '--topic', 'a', '--topic', 'b'], '--topic is given twice', 'events --help'],
    ['a value for an option that takes none', ['check', '--json=yes'], '--json takes no value', 'check --help'],
    ['a status that is none', ['events', '--status', 'aplied'], 'did you mean "applied"?', 'Try: one of received,'],
    ['a limit beyond the largest', ['jobs', '--limit', '900'], '--limit: expected 1 to 200', 'jobs --help'],
    ['an argument too many', ['serve', 'now'], 'serve takes no "now"', 'serve --help'],
    ['a preview of nothing', ['preview', 'shop'], 'preview needs a source and a file', 'preview --help'],
    ['an id that is none', ['jobs', 'retry', 'x1'], '"x1" is no id of a job', 'jobs --help'],
    ['a replay of everything', ['replay'], 'at least one filter', 'replay --help'],
    ['an instant that is none', ['replay', '--from', 'monday'], '--from is no instant', 'replay --help'],
    ['no answer', ['jobs', 'resolve', '1'], 'exactly one answer, not 0', 'jobs --help'],
    ['two answers', ['jobs', 'resolve', '1', '--approve', '--skip', 'no'], 'exactly one answer, not 2', 'jobs --help'],
    [
      'a number without its answer',
      ['jobs', 'resolve', '1', '--approve', '--number', 'A1'],
      '--number belongs',
      'jobs',
    ],
  ])('%s', async (_what, args, line, advice) => {
    const { code, stdout, stderr } = await call(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(line);
    expect(stderr.trimEnd().split('\n').at(-1)).toContain(advice);
  });

  test('no command at all shows the help', async () => {
    const { code, stderr } = await call();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: /);
  });
});

describe('help', () => {
  test('is on standard output, of every command, and leaves nothing behind', async () => {
    const cwd = folderOfThisTest();
    for (const { name } of COMMANDS) {
      const { code, stdout, stderr } = await run([name, '--help'], { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: invoice-bridge ${name}`));
    }
    expect((await run(['--help'], { cwd })).code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))('of %s fits the width', (_name, command) => {
    expect(
      commandHelp(command)
        .split('\n')
        .filter((line) => line.length > WIDTH),
    ).toEqual([]);
  });
});

test('the version is the one of package.json', async () => {
  expect((await call('--version')).stdout).toBe(`${packageJson.version}\n`);
});
