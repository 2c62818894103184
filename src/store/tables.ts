// The tables as kysely sees them. Instants are integers of milliseconds since 1970 UTC; `json` columns hold text that is
// parsed by a zod schema whenever it is read back; amounts inside are decimal digits of minor units.
import type { Generated } from 'kysely';
import type { JobKind } from '../domain/document.ts';
import type { EventStatus, JobPhase, JobStatus, ReconciliationStatus, SaleState } from '../domain/states.ts';

type Json = string;
type Millis = number;

/** Small named values: the admin token, demo secrets. */
export type SettingTable = { name: string; value: string };

/** A source's identity, which outlives its name in the configuration and is part of every key. */
export type SourceTable = {
  identity: string;
  name: string;
  type: string;
  shop: string | null;
  first_started_at: Millis;
  /** When its first delivery came; null while none has. */
  heard_at: Millis | null;
  /** Since when its API has told of changes that no delivery told of; null while its deliveries come. */
  silent_since: Millis | null;
};

export type EventTable = {
  id: Generated<number>;
  source: string;
  topic: string;
  delivery_key: string;
  delivery_id: string | null;
  shop: string | null;
  order_id: string | null;
  received_at: Millis;
  status: EventStatus;
  reason: string | null;
  detail: string | null;
  headers: Json;
  body: Uint8Array;
};

/** 52 bits of a hash of (source, delivery key). Narrow on purpose: a wide random text index slows a large inbox threefold. */
export type EventKeyTable = { hash: number; event_id: number };

export type SaleTable = {
  source: string;
  order_id: string;
  number: string;
  /** The newest snapshot, as stored `Order`. */
  snapshot: Json;
  /** Version of the snapshot: the shop's updated_at, rank of progress, hash of the bytes, mapping revision. */
  updated_at: string;
  rank: number;
  body_hash: string;
  revision: number;
  event_id: number;
  /** The largest payment claim any snapshot has made; a stale snapshot still contributes it. */
  claim: Json | null;
  state: SaleState;
  reason: string | null;
  detail: string | null;
  placed_at: string;
  /** When it must be planned again though nothing new is heard; null: never. */
  due_at: Millis | null;
};

/** Texts under which a payment may find the sale. */
export type SaleLinkTable = { kind: string; value: string; source: string; order_id: string };

export type PaymentTable = {
  /** Identity of the source that told of it. */
  source: string;
  id: string;
  snapshot: Json;
  status: 'linked' | 'unlinked' | 'ambiguous';
  reason: string | null;
  sale_source: string | null;
  sale_order_id: string | null;
  linked_by: string | null;
  event_id: number;
  first_seen_at: Millis;
  /** When the sale of a payment that names no order was asked for; null: not. */
  asked_at: Millis | null;
};

/** Refunds and disputes of payments, as the payment service tells them; found by either id of the payment. */
export type MovementTable = {
  source: string;
  id: string;
  kind: 'refund' | 'dispute';
  payment_id: string | null;
  charge_id: string | null;
  snapshot: Json;
  event_id: number;
  first_seen_at: Millis;
};

export type PaymentLinkTable = { source: string; payment_id: string; value: string };

export type JobTable = {
  id: Generated<number>;
  key: string;
  kind: JobKind;
  source: string;
  order_id: string;
  provider: string;
  draft: Json;
  status: JobStatus;
  phase: JobPhase | null;
  /** Which effect is in flight: the client that the document needs, or the document itself. */
  step: 'client' | 'document' | null;
  reason: string | null;
  detail: string | null;
  /** Sends that were begun; counted before the send, so that a crash counts. */
  attempts: Generated<number>;
  /** Failures since the last progress, for the backoff. */
  failures: Generated<number>;
  next_attempt_at: Millis;
  /** The request frozen before its first byte was sent; null once its outcome is proved. */
  request: string | null;
  /** The calendar date for which the request was composed. */
  composed_for: string | null;
  /** When the last attempt must have been answered at the latest. */
  deadline: Millis | null;
  empty_lookups: Generated<number>;
  /** Sends of this step whose outcome was not known when they ended. */
  doubts: Generated<number>;
  /** The client chosen for the document, as stored `Client`. */
  client: Json | null;
  /** Candidates of a held match or look-up, for the person who decides. */
  candidates: Json | null;
  /** What the provider counted as received when the payment's request was frozen, in minor units. */
  paid_before: string | null;
  /** The draft at the provider that is being brought to its end, as stored `Issued`. */
  made: Json | null;
  fence: Generated<number>;
  lease_owner: string | null;
  lease_until: Millis | null;
  answered_ms: Generated<number>;
  last_answered_at: Millis | null;
  decision: Json | null;
  created_at: Millis;
  updated_at: Millis;
};

