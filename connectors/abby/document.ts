// A billing document as Abby shows it, an invoice or a credit note (an "asset"), draft or final.
import { z } from 'zod';
import { clientIdOf } from '../../mappings/from-document/abby-buyer.ts';
import type { ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Json } from '../../src/domain/json.ts';
import { type Minor, max } from '../../src/domain/money.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { readLookup, readPdf as readPdfOf } from '../../src/provider-answer.ts';
import { CentsSchema, IdSchema, refusals, TimeSchema } from './wire.ts';

/** The OpenAPI names the total one way, a captured answer another. */
const TotalSchema = z.object({
  amountWithTaxAfterDiscount: CentsSchema.nullish(),
  amountWithTax: CentsSchema.nullish(),
  remainingAmountWithTax: CentsSchema.nullish(),
  remainingReconciliateAmount: CentsSchema.nullish(),
});

const DocumentSchema = z.object({
  id: IdSchema,
  number: z.string().nullish(),
  type: z.string(),
  state: z.enum(['draft', 'finalized', 'signed', 'refused', 'paid']),
  locale: z.string().nullish(),
  currencyCode: z.string(),
  customer: z.object({ contactId: IdSchema.nullish(), organizationId: IdSchema.nullish() }).nullish(),
  total: TotalSchema.nullish(),
  finalizeRequirements: z.array(z.object({ message: z.string() })).nullish(),
  lastSendByEmailAt: TimeSchema.nullish(),
  parent: z.object({ id: IdSchema }).nullish(),
});

/** A document, and what an answer tells besides. */
export type Shown = {
  /** Total 0 where the answer shows none: see `counted`. */
  issued: Issued;
  counted: boolean;
  /** Whom it is for: one id, or two for a contact of an organisation. */
  clientIds: string[];
  locale: string | null;
  /** What Abby still wants before it finalises. */
  requirements: string[];
  sentAt: string | null;
  parentId: string | null;
};

/** Null when the JSON does not show a whole document. */
export function readDocument(json: Json): Shown | null {
  const parsed = DocumentSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, number, type, state, currencyCode, customer, locale, lastSendByEmailAt, parent } = parsed.data;
  const told = parsed.data.total?.amountWithTaxAfterDiscount ?? parsed.data.total?.amountWithTax ?? null;
  const kind = type === 'invoice' ? 'invoice' : type === 'asset' ? 'credit_note' : 'other';
  // No document shows whether a credit note counts below zero: ours says what was given back.
  const total = kind === 'credit_note' && told !== null && told < 0n ? -told : (told ?? 0n);
  const clientIds = [
    ...(customer?.contactId ? [clientIdOf({ kind: 'contact', id: customer.contactId })] : []),
    ...(customer?.organizationId ? [clientIdOf({ kind: 'organization', id: customer.organizationId })] : []),
  ];
  const [onlyClient = null, another] = clientIds;
  return {
    issued: {
      providerId: id,
      number: number ?? '',
      total,
      currency: currencyCode,
      paid: paidOf(parsed.data, total),
      clientId: another === undefined ? onlyClient : null,
      // Nothing else tells one document from another: the id that the creating call gave is what it is known by.
      marker: id,
      kind,
      state: state === 'draft' ? 'draft' : 'final',
      publicUrl: null,
    },
    counted: told !== null,
    clientIds,
    locale: locale ?? null,
    requirements: parsed.data.finalizeRequirements?.map(({ message }) => message) ?? [],
    sentAt: lastSendByEmailAt ?? null,
    parentId: parent?.id ?? null,
  };
}

/** All of it when Abby says that it is paid; before that, what is no longer open though no credit note took it off. */
function paidOf({ type, state, total }: z.infer<typeof DocumentSchema>, whole: Minor): Minor {
  if (type !== 'invoice' || state === 'draft') return 0n;
  if (state === 'paid') return whole;
  const { remainingAmountWithTax: uncredited, remainingReconciliateAmount: unpaid } = total ?? {};
  return max((uncredited ?? 0n) - (unpaid ?? uncredited ?? 0n), 0n);
}

export const documentPath = (
  id: string,
  part?: 'lines' | 'title' | 'delivery-address' | 'finalize' | 'send-by-email',
) => `/v2/billing/${encodeURIComponent(id)}${part === undefined ? '' : `/${part}`}`;

/** The document as Abby holds it now; none for an id that Abby does not know. */
export async function lookAt(id: string, io: ProviderIo): Promise<Lookup<Shown>> {
  const answer = await io.http({ method: 'GET', path: documentPath(id) });
  if (answer.kind === 'answer' && answer.status === 404) return { kind: 'found', items: [] };
  return readLookup(answer, {
    items: (json) => {
      const shown = readDocument(json);
      return shown?.counted && shown.issued.providerId === id ? [shown] : null;
    },
    rejection: refusals('gone'),
  });
}

export const readById: ProviderAccount['read'] = async (providerId, io) => {
  const lookup = await lookAt(providerId, io);
  return lookup.kind === 'failed' ? lookup : { kind: 'found', items: lookup.items.map(({ issued }) => issued) };
};

export const readPdf: ProviderAccount['pdf'] = async (providerId, io) => {
  const path = `${documentPath(providerId)}/download`;
  return readPdfOf(await io.http({ method: 'GET', path, headers: { accept: 'application/pdf' } }), 'Abby');
};
