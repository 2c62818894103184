// Documents made from another at VosFactures: copies, and credit notes, which the engine calls corrections.
import Big from 'big.js';
import { type PositionInput, Refusal } from './vosfactures-input.ts';
import type { Switches } from './vosfactures-options.ts';
import type { InvoiceRecord, PositionRecord } from './vosfactures-records.ts';
import { asText } from './vosfactures-totals.ts';

export type Given = Readonly<Record<string, unknown>>;

/** What belongs to the making of the first document, or to what became of it. */
const NOT_COPIED = ['oid_unique', 'seller_name', 'buyer_override', 'status', 'paid', 'paid_date'];
/** What the documentation shows beside `copy_invoice_from`. */
const SHOWN_FOR_COPIES = ['kind', 'payment_to_kind', 'payment_to', 'total_correction', 'correction_reason'];

/**
 * The request of a copy, filled up from its source: alike in everything, `oid` and dates included, but for its number. A
 * copy of kind `correction` takes back every position with `total_correction` "1", and nothing with anything else.
 */
export function copyOf(
  source: InvoiceRecord,
  sourceGiven: Given,
  request: Given,
  copyTakes: Switches['copyTakes'],
): Given {
  const only = (from: Given, keep: (field: string) => boolean): Given =>
    Object.fromEntries(Object.entries(from).filter(([field]) => keep(field)));
  const own = copyTakes === 'any_field' ? request : only(request, (field) => SHOWN_FOR_COPIES.includes(field));
  const copy = {
    ...only(sourceGiven, (field) => !NOT_COPIED.includes(field)),
    client_id: String(source.client_id),
    department_id: String(source.department_id),
    issue_date: source.issue_date,
    sell_date: source.sell_date,
    from_invoice_id: String(source.id),
  };
  if (own.kind !== 'correction') return { ...copy, ...own };
  const positions = source.positions.map((position) => takenBack(position, own.total_correction === '1'));
  return { ...copy, invoice_id: String(source.id), positions, ...own };
}

function takenBack({ name, tax, quantity, total_price_gross, ...rest }: PositionRecord, wholly: boolean): Given {
  const before = { name, tax, quantity, total_price_gross };
  const after = wholly ? { ...before, quantity: '0', total_price_gross: '0' } : before;
  const difference = (field: 'quantity' | 'total_price_gross'): string =>
    asText(new Big(after[field]).minus(before[field]));
  return {
    ...rest,
    name,
    tax,
    quantity: difference('quantity'),
    total_price_gross: difference('total_price_gross'),
    kind: 'correction',
    correction_before_attributes: { ...before, kind: 'correction_before' },
    correction_after_attributes: { ...after, kind: 'correction_after' },
  };
}

/** A position of kind `correction` shows what was and what is, and is the difference between them. */
export function checkCorrection(position: PositionInput, documentKind: string): void {
  if (position.kind !== 'correction') return;
  const { correction_before_attributes: before, correction_after_attributes: after } = position;
  if (documentKind !== 'correction') throw new Refusal('positions', 'a correction belongs on a credit note');
  if (before === undefined || after === undefined) throw new Refusal('positions', 'before and after are required');
  const differs =
    after.quantity.minus(before.quantity).eq(position.quantity) &&
    after.total_price_gross.minus(before.total_price_gross).eq(position.total_price_gross);
  if (!differs) throw new Refusal('positions', 'is not the difference between before and after');
}

/** As it is shown: the amounts as text. */
export function shownPosition(position: PositionInput): PositionRecord {
  const { correction_before_attributes: before, correction_after_attributes: after, ...line } = position;
  return {
    ...amountsAsText(line),
    ...(before === undefined ? {} : { correction_before_attributes: amountsAsText(before) }),
    ...(after === undefined ? {} : { correction_after_attributes: amountsAsText(after) }),
  };
}

const amountsAsText = <T extends { quantity: Big; total_price_gross: Big }>(priced: T) => ({
  ...priced,
  quantity: asText(priced.quantity),
  total_price_gross: asText(priced.total_price_gross),
});
