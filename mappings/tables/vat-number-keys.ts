// The names under which checkouts and their plugins keep a buyer's VAT number, beside the order's own fields.
import { bareTaxNumber, isValidTaxNumber } from '../../src/domain/tax-number.ts';

/**
 * Strongest first, written as `normalKey` makes them. The EU VAT Number plugin wrote `vat_number` and now writes
 * `billing_vat_number`; the national names are what regional checkout plugins use.
 */
const KEYS: readonly string[] = [
  'billing_eu_vat_number',
  'eu_vat_number',
  'billing_vat_number',
  'vat_number',
  'billing_eu_vat',
  'billing_vat',
  'billing_vat_id',
  'vat_id',
  'vat',
  'billing_tva',
  'numero_tva',
  'numero_de_tva',
  'billing_numero_tva',
  'tva_intracommunautaire',
  'tva',
  'billing_tax',
  'tax_id',
  'tax_number',
  'billing_partita_iva',
  'billing_piva',
  'partita_iva',
  'billing_nif',
  'billing_cif',
  'billing_nip',
  'billing_cui',
  'billing_ice',
  'codice_fiscale',
  'billing_codice_fiscale',
];

/** Shorter texts under such a key are answers ("yes", "none", "n/a"), not numbers. */
const MIN_LENGTH = 6;

/** A field that a shop keeps beside the order: plugin meta, a custom checkout field, a note attribute. */
export type NamedValue = { key: string; value: string };

/**
 * The buyer's VAT number as the shop wrote it, or null. Case, spaces, accents and punctuation of the names do not
 * matter. Where several are filled in, one with a valid checksum goes before a stronger name.
 * @param country ISO code of the billing address, for numbers without a prefix.
 */
export function vatNumberAmong(values: readonly NamedValue[], country: string): string | null {
  const candidates = values
    .map(({ key, value }) => ({ strength: KEYS.indexOf(normalKey(key)), value: value.trim() }))
    .filter(({ strength, value }) => strength >= 0 && looksLikeNumber(value))
    .sort((a, b) => a.strength - b.strength);
  const valid = candidates.find(({ value }) => isValidTaxNumber(value, country));
  return (valid ?? candidates[0])?.value ?? null;
}

/** "_Billing VAT-number " and the block checkout's "_wc_billing/acme/vat-number" become "billing_vat_number", "vat_number". */
function normalKey(key: string): string {
  return key
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .trim()
    .replace(/^_wc_(billing|shipping|other)\/[^/]*\//, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

const looksLikeNumber = (value: string): boolean =>
  value.length <= 64 && /\d/.test(value) && (bareTaxNumber(value)?.length ?? 0) >= MIN_LENGTH;
