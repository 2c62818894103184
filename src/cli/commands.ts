// The table of commands: what each is called, takes and tells. The help and docs/cli.md are made of it.
import type { JobKind } from '../domain/document.ts';
import { EVENT_STATUSES, JOB_STATUSES } from '../domain/states.ts';
import type { CommandSpec, OptionSpec } from './command.ts';

// Written out, since the schemas of the documents take a tenth of a second to load and `--help` does without them.
const KINDS = [
  'invoice',
  'payment',
  'credit_note',
  'send',
  'write_back',
  'notify',
] as const satisfies readonly JobKind[];

const PAGE: Readonly<Record<string, OptionSpec>> = {
  limit: { takes: 'N', help: 'rows shown, 1 to 200; 50 when not given' },
  cursor: { takes: 'CURSOR', help: 'go on after the page whose next_cursor this is' },
};

const serve: CommandSpec = {
  name: 'serve',
  summary: 'receive deliveries and issue their invoices, until stopped',
  usage: ['serve [options]'],
  about: [
    'Receives the deliveries of the configured sources, issues what they call for, and serves the admin',
    'page. SIGTERM or Ctrl-C ends it when what is in hand is done, a second signal at once. Its log is',
    'JSON lines on standard output.',
    '',
    'Without a configuration it starts an example on this machine alone: everything is kept in ./data,',
    'the invoices are made by a sandbox, and sample deliveries show what becomes of an order. PORT=8081',
    'gives it another port. With --json the example starts without a word and logs as usual.',
  ],
  options: {},
  json: [],
  load: () => import('./serve.ts'),
};

const check: CommandSpec = {
  name: 'check',
  summary: 'prove a configuration before it goes live',
  usage: ['check [options]'],
  about: [
    'Proves that the configuration is complete, that the database can be written, that each source is',
    'known by its name, and that each provider, and the API of each shop, accepts its credentials, and',
    'tells what they can and cannot do and what plans allow. Nothing is issued. Exit code 1 when',
    'something would not work.',
  ],
  options: {
    'first-run': { takes: null, help: 'also list what the orders of the last 30 days would come to' },
    'show-token': { takes: null, help: 'also show the admin token' },
  },
  json: [
    ['ok', 'true when everything would work'],
    [
      'configuration',
      '`{"file", "problems": [{"code", "detail", "at", "line"}], "warnings": […]}`; `file` is null for the example',
    ],
    ['database', '`{"ok", "place", "problem"}`'],
    [
      'sources',
      '`[{"name", "type", "provider", "routes", "start_at", "api"}]`; `start_at` is an instant, `all`, or `first_start` where that is still to come; `api` is `{"ok", "shop", "can", "cannot", "warnings", "problem"}`, or null for a source that cannot be asked',
    ],
    ['problems', 'what keeps the bridge from starting besides: `[{"code", "detail", "at"}]`'],
    [
      'providers',
      '`[{"name", "type", "ok", "account", "can", "cannot", "limits", "warnings", "refused_for", "problem"}]`; `refused_for` is `credentials`, `plan` or null',
    ],
    [
      'first_run',
      'with `--first-run`: `[{"source", "asked", "events", "would_issue", "would_skip", "problem"}]`, else null; `asked` is `{"changes", "news", "more", "problem"}`, or null where no shop was asked',
    ],
    ['admin_token', 'with `--show-token`, else null'],
  ],
  load: () => import('./check.ts'),
};

const preview: CommandSpec = {
  name: 'preview',
  summary: 'show the invoice that a payload would become, and send nothing',
  usage: ['preview SOURCE FILE [options]'],
  about: [
    'Reads a payload of the source from a file, as its webhook would carry it, and shows what would',
    'become of it: buyer, lines, rates, payments, the keys by which the client would be looked for. It',
    'opens neither the network nor the database: it knows nothing of what was delivered before.',
  ],
  options: { topic: { takes: 'TOPIC', help: 'the delivery’s topic; else the usual one of the source’s type' } },
  json: [
    ['source', 'name of the source'],
    ['topic', 'the topic under which the payload was read'],
    ['status', 'where the delivery would end: `applied` or `ignored`'],
    ['reason', 'why it would be ignored or wait, or null'],
    ['detail', 'the same in words, or null'],
    ['order', 'the order as it was understood, in the form of the admin API; null when the payload holds none'],
    ['payments', '`[{"id", "amount", "currency", "paid_at", "method"}]`: what would be recorded as paid'],
    [
      'invoice',
      '`{"provider", "held", "detail", "request"}`: the reason for which it would wait for a person, and the request to the provider with `"1"` as the client’s id; null when nothing would be issued',
    ],
    ['client_keys', '`[{"kind", "value", "forms"}]`, in the order in which they would be tried'],
  ],
  load: () => import('./preview.ts'),
};

const events: CommandSpec = {
  name: 'events',
  summary: 'list deliveries, or show one',
  usage: ['events [options]', 'events ID [options]'],
  about: ['Lists stored deliveries, newest first, or shows one with what was understood and the jobs it led', 'to.'],
  options: {
    source: { takes: 'NAME', help: 'those of this source' },
    topic: { takes: 'TOPIC', help: 'those of this topic' },
    status: { takes: 'STATUS', help: 'those that stand here', among: EVENT_STATUSES },
    order: { takes: 'ORDER_ID', help: 'those of this order, by the shop’s own id' },
    ...PAGE,
  },
  json: [
    ['items', '`[{"id", "source", "topic", "delivery_id", "order_id", "received_at", "status", "reason", "detail"}]`'],
    ['next_cursor', 'for `--cursor`; null on the last page'],
    ['(one event)', 'the fields of an item and `headers` (secrets removed), `payload`, `understood`, `jobs`'],
  ],
  load: () => import('./events.ts'),
};

