// Sources go by their names in the configuration; keys and tables hold their identities, which outlive the names.
import type { Registry } from '../registry.ts';
import { knownSources } from '../store/sources.ts';
import type { Tx } from '../store/writer.ts';

/** The identity behind a name (or an identity itself), of a source that is configured or once was; null when there is none. */
export async function identityOf(db: Tx, registry: Registry, name: string): Promise<string | null> {
  const configured = registry.sources.get(name);
  if (configured !== undefined) return configured.identity;
  const known = await knownSources(db);
  const row = known.find((source) => source.name === name) ?? known.find(({ identity }) => identity === name);
  return row?.identity ?? null;
}

/** What each identity is called now. */
export async function sourceNames(db: Tx, registry: Registry): Promise<(identity: string) => string> {
  const names = new Map((await knownSources(db)).map(({ identity, name }) => [identity, name]));
  for (const { identity, name } of registry.sources.values()) names.set(identity, name);
  return (identity) => names.get(identity) ?? identity;
}
