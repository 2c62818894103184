// Deliveries as they came in, and what was understood from them.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { EVENT_STATUSES } from '../../domain/states.ts';
import { type EventDetail, type EventView, findEvents, replayEvent, showEvent } from '../../operations/events.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import { type AdminEnv, idIn, type PageParts, showAnswered, showPage } from './env.ts';
import { jobTable } from './jobs.ts';
import { button, type Html, instant, list, nextPage, orderLink, section, statusFilter, table, word } from './layout.ts';
import type { Session } from './sessions.ts';

const PLACE = '/admin/events';

export function eventPages({ operations }: PageParts): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();
  app.get(PLACE, async (c) => {
    const status = EVENT_STATUSES.find((one) => one === c.req.query('status'));
    const { limit, cursor } = PageQuerySchema.parse({ cursor: c.req.query('cursor') });
    return showAnswered(c, await findEvents(operations, { status, limit, cursor }), ({ items, next_cursor }) =>
      showPage(
        c,
        'Deliveries',
        PLACE,
        html`${statusFilter(PLACE, EVENT_STATUSES, status)}<section>${eventTable(items)}${nextPage(PLACE, { status }, next_cursor)}</section>`,
      ),
    );
  });
  app.get(`${PLACE}/:id`, async (c) =>
    showAnswered(c, await showEvent(operations, idIn(c)), (event) =>
      showPage(c, `Delivery ${event.id}`, PLACE, eventPage(c.get('session'), event)),
    ),
  );
  app.post(`${PLACE}/:id/replay`, async (c) =>
    showAnswered(c, await replayEvent(operations, idIn(c)), ({ event_id }) => c.redirect(`${PLACE}/${event_id}`, 303)),
  );
  return app;
}

const eventTable = (events: readonly EventView[]): Html =>
  table(
    ['Delivery', 'Received', 'Source', 'Topic', 'Order', 'Status', 'Why'],
    events.map((event) => [
      html`<a href="${PLACE}/${event.id}">${event.id}</a>`,
      instant(event.received_at),
      event.source,
      event.topic,
      event.order_id ?? '',
      word(event.status),
      html`${event.reason ?? ''} <span class="soft">${event.detail ?? ''}</span>`,
    ]),
  );

const eventPage = (session: Session, event: EventDetail): Html =>
  html`${section(
    event.topic,
    html`${list([
      ['Status', html`${word(event.status)}`],
      ['Reason', event.reason],
      ['Detail', event.detail],
      ['Source', event.source],
      ['Order', event.order_id === null ? null : orderLink(event.source, event.order_id, event.order_id)],
      ['Received', instant(event.received_at)],
      ['Delivery id', event.delivery_id],
    ])}<p class="soft">Running it again reads the stored bytes anew. A document that exists is never made twice.</p>${button(
      session,
      `${PLACE}/${event.id}/replay`,
      'Run again',
    )}`,
  )}${section('Jobs', jobTable(event.jobs))}${section('Understood', json(event.understood))}${section(
    'Headers',
    json(event.headers),
  )}${section('Payload', json(event.payload))}`;

const json = (value: unknown): Html =>
  html`<pre>${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>`;
