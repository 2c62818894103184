// How Shopify's Admin GraphQL API is asked, and what its answers prove. It answers 200 to nearly everything, refusals and
// "too many" among them, with `errors` beside or in place of the data. https://shopify.dev/docs/api/admin-graphql/2026-07
import { z } from 'zod';
import type { HttpResult, ProviderRequest, SourceIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Lookup, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';

/** Supported for a year from its date; afterwards Shopify answers as the oldest version that it still supports. */
export const API_VERSION = '2026-07';

export type Variables = Readonly<Record<string, unknown>>;

export const graphqlRequest = (query: string, variables: Variables): ProviderRequest => ({
  method: 'POST',
  path: `/admin/api/${API_VERSION}/graphql.json`,
  body: JSON.stringify({ query, variables }),
});

const ErrorSchema = z.object({
  message: z.string(),
  path: z.array(z.string()).nullish(),
  extensions: z.object({ code: z.string().nullish() }).nullish(),
});
type GraphqlError = z.infer<typeof ErrorSchema>;

const points = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/);

const EnvelopeSchema = z.object({
  data: z.custom<Json>().nullish(),
  /** One text where the request never reached GraphQL. */
  errors: z.union([z.string(), z.array(ErrorSchema)]).nullish(),
  extensions: z
    .object({
      cost: z.object({
        throttleStatus: z.object({ maximumAvailable: points, currentlyAvailable: points, restoreRate: points }),
      }),
    })
    .nullish()
    .catch(null),
});
type Envelope = z.infer<typeof EnvelopeSchema>;

/** A field whose denial is borne: it comes as null. */
export type Tolerated = (path: readonly string[]) => boolean;
const NOTHING: Tolerated = () => false;

/** Asks once for data. Anything but data without an error that is not tolerated is a failed lookup. */
export async function ask(
  io: SourceIo,
  query: string,
  variables: Variables,
  tolerated: Tolerated = NOTHING,
): Promise<Lookup<Json>> {
  return readData(await io.http(graphqlRequest(query, variables)), tolerated);
}

export function readData(answer: HttpResult, tolerated: Tolerated): Lookup<Json> {
  let wait: { retryAfterMs: number | null } | null = null;
  const lookup = readLookup<Json>(answer, {
    items: (json) => {
      const data = EnvelopeSchema.safeParse(json).data?.data ?? null;
      return data === null ? null : [data];
    },
    rejection: (status, json) => {
      const refusal = rejection(status, json, tolerated);
      if (refusal?.rejection.kind === 'throttled') wait = { retryAfterMs: refusal.rejection.retryAfterMs };
      return refusal;
    },
  });
  return lookup.kind === 'failed' && wait !== null ? { ...lookup, throttled: wait } : lookup;
}

type Refusal = { rejection: Rejection; problem: Problem };

/** What an answer refuses, whatever its status; null where it refuses nothing, and where its errors prove nothing. */
export function rejection(status: number, json: Json | null, tolerated: Tolerated = NOTHING): Refusal | null {
  const envelope = EnvelopeSchema.safeParse(json).data;
  const byStatus = statusRefusal(status, typeof envelope?.errors === 'string' ? envelope.errors : '');
  if (byStatus !== null || envelope === undefined || !Array.isArray(envelope.errors)) return byStatus;
  const errors = envelope.errors.filter(({ path, extensions }) => !(isDenial(extensions) && tolerated(path ?? [])));
  if (errors.some(({ extensions }) => extensions?.code === 'THROTTLED')) return throttled(envelope);
  const denied = errors.find(({ extensions }) => isDenial(extensions));
  if (denied !== undefined) return { rejection: { kind: 'account' }, problem: denial(denied) };
  const [first] = errors;
  // An error of their server may come after the work was done.
  if (first === undefined || first.extensions?.code === 'INTERNAL_SERVER_ERROR') return null;
  const told = errors.map(({ message }) => message).join('; ');
  return { rejection: { kind: 'refused' }, problem: problem('refused', `Shopify refuses: ${told.slice(0, 500)}`) };
}

const isDenial = (extensions: GraphqlError['extensions']): boolean => extensions?.code === 'ACCESS_DENIED';

/** Statuses that come without GraphQL. All of them concern the whole shop or the whole token. */
function statusRefusal(status: number, told: string): Refusal | null {
  const details: Readonly<Record<number, string>> = {
    401: 'Shopify does not accept the access token: look at api.access_token',
    402: 'the shop is frozen: its owner owes Shopify money',
    403: 'Shopify forbids this token to ask: it may be of another shop, or its app may lack the approval',
    404: 'no shop is at this address: look at api.url',
    423: 'the shop is locked',
  };
  const detail = details[status];
  if (detail === undefined) return null;
  const code = status === 404 ? 'not_found' : 'credentials_refused';
  const full = told === '' ? `${detail} (${status})` : `${detail} (${status}: ${told.slice(0, 300)})`;
  return { rejection: { kind: 'account' }, problem: problem(code, full) };
}

/** The bucket must hold what a query may cost before it runs; it says how full it is and how fast it fills. */
function throttled({ extensions }: Envelope): Refusal {
  const status = extensions?.cost.throttleStatus;
  return {
    rejection: { kind: 'throttled', retryAfterMs: status === undefined ? null : untilFull(status) },
    problem: problem('throttled', 'Shopify says that its budget of query cost is used up (THROTTLED)'),
  };
}

type ThrottleStatus = NonNullable<Envelope['extensions']>['cost']['throttleStatus'];

/**
 * Milliseconds until the bucket is full, at least a second: an order of many pages is read from its beginning again, and
 * would otherwise run dry at the same place each time. Points are no money, so a float will do.
 */
function untilFull({ maximumAvailable, currentlyAvailable, restoreRate }: ThrottleStatus): number | null {
  const seconds = (Number(maximumAvailable) - Number(currentlyAvailable)) / Number(restoreRate);
  return Number.isFinite(seconds) ? Math.ceil(Math.max(seconds, 1)) * 1000 : null;
}

/** Two rights of different kinds: a scope of the token, and Shopify's approval to see who the buyers are. */
function denial({ message, path }: GraphqlError): Problem {
  const where = (path ?? []).join('.');
  return /not approved/i.test(message)
    ? problem(
        'protected_customer_data',
        `Shopify withholds the buyers’ data (${where}): the app needs access to protected customer data, name, address, ` +
          `e-mail and phone among it, and the shop a plan that allows it; ${message.slice(0, 300)}`,
      )
    : problem('missing_scope', `the access token lacks a right (${where}): ${message.slice(0, 300)}`);
}
