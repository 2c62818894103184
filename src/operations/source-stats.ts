// How each source stands: what its API has told lately, and whether its deliveries still come.
import { z } from 'zod';
import type { Source } from '../registry.ts';
import { openFetches } from '../store/fetches.ts';
import { knownSources } from '../store/sources.ts';
import { allSweeps, type SweepRow } from '../store/sweeps.ts';
import type { OperationParts } from './parts.ts';

export const SourceStatsSchema = z.object({
  name: z.string(),
  type: z.string(),
  can_be_asked: z.boolean().describe('Its configuration gives access to its API'),
  last_sweep_at: z.string().nullable().describe('When every list of its API was last read to its end'),
  next_sweep_at: z.string().nullable(),
  failing: z.string().nullable().describe('Why the last reading did not come about'),
  found: z.number().describe('Changes that the last reading of each list told of'),
  missed: z.number().describe('Those of them that no delivery had told of'),
  waiting_fetches: z.number().describe('Details that its API is still to be asked for'),
  heard_at: z.string().nullable().describe('When its first delivery came, or the first after a silence'),
  silent_since: z.string().nullable().describe('Since when its API tells of changes that no delivery tells of'),
});
export type SourceStats = z.infer<typeof SourceStatsSchema>;

export async function sourceStats({ store, registry }: OperationParts): Promise<SourceStats[]> {
  const known = await knownSources(store.read);
  const sweeps = await allSweeps(store.read);
  const fetches = await openFetches(store.read);
  return [...registry.sources.values()].map((source) => {
    const { identity, name, type, api } = source;
    const row = known.find((one) => one.identity === identity);
    return {
      name,
      type,
      can_be_asked: api !== null,
      ...readings(source, sweeps),
      waiting_fetches: fetches.filter((fetch) => fetch.source === identity).length,
      heard_at: iso(row?.heard_at ?? null),
      silent_since: iso(row?.silent_since ?? null),
    };
  });
}

/** Of the lists that its API has today: one that is no longer read tells nothing. */
function readings({ identity, api }: Source, sweeps: readonly SweepRow[]) {
  const rows = sweeps.filter((row) => row.source === identity && api?.api.streams.includes(row.stream));
  const finished = rows.map(({ finished_at }) => finished_at).filter((at) => at !== null);
  const isWhole = rows.length > 0 && finished.length === rows.length && rows.length === api?.api.streams.length;
  const failing = rows.find(({ reason }) => reason !== null);
  return {
    last_sweep_at: isWhole ? iso(Math.min(...finished)) : null,
    next_sweep_at: rows.length === 0 ? null : iso(Math.min(...rows.map(({ due_at }) => due_at))),
    failing: failing === undefined ? null : `${failing.stream}: ${failing.reason}`,
    found: rows.reduce((total, { found }) => total + found, 0),
    missed: rows.reduce((total, { missed }) => total + missed, 0),
  };
}

const iso = (millis: number | null): string | null => (millis === null ? null : new Date(millis).toISOString());
