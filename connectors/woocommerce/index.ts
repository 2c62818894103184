// The WooCommerce source: orders of a shop, told by its webhooks. README.md has the set-up and the shop's peculiarities.
import { z } from 'zod';
import { understandWooCommerce } from '../../mappings/to-facts/woocommerce.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { verifyWooCommerce } from './wire.ts';

const SettingsSchema = z.strictObject({
  secret: SecretsSchema,
  /** The shop's root and a read-only REST key, for what a webhook does not carry and for reconciliation. */
  api: z.strictObject({ url: z.url(), consumer_key: z.string().min(1), consumer_secret: z.string().min(1) }).optional(),
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
  revision: 1,
  understand: (delivery) => understandWooCommerce(delivery),
} satisfies SourceConnector<Settings>;
