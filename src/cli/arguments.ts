// Reads a command's arguments. Whatever is not understood is told with the nearest thing that would be.
import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { type Call, type CommandSpec, type Failure, misused, type OptionSpec } from './command.ts';
import { COMMON_OPTIONS, PROGRAM } from './help.ts';

export type Arguments = Pick<Call, 'args' | 'options' | 'flags'>;

/** The arguments behind a command's name. An option given twice, or a value that is none, is wrong usage. */
export function readArguments(command: CommandSpec, argv: readonly string[]): Result<Arguments, Failure> {
  const known: Readonly<Record<string, OptionSpec>> = { ...command.options, ...COMMON_OPTIONS };
  const refuse = (line: string, advice = `${PROGRAM} ${command.name} --help`) => err(misused(line, advice));
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { takes }]) => [name, { type: takes === null ? 'boolean' : 'string' }]),
    ),
    strict: false,
    tokens: true,
  });
  const args: string[] = [];
  const options: Record<string, string> = {};
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) {
      const near = nearest(name, Object.keys(known));
      return refuse(`unknown option ${rawName}${near === null ? '' : `: did you mean --${near}?`}`);
    }
    if (flags.has(name) || name in options) return refuse(`--${name} is given twice`);
    if (option.takes === null) {
      if (value !== undefined) return refuse(`--${name} takes no value`);
      flags.add(name);
      continue;
    }
    // "--source --topic" forgot a value; one that does begin with a dash is written "--source=-x".
    if (value === undefined || value === '' || (!token.inlineValue && value.startsWith('-'))) {
      return refuse(`--${name} needs a value: --${name} ${option.takes}`);
    }
    if (option.among !== undefined && !option.among.includes(value)) {
      const near = nearest(value, option.among);
      return refuse(
        `--${name} cannot be "${value}"${near === null ? '' : `: did you mean "${near}"?`}`,
        `one of ${option.among.join(', ')}`,
      );
    }
    options[name] = value;
  }
  return ok({ args, options, flags });
}
