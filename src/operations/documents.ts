// Documents that a provider holds, and their PDFs.
import { z } from 'zod';
import { isByHand, JOB_KINDS } from '../domain/document.ts';
import { formatMinor } from '../domain/money.ts';
import { ok } from '../domain/result.ts';
import { pacedIo } from '../flow/7-standing.ts';
import type { Registry } from '../registry.ts';
import type { DocumentRow } from '../store/documents.ts';
import { documentByKey } from '../store/queries.ts';
import { type Answered, notFound, type OperationParts, unavailable } from './parts.ts';

export const DocumentSchema = z.object({
  key: z.string(),
  kind: z.enum(JOB_KINDS),
  provider: z.string(),
  provider_id: z.string(),
  number: z.string(),
  total: z.string(),
  paid: z.string(),
  currency: z.string(),
  status: z.enum(['draft', 'issued', 'part_paid', 'paid', 'by_hand']),
  issued_at: z.string(),
  public_url: z.string().nullable(),
  pdf_url: z.string().nullable().describe('Path of the PDF behind the same token; null for one that we cannot fetch'),
});
export type DocumentView = z.infer<typeof DocumentSchema>;

const statusOf = ({ provider_id, state, paid, total }: DocumentRow): DocumentView['status'] => {
  if (isByHand(provider_id)) return 'by_hand';
  if (state === 'draft') return 'draft';
  if (paid >= total) return 'paid';
  return paid > 0n ? 'part_paid' : 'issued';
};

export function documentView(document: DocumentRow, registry: Registry): DocumentView {
  const { key, kind, provider, provider_id, number, currency } = document;
  const status = statusOf(document);
  const fetchable = status !== 'by_hand' && registry.providers.has(provider);
  return {
    key,
    kind,
    provider,
    provider_id,
    number,
    total: formatMinor(document.total, currency),
    paid: formatMinor(document.paid, currency),
    currency,
    status,
    issued_at: new Date(document.issued_at).toISOString(),
    public_url: document.public_url,
    pdf_url: fetchable ? `/admin/api/documents/${encodeURIComponent(key)}/pdf` : null,
  };
}

/** `name` is made of letters, digits, dots and dashes only: it becomes a file name. */
export type Pdf = { name: string; bytes: Uint8Array };

/** The PDF as the provider gives it now. */
export async function documentPdf(parts: OperationParts, key: string): Promise<Answered<Pdf>> {
  const document = await documentByKey(parts.store.read, key);
  if (document === undefined) return notFound('document_not_found', `there is no document ${key}`);
  const provider = parts.registry.providers.get(document.provider);
  if (provider === undefined || statusOf(document) === 'by_hand') {
    return notFound('pdf_not_available', `document ${document.number} is not at a provider that is configured here`);
  }
  const pdf = await provider.account.pdf(document.provider_id, pacedIo(parts, provider));
  if (!pdf.ok) return unavailable(pdf.error);
  const name = (document.number || document.provider_id).replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^[.-]+/, '');
  return ok({ name: `${name || 'document'}.pdf`, bytes: pdf.value });
}
