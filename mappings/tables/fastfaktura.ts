// The values that FastFaktura lists for its fields, and the words of its documents in the languages that it prints.
// https://fastfaktura.io/en/docs/api, "Schemas" (v1, read 2026-03).

export const CURRENCIES = ['EUR', 'USD', 'GBP', 'NOK', 'SEK', 'DKK'] as const;

/** A client's language, in which its documents are printed. */
export const LOCALES = ['fr', 'en', 'nb', 'sv'] as const;
export type Locale = (typeof LOCALES)[number];

/** The locale for a BCP 47 tag; null where its language is not printed. Norwegian without a form is read as bokmål. */
export function localeOf(tag: string | null): Locale | null {
  const primary = tag?.toLowerCase().split(/[-_]/)[0] ?? '';
  const language = primary === 'no' || primary === 'nn' ? 'nb' : primary;
  return LOCALES.find((locale) => locale === language) ?? null;
}

/** Where one of the printed languages is nearly everybody's. */
const SPOKEN: Readonly<Record<Locale, string>> = {
  fr: 'FR MC GP MQ GF RE YT PM BL MF PF NC WF',
  en: 'GB IE US AU NZ IM JE GG GI MT',
  nb: 'NO SJ',
  sv: 'SE AX',
};

/** The language of a country (ISO code); null where it is another, or one of several. */
export const spokenIn = (country: string): Locale | null =>
  LOCALES.find((locale) => SPOKEN[locale].split(' ').includes(country)) ?? null;

export type Words = {
  order: string;
  discountIncluded: string;
  delivery: string;
  rounding: string;
  /** Followed by a date, an amount and how it came. */
  received: string;
  vatNumber: string;
  /** Any other number that a company is registered under. */
  companyNumber: string;
};

export const WORDS: Readonly<Record<Locale, Words>> = {
  fr: {
    order: 'Commande',
    discountIncluded: 'Remise déduite',
    delivery: 'Adresse de livraison',
    rounding: 'Arrondi',
    received: 'Payé le',
    vatNumber: 'N° de TVA du client',
    companyNumber: 'N° d’identification du client',
  },
  en: {
    order: 'Order',
    discountIncluded: 'Discount included',
    delivery: 'Delivery address',
    rounding: 'Rounding',
    received: 'Paid on',
    vatNumber: 'Customer VAT number',
    companyNumber: 'Customer company number',
  },
  nb: {
    order: 'Ordre',
    discountIncluded: 'Rabatt trukket fra',
    delivery: 'Leveringsadresse',
    rounding: 'Avrunding',
    received: 'Betalt',
    vatNumber: 'Kundens mva-nummer',
    companyNumber: 'Kundens organisasjonsnummer',
  },
  sv: {
    order: 'Order',
    discountIncluded: 'Rabatt avdragen',
    delivery: 'Leveransadress',
    rounding: 'Avrundning',
    received: 'Betald',
    vatNumber: 'Kundens momsregistreringsnummer',
    companyNumber: 'Kundens organisationsnummer',
  },
};
