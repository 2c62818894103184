// A buyer as a customer of Facturation.pro. Its documents show the customer's record: they have no buyer of their own.
import type { Buyer } from '../../src/domain/buyer.ts';
import { type ClientDraft, type ClientKeyKind, clientKeys, normalEmail } from '../../src/domain/client.ts';
import { bareTaxNumber, electronicAddressOf, taxNumberForms } from '../../src/domain/tax-number.ts';
import { apiIdOf } from './facturation-pro-marker.ts';

/** Keys that Facturation.pro searches; it has no search by SIRET or VAT number. */
export const SEARCHED = ['external_id', 'email'] as const satisfies readonly ClientKeyKind[];

/** Empty fields are left out. */
export type CustomerFields = {
  /** Facturation.pro takes everybody for a professional unless told otherwise. */
  individual: boolean;
  company_name?: string;
  first_name?: string;
  last_name?: string;
  street?: string;
  zip_code?: string;
  city?: string;
  country?: string;
  phone?: string;
  email?: string;
  siret?: string;
  vat_number?: string;
  electronic_address?: string;
  /** The external id, and nothing else ever. */
  api_custom?: string;
  /** The marker of a customer that no searched key would find again. */
  api_id?: string;
};

/** The fields of a new customer. `electronicAddress`: give a French company the address that its SIREN makes. */
export function customerFields(draft: ClientDraft, electronicAddress: boolean): CustomerFields {
  const { buyer, externalId, marker } = draft;
  const { address } = buyer;
  const findable = clientKeys(buyer, externalId, SEARCHED).length > 0;
  return {
    individual: buyer.kind === 'person',
    ...given({
      ...names(buyer),
      street: [address.line1, address.line2].filter(Boolean).join(', '),
      zip_code: address.postCode,
      city: [address.city, address.region].filter(Boolean).join(', '),
      country: address.country,
      phone: buyer.phone,
      email: normalEmail(buyer.email) ?? '',
      ...taxNumbers(buyer),
      electronic_address: (electronicAddress ? electronicAddressOf(buyer.taxNumber, address.country) : null) ?? '',
      api_custom: externalId ?? '',
      api_id: findable || marker === '' ? '' : apiIdOf(marker),
    }),
  };
}

/** A person is printed as first and last name: where these do not make the buyer's name, it stands whole in the last. */
function names({ kind, name, company, firstName, lastName }: Buyer): Record<string, string> {
  if (kind === 'company') return { company_name: company || name, first_name: firstName, last_name: lastName };
  const told = [firstName, lastName].filter(Boolean).join(' ') === name;
  return told && lastName !== '' ? { first_name: firstName, last_name: lastName } : { last_name: name };
}

/**
 * A French number of 9 or 14 digits is a SIREN or SIRET; anything else is a VAT number, with its country's prefix where
 * its checksum proves that only this was left out.
 */
function taxNumbers({ taxNumber, address }: Buyer): Record<string, string> {
  const bare = bareTaxNumber(taxNumber) ?? '';
  if (address.country === 'FR' && /^(\d{9}|\d{14})$/.test(bare)) return { siret: bare };
  const [full] = taxNumberForms(taxNumber, address.country);
  return { vat_number: full !== undefined && full.slice(2) === bare ? full : bare };
}

/** Only the fields that hold a text. */
const given = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''));
