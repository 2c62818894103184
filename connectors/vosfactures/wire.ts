// What VosFactures answers, and what its answers prove. Numbers arrive as text; amounts carry a point or a comma.
import { z } from 'zod';
import { INVOICE_KINDS } from '../../mappings/from-document/vosfactures-document.ts';
import type { ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Json } from '../../src/domain/json.ts';
import { type Minor, parseMinor } from '../../src/domain/money.ts';
import type { Lookup, Rejection } from '../../src/domain/outcome.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { readLookup } from '../../src/provider-answer.ts';

export const IdSchema = z.string().regex(/^[1-9]\d{0,18}$/);

const MessageSchema = z.union([
  z.string(),
  z.array(z.string()),
  z.record(z.string(), z.union([z.string(), z.array(z.string())])),
]);

/** The documented refusal. It also comes with status 200, and with `status` for `code`. */
const RefusalSchema = z.union([
  z.object({ code: z.literal('error'), message: MessageSchema }),
  z.object({ status: z.literal('error'), message: MessageSchema }),
]);

/**
 * What a refusal proves. 401, 403 and 404 prove by their status alone that nothing was made; any other status only with
 * the documented body. A message that names `oid` means that the document is already there.
 */
export function rejection(status: number, json: Json | null): { rejection: Rejection; problem: Problem } | null {
  const told = refusalText(json);
  if (told?.includes('account_not_pro')) {
    const detail = 'the plan of this VosFactures account has no API (account_not_pro): it needs PRO or MAX';
    return { rejection: { kind: 'account' }, problem: problem('account_not_pro', detail) };
  }
  if (status === 401 || status === 403) {
    const detail = `VosFactures does not accept the API token (${status}${told === null ? '' : `: ${told}`})`;
    return { rejection: { kind: 'account' }, problem: problem('credentials_refused', detail) };
  }
  if (told === null) {
    const detail = 'VosFactures does not know this address (404): look at base_url';
    return status === 404 ? { rejection: { kind: 'refused' }, problem: problem('not_found', detail) } : null;
  }
  const refused = problem('refused', `VosFactures refuses: ${told}`);
  if (/\boid\b/.test(told)) return { rejection: { kind: 'exists' }, problem: refused };
  if (/\bclient_id\b/.test(told)) return { rejection: { kind: 'stale_client' }, problem: refused };
  return { rejection: { kind: 'refused' }, problem: refused };
}

/** The same for a request that names a document by its id: 404 then says that this one is not there. */
export function rejectionById(status: number, json: Json | null): ReturnType<typeof rejection> {
  const told = rejection(status, json);
  if (told?.problem.code !== 'not_found') return told;
  return {
    rejection: { kind: 'gone' },
    problem: problem('document_not_found', 'VosFactures has no such document (404)'),
  };
}

/** The messages of a documented refusal in one line ("tax_no: is invalid; name: is missing"), or null when it is none. */
function refusalText(json: Json | null): string | null {
  const parsed = RefusalSchema.safeParse(json);
  if (!parsed.success) return null;
  const { message } = parsed.data;
  const parts =
    typeof message === 'string' || Array.isArray(message)
      ? [message].flat()
      : Object.entries(message).map(([field, texts]) => `${field}: ${[texts].flat().join(', ')}`);
  return parts.join('; ').slice(0, 500);
}

const InvoiceSchema = z.object({
  id: IdSchema,
  number: z.string(),
  kind: z.string(),
  oid: z.string().nullish(),
  currency: z.string(),
  price_gross: z.string(),
  paid: z.string().nullable(),
  client_id: IdSchema.nullish(),
  cancelled: z.boolean().nullish(),
  view_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
});

/**
 * A document as VosFactures shows it; null when the JSON does not show a whole one. Positions are never read: a creation's
 * answer has none. A credit note stands below zero there; its total here is what it gives back.
 */
export function readInvoice(json: unknown): Issued | null {
  const parsed = InvoiceSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, number, kind, oid, currency, client_id, view_url } = parsed.data;
  const total = readAmount(parsed.data.price_gross, currency);
  const paid = readAmount(parsed.data.paid ?? '0', currency);
  if (total === null || paid === null) return null;
  const sign = kind === 'correction' ? -1n : 1n;
  return {
    providerId: id,
    number,
    total: sign * total,
    currency,
    paid: sign * paid,
    clientId: client_id ?? null,
    marker: oid ?? null,
    kind: parsed.data.cancelled ? 'other' : kindOf(kind),
    state: 'final',
    publicUrl: view_url ?? null,
  };
}

const kindOf = (kind: string): Issued['kind'] =>
  kind === 'correction' ? 'credit_note' : INVOICE_KINDS.some((one) => one === kind) ? 'invoice' : 'other';

/** "72,57" and "72.57" are the same amount; null when it is not a whole number of minor units. */
export const readAmount = (text: string, currency: string): Minor | null =>
  parseMinor(text.replace(',', '.'), currency);

export type Row = Readonly<Record<string, unknown>>;

const RowsSchema = z.array(z.looseObject({}));
const PER_PAGE = 100;
/** Pages have 25, 50 or 100 rows. Only one shorter than the smallest is certainly the last, should `per_page` be ignored. */
const SMALLEST_PAGE = 25;
const MAX_PAGES = 200;

/** Every row of a list. A list that does not end within 200 pages is a failed search: it is never cut silently. */
export async function everyRow(
  io: ProviderIo,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<Lookup<Row>> {
  const rows: Row[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await io.http({
      method: 'GET',
      path,
      query: { ...query, per_page: String(PER_PAGE), page: String(page) },
    });
    const items = readLookup<Row>(answer, { items: (json) => RowsSchema.safeParse(json).data ?? null, rejection });
    if (items.kind === 'failed') return items;
    rows.push(...items.items);
    if (items.items.length < SMALLEST_PAGE) return { kind: 'found', items: rows };
  }
  return { kind: 'failed', problem: problem('too_many_rows', `GET ${path} has more than ${MAX_PAGES} pages`) };
}

/** A search whose rows cannot be read is a failed search. */
export const unreadableRow = (what: string): { kind: 'failed'; problem: Problem } => ({
  kind: 'failed',
  problem: problem('unclear_answer', `VosFactures listed a ${what} in a form that cannot be read`),
});
