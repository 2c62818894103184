// What happens to the orders of a simulated Shopify shop, in the REST form that its webhooks carry. Prices, taxes and refunds
// are reckoned here as Shopify does it: each line's tax is rounded by itself, nothing ever lowers an order's own lines.
import Big from 'big.js';
import type { OrderRecord, Wire } from './shopify-views.ts';

export type NewLine = { title: string; price: string; quantity?: number; rate?: string; sku?: string };
export type NewOrder = {
  id?: string;
  /** Of one piece, or of the shipping; net unless `taxesIncluded`. */
  lines: readonly NewLine[];
  shipping?: readonly NewLine[];
  taxesIncluded?: boolean;
  currency?: string;
  status?: 'paid' | 'pending' | 'authorized';
  company?: OrderRecord['company'];
  localizedFields?: OrderRecord['localizedFields'];
  /** Fields of the webhook's body, set as they stand. */
  fields?: Wire;
};

export type NewRefund = {
  lines?: readonly { line: number; quantity: number }[];
  /** Net, or gross of an order with gross prices. */
  shipping?: string;
  /** Money that moves; what lines and shipping come to where nothing is said. */
  amount?: string;
  status?: 'success' | 'pending';
  note?: string;
  /** The gateway's own id of the refund. */
  authorization?: string;
};

/** Draws numbers for ids; each part of an order has its own. */
export type Ids = () => string;

const set = (amount: Big, currency: string): Wire => {
  const money = { amount: amount.toFixed(2), currency_code: currency };
  return { shop_money: money, presentment_money: money };
};

type Sum = { price: Big; tax: Big };

function part(line: NewLine, quantity: number, order: NewOrder, id: string): { wire: Wire; sum: Sum } {
  const currency = order.currency ?? 'EUR';
  const price = new Big(line.price).times(quantity);
  const rate = new Big(line.rate ?? '0');
  const tax = (order.taxesIncluded ? price.times(rate).div(rate.plus(1)) : price.times(rate)).round(2);
  const taxLine = {
    title: 'TVA',
    rate: Number(rate.toFixed()),
    price: tax.toFixed(2),
    price_set: set(tax, currency),
    channel_liable: false,
  };
  return {
    sum: { price, tax },
    wire: {
      id,
      title: line.title,
      price: new Big(line.price).toFixed(2),
      price_set: set(new Big(line.price), currency),
      tax_lines: rate.eq(0) ? [] : [taxLine],
      discount_allocations: [],
    },
  };
}

const address = {
  first_name: 'Lou',
  last_name: 'Verdier',
  name: 'Lou Verdier',
  company: null,
  address1: '12 quai du Port',
  address2: null,
  city: 'Sète',
  zip: '34200',
  province: null,
  country_code: 'FR',
  phone: null,
};

