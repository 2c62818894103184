// One order with everything that became of it, payments that no order has claimed, and documents as PDF.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { documentPdf } from '../../operations/documents.ts';
import { type OrderView, showOrder } from '../../operations/orders.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import { findPayments } from '../../operations/payments.ts';
import { pdfResponse } from '../pdf.ts';
import { type AdminEnv, type PageParts, showAnswered, showPage } from './env.ts';
import { jobTable } from './jobs.ts';
import { type Html, instant, list, money, nextPage, orderLink, section, statusFilter, table, word } from './layout.ts';

const PAYMENTS = '/admin/payments';

export function orderPages({ operations }: PageParts): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();
  app.get('/admin/orders/:source/:order_id', async (c) =>
    showAnswered(c, await showOrder(operations, c.req.param('source'), c.req.param('order_id')), (view) =>
      showPage(c, `Order ${view.order.number}`, null, orderPage(view)),
    ),
  );
  app.get('/admin/documents/:key/pdf', async (c) =>
    showAnswered(c, await documentPdf(operations, c.req.param('key')), ({ bytes, name }) => pdfResponse(bytes, name)),
  );
  app.get(PAYMENTS, async (c) => {
    const status = (['linked', 'unlinked'] as const).find((one) => one === c.req.query('status'));
    const { limit, cursor } = PageQuerySchema.parse({ cursor: c.req.query('cursor') });
    return showAnswered(c, await findPayments(operations, { status, limit, cursor }), ({ items, next_cursor }) =>
      showPage(
        c,
        'Payments',
        PAYMENTS,
        html`${statusFilter(PAYMENTS, ['unlinked', 'linked'], status)}<section>${table(
          ['Payment', 'Paid', 'Amount', 'Source', 'Status', 'Order', 'Why'],
          items.map((payment) => [
            payment.id,
            instant(payment.paid_at),
            money(payment.amount, payment.currency),
            payment.source,
            word(payment.status),
            payment.order_source !== null && payment.order_id !== null
              ? orderLink(payment.order_source, payment.order_id, payment.order_id)
              : payment.names.map(({ by, value }) => `${by}: ${value}`).join(', '),
            payment.reason ?? '',
          ]),
        )}${nextPage(PAYMENTS, { status }, next_cursor)}</section>`,
      ),
    );
  });
  return app;
}

const orderPage = ({ order, client, payments, refunds, movements, documents, jobs, timeline }: OrderView): Html =>
  html`${section(
    money(order.total, order.currency),
    list([
      ['Invoicing', html`${word(order.state)} ${order.reason ?? ''}`],
      ['Detail', order.detail],
      ['Source', order.source],
      ['Shop’s status', order.status],
      ['Placed', instant(order.placed_at)],
      ['Buyer', `${order.buyer.name}${order.buyer.email === null ? '' : `, ${order.buyer.email}`}`],
      ['Tax number', order.buyer.tax_number],
      ['Client', client === null ? null : `${client.id}${client.name === '' ? '' : `: ${client.name}`}`],
    ]),
  )}${section(
    'Documents',
    table(
      ['Number', 'What', 'Provider', 'Total', 'Paid', 'Status', ''],
      documents.map((document) => [
        document.number,
        document.kind.replace('_', ' '),
        document.provider,
        money(document.total, document.currency),
        money(document.paid, document.currency),
        word(document.status),
        html`${document.pdf_url === null ? '' : html`<a href="/admin/documents/${encodeURIComponent(document.key)}/pdf">PDF</a>`} ${publicLink(document.public_url)}`,
      ]),
    ),
  )}${section('Jobs', jobTable(jobs))}${section(
    'Lines',
    table(
      ['What', 'Quantity', 'Tax', 'Gross'],
      order.lines.map((line) => [
        line.name,
        line.quantity,
        line.rate === null ? 'none' : `${line.rate} %: ${money(line.tax, order.currency)}`,
        money(line.gross, order.currency),
      ]),
    ),
  )}${section(
    'Money',
    table(
      ['When', 'What', 'Amount', 'Told by'],
      [
        ...payments.map(({ id, amount, currency, paid_at, method, told_by }) => [
          instant(paid_at),
          `paid, ${method} ${id}`,
          money(amount, currency),
          told_by,
        ]),
        ...refunds.map(({ id, amount, currency, at, reason }) => [
          instant(at),
          `refunded, ${reason} ${id}`,
          money(amount, currency),
          order.source,
        ]),
        ...movements.map(({ kind, id, amount, currency, at, status, told_by }) => [
          instant(at),
          `${kind}, ${status} ${id}`,
          money(amount, currency),
          told_by,
        ]),
      ],
    ),
  )}${section(
    'Timeline',
    table(
      ['When', 'Stage', 'What happened'],
      timeline.map(({ at, step, detail, data }) => [
        instant(at),
        step,
        html`${detail}${data === null ? '' : html` <span class="soft">${JSON.stringify(data)}</span>`}`,
      ]),
    ),
  )}`;

/** A provider's own page of the document, if what it gave us is a web address and nothing else. */
const publicLink = (url: string | null): Html | string =>
  url !== null && /^https?:\/\//i.test(url) ? html`<a href="${url}" rel="noreferrer noopener">at the provider</a>` : '';
