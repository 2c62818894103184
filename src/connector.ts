// THE contracts between the core and the outside systems. A connector is an object literal that satisfies one of them.
// It never sees the database, the clock, the log or another connector: time, HTTP and a data folder are handed to it.
import type { z } from 'zod';
import type { Client, ClientDraft, ClientKey, ClientKeyKind, ListedClient } from './domain/client.ts';
import type { CreditNoteDraft, InvoiceDraft, Issued, PaymentDraft, SendDraft } from './domain/document.ts';
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
export type Linking = {
  ordersFrom: readonly string[] | null;
  by: readonly string[];
  /** Where a payment that names no order becomes a sale of its own: after how long, and what to fetch for it. Null: never. */
  unlinked: { afterMs: number; ref(paymentId: string): string } | null;
};

export type SourceConnector<Settings> = {
  role: 'source';
  type: string;
  label: string;
  /** `shop` owns orders; `payments` tells of money for orders that others own. */
  tells: 'shop' | 'payments';
  /** The settings of one source of this type, besides those that every source has. Unknown keys are refused. */
  settings: z.ZodType<Settings>;
  /** True where deliveries only say that something changed: without access to the API nothing is ever known. */
  hintsOnly?: true;
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
  /** The sender's own API, bound to the settings; null where they give no access to it, absent where it has none. */
  api?(settings: Settings): SourceApi | null;
};

/** What a source connector may use of the world: requests to the sender's own API, paced, within the time-out. */
export type SourceIo = {
  http(request: ProviderRequest): Promise<HttpResult>;
  now(): Date;
};

/** Topics of what was fetched begin so; no webhook may bear one. */
export const FETCHED = 'fetched.';

/**
 * Something that the sender's API told. It enters the inbox like a delivery, in the sender's own text, and `understand`
 * translates it: equal content has equal bytes, so that the same state is stored once.
 */
export type Finding = { topic: `${typeof FETCHED}${string}`; body: Uint8Array };

/**
 * A page of what changed. `cursor` continues this reading, null at its end. It survives a restart, and it must not be a page
 * number over a list that moves while it is read: what changes meanwhile is told again rather than missed.
 */
export type ChangesPage = { findings: readonly Finding[]; cursor: string | null };

/** The API of one source. Every reading is repeatable and changes nothing; failures are values. */
export type SourceApi = {
  endpoint: { baseUrl: string; headers: Readonly<Record<string, string>> };
  /** Null: no limit. */
  pace: Pace | null;
  /** How often changes are looked for where the user says nothing, in milliseconds: for a shop without webhooks it is how fresh it is. */
  every: number;
  /** Lists that are read one after the other, each with a cursor of its own ("orders", "refunds"). */
  streams: readonly string[];
  /** What access the credentials give: the shop's name, what can be read and written. */
  check(io: SourceIo): Promise<Outcome<AccountInfo>>;
  /** What was made or changed at `since` (UTC instant) or later, oldest first, one page for each call. */
  changes(stream: string, since: string, cursor: string | null, io: SourceIo): Promise<Lookup<ChangesPage>>;
  /** What a `fetch` of `understand` names, whole; nothing found: it is gone. */
  fetch(ref: string, io: SourceIo): Promise<Lookup<Finding>>;
  /**
   * Leaves the document's number and link with the order or payment. Repeatable: it looks first, or sets what it sets.
   * Null where the shop has no place for it.
   */
  writeBack: ((note: WriteBack, io: SourceIo) => Promise<Outcome<null>>) | null;
};

/** What is left with an order. `key` is the document's own, the same for ever. */
export type WriteBack = {
  key: string;
  orderId: string;
  kind: 'invoice' | 'credit_note';
  number: string;
  /** A link that a person may open; null where the provider has none. */
  url: string | null;
};

// ───────────────────────────────────────────────────────────────────────────────────────────────── providers

/** An HTTP request to a provider or a source's API. `path` is joined to the account's base URL; query values are encoded for you. */
export type ProviderRequest = {
  /** DELETE is for drafts that bear our marker, and for nothing else. */
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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
  /** The one request that makes it. */
  send(request: string, io: ProviderIo): Promise<Outcome<Value>>;
  /**
   * Everything at the provider that bears this intent's marker exactly, over all pages. Null where the API shows nothing
   * that could be told apart: then only `secondIsHarmless` lets an unknown outcome be sent again.
   */
  find: ((intent: Intent, request: string, io: ProviderIo) => Promise<Lookup<Value>>) | null;
  /** True where the provider prevents a second one (a uniqueness key), or where a second one is no document (a draft). */
  secondIsHarmless: boolean;
  /** True where this very request may be carried out twice: it sets what it sets. Absent: none may. */
  isRepeatable?(request: string): boolean;
};

/** A document: final the moment it is made, or a draft first, which `drafting` brings to its end. */
export type DocumentEffect<Intent> = Effect<Intent, Issued> & { drafting: Drafting | null };

/**
 * From a draft, whose id is known, to a final document. Every part is by id and may be repeated after any failure: a second
 * time it finds the work done. What `send` and these return says in `state` how far the document is.
 */
export type Drafting = {
  /**
   * Makes the draft say what the request says and returns it with the total that the provider computed.
   * `composedAnew`: the request is not the one that the draft was made with.
   */
  fill(draft: Issued, request: string, composedAnew: boolean, io: ProviderIo): Promise<Outcome<Issued>>;
  /** Makes it final, for good: it gets its number. A document that is final already is returned as it is. */
  finalize(draft: Issued, request: string, io: ProviderIo): Promise<Outcome<Issued>>;
  /** Deletes a draft that bears our marker; one that is gone already counts as deleted. Null where none can be left behind. */
  discard: ((draft: Issued, io: ProviderIo) => Promise<Outcome<null>>) | null;
};

