// What a person may answer to a held job, each with its consequence, and the answer that such a form stands for.
import { html } from 'hono/html';
import type { Answer, AnswerKind } from '../../operations/answers.ts';
import { AnswerSchema } from '../../operations/answers.ts';
import type { CandidateView, JobView } from '../../operations/jobs.ts';
import type { Form } from './forms.ts';
import { csrfField, type Html, hidden, money } from './layout.ts';
import type { Session } from './sessions.ts';

type AnswerForm = { consequence: string; label: string; fields: Html };

const text = (name: string, label: string, required = true): Html =>
  required
    ? html`<label>${label}<input name="${name}" required maxlength="500"></label>`
    : html`<label>${label}<input name="${name}" maxlength="100"></label>`;

const FORMS: Readonly<Record<AnswerKind, AnswerForm>> = {
  approve: {
    consequence: 'It goes on and is made at the provider. A payment is recorded up to what its invoice has open.',
    label: 'Approve',
    fields: html``,
  },
  client_id: {
    consequence: 'The invoice is made for this client, whatever the matching would say.',
    label: 'Take this client',
    fields: text('client_id', 'Client’s id at the provider'),
  },
  invoice_id: {
    consequence: 'The document is read at the provider and counts as the one this job was to make. Nothing is sent.',
    label: 'It is this document',
    fields: text('invoice_id', 'Document’s id at the provider'),
  },
  send_again: {
    consequence: 'A new document is made. If the first one did arrive, there will be two: look at the provider first.',
    label: 'It is not there: send again',
    fields: text('send_again', 'How do you know?'),
  },
  done_by_hand: {
    consequence: 'It counts as done. Nothing is sent, and what waits for it goes on.',
    label: 'Done by hand',
    fields: html`${text('number', 'Number, if it has one', false)}${text('note', 'What was done')}`,
  },
  skip: {
    consequence: 'It is never made. With an invoice, its payments and credit notes are skipped too.',
    label: 'Skip for good',
    fields: text('skip', 'Why?'),
  },
};

/** The forms that this job's hold takes. */
export const answerForms = (session: Session, job: JobView): Html =>
  html`${candidateForms(session, job)}${job.answers.map((kind) => {
    const { consequence, label, fields } = FORMS[kind];
    return form(session, job, kind, html`<p>${consequence}</p>${fields}<button>${label}</button>`);
  })}`;

const form = (session: Session, job: JobView, kind: AnswerKind, content: Html): Html =>
  html`<form class="answer" method="post" action="/admin/jobs/${job.id}/resolve">${csrfField(session)}${hidden({ answer: kind })}${content}</form>`;

const candidateForms = (session: Session, job: JobView): Html =>
  html`${job.candidates.map((candidate) => {
    const kind: AnswerKind = 'client_id' in candidate ? 'client_id' : 'invoice_id';
    if (!job.answers.includes(kind)) return html`<p>${describe(candidate)}</p>`;
    const id = 'client_id' in candidate ? candidate.client_id : candidate.invoice_id;
    return form(
      session,
      job,
      kind,
      html`<p>${describe(candidate)}</p>${hidden({ [kind]: id })}<button>${FORMS[kind].label}</button>`,
    );
  })}`;

function describe(candidate: CandidateView): string {
  if ('client_id' in candidate) {
    const { client_id, name, email, tax_number, external_id } = candidate;
    return [`Client ${client_id}: ${name}`, email, tax_number, external_id].filter(Boolean).join(', ');
  }
  const { invoice_id, number, total, paid, currency } = candidate;
  return `Document ${number} (id ${invoice_id}): ${money(total, currency)}, ${money(paid, currency)} paid`;
}

/** The answer of a sent form; null when it stands for none. */
export function answerOf(form: Form): Answer | null {
  const value = (name: string): string => form.get(name) ?? '';
  const answers: Readonly<Record<AnswerKind, () => unknown>> = {
    approve: () => ({ approve: true }),
    client_id: () => ({ client_id: value('client_id') }),
    invoice_id: () => ({ invoice_id: value('invoice_id') }),
    send_again: () => ({ send_again: value('send_again') }),
    done_by_hand: () => ({
      done_by_hand: { note: value('note'), ...(value('number').trim() !== '' && { number: value('number') }) },
    }),
    skip: () => ({ skip: value('skip') }),
  };
  const kind = Object.entries(answers).find(([name]) => name === value('answer'));
  const parsed = AnswerSchema.safeParse(kind?.[1]());
  return parsed.success ? parsed.data : null;
}
