// What a machine may watch about the sources: whether their deliveries still come, and how old the last look at their API is.
import type { Registry as PrometheusRegistry } from 'prom-client';
import type { Runtime } from '../runtime.ts';
import type { Store } from '../store/open.ts';
import { knownSources } from '../store/sources.ts';
import { allSweeps, type SweepRow } from '../store/sweeps.ts';
import { readOn } from './gauge.ts';

type Row = [{ source: string }, number];

/** Adds the metrics of every source that was ever started here, under its name. */
export function addSourceMetrics(register: PrometheusRegistry, store: Store, runtime: Runtime): void {
  const { gauge, counter } = readOn(register);
  gauge('bridge_source_silent', '1 while its API tells of changes that no delivery tells of', ['source'], async () =>
    (await knownSources(store.read)).map(
      ({ name, silent_since }): Row => [{ source: name }, silent_since === null ? 0 : 1],
    ),
  );
  gauge(
    'bridge_source_sweep_age_seconds',
    'Time since every list of its API was last read to its end; absent before that',
    ['source'],
    () =>
      ofEach(store, (rows) => {
        const finished = rows.map(({ finished_at }) => finished_at).filter((at) => at !== null);
        const isWhole = finished.length > 0 && finished.length === rows.length;
        return isWhole ? Math.max(0, (runtime.now().getTime() - Math.min(...finished)) / 1000) : null;
      }),
  );
  counter('bridge_source_missed_total', 'Changes that its API told of and no delivery had', ['source'], () =>
    ofEach(store, (rows) => rows.reduce((total, { missed_total }) => total + missed_total, 0)),
  );
}

/** A value for each source whose API has been read; null for none. */
async function ofEach(store: Store, value: (rows: readonly SweepRow[]) => number | null): Promise<Row[]> {
  const sweeps = Map.groupBy(await allSweeps(store.read), ({ source }) => source);
  return (await knownSources(store.read)).flatMap(({ identity, name }): Row[] => {
    const rows = sweeps.get(identity);
    const told = rows === undefined ? null : value(rows);
    return told === null ? [] : [[{ source: name }, told]];
  });
}
