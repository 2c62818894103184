// The BigCommerce source: its hooks say that something happened to an order, its API says what. README.md has the set-up and
// the shop's peculiarities.
import { z } from 'zod';
import { understandBigCommerce } from '../../mappings/to-facts/bigcommerce.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { baseUrlSchema } from '../base-url.ts';
import { bigcommerceApi } from './api.ts';
import { verifyBigCommerce } from './wire.ts';

const SettingsSchema = z.strictObject({
  /** The API account's client secret, which signs the hooks, or what the merchant put into a header of theirs. */
  secret: SecretsSchema,
  /** The header that bears the secret. */
  header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'expected the name of a header such as X-Bridge-Secret')
    .transform((name) => name.toLowerCase())
    .default('x-bridge-secret'),
  /** An API account of the store. A hook carries no order, so there is no way without one. */
  api: z.strictObject({
    url: baseUrlSchema({ example: 'https://api.bigcommerce.com', path: 'none' }).default('https://api.bigcommerce.com'),
    store_hash: z.string().regex(/^[a-z0-9]{1,40}$/, 'expected the store’s hash, as in the API path stores/abc123'),
    access_token: z.string().regex(/^[\x21-\x7e]{1,500}$/, 'expected the access token of the API account'),
  }),
});
type Settings = z.infer<typeof SettingsSchema>;

export const bigcommerce = {
  role: 'source',
  type: 'bigcommerce',
  label: 'BigCommerce',
  tells: 'shop',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, { secret, header }) => verifyBigCommerce(delivery, secret, header),
  revision: 1,
  understand: (delivery) => understandBigCommerce(delivery),
  api: ({ api }) => bigcommerceApi(api),
} satisfies SourceConnector<Settings>;
