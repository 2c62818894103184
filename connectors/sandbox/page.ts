// What stands on an invoice or a credit note, as text: everything that is said, nothing about where it stands. Pure.
import Big from 'big.js';
import {
  type CreditNoteRequest,
  documentTotal,
  type InvoiceRequest,
  type PaymentEntry,
} from '../../mappings/from-document/sandbox.ts';
import type { Address } from '../../src/domain/buyer.ts';
import type { CreditLine } from '../../src/domain/document.ts';
import { type Minor, minorDigits, sum } from '../../src/domain/money.ts';
import { formatDate, formatDecimal, formatMoney, formatPercent, formatPrice, printable } from './format.ts';
import { LABELS, type Labels, type Language } from './labels.ts';

export type Labelled = { label: string; value: string };
export type Party = { heading: string; name: string; lines: string[] };
export type Row = {
  description: string;
  detail: string;
  quantity: string;
  unitPrice: string;
  rate: string;
  total: string;
};
export type RateRow = { rate: string; net: string; vat: string; gross: string };

export type Page = {
  language: Language;
  title: string;
  number: string;
  /** YYYY-MM-DD. */
  issueDate: string;
  seller: Party;
  facts: Labelled[];
  /** The user's own title, or empty. */
  subject: string;
  parties: Party[];
  columns: Row;
  rows: Row[];
  rateColumns: RateRow;
  rates: RateRow[];
  total: Labelled;
  payments: (Labelled & { detail: string })[];
  /** What is still due, or was paid too much; null on a credit note. */
  balance: Labelled | null;
  /** The word on the stamp of a settled invoice, or null. */
  stamp: string | null;
  notes: string[];
  footer: string;
  pageNumber(number: number, count: number): string;
};

type Invoice = { number: string; request: InvoiceRequest; payments: readonly PaymentEntry[] };
type CreditNote = { number: string; request: CreditNoteRequest };

/** The words and figures of an issued invoice, in characters that can be printed. */
export function invoicePage({ number, request, payments }: Invoice): Page {
  const { language, currency, dueDate } = request;
  const labels = LABELS[language];
  const due = documentTotal(request) - sum(payments.map(({ amount }) => amount));
  return {
    ...pageOf(number, request, labels.total),
    title: labels.invoice,
    facts: [
      ...dates(request),
      ...(dueDate === null ? [] : [{ label: labels.due, value: formatDate(dueDate, language) }]),
      { label: labels.order, value: printable(request.orderNumber) },
    ],
    payments: payments.map((payment) => paymentRow(payment, currency, language)),
    balance: {
      label: due < 0n ? labels.overpaid : labels.balance,
      value: formatMoney(due < 0n ? -due : due, currency, language),
    },
    stamp: due <= 0n ? labels.paid : null,
  };
}

/** The words and figures of a credit note. Its amounts are what goes back to the buyer. */
export function creditNotePage({ number, request }: CreditNote): Page {
  const labels = LABELS[request.language];
  const page = pageOf(number, request, labels.credited);
  const reason = request.reason.trim() === '' ? [] : [printable(`${labels.reason}${labels.colon}${request.reason}`)];
  return {
    ...page,
    title: labels.creditNote,
    facts: [
      ...dates(request),
      { label: labels.onInvoice, value: printable(request.invoiceNumber) },
      { label: labels.order, value: printable(request.orderNumber) },
    ],
    payments: [],
    balance: null,
    stamp: null,
    notes: [...reason, ...page.notes],
  };
}

function dates({ issueDate, saleDate, language }: InvoiceRequest | CreditNoteRequest): Labelled[] {
  const labels = LABELS[language];
  return [
    { label: labels.issued, value: formatDate(issueDate, language) },
    { label: labels.sold, value: formatDate(saleDate, language) },
  ];
}

/** What both have in common. */
function pageOf(number: string, request: InvoiceRequest | CreditNoteRequest, totalLabel: string) {
  const { language, currency, seller, buyer, lines } = request;
  const labels = LABELS[language];
  return {
    language,
    number,
    issueDate: request.issueDate,
    seller: party('', seller.name, [...seller.address, taxNumberLine(seller.vatNumber, labels)]),
    subject: printable(request.title ?? ''),
    parties: [
      party(labels.billedTo, buyer.name, [
        ...addressLines(buyer.address, buyer.name, language),
        taxNumberLine(buyer.taxNumber, labels),
      ]),
      ...(buyer.delivery === null ? [] : [deliveryParty(buyer.delivery, buyer.name, language)]),
    ],
    columns: {
      description: labels.description,
      detail: '',
      quantity: labels.quantity,
      unitPrice: labels.unitPrice,
      rate: labels.rate,
      total: labels.lineTotal,
    },
    rows: lines.map((line) => rowOf(line, currency, language)),
    rateColumns: { rate: labels.rateHeading, net: labels.net, vat: labels.vat, gross: labels.gross },
    rates: rateRows(lines, currency, language),
    total: { label: totalLabel, value: formatMoney(documentTotal(request), currency, language) },
    notes: [
      ...(lines.some((line) => line.rate === null) ? [labels.untaxed] : []),
      ...(request.notes ?? '')
        .split('\n')
        .map(printable)
        .filter((note) => note.trim() !== ''),
    ],
    footer: labels.notLegal,
    pageNumber: labels.page,
  };
}

