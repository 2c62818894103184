// How many requests Facturation.pro takes, and what it says about it on every answer.
import { countArrivals, type Limit } from './arrivals.ts';

/** 600 within five minutes and 10 000 within a day. */
const DOCUMENTED: Limit = { requests: 600, perMs: 5 * 60_000, perDay: 10_000 };

const DAY_MS = 24 * 60 * 60_000;

export type RequestLimit = {
  /** Takes note of a request. The headers belong on its answer, whichever that is. */
  arrive(): { admitted: boolean; headers: Record<string, string> };
  throttled(): number;
};

/** The counting headers tell of the window that has the least room: the documents do not say which of the two. */
export function requestLimit(now: () => Date, limit: Limit = DOCUMENTED): RequestLimit {
  const arrivals = countArrivals(limit, now);
  const windows = [limit, { requests: limit.perDay ?? Number.POSITIVE_INFINITY, perMs: DAY_MS }];
  const admitted: number[] = [];
  const counts = (): Record<string, string> => {
    const at = now().getTime();
    const [tightest = { total: 0, left: 0 }] = windows
      .map(({ requests, perMs }) => ({
        total: requests,
        left: requests - admitted.filter((one) => one + perMs > at).length,
      }))
      .toSorted((a, b) => a.left - b.left);
    return { 'x-ratelimit-limit': String(tightest.total), 'x-ratelimit-remaining': String(tightest.left) };
  };
  return {
    arrive: () => {
      const wait = arrivals.turnedAwayFor();
      if (wait !== null) return { admitted: false, headers: { ...counts(), 'retry-after': String(wait) } };
      admitted.push(now().getTime());
      return { admitted: true, headers: counts() };
    },
    throttled: arrivals.throttled,
  };
}
