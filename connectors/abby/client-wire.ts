// Contacts and organisations as Abby shows them, whole or as rows of a list.
import { z } from 'zod';
import { type ClientKind, type ClientRef, clientIdOf } from '../../mappings/from-document/abby-buyer.ts';
import type { Client, ListedClient } from '../../src/domain/client.ts';
import type { Json } from '../../src/domain/json.ts';
import { IdSchema, TimeSchema } from './wire.ts';

/** The paths name one client in the singular, a list in the plural. */
export const clientPath = ({ kind, id }: ClientRef): string => `/${kind}/${encodeURIComponent(id)}`;
export const LISTS: Readonly<Record<ClientKind, string>> = { contact: 'contacts', organization: 'organizations' };

const text = z.string().nullish();

const AddressSchema = z.object({
  address: text,
  complement: text,
  city: text,
  zipCode: text,
  state: text,
  country: text,
});

/** What both sorts of client show. Emails and addresses are absent where there are none. */
const common = {
  id: IdSchema,
  emails: z.array(z.string()).nullish(),
  createdAt: TimeSchema.nullish(),
  archivedAt: TimeSchema.nullish(),
};

/** What a PUT must give back, because what it leaves out may be emptied. */
const kept = {
  billingAddress: AddressSchema.nullish(),
  deliveryAddress: AddressSchema.nullish(),
  bankInformations: z.object({ iban: text, bic: text, holder: text }).nullish(),
  language: text,
  currency: text,
  paymentMethods: z.array(z.string()).nullish(),
};

const ContactSchema = z.object({
  ...common,
  ...kept,
  firstname: z.string(),
  lastname: z.string(),
  phone: text,
  jobTitle: text,
  notes: text,
  organization: z.object({ id: IdSchema }).nullish(),
});
const OrganizationSchema = z.object({
  ...common,
  ...kept,
  name: z.string(),
  commercialName: text,
  siret: text,
  vatNumber: text,
  notes: text,
});

export type Contact = z.infer<typeof ContactSchema> & { kind: 'contact' };
export type Organization = z.infer<typeof OrganizationSchema> & { kind: 'organization' };
export type Party = Contact | Organization;

/** A client read by its id, or just made; null when the JSON does not show a whole one. */
export function readParty(kind: ClientKind, json: Json): Party | null {
  if (kind === 'contact') {
    const contact = ContactSchema.safeParse(json);
    return contact.success ? { kind, ...contact.data } : null;
  }
  const organization = OrganizationSchema.safeParse(json);
  return organization.success ? { kind, ...organization.data } : null;
}

/** The client in the words of the core. A contact of an organisation stands for a company, and has no tax number. */
export function clientOf(party: Party): Client {
  const isContact = party.kind === 'contact';
  const taxNumber = isContact ? null : party.vatNumber?.trim() || party.siret?.trim() || null;
  return {
    id: clientIdOf(party),
    name: isContact ? `${party.firstname} ${party.lastname}`.trim() : party.name,
    kind: isContact && !party.organization ? 'person' : 'company',
    email: emailsOf(party),
    taxNumber,
    externalId: null,
    empty: [
      ...(party.emails?.length ? [] : (['email'] as const)),
      ...(isContact
        ? isEmpty(party.phone)
          ? (['phone'] as const)
          : []
        : taxNumber === null
          ? (['tax_number'] as const)
          : []),
      ...emptyOfAddress(party.billingAddress),
    ],
  };
}

const emailsOf = ({ emails }: { emails?: string[] | null | undefined }): string | null => emails?.join(', ') || null;

const isEmpty = (value: string | null | undefined): boolean => (value ?? '').trim() === '';

function emptyOfAddress(address: Party['billingAddress']): Client['empty'] {
  const fields = {
    street: address?.address,
    post_code: address?.zipCode,
    city: address?.city,
    country: address?.country,
  };
  return (['street', 'post_code', 'city', 'country'] as const).filter((field) => isEmpty(fields[field]));
}

/** A row of `GET /contacts`: no address, no phone, the two names as one. What it does not show is not called empty. */
const ContactRowSchema = z.object({
  ...common,
  fullname: z.string(),
  organization: z.object({ id: IdSchema }).nullish(),
});

function readContactRow(json: unknown): ListedClient | null {
  const parsed = ContactRowSchema.safeParse(json);
  if (!parsed.success) return null;
  const { id, fullname, organization, emails, createdAt, archivedAt } = parsed.data;
  const client: Client = {
    id: clientIdOf({ kind: 'contact', id }),
    name: fullname,
    kind: organization ? 'company' : 'person',
    email: emailsOf(parsed.data),
    taxNumber: null,
    externalId: null,
    empty: emails?.length ? [] : ['email'],
  };
  return { client, at: createdAt ?? null, live: !archivedAt };
}

function readOrganizationRow(json: unknown): ListedClient | null {
  const parsed = OrganizationSchema.safeParse(json);
  if (!parsed.success) return null;
  const { createdAt, archivedAt } = parsed.data;
  return { client: clientOf({ kind: 'organization', ...parsed.data }), at: createdAt ?? null, live: !archivedAt };
}

export const readRow = (kind: ClientKind, json: unknown): ListedClient | null =>
  kind === 'contact' ? readContactRow(json) : readOrganizationRow(json);
