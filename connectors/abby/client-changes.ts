// What a client's record becomes when it is completed from an order: always the whole record, because whether a PUT of
// Abby's empties what it leaves out is not told.
import {
  type ClientAddress,
  type ContactFields,
  contactFields,
  type OrganizationFields,
  organizationFields,
} from '../../mappings/from-document/abby-buyer.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import { normalEmail } from '../../src/domain/client.ts';
import type { Contact, Organization, Party } from './client-wire.ts';

/**
 * The body of the PUT, or null where nothing changes. Empty fields are filled, an address only as a whole; with `overwrite`
 * differing ones are replaced, while other e-mail addresses stay behind the order's.
 */
export function changesOf(party: Party, buyer: Buyer, overwrite: boolean): object | null {
  const before = recordOf(party);
  const edits =
    party.kind === 'contact'
      ? contactEdits(party, contactFields(buyer), overwrite)
      : organizationEdits(party, organizationFields(buyer), overwrite);
  const after = given({ ...before, ...given(edits) });
  return JSON.stringify(after) === JSON.stringify(before) ? null : after;
}

type Edits = Readonly<Record<string, unknown>>;

function contactEdits(party: Contact, told: ContactFields, overwrite: boolean): Edits {
  // The name on a company's invoice is the organisation's: its contact keeps his own.
  const renamed = overwrite && !party.organization;
  return {
    ...(renamed ? { firstname: told.firstname, lastname: told.lastname } : {}),
    phone: overwrite || isEmpty(party.phone) ? told.phone : undefined,
    ...sharedEdits(party, told, overwrite),
  };
}

function organizationEdits(party: Organization, told: OrganizationFields, overwrite: boolean): Edits {
  const numbered = overwrite || (isEmpty(party.siret) && isEmpty(party.vatNumber));
  return {
    ...(overwrite ? { name: told.name } : {}),
    ...(numbered ? { siret: told.siret, vatNumber: told.vatNumber } : {}),
    ...sharedEdits(party, told, overwrite),
  };
}

function sharedEdits(party: Party, told: ContactFields | OrganizationFields, overwrite: boolean): Edits {
  const { address, zipCode, city, country } = party.billingAddress ?? {};
  const isWithoutAddress = [address, zipCode, city, country].every(isEmpty);
  return {
    emails: emailsAfter(party.emails ?? [], told.emails ?? [], overwrite),
    billingAddress: overwrite || isWithoutAddress ? told.billingAddress : undefined,
  };
}

function emailsAfter(known: string[], told: string[], overwrite: boolean): string[] {
  if (known.length > 0 && !overwrite) return known;
  const others = known.filter((one) => !told.some((email) => email === normalEmail(one)));
  return others.length === known.length ? [...told, ...known] : known;
}

/** The record as it stands, in the keys that a PUT takes; a contact's notes are not among them. */
function recordOf(party: Party): object {
  const { emails, billingAddress, deliveryAddress, bankInformations, language, currency, paymentMethods } = party;
  const preferences = given({ language, currency, paymentMethods });
  const own =
    party.kind === 'contact'
      ? { firstname: party.firstname, lastname: party.lastname, phone: party.phone, jobTitle: party.jobTitle }
      : {
          name: party.name,
          commercialName: party.commercialName,
          siret: party.siret,
          vatNumber: party.vatNumber,
          notes: party.notes,
        };
  return given({
    ...own,
    emails: emails ?? [],
    billingAddress: addressOf(billingAddress),
    deliveryAddress: addressOf(deliveryAddress),
    bankInformations,
    preferences: Object.keys(preferences).length === 0 ? null : preferences,
  });
}

/** An address without its country is none that Abby takes. */
function addressOf(address: Party['billingAddress']): Partial<ClientAddress> | null {
  if (!address?.country) return null;
  const { address: street = null, city = null, zipCode = null, country, complement, state } = address;
  return { address: street ?? '', city: city ?? '', zipCode: zipCode ?? '', country, ...given({ complement, state }) };
}

const isEmpty = (value: string | null | undefined): boolean => (value ?? '').trim() === '';

/** Only the fields that are there. */
const given = (fields: Edits): Edits =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
