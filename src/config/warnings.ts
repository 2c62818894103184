// What is accepted and still worth a word at the start.
import type { Capabilities } from '../connector.ts';
import type { Assembled } from './assemble.ts';
import type { BoundSource } from './checks.ts';
import { isLoopback } from './endpoint.ts';
import { type Finding, isBlock, type Path, valueAt } from './path.ts';
import { reachable, unreachable } from './routes.ts';
import type { Config } from './types.ts';

const SHORT_SECRET = 16;
const SHORT_QUARANTINE_MS = 30_000;

/** Doubts about a configuration that is in order. */
export function doubtsAbout({ config, providers, sources }: Assembled, root: unknown): Finding[] {
  return [
    ...openHost(config),
    ...shortSecrets(config, root),
    ...shortQuarantines(config, root),
    ...withoutEffect(config),
    ...sources.flatMap(idleRoutes),
    ...sources.flatMap(idleWriteBacks),
    ...sources.flatMap(deafSources),
    ...sources.flatMap((source) => limitsOf(source, providers)),
  ];
}

function openHost({ server: { host } }: Config): Finding[] {
  if (isLoopback(host)) return [];
  const detail = `${host} can be reached from other machines, and without TLS; put a proxy that ends TLS before it`;
  return [{ code: 'open_host', path: ['server', 'host'], detail }];
}

function shortSecrets(config: Config, root: unknown): Finding[] {
  const secrets = Object.keys(config.sources).flatMap((name) => textsAt(root, ['sources', name, 'secret']));
  return [...secrets, ...textsAt(root, ['admin', 'token'])]
    .filter(({ text }) => text !== '' && text.length < SHORT_SECRET)
    .map(({ path }) => ({
      code: 'short_secret',
      path,
      detail: `shorter than ${SHORT_SECRET} characters: it can be guessed; use a longer, random one`,
    }));
}

/** The text at the path, or the texts of the list there. */
function textsAt(root: unknown, path: Path): { path: Path; text: string }[] {
  const value = valueAt(root, path);
  if (typeof value === 'string') return [{ path, text: value }];
  return Array.isArray(value) ? value.flatMap((_, index) => textsAt(root, [...path, index])) : [];
}

// An answer that is lost on the way may still take effect a little later: looking it up too early finds nothing.
function shortQuarantines(config: Config, root: unknown): Finding[] {
  const own = Object.values(config.providers).map(({ name, delivery }) => ({
    path: ['providers', name, 'delivery'],
    delivery,
  }));
  return [{ path: ['delivery'], delivery: config.delivery }, ...own]
    .filter(({ path }) => path.length === 1 || isBlock(valueAt(root, path)))
    .filter(({ delivery }) => delivery.quarantine < Math.max(delivery.timeout, SHORT_QUARANTINE_MS))
    .map(({ path, delivery }) => ({
      code: 'short_quarantine',
      path: [...path, 'quarantine'],
      detail: `${delivery.quarantine} ms is shorter than 30s or than the timeout: a document that comes into being late could be missed and made twice`,
    }));
}

/** What the configuration asks for and this version does not do yet: said at the start, so that nobody relies on it. */
function withoutEffect({ seller }: Config): Finding[] {
  const asked: [Path, boolean, string][] = [
    [
      ['seller', 'regime'],
      seller.regime === 'franchise',
      'documents show the tax that the shop charged, without the mention of art. 293 B',
    ],
    [['seller', 'oss'], seller.oss, 'documents show the tax that the shop charged, and are not marked as OSS sales'],
  ];
  return asked
    .filter(([, is]) => is)
    .map(([path, , why]) => ({ code: 'no_effect_yet', path, detail: `has no effect in this version: ${why}` }));
}

function idleWriteBacks({ path, config, connector }: BoundSource): Finding[] {
  if (!config.writeBack) return [];
  const api = connector.api?.(config.settings) ?? null;
  if (api !== null && api.writeBack !== null) return [];
  const detail =
    api === null
      ? 'nothing is written without access to the source: add what its API asks for'
      : `nothing is written: ${config.type} has no place for the number of a document`;
  return [{ code: 'no_api', path: [...path, 'write_back'], detail }];
}

function deafSources({ path, config, connector }: BoundSource): Finding[] {
  if (connector.hintsOnly !== true || connector.api?.(config.settings)) return [];
  const detail = `nothing becomes of its deliveries: ${config.type} only says that something changed; add an api block, so that the shop can be asked`;
  return [{ code: 'no_api', path: [...path, 'api'], detail }];
}

function idleRoutes({ path, config: { routes } }: BoundSource): Finding[] {
  return unreachable(routes).map((index) => ({
    code: 'unreachable_route',
    path: [...path, 'routes', index],
    detail: 'never used: every order that fits here fits a route above it, and the first that fits wins',
  }));
}

/** What a provider is known not to do, told once for each provider that the orders of a source may reach. */
function limitsOf({ path, config, connector }: BoundSource, providers: Assembled['providers']): Finding[] {
  if (connector.tells === 'payments') return [];
  return [...reachable(config)].flatMap(([name, place]) => {
    const provider = providers.find((one) => one.config.name === name);
    const held = provider === undefined ? [] : heldAt(provider.capabilities);
    if (provider === undefined || held.length === 0) return [];
    const detail = `${name} (${provider.config.type}) cannot do everything: ${held.join(' and ')} will be held as not_supported_by_provider, to be done there by hand`;
    return [{ code: 'provider_limits', path: [...path, ...place], detail }];
  });
}

function heldAt({ payments, paidAtCreation, creditNotes }: Capabilities): string[] {
  const held: string[] = [];
  if (payments === 'none') held.push(paidAtCreation ? 'every payment that comes after its invoice' : 'every payment');
  if (payments === 'whole') held.push('every payment of less than is open');
  if (creditNotes === 'none') held.push('every credit note');
  if (creditNotes === 'whole') held.push('every credit note of a part of an invoice');
  return held;
}
