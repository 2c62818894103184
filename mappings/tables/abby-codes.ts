// The closed lists of Abby's OpenAPI 1.90.0 (github.com/abby-inc/abby-node) that documents are written in.
import type { PaymentMode } from '../../src/domain/order.ts';

/** Languages that Abby prints documents in. */
export const LOCALES = ['fr', 'en', 'de', 'it', 'nl', 'pt', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** The document language for a BCP 47 tag; `fallback` when there is no tag or Abby does not print its language. */
export function localeOf(tag: string | null, fallback: Locale): Locale {
  const primary = tag?.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === primary) ?? fallback;
}

/**
 * Currencies that Abby lists and whose minor unit is a cent: what "cents" mean for a yen or a won is not told. Its CNH is
 * no ISO 4217 code.
 */
export const CURRENCIES = [
  ...['EUR', 'GBP', 'CHF', 'USD', 'AUD', 'CAD', 'CZK', 'DKK', 'BGN', 'PLN', 'HUF', 'RON'],
  ...['SEK', 'NOK', 'TRY', 'BRL', 'HKD', 'ILS', 'INR', 'MXN'],
] as const;

export const PAYMENT_METHODS = [
  'transfer',
  'direct_debit',
  'credit_card',
  'cheque',
  'universal_employment_service_cheque',
  'cash',
  'paypal',
  'stripe',
  'other',
] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export const METHOD_OF_MODE: Readonly<Record<PaymentMode, PaymentMethod>> = {
  card: 'credit_card',
  transfer: 'transfer',
  cheque: 'cheque',
  cash: 'cash',
  paypal: 'paypal',
  direct_debit: 'direct_debit',
  voucher: 'other',
  other: 'other',
};

/** Percentages that a line can bear; Abby knows no rate of another country. */
export const VAT_CODES: Readonly<Record<string, string>> = {
  '2.1': 'FR_210',
  '5.5': 'FR_550',
  '8.5': 'FR_850',
  '10': 'FR_1000',
  '20': 'FR_2000',
};
