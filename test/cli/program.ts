// The real program as a child process, in a folder of its own, with nothing of the surrounding environment.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The program's file, for a test that starts it in a way of its own. */
export const START = join(import.meta.dirname, '../../src/start.js');

export type Ended = { code: number | null; stdout: string; stderr: string };

export type Running = {
  /** What it has written to standard output so far. */
  stdout(): string;
  /** Resolves with the first match in standard output; rejects when the program ends without one. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
};

export type Surroundings = { cwd: string; env?: Record<string, string> };

/** Starts the program; port 0 keeps it from meeting any other. */
export function start(args: readonly string[], { cwd, env = {} }: Surroundings): Running {
  return follow(process.execPath, [START, ...args], { cwd, env });
}

/** Starts any command, and follows what it writes until its output is closed by everybody who had it. */
export function follow(command: string, args: readonly string[], { cwd, env = {} }: Surroundings): Running {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    stdout: () => stdout,
    until: (pattern) => firstMatch(child, pattern, () => stdout, ended),
    signal: (name) => child.kill(name),
    ended,
  };
}

function firstMatch(
  child: ChildProcess,
  pattern: RegExp,
  seen: () => string,
  ended: Promise<Ended>,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const match = pattern.exec(seen());
      if (match !== null) resolve(match);
    };
    child.stdout?.on('data', look);
    look();
    ended.then(({ code, stdout, stderr }) => {
      look();
      reject(new Error(`ended with ${code} before ${pattern}:\n${stdout}${stderr}`));
    }, reject);
  });
}

/** Runs a command to its end. */
export const run = (args: readonly string[], surroundings: Surroundings): Promise<Ended> =>
  start(args, surroundings).ended;

/** A folder that is removed after the test, or by the caller of `remove` where it outlives one. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'invoice-bridge-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function folderOfThisTest(): string {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  return path;
}