function rowOf(line: CreditLine, currency: string, language: Language): Row {
  const labels = LABELS[language];
  const money = (amount: Minor): string => formatMoney(amount, currency, language);
  const details = [
    line.sku === '' ? '' : `${labels.reference} ${line.sku}`,
    line.discount === 0n ? '' : `${labels.discount}${labels.colon}${money(-line.discount)}`,
  ];
  return {
    description: printable(line.name === '' ? labels.refund : line.name),
    detail: printable(details.filter(Boolean).join('  ·  ')),
    quantity: formatDecimal(new Big(line.quantity).toFixed(), language),
    unitPrice: unitPrice(line, currency, language),
    rate: rateText(line.rate, language),
    total: money(line.gross),
  };
}

/** Price of one before the discount, tax included; up to two decimals finer than the currency where it does not come out even. */
function unitPrice(line: CreditLine, currency: string, language: Language): string {
  const quantity = new Big(line.quantity);
  if (quantity.eq(0)) return '';
  const digits = minorDigits(currency);
  const exact = new Big((line.gross + line.discount).toString()).div(new Big(10).pow(digits)).div(quantity);
  const shown = exact.round(digits + 2, Big.roundHalfUp);
  const decimals = Math.max(digits, shown.toFixed().split('.')[1]?.length ?? 0);
  return formatPrice(shown.toFixed(decimals), currency, language);
}

const rateText = (rate: string | null, language: Language): string =>
  rate === null ? '–' : formatPercent(new Big(rate).toFixed(), language);

/** Net, tax and gross for each rate, highest first and untaxed last. The tax is what the shop charged, line by line. */
function rateRows(lines: readonly CreditLine[], currency: string, language: Language): RateRow[] {
  const byRate = Map.groupBy(lines, (line) => (line.rate === null ? '' : new Big(line.rate).toFixed()));
  const sorted = [...byRate].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : new Big(b).cmp(a)));
  return sorted.map(([rate, group]) => {
    const gross = sum(group.map((line) => line.gross));
    const tax = sum(group.map((line) => line.tax));
    return {
      rate: rateText(rate === '' ? null : rate, language),
      net: formatMoney(gross - tax, currency, language),
      vat: formatMoney(tax, currency, language),
      gross: formatMoney(gross, currency, language),
    };
  });
}

function paymentRow(payment: PaymentEntry, currency: string, language: Language): Page['payments'][number] {
  const labels = LABELS[language];
  const mode = labels.modes[payment.mode];
  const gateway = payment.label.trim() === '' || payment.label.trim() === mode ? '' : ` (${payment.label.trim()})`;
  return {
    label: labels.paidOn(formatDate(payment.date, language)),
    detail: printable(`${mode}${gateway}`),
    value: formatMoney(payment.amount, currency, language),
  };
}

const party = (heading: string, name: string, lines: readonly string[]): Party => ({
  heading,
  name: printable(name),
  lines: lines.map((line) => printable(line).trim()).filter(Boolean),
});

const deliveryParty = (address: Address, buyerName: string, language: Language): Party =>
  party(LABELS[language].deliveredTo, address.name || buyerName, addressLines(address, address.name, language));

const taxNumberLine = (taxNumber: string | null, labels: Labels): string =>
  taxNumber === null || taxNumber.trim() === '' ? '' : `${labels.vatNumber}${labels.colon}${taxNumber.trim()}`;

/** The lines of an address; its name only where it differs from the one that already stands above. */
function addressLines(address: Address, above: string, language: Language): string[] {
  const country = address.country === '' ? '' : (countryNames[language].of(address.country) ?? address.country);
  return [
    address.name === above ? '' : address.name,
    address.line1,
    address.line2,
    `${address.postCode} ${address.city}`,
    address.region,
    country,
  ];
}

const countryNames = {
  fr: new Intl.DisplayNames('fr', { type: 'region' }),
  en: new Intl.DisplayNames('en', { type: 'region' }),
};
