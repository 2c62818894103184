// What the recent orders of a source would come to at a start: those in the inbox, and those that its shop's API tells.
import type { Finding } from '../connector.ts';
import type { Problem } from '../domain/problem.ts';
import { deliveryOf } from '../flow/1-fetch.ts';
import { newsAmong } from '../flow/1-sweep.ts';
import type { BoundApi, Source } from '../registry.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import type { OperationParts } from './parts.ts';

/** How far back it looks. */
const RECENT_MS = 30 * 86_400_000;
/** How much of a shop's API is read: the oldest of the recent changes. */
const MOST_PAGES = 5;
const MOST_NEWS = 100;

/** What the API told: `changes` in all, `news` that the inbox does not hold; `more`: not everything was read. */
export type AskedShop = { changes: number; news: number; more: boolean; problem: Problem | null };

export type FirstRun = Pick<DryRun, 'events' | 'would_issue' | 'would_skip'> & {
  source: string;
  /** Null for a source that cannot be asked, or that has no orders of its own. */
  asked: AskedShop | null;
  problem: Problem | null;
};

/** Tells what would follow from the last 30 days of one source by itself; stores and sends nothing. */
export async function firstRun(parts: OperationParts, source: Source): Promise<FirstRun> {
  const since = new Date(parts.runtime.now().getTime() - RECENT_MS);
  const { name, api, tells } = source;
  const shop = api === null || tells !== 'shop' ? null : await recentNews(parts, source, api, since);
  const told = (shop?.news ?? []).map((finding) => deliveryOf(source.identity, finding));
  const run = await dryRun(parts, { source: name, from: since.getTime() }, told);
  const asked = shop && { ...shop, news: shop.news.length };
  if (!run.ok) return { source: name, asked, events: 0, would_issue: [], would_skip: [], problem: run.error.problem };
  const { events, would_issue, would_skip } = run.value;
  return { source: name, asked, events, would_issue, would_skip, problem: null };
}

/** The first pages of each list that the shop tells since then, without what is known here. */
async function recentNews(
  parts: OperationParts,
  source: Source,
  { api, io }: BoundApi,
  since: Date,
): Promise<Omit<AskedShop, 'news'> & { news: Finding[] }> {
  const news: Finding[] = [];
  let changes = 0;
  let more = false;
  for (const stream of api.streams) {
    let cursor: string | null = null;
    for (let page = 1; page === 1 || cursor !== null; page++) {
      if (page > MOST_PAGES || news.length >= MOST_NEWS) {
        more = true;
        break;
      }
      const lookup = await api.changes(stream, since.toISOString(), cursor, io);
      if (lookup.kind === 'failed') return { changes, news, more: true, problem: lookup.problem };
      const [read] = lookup.items;
      const findings = read?.findings ?? [];
      changes += findings.length;
      news.push(...(await newsAmong(parts, source, findings)).map(({ finding }) => finding));
      cursor = read?.cursor ?? null;
    }
  }
  return { changes, news: news.slice(0, MOST_NEWS), more: more || news.length > MOST_NEWS, problem: null };
}
