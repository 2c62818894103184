// The orders of a simulated BigCommerce store, and how each part of its API shows them. Prices include tax; amounts are in
// cents. What its documentation leaves open is a switch.

export type Switches = {
  /** Whether a refund moves the order's date of change. */
  refundTouchesOrder: boolean;
  /** Whether the total is told after what gift certificates and store credit paid. */
  totalAfterMeans: boolean;
  /** Whether products tell what they come to after discounts, as they do since September 2023. */
  tellsDiscounted: boolean;
  /** What an order without a transaction answers. */
  noTransactions: 200 | 204 | 404;
};

export const LIKELIER: Switches = {
  refundTouchesOrder: false,
  totalAfterMeans: false,
  tellsDiscounted: true,
  noTransactions: 204,
};

type Item = { id: number; name: string; quantity: number; gross: number; rate: string; discount: number };
type Transaction = {
  event: string;
  method: string;
  gateway: string;
  gatewayId: string;
  amount: number;
  at: Date;
  status: string;
};
type RefundItem = { type: string; id: number; quantity: number | null; amount: number | null };
export type Refund = {
  id: number;
  orderId: number;
  amount: number;
  at: Date;
  reason: string;
  items: RefundItem[];
  declined: boolean;
};

export type OrderRecord = {
  id: number;
  statusId: number;
  placedAt: Date;
  modifiedAt: Date;
  deleted: boolean;
  email: string;
  company: string;
  vatNumber: string;
  currency: string;
  shownCurrency: string;
  items: Item[];
  addressId: number;
  shipping: { gross: number; rate: string };
  giftCertificate: number;
  paymentMethod: string;
  paymentStatus: string;
  transactions: Transaction[];
  refunds: Refund[];
};

export const STATUSES: Readonly<Record<number, string>> = {
  0: 'Incomplete',
  1: 'Pending',
  4: 'Refunded',
  5: 'Cancelled',
  7: 'Awaiting Payment',
  10: 'Completed',
  11: 'Awaiting Fulfillment',
  14: 'Partially Refunded',
};

const money = (cents: number): string => `${(cents / 100).toFixed(2)}00`;
const net = (gross: number, rate: string): number => Math.round((gross * 100) / (100 + Number(rate)));
/** "Sat, 21 Nov 2026 10:00:00 +0000" */
const rfc2822 = (date: Date): string => date.toUTCString().replace('GMT', '+0000');
const rfc3339 = (date: Date): string => `${date.toISOString().slice(0, 19)}+00:00`;
const addUp = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

const discountOf = (order: OrderRecord): number => addUp(order.items.map(({ discount }) => discount));

/** What the buyer owes, tax and shipping included. */
export const totalOf = (order: OrderRecord): number =>
  addUp(order.items.map(({ gross, discount }) => gross - discount)) + order.shipping.gross;

const taxIn = (gross: number, rate: string): number => gross - net(gross, rate);

export function orderView(order: OrderRecord, { totalAfterMeans }: Switches): object {
  const total = totalOf(order) - (totalAfterMeans ? order.giftCertificate : 0);
  const tax =
    addUp(order.items.map(({ gross, discount, rate }) => taxIn(gross - discount, rate))) +
    taxIn(order.shipping.gross, order.shipping.rate);
  return {
    id: order.id,
    customer_id: 0,
    date_created: rfc2822(order.placedAt),
    date_modified: rfc2822(order.modifiedAt),
    status_id: order.statusId,
    status: STATUSES[order.statusId] ?? '',
    shipping_cost_ex_tax: money(net(order.shipping.gross, order.shipping.rate)),
    shipping_cost_inc_tax: money(order.shipping.gross),
    handling_cost_ex_tax: '0.0000',
    handling_cost_inc_tax: '0.0000',
    wrapping_cost_ex_tax: '0.0000',
    wrapping_cost_inc_tax: '0.0000',
    total_ex_tax: money(total - tax),
    total_inc_tax: money(total),
    total_tax: money(tax),
    is_tax_inclusive_pricing: true,
    payment_method: order.paymentMethod,
    payment_provider_id: order.transactions[0]?.gatewayId ?? null,
    payment_status: order.paymentStatus,
    refunded_amount: '0.0000',
    store_credit_amount: '0.0000',
    gift_certificate_amount: money(order.giftCertificate),
    currency_code: order.shownCurrency,
    default_currency_code: order.currency,
    discount_amount: '0.0000',
    coupon_discount: money(discountOf(order)),
    is_deleted: order.deleted,
    ebay_order_id: '0',
    cart_id: null,
    staff_notes: null,
    order_source: 'www',
    external_source: null,
    customer_locale: 'fr',
    billing_address: {
      first_name: 'Ada',
      last_name: 'Martin',
      company: order.company,
      street_1: '1 rue de la Paix',
      street_2: '',
      city: 'Paris',
      state: '',
      zip: '75002',
      country: 'France',
      country_iso2: 'FR',
      phone: '',
      email: order.email,
      form_fields: order.vatNumber === '' ? [] : [{ name: 'VAT number', value: order.vatNumber }],
    },
    products: {
      url: `https://api.shop.example/v2/orders/${order.id}/products`,
      resource: `/orders/${order.id}/products`,
    },
    fees: [],
  };
}

