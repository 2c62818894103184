// How things stand, in numbers.
import { z } from 'zod';
import { JOB_KINDS } from '../domain/document.ts';
import { EVENT_STATUSES, JOB_STATUSES } from '../domain/states.ts';
import { needsDirectory, progressOf } from '../flow/6-listing.ts';
import type { Provider } from '../registry.ts';
import { standingOf } from '../store/accounts.ts';
import {
  countDocuments,
  countEventsByStatus,
  countHeld,
  countJobs,
  countUnclaimedPayments,
  oldestPending,
} from '../store/queries.ts';
import type { OperationParts } from './parts.ts';
import { PausedSchema, showPaused } from './pauses.ts';
import { SourceStatsSchema, sourceStats } from './source-stats.ts';

const countsOf = <Word extends string>(words: readonly Word[]) => z.record(z.enum(words), z.number());

export const StatsSchema = z.object({
  events: countsOf(EVENT_STATUSES),
  jobs: countsOf(JOB_STATUSES),
  held: z.record(z.string(), z.number()).describe('Held jobs by reason, those that only wait for another left out'),
  documents: countsOf(JOB_KINDS),
  unlinked_payments: z.number(),
  oldest_pending_seconds: z.number().nullable().describe('Age of the oldest work that waits for no person'),
  pauses: PausedSchema,
  sources: z.array(SourceStatsSchema),
  providers: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      jobs: countsOf(JOB_STATUSES),
      budget_left: z.number().nullable().describe('Requests left in the current window; null: no limit'),
      breaker: z.enum(['closed', 'open', 'half_open']),
      blocked_until: z.string().nullable(),
      reason: z.string().nullable(),
      directory: z
        .object({
          clients: z.number(),
          whole: z.boolean().describe('Every list was read to its end once'),
          detail: z.string().describe('Where it stands, in a sentence'),
        })
        .nullable()
        .describe('The index of clients, where one is kept'),
    }),
  ),
});
export type Stats = z.infer<typeof StatsSchema>;

const tally = <Word extends string>(
  words: readonly Word[],
  counts: readonly { word: Word; count: number }[],
): Record<Word, number> => {
  const of = (word: Word): number => counts.reduce((total, one) => (one.word === word ? total + one.count : total), 0);
  return Object.fromEntries(words.map((word) => [word, of(word)])) as Record<Word, number>;
};

export async function showStats(parts: OperationParts): Promise<Stats> {
  const { store, registry, runtime } = parts;
  const now = runtime.now().getTime();
  const jobs = await countJobs(store.read);
  const oldest = await oldestPending(store.read);
  const providers: Stats['providers'] = [];
  for (const provider of registry.providers.values()) {
    const { name, type, account, budgetLeft } = provider;
    const standing = await standingOf(store.read, account.accountId);
    const blocked = standing.blockedUntil > now;
    providers.push({
      name,
      type,
      jobs: tally(
        JOB_STATUSES,
        jobs.filter(({ provider }) => provider === name),
      ),
      budget_left: await budgetLeft(),
      // A block that is over is lifted by a harmless read that succeeds; until then nothing is sent.
      breaker: blocked ? 'open' : standing.blockedUntil > 0 ? 'half_open' : 'closed',
      blocked_until: blocked ? new Date(standing.blockedUntil).toISOString() : null,
      reason: standing.reason,
      directory: await directoryOf(parts, provider),
    });
  }
  return {
    events: tally(EVENT_STATUSES, await countEventsByStatus(store.read)),
    jobs: tally(JOB_STATUSES, jobs),
    held: Object.fromEntries((await countHeld(store.read)).map(({ word, count }) => [word, count])),
    documents: tally(JOB_KINDS, await countDocuments(store.read)),
    unlinked_payments: await countUnclaimedPayments(store.read),
    oldest_pending_seconds: oldest === null ? null : Math.max(0, Math.floor((now - oldest) / 1000)),
    pauses: await showPaused(parts),
    sources: await sourceStats(parts),
    providers,
  };
}

async function directoryOf(
  parts: OperationParts,
  provider: Provider,
): Promise<Stats['providers'][number]['directory']> {
  const { directory } = provider.account;
  if (directory === null || !needsDirectory(parts.registry, provider)) return null;
  const { clients, whole, line } = await progressOf(parts, provider, directory);
  return { clients, whole, detail: line };
}
