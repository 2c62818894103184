// The settings of one VosFactures account, checked so that the token can only ever go where the user meant it to.
import { z } from 'zod';
import type { DocumentSettings } from '../../mappings/from-document/vosfactures.ts';
import { LANGUAGES } from '../../mappings/tables/vosfactures-languages.ts';

export type Settings = DocumentSettings & { baseUrl: string; token: string };

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const BaseUrlSchema = z.string().transform((text, context) => {
  const fail = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (!URL.canParse(text)) return fail('expected a URL such as https://acme.vosfactures.fr');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
    return fail('expected https:// (plain http:// is accepted for loopback addresses only)');
  }
  if (url.username !== '' || url.password !== '') return fail('the URL must not carry credentials: use api_token');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return fail('expected the root of the account, without a path');
  }
  return url.origin;
});

/**
 * `base_url` may be left out when the token has the form `TOKEN/account`, which VosFactures shows as "token with prefix":
 * the part after the last slash names the account.
 */
export const SettingsSchema = z
  .strictObject({
    base_url: BaseUrlSchema.optional(),
    api_token: z.string().regex(/^[\x21-\x7e]+$/, 'expected the token shown under Paramètres > Intégration'),
    /** The seller's department on every document; the account's main one when absent. */
    department_id: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^[1-9]\d*$/, 'expected the number that ends the URL of the department’s page'))
      .optional(),
    /** Language of a document whose order names none that VosFactures prints. */
    lang: z.enum(LANGUAGES).default('fr'),
  })
  .transform(({ base_url, api_token, department_id, lang }, context): Settings => {
    const account = /\/([a-z0-9][a-z0-9-]*)$/i.exec(api_token)?.[1];
    const baseUrl = base_url ?? (account === undefined ? undefined : `https://${account.toLowerCase()}.vosfactures.fr`);
    if (baseUrl === undefined) {
      const message = 'needed, because api_token does not name the account (it would end in /account)';
      context.addIssue({ code: 'custom', path: ['base_url'], message });
      return z.NEVER;
    }
    return { baseUrl, token: api_token, departmentId: department_id ?? null, lang };
  });
