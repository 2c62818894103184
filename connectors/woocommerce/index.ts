// The WooCommerce source: orders of a shop, told by its webhooks and read through its REST API. README.md has the set-up and
// the shop's peculiarities.
import { z } from 'zod';
import { understandWooCommerce } from '../../mappings/to-facts/woocommerce.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { baseUrlSchema } from '../base-url.ts';
import { woocommerceApi } from './api.ts';
import { verifyWooCommerce } from './wire.ts';

const SettingsSchema = z.strictObject({
  secret: SecretsSchema,
  /** The shop's root and a REST key, for what a webhook does not carry, for changes that no webhook told, and for notes. */
  api: z
    .strictObject({
      url: baseUrlSchema({ example: 'https://shop.example', path: 'any' }).refine((url) => !/\/wp-json\b/.test(url), {
        error: 'expected the shop’s root: /wp-json/wc/v3 is added',
      }),
      consumer_key: z.string().min(1),
      consumer_secret: z.string().min(1),
    })
    .optional(),
});
type Settings = z.infer<typeof SettingsSchema>;

export const woocommerce = {
  role: 'source',
  type: 'woocommerce',
  label: 'WooCommerce',
  tells: 'shop',
  settings: SettingsSchema,
  // The form is the ping that follows the saving of a webhook.
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: (delivery, settings) => verifyWooCommerce(delivery, settings.secret),
  revision: 2,
  understand: (delivery) => understandWooCommerce(delivery),
  api: ({ api }) => (api === undefined ? null : woocommerceApi(api)),
} satisfies SourceConnector<Settings>;
