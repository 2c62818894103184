// What a difference is, and the parts that the rules about differences are made of. Pure.
import { z } from 'zod';
import { type InvoiceDraft, type Issued, isByHand } from '../domain/document.ts';
import { formatMinor, type Minor } from '../domain/money.ts';
import { assertNever } from '../domain/result.ts';
import type { SaleState } from '../domain/states.ts';
import type { Sale } from '../flow/4-sale.ts';
import type { DocumentRow } from '../store/documents.ts';
import type { JobRow } from '../store/jobs.ts';
import { heldReason } from './held-reasons.ts';
import { decisionOf } from './jobs.ts';

export const DIFFERENCE_KINDS = [
  'order_without_invoice',
  'paid_but_open',
  'refund_without_credit_note',
  'amount_differs',
  'payment_without_order',
  'document_gone',
  'draft_left',
] as const;

const FigureSchema = z.object({ amount: z.string(), currency: z.string() });
export type Figure = z.infer<typeof FigureSchema>;

export const DifferenceSchema = z.object({
  kind: z.enum(DIFFERENCE_KINDS),
  source: z.string().describe('Of the order; of a payment without one, who told of it'),
  order_id: z.string().nullable(),
  order_number: z.string().nullable(),
  payment_id: z.string().nullable().describe('Of a payment without an order'),
  provider: z.string().nullable(),
  document: z.string().nullable().describe('Number of the document that it is about'),
  expected: FigureSchema.nullable().describe('What it should come to, by all that is known of the sale'),
  found: FigureSchema.nullable().describe('What it comes to; null for nothing'),
  detail: z.string(),
  help: z.string().describe('What to do'),
});
export type Difference = z.infer<typeof DifferenceSchema>;

/** What the provider says of a document now. `unasked`: nobody asked, or it could not tell. */
export type There = { kind: 'unasked' } | { kind: 'gone' } | { kind: 'there'; issued: Issued };
export type ComparedDocument = { row: DocumentRow; there: There };

/** All that is known of one sale; `name` is that of its source. */
export type Compared = {
  name: string;
  sale: Sale;
  state: SaleState;
  jobs: readonly JobRow[];
  documents: readonly ComparedDocument[];
};

type Told = Pick<Difference, 'kind' | 'detail' | 'help'> & {
  expected: Minor;
  found: Figure | null;
  document: DocumentRow | null;
};

/** A difference of this sale. `expected` is in the order's currency. */
export const difference = (
  { name, sale: { order } }: Compared,
  { kind, detail, help, expected, found, document }: Told,
): Difference => ({
  kind,
  source: name,
  order_id: order.id,
  order_number: order.number,
  payment_id: null,
  provider: document?.provider ?? null,
  document: document === null ? null : document.number || document.provider_id,
  expected: figure(expected, order.currency),
  found,
  detail,
  help,
});

export const figure = (amount: Minor, currency: string): Figure => ({
  amount: formatMinor(amount, currency),
  currency,
});

export const figureText = ({ amount, currency }: Figure): string => `${amount} ${currency}`;

/** Where a job stands, for the middle of a sentence. */
export const standing = (job: JobRow | undefined): string =>
  job === undefined
    ? 'no job was planned for it'
    : `job ${job.id} is ${job.status}${job.reason === null ? '' : ` (${job.reason})`}`;

/** What to do about a job that is not done. */
export function helpFor(job: JobRow | undefined): string {
  if (job === undefined) return TIMELINE;
  switch (job.status) {
    case 'held':
      return heldReason(job).help;
    case 'pending':
    case 'running':
      return 'It is on its way: look again later.';
    case 'dead':
      return 'Mend what it names, then try the job again.';
    case 'done':
    case 'skipped':
      return TIMELINE;
    default:
      return assertNever(job.status);
  }
}

const TIMELINE = 'The order’s timeline says what happened; where nothing did, replay its last delivery.';

/** True for a job that a person decided against. */
export const isDropped = (job: JobRow): boolean => job.status === 'skipped' && decisionOf(job) !== null;

/** True for a job that belongs to this invoice; one that names none belongs to the sale's first. */
export function isOn({ draft }: JobRow, invoice: InvoiceDraft, { jobs }: Compared): boolean {
  if (draft.kind !== 'payment' && draft.kind !== 'credit_note') return false;
  const first = jobs.find(({ kind }) => kind === 'invoice');
  return draft.invoice === invoice.key || (draft.invoice === '' && first?.key === invoice.key);
}

/** True for a final document that is at its provider, as far as is known. What was made by hand cannot be looked at. */
export const isFinalThere = ({ row, there }: ComparedDocument): boolean =>
  !isByHand(row.provider_id) &&
  there.kind !== 'gone' &&
  (there.kind === 'there' ? there.issued.state : row.state) === 'final';
