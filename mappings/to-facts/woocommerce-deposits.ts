// Orders that are paid in parts. WooCommerce knows no deposits; plugins leave their marks in the order's status, in meta, or
// make an order of its own for each payment. What of it is to be invoiced, and when, no payload says.
import { type Problem, problem } from '../../src/domain/problem.ts';
import { metaOf, type WireOrder } from './woocommerce-wire.ts';

const STATUSES = new Set(['partially-paid', 'partial-payment', 'pending-deposit', 'scheduled-payment', 'deposit']);

/** Who made the order: WooCommerce Deposits and YITH make further ones for what is left to pay. */
const MAKERS = new Set(['wc_deposits', 'yith_wcdp_balance_order']);

const ORDER_KEYS = [
  // Deposits by Webtomizer, Acowebs and MagePeople
  '_wc_deposits_order_has_deposit',
  '_awcdp_deposits_order_has_deposit',
  '_mepp_order_has_deposit',
  // YITH: the order with the deposit, and the one with the balance
  '_has_deposit',
  '_has_full_payment',
  // Bayna
  '_deposit_value',
];

const ITEM_KEYS = [
  // WooCommerce Deposits: an item of which a part is paid, and the item of a later payment
  '_is_deposit',
  '_original_order_id',
  // YITH
  '_deposit',
];

const NO = new Set(['', '0', 'no', 'false']);

/** The doubt `deposit`, where a deposit or an instalment plan has a part in the order. */
export function depositDoubt(order: WireOrder, status: string): Problem | null {
  const keys = [
    ...ORDER_KEYS.filter((key) => !NO.has(metaOf(order.meta_data, key))),
    ...ITEM_KEYS.filter((key) => order.line_items.some((item) => !NO.has(metaOf(item.meta_data, key)))),
  ];
  const marks = [
    ...(STATUSES.has(status) ? [`status ${status}`] : []),
    ...(MAKERS.has(order.created_via) ? [`created_via ${order.created_via}`] : []),
    ...keys,
  ];
  if (marks.length === 0) return null;
  const detail = `the order is paid in parts (${marks.join(', ')}): a deposit takes invoices of its own, make them by hand`;
  return problem('deposit', detail);
}
