// Jobs: a list by status, and one with what may be done about it.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { JOB_STATUSES } from '../../domain/states.ts';
import { findJobs, type JobView, showJob } from '../../operations/jobs.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import { invalid } from '../../operations/parts.ts';
import { resolveJob } from '../../operations/resolve.ts';
import { retryJob } from '../../operations/retry.ts';
import { answerForms, answerOf } from './answer-forms.ts';
import { type AdminEnv, idIn, type PageParts, showAnswered, showPage, showRefusal } from './env.ts';
import {
  button,
  type Html,
  instant,
  list,
  money,
  nextPage,
  orderLink,
  section,
  statusFilter,
  table,
  word,
} from './layout.ts';
import type { Session } from './sessions.ts';

const PLACE = '/admin/jobs';

export function jobPages({ operations }: PageParts): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();
  app.get(PLACE, async (c) => {
    const status = JOB_STATUSES.find((one) => one === c.req.query('status'));
    const { limit, cursor } = PageQuerySchema.parse({ cursor: c.req.query('cursor') });
    return showAnswered(c, await findJobs(operations, { status, limit, cursor }), ({ items, next_cursor }) =>
      showPage(
        c,
        'Jobs',
        PLACE,
        html`${statusFilter(PLACE, JOB_STATUSES, status)}<section>${jobTable(items)}${nextPage(PLACE, { status }, next_cursor)}</section>`,
      ),
    );
  });
  app.get(`${PLACE}/:id`, async (c) =>
    showAnswered(c, await showJob(operations, idIn(c)), (job) =>
      showPage(c, `Job ${job.id}`, PLACE, jobPage(c.get('session'), job)),
    ),
  );
  app.post(`${PLACE}/:id/retry`, async (c) =>
    showAnswered(c, await retryJob(operations, idIn(c)), ({ id }) => c.redirect(`${PLACE}/${id}`, 303)),
  );
  app.post(`${PLACE}/:id/resolve`, async (c) => {
    const answer = answerOf(c.get('form'));
    if (answer === null)
      return showRefusal(c, invalid('answer_incomplete', 'fill in the form and send it again').error);
    return showAnswered(c, await resolveJob(operations, idIn(c), answer), ({ id, warning }) =>
      warning === null
        ? c.redirect(`${PLACE}/${id}`, 303)
        : showPage(
            c,
            'Taken, with a difference',
            PLACE,
            html`<section><p class="notice">${warning}</p><p><a href="${PLACE}/${id}">Job ${id}</a></p></section>`,
          ),
    );
  });
  return app;
}

/** Jobs as rows, each with a way to its order. */
export const jobTable = (jobs: readonly JobView[]): Html =>
  table(
    ['Job', 'What', 'Order', 'Amount', 'Provider', 'Status', 'Why'],
    jobs.map((job) => [
      html`<a href="/admin/jobs/${job.id}">${job.id}</a>`,
      job.kind.replace('_', ' '),
      orderLink(job.source, job.order_id, `${job.source} ${job.order_number}`),
      html`<span class="number">${money(job.amount, job.currency)}</span>`,
      job.provider,
      word(job.phase ?? job.status),
      html`${job.reason ?? ''} <span class="soft">${job.detail ?? ''}</span>`,
    ]),
  );

const jobPage = (session: Session, job: JobView): Html =>
  html`${section(
    `${job.kind.replace('_', ' ')} ${money(job.amount, job.currency)}`,
    list([
      ['Status', html`${word(job.status)} ${job.phase ?? ''}`],
      ['Reason', job.reason],
      ['Detail', job.detail],
      ['Order', orderLink(job.source, job.order_id, `${job.source} ${job.order_number}`)],
      ['Provider', job.provider],
      ['Attempts', String(job.attempts)],
      ['Next attempt', instant(job.next_attempt_at)],
      ['Key', job.key],
      ['Since', instant(job.created_at)],
      ['Last answer', job.decision === null ? null : `${job.decision.at} ${JSON.stringify(job.decision.answer)}`],
    ]),
  )}${isOver(job) ? '' : whatToDo(session, job)}`;

const isOver = ({ status }: JobView): boolean => status === 'done' || status === 'skipped';

const whatToDo = (session: Session, job: JobView): Html =>
  section(
    'What may be done',
    html`${job.help === null ? '' : html`<p class="notice">${job.help}</p>`}${
      job.retriable
        ? html`<p>${job.phase === null ? 'It is tried again at once.' : 'It is looked up at the provider; nothing is sent blindly.'}</p>${button(
            session,
            `/admin/jobs/${job.id}/retry`,
            'Try again now',
          )}`
        : ''
    }${answerForms(session, job)}`,
  );
