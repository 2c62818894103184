// Time and chance, handed in so that a test can hold them still.
export type Runtime = {
  now(): Date;
  /** Uniform in [0, 1). */
  random(): number;
  /** Calls back once after the delay; the returned function calls it off. Never keeps the process alive by itself. */
  after(ms: number, callback: () => void): () => void;
};

export const systemRuntime: Runtime = {
  now: () => new Date(),
  random: () => Math.random(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
