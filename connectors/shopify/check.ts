// What a Shopify access token may do: its scopes, and whether Shopify lets it see who the buyers are.
import { z } from 'zod';
import type { AccountInfo, SourceIo } from '../../src/connector.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { API_VERSION, ask, graphqlRequest, readData } from './graphql.ts';
import { BUYERS, SHOP } from './queries.ts';

const ShopSchema = z.object({
  shop: z.object({ name: z.string(), myshopifyDomain: z.string() }),
  currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
});

/** What each scope is for; a scope to write includes the one to read. */
const RIGHTS: readonly { scopes: readonly string[]; right: string }[] = [
  { scopes: ['read_orders', 'write_orders'], right: 'read orders and refunds' },
  { scopes: ['read_all_orders'], right: 'read orders older than 60 days' },
  { scopes: ['write_orders'], right: 'leave the invoice’s number with the order' },
  { scopes: ['read_customers', 'write_customers'], right: 'read a buyer’s customer record' },
  {
    scopes: ['read_customers', 'write_customers', 'read_companies', 'write_companies'],
    right: 'read the tax registration of businesses (B2B)',
  },
];

/** Names the shop and what the token may do there. Changes nothing. */
export async function checkShop(io: SourceIo): Promise<Outcome<AccountInfo>> {
  const answer = await io.http(graphqlRequest(SHOP, {}));
  const shop = readData(answer, () => false);
  if (shop.kind === 'failed') return asOutcome(shop);
  const parsed = ShopSchema.safeParse(shop.items[0]).data;
  if (parsed === undefined) {
    return {
      kind: 'unknown',
      problem: problem('unclear_answer', 'Shopify described the shop in a form that cannot be read'),
    };
  }
  const granted = new Set(parsed.currentAppInstallation.accessScopes.map(({ handle }) => handle));
  const rights = RIGHTS.map(({ scopes, right }) => ({
    granted: scopes.some((scope) => granted.has(scope)),
    right: `${right} (${scopes[0]})`,
  }));
  const buyers = rights[0]?.granted ? await seesBuyers(io) : null;
  const used = answer.kind === 'answer' ? answer.headers['x-shopify-api-version'] : undefined;
  const versionWarning = `Shopify answers as version ${used}, since it no longer supports ${API_VERSION}: update the bridge`;
  return {
    kind: 'done',
    value: {
      name: `${parsed.shop.name} (${parsed.shop.myshopifyDomain})`,
      can: [
        ...rights.filter((one) => one.granted).map(({ right }) => right),
        ...(buyers?.kind === 'found' && buyers.items.length > 0
          ? ['see who the buyers are (protected customer data)']
          : []),
      ],
      cannot: [
        ...rights.filter((one) => !one.granted).map(({ right }) => right),
        ...(buyers?.kind === 'failed' ? [`see who the buyers are: ${buyers.problem.detail}`] : []),
      ],
      limits: [],
      warnings: used !== undefined && used !== API_VERSION ? [versionWarning] : [],
    },
  };
}

const BuyersSchema = z.object({ orders: z.object({ nodes: z.array(z.unknown()) }) });

/** An order whose buyer is shown; none where the shop has no order to try. */
async function seesBuyers(io: SourceIo): Promise<Lookup<unknown>> {
  const buyers = await ask(io, BUYERS, {});
  if (buyers.kind === 'failed') return buyers;
  return { kind: 'found', items: BuyersSchema.safeParse(buyers.items[0]).data?.orders.nodes ?? [] };
}

/** A read proves nothing but what it shows: without an answer nothing is known. */
function asOutcome({
  problem: told,
  throttled,
  account,
}: Extract<Lookup<unknown>, { kind: 'failed' }>): Outcome<never> {
  if (throttled !== undefined)
    return { kind: 'rejected', rejection: { kind: 'throttled', ...throttled }, problem: told };
  if (account === true) return { kind: 'rejected', rejection: { kind: 'account' }, problem: told };
  return { kind: 'unknown', problem: told };
}
