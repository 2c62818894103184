// Problem details (RFC 9457): how every door says no. Nothing of a defect but that there was one is ever told.
import type { Problem } from '../domain/problem.ts';
import type { Refusal } from '../operations/parts.ts';

const TITLES = {
  400: 'Bad request',
  401: 'Not authorised',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Body too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many attempts',
  500: 'Internal error',
  502: 'The provider did not answer as needed',
  503: 'Not available now',
} as const;
export type ProblemStatus = keyof typeof TITLES;

/** An `application/problem+json` answer. `code` is stable; `extra` members stand beside the standard ones. */
export function problemResponse(
  status: ProblemStatus,
  { code, detail, at }: Problem,
  { headers, extra }: { headers?: Record<string, string>; extra?: Record<string, unknown> } = {},
): Response {
  const body = { type: 'about:blank', title: TITLES[status], status, code, detail, ...(at && { at }), ...extra };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}

/** The same for every path that leads nowhere, so that nobody learns which sources exist. */
export const notFoundResponse = (): Response =>
  problemResponse(404, { code: 'not_found', detail: 'there is nothing here' });

const STATUS_OF = { not_found: 404, conflict: 409, invalid: 422, unavailable: 502 } as const;

export const refusalStatus = ({ kind }: Refusal): ProblemStatus => STATUS_OF[kind];

/** Tells why a verb did nothing, with the standing decision where somebody else was faster. */
export const refusalResponse = (refusal: Refusal): Response =>
  problemResponse(
    refusalStatus(refusal),
    refusal.problem,
    refusal.decision === undefined ? {} : { extra: { decision: refusal.decision } },
  );
