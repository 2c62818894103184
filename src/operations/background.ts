// Work that goes on behind the doors: one step after the other, until the process is asked to end.
import type { Runtime } from '../runtime.ts';

export type Runner = {
  /** There is something to do. */
  wake(): void;
  /** Resolves when no step is under way any more; one that is gets `signal`. */
  stop(): Promise<void>;
};

/** Runs `step`, which says how long to wait before the next and never rejects. Woken, the next comes at once. */
export function keepDoing(runtime: Runtime, step: (signal: AbortSignal) => Promise<number>): Runner {
  const ending = new AbortController();
  const { signal } = ending;
  let working: Promise<void> | null = null;
  let callOff: (() => void) | null = null;

  const one = async (): Promise<void> => {
    const wait = await step(signal);
    working = null;
    if (!signal.aborted) callOff = runtime.after(wait, begin);
  };
  const begin = (): void => {
    callOff?.();
    callOff = null;
    if (!signal.aborted) working ??= one();
  };
  begin();
  return {
    wake: begin,
    stop: async () => {
      ending.abort();
      callOff?.();
      await working;
    },
  };
}

/** Resolves after the time, or as soon as the signal is given. */
export function pauseFor(runtime: Runtime, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = runtime.after(ms, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
