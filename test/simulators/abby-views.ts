// How a simulated Abby shows its owner and its clients.
import type { AbbyBilling } from './abby-billing.ts';
import { type ContactRecord, nameOf, type OrganizationRecord } from './abby-clients.ts';
import type { AbbySwitches } from './abby-switches.ts';

export const COMPANY = {
  id: '5c000000-0000-11f0-8f06-000000000001',
  commercialName: 'Atelier Test',
  siret: '12345678200010',
  legalStatut: 'sasu',
  address: '3 rue des Essais',
  city: 'Lyon',
};
export const USER = {
  id: '5d000000-0000-11f0-8f06-000000000001',
  email: 'atelier@seller.example',
  firstname: 'Alix',
  lastname: 'Martin',
  fullname: 'Alix Martin',
  firebaseToken: 'a-token-of-the-user',
  address: null,
};

export const meView = ({ testMode, flags }: AbbySwitches): object => ({
  company: { ...COMPANY, isInTestMode: flags === 'number' ? Number(testMode) : testMode },
  preferences: {
    rentability: { defaultProductMargin: 0, defaultOverheadCosts: 0 },
    notification: { push: { urssafReminder: false } },
  },
  user: USER,
});

/** A contact as it is read by its id. */
export function contactView(
  contact: ContactRecord,
  billing: AbbyBilling,
  organization: OrganizationRecord | undefined,
): object {
  const { preferences, ...details } = contact.details;
  return {
    ...common(contact, billing),
    ...details,
    ...preferences,
    organization: brief(organization),
    hasTiersPrestation: false,
  };
}

/** A row of `GET /contacts`: neither of the two names alone, no address, no notes. */
export function contactRow(
  contact: ContactRecord,
  billing: AbbyBilling,
  organization: OrganizationRecord | undefined,
  rows: AbbySwitches['contactRows'],
): object {
  const { id, hasBillings, ...rest } = common(contact, billing);
  const thin = {
    id,
    organization: brief(organization),
    fullname: nameOf(contact),
    emails: contact.details.emails ?? [],
    hasBillings,
  };
  return rows === 'sample' ? thin : { ...thin, ...rest };
}

/** An organisation by its id or as a row: the whole of it, with every key, null where there is nothing to say. */
export function organizationView(
  organization: OrganizationRecord,
  billing: AbbyBilling,
  contacts: readonly ContactRecord[],
): object {
  const { preferences, ...details } = organization.details;
  return {
    ...preferences,
    commercialName: null,
    emails: [],
    siret: null,
    vatNumber: null,
    billingAddress: null,
    deliveryAddress: null,
    bankInformations: null,
    notes: null,
    ...details,
    ...common(organization, billing),
    archivedAt: organization.archivedAt,
    countContacts: contacts.filter(({ organizationId }) => organizationId === organization.id).length,
  };
}

const brief = (organization: OrganizationRecord | undefined) =>
  organization && { id: organization.id, name: organization.details.name };

/** What every client shows; when it was archived only where it was. */
function common({ id, createdAt, archivedAt, test }: ContactRecord | OrganizationRecord, billing: AbbyBilling) {
  const hasBillings = billing.documents.some(
    ({ customer }) => customer.contactId === id || customer.organizationId === id,
  );
  return { id, createdAt, test, hasBillings, ...(archivedAt === null ? {} : { archivedAt }) };
}
