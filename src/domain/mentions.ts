// Sentences that the law or clarity asks for on a document, by its language.

const REPLACES: Readonly<Record<string, string>> = {
  en: 'This invoice follows credit note',
  fr: 'Cette facture fait suite à l’avoir',
  de: 'Diese Rechnung folgt auf die Gutschrift',
  es: 'Esta factura sigue al abono',
  it: 'Questa fattura segue la nota di credito',
};

/** Names the credit note that an invoice comes after (CGI, ann. II, art. 242 nonies A: documents refer to each other). */
export const afterCreditNote = (language: string | null, number: string): string =>
  `${REPLACES[(language ?? 'fr').slice(0, 2).toLowerCase()] ?? REPLACES.en} ${number}.`;
