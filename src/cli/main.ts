// The command line: finds the command, reads its arguments, tells what went wrong and what to try.
import { suggestion } from '../config/nearest.ts';
import { readArguments } from './arguments.ts';
import type { Failure } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, PROGRAM, programHelp } from './help.ts';
import { plain, processTerminal, type Terminal } from './terminal.ts';

/** Runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return tell(terminal, { kind: 'failed', lines: [told], advice: 'this is a defect: please report it' });
  }
}

async function dispatch([word, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (word === '--help' || word === '-h' || word === 'help') {
    terminal.say(programHelp(COMMANDS));
    return 0;
  }
  if (word === '--version') {
    const { version } = (await import('./version.ts')).program;
    terminal.say(version);
    return 0;
  }
  if (word === undefined) {
    terminal.complain(programHelp(COMMANDS));
    return 2;
  }
  const command = COMMANDS.find(({ name }) => name === word);
  if (command === undefined) {
    const line = word.startsWith('-')
      ? `the command comes first, then its options: ${word} is no command`
      : `unknown command "${word}": ${suggestion(
          word,
          COMMANDS.map(({ name }) => name),
        )}`;
    return tell(terminal, { kind: 'usage', lines: [line], advice: `${PROGRAM} --help` });
  }
  const read = readArguments(command, rest);
  if (!read.ok) return tell(terminal, read.error);
  const { args, options, flags } = read.value;
  if (flags.has('help')) {
    terminal.say(commandHelp(command));
    return 0;
  }
  const { run } = await command.load();
  const failure = await run({
    args,
    options,
    flags,
    json: flags.has('json'),
    config: options.config,
    env: process.env,
    cwd: process.cwd(),
    terminal,
  });
  return failure === null ? 0 : tell(terminal, failure);
}

function tell(terminal: Terminal, { kind, lines, advice }: Failure): number {
  for (const line of lines.flatMap((text) => text.split('\n'))) terminal.complain(plain(line));
  terminal.complain(`Try: ${advice}`);
  return kind === 'usage' ? 2 : 1;
}
