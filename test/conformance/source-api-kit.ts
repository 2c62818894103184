// What the suite of source APIs needs of each source: a simulated sender that it can make do things, and what is particular
// about it. The world around it has a clock that moves only when told.
import { onTestFinished } from 'vitest';
import type {
  ChangesPage,
  Finding,
  ProviderRequest,
  RawDelivery,
  SourceApi,
  SourceConnector,
  SourceIo,
} from '../../src/connector.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { toJson } from '../../src/domain/json.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import type { Answer, HttpSimulator, Recorded } from '../simulators/http-simulator.ts';

export type Sent = Pick<RawDelivery, 'headers' | 'body'>;

/** A simulated sender. A thing is what it tells of: an order of a shop, a payment at Stripe. */
export type SimulatedSender = {
  http: HttpSimulator;
  /** Settings as a user writes them; `sentinel` takes the place of the credential, which the sender then refuses. */
  settings(sentinel?: string): object;
  /** The credential and whatever else of the settings nobody may be shown. */
  secrets: readonly string[];
  /** One that is paid, made in this second; its id. */
  place(): string;
  /** Something of it becomes another. */
  change(id: string): void;
  /** Money goes back for a line of it, as a whole, or for nothing in particular; how much. `line` is null where none is told. */
  refund: { line: ((id: string) => bigint) | null; amount(id: string): bigint };
  /** It is gone for good. */
  remove(id: string): void;
  /** What is fetched to have it whole. */
  ref(id: string): string;
  /** Happens in the midst of an answer, once its rows are chosen, where the simulator can do that. */
  meanwhile?(act: () => void): void;
  /** Webhooks that the sender sends now. */
  deliveries(): Sent[];
  /** An authentic webhook that bears this topic, wherever the sender has it. */
  pretend(topic: string, body: Uint8Array): Sent;
  /** Texts that the bridge left with it; null where the sender has no place for them. */
  notes: ((id: string) => string[]) | null;
};

export type SourceApiKit<Settings> = {
  connector: SourceConnector<Settings>;
  open(now: () => Date): Promise<SimulatedSender>;
  /** Rows of a page, in the longest list. */
  page: number;
  /** True where a list can only be read from its latest page on; each page has its oldest first all the same. */
  latestPageFirst?: true;
  /** What a webhook tells of an order that is fetched: less, and nothing else. Null where webhooks carry no orders. */
  asWebhook: ((fetched: Order) => Order) | null;
  /** How the sender says that there are too many requests, and to come again in seven seconds. */
  busy: Answer;
  /** True for a request that leaves something with the sender. */
  isWrite(request: Pick<Recorded, 'method' | 'body'>): boolean;
};

export const START = '2026-11-21T10:00:00.000Z';
const TIMEOUT_MS = 5000;

export type ApiWorld = {
  sender: SimulatedSender;
  api: SourceApi;
  io: SourceIo;
  now(): Date;
  pass(seconds: number): void;
  /** The same API as another process would bind it; with a sentinel, with a credential that is refused. */
  bind(sentinel?: string): { api: SourceApi; io: SourceIo };
  /** Happens before each request, from now on. */
  beforeRequests(act: (request: ProviderRequest) => void): void;
  verify(sent: Sent): ReturnType<SourceConnector<unknown>['verify']>;
  understand(told: { topic: string; body: Uint8Array }): ReturnType<SourceConnector<unknown>['understand']>;
};

/** Opens a sender to which nothing has happened yet; it is closed when the test ends. */
export async function openApiWorld<Settings>(kit: SourceApiKit<Settings>): Promise<ApiWorld> {
  const { connector } = kit;
  let at = Date.parse(START);
  const now = (): Date => new Date(at);
  const sender = await kit.open(now);
  onTestFinished(() => sender.http.close());
  const settings = connector.settings.parse(sender.settings());
  let before: (request: ProviderRequest) => void = () => {};
  const bind = (sentinel?: string): { api: SourceApi; io: SourceIo } => {
    const api = connector.api?.(connector.settings.parse(sender.settings(sentinel))) ?? null;
    if (api === null) throw new Error(`${connector.type} has no API with these settings`);
    const http: SourceIo['http'] = (request) => {
      before(request);
      return callProvider(api.endpoint, request, TIMEOUT_MS);
    };
    return { api, io: { http, now } };
  };
  return {
    sender,
    ...bind(),
    now,
    pass: (seconds) => {
      at += seconds * 1000;
    },
    bind,
    beforeRequests: (act) => {
      before = act;
    },
    verify: (sent) => connector.verify({ ...sent, repeated: new Set() }, settings, now()),
    understand: ({ topic, body }) =>
      connector.understand({ topic, headers: {}, body, receivedAt: now().toISOString() }, settings),
  };
}

