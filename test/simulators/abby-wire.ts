// How a simulated Abby reads and answers: refusals in the forms that are known, numbers as JSON numbers.
import type Big from 'big.js';
import type { z } from 'zod';
import type { AbbySwitches } from './abby-switches.ts';
import type { Answer } from './http-simulator.ts';

/** The documented codes. */
const CODES = {
  400: 'bad_request',
  401: 'token_failure',
  403: 'forbidden',
  404: 'not_found',
  500: 'internal_server_error',
} as const;

/** Answered with its status; a property makes it a failed validation. */
export class Refusal extends Error {
  readonly status: keyof typeof CODES;
  readonly property: string | null;
  constructor(status: keyof typeof CODES, message: string, property: string | null = null) {
    super(message);
    this.status = status;
    this.property = property;
  }
}

export const invalid = (property: string, message: string): Refusal => new Refusal(400, message, property);

/** Throws a refusal that names the first property at fault. */
export function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(issue?.path.join('.') || 'body', issue?.message ?? 'is invalid');
}

/** JSON numbers of exact values: whole cents and tenths of a cent are far below the limits of a double. */
export const asNumber = (value: bigint | Big): number => Number(value.toString());

export const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

export function refuse(refusal: Refusal, errors: AbbySwitches['errors']): Answer {
  const { status, message, property } = refusal;
  if (errors === 'documented') {
    const type = { 401: 'authentication_error', 500: 'api_error' }[status as number] ?? 'rsc_error';
    const code = property === null ? CODES[status] : 'validation_error';
    return json(status, { type, code, message, ...(property === null ? {} : { param: property }) });
  }
  if (property === null) return json(status, { statusCode: status, message });
  if (errors === 'nest_list') {
    return json(status, { statusCode: status, message: [`${property} ${message}`], error: 'Bad Request' });
  }
  return json(status, {
    statusCode: status,
    message: 'Validation failed',
    errors: [{ property, constraints: { isValid: `${property} ${message}` } }],
  });
}

/** The form of a 429. Neither the limit nor any counting header is public: only `retry-after` is known. */
export function turnAway(seconds: number, errors: AbbySwitches['errors']): Answer {
  const message = 'Too Many Requests';
  // The documented list of codes has none for this status.
  const body = errors === 'documented' ? { type: 'api_error', message } : { statusCode: 429, message };
  return { ...json(429, body), headers: { 'retry-after': String(seconds) } };
}
