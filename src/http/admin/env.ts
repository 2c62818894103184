// What the admin pages share: who is signed in, the form that was sent, and how a page or a refusal is answered.
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Problem } from '../../domain/problem.ts';
import type { Decision } from '../../operations/answers.ts';
import type { Answered, OperationParts, Refusal } from '../../operations/parts.ts';
import { type ProblemStatus, refusalStatus } from '../problem.ts';
import type { Bindings } from '../raw-delivery.ts';
import type { Form } from './forms.ts';
import { type Html, layout, type Place } from './layout.ts';
import type { Session } from './sessions.ts';

/** `form` is empty for a page that is only looked at. */
export type AdminEnv = { Bindings: Bindings; Variables: { session: Session; form: Form } };
export type AdminContext = Context<AdminEnv>;
export type PageParts = { operations: OperationParts };

export const showPage = async (c: AdminContext, title: string, place: Place | null, content: Html): Promise<Response> =>
  c.html(await layout(title, c.get('session'), place, content));

/** A page that says why nothing was done. */
export const showProblem = async (
  c: AdminContext,
  status: ProblemStatus,
  { code, detail }: Problem,
  decision?: Decision,
): Promise<Response> => {
  const standing =
    decision === undefined ? '' : html`<p>Decided ${decision.at}: <code>${JSON.stringify(decision.answer)}</code></p>`;
  const content = html`<section><p class="notice">${detail}</p>${standing}<p class="soft">${code}</p></section>`;
  return c.html(await layout('This was not done', c.get('session'), null, content), status);
};

export const showRefusal = (c: AdminContext, refusal: Refusal): Promise<Response> =>
  showProblem(c, refusalStatus(refusal), refusal.problem, refusal.decision);

/** Shows what an operation gave, or why it gave nothing. */
export const showAnswered = async <T>(
  c: AdminContext,
  answered: Answered<T>,
  show: (value: T) => Promise<Response> | Response,
): Promise<Response> => (answered.ok ? show(answered.value) : showRefusal(c, answered.error));

/** The row that a path names; 0, which names none, for a text that is no id. */
export const idIn = (c: AdminContext): number => {
  const text = c.req.param('id') ?? '';
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
};
