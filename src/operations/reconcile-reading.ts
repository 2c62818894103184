// Reads the lists of one source's API from an instant on, each from its beginning to its end, and takes in what is news. The
// schedule by which the lists are read anyway is left alone.
import { z } from 'zod';
import type { ChangesPage, Finding } from '../connector.ts';
import type { Lookup } from '../domain/outcome.ts';
import { problem } from '../domain/problem.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { deliveryOf } from '../flow/1-fetch.ts';
import { newsAmong } from '../flow/1-sweep.ts';
import { applyEvent } from '../flow/3-facts.ts';
import type { BoundApi, Source } from '../registry.ts';
import { storeDeliveries } from '../store/events.ts';
import { pausedScopes } from '../store/pauses.ts';
import { pauseFor } from './background.ts';
import type { OperationParts } from './parts.ts';
import { pausedSources } from './pauses.ts';

const StreamReadingSchema = z.object({
  stream: z.string(),
  status: z.enum(['waiting', 'reading', 'done', 'failed']),
  pages: z.number(),
  found: z.number().describe('Changes that its API told of'),
  missed: z.number().describe('Those that were not known here: they are stored and worked on like deliveries'),
});
type StreamReading = z.infer<typeof StreamReadingSchema>;

export const SourceReadingSchema = z.object({
  source: z.string(),
  streams: z.array(StreamReadingSchema).describe('The lists of its API'),
  problem: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .describe('Why it could not be read to the end'),
});
export type SourceReading = z.infer<typeof SourceReadingSchema>;

/** How often one page is asked for, and the longest rest that is granted between. */
const MOST_ATTEMPTS = 5;
const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 10 * 60_000;

/** Nothing is read yet. */
export const unread = ({ name }: Source, { api }: BoundApi): SourceReading => ({
  source: name,
  streams: api.streams.map((stream) => ({ stream, status: 'waiting', pages: 0, found: 0, missed: 0 })),
  problem: null,
});

/** Reads every list, and tells how far it is after every page. The first that fails ends it. Repeatable at any time. */
export async function readSource(
  parts: OperationParts,
  source: Source,
  bound: BoundApi,
  since: Date,
  watch: { signal: AbortSignal; tell(reading: SourceReading): Promise<void> },
): Promise<void> {
  let reading = unread(source, bound);
  const put = (index: number, stream: StreamReading): Promise<void> => {
    reading = { ...reading, streams: reading.streams.with(index, stream) };
    return watch.tell(reading);
  };
  for (const [index, waiting] of reading.streams.entries()) {
    let stream: StreamReading = { ...waiting, status: 'reading' };
    let cursor: string | null = null;
    do {
      const page: Result<ChangesPage> = await nextPage(
        parts,
        bound,
        { stream: stream.stream, since, cursor },
        watch.signal,
      );
      if (!page.ok) {
        const { code, detail } = page.error;
        reading = { ...reading, problem: { code, detail: `${stream.stream}: ${detail}` } };
        return put(index, { ...stream, status: 'failed' });
      }
      const { findings } = page.value;
      const missed = await takeIn(parts, source, findings);
      ({ cursor } = page.value);
      const { pages, found } = stream;
      stream = { ...stream, pages: pages + 1, found: found + findings.length, missed: stream.missed + missed };
      if (cursor === null) stream = { ...stream, status: 'done' };
      await put(index, stream);
    } while (cursor !== null);
  }
}

/** The next page, asked for again after a failure and after every rest that the sender wants. */
async function nextPage(
  { runtime }: OperationParts,
  { api, io }: BoundApi,
  { stream, since, cursor }: { stream: string; since: Date; cursor: string | null },
  signal: AbortSignal,
): Promise<Result<ChangesPage>> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const lookup = await api.changes(stream, since.toISOString(), cursor, io);
    if (lookup.kind === 'found') {
      const [page] = lookup.items;
      return page === undefined ? err(problem('no_page', 'no page came back')) : ok(page);
    }
    const rest = restAfter(lookup, attempt);
    if (lookup.account === true || attempt === MOST_ATTEMPTS) return err(lookup.problem);
    if (rest > LONGEST_REST_MS) {
      const { code, detail } = lookup.problem;
      return err(problem(code, `${detail}; it is to be asked again in ${Math.ceil(rest / 60_000)} minutes`));
    }
    await pauseFor(runtime, rest, signal);
  }
}

const restAfter = ({ throttled }: Extract<Lookup<unknown>, { kind: 'failed' }>, attempt: number): number =>
  throttled?.retryAfterMs ?? FIRST_REST_MS * 2 ** (attempt - 1);

/** Stores what is news, and applies it, unless the source is paused. Returns how much there was. */
async function takeIn(parts: OperationParts, source: Source, findings: readonly Finding[]): Promise<number> {
  const { store, registry, runtime } = parts;
  const news = await newsAmong(parts, source, findings);
  if (news.length === 0) return 0;
  const deliveries = news.map(({ finding }) => deliveryOf(source.identity, finding));
  const accepted = await store.write((tx) => storeDeliveries(tx, deliveries, runtime.now()));
  const paused = pausedSources(await pausedScopes(store.read), registry);
  if (paused !== 'all' && !paused.includes(source.identity)) {
    await Promise.all(accepted.map(({ eventId }) => applyEvent(parts, eventId)));
  }
  parts.wake();
  // What cannot be read is news each time, and is stored once.
  return accepted.filter(({ duplicate }) => !duplicate).length;
}
