// Reconciliations in the background: asked for, carried out one at a time, kept with their reports.
import { z } from 'zod';
import { problem } from '../domain/problem.ts';
import { ok } from '../domain/result.ts';
import { RECONCILIATION_STATUSES } from '../domain/states.ts';
import {
  addReconciliation,
  endReconciliation,
  listReconciliations,
  type ReconciliationRow,
  reconciliationById,
  runningReconciliation,
  saveProgress,
} from '../store/reconciliations.ts';
import { keepDoing, type Runner } from './background.ts';
import { type Listed, listedSchema, pageOf, readCursor } from './pages.ts';
import { type Answered, conflict, invalid, notFound, type OperationParts } from './parts.ts';
import {
  atFirst,
  isWhole,
  ProgressSchema,
  type ReconcileSchema,
  ReportSchema,
  reconcile,
  reconciling,
} from './reconcile.ts';
import { sourceNames } from './sources.ts';

const LineSchema = z.object({
  reconciliation_id: z.string(),
  status: z
    .enum(RECONCILIATION_STATUSES)
    .describe('`failed`: a source could not be read, or, without a report, a defect that the log tells of'),
  source: z.string().nullable().describe('Null for every one that can be asked'),
  since: z.string(),
  providers: z.boolean().describe('Whether the providers are asked for their documents'),
  created_at: z.string(),
  differences: z.number().nullable().describe('How many were found; null while it runs'),
});
export type ReconciliationLine = z.infer<typeof LineSchema>;

export const ReconciliationListSchema = listedSchema(LineSchema);

export const ReconciliationSchema = LineSchema.extend({ progress: ProgressSchema, report: ReportSchema.nullable() });
export type ReconciliationView = z.infer<typeof ReconciliationSchema>;

/** Notes what is to be compared; the runner does the rest. Refused while another runs. */
export async function beginReconciliation(
  parts: OperationParts,
  asked: z.infer<typeof ReconcileSchema>,
): Promise<Answered<{ reconciliation_id: string }>> {
  const wanted = reconciling(parts, asked);
  if (!wanted.ok) return wanted;
  const { source, since, providers } = wanted.value;
  const begun = await parts.store.write(async (tx): Promise<Answered<number>> => {
    const running = await runningReconciliation(tx);
    if (running !== undefined) {
      return conflict(problem('reconciliation_running', `reconciliation ${running.id} is under way: one at a time`));
    }
    const row = { source, since: since.toISOString(), providers, progress: atFirst(parts, wanted.value) };
    return ok(await addReconciliation(tx, row, parts.runtime.now()));
  });
  if (!begun.ok) return begun;
  parts.log.info('reconciliation.begun', { reconciliation_id: begun.value });
  parts.wake();
  return ok({ reconciliation_id: String(begun.value) });
}

export async function showReconciliation(
  { store, registry }: OperationParts,
  id: number,
): Promise<Answered<ReconciliationView>> {
  const row = await reconciliationById(store.read, id);
  if (row === undefined) return notFound('reconciliation_not_found', `there is no reconciliation ${id}`);
  return ok(viewOf(row, await sourceNames(store.read, registry)));
}

export type ReconciliationPage = { limit: number; cursor?: string | undefined };

/** Reconciliations, newest first, without their reports. */
export async function findReconciliations(
  { store, registry }: OperationParts,
  { limit, cursor }: ReconciliationPage,
): Promise<Answered<Listed<ReconciliationLine>>> {
  const after = cursor === undefined ? null : readCursor(z.int(), cursor);
  if (cursor !== undefined && after === null) return invalid('cursor_unknown', 'not a cursor of this list', 'cursor');
  const nameOf = await sourceNames(store.read, registry);
  const listed = await pageOf(
    { limit, after },
    (page) => listReconciliations(store.read, page),
    ({ id }) => id,
  );
  return ok({
    ...listed,
    items: listed.items.map((row) => {
      const { progress: _progress, report: _report, ...line } = viewOf(row, nameOf);
      return line;
    }),
  });
}

function viewOf(row: ReconciliationRow, nameOf: (identity: string) => string): ReconciliationView {
  const report = ReportSchema.nullable().parse(row.report);
  return {
    reconciliation_id: String(row.id),
    status: row.status,
    source: row.source === null ? null : nameOf(row.source),
    since: row.since,
    providers: row.providers,
    created_at: new Date(row.created_at).toISOString(),
    differences: report?.differences.length ?? null,
    progress: ProgressSchema.parse(row.progress),
    report,
  };
}

/** Between two looks for one that another process asked for. */
const POLL_MS = 2000;

/** Carries out the one that runs, from its beginning; says how long to wait before the next look. */
export async function advanceReconciliation(parts: OperationParts, signal: AbortSignal): Promise<number> {
  const row = await runningReconciliation(parts.store.read);
  if (row !== undefined) await carryOut(parts, row, signal);
  return POLL_MS;
}

/** Cut short by the signal, it begins again with the next start; a defect ends it. */
async function carryOut(parts: OperationParts, row: ReconciliationRow, signal: AbortSignal): Promise<void> {
  const { store, log } = parts;
  const { id, source, since, providers } = row;
  try {
    const asked = { source, since: new Date(since), providers };
    const tell = (progress: unknown): Promise<void> => store.write((tx) => saveProgress(tx, id, progress));
    const report = await reconcile(parts, asked, { signal, tell });
    const status = isWhole(report) ? 'done' : 'failed';
    await store.write((tx) => endReconciliation(tx, id, status, report));
    log.info('reconciliation.done', { reconciliation_id: id, status, differences: report.differences.length });
  } catch (error) {
    if (signal.aborted) return;
    log.error('reconciliation.failed', { reconciliation_id: id, reason: reasonOf(error) });
    await store.write((tx) => endReconciliation(tx, id, 'failed', null));
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Carries out what is asked for, one at a time, until stopped. */
export const continueReconciliations = (parts: OperationParts): Runner =>
  keepDoing(parts.runtime, (signal) =>
    advanceReconciliation(parts, signal).catch((error: unknown) => {
      parts.log.error('reconciliation.failed', { reconciliation_id: null, reason: reasonOf(error) });
      return POLL_MS;
    }),
  );
