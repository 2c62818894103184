// The settings of one VosFactures account, checked so that the token can only ever go where the user meant it to.
import { z } from 'zod';
import { type DocumentSettings, INVOICE_KINDS } from '../../mappings/from-document/vosfactures-document.ts';
import { LANGUAGES } from '../../mappings/tables/vosfactures-languages.ts';
import { baseUrlSchema } from '../base-url.ts';

export type Settings = DocumentSettings & { baseUrl: string; token: string; electronicAddress: boolean };

const id = (expected: string) =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[1-9]\d*$/, expected));

export const SettingsSchema = z
  .strictObject({
    base_url: baseUrlSchema({ example: 'https://acme.vosfactures.fr', path: 'none' })
      .optional()
      .describe('Address of the account. May be left out when the token ends in /account.'),
    api_token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'expected the token shown under Paramètres > Intégration')
      .describe('The token from Paramètres > Intégration. It is sent in the Authorization header only.'),
    department_id: id('expected the number that ends the URL of the department’s page')
      .optional()
      .describe('The seller’s department on every document; the account’s main one when left out.'),
    category_id: id('expected the number of a category')
      .optional()
      .describe('Number of the category that every document is put in.'),
    kind: z
      .enum(INVOICE_KINDS)
      .default('vat')
      .describe(
        'Sort of document that an invoice is: `vat`, or `invoice_other` for an account that numbers these apart.',
      ),
    lang: z
      .enum(LANGUAGES)
      .default('fr')
      .describe('Language of a document whose order names none that VosFactures prints.'),
    payment_modes: z
      .record(z.string().min(1), z.string().trim().min(1).max(100))
      .default({})
      .describe('Modes of payment as VosFactures is to print them, by the gateway’s id, such as `alma: Alma 3x`.'),
    electronic_address: z
      .boolean()
      .default(false)
      .describe('Gives a new client that is a French company its address for e-invoices, `0225:SIREN`.'),
  })
  .transform((settings, context): Settings => {
    const { base_url, api_token, department_id, category_id, kind, lang, payment_modes, electronic_address } = settings;
    // VosFactures shows a "token with prefix": the part after the last slash names the account.
    const account = /\/([a-z0-9][a-z0-9-]*)$/i.exec(api_token)?.[1];
    const baseUrl = base_url ?? (account === undefined ? undefined : `https://${account.toLowerCase()}.vosfactures.fr`);
    if (baseUrl === undefined) {
      const message = 'needed, because api_token does not name the account (it would end in /account)';
      context.addIssue({ code: 'custom', path: ['base_url'], message });
      return z.NEVER;
    }
    return {
      baseUrl,
      token: api_token,
      departmentId: department_id ?? null,
      categoryId: category_id ?? null,
      kind,
      lang,
      paymentModes: new Map(Object.entries(payment_modes).map(([gateway, mode]) => [gateway.toLowerCase(), mode])),
      electronicAddress: electronic_address,
    };
  });
