// Stripe's API, bound to the settings of one source.
import type { SourceApi } from '../../src/connector.ts';
import { problem } from '../../src/domain/problem.ts';
import { checkAccess } from './check.ts';
import { fetchFrom } from './fetches.ts';
import { leaveNote } from './notes.ts';
import type { Settings } from './settings.ts';
import { changesIn, streamsFor } from './streams.ts';

const TEN_MINUTES = 600_000;

/** Null without a key. Stripe allows 100 requests a second, and 25 in test mode: a quarter of that is left to the shop. */
export function stripeApi(settings: Settings): SourceApi | null {
  const { api_key, api_base, stripe_invoices } = settings;
  if (!api_key) return null;
  const streams = streamsFor(stripe_invoices === 'invoice');
  return {
    endpoint: { baseUrl: api_base, headers: { authorization: `Bearer ${api_key}` } },
    pace: { requests: 18, perMs: 1000, perDay: null, concurrency: 4 },
    every: TEN_MINUTES,
    streams: Object.keys(streams),
    check: (io) => checkAccess(settings, io),
    changes: (name, since, cursor, io) => {
      const stream = streams[name];
      return stream === undefined
        ? Promise.resolve({ kind: 'failed', problem: problem('unknown_stream', `Stripe has no list “${name}”`) })
        : changesIn(stream, since, cursor, io);
    },
    fetch: fetchFrom,
    writeBack: leaveNote,
  };
}
