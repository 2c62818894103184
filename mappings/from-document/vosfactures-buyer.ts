// A buyer in the words of VosFactures: as a client of its own, and as the `buyer_…` fields of an invoice.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { type ClientDraft, clientKeys, normalEmail } from '../../src/domain/client.ts';
import { bareTaxNumber, electronicAddressOf, isValidTaxNumber, taxNumberForms } from '../../src/domain/tax-number.ts';

/** `buyer_…` fields. What the order does not tell is left out, so that the override empties nothing at the client's record. */
export function buyerFields(buyer: Buyer): Record<string, unknown> {
  const { name, company, ...rest } = partyFields(buyer);
  const { use_delivery_address, delivery_address, ...party } = rest;
  return {
    buyer_name: name,
    buyer_company: company,
    ...Object.fromEntries(Object.entries(party).map(([field, value]) => [`buyer_${field}`, value])),
    ...(use_delivery_address ? { use_delivery_address, delivery_address } : {}),
  };
}

/** The fields that a client and the buyer of an invoice share. Empty ones are left out. */
type PartyFields = {
  name: string;
  /** VosFactures takes everybody for a company unless told otherwise. */
  company: boolean;
  first_name?: string;
  last_name?: string;
  tax_no?: string;
  /** What sort of number `tax_no` is; empty for a VAT number. */
  tax_no_kind?: string;
  email?: string;
  phone?: string;
  street?: string;
  post_code?: string;
  city?: string;
  country?: string;
  use_delivery_address?: boolean;
  delivery_address?: string;
};

function partyFields(buyer: Buyer): PartyFields {
  const { address, delivery } = buyer;
  const person = buyer.kind === 'person';
  const taxNo = taxNumberOf(buyer);
  return {
    name: buyer.name,
    company: !person,
    ...given({
      first_name: buyer.firstName,
      // A person without a last name is refused.
      last_name: buyer.lastName.trim() || (person ? buyer.name : ''),
      tax_no: taxNo,
      email: normalEmail(buyer.email) ?? '',
      phone: buyer.phone,
      street: [address.line1, address.line2].filter(Boolean).join(', '),
      post_code: address.postCode,
      city: [address.city, address.region].filter(Boolean).join(', '),
      country: address.country,
    }),
    // Without it a number would keep the sort of the one that was stored before.
    ...(taxNo === '' ? {} : { tax_no_kind: kindOfNumber(taxNo, address.country) }),
    ...(delivery === null ? {} : { use_delivery_address: true, delivery_address: addressBlock(delivery) }),
  };
}

const addressBlock = (address: Address): string =>
  [
    address.name,
    address.line1,
    address.line2,
    `${address.postCode} ${address.city}`.trim(),
    address.region,
    address.country,
  ]
    .filter(Boolean)
    .join('\n');

export type ClientFields = PartyFields & { external_id?: string; note?: string; peppol_id?: string; kind: 'buyer' };

/**
 * The fields of a new client. The marker goes into the private note only where nothing else makes the client findable:
 * no external id, tax number or e-mail address. `electronicAddress`: give a French company the address that its SIREN makes.
 */
export function clientFields(draft: ClientDraft, electronicAddress: boolean): ClientFields {
  const { buyer } = draft;
  const findable = clientKeys(buyer, draft.externalId, ['external_id', 'tax_number', 'email']).length > 0;
  return {
    ...partyFields(buyer),
    ...given({
      external_id: draft.externalId ?? '',
      note: findable ? '' : draft.marker,
      peppol_id: (electronicAddress ? electronicAddressOf(buyer.taxNumber, buyer.address.country) : null) ?? '',
    }),
    kind: 'buyer',
  };
}

/** Only the fields that hold a text. */
export const given = <K extends string>(fields: Record<K, string>): Partial<Record<K, string>> =>
  Object.fromEntries(Object.entries<string>(fields).filter(([, value]) => value.trim() !== '')) as Partial<
    Record<K, string>
  >;

/** The EU form of a VAT number that was written without its country; any other number as it was written, bare. */
function taxNumberOf({ taxNumber, address }: Buyer): string {
  const bare = bareTaxNumber(taxNumber) ?? '';
  const [full] = taxNumberForms(taxNumber, address.country);
  return full !== undefined && full.slice(2) === bare ? full : bare;
}

/** A French company may give its SIREN or SIRET in place of its VAT number. The account's settings have to list both words. */
function kindOfNumber(bare: string, country: string): string {
  const sort = new Map([
    [9, 'SIREN'],
    [14, 'SIRET'],
  ]).get(bare.length);
  return sort !== undefined && country === 'FR' && /^\d+$/.test(bare) && isValidTaxNumber(bare, country) ? sort : '';
}
