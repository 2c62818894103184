// How a provider account stands with us. The breaker opens after failures in a row and closes after one harmless read.
import type { ProviderIo, ProviderRequest } from '../connector.ts';
import type { Log } from '../log.ts';
import type { Provider, Registry, Use } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import { setStanding, standingOf } from '../store/accounts.ts';
import type { Store } from '../store/open.ts';

export type DeliverParts = {
  store: Store;
  registry: Registry;
  runtime: Runtime;
  log: Log;
  /** Called when new jobs may be due. */
  onPlanned?(): void;
};

/** What a connector may use of the world, each request at once. */
export const directIo = ({ registry, runtime }: DeliverParts, provider: Provider): ProviderIo => ({
  http: (request) => provider.http(request),
  now: () => runtime.now(),
  dataDir: registry.dataDir,
  timeZone: registry.timeZone,
});

/** The same, each request in its turn within the account's pace: for everything that needs no recorded intent. */
export const pacedIo = (parts: DeliverParts, provider: Provider): ProviderIo => ({
  ...directIo(parts, provider),
  http: (request) => provider.paced(() => provider.http(request), { use: useOf(request) }),
});

export const useOf = ({ method }: ProviderRequest): Use => (method === 'GET' ? 'lookup' : 'send');

/** Five failures in a row that leave the account's health in doubt stop its sends until a harmless read succeeds. */
export const BREAKS_AFTER = 5;

/** Counts against the account. The breaker opens after five doubtful answers in a row, at once when credentials or plan are refused. */
export async function blame(parts: DeliverParts, provider: Provider, reason: string, atOnce: boolean): Promise<void> {
  const { account, delivery } = provider;
  const now = parts.runtime.now().getTime();
  await parts.store.write(async (tx) => {
    const { failures, blockedUntil, rampFrom } = await standingOf(tx, account.accountId);
    const count = atOnce ? Math.max(failures + 1, BREAKS_AFTER) : failures + 1;
    const open = count >= BREAKS_AFTER;
    const wait = Math.min(delivery.retry.cap, delivery.retry.base * 2 ** Math.min(count - BREAKS_AFTER + 1, 20));
    await setStanding(tx, account.accountId, {
      failures: count,
      blockedUntil: open ? Math.max(blockedUntil, now + wait) : blockedUntil,
      reason: open ? reason : null,
      rampFrom,
    });
    if (open && failures < BREAKS_AFTER) parts.log.warn('breaker.open', { provider: provider.name, reason });
  });
}

/** The account answered as it should: whatever was counted against it is forgotten. */
export async function praise(parts: DeliverParts, provider: Provider): Promise<void> {
  const { account } = provider;
  const standing = await standingOf(parts.store.read, account.accountId);
  if (standing.failures === 0 && standing.blockedUntil === 0) return;
  // An account that had to be left alone is not met with all that has piled up meanwhile.
  const now = parts.runtime.now().getTime();
  const rampFrom = standing.blockedUntil === 0 ? standing.rampFrom : Math.max(standing.rampFrom, now);
  const good = { failures: 0, blockedUntil: 0, reason: null, rampFrom };
  await parts.store.write((tx) => setStanding(tx, account.accountId, good));
  if (standing.failures >= BREAKS_AFTER) parts.log.info('breaker.closed', { provider: provider.name });
}

/** The account asked us to wait; every job of it waits, none is blamed. */
export async function throttle(parts: DeliverParts, provider: Provider, retryAfterMs: number | null): Promise<void> {
  const { account, delivery } = provider;
  const wait = retryAfterMs ?? Math.min(delivery.retry.cap, delivery.retry.base * 4);
  await parts.store.write(async (tx) => {
    const standing = await standingOf(tx, account.accountId);
    const until = Math.max(standing.blockedUntil, parts.runtime.now().getTime() + wait);
    await setStanding(tx, account.accountId, {
      ...standing,
      blockedUntil: until,
      reason: 'throttled',
      rampFrom: until,
    });
  });
}

/** The harmless read that an open breaker lets through; true when the account is well again. */
export async function probe(parts: DeliverParts, provider: Provider): Promise<boolean> {
  const { store, runtime, log } = parts;
  const outcome = await provider.account.check(pacedIo(parts, provider));
  if (outcome.kind === 'done') {
    await praise(parts, provider);
    return true;
  }
  const { accountId } = provider.account;
  const { base, cap } = provider.delivery.retry;
  await store.write(async (tx) => {
    const { failures, rampFrom } = await standingOf(tx, accountId);
    const count = Math.max(failures, BREAKS_AFTER) + 1;
    const wait = Math.min(cap, base * 2 ** Math.min(count - BREAKS_AFTER, 20));
    const blockedUntil = runtime.now().getTime() + wait;
    await setStanding(tx, accountId, { failures: count, blockedUntil, reason: outcome.problem.code, rampFrom });
  });
  log.warn('breaker.still_open', { provider: provider.name, reason: outcome.problem.code });
  return false;
}
