// The configuration in one line, for the log.
import { reachable } from './routes.ts';
import type { Config, Database } from './types.ts';

/** Names, types and places; built from what is safe to show, so that no setting of a connector can appear. */
export function redactedSummary(config: Config): string {
  const { server, providers, sources } = config;
  return [
    `listening on ${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`,
    `database ${databaseText(config.database)}`,
    `sources ${Object.values(sources)
      .map((one) => `${one.name} (${one.type}, to ${[...reachable(one).keys()].join(' or ')}${pausedText(one)})`)
      .join(', ')}`,
    `providers ${Object.values(providers)
      .map((one) => `${one.name} (${one.type}${pausedText(one)})`)
      .join(', ')}`,
    ...(config.paused ? ['paused: receives, issues nothing'] : []),
  ].join('; ');
}

const pausedText = ({ paused }: { paused: boolean }): string => (paused ? ', paused' : '');

function databaseText(database: Database): string {
  if (database.kind === 'sqlite') return `sqlite:${database.path}`;
  const { host, pathname } = new URL(database.url);
  return `postgres://${host}${pathname}`;
}
