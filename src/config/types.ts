// What the rest of the program sees of bridge.yaml: checked, complete, in the units of the code.

import type { InvoicingProvider, Pace, SourceConnector } from '../connector.ts';
import type { Problem } from '../domain/problem.ts';
import type { Mapping } from '../mapping/expression.ts';
import type { DeliveryPolicy, DocumentsPolicy, InvoicingPolicy, MatchingPolicy, Route } from '../registry.ts';

/** The connectors a configuration may name. Their settings stay opaque here: each is parsed by its own schema. */
export type Catalogue = {
  sources: readonly SourceConnector<unknown>[];
  providers: readonly InvoicingProvider<unknown>[];
};

/** Something wrong, or doubtful, in the configuration: `at` is the key's path, `line` and `column` count from one. */
export type ConfigProblem = Problem & { file: string; line: number | null; column: number | null };

export type Config = {
  server: Server;
  database: Database;
  /** Null: a token is drawn at the first start and kept. */
  admin: { token: string | null };
  /** Receive and store, do nothing else. */
  paused: boolean;
  seller: Seller;
  /** By name. Has no prototype, so that a name such as `constructor` is absent unless configured; so has `sources`. */
  providers: Readonly<Record<string, ProviderConfig>>;
  sources: Readonly<Record<string, SourceConfig>>;
  /** What every source starts from. A source's own `invoicing` is already merged with it: planning reads that one. */
  invoicing: InvoicingPolicy;
  matching: MatchingPolicy;
  /** What every provider starts from. A provider's own `delivery` is already merged with it. */
  delivery: DeliveryPolicy;
};

/** `bodyLimit` in bytes; port 0 takes any free one. */
export type Server = { host: string; port: number; bodyLimit: number };

/** `path` is absolute. */
export type Database = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: string };

export type Seller = {
  /** ISO 3166 alpha-2. */
  country: string;
  /** IANA zone: dates of documents are read in it. */
  timeZone: string;
  vatNumber: string | null;
  regime: 'normal' | 'franchise';
  oss: boolean;
  sells: 'goods' | 'services' | 'mixed';
};

export type ProviderConfig = {
  name: string;
  type: string;
  /** As the connector's own schema parsed it. */
  settings: unknown;
  /** Replaces the connector's own pace; null leaves that in force. */
  rateLimit: Pace | null;
  delivery: DeliveryPolicy;
  documents: DocumentsPolicy;
  /** After two empty look-ups of an unknown outcome: wait for a person, or send the same body again. */
  onUncertain: 'hold' | 'resend';
  paused: boolean;
};

export type SourceConfig = {
  name: string;
  type: string;
  /** As the connector's own schema parsed it. */
  settings: unknown;
  /** Name of the provider that invoices this source's sales. */
  provider: string;
  /** Where orders of certain countries, currencies or buyers go instead; the first that fits. */
  routes: readonly Route[];
  /** Orders placed before this UTC instant are not ours; `all`: no line; null: the first start with this source. */
  startAt: string | null;
  /** The name this source had before. */
  formerly: string | null;
  /** The shop it is bound to; null: the first one heard. */
  shop: string | null;
  paused: boolean;
  /** The user's own corrections to what its deliveries mean; null: none. */
  mapping: Mapping | null;
  /** Numbers and links of documents are left with the orders at the shop, or with the payments. */
  writeBack: boolean;
  /** How often its API is looked through, in milliseconds; null: as the connector has it. */
  every: number | null;
  invoicing: InvoicingPolicy;
};
