// The sources and providers of one configuration, bound and ready: all that the flow knows of the outside.
import type {
  HttpResult,
  Linking,
  ProviderAccount,
  ProviderRequest,
  RawDelivery,
  StoredDelivery,
  Verdict,
} from './connector.ts';
import type { ClientKeyKind } from './domain/client.ts';
import type { Understood } from './domain/facts.ts';
import type { Result } from './domain/result.ts';

export type InvoicingPolicy = {
  when: 'paid' | 'placed';
  finalize: boolean;
  approve: boolean;
  send: readonly 'email'[];
  rounding: 'line' | 'hold';
  zeroTotal: 'ignore' | 'invoice';
  skip: {
    statuses: readonly string[];
    paymentMethods: readonly string[];
    tags: readonly string[];
    emails: readonly string[];
  };
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
  invoicing: InvoicingPolicy;
  /** Identities of the sources whose orders its payments are for, and where they may be named. */
  linking: Linking | null;
  revision: number;
  verify(delivery: RawDelivery, now: Date): Verdict;
  understand(delivery: StoredDelivery): Result<Understood>;
};

export type Provider = {
  name: string;
  type: string;
  account: ProviderAccount;
  delivery: DeliveryPolicy;
  onUncertain: 'hold' | 'resend';
  paused: boolean;
  /** Waits for a place in the account's pace, then runs one request's worth of work. */
  paced<T>(work: () => Promise<T>): Promise<T>;
  /** Requests that the account's pace still allows in its window; null for no limit. */
  budgetLeft(): number | null;
  /** One request to the account, at once, within the delivery time-out. */
  http(request: ProviderRequest): Promise<HttpResult>;
};

export type Registry = {
  /** By name, as in `/webhooks/{name}`. */
  sources: ReadonlyMap<string, Source>;
  providers: ReadonlyMap<string, Provider>;
  matching: MatchingPolicy;
  /** IANA zone in which documents are dated. */
  timeZone: string;
  dataDir: string;
};

/** The source that bears an identity now, if the configuration still has it. */
export const sourceByIdentity = (registry: Registry, identity: string): Source | undefined =>
  [...registry.sources.values()].find((source) => source.identity === identity);
