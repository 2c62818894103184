// What the check of a FastFaktura account tells: that its key is accepted, and what its invoices show of its arithmetic.
import { z } from 'zod';
import { type Reckoned, rulesOf, TAX_ROUNDINGS } from '../../mappings/from-document/fastfaktura-rounding.ts';
import type { TaxRounding } from '../../mappings/from-document/net-arithmetic.ts';
import { CURRENCIES } from '../../mappings/tables/fastfaktura.ts';
import type { AccountInfo, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import { DecimalSchema } from '../../src/domain/money.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { CentsSchema, invoicePath } from './document.ts';
import type { Settings } from './settings.ts';
import { objectIn, onePage, rejectionWhere } from './wire.ts';

const BusinessSchema = z.object({
  error: z.undefined().optional(),
  errors: z.undefined().optional(),
  name: z.string().optional().catch(undefined),
});

/** Proves the key by reading the profile, whose fields are not documented: the account is called by its name if it has one. */
export const checkAccount =
  (settings: Settings): ProviderAccount['check'] =>
  async (io) => {
    const profile = readOutcome<string>(await io.http({ method: 'GET', path: '/business' }), {
      value: (json) => {
        const business = BusinessSchema.safeParse(objectIn(json, 'business')).data;
        return business === undefined ? null : business.name?.trim() || settings.baseUrl;
      },
      rejection: rejectionWhere('refused'),
    });
    if (profile.kind !== 'done') return profile;
    return { kind: 'done', value: describe(profile.value, await roundingAdvice(io, settings.taxRounding)) };
  };

const describe = (name: string, advice: string | null): AccountInfo => ({
  name,
  can: ['invoices, as drafts first', 'clients', 'sending by e-mail', 'PDF and public link'],
  cannot: [
    'payments',
    'credit notes',
    'changing or deleting a draft',
    'tax numbers of clients: they go into the notes',
  ],
  limits: ['FastFaktura publishes no limit; 120 requests a minute are kept'],
  warnings: [
    'An invoice is finalised by sending it through the link channel, which e-mails nobody and cannot be undone.',
    'A payment is not recorded: the notes say what was paid, and the invoice stays open until you mark it by hand.',
    ...(advice === null ? [] : [advice]),
  ],
});

/** What to do about `tax_rounding`, from the invoices that are there; null where it is set and nothing speaks against it. */
async function roundingAdvice(io: ProviderIo, set: TaxRounding | null): Promise<string | null> {
  const rules = rulesOf(await latestInvoices(io));
  const [rule, another] = rules;
  if (rule === undefined) {
    return 'No rule of rounding explains the totals of this account’s invoices: its prices may include tax, and drafts would be held.';
  }
  if (set !== null && rules.includes(set)) return null;
  if (set !== null)
    return `The invoices of this account round tax by ${rules.join(' or ')}: tax_rounding: ${set} is wrong.`;
  if (another === undefined) return `The invoices of this account round tax by ${rule}: set tax_rounding: ${rule}.`;
  const left = rules.length === TAX_ROUNDINGS.length ? '' : ` It is ${rules.join(' or ')}.`;
  return `Where this account rounds tax is not known; orders that need to know it are held. Set tax_rounding.${left}`;
}

const INVOICES_LOOKED_AT = 10;

/** Some invoices with their lines; those that cannot be read tell nothing. */
async function latestInvoices(io: ProviderIo): Promise<Reckoned[]> {
  const listed = await onePage(io, 'invoices', {}, 1);
  if (listed.kind === 'failed') return [];
  const invoices: Reckoned[] = [];
  for (const { id } of listed.page.rows.slice(0, INVOICES_LOOKED_AT)) {
    const read = readLookup<Reckoned>(await io.http({ method: 'GET', path: invoicePath(String(id)) }), {
      items: reckonedIn,
      rejection: rejectionWhere('refused'),
    });
    if (read.kind === 'found') invoices.push(...read.items);
  }
  return invoices;
}

const ReckonedSchema = z.object({
  currency: z.enum(CURRENCIES),
  total_cents: CentsSchema,
  lines: z.array(z.object({ quantity: DecimalSchema, unit_price_cents: CentsSchema, tax_rate: DecimalSchema })).min(1),
});

function reckonedIn(json: Json): Reckoned[] | null {
  const parsed = ReckonedSchema.safeParse(objectIn(json, 'invoice'));
  if (!parsed.success) return null;
  const { currency, total_cents, lines } = parsed.data;
  const told = lines.map((line) => ({
    quantity: line.quantity,
    unitPrice: line.unit_price_cents,
    rate: line.tax_rate,
  }));
  return [{ currency, total: total_cents, lines: told }];
}
