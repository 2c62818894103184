// The help texts, made of the commands' own words. docs/cli.md repeats them, and a test compares.
import type { CommandSpec, OptionSpec } from './command.ts';

export const PROGRAM = 'invoice-bridge';

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  config: { takes: 'FILE', help: 'the configuration; else $BRIDGE_CONFIG, else ./bridge.yaml' },
  json: { takes: null, help: 'JSON for programs in place of text for people' },
  help: { takes: null, help: 'this text' },
};

/** The help of the whole program. */
export function programHelp(commands: readonly CommandSpec[]): string {
  return [
    `Usage: ${PROGRAM} COMMAND [options]`,
    '',
    'Every paid order becomes exactly one correct invoice.',
    '',
    'Commands:',
    ...aligned(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...aligned([...optionRows(COMMON_OPTIONS), ['--version', 'the version of this program']]),
    '',
    `${PROGRAM} COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong usage.`,
  ].join('\n');
}

/** The help of one command. */
export function commandHelp({ usage, about, options }: CommandSpec): string {
  return [
    ...usage.map((line, index) => `${index === 0 ? 'Usage:' : '      '} ${PROGRAM} ${line}`),
    '',
    ...about,
    '',
    'Options:',
    ...aligned(optionRows({ ...options, ...COMMON_OPTIONS })),
  ].join('\n');
}

const optionRows = (options: Readonly<Record<string, OptionSpec>>): [string, string][] =>
  Object.entries(options).map(([name, { takes, help, among }]) => [
    takes === null ? `--${name}` : `--${name} ${takes}`,
    among === undefined ? help : `${help}: ${among.join(', ')}`,
  ]);

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}`);
}
