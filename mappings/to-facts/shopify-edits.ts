// What was taken out of a Shopify order after it was placed. A removal looks like a refund without a transaction, and so
// does the restocking of a cancelled order; what tells them apart stands here.
import Big from 'big.js';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { type Amounts, sumOf } from './shopify-amounts.ts';
import { goodsIn, returnedBy, shippingIn } from './shopify-returned.ts';
import type { WireOrder, WireRefund, WireRefundLine } from './shopify-wire.ts';

/** A cancellation writes its refund up to some seconds before `cancelled_at`; a removal as late as this belongs to it. */
const CANCELLATION_MS = 60_000;

/**
 * Pieces taken out of the order, by line, and their gross value. `repaid` are pieces that were taken out first and paid
 * back by a later refund: they were sold, and that refund gave them back.
 */
export type Edits = { removed: ReadonlyMap<string, number>; value: Big; repaid: Repaid | null; doubts: Problem[] };
export type Repaid = { refundId: string; lines: readonly WireRefundLine[] };

/** What was taken out of the order. `edit_unclear` where it cannot be told what was. */
export function editsOf(order: WireOrder, amounts: Amounts): Edits {
  const taken = order.refunds.filter((refund) => isRemoval(refund, order));
  const value = sumOf(taken.map((refund) => goodsIn(refund, order, amounts)));
  const beyond = order.refunds
    .map((refund) => ({ refund, money: returnedBeyond(refund, order, amounts) }))
    .filter(({ money }) => money.gt(0));
  const beyondGoods = sumOf(beyond.map(({ money }) => money));
  // Money of exactly that value came back later: the lines were paid and returned, and the refund says so.
  if (value.gt(0) && beyondGoods.eq(value)) {
    const lines = taken.flatMap((refund) => refund.refund_line_items);
    const [only, ...others] = beyond;
    const repaid = only !== undefined && others.length === 0 ? { refundId: only.refund.id, lines } : null;
    return { removed: new Map(), value: new Big(0), repaid, doubts: [] };
  }

  const removed = piecesIn(taken);
  const doubts: Problem[] = [];
  if (value.gt(0) && beyondGoods.gt(0)) {
    doubts.push(
      problem('edit_unclear', 'lines were taken out and other money was returned; it cannot be told for what'),
    );
  }
  const gone = piecesIn(order.refunds);
  const unexplained = order.line_items.find(
    (item) =>
      item.current_quantity && Number(item.current_quantity) !== Number(item.quantity) - (gone.get(item.id) ?? 0),
  );
  if (unexplained !== undefined) {
    const detail = `${unexplained.current_quantity} of ${unexplained.quantity} are left of line ${unexplained.id}, and its refunds do not say why`;
    doubts.push(problem('edit_unclear', detail));
  }
  return { removed, value, repaid: null, doubts };
}

/** True for lines taken out while no money went back and the order lived on. */
export function isRemoval(refund: WireRefund, order: WireOrder): boolean {
  if (refund.transactions.some((transaction) => transaction.kind === 'refund')) return false;
  if (refund.refund_line_items.length === 0) return false;
  if (!order.cancelled_at || !refund.created_at) return !order.cancelled_at;
  return Date.parse(refund.created_at) < Date.parse(order.cancelled_at) - CANCELLATION_MS;
}

function piecesIn(refunds: readonly WireRefund[]): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const line of refunds.flatMap((refund) => refund.refund_line_items)) {
    pieces.set(line.line_item_id, (pieces.get(line.line_item_id) ?? 0) + Number(line.quantity));
  }
  return pieces;
}

/** Money that a refund returned for neither the goods nor the shipping that it names. */
function returnedBeyond(refund: WireRefund, order: WireOrder, amounts: Amounts): Big {
  const named = sumOf(shippingIn(refund, order, amounts).map(({ gross }) => gross)).plus(
    goodsIn(refund, order, amounts),
  );
  const returned = returnedBy(refund, amounts);
  return returned.gt(0) ? returned.minus(named) : new Big(0);
}
