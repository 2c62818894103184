// What PrestaShop's webservice answers. Lists come as `[]` when they are empty and else under the plural that the resource has
// inside the shop, which is not always its address (`order_slip` answers `order_slips`).
import { z } from 'zod';
import type { SourceIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Lookup, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';

const RowSchema = z.looseObject({ id: z.string().regex(/^[1-9]\d{0,17}$/) });

/** A row as the shop sent it; its numbers are text. */
export type Row = z.infer<typeof RowSchema>;

/** The code of a problem that says that the key may not read a resource, or that this PrestaShop has none of that name. */
export const NOT_READABLE = 'resource_not_readable';

/** The rows of a resource that the query names, in its order. */
export async function readRows(
  io: SourceIo,
  resource: string,
  query: Readonly<Record<string, string>>,
): Promise<Lookup<Row>> {
  const answer = await io.http({ method: 'GET', path: `/${resource}`, query: { output_format: 'JSON', ...query } });
  return readLookup(answer, { items: rowsIn, rejection: (status, json) => refusal(resource, status, json) });
}

/** A filter for any of these values. */
export const anyOf = (values: readonly string[]): string => `[${values.join('|')}]`;

function rowsIn(json: Json): Row[] | null {
  if (Array.isArray(json)) return json.length === 0 ? [] : null;
  if (json === null || typeof json !== 'object') return null;
  const [list, another] = Object.values(json);
  if (another !== undefined) return null;
  return z.array(RowSchema).safeParse(Array.isArray(list) ? list : [list]).data ?? null;
}

const ErrorsSchema = z.object({
  errors: z.array(z.object({ code: z.string().nullish(), message: z.string() })).min(1),
});

/** The webservice's own numbers of its errors. */
const CODE = { disabled: '22', methodNotAllowed: '25', notAllowed: '26', noSuchResource: '27' };

function refusal(
  resource: string,
  status: number,
  json: Json | null,
): { rejection: Rejection; problem: Problem } | null {
  const told = ErrorsSchema.safeParse(json).data?.errors[0];
  const said = told === undefined ? `${status}` : `${status}: ${told.message.slice(0, 300)}`;
  const account = (code: string, detail: string) => ({
    rejection: { kind: 'account' } as const,
    problem: problem(code, detail),
  });
  switch (told?.code) {
    case CODE.disabled:
      return account(
        'webservice_disabled',
        'PrestaShop’s webservice is switched off: Advanced Parameters > Webservice',
      );
    case CODE.notAllowed:
    case CODE.methodNotAllowed:
    case CODE.noSuchResource:
      return account(NOT_READABLE, `the webservice key may not read “${resource}”: tick View for it (${said})`);
    default:
  }
  if (status === 401 || status === 403) {
    const hint = 'is the key right and enabled, and does the web server hand on the header Authorization?';
    return account('credentials_refused', `PrestaShop does not accept the webservice key (${said}): ${hint}`);
  }
  if (status === 404) {
    const detail =
      'there is no webservice at this address (404): api.url is the shop’s root, without /api, and friendly URLs are needed';
    return { rejection: { kind: 'refused' }, problem: problem('not_found', detail) };
  }
  return told === undefined || status < 400
    ? null
    : { rejection: { kind: 'refused' }, problem: problem('refused', `PrestaShop refuses “${resource}” (${said})`) };
}
