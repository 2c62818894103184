// A buyer as a client of FastFaktura. Its documents show the client's record: they have no buyer of their own.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { type ClientDraft, type ClientKeyKind, clientKeys, normalEmail } from '../../src/domain/client.ts';
import { type Locale, spokenIn } from '../tables/fastfaktura.ts';
import { clientTag } from './fastfaktura-marker.ts';

/** Keys that a client bears at FastFaktura. It has no field for a tax number. */
export const KEYS = ['external_id', 'email'] as const satisfies readonly ClientKeyKind[];

/** The body of `POST /clients`. What the order does not tell is left out. */
export type ClientFields = {
  name: string;
  email?: string;
  phone?: string;
  address?: string;
  country?: string;
  locale: Locale;
  external_id?: string;
  tags?: string[];
};

/** The fields of a new client. The marker becomes a tag only where neither key would find the client again. */
export function clientFields({ buyer, externalId, marker }: ClientDraft, language: Locale): ClientFields {
  const { address } = buyer;
  const findable = marker === '' || clientKeys(buyer, externalId, KEYS).length > 0;
  return {
    name: buyer.name,
    ...given({
      email: normalEmail(buyer.email) ?? '',
      phone: e164(buyer.phone) ?? '',
      address: addressLines(withoutName(address, buyer)).join('\n'),
      country: address.country,
      external_id: externalId ?? '',
    }),
    locale: spokenIn(address.country) ?? language,
    ...(findable ? {} : { tags: [clientTag(marker)] }),
  };
}

/** The number in E.164, where it is written internationally ("+33 (0)4 00 00 00 00"); null for a national one. */
export function e164(phone: string): string | null {
  const bare = phone.replace(/\(0\)/g, '').replace(/[\s().\-/]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : null;
}

/** Writes the town after the street, the region between it and the post code: "Austin, TX 78701". */
const POST_CODE_LAST = new Set(['US', 'CA', 'AU']);
/** Write the post code on a line of its own below the town. */
const POST_CODE_BELOW = new Set(['GB', 'IE', 'IM', 'JE', 'GG', 'GI']);

/** An address as it is written on a letter in its country, without the country. */
export function addressLines({ name, line1, line2, postCode, city, region, country }: Address): string[] {
  const street = [name, line1, line2];
  const lines = POST_CODE_LAST.has(country)
    ? [...street, [city, `${region} ${postCode}`.trim()].filter(Boolean).join(', ')]
    : POST_CODE_BELOW.has(country)
      ? [...street, city, region, postCode]
      : [...street, `${postCode} ${city}`.trim(), region];
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** The client's name stands above the address already. */
const withoutName = (address: Address, { name }: Buyer): Address =>
  address.name.trim() === name.trim() ? { ...address, name: '' } : address;

/** Only the fields that hold a text. */
const given = <K extends string>(fields: Record<K, string>): Partial<Record<K, string>> =>
  Object.fromEntries(Object.entries<string>(fields).filter(([, value]) => value.trim() !== '')) as Partial<
    Record<K, string>
  >;
