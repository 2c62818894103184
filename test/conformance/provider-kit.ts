// What the provider suite needs of each provider: an account to work on, what the provider's own side then holds, and,
// for one that is reached over HTTP, a way to make it fail.
import { tmpdir } from 'node:os';
import type {
  ComposeContext,
  InvoiceIntent,
  InvoicingProvider,
  ProviderAccount,
  ProviderIo,
} from '../../src/connector.ts';
import type { PaymentMode } from '../../src/domain/order.ts';
import type { Rejection } from '../../src/domain/outcome.ts';
import { callProvider, type Endpoint } from '../../src/http-client.ts';
import type { Answer, Exchange, Fault, HttpSimulator, Recorded } from '../simulators/http-simulator.ts';

export type SeenClient = {
  id: string;
  name: string;
  kind: 'person' | 'company';
  email: string | null;
  taxNumber: string | null;
  externalId: string | null;
};

export type SeenDocument = {
  id: string;
  number: string;
  currency: string;
  total: bigint;
  paid: bigint;
  kind: 'invoice' | 'credit_note';
  state: 'draft' | 'final';
  /** The invoice that a credit note takes back, or null. */
  credits: string | null;
  clientId: string;
  buyerName: string;
  /** Whatever texts the document carries for people, the seller's private note included. */
  texts: string;
};

/** An e-mail that the provider sent for us. */
export type SeenSending = { documentId: string; to: string };

/** `date` is a calendar date in the seller's time zone. */
export type SeenPayment = { invoiceId: string; amount: bigint; date: string; mode: PaymentMode };

/** Keys that a client of this provider cannot bear (see `capabilities.keys`) are left out by the kit. A person unless told. */
export type ClientSeed = {
  name: string;
  email: string | null;
  taxNumber: string | null;
  externalId: string | null;
  kind?: 'person' | 'company';
};

/**
 * `invoice`: the request that makes it (a draft, where there are drafts). `finish`: every later request that changes it, up
 * to and with finalising. `search`: every GET.
 */
export type FaultyRequest = 'invoice' | 'finish' | 'client' | 'payment' | 'credit_note' | 'email' | 'search';

export type FaultDesk = {
  /** The next request of this sort meets the fault. */
  fail(request: FaultyRequest, fault: Fault): void;
  /** Lets late commits happen. */
  release(): void;
  refuse(): Promise<void>;
  accept(): Promise<void>;
  ignoreFilters(on: boolean): void;
  /** While on, no search finds what is made. */
  lag(on: boolean): void;
};

/** The desk of a simulator; `requests` tells the sorts of requests apart. */
export const faultDesk = (
  simulator: HttpSimulator & Pick<FaultDesk, 'ignoreFilters' | 'lag'>,
  requests: Readonly<Record<FaultyRequest, (exchange: Exchange) => boolean>>,
): FaultDesk => ({
  fail: (request, fault) => simulator.failNext(fault, requests[request]),
  release: simulator.release,
  refuse: simulator.refuse,
  accept: simulator.accept,
  ignoreFilters: simulator.ignoreFilters,
  lag: simulator.lag,
});

/** One fresh account: no clients, no documents. */
export type ProviderWorld = {
  account: ProviderAccount;
  io: ProviderIo;
  addClient(seed: ClientSeed): string;
  /** The merchant does something to a client behind our back; `archive` does nothing where the provider has no archive. */
  changeClient(id: string, change: Partial<ClientSeed>): void;
  archiveClient(id: string): void;
  deleteClient(id: string): void;
  /** Clients that are neither archived nor deleted. */
  clients(): SeenClient[];
  /** Everything that the provider holds, drafts too. */
  documents(): SeenDocument[];
  payments(): SeenPayment[];
  sendings(): SeenSending[];
  close(): Promise<void>;
};

export type HttpProviderWorld = ProviderWorld & {
  /** Gives up after a second. */
  hurried: ProviderIo;
  /** The same account, asked with a credential that it does not know. */
  stranger: { account: ProviderAccount; io: ProviderIo };
  /** The credential, as it must never appear in a URL. */
  secret: string;
  requests(): readonly Recorded[];
  /** Puts a document of the merchant's own into the account, for the same client, its marker merely resembling ours. */
  addStray(like: InvoiceIntent, state: 'draft' | 'final'): void;
  faults: FaultDesk;
};

type Kit<World> = {
  type: string;
  /** Names the reading of what the provider's document leaves open; null for the likeliest, which also meets every fault. */
  variant: string | null;
  open(): Promise<World>;
};

/** A provider that lives in our own process: nothing can come between. */
export type EmbeddedKit = Kit<ProviderWorld> & { reached: 'embedded' };

export type HttpKit = Kit<HttpProviderWorld> & {
  reached: 'http';
  /** Statuses that prove a refusal even without the documented body; every other one proves nothing. */
  provenByStatus: Readonly<Record<number, Rejection['kind']>>;
  /** Refusals in the provider's documented form, and what each proves. */
  refusals: readonly { name: string; answer: Answer; rejection: Rejection['kind'] }[];
};

export type ProviderKit = EmbeddedKit | HttpKit;

export const NOW = new Date('2026-11-21T10:00:00.000Z');
export const CONTEXT: ComposeContext = {
  today: '2026-11-21',
  timeZone: 'Europe/Paris',
  style: { language: null, dueDate: '2026-11-21', title: null, notes: null, sells: 'goods' },
};

/** What a connector may use of the world, with no network in it. */
export const ioWith = (http: ProviderIo['http'], dataDir = tmpdir()): ProviderIo => ({
  http,
  now: () => NOW,
  dataDir,
  timeZone: CONTEXT.timeZone,
});

/** A connected account and its way out over real HTTP. */
export function connectOverHttp<Settings>(
  connector: InvoicingProvider<Settings>,
  settings: unknown,
): { account: ProviderAccount; io: ProviderIo; hurried: ProviderIo } {
  const parsed = connector.settings.parse(settings);
  const endpoint: Endpoint | null = connector.endpoint(parsed);
  if (endpoint === null) throw new Error(`${connector.type} is not reached over HTTP`);
  return {
    account: connector.connect(parsed, 'books'),
    io: ioWith((request) => callProvider(endpoint, request, 20_000)),
    hurried: ioWith((request) => callProvider(endpoint, request, 1000)),
  };
}
