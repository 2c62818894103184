// The sources and providers of one configuration, bound and ready: all that the flow knows of the outside.
import type {
  HttpResult,
  Linking,
  ProviderAccount,
  ProviderRequest,
  RawDelivery,
  SourceApi,
  SourceIo,
  StoredDelivery,
  ToldBudget,
  Verdict,
} from './connector.ts';
import type { ClientKeyKind } from './domain/client.ts';
import type { Understood } from './domain/facts.ts';
import type { Order } from './domain/order.ts';
import type { Result } from './domain/result.ts';

export type InvoicingPolicy = {
  when: 'paid' | 'placed';
  finalize: boolean;
  approve: boolean;
  send: readonly 'email'[];
  rounding: 'line' | 'hold';
  zeroTotal: 'ignore' | 'invoice';
  /** An order that was edited after its invoice: wait for a person, or credit the invoice and issue another. */
  onEdit: 'hold' | 'reissue';
  skip: {
    statuses: readonly string[];
    paymentMethods: readonly string[];
    tags: readonly string[];
    emails: readonly string[];
  };
};

/** What the user decided about the documents at one provider. */
export type DocumentsPolicy = {
  /** BCP 47 tag of every document; null: the order's own. */
  language: string | null;
  /** The same by the buyer's country (ISO 3166-1 alpha-2), before `language`. */
  languages: Readonly<Record<string, string>>;
  /** Days from the invoice's date until payment is due. */
  dueInDays: number;
  /** Texts with merge fields; null: the connector's own. */
  title: string | null;
  notes: string | null;
  /** Whether a delivery address that differs is shown. */
  deliveryAddress: boolean;
};

/** Where an order goes: every condition that is not null must hold. Countries and currencies as ISO codes. */
export type Route = {
  provider: string;
  countries: readonly string[] | null;
  currencies: readonly string[] | null;
  buyer: 'person' | 'company' | null;
};

export type MatchingPolicy = {
  by: readonly ClientKeyKind[];
  externalId: string;
  onMissing: 'create' | 'hold';
  onAmbiguous: 'hold' | 'first';
  onDifference: 'fill' | 'update' | 'hold' | 'create';
};

/** All in milliseconds. */
export type DeliveryPolicy = {
  timeout: number;
  lease: number;
  quarantine: number;
  refundGrace: number;
  retry: { base: number; cap: number; giveUpAfter: number };
};

export type Source = {
  /** Part of every key; outlives the name. */
  identity: string;
  /** The name in the configuration and in the webhook's URL. */
  name: string;
  type: string;
  tells: 'shop' | 'payments';
  contentTypes: readonly string[];
  /** The shop it is bound to by configuration; null binds it to the first shop it hears. */
  shop: string | null;
  /** Orders placed before this instant are not ours; null for no line. */
  startAt: Date | null;
  paused: boolean;
  provider: string;
  /** The first that fits names the provider instead. */
  routes: readonly Route[];
  invoicing: InvoicingPolicy;
  /** Identities of the sources whose orders its payments are for, and where they may be named. */
  linking: Linking | null;
  revision: number;
  /** How long a refund may wait for the shop to say more, in milliseconds. */
  refundGrace: number;
  /** The sender's own API; null where the configuration gives no access to it. */
  api: BoundApi | null;
  /** Numbers of documents are left with the orders at the shop, or with the payments. */
  writeBack: boolean;
  verify(delivery: RawDelivery, now: Date): Verdict;
  understand(delivery: StoredDelivery): Promise<Result<Understood>>;
  /** Its deliveries go through a mapping of the user's own. */
  isMapped: boolean;
  /** What the user's own mapping makes different of a delivery; null where there is none. */
  mappingEffect(delivery: StoredDelivery): Promise<MappingEffect[] | null>;
};

/** A place in the order, and what stands there without the mapping and with it. */
export type MappingEffect = { path: string; before: string | null; after: string | null };

/** A source's API under its pace, and how often it is looked through, in milliseconds. */
export type BoundApi = {
  api: SourceApi;
  every: number;
  io: SourceIo;
  budgetLeft: Pacing['budgetLeft'];
};

/** What a request is for. Looking something up may use the whole window, so that doubts can always be settled. */
export type Use = 'lookup' | 'send' | 'sync';

/** How much of a window each use may fill: sends leave a reserve for look-ups, reading whole lists leaves more. */
export const SHARE: Readonly<Record<Use, number>> = { lookup: 1, send: 0.9, sync: 0.6 };

export type Turn = {
  use: Use;
  /** Called from time to time while waiting: whoever holds a lease renews it. */
  waiting?(): Promise<void>;
  /** Longest time between two such calls. */
  everyMs?: number;
};

export type Pacing = {
  /** Waits for a place among the account's requests, then runs one request's worth of work. */
  paced<T>(work: () => Promise<T>, turn: Turn): Promise<T>;
  /** Requests that the window still allows; null for no limit. */
  budgetLeft(): Promise<number | null>;
  /** Milliseconds until the next send may go; 0 for now. */
  nextTurnIn(): Promise<number>;
  /** Takes note of what an answer's headers say remains: others may use the same account. */
  told(budget: ToldBudget): Promise<void>;
};

export type Provider = Pick<Pacing, 'paced' | 'budgetLeft' | 'nextTurnIn'> & {
  name: string;
  type: string;
  account: ProviderAccount;
  delivery: DeliveryPolicy;
  documents: DocumentsPolicy;
  onUncertain: 'hold' | 'resend';
  paused: boolean;
  /** One request to the account, at once, within the delivery time-out. */
  http(request: ProviderRequest): Promise<HttpResult>;
};

export type Registry = {
  /** By name, as in `/webhooks/{name}`. */
  sources: ReadonlyMap<string, Source>;
  providers: ReadonlyMap<string, Provider>;
  matching: MatchingPolicy;
  sells: 'goods' | 'services' | 'mixed';
  /** IANA zone in which documents are dated. */
  timeZone: string;
  dataDir: string;
};

/** The source that bears an identity now, if the configuration still has it. */
export const sourceByIdentity = (registry: Registry, identity: string): Source | undefined =>
  [...registry.sources.values()].find((source) => source.identity === identity);

/** Name of the provider that makes this order's documents: the first route that fits, else the source's own. */
export const providerFor = ({ routes, provider }: Pick<Source, 'routes' | 'provider'>, order: Order): string =>
  routes.find((route) => fits(route, order))?.provider ?? provider;

const fits = ({ countries, currencies, buyer }: Route, order: Order): boolean =>
  (countries === null || countries.includes(order.buyer.address.country)) &&
  (currencies === null || currencies.includes(order.currency)) &&
  (buyer === null || buyer === order.buyer.kind);
