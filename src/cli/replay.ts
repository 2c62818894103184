// `replay`: stored deliveries run again, one or many. The work is a running bridge's; this tells how far it is.
import { setTimeout as wait } from 'node:timers/promises';
import { type DryRun, dryRun } from '../operations/dry-run.ts';
import { replayEvent, showEvent } from '../operations/events.ts';
import type { OperationParts } from '../operations/parts.ts';
import { beginReplay, eventFilter, type ReplayFilter, ReplayFilterSchema, showReplay } from '../operations/replays.ts';
import { countEvents } from '../store/queries.ts';
import { type Call, type Failure, misused, type Run } from './command.ts';
import { eventLines } from './events.ts';
import { PROGRAM } from './help.ts';
import { columns, plain } from './terminal.ts';
import { idIn, refused, visiting } from './visit.ts';

const HELP = `${PROGRAM} replay --help`;

/** A running bridge looks for work every other second: whoever has not moved for this long has nobody to move it. */
const PATIENCE_MS = 6000;
const LOOK_MS = 100;

export const run: Run = async (call) => {
  const [text, ...more] = call.args;
  const { source, topic, status, from, to } = call.options;
  const asked = { source, topic, status, from, to };
  const given = Object.values(asked).some((value) => value !== undefined);
  if (more[0] !== undefined) return misused(`replay takes one event, not also "${more[0]}"`, HELP);
  if (text !== undefined) {
    const id = idIn(text);
    if (id === null) return misused(`"${text}" is no id of an event`, `${PROGRAM} events lists them`);
    if (given || call.flags.has('dry-run')) return misused('an event is replayed by its id alone', HELP);
    return visiting(call, (parts) => replayOne(call, parts, id));
  }
  // Everything at once is a decision: it has to be said.
  if (!given) return misused('say which deliveries: an event’s id, or at least one filter', HELP);
  const filter = ReplayFilterSchema.safeParse(asked);
  if (!filter.success) {
    return misused(`--${filter.error.issues[0]?.path.join('.')} is no instant such as 2026-12-01T00:00:00Z`, HELP);
  }
  return visiting(call, (parts) =>
    call.flags.has('dry-run') ? tellDryRun(call, parts, filter.data) : replayMany(call, parts, filter.data),
  );
};

async function replayOne(call: Call, parts: OperationParts, id: number): Promise<Failure | null> {
  const begun = await replayEvent(parts, id);
  if (!begun.ok) return refused(begun.error, `${PROGRAM} events lists what there is`);
  const status = async (): Promise<string> => {
    const shown = await showEvent(parts, id);
    return shown.ok ? shown.value.status : 'received';
  };
  await untilDone(status, (word) => word !== 'received');
  const shown = await showEvent(parts, id);
  if (!shown.ok) return refused(shown.error, `${PROGRAM} events lists what there is`);
  const waits = shown.value.status === 'received';
  if (call.json) {
    call.terminal.say(JSON.stringify({ event_id: begun.value.event_id, count: 1, done: waits ? 0 : 1 }, null, 2));
  } else {
    call.terminal.say(eventLines(shown.value).join('\n'));
    if (waits) call.terminal.say(NOBODY_MOVES);
  }
  return null;
}

const NOBODY_MOVES = 'No running bridge has taken it up: it is paused, or it begins with its next start.';

async function replayMany(call: Call, parts: OperationParts, filter: ReplayFilter): Promise<Failure | null> {
  const { terminal } = call;
  const begun = await beginReplay(parts, filter);
  if (!begun.ok) return refused(begun.error, HELP);
  const { replay_id, count } = begun.value;
  if (!call.json) terminal.say(`replay ${replay_id}: deliveries to run again: ${count}`);
  const done = await untilDone(
    async () => {
      const ran = await ranAgain(parts, Number(replay_id), filter);
      terminal.progress(`${ran} of ${count}`);
      return ran;
    },
    (ran) => ran >= count,
  );
  if (call.json) terminal.say(JSON.stringify({ replay_id, count, done }, null, 2));
  else terminal.say(done < count ? `${done} of ${count} so far. ${NOBODY_MOVES}` : `${done} of ${count} done`);
  return null;
}

/** How many have been put back and have found their end again. */
async function ranAgain(
  parts: OperationParts,
  id: number,
  { status: _before, ...filter }: ReplayFilter,
): Promise<number> {
  const replay = await showReplay(parts, id);
  const fitting = await eventFilter(parts, filter);
  if (!replay.ok || !fitting.ok) return 0;
  const waiting = await countEvents(parts.store.read, { ...fitting.value, status: 'received' });
  return Math.max(0, replay.value.done - waiting.count);
}

/** Looks until it is done, or until nothing has moved for too long; the last state seen. */
async function untilDone<T>(look: () => Promise<T>, isDone: (state: T) => boolean): Promise<T> {
  let state = await look();
  let moved = performance.now();
  while (!isDone(state) && performance.now() - moved < PATIENCE_MS) {
    await wait(LOOK_MS);
    const next = await look();
    if (next !== state) moved = performance.now();
    state = next;
  }
  return state;
}

async function tellDryRun(call: Call, parts: OperationParts, filter: ReplayFilter): Promise<Failure | null> {
  const run = await dryRun(parts, filter);
  if (!run.ok) return refused(run.error, HELP);
  call.terminal.say(call.json ? JSON.stringify(run.value, null, 2) : dryRunLines(run.value).join('\n'));
  return null;
}

/** What a dry run saw, for people. */
export function dryRunLines({ events, would_issue, would_skip, mapped, would_change }: DryRun): string[] {
  return [
    `Deliveries looked at: ${events}. Nothing was changed.`,
    ...(would_issue.length === 0 ? ['Nothing new would be issued.'] : []),
    ...table(
      'Would be issued:',
      would_issue.map(({ kind, source, order_id, amount, currency, provider, held }) => [
        kind,
        `${source} ${order_id}`,
        amount === null ? '' : `${amount} ${currency}`,
        `at ${provider}`,
        held === null ? '' : `held: ${held}`,
      ]),
    ),
    ...table(
      'Would not be:',
      would_skip.map(({ event_id, order_id, status, reason, detail }) => [
        event_id === null ? 'told by its API' : `event ${event_id}`,
        order_id === null ? '' : `order ${order_id}`,
        status,
        reason ?? '',
        detail ?? '',
      ]),
    ),
    ...table(
      'The mapping changes:',
      mapped.flatMap(({ event_id, changes }) =>
        changes.map(({ path, before, after }) => [`event ${event_id}`, path, before ?? '–', '→', after ?? '–']),
      ),
    ),
    ...table(
      'Would change:',
      would_change.map(({ source, order_id, change }) => [`${source} ${order_id}`, change]),
    ),
  ];
}

const table = (title: string, rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : ['', title, ...columns(rows.map((row) => row.map(plain))).map((line) => `  ${line}`)];
