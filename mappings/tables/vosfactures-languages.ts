// The languages that VosFactures prints documents in, by its own codes.

export const LANGUAGES = [
  'ar',
  'cn',
  'cz',
  'de',
  'el',
  'en',
  'es',
  'et',
  'fa',
  'fr',
  'hr',
  'hu',
  'it',
  'nl',
  'pl',
  'ru',
  'sk',
  'sl',
  'tr',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where its code is not that of ISO 639-1. */
const ITS_CODE: Readonly<Record<string, string>> = { cs: 'cz', zh: 'cn' };

/** The document language for a BCP 47 tag; `fallback` when there is no tag or VosFactures does not print its language. */
export function languageOf(tag: string | null, fallback: Language): Language {
  const primary = tag?.toLowerCase().split(/[-_]/)[0] ?? '';
  const wanted = ITS_CODE[primary] ?? primary;
  return LANGUAGES.find((language) => language === wanted) ?? fallback;
}
