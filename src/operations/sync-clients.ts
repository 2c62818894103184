// Reading all clients of a provider now, instead of when the next order or the next day asks for it.
import { problem } from '../domain/problem.ts';
import { ok } from '../domain/result.ts';
import { needsDirectory, progressOf, syncStep } from '../flow/6-listing.ts';
import { BREAKS_AFTER } from '../flow/7-standing.ts';
import type { Provider } from '../registry.ts';
import { standingOf } from '../store/accounts.ts';
import { beginPass } from '../store/directory.ts';
import { type Answered, conflict, type OperationParts, unavailable } from './parts.ts';

export type SyncedClients = { provider: string; clients: number };

/**
 * Reads every list of the provider's clients from end to end and tells how far it is after every page. A pass that is under
 * way already is brought to its end. Cut short, it goes on where it was. Refused where the index is not needed, and where
 * the provider keeps failing.
 */
export async function syncClients(
  parts: OperationParts,
  provider: Provider,
  tell: (progress: string) => void,
): Promise<Answered<SyncedClients>> {
  const { store, runtime } = parts;
  const { name, type, account } = provider;
  const { directory, accountId } = account;
  if (directory === null) {
    return conflict(problem('no_directory', `${name} (${type}) searches its clients by every key: no list is kept`));
  }
  if (!needsDirectory(parts.registry, provider)) {
    const detail = `${name} (${type}) searches its clients by every key of matching.by: no list is kept`;
    return conflict(problem('no_directory', detail));
  }
  for (const list of directory.lists) await store.write((tx) => beginPass(tx, accountId, list, runtime.now()));
  for (;;) {
    const { clients, line, remainingMs } = await progressOf(parts, provider, directory);
    tell(line);
    if (remainingMs === 0) return ok({ provider: name, clients });
    const { blockedUntil, failures, reason } = await standingOf(store.read, accountId);
    if (failures >= BREAKS_AFTER) {
      const detail = `${name} cannot be read now (${reason ?? 'unknown'}): what was read is kept, and it goes on from there`;
      return unavailable(problem('listing_failed', detail));
    }
    const blockedMs = blockedUntil - runtime.now().getTime();
    const idle = blockedMs > 0 ? blockedMs : await syncStep(parts, provider, directory);
    if (idle > 0) await new Promise<void>((resolve) => runtime.after(idle, resolve));
  }
}
