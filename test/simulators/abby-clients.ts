// The contacts and organisations of a simulated Abby account. Nothing of the caller's own can be kept with one but notes,
// and names are not unique.
import { ContactInput, OrganizationInput } from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';
import { invalid, Refusal, read } from './abby-wire.ts';

/** `customerId` is what documents call this client: another id than its own. */
type Identity = { id: string; customerId: string; createdAt: number; archivedAt: number | null; test: boolean };
export type ContactRecord = Identity & { kind: 'contact'; organizationId: string | null; details: ContactInput };
export type OrganizationRecord = Identity & { kind: 'organization'; details: OrganizationInput };
export type ClientRecord = ContactRecord | OrganizationRecord;

export class AbbyClients {
  readonly contacts: ContactRecord[] = [];
  readonly organizations: OrganizationRecord[] = [];
  readonly #seconds: () => number;
  readonly #switches: AbbySwitches;
  #made = 0;

  constructor(seconds: () => number, switches: AbbySwitches) {
    this.#seconds = seconds;
    this.#switches = switches;
  }

  /** Archived ones included. */
  all(): ClientRecord[] {
    return [...this.contacts, ...this.organizations];
  }

  find(id: string): ClientRecord | undefined {
    return this.all().find((client) => client.id === id);
  }

  contact(id: string): ContactRecord {
    const found = this.contacts.find((contact) => contact.id === id);
    if (found === undefined) throw new Refusal(404, 'Contact not found');
    return found;
  }

  organization(id: string): OrganizationRecord {
    const found = this.organizations.find((organization) => organization.id === id);
    if (found === undefined) throw new Refusal(404, 'Organization not found');
    return found;
  }

  createContact(body: unknown, organizationId: string | null = null): ContactRecord {
    const details = read(ContactInput, body);
    const contact: ContactRecord = { ...this.#identity(), kind: 'contact', organizationId, details };
    this.contacts.push(contact);
    return contact;
  }

  createOrganization(body: unknown): OrganizationRecord {
    const details = this.#organizationDetails(body);
    const organization: OrganizationRecord = { ...this.#identity(), kind: 'organization', details };
    this.organizations.push(organization);
    return organization;
  }

  /** The documented body of this PUT has no notes: they stay as they are. */
  updateContact(id: string, body: unknown): ContactRecord {
    const contact = this.contact(id);
    const { notes } = contact.details;
    contact.details = { ...this.#kept(contact.details), ...read(ContactInput, body), notes };
    return contact;
  }

  updateOrganization(id: string, body: unknown): OrganizationRecord {
    const organization = this.organization(id);
    organization.details = { ...this.#kept(organization.details), ...this.#organizationDetails(body) };
    return organization;
  }

  /** As the merchant does in the application; throws where there is no such client. */
  archive(id: string): void {
    const client = this.find(id);
    if (client === undefined) throw new Error(`the account has no client ${id}`);
    client.archivedAt = this.#seconds();
  }

  /** Documents keep their copy of whom they are for. */
  deleteContact(id: string): void {
    this.contacts.splice(this.contacts.indexOf(this.contact(id)), 1);
  }

  deleteOrganization(id: string): void {
    this.organizations.splice(this.organizations.indexOf(this.organization(id)), 1);
  }

  #organizationDetails(body: unknown): OrganizationInput {
    const details = read(OrganizationInput, body);
    const french = details.billingAddress?.country === 'FR';
    if (this.#switches.siret === 'required' && french && !details.siret) {
      throw invalid('siret', 'is required for French organizations');
    }
    return details;
  }

  #kept<Details extends object>(details: Details): Partial<Details> {
    return this.#switches.put === 'merges' ? details : {};
  }

  #identity(): Identity {
    this.#made += 1;
    const id = (start: string): string => `${start}-0000-11f0-8f06-${String(this.#made).padStart(12, '0')}`;
    return {
      id: id('5a000000'),
      customerId: id('5b000000'),
      createdAt: this.#seconds(),
      archivedAt: null,
      test: this.#switches.testMode,
    };
  }
}

/** A contact's first and last name, an organisation's name. */
export const nameOf = (client: ClientRecord): string =>
  client.kind === 'contact' ? `${client.details.firstname} ${client.details.lastname}` : client.details.name;
