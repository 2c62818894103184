// Small connectors in the shape of the real ones, so that the configuration is tested without them.
import { z } from 'zod';
import type { Catalogue } from '../../src/config/types.ts';
import type { Capabilities, InvoicingProvider, Pace, ProviderAccount, SourceConnector } from '../../src/connector.ts';
import { problem } from '../../src/domain/problem.ts';
import { err } from '../../src/domain/result.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';

const nothing = err(problem('not_here', 'this connector exists for its settings'));
const unused = { kind: 'failed', problem: nothing.error } as const;

function source<Settings>(
  type: string,
  tells: 'shop' | 'payments',
  settings: z.ZodType<Settings>,
  ordersFrom?: (settings: Settings) => string[],
): SourceConnector<Settings> {
  return {
    role: 'source',
    type,
    label: type,
    tells,
    settings,
    contentTypes: ['application/json'],
    verify: () => ({ kind: 'refused', reason: 'not_here' }),
    ...(ordersFrom && { linking: (parsed) => ({ ordersFrom: ordersFrom(parsed), by: [], unlinked: null }) }),
    revision: 1,
    understand: () => nothing,
  };
}

const effect = {
  compose: () => nothing,
  send: async () => ({ kind: 'unknown', problem: nothing.error }) as const,
  find: async () => unused,
  secondIsHarmless: false,
};

const account = (accountId: string, able: Partial<Capabilities>, pace: Pace | null): ProviderAccount => ({
  accountId,
  capabilities: {
    keys: ['external_id', 'tax_number', 'email'],
    searches: [],
    drafts: true,
    paidAtCreation: true,
    payments: 'parts',
    creditNotes: 'parts',
    email: true,
    publicLink: true,
    currencies: null,
    taxRates: null,
    ...able,
  },
  exampleClientId: '1',
  pace,
  check: async () => ({ kind: 'unknown', problem: nothing.error }),
  findClients: async () => unused,
  directory: null,
  client: effect,
  updateClient: async () => ({ kind: 'unknown', problem: nothing.error }),
  invoice: { ...effect, drafting: null },
  predictTotal: () => null,
  payment: null,
  creditNote: null,
  email: null,
  read: async () => unused,
  pdf: async () => nothing,
});

function provider<Settings>(
  type: string,
  settings: z.ZodType<Settings>,
  able: Partial<Capabilities>,
  pace: Pace | null,
): InvoicingProvider<Settings> {
  return {
    role: 'provider',
    type,
    label: type,
    settings,
    endpoint: () => null,
    connect: (_settings, name) => account(`${type}:${name}`, able, pace),
  };
}

const api = z.strictObject({ url: z.string(), consumer_key: z.string(), consumer_secret: z.string() });
const id = z.union([z.string(), z.number()]).transform(String);

export const catalogue = {
  sources: [
    source(
      'bigcommerce',
      'shop',
      z.strictObject({
        secret: SecretsSchema,
        api: z.strictObject({ store_hash: z.string(), access_token: z.string() }),
      }),
    ),
    source(
      'prestashop',
      'shop',
      z.strictObject({
        secret: SecretsSchema.optional(),
        api: z.strictObject({ url: z.string(), key: z.string() }),
        time_zone: z.string(),
        own_invoices: z.string(),
      }),
    ),
    source('shopify', 'shop', z.strictObject({ secret: SecretsSchema })),
    source(
      'shopware',
      'shop',
      z.strictObject({
        secret: SecretsSchema.optional(),
        api: z.strictObject({ url: z.string(), client_id: z.string(), client_secret: z.string() }),
      }),
    ),
    source('standard', 'shop', z.strictObject({ secret: SecretsSchema, signature: z.looseObject({}).optional() })),
    source(
      'stripe',
      'payments',
      z.strictObject({
        secret: SecretsSchema,
        api_key: z.string().optional(),
        mode: z.enum(['any', 'live', 'test']).default('any'),
        orders_from: z.array(z.string()).default([]),
      }),
      ({ orders_from }) => orders_from,
    ),
    source('woocommerce', 'shop', z.strictObject({ secret: SecretsSchema, api: api.optional() })),
  ],
  providers: [
    provider(
      'abby',
      z.strictObject({ base_url: z.string(), api_key: z.string(), mark_paid: z.boolean().optional() }),
      { currencies: ['EUR'] },
      null,
    ),
    provider(
      'facturation-pro',
      z.strictObject({
        base_url: z.string(),
        firm_id: id,
        api_id: z.string(),
        api_key: z.string(),
        user_agent: z.string(),
      }),
      { payments: 'whole', creditNotes: 'whole' },
      null,
    ),
    provider(
      'fastfaktura',
      z.strictObject({ tax_rounding: z.string().optional(), base_url: z.string(), api_key: z.string() }),
      { email: false, paidAtCreation: false, payments: 'none', creditNotes: 'none' },
      null,
    ),
    provider('sandbox', z.strictObject({}), {}, null),
    provider(
      'vosfactures',
      z
        .strictObject({ base_url: z.string(), api_token: z.string().min(8), department_id: id.optional() })
        .transform(({ base_url, api_token }) => ({ baseUrl: base_url, token: api_token })),
      { drafts: false },
      { requests: 1000, perMs: 60_000, perDay: 50_000, concurrency: 2 },
    ),
  ],
} satisfies Catalogue;

/** Every variable that the project's own examples name. */
export const exampleEnv = {
  BRIDGE_ADMIN_TOKEN: 'a-token-of-some-length',
  WOO_SECRET: 'woo-secret-of-some-length',
  WOO_KEY: 'ck_of_the_shop',
  WOO_KEY_SECRET: 'cs_of_the_shop',
  WOO_CONSUMER_KEY: 'ck_0123456789abcdef',
  WOO_CONSUMER_SECRET: 'cs_0123456789abcdef',
  SHOPIFY_SECRET: 'shopify-secret-of-some-length',
  SHOPIFY_OLD_SECRET: 'shopify-old-secret-of-some-length',
  SHOPWARE_SHOP_SECRET: 'shopware-secret-of-some-length',
  SHOPWARE_CLIENT_ID: 'SWIA0123456789',
  SHOPWARE_CLIENT_SECRET: 'shopware-key-of-some-length',
  BIGCOMMERCE_CLIENT_SECRET: 'client-secret-of-some-length',
  BIGCOMMERCE_TOKEN: 'bigcommerce-token',
  PS_SECRET: 'prestashop-secret-of-some-length',
  PS_KEY: 'KEYOFTHEWEBSERVICEINTHEEXAMPLE01',
  ERP_SECRET: 'erp-secret-of-some-length',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef',
  VF_TOKEN: 'vosfactures-token/acme',
  FF_KEY: 'fastfaktura-key',
  FP_ID: '4711',
  FP_KEY: 'facturation-pro-key',
  ABBY_KEY: 'abby-key',
};
