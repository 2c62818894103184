// From the tree of the file to the checked configuration. Every block is read on its own, so that all that is wrong is
// told at once.
import path from 'node:path';
import type { z } from 'zod';
import type { InvoicingProvider, Pace, SourceConnector } from '../connector.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { loadMapping, type Mapping } from '../mapping/expression.ts';
import type { DeliveryPolicy, InvoicingPolicy, MatchingPolicy } from '../registry.ts';
import { type BoundProvider, type BoundSource, crossCheck } from './checks.ts';
import { documentsOf } from './documents.ts';
import { type Entry, readEntries } from './entries.ts';
import { parse, type Shown } from './explain.ts';
import { type Finding, isBlock, valueAt } from './path.ts';
import { routesOf } from './routes.ts';
import {
  BLOCKS,
  type OwnDeliverySchema,
  type OwnInvoicingSchema,
  ProviderKeysSchema,
  SourceKeysSchema,
  TopSchema,
} from './schema.ts';
import type { Catalogue, Config, Database, Seller } from './types.ts';

type Block<Name extends keyof typeof BLOCKS> = z.output<(typeof BLOCKS)[Name]>;
type SourceEntry = Entry<SourceConnector<unknown>, z.output<typeof SourceKeysSchema>>;
type ProviderEntry = Entry<InvoicingProvider<unknown>, z.output<typeof ProviderKeysSchema>>;

/** The configuration, and its entries as they stand in the file: what is still worth a word is found in both. */
export type Assembled = { config: Config; providers: readonly BoundProvider[]; sources: readonly BoundSource[] };

/** The whole configuration, or everything that is wrong with it. `dir` is the folder that relative paths start from. */
export function assemble(shown: Shown, dir: string, catalogue: Catalogue): Result<Assembled, Finding[]> {
  const top = parse(TopSchema, shown.root, [], shown);
  if (!isBlock(shown.root)) return err(errorsOf(top));
  const findings = errorsOf(top);
  const read = <Value>(schema: z.ZodType<Value>, key: keyof typeof BLOCKS): Value | null => {
    const parsed = parse(schema, valueAt(shown.root, [key]), [key], shown);
    findings.push(...errorsOf(parsed));
    return parsed.ok ? parsed.value : null;
  };
  const server = read(BLOCKS.server, 'server');
  const database = read(BLOCKS.database, 'database');
  const admin = read(BLOCKS.admin, 'admin');
  const paused = read(BLOCKS.paused, 'paused');
  const seller = read(BLOCKS.seller, 'seller');
  const invoicing = read(BLOCKS.invoicing, 'invoicing');
  const matching = read(BLOCKS.matching, 'matching');
  const delivery = read(BLOCKS.delivery, 'delivery');

  const providerEntries = readEntries(
    { name: 'providers', connectors: catalogue.providers, keys: ProviderKeysSchema },
    shown,
  );
  const sourceEntries = readEntries({ name: 'sources', connectors: catalogue.sources, keys: SourceKeysSchema }, shown);
  findings.push(...providerEntries.findings, ...sourceEntries.findings);

  const providers = delivery && providerEntries.entries.map((entry) => bindProvider(entry, delivery));
  const mappings = mappingsOf(sourceEntries.entries, dir);
  findings.push(...mappings.findings);
  const sources =
    invoicing &&
    sourceEntries.entries.map((entry) => bindSource(entry, invoicing, mappings.byName.get(entry.name) ?? null));
  findings.push(...crossCheck({ shown, delivery: delivery && deliveryOf(delivery), providers, sources }));

  const isWhole = server && database && admin && paused !== null && seller && invoicing && matching && delivery;
  if (!isWhole || !providers || !sources || findings.length > 0) return err(findings);
  const config: Config = {
    server: { host: server.host, port: server.port, bodyLimit: server.body_limit },
    database: databaseOf(database, dir),
    admin: { token: admin.token || null },
    paused,
    seller: sellerOf(seller),
    providers: byName(providers.map(({ config }) => config)),
    sources: byName(sources.map(({ config }) => config)),
    invoicing: invoicingOf(invoicing),
    matching: matchingOf(matching),
    delivery: deliveryOf(delivery),
  };
  return ok({ config, providers, sources });
}

const errorsOf = <Value>(read: Result<Value, Finding[]>): Finding[] => (read.ok ? [] : read.error);

