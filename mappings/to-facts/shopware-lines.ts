// What a Shopware order charges, line by line. An amount has its tax in it or beside it, as the whole order says; a
// promotion, shipping or a container may lie over several rates, and tells the part of each.
import Big from 'big.js';
import { formatMinor, type Minor, roundMinor, toMinorUnits } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type ExactLine, settleLines } from './lines.ts';
import { type Share, sharesOf, taxedTwice } from './shopware-shares.ts';
import type { WireLineItem, WireOrder, WirePrice } from './shopware-wire.ts';

/** `linesOf` finds the lines that an item has become, or the item that it is a part of. */
export type Charges = {
  total: Minor;
  lines: OrderLine[];
  linesOf(itemId: string): OrderLine[];
  doubt: Problem | null;
};

/**
 * The lines of an order, which add up to what the buyer was asked for.
 * Fails with `order_without_lines`. Two taxes over the same amount leave the doubt `taxed_twice`, and parts that do not make
 * the total `totals_disagree`.
 */
export function readCharges(order: WireOrder): Result<Charges> {
  const { price, lineItems, shippingCosts } = order;
  const currency = order.currency.isoCode;
  const total = roundMinor(toMinorUnits(price.totalPrice, currency));
  // The price of an item has the prices of its parts in it.
  const roots = lineItems.filter(({ parentId }) => (parentId ?? null) === null);
  const ofItems = roots.flatMap((item) => itemLines(item, order).map((line) => ({ itemId: item.id, line })));
  const lines = [...ofItems.map(({ line }) => line), ...shippingLines(order), ...roundingLines(order)];
  if (lines.length === 0 && total !== 0n) {
    const sold = `the order has a total of ${formatMinor(total, currency)} ${currency} and nothing that was sold`;
    return err(problem('order_without_lines', `${sold}; open it in the shop and save it anew`, 'lineItems'));
  }
  const settled = settleLines(lines, total);
  const rootOf = rootsOf(lineItems);
  const charged = [...roots, { label: 'shipping', price: shippingCosts }];
  return ok({
    total,
    lines: settled.lines,
    linesOf: (itemId) => settled.lines.filter((_line, index) => ofItems[index]?.itemId === rootOf(itemId)),
    doubt: settled.doubt ?? taxedTwice(charged, price.taxStatus),
  });
}

function itemLines(item: WireLineItem, order: WireOrder): ExactLine[] {
  const { id, type, label, quantity, payload, price } = item;
  // A promotion on shipping is a line of nothing here: it lies in the price of shipping.
  if (type === 'promotion' && price.totalPrice.eq(0)) return [];
  const sku = payload?.productNumber ?? '';
  const kind = price.totalPrice.lt(0) ? 'fee' : 'item';
  return linesOver(id, price, { kind, name: label || sku || `item ${id}`, sku, quantity }, order);
}

/** All deliveries together: a promotion on shipping is one of them, with a negative price. */
function shippingLines(order: WireOrder): ExactLine[] {
  const name = order.deliveries.find(({ shippingMethod }) => shippingMethod?.name)?.shippingMethod?.name ?? 'Shipping';
  const words = { kind: 'shipping', name, sku: '', quantity: '1' } as const;
  return linesOver('shipping', order.shippingCosts, words, order).filter(({ gross }) => !gross.eq(0));
}

/** What rounding to the smallest coin (0.05 in Switzerland) added or took off. No tax was charged on it. */
function roundingLines({ price, currency }: WireOrder): ExactLine[] {
  const inMinor = (amount: Big): Minor => roundMinor(toMinorUnits(amount, currency.isoCode));
  const added = inMinor(price.totalPrice) - inMinor(price.rawTotal ?? price.totalPrice);
  const share = { rate: null, gross: new Big(added.toString()), tax: new Big(0) };
  return added === 0n ? [] : [lineOf('rounding', share, { kind: 'fee', name: 'Rounding', sku: '', quantity: '1' })];
}

type Words = Pick<ExactLine, 'kind' | 'name' | 'sku' | 'quantity'>;

/** A line for each rate that lies on a price; where there is but one, it bears the id alone. */
function linesOver(id: string, price: WirePrice, words: Words, order: WireOrder): ExactLine[] {
  const [first, ...others] = sharesOf(price, order.price.taxStatus, order.currency.isoCode);
  if (first === undefined) return [];
  if (others.length === 0) return [lineOf(id, first, words)];
  return [first, ...others].map((share) =>
    lineOf(`${id}-${share.rate ?? 'untaxed'}`, share, { ...words, quantity: '1' }),
  );
}

const lineOf = (id: string, share: Share, words: Words): ExactLine => ({
  id,
  ...words,
  ...share,
  discount: new Big(0),
});

/** Leads from an item to the one whose price it is in. */
function rootsOf(items: readonly WireLineItem[]): (itemId: string) => string {
  const parents = new Map(items.map(({ id, parentId }) => [id, parentId ?? null]));
  return (itemId) => {
    let root = itemId;
    // No chain is longer than the order; one that leads back to itself ends here.
    for (let step = 0; step < items.length; step++) root = parents.get(root) ?? root;
    return root;
  };
}
