// The outbox: one row for each thing that must happen at a provider, whatever happens to us.
import { type Selectable, sql } from 'kysely';
import { type Client, ClientSchema } from '../domain/client.ts';
import { antecedentOf, type Draft, DraftSchema, type Issued, IssuedSchema } from '../domain/document.ts';
import { toJson } from '../domain/json.ts';
import type { SaleRef } from '../domain/order.ts';
import type { JobTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type JobRow = Omit<Selectable<JobTable>, 'draft' | 'client' | 'paid_before' | 'made'> & {
  draft: Draft;
  client: Client | null;
  made: Issued | null;
  paid_before: bigint | null;
};

/** A row with its stored values parsed. */
export const jobRow = (row: Selectable<JobTable>): JobRow => ({
  ...row,
  draft: DraftSchema.parse(JSON.parse(row.draft)),
  client: row.client === null ? null : ClientSchema.parse(JSON.parse(row.client)),
  made: row.made === null ? null : IssuedSchema.parse(JSON.parse(row.made)),
  paid_before: row.paid_before === null ? null : BigInt(row.paid_before),
});

export type NewJob = {
  draft: Draft;
  provider: string;
  status: 'pending' | 'held';
  reason: string | null;
  detail: string | null;
};

/** Adds a job for a document that has none yet; null when its key exists already. */
export async function addJob(tx: Tx, job: NewJob, now: Date): Promise<number | null> {
  const at = now.getTime();
  const added = await tx
    .insertInto('job')
    .values({
      key: job.draft.key,
      kind: job.draft.kind,
      source: job.draft.source,
      order_id: job.draft.orderId,
      provider: job.provider,
      draft: toJson(job.draft),
      status: job.status,
      reason: job.reason,
      detail: job.detail,
      next_attempt_at: at,
      created_at: at,
      updated_at: at,
    })
    .onConflict((c) => c.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added?.id ?? null;
}

export async function jobById(db: Tx, id: number): Promise<JobRow | undefined> {
  const row = await db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
  return row && jobRow(row);
}

/** The jobs of a sale in the order in which they were planned. */
export async function jobsOf(db: Tx, { source, orderId }: SaleRef): Promise<JobRow[]> {
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
  return rows.map(jobRow);
}

/**
 * A job that has begun: something of it may be at the provider, or a person has decided about it. Any other, one that the
 * provider refused included, may still be changed by newer facts.
 */
export const isBegun = (job: Pick<JobRow, 'phase' | 'step' | 'request' | 'made' | 'status' | 'decision'>): boolean =>
  job.phase !== null ||
  job.step !== null ||
  job.request !== null ||
  job.made !== null ||
  job.status === 'running' ||
  job.status === 'done' ||
  job.decision !== null;

/** Columns that a step of work may set; `draft` and the keys never change once a job has begun. */
export type JobChange = Partial<
  Pick<
    Selectable<JobTable>,
    | 'status'
    | 'phase'
    | 'step'
    | 'reason'
    | 'detail'
    | 'attempts'
    | 'failures'
    | 'next_attempt_at'
    | 'request'
    | 'composed_for'
    | 'deadline'
    | 'empty_lookups'
    | 'doubts'
    | 'answered_ms'
    | 'last_answered_at'
    | 'lease_until'
    | 'lease_owner'
    | 'paid_before'
    | 'provider'
  >
> & { client?: Client | null; made?: Issued | null; candidates?: unknown; decision?: unknown; draft?: Draft };

/** Nothing of an attempt is left: what comes next is composed anew. */
export const THAWED: JobChange = {
  phase: null,
  step: null,
  request: null,
  composed_for: null,
  deadline: null,
  empty_lookups: 0,
};

const columns = ({ client, made, candidates, decision, draft, ...rest }: JobChange, now: Date) => ({
  ...rest,
  ...(client === undefined ? {} : { client: client === null ? null : toJson(client) }),
  ...(made === undefined ? {} : { made: made === null ? null : toJson(made) }),
  ...(candidates === undefined ? {} : { candidates: candidates === null ? null : toJson(candidates) }),
  ...(decision === undefined ? {} : { decision: decision === null ? null : toJson(decision) }),
  ...(draft === undefined ? {} : { draft: toJson(draft) }),
  updated_at: now.getTime(),
});

/** Changes a job that nobody works on. */
export async function changeJob(tx: Tx, id: number, change: JobChange, now: Date): Promise<void> {
  await tx.updateTable('job').set(columns(change, now)).where('id', '=', id).execute();
}

/** The holder's proof: a write with an old fence touches nothing. */
export type Lease = { jobId: number; fence: number };

/** Thrown when another worker has taken the job over: whoever holds an old lease stops at once. */
export class LeaseLost extends Error {}

/** Changes a job under its lease. */
export async function changeLeased(tx: Tx, lease: Lease, change: JobChange, now: Date): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('job')
    .set(columns(change, now))
    .where('id', '=', lease.jobId)
    .where('fence', '=', lease.fence)
    .where('status', '=', 'running')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new LeaseLost(`job ${lease.jobId} was taken over`);
}

export type Claim = {
  provider: string;
  limit: number;
  owner: string;
  now: Date;
  leaseMs: number;
  pausedSources: readonly string[];
};

/**
 * Takes due jobs of one provider, oldest first: one lane per sale, in which nothing comes before an earlier invoice is done,
 * and what follows it comes in its order; only a job that is held is overtaken, and never by another invoice. Each is leased to `owner` under a new fence.
 */
export async function claimDue(tx: Tx, claim: Claim): Promise<JobRow[]> {
  const at = claim.now.getTime();
  const due = await tx
    .selectFrom('job')
    .select(['job.id', 'job.source', 'job.order_id'])
    .where(sql<boolean>`job.lease_owner is null and job.status in ('pending', 'running')`)
    .where('job.provider', '=', claim.provider)
    .where('job.next_attempt_at', '<=', at)
    .$if(claim.pausedSources.length > 0, (q) => q.where('job.source', 'not in', [...claim.pausedSources]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('job as earlier')
            .select('earlier.id')
            .whereRef('earlier.source', '=', 'job.source')
            .whereRef('earlier.order_id', '=', 'job.order_id')
            .whereRef('earlier.id', '!=', 'job.id')
            .where((eb) =>
              eb.or([
                eb('earlier.lease_owner', 'is not', null),
                eb.and([
                  eb('earlier.kind', '=', 'invoice'),
                  sql<boolean>`earlier.id < job.id`,
                  eb('earlier.status', 'not in', ['done', 'skipped']),
                ]),
                // An invoice after the first takes the place of what a credit note takes back.
                eb.and([
                  eb('earlier.kind', '=', 'credit_note'),
                  eb('job.kind', '=', 'invoice'),
                  sql<boolean>`earlier.id < job.id`,
                  eb('earlier.status', 'not in', ['done', 'skipped']),
                ]),
                eb.and([
                  eb('job.kind', '!=', 'invoice'),
                  sql<boolean>`earlier.id < job.id`,
                  eb('earlier.status', 'in', ['pending', 'running']),
                ]),
              ]),
            ),
        ),
      ),
    )
    .orderBy('job.next_attempt_at')
    .orderBy('job.id')
    .limit(claim.limit)
    .execute();
  if (due.length === 0) return [];
  const rows = await tx
    .updateTable('job')
    .set((eb) => ({
      status: 'running',
      lease_owner: claim.owner,
      lease_until: at + claim.leaseMs,
      fence: eb('fence', '+', 1),
      updated_at: at,
    }))
    .where(
      'id',
      'in',
      due.map(({ id }) => id),
    )
    .returningAll()
    .execute();
  return rows.map(jobRow).sort((a, b) => a.id - b.id);
}

