// Many stored deliveries run again: in the background, oldest first, in batches, going on after a restart.
import { z } from 'zod';
import { problem } from '../domain/problem.ts';
import { ok } from '../domain/result.ts';
import { EVENT_STATUSES } from '../domain/states.ts';
import { waitingEvents } from '../store/events.ts';
import { pausedScopes } from '../store/pauses.ts';
import { countEvents, type EventFilter } from '../store/queries.ts';
import { addReplay, advanceReplay, cancelReplay, type ReplayRow, replayById, runningReplay } from '../store/replays.ts';
import { keepDoing, type Runner } from './background.ts';
import { type Answered, conflict, invalid, notFound, type OperationParts } from './parts.ts';
import { pausedSources } from './pauses.ts';
import { identityOf, sourceNames } from './sources.ts';

const InstantTextSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** Which events: all criteria must fit; `to` is excluded. */
export const ReplayFilterSchema = z.strictObject({
  source: z.string().min(1).optional(),
  topic: z.string().min(1).optional(),
  status: z.enum(EVENT_STATUSES).optional(),
  from: InstantTextSchema.optional().describe('Received at this instant or later'),
  to: InstantTextSchema.optional().describe('Received before this instant'),
});
export type ReplayFilter = z.infer<typeof ReplayFilterSchema>;

export const ReplaySchema = z.object({
  replay_id: z.string(),
  status: z.enum(['running', 'done', 'cancelled']),
  count: z.number().describe('Events that fitted when it was asked for'),
  done: z.number().describe('Events put back so far'),
  filter: z.object({
    source: z.string().nullable(),
    topic: z.string().nullable(),
    status: z.enum(EVENT_STATUSES).nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
  }),
  created_at: z.string(),
});
export type ReplayView = z.infer<typeof ReplaySchema>;

/** The filter in the words of the tables. */
export async function eventFilter(
  { store, registry }: OperationParts,
  { source, ...rest }: ReplayFilter,
): Promise<Answered<EventFilter>> {
  if (source === undefined) return ok(rest);
  const identity = await identityOf(store.read, registry, source);
  return identity === null
    ? invalid('source_unknown', `there is no source ${source}`, 'source')
    : ok({ ...rest, source: identity });
}

/** Notes which events are to run again; the runner does the rest. */
export async function beginReplay(
  parts: OperationParts,
  asked: ReplayFilter,
): Promise<Answered<{ replay_id: string; count: number }>> {
  const filter = await eventFilter(parts, asked);
  if (!filter.ok) return filter;
  const begun = await parts.store.write(async (tx) => {
    const { count, newest } = await countEvents(tx, filter.value);
    return { id: await addReplay(tx, { ...filter.value, upTo: newest }, count, parts.runtime.now()), count };
  });
  parts.log.info('replay.begun', { replay_id: begun.id, count: begun.count });
  parts.wake();
  return ok({ replay_id: String(begun.id), count: begun.count });
}

export async function showReplay(parts: OperationParts, id: number): Promise<Answered<ReplayView>> {
  const row = await replayById(parts.store.read, id);
  if (row === undefined) return replayNotFound(id);
  return ok(replayView(row, await sourceNames(parts.store.read, parts.registry)));
}

/** Stops a replay; what it has put back already runs. */
export async function stopReplay(parts: OperationParts, id: number): Promise<Answered<ReplayView>> {
  const cancelled = await parts.store.write((tx) => cancelReplay(tx, id));
  const shown = await showReplay(parts, id);
  if (!shown.ok || cancelled) return shown;
  return conflict(problem('replay_over', `replay ${id} is ${shown.value.status} already`));
}

const replayNotFound = (id: number) => notFound('replay_not_found', `there is no replay ${id}`);

function replayView(
  { id, status, count, done, filter, created_at }: ReplayRow,
  nameOf: (identity: string) => string,
): ReplayView {
  const iso = (millis: number | undefined): string | null =>
    millis === undefined ? null : new Date(millis).toISOString();
  return {
    replay_id: String(id),
    status,
    count,
    done,
    filter: {
      source: filter.source === undefined ? null : nameOf(filter.source),
      topic: filter.topic ?? null,
      status: filter.status ?? null,
      from: iso(filter.from),
      to: iso(filter.to),
    },
    created_at: new Date(created_at).toISOString(),
  };
}

/** Events put back at a time. While that many wait for their mapping no more follow, so that new deliveries get their turn. */
const BATCH = 100;
/** The pause between two batches, and between two looks for a replay that another process began. */
const BREATH_MS = 50;
const POLL_MS = 2000;

/** Puts one batch back if there is room for it; says how long to wait before the next. */
export async function advanceReplays(parts: OperationParts): Promise<number> {
  const { store, registry } = parts;
  const replay = await runningReplay(store.read);
  if (replay === undefined) return POLL_MS;
  const paused = pausedSources(await pausedScopes(store.read), registry);
  if (paused === 'all') return POLL_MS;
  const waiting = await waitingEvents(store.read, BATCH, paused);
  if (waiting.length < BATCH) {
    await store.write((tx) => advanceReplay(tx, replay.id, BATCH));
    parts.wake();
  }
  return BREATH_MS;
}

/** Goes on with every replay that runs, from where its row says, until stopped. */
export const continueReplays = (parts: OperationParts): Runner =>
  keepDoing(parts.runtime, () =>
    advanceReplays(parts).catch((error: unknown) => {
      parts.log.error('replay.failed', { reason: error instanceof Error ? error.message : String(error) });
      return POLL_MS;
    }),
  );
