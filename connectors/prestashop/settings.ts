// The settings of a PrestaShop source, besides those that every source has.
import { z } from 'zod';
import { isTimeZone } from '../../mappings/to-facts/prestashop-dates.ts';
import { SecretsSchema } from '../../src/domain/signature.ts';
import { baseUrlSchema } from '../base-url.ts';

export const SettingsSchema = z.strictObject({
  /** What a module of the shop signs its webhooks with; without it every webhook is refused, and polling alone is left. */
  secret: SecretsSchema.optional(),
  /** Where the module puts its signature. */
  signature_header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,100}$/, 'expected the name of a header')
    .default('X-Prestashop-Signature')
    .transform((name) => name.toLowerCase()),
  /** The shop's root, without /api, and a webservice key that may view what README.md lists. */
  api: z
    .strictObject({
      url: baseUrlSchema({ example: 'https://shop.example', path: 'any' }),
      key: z.string().min(1),
    })
    .optional(),
  /** The shop's own zone: its dates have none. */
  time_zone: z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Paris').default('Europe/Paris'),
  /** Whether an order that PrestaShop itself has numbered an invoice for is left alone. */
  own_invoices: z.enum(['respect', 'ignore']).default('respect'),
});
export type Settings = z.infer<typeof SettingsSchema>;
