// What a BigCommerce order is made of: products, and what shipping, handling, wrapping and fees cost, in major units.
import Big from 'big.js';
import type { OrderLine } from '../../src/domain/order.ts';
import type { Snapshot, WireProduct } from './bigcommerce-wire.ts';

/** The rows of the order's taxes that are a part's own: the kind of line, and the product or address it belongs to. */
type TaxedAs = { type: 'item' | 'gift-wrapping' | 'shipping' | 'handling' | 'fee'; of: string | null };

/** A thing with a price. `discount` is in the terms in which the store writes prices; `discounted` has every discount off. */
export type Part = Pick<OrderLine, 'id' | 'kind' | 'name' | 'sku' | 'quantity'> & {
  ex: Big;
  inc: Big;
  discount: Big;
  discounted: Big | null;
  taxedAs: TaxedAs;
};

/** Everything that the order charges for, each part under the id that its canonical line keeps. */
export function partsOf({ order, products: ordered, shipping_addresses }: Snapshot): Part[] {
  const products = ordered.filter(({ quantity }) => !/^0+$/.test(quantity));
  const discounts = discountsOf(order, products);
  const items = products.map(
    (product, index): Part => ({
      id: product.id,
      kind: 'item',
      name: nameOf(product),
      sku: product.sku,
      quantity: new Big(product.quantity).toFixed(),
      ex: new Big(product.total_ex_tax),
      inc: new Big(product.total_inc_tax),
      discount: discounts[index] ?? new Big(0),
      discounted: product.discounted_total_inc_tax ? new Big(product.discounted_total_inc_tax) : null,
      taxedAs: { type: 'item', of: product.id },
    }),
  );
  const wrapping = costs(
    { kind: 'fee', type: 'gift-wrapping', name: 'Gift wrapping' },
    { ex: order.wrapping_cost_ex_tax, inc: order.wrapping_cost_inc_tax },
    products.map(({ id: of, wrapping_name: name, wrapping_cost_ex_tax: ex, wrapping_cost_inc_tax: inc }) => ({
      of,
      name,
      ex,
      inc,
    })),
  );
  const shipping = costs(
    { kind: 'shipping', type: 'shipping', name: 'Shipping' },
    { ex: order.shipping_cost_ex_tax, inc: order.shipping_cost_inc_tax },
    shipping_addresses.map(({ id: of, shipping_method: name, cost_ex_tax: ex, cost_inc_tax: inc }) => ({
      of,
      name,
      ex,
      inc,
    })),
  );
  const handling = costs(
    { kind: 'fee', type: 'handling', name: 'Handling' },
    { ex: order.handling_cost_ex_tax, inc: order.handling_cost_inc_tax },
    shipping_addresses.map(({ id: of, handling_cost_ex_tax: ex, handling_cost_inc_tax: inc }) => ({
      of,
      name: '',
      ex,
      inc,
    })),
  );
  const fees = order.fees.map((fee) => {
    const name = fee.display_name_customer || fee.display_name_merchant || `Fee ${fee.id}`;
    return costPart(
      { kind: 'fee', type: 'fee', name },
      { of: fee.id, name, ex: fee.cost_ex_tax, inc: fee.cost_inc_tax },
    );
  });
  return [...items, ...wrapping, ...shipping, ...handling, ...fees.filter(isPriced)];
}

const nameOf = (product: WireProduct): string => {
  const options = product.product_options.map(({ display_value }) => display_value).filter((value) => value !== '');
  return [product.name || product.sku || `#${product.id}`, options.join(', ')]
    .filter(Boolean)
    .join(' – ')
    .slice(0, 1000);
};

type Words = Pick<Part, 'kind' | 'name'> & Pick<TaxedAs, 'type'>;
type Price = { ex: string; inc: string };
type Row = Price & { of: string; name: string };

/** A cost row by row where the rows make the order's own figure, which the total is made of; else as one part. */
function costs(words: Words, whole: Price, rows: readonly Row[]): Part[] {
  const agree = addUp(rows.map(({ inc }) => inc)).eq(whole.inc);
  const told = agree ? rows.map((row) => costPart(words, row)) : [costPart(words, { ...whole, of: null, name: '' })];
  return told.filter(isPriced);
}

const costPart = ({ kind, type, name }: Words, row: Price & { of: string | null; name: string }): Part => ({
  id: costId(type, row.of),
  kind,
  name: row.name || name,
  sku: '',
  quantity: '1',
  ex: new Big(row.ex),
  inc: new Big(row.inc),
  discount: new Big(0),
  discounted: null,
  taxedAs: { type, of: row.of },
});

/** The id of the line for a cost: that of a product or an address, or of the whole order (null). */
export const costId = (type: TaxedAs['type'], of: string | null): string => (of === null ? type : `${type}-${of}`);

const isPriced = ({ ex, inc }: Part): boolean => !ex.eq(0) || !inc.eq(0);

/**
 * What each product was discounted. What the order takes off and no product tells of is spread over them by price, as
 * BigCommerce says that it does itself.
 */
function discountsOf(order: Snapshot['order'], products: readonly WireProduct[]): Big[] {
  const own = products.map(({ applied_discounts }) => addUp(applied_discounts.map(({ amount }) => amount)));
  const untold = addUp([order.discount_amount, order.coupon_discount]).minus(addUp(own));
  const worth = addUp(products.map(({ total_ex_tax }) => total_ex_tax));
  if (untold.lte(0) || worth.lte(0)) return own;
  return products.map(({ total_ex_tax }, index) =>
    untold
      .times(total_ex_tax)
      .div(worth)
      .plus(own[index] ?? 0),
  );
}

/** The sum of amounts in major units. */
export const addUp = (amounts: readonly (string | Big)[]): Big =>
  amounts.reduce<Big>((total, amount) => total.plus(amount), new Big(0));