/** A new order, placed in this second. */
export function newOrder(order: NewOrder, number: number, ids: Ids, at: string): OrderRecord {
  const currency = order.currency ?? 'EUR';
  const lines = order.lines.map((line) => part(line, line.quantity ?? 1, order, ids()));
  const shipping = (order.shipping ?? []).map((line) => part(line, 1, order, ids()));
  const all = [...lines, ...shipping].map(({ sum }) => sum);
  const tax = all.reduce((total, one) => total.plus(one.tax), new Big(0));
  const prices = all.reduce((total, one) => total.plus(one.price), new Big(0));
  const total = order.taxesIncluded ? prices : prices.plus(tax);
  const status = order.status ?? 'paid';
  const id = order.id ?? ids();
  const rest: Wire = {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${number}`,
    order_number: number,
    currency,
    presentment_currency: currency,
    financial_status: status,
    created_at: at,
    processed_at: at,
    updated_at: at,
    cancelled_at: null,
    confirmed: true,
    test: false,
    taxes_included: order.taxesIncluded ?? false,
    total_price: total.toFixed(2),
    total_price_set: set(total, currency),
    current_total_price: total.toFixed(2),
    current_total_price_set: set(total, currency),
    total_tax: tax.toFixed(2),
    total_tax_set: set(tax, currency),
    total_tip_received: '0.00',
    payment_gateway_names: ['shopify_payments'],
    payment_terms: null,
    email: 'lou@client.example',
    contact_email: 'lou@client.example',
    phone: null,
    customer_locale: 'fr-FR',
    customer: {
      id: '7310245990',
      first_name: 'Lou',
      last_name: 'Verdier',
      email: 'lou@client.example',
      phone: null,
      default_address: address,
    },
    billing_address: address,
    shipping_address: address,
    note_attributes: [],
    tags: '',
    line_items: lines.map(({ wire }, index) => ({
      ...wire,
      sku: order.lines[index]?.sku ?? '',
      variant_title: null,
      quantity: order.lines[index]?.quantity ?? 1,
      current_quantity: order.lines[index]?.quantity ?? 1,
    })),
    shipping_lines: shipping.map(({ wire }) => ({
      ...wire,
      discounted_price: wire.price,
      discounted_price_set: wire.price_set,
      is_removed: false,
    })),
    refunds: [],
    ...order.fields,
  };
  const { company = null, localizedFields = [] } = order;
  const record: OrderRecord = { rest, transactions: [], company, localizedFields };
  if (status !== 'pending') addTransaction(record, status === 'paid' ? 'sale' : 'authorization', ids, at);
  return record;
}

function addTransaction({ rest, transactions }: OrderRecord, kind: string, ids: Ids, at: string): void {
  transactions.push({
    id: ids(),
    kind,
    status: 'success',
    gateway: 'shopify_payments',
    amount: rest.total_price,
    currency: rest.currency,
    processed_at: at,
    authorization: null,
    receipt: {},
  });
}

/** The money came: captured where it was authorized, else a sale. */
export function payOrder(record: OrderRecord, ids: Ids, at: string): void {
  addTransaction(record, record.rest.financial_status === 'authorized' ? 'capture' : 'sale', ids, at);
  Object.assign(record.rest, { financial_status: 'paid', updated_at: at });
}

type Taken = { item: Wire; quantity: number };

const itemsOf = ({ rest }: OrderRecord): Wire[] => rest.line_items as Wire[];

const takenFrom = (record: OrderRecord, lines: NewRefund['lines']): Taken[] =>
  (lines ?? []).flatMap(({ line, quantity }) => {
    const item = itemsOf(record)[line];
    return item === undefined ? [] : [{ item, quantity }];
  });

/** Pieces leave the order: its lines keep their quantity, and a refund's lines say what is gone. */
function takeOut(record: OrderRecord, taken: readonly Taken[], ids: Ids): { lines: Wire[]; value: Big } {
  const currency = String(record.rest.currency);
  let value = new Big(0);
  const lines = taken.map(({ item, quantity }) => {
    const subtotal = new Big(String(item.price)).times(quantity);
    const [tax] = item.tax_lines as Wire[];
    const share =
      tax === undefined ? new Big(0) : new Big(String(tax.price)).times(quantity).div(Number(item.quantity)).round(2);
    value = value.plus(subtotal).plus(record.rest.taxes_included ? 0 : share);
    item.current_quantity = Number(item.current_quantity) - quantity;
    return {
      id: ids(),
      line_item_id: item.id,
      quantity,
      restock_type: 'return',
      subtotal: Number(subtotal.toFixed(2)),
      subtotal_set: set(subtotal, currency),
      total_tax: Number(share.toFixed(2)),
      total_tax_set: set(share, currency),
    };
  });
  return { lines, value };
}

const emptyRefund = (record: OrderRecord, ids: Ids, at: string): Wire => ({
  id: ids(),
  order_id: record.rest.id,
  created_at: at,
  processed_at: at,
  note: null,
  refund_line_items: [],
  refund_shipping_lines: [],
  order_adjustments: [],
  transactions: [],
});

function lowerCurrentTotal({ rest }: OrderRecord, by: Big): void {
  const left = new Big(String(rest.current_total_price)).minus(by);
  rest.current_total_price = left.toFixed(2);
  rest.current_total_price_set = set(left, String(rest.currency));
}

/** The merchant takes pieces out: a refund without a transaction. */
export function editOrder(record: OrderRecord, lines: NewRefund['lines'], ids: Ids, at: string): Wire {
  const { lines: refundLines, value } = takeOut(record, takenFrom(record, lines), ids);
  const refund = { ...emptyRefund(record, ids, at), refund_line_items: refundLines };
  (record.rest.refunds as Wire[]).push(refund);
  lowerCurrentTotal(record, value);
  record.rest.updated_at = at;
  return refund;
}

/** Money goes back, for lines, shipping, or for nothing in particular. */
export function refundOrder(record: OrderRecord, given: NewRefund, ids: Ids, at: string): Wire {
  const { rest } = record;
  const currency = String(rest.currency);
  const { lines, value } = takeOut(record, takenFrom(record, given.lines), ids);
  const shipping = given.shipping === undefined ? null : shippingPart(record, new Big(given.shipping), ids);
  const worth = value.plus(shipping?.gross ?? 0);
  const amount = given.amount === undefined ? worth : new Big(given.amount);
  const discrepancy = worth.minus(amount);
  const refund = {
    ...emptyRefund(record, ids, at),
    note: given.note ?? null,
    refund_line_items: lines,
    refund_shipping_lines: shipping === null ? [] : [shipping.line],
    order_adjustments: [
      ...(shipping === null ? [] : [shipping.adjustment]),
      ...(discrepancy.eq(0)
        ? []
        : [{ id: ids(), kind: 'refund_discrepancy', amount: discrepancy.toFixed(2), tax_amount: '0.00' }]),
    ],
    transactions: [
      {
        id: ids(),
        kind: 'refund',
        status: given.status ?? 'success',
        gateway: 'shopify_payments',
        amount: amount.toFixed(2),
        currency,
        processed_at: at,
        authorization: given.authorization ?? null,
        receipt: {},
      },
    ],
  };
  (rest.refunds as Wire[]).push(refund);
  lowerCurrentTotal(record, amount);
  setMoneyStatus(record, at);
  return refund;
}

/** One shipping line, told twice: by line, and as an adjustment below zero. */
function shippingPart(record: OrderRecord, amount: Big, ids: Ids): { line: Wire; adjustment: Wire; gross: Big } {
  const currency = String(record.rest.currency);
  const [shipping] = record.rest.shipping_lines as Wire[];
  const [tax] = (shipping?.tax_lines ?? []) as Wire[];
  const rate = new Big(String(tax?.rate ?? '0'));
  const included = record.rest.taxes_included === true;
  const taxed = (included ? amount.times(rate).div(rate.plus(1)) : amount.times(rate)).round(2);
  return {
    gross: included ? amount : amount.plus(taxed),
    line: { id: ids(), shipping_line_id: shipping?.id, subtotal_amount_set: set(amount, currency) },
    adjustment: {
      id: ids(),
      kind: 'shipping_refund',
      amount: amount.times(-1).toFixed(2),
      amount_set: set(amount.times(-1), currency),
      tax_amount: taxed.times(-1).toFixed(2),
      tax_amount_set: set(taxed.times(-1), currency),
    },
  };
}

/** What was pending has arrived. */
export function settleRefund(record: OrderRecord, refundId: string, at: string): void {
  const refund = (record.rest.refunds as Wire[]).find(({ id }) => id === refundId);
  for (const transaction of (refund?.transactions ?? []) as Wire[]) transaction.status = 'success';
  setMoneyStatus(record, at);
}

function setMoneyStatus({ rest }: OrderRecord, at: string): void {
  const returned = (rest.refunds as Wire[])
    .flatMap(({ transactions }) => transactions as Wire[])
    .filter(({ status }) => status === 'success')
    .reduce((total, { amount }) => total.plus(String(amount)), new Big(0));
  if (returned.gt(0))
    rest.financial_status = returned.gte(String(rest.total_price)) ? 'refunded' : 'partially_refunded';
  rest.updated_at = at;
}
