// What a command of the command line is: its words, which are also its help and its documentation, and how it runs.
import type { Terminal } from './terminal.ts';

export type OptionSpec = {
  /** What stands for the value in the help; null for an option that takes none. */
  takes: string | null;
  help: string;
  /** The only values accepted. */
  among?: readonly string[];
};

export type CommandSpec = {
  name: string;
  summary: string;
  /** Each way to call it, without the program's name. */
  usage: readonly string[];
  /** Lines below the usage. */
  about: readonly string[];
  options: Readonly<Record<string, OptionSpec>>;
  /** Fields of `--json`, an interface for programs. */
  json: readonly (readonly [field: string, meaning: string])[];
  /** Loads what the command needs, and no earlier: `--help` answers at once. */
  load(): Promise<{ run: Run }>;
};

/** One call of a command. Options hold what was given, by name; those that take no value are in `flags`. */
export type Call = {
  args: readonly string[];
  options: Readonly<Record<string, string>>;
  flags: ReadonlySet<string>;
  json: boolean;
  config: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  terminal: Terminal;
};

/** What went wrong, and the sentence that says what to try. `usage` ends with exit code 2, `failed` with 1. */
export type Failure = { kind: 'usage' | 'failed'; lines: readonly string[]; advice: string };

/** Runs a command; null when it did what was asked. An exception is a defect. */
export type Run = (call: Call) => Promise<Failure | null>;

export const failed = (lines: string | readonly string[], advice: string): Failure => ({
  kind: 'failed',
  lines: typeof lines === 'string' ? [lines] : lines,
  advice,
});

export const misused = (line: string, advice: string): Failure => ({ kind: 'usage', lines: [line], advice });
