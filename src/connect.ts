// From a configuration to a registry: connectors bound to their settings, sources to their identities, accounts to their pace.
import type { Catalogue, Config, ProviderConfig, SourceConfig } from './config/types.ts';
import type { HttpResult, Pace, ProviderAccount, ProviderRequest, SourceApi, StoredDelivery } from './connector.ts';
import type { Understood } from './domain/facts.ts';
import { type Problem, problem } from './domain/problem.ts';
import { err, ok, type Result } from './domain/result.ts';
import { callProvider, type Endpoint } from './http-client.ts';
import type { Log } from './log.ts';
import { effectOf } from './mapping/effect.ts';
import { mapDelivery } from './mapping/map-delivery.ts';
import { type Mappings, openMappings } from './mapping/mappings.ts';
import { pacingOf } from './pacing.ts';
import type { BoundApi, Pacing, Provider, Registry, Source } from './registry.ts';
import type { Runtime } from './runtime.ts';
import type { Store } from './store/open.ts';
import { addSource, knownSources, ownsOrders, renameSource, type SourceRow } from './store/sources.ts';
import type { Tx } from './store/writer.ts';

export type ConnectParts = {
  config: Config;
  catalogue: Catalogue;
  store: Store;
  runtime: Runtime;
  log: Log;
  /** A folder for connectors that keep data of their own. */
  dataDir: string;
  /** Keep in the database which sources there are; a visiting command only looks. */
  enrol: boolean;
  /** Told of every request to a provider. */
  onCall?(provider: string, outcome: string): void;
};

type BindParts = ConnectParts & { mappings: Mappings };

/** Binds everything that is configured, and settles each source's identity in the database. */
export async function connect(parts: ConnectParts): Promise<Result<Registry, Problem[]>> {
  const { config, store, enrol } = parts;
  const identified = await store.write((tx) => identify(tx, config, enrol, parts.runtime.now()));
  if (!identified.ok) return identified;
  const paces = new Map<string, Pacing>();
  // Nothing is started here: an evaluator comes with the first delivery that needs it, and goes with this process.
  const bound: BindParts = { ...parts, mappings: openMappings() };
  return ok({
    sources: new Map(
      Object.values(config.sources).map((source) => [source.name, bindSource(bound, source, identified.value)]),
    ),
    providers: new Map(
      Object.values(config.providers).map((provider) => [provider.name, bindProvider(parts, provider, paces)]),
    ),
    matching: config.matching,
    sells: config.seller.sells,
    timeZone: config.seller.timeZone,
    dataDir: parts.dataDir,
  });
}

/**
 * The identity of each configured source, new ones added. A source that owns orders and is gone while a new one of its type
 * appears may be the same shop under another name, whose orders would all be invoiced again: that stops the start.
 */
async function identify(
  tx: Tx,
  config: Config,
  enrol: boolean,
  now: Date,
): Promise<Result<Map<string, SourceRow>, Problem[]>> {
  const known = await knownSources(tx);
  const configured = Object.values(config.sources);
  const byName = new Map<string, SourceRow>();
  const problems: Problem[] = [];
  for (const { name, formerly, type } of configured) {
    const row = known.find((one) => one.name === name) ?? known.find((one) => one.name === formerly);
    if (row === undefined) continue;
    if (row.type !== type) {
      problems.push(
        problem(
          'source_changed_type',
          `sources.${name} was a ${row.type} source: give the ${type} shop a name of its own`,
          `sources.${name}.type`,
        ),
      );
    }
    if (row.name !== name && enrol) await renameSource(tx, row.identity, name);
    byName.set(name, { ...row, name });
  }
  const taken = new Set([...byName.values()].map(({ identity }) => identity));
  const gone = known.filter(({ identity }) => !taken.has(identity));
  for (const { name, type } of configured.filter((source) => !byName.has(source.name))) {
    for (const old of gone.filter((row) => row.type === type)) {
      if (!(await ownsOrders(tx, old.identity))) continue;
      const detail = `sources.${name} is new and sources.${old.name}, which owns orders, is gone: if it is the same shop, add "formerly: ${old.name}"; if not, keep sources.${old.name} as well (it may be paused)`;
      problems.push(problem('source_renamed', detail, `sources.${name}`));
    }
    const row: SourceRow = {
      identity: freeIdentity(name, known),
      name,
      type,
      shop: null,
      first_started_at: now.getTime(),
      heard_at: null,
      silent_since: null,
    };
    if (problems.length === 0 && enrol) await addSource(tx, row);
    byName.set(name, row);
  }
  return problems.length > 0 ? err(problems) : ok(byName);
}

