// Names of lines for which a PrestaShop order has an amount and no name, by language.

export type Words = { shipping: string; wrapping: string; ecotax: string; paymentFee: string };

const ENGLISH: Words = {
  shipping: 'Shipping',
  wrapping: 'Gift wrapping',
  ecotax: 'Eco-participation',
  paymentFee: 'Payment fee',
};

const WORDS = new Map<string, Words>([
  ['en', ENGLISH],
  [
    'fr',
    {
      shipping: 'Livraison',
      wrapping: 'Emballage cadeau',
      ecotax: 'Éco-participation',
      paymentFee: 'Frais de paiement',
    },
  ],
  ['de', { shipping: 'Versand', wrapping: 'Geschenkverpackung', ecotax: 'Öko-Abgabe', paymentFee: 'Zahlungsgebühr' }],
  ['es', { shipping: 'Envío', wrapping: 'Papel de regalo', ecotax: 'Ecotasa', paymentFee: 'Gastos de pago' }],
  [
    'it',
    {
      shipping: 'Spedizione',
      wrapping: 'Confezione regalo',
      ecotax: 'Ecocontributo',
      paymentFee: 'Spese di pagamento',
    },
  ],
]);

/** The words in the language of a BCP 47 tag; English for one that has none here. */
export const wordsIn = (language: string): Words => WORDS.get(language.slice(0, 2)) ?? ENGLISH;
