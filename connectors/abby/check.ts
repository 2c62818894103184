// Proves an Abby account's key, and tells what a person should know before the first invoice.
import { z } from 'zod';
import type { AccountInfo, ProviderAccount } from '../../src/connector.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import type { Settings } from './settings.ts';
import { refusals } from './wire.ts';

const CompanySchema = z.object({
  commercialName: z.string().nullish(),
  siret: z.string().nullish(),
  /** A boolean by the OpenAPI; public clients met the number 1. */
  isInTestMode: z.union([z.boolean(), z.string().transform((flag) => flag !== '0')]).nullish(),
});
/** The OpenAPI wraps the company; public clients met it bare. A bare one must show at least its SIRET. */
const MeSchema = z.union([
  z.object({ company: CompanySchema }).transform(({ company }) => company),
  CompanySchema.extend({ siret: z.string() }),
]);

/** The account's own company, the one call that touches nothing. */
export const checkAccount =
  (settings: Settings): ProviderAccount['check'] =>
  async (io) =>
    readOutcome(await io.http({ method: 'GET', path: '/v2/company/me' }), {
      value: (json) => {
        const company = MeSchema.safeParse(json);
        return company.success ? describe(company.data, settings) : null;
      },
      rejection: refusals('refused'),
    });

function describe(company: z.infer<typeof CompanySchema>, { markPaid }: Settings): AccountInfo {
  const name = company.commercialName?.trim() || 'a company without a name';
  return {
    name: company.siret ? `${name} (SIRET ${company.siret})` : name,
    can: [
      'invoices, as drafts first',
      'contacts and organisations',
      'credit notes, also partial',
      'sending by e-mail',
      'PDF',
      ...(markPaid ? ['payments of the whole amount'] : []),
    ],
    cannot: [
      'VAT rates of other countries than France',
      'a public link',
      ...(markPaid ? ['partial payments'] : ['payments (mark_paid is off)']),
    ],
    limits: ['Abby publishes no limit of requests; 120 a minute are made at most'],
    warnings: [
      'finalising cannot be undone: the invoice gets its number and Abby passes it on as an e-invoice or an e-report',
      ...(company.isInTestMode === true ? ['the account is in test mode: its documents count for nothing'] : []),
      ...(markPaid ? ['payments go through a call that Abby does not document and may change without notice'] : []),
    ],
  };
}
