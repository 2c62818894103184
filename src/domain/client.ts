// A client as an invoicing provider knows it, and the keys under which a buyer may already be there.
import { z } from 'zod';
import type { Buyer } from './buyer.ts';
import { assertNever } from './result.ts';
import { asPrinted, sameTaxNumber, taxNumberBucket, taxNumberForms } from './tax-number.ts';

export const CLIENT_KEYS = ['external_id', 'tax_number', 'email'] as const;
export type ClientKeyKind = (typeof CLIENT_KEYS)[number];

/** `value` is normalised; `forms` are the spellings worth asking a provider for, most likely first. */
export type ClientKey = { kind: ClientKeyKind; value: string; forms: string[] };

export const ClientSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  kind: z.enum(['person', 'company']).nullable(),
  email: z.string().nullable(),
  taxNumber: z.string().nullable(),
  externalId: z.string().nullable(),
  /** Names of the fields below `name` that are empty at the provider and may be filled. */
  empty: z.array(z.enum(['email', 'tax_number', 'external_id', 'phone', 'street', 'post_code', 'city', 'country'])),
});
export type Client = z.infer<typeof ClientSchema>;

/** A client in a provider's list. `at`: when it was changed or created (UTC instant). `live` is false for archived and deleted ones. */
export type ListedClient = { client: Client; at: string | null; live: boolean };

/** What a new client is made from. `externalId` is null for a guest. `marker` is put where only we look, if no key exists. */
export type ClientDraft = { buyer: Buyer; externalId: string | null; marker: string };

/** E-mail addresses compare without case and surrounding spaces; anything without one @ is no key. */
export function normalEmail(email: string | null): string | null {
  const text = email?.trim().toLowerCase() ?? '';
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text : null;
}

/**
 * The keys of a buyer, in the configured order. A template part that is missing, empty or "0" gives no external id,
 * so that guests never share a client.
 */
export function clientKeys(buyer: Buyer, externalId: string | null, by: readonly ClientKeyKind[]): ClientKey[] {
  return by.map((kind) => keyOf(kind, buyer, externalId)).filter((key) => key !== null);
}

function keyOf(kind: ClientKeyKind, buyer: Buyer, externalId: string | null): ClientKey | null {
  switch (kind) {
    case 'external_id':
      return externalId === null ? null : { kind, value: externalId, forms: [externalId] };
    case 'tax_number': {
      const forms = taxNumberForms(buyer.taxNumber, buyer.address.country);
      return forms[0] === undefined ? null : { kind, value: forms[0], forms: [...forms, ...asPrinted(forms[0])] };
    }
    case 'email': {
      const value = normalEmail(buyer.email);
      return value === null ? null : { kind, value, forms: [...new Set([value, buyer.email?.trim() ?? value])] };
    }
    default:
      return assertNever(kind);
  }
}

/** Fills `{source}`, `{customer.id}` and `{customer.email}`; null when a part is missing, empty or "0". */
export function externalId(template: string, source: string, buyer: Buyer): string | null {
  const parts: Record<string, string | null> = {
    source,
    'customer.id': buyer.customerId,
    'customer.email': normalEmail(buyer.email),
  };
  let missing = false;
  const value = template.replace(/\{([a-z.]+)\}/g, (_match, name: string) => {
    const part = parts[name]?.trim() ?? '';
    if (part === '' || part === '0') missing = true;
    return part;
  });
  return missing || value === '' ? null : value;
}

/** True when the provider's client bears the key exactly, however it spells it. A partial search hit is no match. */
export function bears(client: Client, key: ClientKey, country: string): boolean {
  switch (key.kind) {
    case 'external_id':
      return client.externalId?.trim() === key.value;
    case 'tax_number':
      return sameTaxNumber(client.taxNumber, key.value, country);
    case 'email':
      // Providers keep several addresses in one field.
      return (client.email ?? '').split(/[,;\s]+/).some((one) => normalEmail(one) === key.value);
  }
}

/** The entries of an index under which a client is found: every key that it bears, each under what its spellings share. */
export function indexEntries(client: Client): string[] {
  const emails = (client.email ?? '').split(/[,;\s]+/).map(normalEmail);
  const values: [ClientKeyKind, string | null][] = [
    ['external_id', client.externalId?.trim() || null],
    ['tax_number', taxNumberBucket(client.taxNumber)],
    ...emails.map((email): [ClientKeyKind, string | null] => ['email', email]),
  ];
  return [...new Set(values.flatMap(([kind, value]) => (value === null ? [] : [`${kind}:${value}`])))];
}

/** The entry that leads to every client which bears the key, and perhaps to others: compare with `bears`. */
export const indexEntry = ({ kind, value }: Pick<ClientKey, 'kind' | 'value'>): string =>
  `${kind}:${kind === 'tax_number' ? (taxNumberBucket(value) ?? value) : value}`;

/** Why a client that bears one of the buyer's keys is still somebody else, or null. */
export function contradiction(client: Client, buyer: Buyer): string | null {
  const country = buyer.address.country;
  if (buyer.taxNumber && client.taxNumber && !sameTaxNumber(client.taxNumber, buyer.taxNumber, country)) {
    return 'another tax number';
  }
  if (client.kind !== null && client.kind !== buyer.kind) {
    return buyer.kind === 'company' ? 'a person, the order is a company’s' : 'a company, the order is a person’s';
  }
  return null;
}
