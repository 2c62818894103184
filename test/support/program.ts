// The real program as a child process: started, killed and started again on the same folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export type Program = {
  /** Starts it and resolves with its URL once it listens. */
  start(): Promise<string>;
  /** SIGKILL: no goodbye, no flush. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Everything it has written so far. */
  output(): string;
};

const START = path.join(import.meta.dirname, '../../src/start.js');

/** The program with this configuration, in `dir`. */
export function program(dir: string, config: string): Program {
  writeFileSync(path.join(dir, 'bridge.yaml'), config);
  let child: ChildProcess | null = null;
  let written = '';
  const ended = (running: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => {
      if (running.exitCode !== null || running.signalCode !== null) resolve(running.exitCode);
      else running.once('exit', (code) => resolve(code));
    });
  return {
    output: () => written,
    start: () =>
      new Promise((resolve, reject) => {
        const running = spawn(process.execPath, [START, 'serve', '--config', 'bridge.yaml'], {
          cwd: dir,
          env: { PATH: process.env.PATH },
        });
        child = running;
        for (const stream of [running.stdout, running.stderr]) {
          createInterface({ input: stream }).on('line', (line) => {
            written += `${line}\n`;
            const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
            if (url !== undefined) resolve(url);
          });
        }
        running.once('exit', (code, signal) => reject(new Error(`the program ended (${code ?? signal}):\n${written}`)));
      }),
    async kill() {
      if (child === null) return;
      child.kill('SIGKILL');
      await ended(child);
    },
    async stop() {
      if (child === null) return null;
      child.kill('SIGTERM');
      return ended(child);
    },
  };
}
