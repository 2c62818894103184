// The first page: what waits for a person and why, how much of everything there is, how each provider stands.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { pauseIssuing, resumeIssuing, type Scope } from '../../operations/pauses.ts';
import { type Stats, showStats } from '../../operations/stats.ts';
import { type AdminContext, type AdminEnv, type PageParts, showAnswered, showPage } from './env.ts';
import { button, type Html, instant, section, table, word } from './layout.ts';
import type { Session } from './sessions.ts';

export function overviewPages({ operations }: PageParts): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();
  app.get('/admin', async (c) => {
    const stats = await showStats(operations);
    return showPage(c, 'Overview', '/admin', overview(c.get('session'), stats));
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

const overview = (session: Session, stats: Stats): Html =>
  html`${attention(stats)}${section(
    'Jobs',
    counts(stats.jobs, (status) => `/admin/jobs?status=${status}`),
  )}${section(
    'Deliveries',
    counts(stats.events, (status) => `/admin/events?status=${status}`),
  )}${section('Issuing', issuing(session, stats))}`;

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
