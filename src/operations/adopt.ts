// A document that a person names as the one a job was to make: read at the provider, and nobody else's.
import type { Issued } from '../domain/document.ts';
import { problem } from '../domain/problem.ts';
import { ok } from '../domain/result.ts';
import { pacedIo } from '../flow/7-standing.ts';
import type { JobRow } from '../store/jobs.ts';
import { keyOfDocument } from '../store/queries.ts';
import type { Tx } from '../store/writer.ts';
import { type Answered, conflict, invalid, type OperationParts, unavailable } from './parts.ts';

/** The document as the provider holds it now. Its total may differ, which is told; its kind and currency may not. */
export async function lookUpDocument(
  parts: OperationParts,
  job: JobRow,
  providerId: string,
): Promise<Answered<Issued>> {
  const provider = parts.registry.providers.get(job.provider);
  if (provider === undefined) return invalid('provider_unknown', `${job.provider} is not configured any more`);
  const lookup = await provider.account.read(providerId, pacedIo(parts, provider));
  if (lookup.kind === 'failed') return unavailable(lookup.problem);
  const [issued] = lookup.items;
  if (issued === undefined)
    return invalid('document_not_found', `${job.provider} has no document ${providerId}`, 'invoice_id');
  if (issued.kind !== job.kind) {
    return invalid('document_of_other_kind', `${issued.number} is no ${job.kind.replace('_', ' ')}`, 'invoice_id');
  }
  const { currency } = job.draft;
  return issued.currency === currency
    ? ok(issued)
    : invalid(
        'document_in_other_currency',
        `${issued.number} is in ${issued.currency}, the order in ${currency}`,
        'invoice_id',
      );
}

/** Refuses a document that is already recorded for another job. */
export async function unlessTaken(tx: Tx, job: JobRow, issued: Issued): Promise<Answered<Issued>> {
  const key = await keyOfDocument(tx, job.provider, issued.providerId);
  return key === null || key === job.key
    ? ok(issued)
    : conflict(problem('document_taken', `${issued.number} is already recorded as ${key}`));
}
