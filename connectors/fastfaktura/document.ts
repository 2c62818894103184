// An invoice as FastFaktura shows it, in a list, by itself, or in the answer to a change.
import { z } from 'zod';
import { tokenIn } from '../../mappings/from-document/fastfaktura-marker.ts';
import type { ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { type AnswerReader, readLookup, readOutcome } from '../../src/provider-answer.ts';
import { IdSchema, objectIn, rejectionWhere } from './wire.ts';

/** As much of it as an answer shows. `notes` are in no documented list of fields: undefined where they are not shown. */
export type Shown = Omit<Issued, 'marker'> & { marker: string | null | undefined };

/** Whole cents. */
export const CentsSchema = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(BigInt);

const InvoiceSchema = z.object({
  id: IdSchema,
  number: z.string().nullish(),
  client_id: IdSchema,
  currency: z.string(),
  total_cents: CentsSchema,
  status: z.enum(['draft', 'sent', 'opened', 'paid', 'overdue', 'cancelled']),
  notes: z.string().nullish(),
  public_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
});

/** What an answer shows of an invoice; null when it is not one. */
export function readInvoice(json: unknown): Shown | null {
  const parsed = InvoiceSchema.safeParse(objectIn(json, 'invoice'));
  if (!parsed.success) return null;
  const { id, number, client_id, currency, total_cents, status, notes, public_url } = parsed.data;
  return {
    providerId: id,
    number: number ?? '',
    total: total_cents,
    currency,
    // Money is counted in whole invoices: a payment in part is not shown.
    paid: status === 'paid' ? total_cents : 0n,
    clientId: client_id,
    marker: notes === undefined ? undefined : tokenIn(notes),
    kind: status === 'cancelled' ? 'other' : 'invoice',
    state: status === 'draft' ? 'draft' : 'final',
    publicUrl: public_url ?? null,
  };
}

export const issuedOf = (shown: Shown, marker: string | null = null): Issued => ({
  ...shown,
  marker: shown.marker ?? marker,
});

export const invoicePath = (id: string, part: '' | '/pdf' | '/send' | '/events' = ''): string =>
  `/invoices/${encodeURIComponent(id)}${part}`;

/** Reads an answer about the invoice of this id. */
export const aboutInvoice = (id: string): AnswerReader<Shown> => ({
  value: (json) => {
    const shown = readInvoice(json);
    return shown?.providerId === id ? shown : null;
  },
  rejection: rejectionWhere('gone'),
});

/** The invoice as it stands now; `gone` where it is not there. */
export const readById = async (io: ProviderIo, id: string): Promise<Outcome<Shown>> =>
  readOutcome(await io.http({ method: 'GET', path: invoicePath(id) }), aboutInvoice(id));

/** The same as a look-up; none for an id that FastFaktura does not know. */
export async function lookUp(io: ProviderIo, id: string): Promise<Lookup<Shown>> {
  const answer = await io.http({ method: 'GET', path: invoicePath(id) });
  if (answer.kind === 'answer' && answer.status === 404) return { kind: 'found', items: [] };
  const { value, rejection } = aboutInvoice(id);
  return readLookup<Shown>(answer, {
    items: (json) => {
      const shown = value(json);
      return shown === null ? null : [shown];
    },
    rejection,
  });
}