export const productViews = (order: OrderRecord, { tellsDiscounted }: Switches): object[] =>
  order.items.map(({ id, name, quantity, gross, rate, discount }) => ({
    id,
    order_id: order.id,
    name,
    sku: `SKU-${id}`,
    type: 'physical',
    quantity,
    total_ex_tax: money(net(gross, rate)),
    total_inc_tax: money(gross),
    wrapping_name: '',
    wrapping_cost_ex_tax: '0.0000',
    wrapping_cost_inc_tax: '0.0000',
    applied_discounts: discount === 0 ? [] : [{ id: 'coupon', amount: money(discount), target: 'order' }],
    product_options: [],
    ...(tellsDiscounted && { discounted_total_inc_tax: money(gross - discount) }),
  }));

export const addressViews = (order: OrderRecord): object[] => [
  {
    id: order.addressId,
    order_id: order.id,
    first_name: 'Ada',
    last_name: 'Martin',
    company: order.company,
    street_1: '1 rue de la Paix',
    city: 'Paris',
    zip: '75002',
    country_iso2: 'FR',
    shipping_method: 'Flat rate',
    cost_ex_tax: money(net(order.shipping.gross, order.shipping.rate)),
    cost_inc_tax: money(order.shipping.gross),
    handling_cost_ex_tax: '0.0000',
    handling_cost_inc_tax: '0.0000',
    form_fields: [],
  },
];

export const taxViews = (order: OrderRecord): object[] => [
  ...order.items.map(({ id, rate, gross, discount }) => ({
    name: 'TVA',
    rate: Number(rate).toFixed(4),
    line_item_type: 'item',
    order_product_id: id,
    order_address_id: order.addressId,
    line_amount: money(taxIn(gross - discount, rate)),
  })),
  {
    name: 'TVA',
    rate: Number(order.shipping.rate).toFixed(4),
    line_item_type: 'shipping',
    order_product_id: null,
    order_address_id: order.addressId,
    line_amount: money(taxIn(order.shipping.gross, order.shipping.rate)),
  },
];

/** Version 3 writes amounts as numbers. */
export const transactionViews = (order: OrderRecord): object[] =>
  order.transactions.map((one, index) => ({
    id: order.id * 100 + index,
    order_id: String(order.id),
    event: one.event,
    method: one.method,
    amount: one.amount / 100,
    currency: order.currency,
    gateway: one.gateway,
    gateway_transaction_id: one.gatewayId,
    date_created: rfc3339(one.at),
    test: false,
    status: one.status,
    reference_transaction_id: {},
    offline: {},
  }));

export const refundView = (refund: Refund): object => ({
  id: refund.id,
  order_id: refund.orderId,
  user_id: 1,
  created: rfc3339(refund.at),
  reason: refund.reason,
  total_amount: refund.amount / 100,
  uses_merchant_override_values: false,
  items: refund.items.map(({ type, id, quantity, amount }) => ({
    item_type: type,
    item_id: id,
    quantity,
    requested_amount: amount === null ? null : (amount / 100).toFixed(2),
    reason: '',
  })),
  payments: [
    { id: refund.id, provider_id: 'stripe', amount: refund.amount / 100, offline: false, is_declined: refund.declined },
  ],
});
