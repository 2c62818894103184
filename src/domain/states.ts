// The words for where a thing stands. The same words are used in tables, the admin API, logs and metrics.
export const EVENT_STATUSES = ['received', 'applied', 'ignored', 'failed'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

export const JOB_STATUSES = ['pending', 'running', 'done', 'skipped', 'held', 'dead'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** `sending`: a request may be on its way. `resolving`: its outcome is unknown and is being looked up, quarantine included. */
export const JOB_PHASES = ['sending', 'resolving'] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** `failed`: a source could not be read, or the bridge met a defect. */
export const RECONCILIATION_STATUSES = ['running', 'done', 'failed'] as const;
export type ReconciliationStatus = (typeof RECONCILIATION_STATUSES)[number];

/**
 * What stands between a sale and its invoice:
 * `waits` for money or a statement, `ignored` for good by a rule, `planned` as documents, `doubtful` until a person looks.
 */
export const SALE_STATES = ['waits', 'ignored', 'planned', 'doubtful'] as const;
export type SaleState = (typeof SALE_STATES)[number];
