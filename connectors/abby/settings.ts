// The settings of one Abby account.
import { z } from 'zod';
import type { DocumentSettings } from '../../mappings/from-document/abby.ts';
import { LOCALES, PAYMENT_METHODS } from '../../mappings/tables/abby-codes.ts';
import { baseUrlSchema } from '../base-url.ts';

export type Settings = DocumentSettings & { baseUrl: string; apiKey: string; markPaid: boolean };

const ORIGIN = 'https://api.app-abby.com';

export const SettingsSchema = z
  .strictObject({
    base_url: baseUrlSchema({ example: ORIGIN, path: 'none' })
      .default(ORIGIN)
      .describe('Origin of the API. The default is Abby’s own; another one is for tests.'),
    api_key: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'expected the key shown under Paramètres > Intégrations, it begins with suk_')
      .describe('The key from Paramètres > Intégrations. It is sent in the Authorization header only.'),
    mark_paid: z
      .boolean()
      .default(false)
      .describe(
        'Records payments through a call that Abby does not document and may change. Off: payments are held for a person.',
      ),
    lang: z
      .enum(LOCALES)
      .default('fr')
      .describe(
        'Language of a document where neither the documents’ settings nor the order name one that Abby prints.',
      ),
    payment_modes: z
      .record(z.string(), z.enum(PAYMENT_METHODS))
      .default({})
      .describe(
        'Abby’s payment method by the shop’s gateway id (case ignored). Without an entry it follows from the gateway.',
      ),
  })
  .transform(
    ({ base_url, api_key, mark_paid, lang, payment_modes }): Settings => ({
      baseUrl: base_url,
      apiKey: api_key,
      markPaid: mark_paid,
      lang,
      paymentModes: new Map(
        Object.entries(payment_modes).map(([gateway, method]) => [gateway.trim().toLowerCase(), method]),
      ),
    }),
  );
