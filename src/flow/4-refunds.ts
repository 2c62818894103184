// What goes back to the buyer, as credit notes: one for each refund, over the lines or the rates of the invoice. Pure.
import Big from 'big.js';
import { type CreditLine, type CreditNoteDraft, documentKey, endOfKey, type InvoiceDraft } from '../domain/document.ts';
import { apportion, formatMinor, type Minor, sum, taxInside } from '../domain/money.ts';
import type { OrderLine, RefundLine } from '../domain/order.ts';
import type { Return } from './4-returns.ts';
import type { Hold } from './4-sale.ts';

/** Whose credit notes they are: an invoice may have been made for a payment before its order was known. */
type SaleRefs = Pick<InvoiceDraft, 'source' | 'orderId' | 'orderNumber'>;

export type PlannedCreditNote = { draft: CreditNoteDraft; hold: Hold | null };

/**
 * One credit note for each refund, on the first of the invoices that has as much left. The whole invoice is credited line by
 * line, and so is what the shop tells by lines; an amount of which nobody says what it was for is split over the rates in
 * the proportion in which they were invoiced. Never beyond the invoice, in all and at any rate.
 *
 * @param made credit notes that have begun: they stay as they are, and the others find what they left
 */
export function creditNotes(
  invoices: readonly InvoiceDraft[],
  made: readonly CreditNoteDraft[],
  returns: readonly Return[],
  sale: SaleRefs,
): PlannedCreditNote[] {
  const books = invoices.map((invoice, index) => ({
    invoice,
    credited: made
      .filter((note) => note.invoice === invoice.key || (note.invoice === '' && index === 0))
      .flatMap(({ lines }) => lines),
  }));
  return returns.flatMap((one): PlannedCreditNote[] => {
    const [first] = books;
    if (first === undefined) return [];
    const key = documentKey(sale.source, sale.orderId, 'credit_note', one.id);
    const begun = made.find((note) => endOfKey(note.key) === one.id);
    if (begun !== undefined) return [{ draft: begun, hold: null }];
    const book = books.find(({ invoice, credited }) => openOf(invoice, credited) >= one.amount);
    const { invoice, credited } = book ?? first;
    const whole = one.amount === invoice.total && credited.length === 0;
    const lines = book === undefined ? [] : whole ? invoice.lines : partLines(invoice, credited, one);
    credited.push(...lines);
    const detail = `refunds exceed the invoice of ${formatMinor(invoice.total, invoice.currency)} ${invoice.currency}`;
    return [
      {
        draft: { ...creditDraft(invoice, sale, key, one.amount, one.reason), lines, whole },
        hold: book === undefined ? { reason: 'refund_exceeds_invoice', detail } : one.hold,
      },
    ];
  });
}

/** All that an invoice still bills, taken back at once; null where nothing is left of it. */
export function creditOfRest(
  invoice: InvoiceDraft,
  made: readonly CreditNoteDraft[],
  sale: SaleRefs,
  key: string,
): CreditNoteDraft | null {
  const credited = made.flatMap(({ lines }) => lines);
  const amount = openOf(invoice, credited);
  if (amount <= 0n) return null;
  const whole = credited.length === 0;
  const lines = whole ? invoice.lines : (overRates(openByRate(invoice.lines, credited), amount, key) ?? []);
  return { ...creditDraft(invoice, sale, key, amount, sale.orderNumber), lines, whole };
}

function creditDraft(
  invoice: InvoiceDraft,
  { source, orderId, orderNumber }: SaleRefs,
  key: string,
  amount: Minor,
  reason: string,
): CreditNoteDraft {
  const { currency, language, finalize, rounding } = invoice;
  return {
    kind: 'credit_note',
    key,
    source,
    orderId,
    orderNumber,
    currency,
    amount,
    lines: [],
    whole: false,
    reason,
    language,
    finalize,
    rounding,
    invoice: invoice.key,
  };
}

const openOf = (invoice: InvoiceDraft, credited: readonly CreditLine[]): Minor =>
  invoice.total - sum(credited.map(({ gross }) => gross));