/** Values fixed at the moment of composing. `today` is the calendar date in the seller's time zone, YYYY-MM-DD. */
export type ComposeContext = { today: string; timeZone: string; style: DocumentStyle };

/** What the user decided about the looks of every document at this provider, worked out for this one. */
export type DocumentStyle = {
  /** BCP 47 tag that the user chose (for the buyer's country, or for all); null: the order's own language. */
  language: string | null;
  /** When payment is due, YYYY-MM-DD. */
  dueDate: string;
  /** Texts of the user's own with every merge field filled in; null: the connector's own. */
  title: string | null;
  notes: string | null;
  /** What the seller sells, for the e-invoicing mentions of providers that take it. */
  sells: 'goods' | 'services' | 'mixed';
};

export type InvoiceIntent = { draft: InvoiceDraft; client: Client };
/** `paidBefore` is what the provider counted as received when the intent was frozen, in minor units. */
export type PaymentIntent = { draft: PaymentDraft; invoice: Issued; paidBefore: bigint };
/** `original` is the draft that the invoice was made from. */
export type CreditNoteIntent = { draft: CreditNoteDraft; invoice: Issued; original: InvoiceDraft };
export type SendIntent = { draft: SendDraft; document: Issued };

/** What a recorded payment left behind: the provider's id if it gave one, and the total now counted as received. */
export type PaymentRecorded = { providerId: string | null; paid: bigint };
/** A document that was sent, and when, if the provider says so (UTC instant). */
export type Sent = { at: string | null };

/**
 * What `check` tells of an account: its name, what it can and cannot do, what its plan allows ("600 requests in 5 minutes"),
 * and what a person should know before the first document (that finalising transmits it to the tax authority's platform).
 */
export type AccountInfo = { name: string; can: string[]; cannot: string[]; limits: string[]; warnings: string[] };

export type Pace = {
  requests: number;
  perMs: number;
  perDay: number | null;
  concurrency: number;
};

/** What a provider can do, declared and tested; everything else is held as `not_supported_by_provider`. */
export type Capabilities = {
  /** Keys that a client can bear at all. */
  keys: readonly ClientKeyKind[];
  /** Keys that the provider searches on its side; the rest of `keys` is found through the directory. */
  searches: readonly ClientKeyKind[];
  drafts: boolean;
  /** Payments can be given in the call that creates the invoice. */
  paidAtCreation: boolean;
  /** `whole`: only the exact amount that is open. */
  payments: 'none' | 'whole' | 'parts';
  /** `whole`: only the entire invoice. */
  creditNotes: 'none' | 'whole' | 'parts';
  email: boolean;
  /** A link that a person may open without signing in. */
  publicLink: boolean;
  /** ISO codes; null for every one. */
  currencies: readonly string[] | null;
  /** Percentages that a line can bear; null for every one. */
  taxRates: readonly string[] | null;
};

/** Requests that the provider itself says remain in its window, from the headers of an answer. */
export type ToldBudget = { limit: number | null; remaining: number };

/**
 * All clients of an account, page by page: from it an index of our own is kept, for the keys that the API cannot search.
 * An account may keep its clients in several lists (persons, organisations).
 */
export type ClientDirectory = {
  lists: readonly string[];
  /** What the pages are sorted by, latest first: then a refresh may stop at what it knows. Null: no such order. */
  latestFirst: 'changed' | 'created' | null;
  page(list: string, page: number, io: ProviderIo): Promise<Lookup<ClientPage>>;
  /** Live clients whose name is or contains this one, where the API searches names: a short way while the index is young. */
  byName?(name: string, io: ProviderIo): Promise<Lookup<Client>>;
  /** The client as it is now; none for one that is deleted or archived. */
  read(clientId: string, io: ProviderIo): Promise<Lookup<Client>>;
};

/** `pages` is null where the provider does not say how many there are; `more` whether another page follows. */
export type ClientPage = { rows: ListedClient[]; more: boolean; pages: number | null };

/** One connected account of a provider. */
export type ProviderAccount = {
  /** Names host, credential (never showing it) and whose books: clients and breakers belong to this. */
  accountId: string;
  /** Names what the provider counts requests by, where several accounts share that; else the account itself. */
  budgetId?: string;
  capabilities: Capabilities;
  /** An id in the form that this provider gives, of a client that need not exist: for a look at a request. */
  exampleClientId: string;
  /** Null: no limit. */
  pace: Pace | null;
  /** Reads the budget headers of an answer; null where it carries none. Absent where the provider never sends any. */
  budget?(headers: Readonly<Record<string, string>>): ToldBudget | null;
  check(io: ProviderIo): Promise<Outcome<AccountInfo>>;
  /** Clients that bear one of the searched keys, compared exactly, over all pages. */
  findClients(key: ClientKey, country: string, io: ProviderIo): Promise<Lookup<Client>>;
  /** Null where every key is searched by the provider. */
  directory: ClientDirectory | null;
  client: Effect<ClientDraft, Client>;
  /** Fills empty fields, or with `overwrite` replaces differing ones. Repeatable. */
  updateClient(client: Client, draft: ClientDraft, overwrite: boolean, io: ProviderIo): Promise<Outcome<Client>>;
  invoice: DocumentEffect<InvoiceIntent>;
  /** Total the provider will compute for this request, where it has no draft to look at; null when it cannot be told. */
  predictTotal(request: string): bigint | null;
  /** Null where the API cannot record payments. */
  payment: Effect<PaymentIntent, PaymentRecorded> | null;
  creditNote: DocumentEffect<CreditNoteIntent> | null;
  email: Effect<SendIntent, Sent> | null;
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
