// THE contracts between the core and the outside systems. A connector is an object literal that satisfies one of them.
// It never sees the database, the clock, the log or another connector: time, HTTP and a data folder are handed to it.
import type { z } from 'zod';
import type { Client, ClientDraft, ClientKey, ClientKeyKind } from './domain/client.ts';
import type { CreditNoteDraft, InvoiceDraft, Issued, PaymentDraft } from './domain/document.ts';
import type { Understood } from './domain/facts.ts';
import type { Lookup, Outcome } from './domain/outcome.ts';
import type { Problem } from './domain/problem.ts';
import type { Result } from './domain/result.ts';

// ───────────────────────────────────────────────────────────────────────────────────────────────── sources

/** A delivery as it came in: header names in lower case, the body's bytes untouched. A header sent twice is in `repeated`. */
export type RawDelivery = {
  headers: Readonly<Record<string, string>>;
  repeated: ReadonlySet<string>;
  body: Uint8Array;
};

/**
 * What verification makes of a delivery.
 * `key` names it among all deliveries of the source: equal for a redelivery, different for anything else.
 */
export type Verdict =
  | { kind: 'accepted'; topic: string; key: string; deliveryId: string | null; shop: string | null }
  /** A sender's hello that carries nothing: answered 200, not stored. */
  | { kind: 'ping' }
  | { kind: 'refused'; reason: string };

/** A stored delivery, as it is handed to a mapping. */
export type StoredDelivery = {
  topic: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  receivedAt: string;
};

/** `ordersFrom` names sources of the configuration; null means every shop. `by` holds LINK_KEYS or `metadata.<name>`. */
export type Linking = { ordersFrom: readonly string[] | null; by: readonly string[] };

export type SourceConnector<Settings> = {
  role: 'source';
  type: string;
  label: string;
  /** `shop` owns orders; `payments` tells of money for orders that others own. */
  tells: 'shop' | 'payments';
  /** The settings of one source of this type, besides those that every source has. Unknown keys are refused. */
  settings: z.ZodType<Settings>;
  /** Content types (without parameters) that this sender uses; any other is answered 415. */
  contentTypes: readonly string[];
  /** Checks the signature over the raw bytes with every live secret, in constant time, before anything is parsed. Pure. */
  verify(delivery: RawDelivery, settings: Settings, now: Date): Verdict;
  /** For a source that tells of payments: whose orders they are for, and where they may name one, strongest first. */
  linking?(settings: Settings): Linking;
  /** Increased whenever the mapping learns to read something differently; a replay then replaces what was read before. */
  revision: number;
  /** Translates a stored payload. Pure and total: never throws, equal input gives equal output, no clock. */
  understand(delivery: StoredDelivery, settings: Settings): Result<Understood>;
};

// ───────────────────────────────────────────────────────────────────────────────────────────────── providers

/** An HTTP request to a provider. `path` is joined to the account's base URL; query values are encoded for you. */
export type ProviderRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  path: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  /** JSON text, sent as it is. */
  body?: string;
};

/**
 * What came back. `answer` has the whole body read, within the deadline and the size limit; redirects are never followed
 * and arrive as an answer with their 3xx status. `no_answer` means that the request may have been acted upon.
 */
export type HttpResult =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string>>; body: Uint8Array }
  | { kind: 'not_sent'; problem: Problem }
  | { kind: 'no_answer'; problem: Problem };

/** What a provider connector may use of the world. */
export type ProviderIo = {
  http(request: ProviderRequest): Promise<HttpResult>;
  now(): Date;
  /** A folder for a connector that keeps data of its own (the sandbox). */
  dataDir: string;
  /** IANA zone in which dates of documents are read. */
  timeZone: string;
};

/**
 * One effect on a provider under the exactly-once protocol: `compose` is pure and its result is frozen in the database
 * before `send` is called; after an unknown outcome `find` is asked, and only `secondIsHarmless` allows the same request again.
 */
export type Effect<Intent, Value> = {
  /** The request for this intent, as JSON-safe data. A problem means that the provider would refuse it. */
  compose(intent: Intent, context: ComposeContext): Result<string>;
  send(request: string, io: ProviderIo): Promise<Outcome<Value>>;
  /** Everything at the provider that bears this intent's marker exactly, over all pages. */
  find(intent: Intent, request: string, io: ProviderIo): Promise<Lookup<Value>>;
  /** True where the provider itself prevents a second one (a uniqueness key). */
  secondIsHarmless: boolean;
};

/** Values fixed at the moment of composing. `today` is the calendar date in the seller's time zone, YYYY-MM-DD. */
export type ComposeContext = { today: string; timeZone: string };

export type InvoiceIntent = { draft: InvoiceDraft; client: Client };
/** `paidBefore` is what the provider counted as received when the intent was frozen, in minor units. */
export type PaymentIntent = { draft: PaymentDraft; invoice: Issued; paidBefore: bigint };
export type CreditNoteIntent = { draft: CreditNoteDraft; invoice: Issued };

/** What a recorded payment left behind: the provider's id if it gave one, and the total now counted as received. */
export type PaymentRecorded = { providerId: string | null; paid: bigint };

export type AccountInfo = { name: string; can: string[]; cannot: string[] };

export type Pace = { requests: number; perMs: number; perDay: number | null; concurrency: number };

/** What a provider can do, declared and tested; everything else is held as `not_supported_by_provider`. */
export type Capabilities = {
  /** Keys the provider can search on its side. */
  searches: readonly ClientKeyKind[];
  drafts: boolean;
  /** Payments can be given in the call that creates the invoice. */
  paidAtCreation: boolean;
  payments: boolean;
  creditNotes: boolean;
  email: boolean;
};

/** One connected account of a provider. */
export type ProviderAccount = {
  /** Names host and credential (never showing it): budgets and breakers belong to this. */
  accountId: string;
  capabilities: Capabilities;
  /** Null: no limit. */
  pace: Pace | null;
  check(io: ProviderIo): Promise<Outcome<AccountInfo>>;
  /** Clients that bear the key, compared exactly, over all pages. */
  findClients(key: ClientKey, country: string, io: ProviderIo): Promise<Lookup<Client>>;
  client: Effect<ClientDraft, Client>;
  /** Fills empty fields, or with `overwrite` replaces differing ones. Repeatable. */
  updateClient(client: Client, draft: ClientDraft, overwrite: boolean, io: ProviderIo): Promise<Outcome<Client>>;
  invoice: Effect<InvoiceIntent, Issued>;
  /** Total the provider will compute for this request, where it has no draft to look at; null when it cannot be told. */
  predictTotal(request: string): bigint | null;
  /** Null where the API cannot record payments. */
  payment: Effect<PaymentIntent, PaymentRecorded> | null;
  creditNote: Effect<CreditNoteIntent, Issued> | null;
  /** The document as the provider holds it now. */
  read(providerId: string, io: ProviderIo): Promise<Lookup<Issued>>;
  /** The PDF's bytes, checked to be one. */
  pdf(providerId: string, io: ProviderIo): Promise<Result<Uint8Array>>;
};

export type InvoicingProvider<Settings> = {
  role: 'provider';
  type: string;
  label: string;
  settings: z.ZodType<Settings>;
  /** Base URL and headers for every request (the credential lives here, never in a URL). Null for an embedded provider. */
  endpoint(settings: Settings): { baseUrl: string; headers: Readonly<Record<string, string>> } | null;
  /** Binds the settings; cheap and without I/O. `name` is the account's name in the configuration. */
  connect(settings: Settings, name: string): ProviderAccount;
};