/** A name may be used again after its first bearer was renamed; the identity never is. */
function freeIdentity(name: string, known: readonly SourceRow[]): string {
  const taken = new Set(known.map(({ identity }) => identity));
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name}~${n}`)) return `${name}~${n}`;
}

function bindSource(parts: BindParts, source: SourceConfig, identities: ReadonlyMap<string, SourceRow>): Source {
  const { catalogue, config } = parts;
  const connector = catalogue.sources.find(({ type }) => type === source.type);
  const row = identities.get(source.name);
  if (connector === undefined || row === undefined)
    throw new Error(`source ${source.name} of type ${source.type} is not in the catalogue`);
  const { settings, mapping } = source;
  const mapped = async (delivery: StoredDelivery, understood: Result<Understood>): Promise<Result<Understood>> =>
    mapping === null ? understood : mapDelivery({ mapping, mappings: parts.mappings }, delivery, understood);
  const linking = connector.linking?.(settings) ?? null;
  const identityOf = (name: string): string => identities.get(name)?.identity ?? name;
  return {
    identity: row.identity,
    name: source.name,
    type: source.type,
    tells: connector.tells,
    contentTypes: connector.contentTypes,
    shop: source.shop,
    startAt: startLine(source, row),
    paused: source.paused || config.paused,
    provider: source.provider,
    routes: source.routes,
    invoicing: source.invoicing,
    linking: linking === null ? null : { ...linking, ordersFrom: linking.ordersFrom?.map(identityOf) ?? null },
    revision: connector.revision,
    refundGrace: config.delivery.refundGrace,
    api: bindApi(parts, source, row.identity, connector.api?.(settings) ?? null),
    writeBack: source.writeBack,
    verify: (delivery, now) => connector.verify(delivery, settings, now),
    understand: (delivery) => mapped(delivery, connector.understand(delivery, settings)),
    isMapped: mapping !== null,
    mappingEffect: async (delivery) => {
      if (mapping === null) return null;
      const plain = connector.understand(delivery, settings);
      return effectOf(plain, await mapped(delivery, plain));
    },
  };
}

/** The API of a source under its pace. Its budget belongs to the shop, and is kept like a provider's. */
function bindApi(parts: ConnectParts, source: SourceConfig, identity: string, api: SourceApi | null): BoundApi | null {
  if (api === null) return null;
  const { store, runtime, config } = parts;
  const pacing = pacingOf(api.pace, `source:${identity}`, store, runtime);
  return {
    api,
    every: source.every ?? api.every,
    budgetLeft: pacing.budgetLeft,
    io: {
      now: () => runtime.now(),
      http: (request) =>
        patiently(runtime, request, () =>
          pacing.paced(() => timed(parts, source.name, api.endpoint, request, config.delivery.timeout), {
            use: 'lookup',
          }),
        ),
    },
  };
}

/** One page of a shop may take many readings: one that got no good answer is asked again before the page is given up. */
const READINGS = 3;
const BETWEEN_READINGS_MS = 500;

async function patiently(
  runtime: Runtime,
  { method }: ProviderRequest,
  ask: () => Promise<HttpResult>,
): Promise<HttpResult> {
  for (let reading = 1; ; reading++) {
    const result = await ask();
    const isPassing = result.kind !== 'answer' || result.status >= 500;
    if (method !== 'GET' || !isPassing || reading === READINGS) return result;
    await new Promise<void>((resolve) => runtime.after(reading * BETWEEN_READINGS_MS, resolve));
  }
}

function startLine({ startAt }: SourceConfig, row: SourceRow): Date | null {
  if (startAt === 'all') return null;
  return new Date(startAt ?? row.first_started_at);
}

function bindProvider(parts: ConnectParts, provider: ProviderConfig, paces: Map<string, Pacing>): Provider {
  const connector = parts.catalogue.providers.find(({ type }) => type === provider.type);
  if (connector === undefined)
    throw new Error(`provider ${provider.name} of type ${provider.type} is not in the catalogue`);
  const account = connector.connect(provider.settings, provider.name);
  const endpoint = connector.endpoint(provider.settings);
  // Two providers of one account share its budget.
  const { store, runtime } = parts;
  const { accountId, budgetId: counted = accountId } = account;
  const pacing = paces.get(counted) ?? pacingOf(rateOf(account, provider), accountId, store, runtime, counted);
  paces.set(counted, pacing);
  return {
    name: provider.name,
    type: provider.type,
    account,
    delivery: provider.delivery,
    documents: provider.documents,
    onUncertain: provider.onUncertain,
    paused: provider.paused || parts.config.paused,
    ...pacing,
    http: async (request) => {
      const result =
        endpoint === null
          ? notReachable(provider)
          : await timed(parts, provider.name, endpoint, request, provider.delivery.timeout);
      // A refusal says itself how long to wait; what its headers say remains is nothing, and no news.
      const counted = result.kind === 'answer' && result.status !== 429;
      const told = counted ? (account.budget?.(result.headers) ?? null) : null;
      if (told !== null) await pacing.told(told);
      return result;
    },
  };
}

const rateOf = (account: ProviderAccount, { rateLimit }: ProviderConfig): Pace | null => rateLimit ?? account.pace;

const notReachable = ({ type }: ProviderConfig): HttpResult => ({
  kind: 'not_sent',
  problem: problem('embedded', `${type} is embedded and has no address`),
});

/** One request to a provider, or to a source's API, told in the log and in the metrics under its name. */
async function timed(
  { runtime, log, onCall }: ConnectParts,
  name: string,
  endpoint: Endpoint,
  request: ProviderRequest,
  timeoutMs: number,
): Promise<HttpResult> {
  const started = runtime.now().getTime();
  const result = await callProvider(endpoint, request, timeoutMs);
  const outcome = result.kind === 'answer' ? String(result.status) : result.kind;
  onCall?.(name, outcome);
  log.info('provider.called', {
    provider: name,
    method: request.method,
    path: request.path,
    outcome,
    ms: runtime.now().getTime() - started,
  });
  return result;
}