/** Jobs that run under a lease which is over, or under anybody's lease when `everyone` (this process is alone). */
export async function abandonedJobs(db: Tx, now: Date, everyone: boolean): Promise<JobRow[]> {
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .where(sql<boolean>`status = 'running'`)
    .where('lease_owner', 'is not', null)
    .$if(!everyone, (q) => q.where('lease_until', '<', now.getTime()))
    .execute();
  return rows.map(jobRow);
}

/** Raises the fence, if it is still the one that was seen; the former holder's writes touch nothing from now on. */
export async function takeLease(tx: Tx, { jobId, fence }: Lease): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('job')
    .set({ fence: fence + 1 })
    .where('id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Makes another sale's jobs and documents out of these: their keys, by which the provider knows them, stay. */
export async function moveToSale(tx: Tx, from: SaleRef, { source, orderId }: SaleRef): Promise<void> {
  for (const table of ['job', 'document'] as const) {
    await tx
      .updateTable(table)
      .set({ source, order_id: orderId })
      .where('source', '=', from.source)
      .where('order_id', '=', from.orderId)
      .execute();
  }
}

/** When the provider's next job is due, whatever holds it back; null when none is. */
export async function nextDue(db: Tx, provider: string): Promise<number | null> {
  const row = await db
    .selectFrom('job')
    .select('next_attempt_at')
    .where(sql<boolean>`lease_owner is null and status in ('pending', 'running')`)
    .where('provider', '=', provider)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at ?? null;
}

/** What follows a held invoice waits for it, and says so; when it moves on they go on by themselves. */
export async function holdFollowers(tx: Tx, { source, orderId }: SaleRef, invoiceId: number, now: Date): Promise<void> {
  await tx
    .updateTable('job')
    .set({ status: 'held', reason: 'waits_for', detail: `waits for job ${invoiceId}`, updated_at: now.getTime() })
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .where('status', '=', 'pending')
    .where('id', '>', invoiceId)
    .where('kind', '!=', 'invoice')
    .execute();
}

/** What waits for this job's document goes on; what waits for another one stays. */
export async function releaseFollowers(tx: Tx, done: JobRow, now: Date): Promise<void> {
  const jobs = await jobsOf(tx, { source: done.source, orderId: done.order_id });
  const first = jobs.find(({ kind }) => kind === 'invoice')?.key ?? '';
  const following = jobs.filter(
    ({ status, reason, draft }) =>
      status === 'held' && reason === 'waits_for' && antecedentOf(draft, first) === done.key,
  );
  const at = now.getTime();
  for (const { id } of following) {
    await changeJob(tx, id, { status: 'pending', reason: null, detail: null, next_attempt_at: at }, now);
  }
}
