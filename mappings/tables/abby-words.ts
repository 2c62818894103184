// The words of an e-mail that Abby sends for us, and of lines that no shop has named, in the languages that it prints.
import type { Locale } from './abby-codes.ts';

export type Words = {
  invoice: string;
  order: string;
  greeting: string;
  attached: string;
  /** What a line is called that gives money back without saying for what. */
  refund: string;
  /** The line that shows a difference of rounding. */
  rounding: string;
};

export const WORDS: Readonly<Record<Locale, Words>> = {
  fr: {
    invoice: 'Facture',
    order: 'commande',
    greeting: 'Bonjour,',
    attached: 'Vous trouverez votre facture en pièce jointe. Merci de votre achat.',
    refund: 'Remboursement',
    rounding: 'Arrondi',
  },
  en: {
    invoice: 'Invoice',
    order: 'order',
    greeting: 'Hello,',
    attached: 'Please find your invoice attached. Thank you for your purchase.',
    refund: 'Refund',
    rounding: 'Rounding',
  },
  de: {
    invoice: 'Rechnung',
    order: 'Bestellung',
    greeting: 'Guten Tag,',
    attached: 'anbei erhalten Sie Ihre Rechnung. Vielen Dank für Ihren Einkauf.',
    refund: 'Erstattung',
    rounding: 'Rundung',
  },
  it: {
    invoice: 'Fattura',
    order: 'ordine',
    greeting: 'Buongiorno,',
    attached: 'in allegato trova la Sua fattura. Grazie per l’acquisto.',
    refund: 'Rimborso',
    rounding: 'Arrotondamento',
  },
  nl: {
    invoice: 'Factuur',
    order: 'bestelling',
    greeting: 'Goedendag,',
    attached: 'In de bijlage vindt u uw factuur. Bedankt voor uw aankoop.',
    refund: 'Terugbetaling',
    rounding: 'Afronding',
  },
  pt: {
    invoice: 'Fatura',
    order: 'encomenda',
    greeting: 'Bom dia,',
    attached: 'Segue em anexo a sua fatura. Obrigado pela sua compra.',
    refund: 'Reembolso',
    rounding: 'Arredondamento',
  },
  es: {
    invoice: 'Factura',
    order: 'pedido',
    greeting: 'Buenos días:',
    attached: 'Adjuntamos su factura. Gracias por su compra.',
    refund: 'Reembolso',
    rounding: 'Redondeo',
  },
};
