// Invoices after the first: what is billed again because a refund failed, and what replaces an invoice whose order was
// edited. An issued document is never changed; a credit note takes it back and another invoice stands in its place. Pure.
import { type CreditNoteDraft, documentKey, endOfKey, type InvoiceDraft } from '../domain/document.ts';
import { formatMinor } from '../domain/money.ts';
import type { InvoicingPolicy } from '../registry.ts';
import { creditOfRest } from './4-refunds.ts';
import type { Return } from './4-returns.ts';
import { type Hold, refs, type Sale } from './4-sale.ts';

const ANOTHER = 'edited-';
const CANCELLED = 'cancelled';

/** The last part of the key of what takes back an invoice whose order came to nothing. */
export const cancellationOf = (invoice: Pick<InvoiceDraft, 'key'>): string =>
  endOfKey(invoice.key) === '1' ? CANCELLED : `${CANCELLED}-${endOfKey(invoice.key)}`;

const isCancellation = ({ key }: Pick<CreditNoteDraft, 'key'>): boolean => endOfKey(key).startsWith(CANCELLED);

/** True for a credit note that is no refund: another invoice of the order, edited or alive again, may stand in its place. */
export const isReplacement = (credit: Pick<CreditNoteDraft, 'key'>): boolean =>
  endOfKey(credit.key).startsWith(ANOTHER) || isCancellation(credit);

/** Refunds that failed after they were credited: each is billed again, by an invoice that names its credit note. */
export function invoicesAgain(
  sale: Sale,
  first: InvoiceDraft,
  invoices: readonly InvoiceDraft[],
  credits: readonly CreditNoteDraft[],
  returns: readonly Return[],
): InvoiceDraft[] {
  const failed = new Set(returns.filter(({ state }) => state === 'failed').map(({ id }) => id));
  let next = nextNumber(invoices);
  return credits.flatMap((credit) => {
    if (!failed.has(endOfKey(credit.key))) return [];
    const begun = invoices.find(({ after }) => after === credit.key);
    if (begun !== undefined) return [begun];
    const key = documentKey(sale.source, sale.order.id, 'invoice', String(next++));
    const lines = credit.lines.map((line) => ({ ...line, name: line.name.trim() || first.orderNumber }));
    return [{ ...first, ...refs(sale), key, total: credit.amount, lines, received: [], after: credit.key }];
  });
}

/** `credit` is null once it has begun: then only the invoice that takes its place is due. */
export type Edit = { credit: CreditNoteDraft | null; invoice: InvoiceDraft; hold: Hold | null };

/**
 * What an edit of the order after its invoice requires: the rest of that invoice credited, and an invoice of the order as it
 * is now. A person decides, unless the policy says `reissue` and nothing was refunded yet. Null where nothing that is billed
 * has changed, where only a mended mapping reads the order differently, and where a person has decided to leave it.
 * An order whose cancellation was credited, and that lives again, is billed again as well. `isVoid`: it has come to nothing.
 */
export function editOf(
  sale: Sale,
  current: InvoiceDraft,
  fresh: InvoiceDraft,
  made: { invoices: readonly InvoiceDraft[]; credits: readonly CreditNoteDraft[]; dropped: readonly string[] },
  policy: InvoicingPolicy,
  isVoid: boolean,
): Edit | null {
  const { invoices, credits, dropped } = made;
  const own = credits.filter(({ invoice }) => invoice === current.key || (invoice === '' && current === invoices[0]));
  const begun = own.find(isReplacement);
  if (isVoid) return null;
  if (begun !== undefined) {
    const n = isCancellation(begun) ? String(nextNumber(invoices)) : endOfKey(begun.key).slice(ANOTHER.length);
    return { credit: null, invoice: replacement(sale, fresh, n, begun), hold: null };
  }
  if (!isLater(fresh.version, current.version) || !differs(current, fresh)) return null;
  const n = String(nextNumber(invoices));
  const key = documentKey(sale.source, sale.order.id, 'credit_note', `${ANOTHER}${n}`);
  const credit = dropped.includes(key) ? null : creditOfRest(current, own, refs(sale), key);
  if (credit === null) return null;
  const mayGo = policy.onEdit === 'reissue' && credits.every(isReplacement) && sale.order.refunds.length === 0;
  const figures = [current, fresh].map(({ total }) => `${formatMinor(total, fresh.currency)} ${fresh.currency}`);
  const detail = `the order was edited after its invoice (${figures.join(' → ')}): approve to credit the invoice and bill the order anew, or skip to leave it`;
  const hold = mayGo ? null : { reason: 'edited_after_invoice', detail };
  return { credit, invoice: replacement(sale, fresh, n, credit), hold };
}

const replacement = (sale: Sale, fresh: InvoiceDraft, n: string, credit: CreditNoteDraft): InvoiceDraft => ({
  ...fresh,
  key: documentKey(sale.source, sale.order.id, 'invoice', n),
  after: credit.key,
});

/** Versions are `<updated_at> <mapping revision>`; only the same mapping can tell an edit. */
function isLater(fresh: string, current: string): boolean {
  const [at = '', revision] = fresh.split(' ');
  const [before = '', beforeRevision] = current.split(' ');
  return before !== '' && revision === beforeRevision && at > before;
}

/** Whether an invoice of the one says another thing than an invoice of the other: sums, pieces or rates, not names. */
function differs(a: InvoiceDraft, b: InvoiceDraft): boolean {
  // An invoice that was made of a payment names its lines in the payment service's words.
  if (a.source !== b.source || a.orderId !== b.orderId) return a.total !== b.total;
  const figures = ({ lines }: InvoiceDraft): string =>
    lines
      .map(({ id, quantity, gross, rate }) => `${id} ${quantity} ${gross} ${rate ?? ''}`)
      .toSorted()
      .join('\n');
  return a.total !== b.total || figures(a) !== figures(b);
}

const nextNumber = (invoices: readonly InvoiceDraft[]): number =>
  Math.max(1, ...invoices.map((invoice) => Number(endOfKey(invoice.key))).filter(Number.isInteger)) + 1;
