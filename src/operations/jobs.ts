// Jobs of the outbox, for people.
import { z } from 'zod';
import { ClientSchema } from '../domain/client.ts';
import { type Draft, IssuedSchema, JOB_KINDS } from '../domain/document.ts';
import { formatMinor, type Minor } from '../domain/money.ts';
import { assertNever } from '../domain/result.ts';
import { JOB_PHASES, JOB_STATUSES } from '../domain/states.ts';
import { type JobRow, jobById } from '../store/jobs.ts';
import { type JobFilter, listJobs } from '../store/queries.ts';
import { ANSWER_KINDS, DecisionSchema } from './answers.ts';
import { heldReason, retryRefusal } from './held-reasons.ts';
import { type Listed, listedSchema, pageOf, readCursor } from './pages.ts';
import { type Answered, invalid, notFound, type OperationParts } from './parts.ts';
import { sourceNames } from './sources.ts';

const CandidateSchema = z.union([
  z.object({
    client_id: z.string(),
    name: z.string(),
    kind: z.string().nullable(),
    email: z.string().nullable(),
    tax_number: z.string().nullable(),
    external_id: z.string().nullable(),
  }),
  z.object({
    invoice_id: z.string(),
    number: z.string(),
    total: z.string(),
    paid: z.string(),
    currency: z.string(),
    public_url: z.string().nullable(),
  }),
]);
export type CandidateView = z.infer<typeof CandidateSchema>;

export const JobSchema = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  key: z.string(),
  source: z.string(),
  order_id: z.string().describe('The shop’s own id of the order'),
  order_number: z.string(),
  provider: z.string(),
  status: z.enum(JOB_STATUSES),
  phase: z.enum(JOB_PHASES).nullable().describe('`sending`: a request may be on its way; `resolving`: it is looked up'),
  step: z.enum(['client', 'document']).nullable(),
  attempts: z.number(),
  next_attempt_at: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  amount: z.string().nullable(),
  currency: z.string(),
  answers: z.array(z.enum(ANSWER_KINDS)).describe('What `resolve` takes while the job is held'),
  retriable: z.boolean().describe('Whether `retry` would be taken'),
  help: z.string().nullable().describe('What to do about a held job'),
  candidates: z.array(CandidateSchema).describe('What there is to choose from'),
  decision: DecisionSchema.nullable().describe('The last answer of a person'),
  created_at: z.string(),
  updated_at: z.string(),
});
export type JobView = z.infer<typeof JobSchema>;

export const JobListSchema = listedSchema(JobSchema);

const isoOf = (millis: number): string => new Date(millis).toISOString();

/** What the document or payment comes to, in minor units; null for one that moves no money. */
export function amountOf(draft: Draft): Minor | null {
  switch (draft.kind) {
    case 'invoice':
      return draft.total;
    case 'payment':
      return draft.received.amount;
    case 'credit_note':
      return draft.amount;
    case 'send':
    case 'write_back':
      return null;
    default:
      return assertNever(draft);
  }
}

/** Those of a held job's candidates that are of this form. */
export function candidatesIn<T>({ candidates }: JobRow, form: z.ZodType<T>): T[] {
  const stored = z.array(z.unknown()).parse(candidates === null ? [] : JSON.parse(candidates));
  return stored.flatMap((one) => {
    const parsed = form.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}

const candidatesOf = (job: JobRow): CandidateView[] => [
  ...candidatesIn(job, ClientSchema).map(({ id, name, kind, email, taxNumber, externalId }) => ({
    client_id: id,
    name,
    kind,
    email,
    tax_number: taxNumber,
    external_id: externalId,
  })),
  ...candidatesIn(job, IssuedSchema).map(({ providerId, number, total, paid, currency, publicUrl }) => ({
    invoice_id: providerId,
    number,
    total: formatMinor(total, currency),
    paid: formatMinor(paid, currency),
    currency,
    public_url: publicUrl,
  })),
];

export function jobView(job: JobRow, nameOf: (identity: string) => string): JobView {
  const { draft } = job;
  const amount = amountOf(draft);
  const held = job.status === 'held' ? heldReason(job) : null;
  return {
    id: String(job.id),
    kind: job.kind,
    key: job.key,
    source: nameOf(job.source),
    order_id: job.order_id,
    order_number: draft.orderNumber,
    provider: job.provider,
    status: job.status,
    phase: job.phase,
    step: job.step,
    attempts: job.attempts,
    next_attempt_at: job.status === 'pending' || job.status === 'running' ? isoOf(job.next_attempt_at) : null,
    reason: job.reason,
    detail: job.detail,
    amount: amount === null ? null : formatMinor(amount, draft.currency),
    currency: draft.currency,
    answers: [...(held?.answers ?? [])],
    retriable: retryRefusal(job) === null,
    help: held?.help ?? null,
    candidates: candidatesOf(job),
    decision: decisionOf(job),
    created_at: isoOf(job.created_at),
    updated_at: isoOf(job.updated_at),
  };
}

/** The last answer that a person gave about the job. */
export const decisionOf = ({ decision }: Pick<JobRow, 'decision'>) =>
  decision === null ? null : DecisionSchema.parse(JSON.parse(decision));

export type JobPage = JobFilter & { limit: number; cursor?: string | undefined };

/** Jobs, newest first. */
export async function findJobs({ store, registry }: OperationParts, page: JobPage): Promise<Answered<Listed<JobView>>> {
  const { limit, cursor, ...filter } = page;
  const after = cursor === undefined ? null : readCursor(z.int(), cursor);
  if (cursor !== undefined && after === null) return invalid('cursor_unknown', 'not a cursor of this list', 'cursor');
  const nameOf = await sourceNames(store.read, registry);
  const listed = await pageOf(
    { limit, after },
    (range) => listJobs(store.read, filter, range),
    ({ id }) => id,
  );
  return { ok: true, value: { ...listed, items: listed.items.map((job) => jobView(job, nameOf)) } };
}

export async function showJob({ store, registry }: OperationParts, id: number): Promise<Answered<JobView>> {
  const job = await jobById(store.read, id);
  if (job === undefined) return notFound('job_not_found', `there is no job ${id}`);
  return { ok: true, value: jobView(job, await sourceNames(store.read, registry)) };
}
