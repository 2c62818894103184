// A shop's API that lists what a test tells it to, page by page, and fails when told to.
import type { Finding, SourceApi } from '../../src/connector.ts';
import { toJson } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import type { BoundApi } from '../../src/registry.ts';
import { apiOf } from './told-api.ts';

/** What the API tells, in the literal source's words: `{order}`, `{payment}`, `{refund}`. */
export const finding = (told: object): Finding => ({ topic: 'fetched.literal', body: Buffer.from(toJson(told)) });

export type Failure = Extract<Lookup<never>, { kind: 'failed' }>;

export const FAILURES = {
  credentials: { kind: 'failed', problem: problem('credentials_refused', 'the key is not accepted'), account: true },
  down: { kind: 'failed', problem: problem('unreachable', 'no connection'), unanswered: true },
} as const satisfies Record<string, Failure>;

export const throttled = (retryAfterMs: number | null): Failure => ({
  kind: 'failed',
  problem: problem('throttled', 'too many requests'),
  throttled: { retryAfterMs },
});

export type ListedApi = {
  bound: BoundApi;
  /** By list; a test adds to it. */
  lists: Record<string, Finding[]>;
  /** Answers of the next requests, before anything is listed again. */
  failures: Failure[];
  /** `list from since`, then `list @cursor`. */
  requests: string[];
};

/** Lists of so many findings a page. */
export function listedApi(lists: Record<string, Finding[]>, perPage = 2, told: Partial<SourceApi> = {}): ListedApi {
  const failures: Failure[] = [];
  const requests: string[] = [];
  const bound = apiOf({
    streams: Object.keys(lists),
    async changes(stream, since, cursor) {
      requests.push(cursor === null ? `${stream} from ${since}` : `${stream} @${cursor}`);
      const failure = failures.shift();
      if (failure !== undefined) return failure;
      const all = lists[stream] ?? [];
      const start = Number(cursor ?? 0);
      const end = start + perPage;
      return {
        kind: 'found',
        items: [{ findings: all.slice(start, end), cursor: end < all.length ? String(end) : null }],
      };
    },
    ...told,
  });
  return { bound, lists, failures, requests };
}