export type DocumentTable = {
  key: string;
  job_id: number;
  kind: JobKind;
  source: string;
  order_id: string;
  provider: string;
  provider_id: string;
  number: string;
  total: string;
  currency: string;
  paid: string;
  client_id: string | null;
  public_url: string | null;
  state: Generated<'draft' | 'final'>;
  issued_at: Millis;
};

/** Which client a key led to, so that a search that lags behind a creation makes no second client. */
export type ClientLinkTable = { account: string; key: string; client_id: string; client: Json };

/** A lock per identity key while a job looks for or creates a client; a row, so that it outlives a crash. */
export type ClientLockTable = { account: string; key: string; job_id: number };

export type TimelineTable = {
  id: Generated<number>;
  source: string;
  order_id: string;
  at: Millis;
  step: string;
  detail: string;
  data: Json | null;
  event_id: number | null;
  job_id: number | null;
};

/** A provider account's standing with us: blocked until, and why. */
export type AccountTable = {
  account: string;
  blocked_until: Millis;
  reason: string | null;
  failures: number;
  /** From here the rate rises slowly to the full pace; 0 for an account that never had to wait. */
  ramp_from: Generated<Millis>;
};

/** Requests that an account was asked within one short span of time, which begins at `span`. */
export type BudgetTable = { account: string; span: Millis; requests: number };

/** How far the index of one list of an account's clients has come. A pass reads the list from its first page to its last. */
export type DirectoryTable = {
  account: string;
  list: string;
  pass: number;
  /** Pages of the current pass that are read; 0 between passes. */
  page: number;
  pages: number | null;
  started_at: Millis | null;
  /** End of the last whole pass; null while the first is under way. */
  finished_at: Millis | null;
  refreshed_at: Millis | null;
  /** The latest instant of a client that was seen, by which a refresh knows where to stop. */
  latest: string | null;
};

export type DirectoryClientTable = { account: string; client_id: string; list: string; client: Json; pass: number };
export type DirectoryKeyTable = { account: string; key: string; client_id: string };

/** Something to ask a source's API for. `asked` counts requests, so that one which comes while it is fetched is not lost. */
export type FetchTable = {
  source: string;
  ref: string;
  asked: Generated<number>;
  failures: Generated<number>;
  due_at: Millis;
  reason: string | null;
  requested_at: Millis;
};

/** How far one list of a source's API has been read; `cursor` is null between readings. */
export type SweepTable = {
  source: string;
  stream: string;
  /** Where this reading began, and where the next begins. UTC instant. */
  since: string;
  cursor: string | null;
  started_at: Millis | null;
  finished_at: Millis | null;
  due_at: Millis;
  failures: Generated<number>;
  reason: string | null;
  /** Of the last reading: what was told, and what of it no delivery had told. */
  found: Generated<number>;
  missed: Generated<number>;
  /** What no delivery had told, over all readings but the first. */
  missed_total: Generated<number>;
};

/** A reconciliation that a person asked for, with its report once it is done. */
export type ReconciliationTable = {
  id: Generated<number>;
  source: string | null;
  since: string;
  status: ReconciliationStatus;
  /** 1 where the providers are asked for each document, else 0. */
  providers: 0 | 1;
  progress: Json;
  report: Json | null;
  created_at: Millis;
};

/** `all`, `source:<identity>` or `provider:<name>`. */
export type PauseTable = { scope: string; since: Millis };

export type ReplayTable = {
  id: Generated<number>;
  filter: Json;
  count: number;
  done: number;
  last_event_id: number;
  status: 'running' | 'done' | 'cancelled';
  created_at: Millis;
};

export type Tables = {
  setting: SettingTable;
  source: SourceTable;
  event: EventTable;
  event_key: EventKeyTable;
  sale: SaleTable;
  sale_link: SaleLinkTable;
  payment: PaymentTable;
  payment_link: PaymentLinkTable;
  job: JobTable;
  document: DocumentTable;
  client_link: ClientLinkTable;
  client_lock: ClientLockTable;
  timeline: TimelineTable;
  account: AccountTable;
  budget: BudgetTable;
  directory: DirectoryTable;
  directory_client: DirectoryClientTable;
  directory_key: DirectoryKeyTable;
  movement: MovementTable;
  fetch: FetchTable;
  sweep: SweepTable;
  reconciliation: ReconciliationTable;
  pause: PauseTable;
  replay: ReplayTable;
};
