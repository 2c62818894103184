// Slows guessing at the token: a few wrong ones from an address, then none for a while. A right one is never counted.
import type { Runtime } from '../../runtime.ts';

export type Guesses = {
  /** How many seconds the address must wait before it may try again; 0 when it may now. */
  waitFor(address: string): number;
  wrong(address: string): void;
};

const MOST_WRONG = 10;
/** Short enough that whoever shares an address with a guesser is not shut out for long. */
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

export function countGuesses(runtime: Runtime): Guesses {
  const wrong = new Map<string, { since: number; count: number }>();
  const current = (address: string) => {
    const seen = wrong.get(address);
    return seen !== undefined && runtime.now().getTime() - seen.since < WINDOW_MS ? seen : null;
  };
  return {
    waitFor(address) {
      const seen = current(address);
      if (seen === null || seen.count < MOST_WRONG) return 0;
      return Math.ceil((seen.since + WINDOW_MS - runtime.now().getTime()) / 1000);
    },
    wrong(address) {
      const seen = current(address);
      if (seen !== null) seen.count += 1;
      else {
        if (wrong.size >= MOST_ADDRESSES) wrong.clear();
        wrong.set(address, { since: runtime.now().getTime(), count: 1 });
      }
    },
  };
}
