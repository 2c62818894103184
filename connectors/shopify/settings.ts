// What a Shopify source needs to know.
import { z } from 'zod';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { baseUrlSchema } from '../base-url.ts';

export const SettingsSchema = z.strictObject({
  /** The app's client secret, or the key shown under Settings > Notifications > Webhooks. */
  secret: SecretsSchema,
  /** The shop's root and an Admin API token that may read orders. */
  api: z
    .strictObject({
      url: baseUrlSchema({ example: 'https://acme.myshopify.com', path: 'none' }),
      access_token: z.string().min(1),
    })
    .optional(),
});
export type Settings = z.infer<typeof SettingsSchema>;