/** The lines of a part, told by the shop or worked out; always the refund's own amount. */
function partLines(
  invoice: InvoiceDraft,
  credited: readonly CreditLine[],
  { id, amount, lines }: Return,
): CreditLine[] {
  const open = openByRate(invoice.lines, credited);
  const invoiced = openByRate(invoice.lines, []);
  const fits = (candidate: readonly CreditLine[] | null): candidate is CreditLine[] =>
    candidate !== null && open.length > 0 && exceeds(candidate, open) === false;
  const told = toldLines(invoice, lines ?? [], amount, id);
  if (fits(told)) return told;
  const inProportion = overRates(invoiced, amount, id);
  return fits(inProportion) ? inProportion : (overRates(open, amount, id) ?? []);
}

/** What the shop says went back, completed or reduced to the money that moved; null where it says nothing of use. */
function toldLines(
  invoice: InvoiceDraft,
  lines: readonly RefundLine[],
  amount: Minor,
  id: string,
): CreditLine[] | null {
  const told = lines.filter(({ gross }) => gross !== 0n).map((line, index) => named(invoice, line, `${id}:${index}`));
  const value = sum(told.map(({ gross }) => gross));
  if (told.length === 0 || value <= 0n) return null;
  if (value === amount) return told;
  if (value > amount) return overRates(openByRate(told, []), amount, id);
  const rest = overRates(openByRate(invoice.lines, []), amount - value, id);
  return rest === null ? null : [...told, ...rest];
}

/** A line as the invoice has it where it is the invoice's own: its name, and above all its rate. */
function named(invoice: InvoiceDraft, line: RefundLine, id: string): CreditLine {
  const own = invoice.lines.find((one) => one.id === line.lineId);
  const rate = own === undefined ? line.rate : own.rate;
  return {
    id: own?.id ?? id,
    kind: own?.kind ?? line.kind,
    name: own?.name ?? line.name,
    sku: own?.sku ?? '',
    quantity: new Big(line.quantity).gt(0) ? line.quantity : '1',
    gross: line.gross,
    tax: rate === null ? 0n : line.tax,
    rate,
    discount: 0n,
  };
}

type Open = { rate: OrderLine['rate']; gross: Minor };

const grossAt = (rate: OrderLine['rate'], of: readonly CreditLine[]): Minor =>
  sum(of.filter((line) => line.rate === rate).map(({ gross }) => gross));

/** What is still open of the invoice at each rate, in the order of its lines. */
function openByRate(lines: readonly CreditLine[], credited: readonly CreditLine[]): Open[] {
  const rates = [...new Set(lines.map(({ rate }) => rate))];
  return rates
    .map((rate) => ({ rate, gross: grossAt(rate, lines) - grossAt(rate, credited) }))
    .filter(({ gross }) => gross > 0n);
}

/** True where more would be taken back at some rate than is open at it. */
const exceeds = (lines: readonly CreditLine[], open: readonly Open[]): boolean =>
  [...new Set(lines.map(({ rate }) => rate))].some(
    (rate) => grossAt(rate, lines) > (open.find((one) => one.rate === rate)?.gross ?? 0n),
  );

/** The amount split in the proportion of what is open, to the minor unit; null where nothing is. */
function overRates(open: readonly Open[], amount: Minor, refundId: string): CreditLine[] | null {
  const total = sum(open.map(({ gross }) => gross));
  if (total <= 0n) return null;
  const parts = open.map(({ gross }) => new Big(gross.toString()).times(amount.toString()).div(total.toString()));
  const amounts = apportion(parts, amount);
  return (
    amounts?.flatMap((gross, index) => {
      const rate = open[index]?.rate ?? null;
      return gross === 0n ? [] : [amountOnly(refundId, rate, gross)];
    }) ?? null
  );
}

const amountOnly = (refundId: string, rate: OrderLine['rate'], gross: Minor): CreditLine => ({
  id: `${refundId}:${rate ?? 'untaxed'}`,
  kind: 'item',
  name: '',
  sku: '',
  quantity: '1',
  gross,
  tax: rate === null ? 0n : taxInside(gross, rate),
  rate,
  discount: 0n,
});
