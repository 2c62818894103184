// The first page: what waits for a person and why, how much of everything there is, how each source and provider stands.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { pauseIssuing, resumeIssuing, type Scope } from '../../operations/pauses.ts';
import { findReconciliations } from '../../operations/reconciliations.ts';
import { type Stats, showStats } from '../../operations/stats.ts';
import { type AdminContext, type AdminEnv, type PageParts, showAnswered, showPage } from './env.ts';
import { button, type Html, instant, section, table, word } from './layout.ts';
import { lastReconciliation, reconcileForm } from './reconciliations.ts';
import type { Session } from './sessions.ts';

export function overviewPages({ operations }: PageParts): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();
  app.get('/admin', async (c) => {
    const stats = await showStats(operations);
    return showAnswered(c, await findReconciliations(operations, { limit: 1 }), ({ items: [last] }) => {
      const session = c.get('session');
      const form = html`${reconcileForm(session, operations.registry)}${lastReconciliation(last)}`;
      return showPage(c, 'Overview', '/admin', overview(session, stats, form));
    });
  });
  app.post('/admin/pause', async (c) =>
    showAnswered(c, await pauseIssuing(operations, scopeIn(c)), () => c.redirect('/admin', 303)),
  );
  app.post('/admin/resume', async (c) =>
    showAnswered(c, await resumeIssuing(operations, scopeIn(c)), () => c.redirect('/admin', 303)),
  );
  return app;
}

function scopeIn(c: AdminContext): Scope {
  const form = c.get('form');
  const [source, provider] = [form.get('source'), form.get('provider')];
  return { ...(source && { source }), ...(provider && { provider }) };
}

const overview = (session: Session, stats: Stats, form: Html): Html =>
  html`${alarms(stats)}${attention(stats)}${section(
    'Jobs',
    counts(stats.jobs, (status) => `/admin/jobs?status=${status}`),
  )}${section(
    'Deliveries',
    counts(stats.events, (status) => `/admin/events?status=${status}`),
  )}${section('Sources', html`${sourceTable(stats)}${form}`)}${section('Issuing', issuing(session, stats))}`;

/** What must not go unseen: deliveries that no longer come, and an API that cannot be read. */
const alarms = ({ sources }: Stats): Html =>
  html`${sources.map(({ name, silent_since, failing, missed }) => [
    silent_since === null
      ? ''
      : html`<p class="notice bad" role="alert"><strong>The webhook of ${name} has fallen silent</strong> since ${instant(silent_since)}: its API tells of changes that no delivery tells of${missed === 0 ? '' : ` (${missed} at the last look)`}. Nothing is lost, but it comes later: look at the webhook in the shop, it may have been switched off.</p>`,
    failing === null
      ? ''
      : html`<p class="notice bad" role="alert"><strong>${name} cannot be read</strong>: ${failing}. What its deliveries do not tell stays unknown until that is mended.</p>`,
  ])}`;

const sourceTable = ({ sources }: Stats): Html =>
  table(
    ['Source', 'Deliveries', 'Last look at its API', 'Next', 'Found', 'Not delivered', 'Still to ask'],
    sources.map((source) => [
      `${source.name} (${source.type})`,
      source.silent_since !== null ? word('silent') : source.heard_at === null ? 'none yet' : word('heard'),
      source.can_be_asked ? instant(source.last_sweep_at) || 'not yet' : 'cannot be asked',
      instant(source.next_sweep_at),
      source.can_be_asked ? String(source.found) : '',
      source.can_be_asked ? String(source.missed) : '',
      source.waiting_fetches === 0 ? '' : String(source.waiting_fetches),
    ]),
  );

function attention(stats: Stats): Html {
  const held = Object.entries(stats.held);
  const unlinked = stats.unlinked_payments;
  const failed = stats.events.failed;
  if (held.length === 0 && unlinked === 0 && failed === 0) {
    return section('Waits for you', html`<p class="good">Nothing.</p>`);
  }
  return section(
    'Waits for you',
    table(
      ['What', 'How many'],
      [
        ...held.map(([reason, count]) => [html`<a href="/admin/jobs?status=held">Held: ${reason}</a>`, String(count)]),
        ...(failed === 0
          ? []
          : [[html`<a href="/admin/events?status=failed">Deliveries that failed</a>`, String(failed)]]),
        ...(unlinked === 0
          ? []
          : [[html`<a href="/admin/payments?status=unlinked">Payments without an order</a>`, String(unlinked)]]),
      ],
    ),
  );
}

const counts = (by: Readonly<Record<string, number>>, pathOf: (status: string) => string): Html =>
  table(
    ['Status', 'How many'],
    Object.entries(by).map(([status, count]) => [html`<a href="${pathOf(status)}">${word(status)}</a>`, String(count)]),
  );

/** What the breaker of a provider's account means to a person. */
const CONNECTION = { closed: 'connected', half_open: 'trying', open: 'blocked' } as const;

function issuing(session: Session, { pauses, providers, oldest_pending_seconds: oldest }: Stats): Html {
  const paused = (scope: string): boolean => pauses.paused.includes(scope);
  const rows = providers.map(({ name, type, budget_left, breaker, blocked_until, reason, directory }) => [
    `${name} (${type})`,
    html`${word(CONNECTION[breaker])} ${reason ?? ''} ${instant(blocked_until)}`,
    budget_left === null ? 'no limit' : `${budget_left} requests left`,
    directory === null ? 'searched there' : directory.detail,
    paused(`provider:${name}`)
      ? button(session, '/admin/resume', 'Resume', { provider: name })
      : button(session, '/admin/pause', 'Pause', { provider: name }),
  ]);
  const others = [...pauses.paused.filter((scope) => scope.startsWith('source:')), ...pauses.configured];
  return html`${
    paused('all')
      ? html`<p class="notice">Everything is paused: deliveries are stored, nothing is issued.</p>${button(session, '/admin/resume', 'Resume everything')}`
      : button(session, '/admin/pause', 'Pause everything')
  }${others.length === 0 ? '' : html`<p class="notice">Paused: ${others.join(', ')}</p>`}<p class="soft">${
    oldest === null ? 'No work waits.' : `The oldest work has waited ${oldest} s.`
  }</p>${table(['Provider', 'Connection', 'Budget', 'Clients', ''], rows)}`;
}
