// Values as text for a printed page. Separators and symbols are our own table, so that a page does not change with the
// locale data of a Node release; amounts stay text from bigint to ink.
import { type Decimal, formatMinor, type Minor } from '../../src/domain/money.ts';
import type { Language } from './labels.ts';

const NO_BREAK_SPACE = '\u00a0';
const SEPARATORS = { fr: { group: NO_BREAK_SPACE, decimal: ',' }, en: { group: ',', decimal: '.' } } as const;
const SYMBOLS: Readonly<Record<string, string>> = { EUR: '€', GBP: '£', JPY: '¥', USD: '$' };

/** "1 234,5" or "1,234.5"; the decimals are those of the text. */
export function formatDecimal(value: Decimal, language: Language): string {
  const { group, decimal } = SEPARATORS[language];
  const [whole = '', fraction] = value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
}

/** An amount of major units: "1 234,56 €" or "€1,234.56"; a currency without a common symbol shows its code. */
export function formatPrice(amount: Decimal, currency: string, language: Language): string {
  const symbol = SYMBOLS[currency];
  if (language === 'fr') return `${formatDecimal(amount, language)}${NO_BREAK_SPACE}${symbol ?? currency}`;
  const unsigned = formatDecimal(amount.replace(/^-/, ''), language);
  return `${amount.startsWith('-') ? '-' : ''}${symbol ?? `${currency}${NO_BREAK_SPACE}`}${unsigned}`;
}

/** An amount of minor units, with all the decimals of its currency. */
export const formatMoney = (amount: Minor, currency: string, language: Language): string =>
  formatPrice(formatMinor(amount, currency), currency, language);

/** "20 %" or "20%". */
export const formatPercent = (rate: Decimal, language: Language): string =>
  `${formatDecimal(rate, language)}${language === 'fr' ? NO_BREAK_SPACE : ''}%`;

const MONTHS = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
};

/** A date YYYY-MM-DD as "21 novembre 2026" or "21 November 2026". */
export function formatDate(date: string, language: Language): string {
  const [year, month, day] = date.split('-');
  return `${Number(day)} ${MONTHS[language][Number(month) - 1]} ${year}`;
}

// Windows-1252 beyond Latin-1: with that, all that the standard PDF fonts can show.
const SHOWABLE = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/u;
const LETTERS: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ħ: 'h', Ħ: 'H', ı: 'i', ẞ: 'SS' };
const PUNCTUATION: Readonly<Record<string, string>> = {
  '\u2010': '-',
  '\u2011': '-',
  '\u2212': '-',
  '\u2015': '—',
  '\u2032': "'",
  '\u2033': '"',
  '\u202f': NO_BREAK_SPACE,
};

/**
 * The text in characters that the standard PDF fonts have: a letter loses the accent they lack ("Łódź" is "Lódz"),
 * what has no likeness becomes "?", line breaks become spaces and what is invisible goes. Never throws.
 */
export const printable = (text: string): string => Array.from(text.normalize('NFC'), printableCharacter).join('');

function printableCharacter(char: string): string {
  if (SHOWABLE.test(char)) return char;
  const nearest = LETTERS[char] ?? PUNCTUATION[char];
  if (nearest !== undefined) return nearest;
  if (/[\s\p{Cc}]/u.test(char)) return ' ';
  if (/[\p{Cf}\p{M}]/u.test(char)) return '';
  const likeness = Array.from(char.normalize('NFKD')).filter((part) => !/\p{M}/u.test(part));
  return likeness.every((part) => SHOWABLE.test(part)) ? likeness.join('') : '?';
}
