// The Shopify source: orders of a shop, told by its webhooks. README.md has the set-up and the shop's peculiarities.
import { z } from 'zod';
import { understandShopify } from '../../mappings/to-facts/shopify.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { verifyShopify } from './wire.ts';

/** Plain http is for a server on the same machine; an access token never crosses a network in the clear. */
const SHOP_URL = /^(https:\/\/[^\s/?#@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)\/?$/;

const SettingsSchema = z.strictObject({
  /** The app's client secret, or the key shown under Settings > Notifications > Webhooks. */
  secret: SecretsSchema,
  /** The shop's root and an Admin API token that may read orders, for reconciliation. */
  api: z
    .strictObject({
      url: z.string().regex(SHOP_URL, 'expected the root of the shop, such as https://acme.myshopify.com'),
      access_token: z.string().min(1),
    })
    .optional(),
});
type Settings = z.infer<typeof SettingsSchema>;

export const shopify = {
  role: 'source',
  type: 'shopify',
  label: 'Shopify',
  tells: 'shop',
  settings: SettingsSchema,
  contentTypes: ['application/json'],
  verify: (delivery, settings) => verifyShopify(delivery, settings.secret),
  revision: 1,
  understand: (delivery) => understandShopify(delivery),
} satisfies SourceConnector<Settings>;
