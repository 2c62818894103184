// How the process is asked to end, and what happens to a defect that nobody caught.
import type { Log } from '../log.ts';
import type { Terminal } from './terminal.ts';

/** npm hands a Ctrl-C on that the terminal has sent already: two signals so close together are one wish. */
const SAME_WISH_MS = 500;
const LOOK_FOR_PARENT_MS = 500;

/** Resolves with the first signal that asks the process to end. A second one ends it at once. */
export function askedToEnd(env: Readonly<Record<string, string | undefined>>): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const onSignal = (signal: NodeJS.Signals, number: number): void => {
      const now = performance.now();
      if (first === null) {
        first = now;
        resolve(signal);
      } else if (now - first > SAME_WISH_MS) {
        process.exit(128 + number);
      }
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    if (env.npm_lifecycle_event !== undefined) onOrphaned(() => resolve('SIGTERM'));
  });
}

/** A signal sent to npm ends the shell between npm and us, which passes nothing on: that the shell is gone is the signal. */
function onOrphaned(call: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    call();
  }, LOOK_FOR_PARENT_MS);
  timer.unref();
}

/** A defect that nobody caught leaves the process in a state that nobody knows: it is told, and the process ends with 1. */
export function endOnDefect(log: Log, terminal: Terminal): void {
  const end = (error: unknown): void => {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('bridge.defect', { reason: told });
    terminal.complain(told);
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
