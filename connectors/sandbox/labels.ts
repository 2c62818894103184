// The words that the sandbox prints on a document.
import type { PaymentMode } from '../../src/domain/order.ts';

export type Language = 'fr' | 'en';

export type Labels = {
  invoice: string;
  creditNote: string;
  issued: string;
  sold: string;
  due: string;
  onInvoice: string;
  order: string;
  billedTo: string;
  deliveredTo: string;
  vatNumber: string;
  /** Put before a value: "Discount: …". */
  colon: string;
  description: string;
  quantity: string;
  unitPrice: string;
  rate: string;
  /** Heads the rates in the summary, where the tax itself has a column too. */
  rateHeading: string;
  lineTotal: string;
  reference: string;
  discount: string;
  net: string;
  vat: string;
  gross: string;
  total: string;
  paidOn(date: string): string;
  /** What a credit note gives back. */
  credited: string;
  /** Names a line that has no name of its own. */
  refund: string;
  reason: string;
  balance: string;
  overpaid: string;
  paid: string;
  untaxed: string;
  notLegal: string;
  page(number: number, count: number): string;
  modes: Readonly<Record<PaymentMode, string>>;
};

export const LABELS: Readonly<Record<Language, Labels>> = {
  fr: {
    invoice: 'Facture',
    creditNote: 'Avoir',
    issued: 'Date d’émission',
    sold: 'Date de vente',
    due: 'Échéance',
    onInvoice: 'Sur facture',
    order: 'Commande',
    billedTo: 'Facturé à',
    deliveredTo: 'Livré à',
    vatNumber: 'N° TVA',
    colon: ' : ',
    description: 'Désignation',
    quantity: 'Qté',
    unitPrice: 'Prix unitaire TTC',
    rate: 'TVA',
    rateHeading: 'Taux',
    lineTotal: 'Total TTC',
    reference: 'Réf.',
    discount: 'Remise',
    net: 'HT',
    vat: 'TVA',
    gross: 'TTC',
    total: 'Total TTC',
    paidOn: (date) => `Reçu le ${date}`,
    credited: 'Total de l’avoir',
    refund: 'Remboursement',
    reason: 'Motif',
    balance: 'Reste à payer',
    overpaid: 'Trop-perçu',
    paid: 'Payée',
    untaxed: 'Aucune TVA n’a été facturée sur les lignes sans taux.',
    notLegal: 'Document d’essai : ne constitue pas une facture',
    page: (number, count) => `Page ${number} sur ${count}`,
    modes: {
      card: 'Carte bancaire',
      transfer: 'Virement',
      cheque: 'Chèque',
      cash: 'Espèces',
      paypal: 'PayPal',
      direct_debit: 'Prélèvement',
      voucher: 'Bon d’achat',
      other: 'Autre moyen de paiement',
    },
  },
  en: {
    invoice: 'Invoice',
    creditNote: 'Credit note',
    issued: 'Issue date',
    sold: 'Sale date',
    due: 'Due date',
    onInvoice: 'On invoice',
    order: 'Order',
    billedTo: 'Billed to',
    deliveredTo: 'Delivered to',
    vatNumber: 'VAT no.',
    colon: ': ',
    description: 'Description',
    quantity: 'Qty',
    unitPrice: 'Unit price incl. VAT',
    rate: 'VAT',
    rateHeading: 'Rate',
    lineTotal: 'Total incl. VAT',
    reference: 'Ref.',
    discount: 'Discount',
    net: 'Net',
    vat: 'VAT',
    gross: 'Gross',
    total: 'Total incl. VAT',
    paidOn: (date) => `Received on ${date}`,
    credited: 'Total credited',
    refund: 'Refund',
    reason: 'Reason',
    balance: 'Balance due',
    overpaid: 'Overpaid',
    paid: 'Paid',
    untaxed: 'No VAT was charged on lines without a rate.',
    notLegal: 'Sandbox document: not a legal invoice',
    page: (number, count) => `Page ${number} of ${count}`,
    modes: {
      card: 'Card',
      transfer: 'Bank transfer',
      cheque: 'Cheque',
      cash: 'Cash',
      paypal: 'PayPal',
      direct_debit: 'Direct debit',
      voucher: 'Voucher',
      other: 'Other means of payment',
    },
  },
};
