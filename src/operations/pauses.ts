// Pausing: deliveries are still received and stored, and nothing else happens for what is paused.
import { z } from 'zod';
import { ok } from '../domain/result.ts';
import type { Registry } from '../registry.ts';
import { type PauseScope, pause, pausedScopes, resume } from '../store/pauses.ts';
import { type Answered, invalid, type OperationParts } from './parts.ts';
import { sourceNames } from './sources.ts';

/** Neither: everything. */
export const ScopeSchema = z.strictObject({
  source: z.string().min(1).optional(),
  provider: z.string().min(1).optional(),
});
export type Scope = z.infer<typeof ScopeSchema>;

export const PausedSchema = z.object({
  paused: z.array(z.string()).describe('`all`, `source:NAME`, `provider:NAME`: paused by a person'),
  configured: z.array(z.string()).describe('Paused in bridge.yaml, where alone they can be resumed'),
});
export type PausedView = z.infer<typeof PausedSchema>;

/** Identities of the sources that are paused by a person or by the configuration. */
export function pausedSources(scopes: ReadonlySet<string>, registry: Registry): 'all' | string[] {
  if (scopes.has('all')) return 'all';
  return [...registry.sources.values()]
    .filter(({ identity, paused }) => paused || scopes.has(`source:${identity}`))
    .map(({ identity }) => identity);
}

function scopesOf({ registry }: OperationParts, { source, provider }: Scope): Answered<PauseScope[]> {
  const scopes: PauseScope[] = [];
  if (source !== undefined) {
    const known = registry.sources.get(source);
    if (known === undefined) return invalid('source_unknown', `there is no source ${source}`, 'source');
    scopes.push(`source:${known.identity}`);
  }
  if (provider !== undefined) {
    if (!registry.providers.has(provider)) {
      return invalid('provider_unknown', `there is no provider ${provider}`, 'provider');
    }
    scopes.push(`provider:${provider}`);
  }
  return ok(scopes.length === 0 ? ['all'] : scopes);
}

/** Stops issuing for a source, a provider or everything. Pausing twice changes nothing. */
export async function pauseIssuing(parts: OperationParts, scope: Scope): Promise<Answered<PausedView>> {
  const scopes = scopesOf(parts, scope);
  if (!scopes.ok) return scopes;
  await parts.store.write(async (tx) => {
    for (const one of scopes.value) await pause(tx, one, parts.runtime.now());
  });
  parts.log.warn('issuing.paused', { scope: scopes.value.join(' ') });
  return ok(await showPaused(parts));
}

export async function resumeIssuing(parts: OperationParts, scope: Scope): Promise<Answered<PausedView>> {
  const scopes = scopesOf(parts, scope);
  if (!scopes.ok) return scopes;
  await parts.store.write(async (tx) => {
    for (const one of scopes.value) await resume(tx, one);
  });
  parts.log.warn('issuing.resumed', { scope: scopes.value.join(' ') });
  parts.wake();
  return ok(await showPaused(parts));
}

export async function showPaused({ store, registry }: OperationParts): Promise<PausedView> {
  const nameOf = await sourceNames(store.read, registry);
  const named = (scope: string): string =>
    scope.startsWith('source:') ? `source:${nameOf(scope.slice('source:'.length))}` : scope;
  const configured = [
    ...[...registry.sources.values()].flatMap(({ name, paused }) => (paused ? [`source:${name}`] : [])),
    ...[...registry.providers.values()].flatMap(({ name, paused }) => (paused ? [`provider:${name}`] : [])),
  ];
  return { paused: [...(await pausedScopes(store.read))].map(named).sort((a, b) => a.localeCompare(b)), configured };
}
