// The settings of one firm at Facturation.pro. The credential may serve several firms; documents are made in this one.
import { z } from 'zod';
import type { DocumentSettings } from '../../mappings/from-document/facturation-pro.ts';
import { LANGUAGES, NATURES, PAYMENT_CODES } from '../../mappings/tables/facturation-pro.ts';
import { baseUrlSchema } from '../base-url.ts';

export type Settings = DocumentSettings & {
  baseUrl: string;
  firmId: string;
  apiId: string;
  apiKey: string;
  userAgent: string;
  electronicAddress: boolean;
};

const HOME = 'https://www.facturation.pro';

const number = (message: string) =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[1-9]\d{0,9}$/, message));

const oneOf = <const Codes extends readonly [string, ...string[]]>(codes: Codes) =>
  z.union([z.string(), z.number()]).transform(String).pipe(z.enum(codes));

const credential = z.string().regex(/^[\x21-\x7e]+$/, 'expected what Facturation.pro shows under “Clé API”');

export const SettingsSchema = z
  .strictObject({
    base_url: baseUrlSchema({ example: HOME, path: 'none' })
      .default(HOME)
      .describe('Address of Facturation.pro; another only for tests.'),
    firm_id: number('expected the firm’s number').describe('Number of the firm, shown beside the API key.'),
    api_id: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(credential.regex(/^[^:]+$/, 'an API id holds no colon'))
      .describe('API id, shown under “Clé API”.'),
    api_key: credential.describe('API key, shown under “Clé API”. A secret.'),
    user_agent: z
      .string()
      .regex(/^[\x20-\x7e]+$/, 'expected plain ASCII: accents are not accepted in this header')
      .regex(/@|https?:\/\//, 'expected a contact as well, such as "Acme (admin@acme.example)"')
      .describe('Who asks, with an e-mail or a page to contact; without one Facturation.pro may suspend the access.'),
    language: z
      .enum(LANGUAGES)
      .default('fr')
      .describe('Language of a document whose order names none that Facturation.pro prints.'),
    payment_modes: z
      .record(z.string(), oneOf(PAYMENT_CODES))
      .default({})
      .describe('Codes of modes of payment by the gateway’s id, such as `stripe: 2`.'),
    category_id: number('expected the category’s number')
      .optional()
      .describe('Number of the category that every invoice is put in.'),
    vat_exemption: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('Reason printed on an invoice without any VAT, such as “TVA non applicable, art. 293 B du CGI”.'),
    pay_before: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^[\x21-\x7e]{1,16}$/, 'expected a code such as 30 or 30fm-inv'))
      .optional()
      .describe('Code of the term of payment, in place of a due date.'),
    nature: oneOf(NATURES)
      .optional()
      .describe(
        'For micro-entrepreneurs: 1 sale, 2 commercial service, 3 non-commercial service, 8 disbursement, 9 none.',
      ),
    electronic_address: z
      .boolean()
      .default(false)
      .describe('Give a new French company its address for e-invoicing, made of its SIREN.'),
  })
  .transform(
    (given): Settings => ({
      baseUrl: given.base_url,
      firmId: given.firm_id,
      apiId: given.api_id,
      apiKey: given.api_key,
      userAgent: given.user_agent,
      language: given.language,
      paymentModes: Object.fromEntries(
        Object.entries(given.payment_modes).map(([gateway, code]) => [gateway.trim().toLowerCase(), code]),
      ),
      categoryId: given.category_id ?? null,
      vatExemption: given.vat_exemption ?? null,
      payBefore: given.pay_before ?? null,
      nature: given.nature ?? null,
      electronicAddress: given.electronic_address,
    }),
  );
