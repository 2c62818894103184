// Reads a provider's answer into what is proved by it. Whatever is not listed as proof is `unknown`.
import type { HttpResult } from './connector.ts';
import { type Json, parseJson } from './domain/json.ts';
import type { Lookup, Outcome, Rejection } from './domain/outcome.ts';
import { type Problem, problem } from './domain/problem.ts';
import { err, ok, type Result } from './domain/result.ts';

/** How one provider's answers are read. Both functions get JSON whose numbers are text. */
export type AnswerReader<T> = {
  /** The value, when a 2xx answer proves that it exists; null when the body does not show it. */
  value(json: Json): T | null;
  /** A refusal in the provider's documented form, whatever the status (some come with 200); null when it is none. */
  rejection(status: number, json: Json | null): { rejection: Rejection; problem: Problem } | null;
};

/** The outcome of a request that changes something at the provider. */
export function readOutcome<T>(result: HttpResult, reader: AnswerReader<T>): Outcome<T> {
  if (result.kind === 'not_sent') return { kind: 'not_sent', problem: result.problem };
  if (result.kind === 'no_answer') return { kind: 'unknown', problem: result.problem };
  if (result.status === 429) return { kind: 'rejected', ...throttled(result.headers) };
  const json = jsonOf(result.body);
  // A server error proves nothing, even when its body speaks of an error: it may have come after the commit.
  const refusal =
    result.status >= 500 || (result.status >= 300 && result.status < 400)
      ? null
      : reader.rejection(result.status, json);
  if (refusal !== null) return { kind: 'rejected', ...refusal };
  if (result.status >= 200 && result.status < 300 && json !== null) {
    const value = reader.value(json);
    if (value !== null) return { kind: 'done', value };
  }
  return { kind: 'unknown', problem: unreadable(result.status, json) };
}

/** The result of a search or a read; anything but a readable 2xx answer is a failed search, never "none found". */
export function readLookup<T>(
  result: HttpResult,
  reader: { items(json: Json): T[] | null; rejection: AnswerReader<T>['rejection'] },
): Lookup<T> {
  if (result.kind !== 'answer') return { kind: 'failed', problem: result.problem, unanswered: true };
  if (result.status === 429) {
    const { rejection, problem: told } = throttled(result.headers);
    return { kind: 'failed', problem: told, throttled: { retryAfterMs: rejection.retryAfterMs } };
  }
  const json = jsonOf(result.body);
  const refusal = reader.rejection(result.status, json);
  if (refusal !== null) {
    return { kind: 'failed', problem: refusal.problem, account: refusal.rejection.kind === 'account' };
  }
  if (result.status >= 200 && result.status < 300 && json !== null) {
    const items = reader.items(json);
    if (items !== null) return { kind: 'found', items };
  }
  return { kind: 'failed', problem: unreadable(result.status, json) };
}

/** The PDF in an answer, checked to be one: a document of some seconds ago may have none yet, and be answered with a page. */
export function readPdf(result: HttpResult, provider: string): Result<Uint8Array> {
  if (result.kind !== 'answer') return err(result.problem);
  const { status, body } = result;
  if (status === 200 && Buffer.from(body.subarray(0, 5)).toString('latin1') === '%PDF-') return ok(body);
  return status === 401 || status === 403
    ? err(problem('credentials_refused', `${provider} does not accept the credential for the PDF (${status})`))
    : err(problem('pdf_not_ready', `${provider} answered ${status} without a PDF: try again soon`));
}

const jsonOf = (body: Uint8Array): Json | null => {
  const parsed = parseJson(body);
  return parsed.ok ? parsed.value : null;
};

const unreadable = (status: number, json: Json | null): Problem =>
  problem(
    'unclear_answer',
    json === null
      ? `the provider answered ${status} with a body that is not JSON`
      : `the provider answered ${status} in a form that proves nothing`,
  );

function throttled(headers: Readonly<Record<string, string>>): {
  rejection: { kind: 'throttled'; retryAfterMs: number | null };
  problem: Problem;
} {
  const retryAfterMs = retryAfter(headers['retry-after'], Date.parse(headers.date ?? ''));
  return {
    rejection: { kind: 'throttled', retryAfterMs },
    problem: problem('throttled', 'the provider says that there are too many requests (429)'),
  };
}

/** `Retry-After` in milliseconds, between one second and one day; null when absent or nonsense. The date form is read against the answer's own Date. */
export function retryAfter(value: string | undefined, answeredAt: number): number | null {
  if (value === undefined) return null;
  const seconds = /^\d{1,12}$/.test(value.trim()) ? Number(value) : (httpDate(value) - answeredAt) / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(Math.max(seconds, 1), 86_400) * 1000;
}

/** Only the form that HTTP writes (RFC 9110, 5.6.7): a lenient parser reads dates into nonsense. */
const httpDate = (text: string): number =>
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text.trim()) ? Date.parse(text) : Number.NaN;
