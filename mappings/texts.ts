// The few words that a document carries besides what the shop wrote, by language.

export type Texts = {
  order: string;
  payment: string;
  /** What an amount was returned for where nobody says; the reason of a credit note that has none. */
  refund: string;
  /** Told on a line whose price already has a discount taken off. */
  discountIncluded: string;
  directDebit: string;
  voucher: string;
  otherPayment: string;
};

const ENGLISH: Texts = {
  order: 'Order',
  payment: 'Payment',
  refund: 'Refund',
  discountIncluded: 'Discount included',
  directDebit: 'Direct debit',
  voucher: 'Voucher',
  otherPayment: 'Other',
};

const TEXTS: Readonly<Record<string, Texts>> = {
  en: ENGLISH,
  fr: {
    order: 'Commande',
    payment: 'Paiement',
    refund: 'Remboursement',
    discountIncluded: 'Remise déduite',
    directDebit: 'Prélèvement',
    voucher: 'Bon d’achat',
    otherPayment: 'Autre',
  },
  de: {
    order: 'Bestellung',
    payment: 'Zahlung',
    refund: 'Rückerstattung',
    discountIncluded: 'Rabatt abgezogen',
    directDebit: 'Lastschrift',
    voucher: 'Gutschein',
    otherPayment: 'Andere',
  },
  es: {
    order: 'Pedido',
    payment: 'Pago',
    refund: 'Reembolso',
    discountIncluded: 'Descuento incluido',
    directDebit: 'Domiciliación bancaria',
    voucher: 'Vale',
    otherPayment: 'Otro',
  },
  it: {
    order: 'Ordine',
    payment: 'Pagamento',
    refund: 'Rimborso',
    discountIncluded: 'Sconto incluso',
    directDebit: 'Addebito diretto',
    voucher: 'Buono',
    otherPayment: 'Altro',
  },
};

/** The words in a language (ISO 639-1); English for one that has none here. */
export const texts = (language: string): Texts => TEXTS[language] ?? ENGLISH;
