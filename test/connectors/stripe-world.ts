// A Stripe source with a key, and the simulated account that it may ask.

import { stripe } from '../../connectors/stripe/index.ts';
import { readingOf } from '../../connectors/stripe/settings.ts';
import { understandStripe } from '../../mappings/to-facts/stripe.ts';
import type { ChangesPage, Finding, SourceApi, SourceIo } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import type { Result } from '../../src/domain/result.ts';
import { callProvider } from '../../src/http-client.ts';
import { type StripeAccount, type StripeOptions, startStripe } from '../simulators/stripe.ts';

export const SECRET = 'whsec_of_this_test';
const TIMEOUT_MS = 2000;

export type StripeWorld = {
  account: StripeAccount;
  api: SourceApi;
  io: SourceIo;
  /** The account's clock. */
  pass(ms: number): void;
  now(): Date;
  understand(told: { topic: string; body: Uint8Array }): Result<Understood>;
};

export const MINUTE = 60_000;
export const DAY = 86_400_000;

export async function stripeWorld(
  options: Partial<StripeOptions> = {},
  settings: Record<string, unknown> = {},
): Promise<StripeWorld> {
  let at = Date.parse('2026-11-21T10:00:00.000Z');
  const now = (): Date => new Date(at);
  const endpoints: StripeOptions['endpoints'] = [{ secret: SECRET, version: 'new' }];
  const account = await startStripe({ now, endpoints, ...options });
  const written = { secret: SECRET, api_key: account.key, api_base: account.url, ...settings };
  const parsed = stripe.settings.parse(written);
  const api = stripe.api(parsed);
  if (api === null) throw new Error('no key');
  const io: SourceIo = { http: (request) => callProvider(api.endpoint, request, TIMEOUT_MS), now };
  return {
    account,
    api,
    io,
    now,
    pass: (ms) => {
      at += ms;
    },
    understand: ({ topic, body }) =>
      understandStripe({ topic, headers: {}, body, receivedAt: now().toISOString() }, readingOf(parsed)),
  };
}

/** The one thing that was found. */
export function theOne<T>(lookup: Lookup<T>): T {
  if (lookup.kind === 'failed') throw new Error(`${lookup.problem.code}: ${lookup.problem.detail}`);
  const [item] = lookup.items;
  if (item === undefined) throw new Error('nothing was found');
  return item;
}

/** Everything that a list tells since, over all pages of the reading. */
export async function readAll(world: StripeWorld, stream: string, since: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let cursor: string | null = null;
  do {
    const page: ChangesPage = theOne(await world.api.changes(stream, since, cursor, world.io));
    findings.push(...page.findings);
    cursor = page.cursor;
  } while (cursor !== null);
  return findings;
}
