// The Shopify source: orders of a shop, told by its webhooks and its Admin API. README.md has the set-up and the shop's
// peculiarities.
import { understandShopify } from '../../mappings/to-facts/shopify.ts';
import type { SourceApi, SourceConnector } from '../../src/connector.ts';
import { problem } from '../../src/domain/problem.ts';
import { changedOrders } from './changes.ts';
import { checkShop } from './check.ts';
import { readOrder } from './orders.ts';
import { type Settings, SettingsSchema } from './settings.ts';
import { verifyShopify } from './wire.ts';
import { writeBack } from './write-back.ts';

export const shopify = {
  role: 'source',
  type: 'shopify',
  label: 'Shopify',
  tells: 'shop',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, settings) => verifyShopify(delivery, settings.secret),
  revision: 2,
  understand: (delivery) => understandShopify(delivery),
  api: ({ api }) => (api === undefined ? null : adminApi(api)),
} satisfies SourceConnector<Settings>;

const adminApi = ({ url, access_token }: NonNullable<Settings['api']>): SourceApi => ({
  endpoint: { baseUrl: url, headers: { 'x-shopify-access-token': access_token } },
  // Shopify counts the cost of queries and not their number. An order costs some fifty points, and the smallest plan
  // gives back a hundred a second.
  pace: { requests: 120, perMs: 60_000, perDay: null, concurrency: 1 },
  every: 600_000,
  streams: ['orders'],
  check: checkShop,
  changes: async (stream, since, cursor, io) =>
    stream === 'orders' ? changedOrders(since, cursor, io) : unknown('stream', stream),
  fetch: async (ref, io) =>
    ref.startsWith('order:') ? readOrder(ref.slice('order:'.length), io) : unknown('ref', ref),
  writeBack,
});

const unknown = (what: string, name: string) => ({
  kind: 'failed' as const,
  problem: problem(`unknown_${what}`, `Shopify has no ${what} “${name.slice(0, 40)}”`),
});
