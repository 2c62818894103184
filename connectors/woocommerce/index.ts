// The WooCommerce source: orders of a shop, told by its webhooks. README.md has the set-up and the shop's peculiarities.
import { z } from 'zod';
import { understandWooCommerce } from '../../mappings/to-facts/woocommerce.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { verifyWooCommerce } from './wire.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const ShopUrlSchema = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => URL.canParse(text) && (text.startsWith('https:') || LOOPBACK.test(new URL(text).hostname)),
    'a shop is asked over https; plain http is for loopback addresses only',
  );

const SettingsSchema = z.strictObject({
  secret: SecretsSchema,
  /** The shop's root and a read-only REST key, for what a webhook does not carry and for reconciliation. */
  api: z
    .strictObject({ url: ShopUrlSchema, consumer_key: z.string().min(1), consumer_secret: z.string().min(1) })
    .optional(),
  /** The `X-WC-Webhook-Source` to accept; without it the source is bound to the first shop it hears. */
  shop: z.string().min(1).optional(),
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
