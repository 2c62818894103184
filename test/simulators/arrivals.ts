// How a simulated account counts what arrives: in windows that slide with its clock.

export type Limit = { requests: number; perMs: number; perDay?: number };

export type Arrivals = {
  /** Counts one arrival; the whole seconds to wait where it is one too many. One that is turned away is not counted. */
  turnedAwayFor(): number | null;
  /** Arrivals that were turned away so far. */
  throttled(): number;
};

const DAY_MS = 86_400_000;

/** Counts against a limit; without one nothing is ever turned away. */
export function countArrivals(limit: Limit | undefined, now: () => Date): Arrivals {
  const windows = [
    ...(limit === undefined ? [] : [{ requests: limit.requests, perMs: limit.perMs }]),
    ...(limit?.perDay === undefined ? [] : [{ requests: limit.perDay, perMs: DAY_MS }]),
  ];
  const arrived: number[] = [];
  let throttled = 0;

  /** A window is free again when the oldest of the arrivals that fill it has left it. */
  const freeAt = (window: { requests: number; perMs: number }): number => {
    const oldest = arrived.at(-window.requests);
    return oldest === undefined ? Number.NEGATIVE_INFINITY : oldest + window.perMs;
  };

  return {
    turnedAwayFor: () => {
      const at = now().getTime();
      const waitMs = Math.max(0, ...windows.map((window) => freeAt(window) - at));
      if (waitMs === 0) {
        arrived.push(at);
        return null;
      }
      throttled += 1;
      return Math.ceil(waitMs / 1000);
    },
    throttled: () => throttled,
  };
}
