// Reconciliations: the form that asks for one, the list of them, and one with its differences.
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Difference } from '../../operations/difference.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import type { Report } from '../../operations/reconcile.ts';
import type { SourceReading } from '../../operations/reconcile-reading.ts';
import {
  beginReconciliation,
  findReconciliations,
  type ReconciliationLine,
  type ReconciliationView,
  showReconciliation,
} from '../../operations/reconciliations.ts';
import type { Registry } from '../../registry.ts';
import { type AdminEnv, idIn, type PageParts, showAnswered, showPage } from './env.ts';
import { csrfField, type Html, instant, list, money, nextPage, orderLink, section, table, word } from './layout.ts';
import type { Session } from './sessions.ts';

const PLACE = '/admin/reconciliations';

export function reconciliationPages({ operations }: PageParts): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();
  app.get(PLACE, async (c) => {
    const { limit, cursor } = PageQuerySchema.parse({ cursor: c.req.query('cursor') });
    return showAnswered(c, await findReconciliations(operations, { limit, cursor }), ({ items, next_cursor }) =>
      showPage(
        c,
        'Reconciliation',
        PLACE,
        html`${section('Compare now', reconcileForm(c.get('session'), operations.registry))}<section>${table(
          ['Asked for', 'Since', 'Source', 'Status', 'Differences'],
          items.map((line) => [
            html`<a href="${PLACE}/${line.reconciliation_id}">${instant(line.created_at)}</a>`,
            instant(line.since),
            line.source ?? 'all',
            word(line.status),
            line.differences === null ? '' : String(line.differences),
          ]),
        )}${nextPage(PLACE, {}, next_cursor)}</section>`,
      ),
    );
  });
  app.post(PLACE, async (c) => {
    const form = c.get('form');
    const source = form.get('source');
    const asked = {
      since: form.get('since')?.trim() ?? '',
      providers: form.has('providers'),
      ...(source && { source }),
    };
    return showAnswered(c, await beginReconciliation(operations, asked), ({ reconciliation_id }) =>
      c.redirect(`${PLACE}/${reconciliation_id}`, 303),
    );
  });
  app.get(`${PLACE}/:id`, async (c) =>
    showAnswered(c, await showReconciliation(operations, idIn(c)), (view) =>
      showPage(c, `Reconciliation ${view.reconciliation_id}`, PLACE, reconciliationPage(view)),
    ),
  );
  return app;
}

/** Asks for a reconciliation of one source, or of all that can be asked. */
export const reconcileForm = (session: Session, { sources }: Registry): Html =>
  html`<form method="post" action="${PLACE}">${csrfField(session)}
<label>Source<select name="source"><option value="">all that can be asked</option>${[...sources.values()]
    .filter(({ api }) => api !== null)
    .map(({ name }) => html`<option value="${name}">${name}</option>`)}</select></label>
<label>Since (2026-11-01, 48h, 7d)<input name="since" value="7d" required></label>
<label class="check"><input type="checkbox" name="providers" value="yes" checked>Look at each document at its provider</label>
<button>Reconcile</button></form>`;

/** A line that leads to the report. */
export const lastReconciliation = (line: ReconciliationLine | undefined): Html =>
  line === undefined
    ? html`<p class="soft">Nothing was reconciled yet.</p>`
    : html`<p class="soft">Last: <a href="${PLACE}/${line.reconciliation_id}">${instant(line.created_at)}</a> ${word(line.status)} ${
        line.differences === null ? '' : `differences: ${line.differences}`
      }</p>`;

const reconciliationPage = (view: ReconciliationView): Html =>
  html`${section(
    'What was asked for',
    html`${list([
      ['Status', word(view.status)],
      ['Since', instant(view.since)],
      ['Source', view.source ?? 'all that can be asked'],
      ['Providers', view.providers ? 'asked for each document' : 'not asked'],
    ])}${underWay(view)}`,
  )}${view.report === null ? readings(view.progress.sources) : reported(view.report)}`;

function underWay({ reconciliation_id, status, progress, report }: ReconciliationView): Html | string {
  if (status === 'running') {
    const { sales } = progress;
    return html`<p class="notice">${
      sales === null ? 'The sources are being read.' : `${sales.compared} of ${sales.of} sales are compared.`
    } <a href="${PLACE}/${reconciliation_id}">Look again</a></p>`;
  }
  return report === null ? html`<p class="notice">A defect ended it: the log says more.</p>` : '';
}

const readings = (sources: readonly SourceReading[]): Html =>
  section(
    'What the sources told',
    html`${sources.map(({ source, problem }) =>
      problem === null
        ? ''
        : html`<p class="notice bad">${source} could not be read: ${problem.detail} (${problem.code})</p>`,
    )}${table(
      ['Source', 'List', 'Status', 'Pages', 'Found', 'Not known here'],
      sources.flatMap(({ source, streams }) =>
        streams.map(({ stream, status, pages, found, missed }) => [
          source,
          stream,
          word(status),
          String(pages),
          String(found),
          String(missed),
        ]),
      ),
    )}`,
  );

/** More than this is for programs. */
const MOST_SHOWN = 200;

function reported({ sources, not_asked, providers, sales, differences }: Report): Html {
  const rest = differences.length - MOST_SHOWN;
  return html`${section(
    `Differences: ${differences.length}`,
    differences.length === 0
      ? html`<p class="good">None among ${sales} sales.</p>`
      : html`<p class="soft">Among ${sales} sales.</p>${table(
          ['What', 'Order', 'Document', 'Expected', 'Found', 'What to do'],
          differences.slice(0, MOST_SHOWN).map(differenceRow),
        )}${rest > 0 ? html`<p class="soft">And ${rest} more: the admin API has them all.</p>` : ''}`,
  )}${readings(sources)}${
    not_asked.length === 0
      ? ''
      : html`<p class="soft">Not asked, for want of access to their API: ${not_asked.join(', ')}. What their deliveries never told stays unknown.</p>`
  }${
    providers.length === 0
      ? ''
      : section(
          'What the providers told',
          table(
            ['Provider', 'Documents read', 'Not read', 'Why'],
            providers.map(({ provider, read, unread, problem }) => [
              provider,
              String(read),
              String(unread),
              problem === null ? '' : `${problem.detail} (${problem.code})`,
            ]),
          ),
        )
  }`;
}

const KINDS: Readonly<Record<Difference['kind'], string>> = {
  order_without_invoice: 'Paid, and no invoice',
  paid_but_open: 'Paid, and open at the provider',
  refund_without_credit_note: 'Refunded, and no credit note',
  amount_differs: 'Amounts differ',
  payment_without_order: 'Payment without an order',
  document_gone: 'Document is gone',
  draft_left: 'Left as a draft',
};

const differenceRow = (one: Difference): (Html | string)[] => [
  html`<strong>${KINDS[one.kind]}</strong><br><span class="soft">${one.detail}</span>`,
  one.order_id === null
    ? `${one.source} ${one.payment_id ?? ''}`
    : orderLink(one.source, one.order_id, `${one.source} ${one.order_number ?? one.order_id}`),
  one.document === null ? '' : `${one.document} (${one.provider})`,
  one.expected === null ? '' : money(one.expected.amount, one.expected.currency),
  one.found === null ? 'nothing' : money(one.found.amount, one.found.currency),
  one.help,
];
