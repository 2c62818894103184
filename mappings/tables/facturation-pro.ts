// The values that Facturation.pro lists for its fields, and the words of its documents in the languages that it prints.
// https://facturation.dev/values/ (read 2026-03).
import { minorDigits } from '../../src/domain/money.ts';
import type { PaymentMode } from '../../src/domain/order.ts';

export const LANGUAGES = ['fr', 'en', 'es', 'nl'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of a document for a BCP 47 tag; `fallback` when there is no tag or its language is not printed. */
export function languageOf(tag: string | null, fallback: Language): Language {
  const primary = tag?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary) ?? fallback;
}

/** Modes of payment of a sale: all but 0, "not paid", and 999, "irrecoverable", which say that no money came. */
export const PAYMENT_CODES = [
  '1', // PayPal
  '2', // card
  '3', // transfer
  '4', // cheque
  '5', // cash
  '6', // prepaid CESU
  '8', // direct debit
  '9', // TIP
  '30', // restaurant voucher
  '31', // gift voucher
  '32', // holiday voucher
  '50', // LCR
  '51', // BOR
  '90', // credit note
  '99', // other
] as const;
export type PaymentCode = (typeof PAYMENT_CODES)[number];

/** The code of a mode that no setting maps. */
export const PAYMENT_CODE: Readonly<Record<PaymentMode, PaymentCode>> = {
  paypal: '1',
  card: '2',
  transfer: '3',
  cheque: '4',
  cash: '5',
  direct_debit: '8',
  voucher: '31',
  other: '99',
};

/** What a line is, for micro-entrepreneurs: sale, commercial service, non-commercial service, disbursement, none of them. */
export const NATURES = ['1', '2', '3', '8', '9'] as const;
export type Nature = (typeof NATURES)[number];

/**
 * Every currency that it lists and that people still pay with, if it has two decimals: whether its totals of the others are
 * rounded to their units is not documented.
 */
export const CURRENCIES: readonly string[] = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP ' +
  'CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ' +
  'ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT ' +
  'MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR ' +
  'SDG SEK SGD SHP SOS SRD SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF ' +
  'YER ZAR'
)
  .split(' ')
  .filter((code) => minorDigits(code) === 2);

export type Words = { order: string; discountIncluded: string; delivery: string; rounding: string };

export const WORDS: Readonly<Record<Language, Words>> = {
  fr: { order: 'Commande', discountIncluded: 'Remise déduite', delivery: 'Adresse de livraison', rounding: 'Arrondi' },
  en: { order: 'Order', discountIncluded: 'Discount included', delivery: 'Delivery address', rounding: 'Rounding' },
  es: {
    order: 'Pedido',
    discountIncluded: 'Descuento incluido',
    delivery: 'Dirección de entrega',
    rounding: 'Redondeo',
  },
  nl: { order: 'Bestelling', discountIncluded: 'Inclusief korting', delivery: 'Afleveradres', rounding: 'Afronding' },
};
