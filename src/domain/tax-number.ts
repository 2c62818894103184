// Tax numbers as people write them: "FR 40 303 265 045", "303265045", "DE136695976". They are compared by their bare form
// with and without the country's prefix; the checksum decides whether a bare national number may be read as an EU one.
import { stdnum } from 'stdnum';

/** The VAT prefix of a country where it is not its ISO code. */
const PREFIX: Record<string, string> = { GR: 'EL' };
/** ISO codes of the states of the EU. */
export const EU: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '),
);

/** Letters and digits only, upper case; null when nothing is left. */
export function bareTaxNumber(text: string | null): string | null {
  const bare = (text ?? '').toUpperCase().replace(/[^A-Z0-9]/g, '');
  return bare === '' ? null : bare;
}

/**
 * Every spelling under which a provider may hold this number, the EU form first: `FR40303265045` gives that, its
 * national part `40303265045` and the SIREN `303265045`. A number without a valid checksum has its bare form alone.
 * @param country ISO code used when the number has no prefix.
 */
export function taxNumberForms(text: string | null, country: string): string[] {
  const bare = bareTaxNumber(text);
  if (bare === null) return [];
  const eu = euForm(bare, country);
  if (eu === null) return [bare];
  const national = eu.slice(2);
  const forms = [eu, national];
  if (eu.startsWith('FR')) forms.push(national.slice(2));
  return [...new Set(forms)];
}

/**
 * How people print an EU number, for providers that search what was typed: "FR 40 303 265 045", "DE 136695976". Nothing
 * for a number without its country's prefix.
 */
export function asPrinted(number: string): string[] {
  if (!/^[A-Z]{2}/.test(number) || countryOfPrefix(number.slice(0, 2)) === null) return [];
  const national = number.slice(2);
  const french = /^(\w{2})(\d{3})(\d{3})(\d{3})$/.exec(national);
  return [
    number.startsWith('FR') && french !== null
      ? `FR ${french.slice(1).join(' ')}`
      : `${number.slice(0, 2)} ${national}`,
  ];
}

/** True when both texts are the same number in any of its spellings. */
export function sameTaxNumber(a: string | null, b: string | null, country: string): boolean {
  const [bareA, bareB] = [bareTaxNumber(a), bareTaxNumber(b)];
  if (bareA === null || bareB === null) return false;
  const [euA, euB] = [euForm(bareA, country), euForm(bareB, country)];
  // Two full EU numbers are compared whole: the national part of one country may be another company's in the next.
  if (euA !== null && euB !== null) return euA === euB;
  return bareA === bareB || taxNumberForms(a, country).includes(bareB) || taxNumberForms(b, country).includes(bareA);
}

/**
 * What every spelling of one number has in common, for an index: equal numbers have equal buckets, and different numbers may
 * share one. It looks at no checksum and needs no country.
 */
export function taxNumberBucket(text: string | null): string | null {
  const bare = bareTaxNumber(text);
  if (bare === null) return null;
  const national = countryOfPrefix(bare.slice(0, 2)) === null ? bare : bare.slice(2);
  // A French number is a key and the SIREN, the SIREN alone, or the SIREN and the number of an establishment.
  if (/^\d{14}$/.test(national)) return national.slice(0, 9);
  return /^\w{2}\d{9}$/.test(national) ? national.slice(2) : national;
}

/**
 * Where a French company is reached by e-invoices: `0225:SIREN`, the default form of the directory of the reform; null where
 * no SIREN can be told from the number.
 */
export function electronicAddressOf(text: string | null, country: string): string | null {
  const forms = taxNumberForms(text, country);
  const siren = forms[0]?.startsWith('FR') === true ? forms.find((form) => /^\d{9}$/.test(form)) : undefined;
  return siren === undefined ? null : `0225:${siren}`;
}

/** True when the number carries a valid checksum for its country (EU VAT, SIREN or SIRET for France). */
export const isValidTaxNumber = (text: string | null, country: string): boolean => {
  const bare = bareTaxNumber(text);
  return bare !== null && euForm(bare, country) !== null;
};

/** The number with its EU prefix when its checksum is right, else null. */
function euForm(bare: string, country: string): string | null {
  const written = countryOfPrefix(bare.slice(0, 2));
  if (written !== null && vatIsValid(bare, written)) return bare;
  if (!EU.has(country)) return null;
  const prefixed = (PREFIX[country] ?? country) + bare;
  if (vatIsValid(prefixed, country)) return prefixed;
  return country === 'FR' ? frenchVatOfSiren(bare) : null;
}

const countryOfPrefix = (prefix: string): string | null => (prefix === 'EL' ? 'GR' : EU.has(prefix) ? prefix : null);

/** SIREN or SIRET to VAT number: the key is (12 + 3 × (SIREN mod 97)) mod 97. */
function frenchVatOfSiren(bare: string): string | null {
  if (!/^\d{9}(\d{5})?$/.test(bare)) return null;
  const siren = bare.slice(0, 9);
  if (!stdnum.FR?.siren?.validate(siren).isValid) return null;
  const key = (12 + 3 * (Number(siren) % 97)) % 97;
  return `FR${String(key).padStart(2, '0')}${siren}`;
}

// The library's module that checks VAT numbers, where a country has several kinds of number.
const VAT_MODULE: Record<string, string> = {
  AT: 'uid',
  BE: 'vat',
  BG: 'vat',
  HR: 'oib',
  CY: 'vat',
  CZ: 'dic',
  DK: 'cvr',
  EE: 'kmkr',
  FI: 'alv',
  FR: 'tva',
  DE: 'vat',
  GR: 'vat',
  HU: 'anum',
  IE: 'vat',
  IT: 'iva',
  LV: 'pvn',
  LT: 'pvm',
  LU: 'tva',
  MT: 'vat',
  NL: 'btw',
  PL: 'nip',
  PT: 'nif',
  RO: 'cui',
  SK: 'dph',
  SI: 'ddv',
  ES: 'nif',
  SE: 'vat',
};

function vatIsValid(number: string, country: string): boolean {
  const check = stdnum[country]?.[VAT_MODULE[country] ?? ''];
  if (check === undefined) return false;
  return check.validate(number).isValid || check.validate(number.slice(2)).isValid;
}
