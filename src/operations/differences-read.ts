// Asks the providers for documents as they are now, one by one, within what their pace leaves beside the orders.
import { z } from 'zod';
import type { Issued } from '../domain/document.ts';
import { isByHand } from '../domain/document.ts';
import type { Lookup } from '../domain/outcome.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { syncIo } from '../flow/6-listing.ts';
import { throttle } from '../flow/7-standing.ts';
import type { Provider } from '../registry.ts';
import { standingOf } from '../store/accounts.ts';
import type { DocumentRow } from '../store/documents.ts';
import { pauseFor } from './background.ts';
import type { There } from './difference.ts';
import type { OperationParts } from './parts.ts';

export const ProviderReadingSchema = z.object({
  provider: z.string(),
  read: z.number().describe('Documents that it was asked for and told of'),
  unread: z.number().describe('Those that it could not tell of, or was not asked for any more'),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable().describe('Why not'),
});
export type ProviderReading = z.infer<typeof ProviderReadingSchema>;

export type DocumentReader = {
  read(document: DocumentRow): Promise<There>;
  /** What came of it, by provider. */
  readings(): ProviderReading[];
};

/** Believes what was recorded. */
export const ASKS_NOBODY: DocumentReader = { read: async () => ({ kind: 'unasked' }), readings: () => [] };

/** A provider that fails so often in a row is left alone; so is one that refuses the credentials, at once. */
const GIVES_UP_AFTER = 3;
/** How often one document is asked for again where the provider wants to be left alone, and how long that may take. */
const MOST_REFUSALS = 5;
const LONGEST_REST_MS = 10 * 60_000;

/** Reads documents until the signal is given. A provider that cannot be read is told, and its documents are `unasked`. */
export function documentReader(parts: OperationParts, signal: AbortSignal): DocumentReader {
  const readings = new Map<string, ProviderReading & { failures: number }>();
  return {
    readings: () => [...readings.values()].map(({ failures: _inARow, ...told }) => told),
    async read({ provider: name, provider_id }) {
      const provider = parts.registry.providers.get(name);
      if (provider === undefined || isByHand(provider_id)) return { kind: 'unasked' };
      const reading = readings.get(name) ?? { provider: name, read: 0, unread: 0, problem: null, failures: 0 };
      readings.set(name, reading);
      const lookup = reading.failures >= GIVES_UP_AFTER ? null : await look(parts, provider, provider_id, signal);
      if (lookup?.kind !== 'found') {
        reading.unread += 1;
        if (lookup !== null) {
          reading.problem = lookup.problem;
          reading.failures += lookup.account === true ? GIVES_UP_AFTER : 1;
        }
        return { kind: 'unasked' };
      }
      reading.read += 1;
      reading.failures = 0;
      const [issued] = lookup.items;
      return issued === undefined ? { kind: 'gone' } : { kind: 'there', issued };
    },
  };
}

/** One document, asked for again after every rest that the provider wants. */
async function look(
  parts: OperationParts,
  provider: Provider,
  id: string,
  signal: AbortSignal,
): Promise<Lookup<Issued>> {
  for (let refusals = 0; ; refusals++) {
    const rest = await restOf(parts, provider);
    if (rest.ms > LONGEST_REST_MS) return { kind: 'failed', problem: rest.why, account: true };
    if (rest.ms > 0) await pauseFor(parts.runtime, rest.ms, signal);
    signal.throwIfAborted();
    const lookup = await provider.account.read(id, syncIo(parts, provider));
    if (lookup.kind === 'found' || lookup.throttled === undefined || refusals === MOST_REFUSALS) return lookup;
    await throttle(parts, provider, lookup.throttled.retryAfterMs);
  }
}

/** How long the account is to be left alone, and why. */
async function restOf(
  { store, runtime }: OperationParts,
  { name, account }: Provider,
): Promise<{ ms: number; why: Problem }> {
  const { blockedUntil, reason } = await standingOf(store.read, account.accountId);
  const detail = `nothing is sent to ${name} until ${new Date(blockedUntil).toISOString()} (${reason ?? 'unknown'})`;
  return { ms: blockedUntil - runtime.now().getTime(), why: problem('provider_blocked', detail) };
}
