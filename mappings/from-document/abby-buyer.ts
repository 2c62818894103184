// A buyer in the words of Abby: a person is a contact, a company an organisation. Neither has a field for an id of ours.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { type ClientDraft, normalEmail } from '../../src/domain/client.ts';
import { bareTaxNumber, isValidTaxNumber, taxNumberForms } from '../../src/domain/tax-number.ts';

/** Abby's two lists of clients. Their ids look alike, so the list stands before the id wherever a client is named. */
export type ClientKind = 'contact' | 'organization';
export type ClientRef = { kind: ClientKind; id: string };

/** What a client is called outside: `contact:<id>` or `organization:<id>`. */
export const clientIdOf = ({ kind, id }: ClientRef): string => `${kind}:${id}`;

/** Reads a client's id back; null for any other text. */
export function clientRef(clientId: string): ClientRef | null {
  const [, kind, id = ''] = /^(contact|organization):([\w-]{1,100})$/.exec(clientId) ?? [];
  return kind === 'contact' || kind === 'organization' ? { kind, id } : null;
}

export const kindOf = ({ kind }: Buyer): ClientKind => (kind === 'person' ? 'contact' : 'organization');

export type ClientAddress = {
  address: string;
  complement?: string;
  city: string;
  zipCode: string;
  state?: string;
  country: string;
};

/** What the order tells of a client. A key that is absent is not told. */
export type ContactFields = {
  firstname: string;
  lastname: string;
  phone?: string;
  emails?: string[];
  billingAddress?: ClientAddress;
};
export type OrganizationFields = {
  name: string;
  emails?: string[];
  siret?: string;
  vatNumber?: string;
  billingAddress?: ClientAddress;
};

export const contactFields = (buyer: Buyer): ContactFields => ({
  ...personNames(buyer),
  ...given({ phone: buyer.phone.trim() }),
  ...emailsOf(buyer),
  ...billingAddressOf(buyer),
});

export const organizationFields = (buyer: Buyer): OrganizationFields => ({
  name: buyer.name,
  ...emailsOf(buyer),
  ...taxFields(buyer),
  ...billingAddressOf(buyer),
});

/**
 * The body of a new client. The marker goes into the notes, which documents never show, and only where neither an e-mail
 * nor a tax number would lead to the client again.
 */
export function newClientFields({ buyer, marker }: ClientDraft): Record<string, unknown> {
  const fields = buyer.kind === 'person' ? contactFields(buyer) : organizationFields(buyer);
  const findable = 'emails' in fields || 'siret' in fields || 'vatNumber' in fields;
  return { ...fields, ...(findable ? {} : { notes: marker }) };
}

/** Both names are required: a name in one piece is split at its first space, a single word stands for both. */
function personNames({ firstName, lastName, name }: Buyer): { firstname: string; lastname: string } {
  const [firstname, lastname] = [firstName.trim(), lastName.trim()];
  if (firstname !== '' && lastname !== '') return { firstname, lastname };
  const [first = name, ...others] = name.trim().split(/\s+/);
  return { firstname: first, lastname: others.join(' ') || first };
}

function emailsOf({ email }: Buyer): { emails?: string[] } {
  const normal = normalEmail(email);
  return normal === null ? {} : { emails: [normal] };
}

/**
 * The SIRET where the order has one, else the VAT number. A SIREN alone is neither: the establishment is not told by it,
 * and whether the company has a VAT number is not either.
 */
function taxFields({ taxNumber, address }: Buyer): { siret?: string; vatNumber?: string } {
  const bare = bareTaxNumber(taxNumber);
  if (bare === null) return {};
  const french = address.country === 'FR' || address.country === '';
  if (french && /^\d{14}$/.test(bare) && isValidTaxNumber(bare, 'FR')) return { siret: bare };
  if (french && /^\d{9}$/.test(bare)) return {};
  const [full] = taxNumberForms(taxNumber, address.country);
  return { vatNumber: full !== undefined && full.slice(2) === bare ? full : bare };
}

/** Abby takes an address whole or not at all. */
function billingAddressOf({ address }: Buyer): { billingAddress?: ClientAddress } {
  if (!isComplete(address)) return {};
  const { line1, line2, city, postCode, region, country } = address;
  return {
    billingAddress: {
      address: line1,
      city,
      zipCode: postCode,
      country,
      ...given({ complement: line2.trim(), state: region.trim() }),
    },
  };
}

/** The address of a delivery as a document shows it; null where a part is missing that Abby requires. */
export function deliveryAddressOf({ delivery }: Buyer): Record<string, string> | null {
  if (delivery === null || !isComplete(delivery)) return null;
  const { name, line1, line2, city, postCode, country } = delivery;
  const [first = line1, ...others] = [name, line1, line2].map((line) => line.trim()).filter((line) => line !== '');
  return { line1: first, city, zipCode: postCode, country, ...given({ line2: others.join(', ') }) };
}

const isComplete = ({ line1, city, postCode, country }: Address): boolean =>
  [line1, city, postCode, country].every((part) => part.trim() !== '');

/** Only the fields that hold a text. */
function given<K extends string>(fields: Record<K, string>): Partial<Record<K, string>> {
  const filled = Object.entries<string>(fields).filter(([, value]) => value !== '');
  return Object.fromEntries(filled) as Partial<Record<K, string>>;
}
