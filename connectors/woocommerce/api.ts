// WooCommerce's REST API v3 as the core uses it: what changed, one order whole, and a private note on it.
import type { SourceApi } from '../../src/connector.ts';
import { problem } from '../../src/domain/problem.ts';
import { changesSince, STREAMS } from './changes.ts';
import { checkShop } from './check.ts';
import { leaveNote } from './notes.ts';
import { findOrder } from './orders.ts';

export type ApiSettings = { url: string; consumer_key: string; consumer_secret: string };

const REF = /^order:(\d{1,19})$/;

/** Binds the shop's address and key. WooCommerce takes the key by Basic authentication over https. */
export const woocommerceApi = ({ url, consumer_key, consumer_secret }: ApiSettings): SourceApi => ({
  endpoint: {
    baseUrl: `${url}/wp-json`,
    headers: { authorization: `Basic ${Buffer.from(`${consumer_key}:${consumer_secret}`).toString('base64')}` },
  },
  // Nothing is published, and most shops share a small machine with their buyers.
  pace: { requests: 120, perMs: 60_000, perDay: null, concurrency: 2 },
  every: 5 * 60_000,
  streams: STREAMS,
  check: (io) => checkShop(new URL(url).host, io),
  changes: changesSince,
  fetch: async (ref, io) => {
    const id = REF.exec(ref)?.[1];
    if (id !== undefined) return findOrder(id, io);
    return {
      kind: 'failed',
      problem: problem('unknown_ref', `“${ref.slice(0, 50)}” names nothing that can be fetched`),
    };
  },
  writeBack: leaveNote,
});
