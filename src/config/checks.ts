// What no block can tell of itself: references between entries, and wishes against what a provider can do.
import type { Capabilities, SourceConnector } from '../connector.ts';
import type { DeliveryPolicy } from '../registry.ts';
import { endpointFault } from './endpoint.ts';
import { type Shown, unknownName } from './explain.ts';
import { suggestion } from './nearest.ts';
import { type Finding, isBlock, type Path, valueAt } from './path.ts';
import { reachable } from './routes.ts';
import type { ProviderConfig, SourceConfig } from './types.ts';

export type BoundProvider = { path: Path; config: ProviderConfig; capabilities: Capabilities };
export type BoundSource = { path: Path; config: SourceConfig; connector: SourceConnector<unknown> };

/** What could be read; null where a block had findings of its own. */
export type Parts = {
  shown: Shown;
  delivery: DeliveryPolicy | null;
  providers: readonly BoundProvider[] | null;
  sources: readonly BoundSource[] | null;
};

/** Everything that contradicts something elsewhere in the file. */
export function crossCheck({ shown, delivery, providers, sources }: Parts): Finding[] {
  const { root } = shown;
  const ofProvider = ({ path, config }: BoundProvider): Finding[] => [
    ...(isWritten(root, [...path, 'delivery']) ? timing(config.delivery, [...path, 'delivery']) : []),
    ...endpoints(root, path),
  ];
  const ofSource = (source: BoundSource): Finding[] => {
    const reached = reachable(source.config);
    const reachedProviders = (providers ?? []).filter(({ config }) => reached.has(config.name));
    return [
      ...references(shown, source, sources ?? []),
      ...routesOfPayments(root, source),
      ...reachedProviders.flatMap((provider) => [
        ...abilities(root, source, provider),
        ...untakenCurrencies(source, provider),
      ]),
      ...endpoints(root, source.path),
    ];
  };
  return [
    ...providerNames(shown),
    ...(delivery === null ? [] : timing(delivery, ['delivery'])),
    ...(providers ?? []).flatMap(ofProvider),
    ...(sources ?? []).flatMap(ofSource),
  ];
}

function timing({ timeout, lease, retry }: DeliveryPolicy, path: Path): Finding[] {
  const findings: Finding[] = [];
  if (lease <= timeout) {
    const detail = `expected a lease longer than the timeout of ${timeout} ms: a job would be taken over while it is sent`;
    findings.push({ code: 'config_wrong_value', path: [...path, 'lease'], detail });
  }
  if (retry.base > retry.cap) {
    const detail = `expected a first wait of at most retry.cap, ${retry.cap} ms`;
    findings.push({ code: 'config_wrong_value', path: [...path, 'retry', 'base'], detail });
  }
  return findings;
}

/** Looks at the text of the file, so that a source with other faults is told of this one too. */
function providerNames(shown: Shown): Finding[] {
  const { root } = shown;
  const known = namesIn(root, 'providers');
  return namesIn(root, 'sources').flatMap((source) => {
    const routes = valueAt(root, ['sources', source, 'routes']);
    const ofRoutes = Array.isArray(routes) ? routes.map((_, index) => ['routes', index, 'provider']) : [];
    return [['provider'], ...ofRoutes].flatMap((place) => {
      const path = ['sources', source, ...place];
      const name = valueAt(root, path);
      if (typeof name !== 'string' || known.includes(name)) return [];
      return [unknownName(path, 'no provider has this name', suggestion(name, known), shown)];
    });
  });
}

/** A payment goes where the invoice of its order went: it is the order's source that may have routes. */
function routesOfPayments(root: unknown, { path, connector }: BoundSource): Finding[] {
  const at = [...path, 'routes'];
  if (connector.tells !== 'payments' || !isWritten(root, at)) return [];
  const detail = `${connector.label} tells of payments, which follow the invoices of their orders; put the routes into the sources that tell of the orders`;
  return [{ code: 'config_not_supported', path: at, detail }];
}

