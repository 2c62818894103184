// Reconciliation: what the sources' APIs tell and no delivery told is taken in, and then shop, payment service and provider
// are compared. It reads, and issues nothing by itself; done twice, it finds what it found.
import { z } from 'zod';
import { ok } from '../domain/result.ts';
import { type BoundApi, type Source, sourceByIdentity } from '../registry.ts';
import { DifferenceSchema } from './difference.ts';
import { differencesWithin } from './differences-known.ts';
import { ASKS_NOBODY, documentReader, ProviderReadingSchema } from './differences-read.ts';
import { type Answered, invalid, type OperationParts } from './parts.ts';
import { readSource, SourceReadingSchema, unread } from './reconcile-reading.ts';
import { sinceIn } from './since.ts';

/** What a person may ask for. */
export const ReconcileSchema = z.strictObject({
  source: z.string().min(1).optional().describe('Only this source; else every one that can be asked'),
  since: z
    .string()
    .default('7d')
    .describe('`2026-11-01`, an instant with a zone, or a time back from now such as `48h`'),
  providers: z.boolean().default(true).describe('Ask the providers for each document as it is now'),
});

export const ProgressSchema = z.object({
  sources: z.array(SourceReadingSchema),
  sales: z.object({ compared: z.number(), of: z.number() }).nullable().describe('Null while sources are read'),
});
export type Progress = z.infer<typeof ProgressSchema>;

export const ReportSchema = z.object({
  since: z.string(),
  sources: z.array(SourceReadingSchema),
  not_asked: z.array(z.string()).describe('Sources without access to their API: what no delivery told stays unknown'),
  providers: z.array(ProviderReadingSchema),
  sales: z.number().describe('Sales that were compared'),
  differences: z.array(DifferenceSchema),
});
export type Report = z.infer<typeof ReportSchema>;

/** `source` is an identity; null for all. */
export type Reconciling = { source: string | null; since: Date; providers: boolean };

/** Checks what was asked for. A source that cannot be asked is refused when it is named. */
export function reconciling(
  { registry, runtime }: OperationParts,
  { source: name, since: text, providers }: z.infer<typeof ReconcileSchema>,
): Answered<Reconciling> {
  const since = sinceIn(text, runtime.now());
  if (!since.ok) return since;
  if (name === undefined) return ok({ source: null, since: since.value, providers });
  const source = registry.sources.get(name);
  if (source === undefined) return invalid('source_unknown', `there is no source ${name}`, 'source');
  if (source.api === null) {
    return invalid(
      'source_not_asked',
      `${name} cannot be asked: its configuration gives no access to its API`,
      'source',
    );
  }
  return ok({ source: source.identity, since: since.value, providers });
}

export type Watch = {
  /** Given when it is to end before its time: then this rejects, and nothing is lost. */
  signal: AbortSignal;
  tell(progress: Progress): Promise<void>;
};

/** Nothing is read yet of what would be. */
export const atFirst = (parts: OperationParts, { source }: Pick<Reconciling, 'source'>): Progress => ({
  sources: askable(parts, source).map((one) => unread(one.source, one.api)),
  sales: null,
});

/** Reads the sources, one after the other, then compares. A source or a provider that fails is told; the rest goes on. */
export async function reconcile(parts: OperationParts, asked: Reconciling, watch: Watch): Promise<Report> {
  const { source: identity, since, providers } = asked;
  let progress = atFirst(parts, asked);
  const tell = (change: Partial<Progress>): Promise<void> => {
    progress = { ...progress, ...change };
    return watch.tell(progress);
  };
  for (const [index, { source, api }] of askable(parts, identity).entries()) {
    await readSource(parts, source, api, since, {
      signal: watch.signal,
      tell: (reading) => tell({ sources: progress.sources.with(index, reading) }),
    });
  }
  const reader = providers ? documentReader(parts, watch.signal) : ASKS_NOBODY;
  const window = { since, source: identity };
  const compared = await differencesWithin(parts, window, reader, async (done, of) => {
    watch.signal.throwIfAborted();
    await tell({ sales: { compared: done, of } });
  });
  const unasked = [...parts.registry.sources.values()].filter(({ api }) => api === null);
  return {
    since: since.toISOString(),
    sources: progress.sources,
    not_asked: identity === null ? unasked.map(({ name }) => name) : [],
    providers: reader.readings(),
    ...compared,
  };
}

function askable({ registry }: OperationParts, identity: string | null): { source: Source; api: BoundApi }[] {
  const named = identity === null ? [...registry.sources.values()] : [sourceByIdentity(registry, identity)];
  return named.flatMap((source) => (source === undefined || source.api === null ? [] : [{ source, api: source.api }]));
}

/** True where all that was to be read was read; the providers only add to it. */
export const isWhole = ({ sources }: Pick<Report, 'sources'>): boolean =>
  sources.every(({ problem }) => problem === null);

/** How far it is, in a line. */
export function progressLine({ sources, sales }: Progress): string {
  if (sales !== null) return `comparing: ${sales.compared} of ${sales.of} sales`;
  const reading = sources.flatMap(({ source, streams }) =>
    streams.filter(({ pages, status }) => pages > 0 || status === 'failed').map((stream) => ({ source, ...stream })),
  );
  const last = reading.at(-1);
  if (last === undefined) return 'begins';
  const { source, stream, pages, found, missed } = last;
  return `${source}: ${stream}, page ${pages}, ${found} found, ${missed} not known here`;
}