/** Places as many, this many seconds apart; their ids. */
export const placeMany = ({ sender, pass }: ApiWorld, count: number, apart: number): string[] =>
  Array.from({ length: count }, () => {
    const id = sender.place();
    pass(apart);
    return id;
  });

/** What was found, or the test fails. */
export function found<T>(lookup: Lookup<T>): T[] {
  if (lookup.kind === 'failed') throw new Error(`${lookup.problem.code}: ${lookup.problem.detail}`);
  return lookup.items;
}

const MOST_PAGES = 500;

/** The pages of one reading of one list. `read` reads the page after a cursor. */
export async function pagesOf(read: (cursor: string | null) => Promise<ChangesPage>): Promise<Finding[][]> {
  const pages: Finding[][] = [];
  for (let cursor: string | null = null; pages.length < MOST_PAGES; ) {
    const page = await read(cursor);
    pages.push([...page.findings]);
    if (page.cursor === null) return pages;
    // Between two pages a cursor lies in the database, as text.
    cursor = String(JSON.parse(JSON.stringify(page.cursor)));
  }
  throw new Error(`a reading of more than ${MOST_PAGES} pages`);
}

/** Every page of every list since an instant. `between` happens after each page. */
export async function readAll(
  { api, io }: Pick<ApiWorld, 'api' | 'io'>,
  since: string,
  between: () => void = () => {},
): Promise<Finding[][]> {
  const pages: Finding[][] = [];
  for (const stream of api.streams) {
    const read = async (cursor: string | null): Promise<ChangesPage> => {
      const [page] = found(await api.changes(stream, since, cursor, io));
      if (page === undefined) throw new Error(`${stream} was read without a page`);
      between();
      return page;
    };
    pages.push(...(await pagesOf(read)));
  }
  return pages;
}

/** The facts of a finding or a delivery; none where it only asks for more. Fails the test where it is not understood. */
export function factsIn(world: ApiWorld, told: { topic: string; body: Uint8Array }): readonly Fact[] {
  const understood = world.understand(told);
  if (!understood.ok) throw new Error(`${told.topic}: ${understood.error.code}: ${understood.error.detail}`);
  return understood.value.kind === 'facts' ? understood.value.facts : [];
}

/** The thing that a fact is about. */
export function thingOf(fact: Fact): string {
  switch (fact.kind) {
    case 'order':
      return fact.order.id;
    case 'payment':
      return fact.payment.id;
    case 'refund':
      return fact.refund.paymentId ?? fact.refund.id;
    default:
      return fact.dispute.paymentId ?? fact.dispute.id;
  }
}

export const thingsIn = (world: ApiWorld, findings: readonly Finding[]): string[] =>
  findings.flatMap((finding) => factsIn(world, finding).map(thingOf));

export const textsIn = (world: ApiWorld, findings: readonly Finding[]): Set<string> =>
  new Set(findings.flatMap((finding) => factsIn(world, finding).map(toJson)));

export const textOf = ({ topic, body }: Finding): string => `${topic} ${Buffer.from(body).toString()}`;

/** The thing, fetched: the one finding that tells of it. */
export async function fetchWhole({ sender, api, io }: ApiWorld, id: string): Promise<Finding> {
  const [finding, ...others] = found(await api.fetch(sender.ref(id), io));
  if (finding === undefined || others.length > 0) throw new Error(`${sender.ref(id)} is not found once`);
  return finding;
}
