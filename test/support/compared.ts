// A sale with everything made for it as planned, ready to be compared. A test changes what is to differ.

import type { Issued } from '../../src/domain/document.ts';
import { type Draft, isByHand } from '../../src/domain/document.ts';
import { sum } from '../../src/domain/money.ts';
import { plan } from '../../src/flow/4-plan.ts';
import type { Made, Sale } from '../../src/flow/4-sale.ts';
import type { Compared, ComparedDocument } from '../../src/operations/difference.ts';
import type { DocumentRow } from '../../src/store/documents.ts';
import type { JobRow } from '../../src/store/jobs.ts';
import { DEFAULT_INVOICING } from './orders.ts';
import { NOW, saleOf } from './sales.ts';

const jobOf = (draft: Draft, id: number): JobRow => ({
  id,
  key: draft.key,
  kind: draft.kind,
  source: draft.source,
  order_id: draft.orderId,
  provider: 'books',
  draft,
  status: 'done',
  phase: null,
  step: null,
  reason: null,
  detail: null,
  attempts: 1,
  failures: 0,
  next_attempt_at: 0,
  request: null,
  composed_for: null,
  deadline: null,
  empty_lookups: 0,
  doubts: 0,
  client: null,
  candidates: null,
  paid_before: null,
  made: null,
  fence: 1,
  lease_owner: null,
  lease_until: null,
  answered_ms: 0,
  last_answered_at: null,
  decision: null,
  created_at: 0,
  updated_at: 0,
});

const rowOf = ({ key, kind, draft }: JobRow, index: number): DocumentRow[] => {
  if (draft.kind !== 'invoice' && draft.kind !== 'credit_note') return [];
  return [
    {
      key,
      job_id: index + 1,
      kind,
      source: draft.source,
      order_id: draft.orderId,
      provider: 'books',
      provider_id: `id-${index + 1}`,
      number: `N-${index + 1}`,
      total: draft.kind === 'invoice' ? draft.total : draft.amount,
      currency: draft.currency,
      paid: draft.kind === 'invoice' ? sum(draft.received.map(({ amount }) => amount)) : 0n,
      client_id: null,
      public_url: null,
      state: 'final',
      issued_at: 0,
    },
  ];
};

/** Everything that the sale requires was done, and no provider was asked. */
export function doneAsPlanned(change: Partial<Sale> = {}): Compared {
  const sale = saleOf(change);
  const planned = plan(sale, DEFAULT_INVOICING, null, NOW);
  const drafts = planned.kind === 'documents' ? planned.required.map(({ draft }) => draft) : [];
  const jobs = drafts.map((draft, index) => jobOf(draft, index + 1));
  const made = drafts.flatMap((draft): Made[] =>
    draft.kind === 'invoice' || draft.kind === 'credit_note' ? [{ draft, dropped: false }] : [],
  );
  return {
    name: 'shop',
    state: planned.kind === 'documents' ? 'planned' : planned.kind,
    sale: { ...sale, made, recorded: drafts.filter((draft) => draft.kind === 'payment') },
    jobs,
    documents: jobs.flatMap(rowOf).map((row): ComparedDocument => ({ row, there: { kind: 'unasked' } })),
  };
}

/** Changes the jobs whose key ends so. */
export const withJob = (one: Compared, end: string, change: Partial<JobRow>): Compared => ({
  ...one,
  jobs: one.jobs.map((job) => (job.key.endsWith(end) ? { ...job, ...change } : job)),
});

/** Takes away the document whose key ends so, and what had begun of it; its job stands so. */
export const withoutDocument = (one: Compared, end: string, job: Partial<JobRow>): Compared => ({
  ...withJob(one, end, job),
  sale: { ...one.sale, made: one.sale.made.filter(({ draft }) => !draft.key.endsWith(end)) },
  documents: one.documents.filter(({ row }) => !row.key.endsWith(end)),
});

/** Changes what was recorded of the document whose key ends so. */
export const withRow = (one: Compared, end: string, change: Partial<DocumentRow>): Compared => ({
  ...one,
  documents: one.documents.map((document) =>
    document.row.key.endsWith(end) ? { ...document, row: { ...document.row, ...change } } : document,
  ),
});

/** The provider was asked for every document that it made, and tells what was recorded, but for what is said otherwise. */
export const asked = (one: Compared, end = '', change: Partial<Issued> = {}): Compared => ({
  ...one,
  documents: one.documents.map(({ row, there }) => {
    if (isByHand(row.provider_id)) return { row, there };
    const issued: Issued = {
      providerId: row.provider_id,
      number: row.number,
      total: row.total,
      currency: row.currency,
      paid: row.paid,
      clientId: null,
      marker: row.key,
      kind: row.kind === 'credit_note' ? 'credit_note' : 'invoice',
      state: row.state,
      publicUrl: null,
    };
    return { row, there: { kind: 'there', issued: row.key.endsWith(end) ? { ...issued, ...change } : issued } };
  }),
});

/** The provider was asked for everything, and the document whose key ends so is not there. */
export const gone = (one: Compared, end: string): Compared => ({
  ...one,
  documents: asked(one).documents.map((document) =>
    document.row.key.endsWith(end) ? { ...document, there: { kind: 'gone' } } : document,
  ),
});