function references(
  shown: Shown,
  { path, config, connector }: BoundSource,
  sources: readonly BoundSource[],
): Finding[] {
  const findings: Finding[] = [];
  const report = (code: string, key: Path, detail: string): void => {
    findings.push({ code, path: [...path, ...key], detail });
  };
  const sourceNames = namesIn(shown.root, 'sources');

  if (config.formerly !== null && sourceNames.includes(config.formerly)) {
    report('config_wrong_value', ['formerly'], 'a source of this name is configured; remove one of the two');
  }
  if (config.formerly !== null && sources.find((other) => other.config.formerly === config.formerly)?.path !== path) {
    report('config_wrong_value', ['formerly'], 'another source has this former name too; only one can have had it');
  }
  connector.linking?.(config.settings).ordersFrom?.forEach((name, index) => {
    const other = sources.find((source) => source.config.name === name);
    if (!sourceNames.includes(name)) {
      const at = [...path, 'orders_from', index];
      findings.push(unknownName(at, 'no source has this name', suggestion(name, sourceNames), shown));
    } else if (other?.connector.tells === 'payments') {
      report('config_wrong_value', ['orders_from', index], 'this source tells of payments and has no orders');
    }
  });
  return findings;
}

function abilities(root: unknown, source: BoundSource, provider: BoundProvider): Finding[] {
  const { name, type } = provider.config;
  const { finalize, send } = source.config.invoicing;
  const refuse = (key: string, detail: string): Finding => {
    const own = [...source.path, 'invoicing', key];
    return { code: 'config_not_supported', path: isWritten(root, own) ? own : ['invoicing', key], detail };
  };
  const findings: Finding[] = [];
  if (!finalize && !provider.capabilities.drafts) {
    const detail = `source ${source.config.name} invoices at ${name} (${type}), which has no drafts to leave; use approve: true to look at each document first`;
    findings.push(refuse('finalize', detail));
  }
  if (send.includes('email') && !provider.capabilities.email) {
    const detail = `source ${source.config.name} invoices at ${name} (${type}), which cannot e-mail an invoice; remove email`;
    findings.push(refuse('send', detail));
  }
  return findings;
}

/** Currencies that a route sends to a provider which does not take them. */
function untakenCurrencies({ path, config }: BoundSource, provider: BoundProvider): Finding[] {
  const { name, type } = provider.config;
  const { currencies } = provider.capabilities;
  if (currencies === null) return [];
  return config.routes.flatMap((route, index) => {
    const untaken = route.provider === name ? (route.currencies ?? []).filter((one) => !currencies.includes(one)) : [];
    if (untaken.length === 0) return [];
    const detail = `${name} (${type}) does not invoice in ${untaken.join(', ')}; take that out`;
    return [{ code: 'config_not_supported', path: [...path, 'routes', index, 'currencies'], detail }];
  });
}

/** Keys of an entry that may hold a URL and are never called: a name, and texts for people. */
const NOT_CALLED = new Set(['shop', 'documents']);

/** Every URL of an entry's settings, whatever its key: a connector cannot forget to look. */
function endpoints(root: unknown, path: Path): Finding[] {
  const visit = (value: unknown, at: Path): Finding[] => {
    if (Array.isArray(value)) return value.flatMap((item, index) => visit(item, [...at, index]));
    if (isBlock(value)) return Object.entries(value).flatMap(([key, item]) => visit(item, [...at, key]));
    const fault = typeof value === 'string' ? endpointFault(value) : null;
    return fault === null ? [] : [{ code: 'config_wrong_value', path: at, detail: fault }];
  };
  const entry = valueAt(root, path);
  return isBlock(entry)
    ? Object.entries(entry).flatMap(([key, value]) => (NOT_CALLED.has(key) ? [] : visit(value, [...path, key])))
    : [];
}

function namesIn(root: unknown, section: string): string[] {
  const block = valueAt(root, [section]);
  return isBlock(block) ? Object.keys(block) : [];
}

const isWritten = (root: unknown, path: Path): boolean => valueAt(root, path) !== undefined;