const jobs: CommandSpec = {
  name: 'jobs',
  summary: 'list the outbox, show a job, try it again or answer it',
  usage: ['jobs [options]', 'jobs ID [options]', 'jobs retry ID [options]', 'jobs resolve ID ANSWER [options]'],
  about: [
    'Lists what is to be made at the providers, newest first, or shows one job. `retry` makes a job due',
    'now; what may be at the provider already is looked up, never simply sent. `resolve` gives a',
    'person’s answer to a held job: exactly one of --client, --invoice, --send-again, --done-by-hand,',
    '--skip, --approve. A running bridge takes it up within a second.',
  ],
  options: {
    status: { takes: 'STATUS', help: 'those that stand here', among: JOB_STATUSES },
    provider: { takes: 'NAME', help: 'those of this provider' },
    kind: { takes: 'KIND', help: 'those of this kind', among: KINDS },
    ...PAGE,
    client: { takes: 'CLIENT_ID', help: 'answer: address the document to this client of the provider' },
    invoice: { takes: 'ID', help: 'answer: the document is at the provider already, under this id' },
    'send-again': { takes: 'WHY', help: 'answer: nothing is at the provider; why that is certain' },
    'done-by-hand': { takes: 'NOTE', help: 'answer: a person has done it; what was done' },
    number: { takes: 'NUMBER', help: 'with --done-by-hand: the number of the document' },
    skip: { takes: 'WHY', help: 'answer: never to be done; why' },
    approve: { takes: null, help: 'answer: release a document that waits for approval' },
  },
  json: [
    [
      'items',
      '`[{"id", "kind", "key", "source", "order_id", "order_number", "provider", "status", "phase", "attempts", "next_attempt_at", "reason", "detail", "amount", "currency", "answers", "help", "candidates", "decision", …}]`',
    ],
    ['next_cursor', 'for `--cursor`; null on the last page'],
    ['(one job)', 'the fields of an item; after `resolve` also `warning`, or null'],
  ],
  load: () => import('./jobs.ts'),
};

const replay: CommandSpec = {
  name: 'replay',
  summary: 'run stored deliveries again',
  usage: ['replay EVENT_ID [options]', 'replay FILTER… [options]'],
  about: [
    'Reads stored deliveries again from their raw bodies: one, or all that fit --source, --topic,',
    '--status, --from and --to. A document that exists is never made twice. A running bridge does the',
    'work and this command tells how far it is; without one, it begins with the next start. Instants',
    'are written 2026-12-01T00:00:00Z.',
  ],
  options: {
    source: { takes: 'NAME', help: 'those of this source' },
    topic: { takes: 'TOPIC', help: 'those of this topic' },
    status: { takes: 'STATUS', help: 'those that stand here', among: EVENT_STATUSES },
    from: { takes: 'INSTANT', help: 'those received at this instant or later' },
    to: { takes: 'INSTANT', help: 'those received before this instant' },
    'dry-run': { takes: null, help: 'tell what would be issued, skipped and changed, and change nothing' },
  },
  json: [
    ['replay_id', 'of many deliveries'],
    ['event_id', 'of one delivery'],
    ['count', 'deliveries that fit'],
    ['done', 'deliveries that have run again when the command ends'],
    ['(with --dry-run)', '`events`, `would_issue`, `would_skip`, `would_change`, as in the admin API'],
  ],
  load: () => import('./replay.ts'),
};

const syncClients: CommandSpec = {
  name: 'sync-clients',
  summary: 'read all clients of a provider now',
  usage: ['sync-clients [options]'],
  about: [
    'Reads the clients of the providers that cannot search them by every key of matching.by, page by',
    'page and within the account’s pace, and tells how far it is. A running bridge does so by itself,',
    'once a day; this does it now. Ctrl-C does no harm: whoever reads next goes on where it stopped.',
  ],
  options: { provider: { takes: 'NAME', help: 'this provider only' } },
  json: [['providers', '`[{"provider", "clients"}]`: how many clients are listed now']],
  load: () => import('./sync-clients.ts'),
};

const reconcile: CommandSpec = {
  name: 'reconcile',
  summary: 'ask the shops what no delivery told, and compare all sides',
  usage: ['reconcile [options]'],
  about: [
    'Reads the changes since an instant from the APIs of the sources, page by page and within their',
    'pace, and takes in what no delivery told. Then it compares shop, Stripe and provider, and tells',
    'each difference with both figures and what to do. It issues nothing itself: a running bridge does',
    'what follows. Exit code 1 when a source could not be read; a difference is no failure.',
  ],
  options: {
    source: { takes: 'NAME', help: 'this source only' },
    since: { takes: 'WHEN', help: 'since 2026-11-01, an instant, or a time back such as 48h; 7d when not given' },
    'no-providers': { takes: null, help: 'believe what was recorded, and look at no document at its provider' },
  },
  json: [
    ['since', 'the instant'],
    [
      'sources',
      '`[{"source", "streams": [{"stream", "status", "pages", "found", "missed"}], "problem"}]`; `problem` is `{"code", "detail"}` or null',
    ],
    ['not_asked', 'names of sources without access to their API'],
    ['providers', '`[{"provider", "read", "unread", "problem"}]`: how many documents were looked at'],
    ['sales', 'how many were compared'],
    [
      'differences',
      '`[{"kind", "source", "order_id", "order_number", "payment_id", "provider", "document", "expected", "found", "detail", "help"}]`; `expected` and `found` are `{"amount", "currency"}` or null',
    ],
  ],
  load: () => import('./reconcile.ts'),
};

/** In the order in which a newcomer meets them. */
export const COMMANDS: readonly CommandSpec[] = [serve, check, preview, events, jobs, replay, reconcile, syncClients];
