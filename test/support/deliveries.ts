// Bodies as the shops and Stripe send them, small and in the real shapes. Amounts are in cents of euro.

export type Buyer = {
  customerId: number;
  email: string;
  company?: string;
  taxNumber?: string;
  firstName?: string;
  lastName?: string;
};
export const ada: Buyer = { customerId: 77, email: 'ada@buyer.example' };

const euro = (cents: number): string => (cents / 100).toFixed(2);

/** A WooCommerce order of `net` at 20 %; `paid` as the gateway left it. `second` moves every date within one minute. */
export function wooOrder(order: {
  id: number;
  net?: number;
  paid?: boolean;
  second?: number;
  buyer?: Buyer;
  status?: string;
  transaction?: string;
}) {
  const { id, net = 10_000, paid = false, second = 0, buyer = ada } = order;
  const tax = Math.round(net / 5);
  const at = `2026-11-20T08:00:${String(second).padStart(2, '0')}`;
  return {
    id,
    number: `W-${id}`,
    order_key: `wc_order_${id}`,
    status: order.status ?? (paid ? 'processing' : 'pending'),
    currency: 'EUR',
    prices_include_tax: false,
    date_created_gmt: '2026-11-20T08:00:00',
    date_modified_gmt: at,
    date_paid_gmt: paid ? at : null,
    total: euro(net + tax),
    total_tax: euro(tax),
    customer_id: buyer.customerId,
    billing: {
      first_name: buyer.firstName ?? 'Ada',
      last_name: buyer.lastName ?? 'Martin',
      company: buyer.company ?? '',
      address_1: '1 rue de la Paix',
      address_2: '',
      city: 'Paris',
      state: '',
      postcode: '75002',
      country: 'FR',
      email: buyer.email,
      phone: '',
    },
    shipping: {},
    payment_method: 'stripe',
    payment_method_title: 'Carte',
    transaction_id: order.transaction ?? '',
    meta_data: buyer.taxNumber === undefined ? [] : [{ id: 1, key: '_billing_vat_number', value: buyer.taxNumber }],
    line_items: [
      {
        id: 1,
        name: 'Desk lamp',
        product_id: 3,
        quantity: 1,
        sku: 'LAMP',
        price: net / 100,
        total: euro(net),
        total_tax: euro(tax),
        subtotal: euro(net),
        subtotal_tax: euro(tax),
        taxes: [{ id: 1, total: euro(tax), subtotal: euro(tax) }],
      },
    ],
    tax_lines: [{ id: 1, rate_code: 'FR-20', rate_id: 1, label: 'TVA', compound: false, rate_percent: 20 }],
    shipping_lines: [],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
  };
}

/** Stripe's `payment_intent.succeeded` for an order of WooCommerce, named as its gateway does. */
export const paymentOf = (
  order: { id: number },
  cents: number,
  change: { pi?: string; metadata?: Record<string, string>; currency?: string } = {},
) => ({
  id: `evt_${change.pi ?? order.id}`,
  object: 'event',
  api_version: '2025-04-30.basil',
  created: 1_795_000_000,
  livemode: true,
  type: 'payment_intent.succeeded',
  data: {
    object: {
      id: change.pi ?? `pi_${order.id}`,
      object: 'payment_intent',
      amount: cents,
      amount_received: cents,
      currency: change.currency ?? 'eur',
      status: 'succeeded',
      latest_charge: `ch_${order.id}`,
      payment_method_types: ['card'],
      metadata: change.metadata ?? { order_id: `W-${order.id}`, order_key: `wc_order_${order.id}` },
    },
  },
});

/** Stripe's `checkout.session.completed` over the same PaymentIntent. */
export const sessionOf = (order: { id: number }, cents: number) => ({
  id: `evt_cs_${order.id}`,
  object: 'event',
  created: 1_795_000_001,
  livemode: true,
  type: 'checkout.session.completed',
  data: {
    object: {
      id: `cs_${order.id}`,
      object: 'checkout.session',
      mode: 'payment',
      payment_status: 'paid',
      amount_total: cents,
      currency: 'eur',
      payment_intent: `pi_${order.id}`,
      client_reference_id: `W-${order.id}`,
      metadata: {},
    },
  },
});
