// The settings of one FastFaktura account.
import { z } from 'zod';
import type { DocumentSettings } from '../../mappings/from-document/fastfaktura.ts';
import { LOCALES } from '../../mappings/tables/fastfaktura.ts';
import { baseUrlSchema } from '../base-url.ts';

/** How the channel that e-mails nobody may be called: FastFaktura's page says "lien", which may be its own translation. */
export const LINK_CHANNELS = ['link', 'lien'] as const;
export type LinkChannel = (typeof LINK_CHANNELS)[number];

export type Settings = DocumentSettings & { baseUrl: string; apiKey: string; linkChannel: LinkChannel };

const HOME = 'https://app.fastfaktura.io/api/v1';

export const SettingsSchema = z
  .strictObject({
    base_url: baseUrlSchema({ example: HOME, path: 'any' })
      .default(HOME)
      .describe('Address of the API. The default is FastFaktura’s own; another one is for tests.'),
    api_key: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'expected the key from the account’s settings, it begins with ffk_')
      .describe('The API key from the account’s settings. A secret.'),
    link_channel: z
      .enum(LINK_CHANNELS)
      .default('link')
      .describe(
        'Name of the channel by which an invoice is finalised without telling the buyer. The other is tried after it.',
      ),
    tax_rounding: z
      .enum(['unknown', 'line', 'rate', 'total'])
      .default('unknown')
      .describe(
        'Where this account rounds tax. While it is unknown, only amounts that come out under every rule are sent.',
      ),
    language: z
      .enum(LOCALES)
      .default('fr')
      .describe('Language of a client, and of a document, where neither the order nor the country tells one.'),
  })
  .transform(
    ({ base_url, api_key, link_channel, tax_rounding, language }): Settings => ({
      baseUrl: base_url,
      apiKey: api_key,
      linkChannel: link_channel,
      taxRounding: tax_rounding === 'unknown' ? null : tax_rounding,
      language,
    }),
  );
