// The frame of every admin page and the small parts that pages are made of. All text goes through the escaping template.
import { html } from 'hono/html';
import { CSRF_FIELD } from './forms.ts';
import type { Session } from './sessions.ts';

/** A piece of a page: escaped already, so that it may stand inside another. */
export type Html = ReturnType<typeof html>;

const MENU = [
  ['/admin', 'Overview'],
  ['/admin/jobs', 'Jobs'],
  ['/admin/events', 'Deliveries'],
  ['/admin/payments', 'Payments'],
  ['/admin/reconciliations', 'Reconciliation'],
] as const;
export type Place = (typeof MENU)[number][0];

/** A whole page. Without a session it shows no menu. */
export const layout = (
  title: string,
  session: Session | null,
  place: Place | null,
  content: Html,
): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · invoice-bridge</title>
<link rel="stylesheet" href="/admin/style.css">
</head>
<body>
<header><div><strong>invoice-bridge</strong>${session === null ? '' : menu(session, place)}</div></header>
<main><h1>${title}</h1>${content}</main>
</body>
</html>`;

const menu = (session: Session, place: Place | null): Html =>
  html`<nav>${MENU.map(([path, name]) =>
    path === place ? html`<a href="${path}" aria-current="page">${name}</a>` : html`<a href="${path}">${name}</a>`,
  )}</nav>${button(session, '/admin/sign-out', 'Sign out')}`;

/** A form that is one button. `fields` go with it. */
export const button = (session: Session, action: string, label: string, fields: Record<string, string> = {}): Html =>
  html`<form method="post" action="${action}">${csrfField(session)}${hidden(fields)}<button>${label}</button></form>`;

export const csrfField = (session: Session): Html =>
  html`<input type="hidden" name="${CSRF_FIELD}" value="${session.csrf}">`;

export const hidden = (fields: Record<string, string>): Html =>
  html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;

export const section = (title: string, content: Html): Html => html`<section><h2>${title}</h2>${content}</section>`;

/** Rows under headings; a phone shows each cell under its heading's name. */
export const table = (headings: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html =>
  rows.length === 0
    ? html`<p class="soft">Nothing here.</p>`
    : html`<table><thead><tr>${headings.map((heading) => html`<th>${heading}</th>`)}</tr></thead><tbody>${rows.map(
        (row) =>
          html`<tr>${row.map((cell, index) => html`<td data-label="${headings[index] ?? ''}">${cell}</td>`)}</tr>`,
      )}</tbody></table>`;

/** Names and values; what is missing or empty is left out. */
export const list = (entries: readonly (readonly [string, Html | string | null])[]): Html =>
  html`<dl>${entries.map(([name, value]) => (value === null || value === '' ? '' : html`<dt>${name}</dt><dd>${value}</dd>`))}</dl>`;

const TONES: Readonly<Record<string, string>> = {
  done: 'good',
  applied: 'good',
  paid: 'good',
  connected: 'good',
  heard: 'good',
  held: 'warn',
  waits: 'warn',
  doubtful: 'warn',
  ambiguous: 'warn',
  trying: 'warn',
  failed: 'bad',
  dead: 'bad',
  blocked: 'bad',
  silent: 'bad',
};

/** One of the words for where a thing stands. */
export const word = (text: string): Html => html`<span class="word ${TONES[text] ?? ''}">${text}</span>`;

/** An instant, to the second, in UTC. */
export const instant = (iso: string | null): Html | string =>
  iso === null ? '' : html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;

export const money = (amount: string | null, currency: string): string =>
  amount === null ? '' : `${amount} ${currency}`;

export const orderLink = (source: string, orderId: string, text: string): Html =>
  html`<a href="/admin/orders/${encodeURIComponent(source)}/${encodeURIComponent(orderId)}">${text}</a>`;

/** The way to the next page of a list, keeping its filter. */
export function nextPage(
  path: Place,
  filter: Record<string, string | undefined>,
  cursor: string | null,
): Html | string {
  if (cursor === null) return '';
  const query = new URLSearchParams({ cursor });
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
  return html`<p><a href="${path}?${query.toString()}">Older ones</a></p>`;
}

/** Links that narrow a list to one status. */
export const statusFilter = (path: Place, statuses: readonly string[], chosen: string | undefined): Html =>
  html`<nav>${['', ...statuses].map((status) => {
    const label = status === '' ? 'all' : status;
    const href = status === '' ? path : `${path}?status=${status}`;
    return status === (chosen ?? '')
      ? html`<a href="${href}" aria-current="page">${label}</a>`
      : html`<a href="${href}">${label}</a>`;
  })}</nav>`;
