// `events`: stored deliveries, listed or one by one.
import { EVENT_STATUSES } from '../domain/states.ts';
import { type EventDetail, type EventView, findEvents, showEvent } from '../operations/events.ts';
import { type Call, type Failure, misused, type Run } from './command.ts';
import { PROGRAM } from './help.ts';
import { jobTable } from './jobs.ts';
import { pageAsked, sayList } from './lists.ts';
import { columns, plain } from './terminal.ts';
import { idIn, refused, visiting } from './visit.ts';

export const run: Run = async (call) => {
  const [id, ...more] = call.args;
  if (more.length > 0) return misused(`events takes one id, not also "${more[0]}"`, `${PROGRAM} events --help`);
  return id === undefined ? list(call) : show(call, id);
};

async function list(call: Call): Promise<Failure | null> {
  const page = pageAsked(call, 'events');
  if (!page.ok) return page.error;
  const { source, topic, order } = call.options;
  const status = EVENT_STATUSES.find((one) => one === call.options.status);
  return visiting(call, async (parts) => {
    const found = await findEvents(parts, { source, topic, status, order_id: order, ...page.value });
    if (!found.ok) return refused(found.error, `${PROGRAM} events --help`);
    sayList(call, found.value, (items) => columns([EVENT_HEAD, ...items.map(eventRow)]), 'no delivery fits');
    return null;
  });
}

const EVENT_HEAD = ['ID', 'RECEIVED', 'SOURCE', 'TOPIC', 'ORDER', 'STATUS', 'REASON'];

const eventRow = ({ id, received_at, source, topic, order_id, status, reason }: EventView): string[] =>
  [id, received_at.slice(0, 19), source, topic, order_id ?? '', status, reason ?? ''].map(plain);

async function show(call: Call, text: string): Promise<Failure | null> {
  const id = idIn(text);
  if (id === null) return misused(`"${text}" is no id of an event`, `${PROGRAM} events lists them`);
  return visiting(call, async (parts) => {
    const shown = await showEvent(parts, id);
    if (!shown.ok) return refused(shown.error, `${PROGRAM} events lists what there is`);
    if (call.json) call.terminal.say(JSON.stringify(shown.value, null, 2));
    else call.terminal.say(eventLines(shown.value).join('\n'));
    return null;
  });
}

/** One event for people; what it said word for word is left to `--json`. */
export function eventLines(event: EventDetail): string[] {
  const { reason, detail, jobs } = event;
  const end = [event.status, reason, detail].filter((part) => part !== null).join(': ');
  return [
    ...columns([
      ['Event', event.id],
      ['Source', event.source],
      ['Topic', plain(event.topic)],
      ['Received', event.received_at],
      ['Status', plain(end)],
      ['Understood', plain(understood(event))],
    ]),
    ...(jobs.length === 0 ? ['', 'It led to no job.'] : ['', ...jobTable(jobs)]),
    '',
    'Headers and payload: --json',
  ];
}

function inWords(fact: Extract<EventDetail['understood'], { kind: 'facts' }>['facts'][number]): string {
  if ('order' in fact) {
    const { number, total, currency, status } = fact.order;
    return `order ${number} of ${total} ${currency} (${status})`;
  }
  if ('payment' in fact) return `payment ${fact.payment.id} of ${fact.payment.amount} ${fact.payment.currency}`;
  const [kind, moved] = 'refund' in fact ? ['refund', fact.refund] : ['dispute', fact.dispute];
  return `${kind} ${moved.id} of ${moved.amount} ${moved.currency} (${moved.status})`;
}

function understood({ understood: told }: EventDetail): string {
  switch (told.kind) {
    case 'ignored':
      return `nothing to do: ${told.reason}`;
    case 'failed':
      return `not understood: ${told.detail}${told.at === null ? '' : ` (${told.at})`}`;
    case 'fetch':
      return `a hint: ${told.fetch.join(', ')} is asked for`;
    case 'facts':
      return told.facts.map(inWords).join('; ');
  }
}
