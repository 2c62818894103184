// The Shopware source: orders of a shop, told of by its webhooks and read from its Admin API. README.md has the set-up and
// the shop's peculiarities.
import { z } from 'zod';
import { understandShopware } from '../../mappings/to-facts/shopware.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { baseUrlSchema } from '../base-url.ts';
import { shopwareApi } from './api.ts';
import { verifyShopware } from './wire.ts';

const SettingsSchema = z.strictObject({
  /** The shop secret that was given in the app's registration. Without one, orders are only looked for. */
  secret: SecretsSchema.optional(),
  /** The shop's own address, as in APP_URL, and the access key of an integration: webhooks only name the orders. */
  api: z.strictObject({
    url: baseUrlSchema({ example: 'https://shop.example', path: 'any' }),
    client_id: z.string().min(1),
    client_secret: z.string().min(1),
  }),
});
type Settings = z.infer<typeof SettingsSchema>;

export const shopware = {
  role: 'source',
  type: 'shopware',
  label: 'Shopware 6',
  tells: 'shop',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, settings) => verifyShopware(delivery, settings.secret ?? []),
  revision: 1,
  understand: (delivery) => understandShopware(delivery),
  api: ({ api }) => shopwareApi(api.url, { clientId: api.client_id, clientSecret: api.client_secret }),
} satisfies SourceConnector<Settings>;