function bindProvider(
  { name, path, connector, keys, settings }: ProviderEntry,
  general: Block<'delivery'>,
): BoundProvider {
  const account = connector.connect(settings, name);
  return {
    path,
    capabilities: account.capabilities,
    config: {
      name,
      type: connector.type,
      settings,
      rateLimit: keys.rate_limit === undefined ? null : paceOf(keys.rate_limit, account.pace),
      delivery: deliveryOf(general, keys.delivery),
      documents: documentsOf(keys.documents),
      onUncertain: keys.on_uncertain,
      paused: keys.paused,
    },
  };
}

/** The users' mappings by the names of their sources. Paths start from the folder of the file that names them. */
function mappingsOf(
  entries: readonly SourceEntry[],
  dir: string,
): { byName: Map<string, Mapping>; findings: Finding[] } {
  const byName = new Map<string, Mapping>();
  const findings: Finding[] = [];
  for (const { name, path: at, keys } of entries) {
    if (keys.mapping === undefined) continue;
    const mapping = loadMapping(path.resolve(dir, keys.mapping));
    if (mapping.ok) byName.set(name, mapping.value);
    else findings.push({ code: mapping.error.code, path: [...at, 'mapping'], detail: mapping.error.detail });
  }
  return { byName, findings };
}

function bindSource(
  { name, path, connector, keys, settings }: SourceEntry,
  general: Block<'invoicing'>,
  mapping: Mapping | null,
): BoundSource {
  return {
    path,
    connector,
    config: {
      name,
      type: connector.type,
      settings,
      provider: keys.provider,
      routes: routesOf(keys.routes),
      startAt: keys.start_at ?? null,
      formerly: keys.formerly ?? null,
      shop: keys.shop ?? null,
      paused: keys.paused,
      mapping,
      writeBack: keys.write_back,
      every: keys.reconcile?.every ?? null,
      invoicing: invoicingOf(general, keys.invoicing),
    },
  };
}

function paceOf(limit: NonNullable<ProviderEntry['keys']['rate_limit']>, own: Pace | null): Pace {
  return {
    requests: limit.requests,
    perMs: limit.per,
    perDay: limit.per_day ?? own?.perDay ?? null,
    // Without a pace of its own the connector says nothing of concurrency, and one at a time is within any limit.
    concurrency: limit.concurrency ?? own?.concurrency ?? 1,
  };
}

function invoicingOf(general: Block<'invoicing'>, own: z.output<typeof OwnInvoicingSchema> = {}): InvoicingPolicy {
  const { zero_total, on_edit, skip: _, ...merged } = { ...general, ...own };
  const { payment_methods, ...skip } = { ...general.skip, ...own.skip };
  return { ...merged, zeroTotal: zero_total, onEdit: on_edit, skip: { ...skip, paymentMethods: payment_methods } };
}

function deliveryOf(general: Block<'delivery'>, own: z.output<typeof OwnDeliverySchema> = {}): DeliveryPolicy {
  const { refund_grace, retry: _, ...merged } = { ...general, ...own };
  const { give_up_after, ...retry } = { ...general.retry, ...own.retry };
  return { ...merged, refundGrace: refund_grace, retry: { ...retry, giveUpAfter: give_up_after } };
}

const matchingOf = (block: Block<'matching'>): MatchingPolicy => ({
  by: block.by,
  externalId: block.external_id,
  onMissing: block.on_missing,
  onAmbiguous: block.on_ambiguous,
  onDifference: block.on_difference,
});

function sellerOf({ time_zone, vat_number, ...rest }: Block<'seller'>): Seller {
  return { ...rest, timeZone: time_zone, vatNumber: vat_number || null };
}

function databaseOf(text: string, dir: string): Database {
  const [, file] = /^sqlite:(.*)$/s.exec(text) ?? [];
  return file === undefined ? { kind: 'postgres', url: text } : { kind: 'sqlite', path: path.resolve(dir, file) };
}

/** Without a prototype: a name from outside, such as `constructor` in a URL, must not find what nobody configured. */
function byName<Item extends { name: string }>(items: readonly Item[]): Readonly<Record<string, Item>> {
  const record: Record<string, Item> = Object.create(null);
  for (const item of items) record[item.name] = item;
  return record;
}
