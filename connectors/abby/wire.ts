// What Abby answers, and what its answers prove. Numbers arrive as text; amounts are cents, times are unix seconds.
import Big from 'big.js';
import { z } from 'zod';
import type { HttpResult } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Minor } from '../../src/domain/money.ts';
import type { Outcome, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';

export const IdSchema = z.string().regex(/^[\w-]{1,100}$/);

/** A JSON number in any of its spellings, read exactly. */
const NumberSchema = z
  .string()
  .regex(/^-?\d{1,18}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/)
  .transform((text) => new Big(text));

/** Digits below which a sum made of floats says nothing. */
const NOISE_DECIMALS = 6;

/** Whole cents; what a sum of floats adds far behind the point is taken off, a true fraction is refused. */
export const CentsSchema = NumberSchema.transform((amount, context): Minor => {
  const rounded = amount.round(NOISE_DECIMALS, Big.roundHalfUp);
  if (rounded.eq(rounded.round(0, Big.roundDown))) return BigInt(rounded.toFixed(0));
  context.addIssue({ code: 'custom', message: 'expected whole cents' });
  return z.NEVER;
});

/** Unix seconds as a UTC instant. */
export const TimeSchema = z
  .string()
  .regex(/^\d{1,11}(\.\d+)?$/)
  .transform((seconds) => new Date(Math.trunc(Number(seconds)) * 1000).toISOString());

/** The form on Abby's page on errors. */
const DocumentedSchema = z.object({
  type: z.enum(['api_error', 'authentication_error', 'rsc_error']),
  code: z.string(),
  message: z.string(),
  param: z.string().nullish(),
});

/** The form that public clients met: the status is repeated, failed checks are listed by property. */
const MetSchema = z.object({
  statusCode: z.string(),
  message: z.union([z.string(), z.array(z.string())]),
  errors: z.array(z.object({ constraints: z.record(z.string(), z.string()) })).nullish(),
});

/** What a 404 to this request says is missing. */
type Missing = Extract<Rejection['kind'], 'gone' | 'stale_client' | 'refused'>;
type Refused = { rejection: Rejection; problem: Problem };

/**
 * What a refusal proves. 401, 403 and 404 prove by their status alone that nothing was done; any other status only with a
 * body in one of Abby's two forms.
 */
export const refusals =
  (missing: Missing) =>
  (status: number, json: Json | null): Refused | null => {
    if (status < 400) return null;
    const told = refusalText(status, json);
    const said = told === null ? String(status) : `${status}: ${told}`;
    if (status === 401) {
      const detail = `Abby does not accept the API key (${said}): make a new one under Paramètres > Intégrations`;
      return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
    }
    if (status === 403) {
      const detail = `Abby refuses this account the API (${said}): it belongs to the paid plans, Pro and above`;
      return { rejection: { kind: 'account' }, problem: problem('plan_lacks_api', detail) };
    }
    if (status === 404 || (missing === 'stale_client' && isMissing(told))) {
      return { rejection: { kind: missing }, problem: problem('not_found', `Abby does not know it (${said})`) };
    }
    if (told === null) return null;
    return { rejection: { kind: 'refused' }, problem: problem('refused', `Abby refuses: ${told}`) };
  };

/** A draft for an unknown client is documented to answer 400. */
const isMissing = (told: string | null): boolean => /not[ _.]?found/i.test(told ?? '');

/** The messages of a refusal in one line, or null when it has none of the known forms. */
export function refusalText(status: number, json: Json | null): string | null {
  const documented = DocumentedSchema.safeParse(json);
  if (documented.success) {
    const { code, message, param } = documented.data;
    // It says that Abby failed, not that Abby refused.
    if (code === 'internal_server_error') return null;
    return [param, message].filter(Boolean).join(': ').slice(0, 500);
  }
  const met = MetSchema.safeParse(json);
  if (!met.success || met.data.statusCode !== String(status)) return null;
  const constraints = met.data.errors?.flatMap((error) => Object.values(error.constraints)) ?? [];
  return [met.data.message, ...constraints].flat().join('; ').slice(0, 500);
}

/** The outcome of a request that is answered 204, without a body: that status alone proves it. */
export function readNoContent(
  result: HttpResult,
  rejection: (status: number, json: Json | null) => Refused | null,
): Outcome<null> {
  if (result.kind === 'answer' && result.status === 204) return { kind: 'done', value: null };
  return readOutcome<null>(result, { value: () => null, rejection });
}
