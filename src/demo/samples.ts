// The deliveries that the embedded set-up sends to itself, in the shapes that the shops and Stripe use. Fixed bytes, so that
// a second start sends duplicates and not new orders.

export type Sample = {
  /** What a reader should notice. */
  title: string;
  source: 'shop' | 'boutique' | 'stripe';
  topic: string;
  body: string;
  /** False: signed with a secret that is not the source's. */
  honest: boolean;
};

const bakery = {
  first_name: 'Camille',
  last_name: 'Martin',
  company: 'Boulangerie Martin SARL',
  address_1: '12 rue du Four',
  address_2: '',
  city: 'Lyon',
  state: '',
  postcode: '69002',
  country: 'FR',
  email: 'compta@boulangerie-martin.example',
  phone: '+33 4 72 00 00 00',
};

const net = (total: string, tax: string, rate: number) => ({
  total,
  total_tax: tax,
  subtotal: total,
  subtotal_tax: tax,
  taxes: [{ id: rate, total: tax, subtotal: tax }],
});

const wooOrder = (order: {
  id: number;
  number: string;
  paid: boolean;
  lines: object[];
  shipping: object;
  total: string;
  tax: string;
  minute: string;
}): string =>
  JSON.stringify({
    id: order.id,
    parent_id: 0,
    number: order.number,
    order_key: `wc_order_demo${order.id}`,
    status: order.paid ? 'processing' : 'pending',
    currency: 'EUR',
    prices_include_tax: false,
    date_created_gmt: `2026-11-02T09:${order.minute}:00`,
    date_modified_gmt: `2026-11-02T09:${order.minute}:30`,
    date_paid_gmt: order.paid ? `2026-11-02T09:${order.minute}:30` : null,
    total: order.total,
    total_tax: order.tax,
    customer_id: 7,
    billing: bakery,
    shipping: { ...bakery, email: undefined },
    payment_method: order.paid ? 'bacs' : 'stripe',
    payment_method_title: order.paid ? 'Virement bancaire' : 'Carte bancaire (Stripe)',
    transaction_id: '',
    meta_data: [{ id: 1, key: '_billing_vat_number', value: 'FR 40 303 265 045' }],
    line_items: order.lines,
    tax_lines: [
      { id: 1, rate_code: 'FR-TVA-20', rate_id: 1, label: 'TVA', compound: false, rate_percent: 20 },
      { id: 2, rate_code: 'FR-TVA-55', rate_id: 2, label: 'TVA réduite', compound: false, rate_percent: 5.5 },
    ],
    shipping_lines: [order.shipping],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
  });

const paidByCompany = wooOrder({
  id: 1041,
  number: '1041',
  paid: true,
  minute: '05',
  lines: [
    {
      id: 11,
      name: 'Pétrin de table',
      product_id: 31,
      quantity: 1,
      sku: 'PET-1',
      price: 249.17,
      ...net('249.17', '49.83', 1),
    },
    {
      id: 12,
      name: 'Farine de tradition T65, 25 kg',
      product_id: 32,
      quantity: 4,
      sku: 'FAR-25',
      price: 18.96,
      ...net('75.84', '4.17', 2),
    },
  ],
  shipping: { id: 13, method_title: 'Livraison', method_id: 'flat_rate', ...net('12.50', '2.50', 1) },
  total: '394.01',
  tax: '56.50',
});

const placedUnpaid = wooOrder({
  id: 1042,
  number: '1042',
  paid: false,
  minute: '20',
  lines: [
    {
      id: 21,
      name: 'Lame de boulanger (lot de 10)',
      product_id: 33,
      quantity: 2,
      sku: 'LAM-10',
      price: 16.5,
      ...net('33.00', '6.60', 1),
    },
  ],
  shipping: { id: 22, method_title: 'Livraison', method_id: 'flat_rate', ...net('5.00', '1.00', 1) },
  total: '45.60',
  tax: '7.60',
});

const money = (amount: string) => ({
  shop_money: { amount, currency_code: 'EUR' },
  presentment_money: { amount, currency_code: 'EUR' },
});
const shopifyLine = (line: {
  id: number;
  title: string;
  price: string;
  quantity: number;
  discount: string;
  rate: number;
  tax: string;
}) => ({
  id: line.id,
  title: line.title,
  name: line.title,
  sku: '',
  price: line.price,
  price_set: money(line.price),
  quantity: line.quantity,
  current_quantity: line.quantity,
  gift_card: false,
  taxable: true,
  total_discount: '0.00',
  discount_allocations: [{ amount: line.discount, amount_set: money(line.discount), discount_application_index: 0 }],
  tax_lines: [{ title: 'FR TVA', rate: line.rate, price: line.tax, price_set: money(line.tax), channel_liable: false }],
});

const paidByGuest = JSON.stringify({
  id: 6201948823817,
  name: '#2001',
  order_number: 2001,
  created_at: '2026-11-02T10:12:00+01:00',
  processed_at: '2026-11-02T10:12:05+01:00',
  updated_at: '2026-11-02T10:12:07+01:00',
  currency: 'EUR',
  presentment_currency: 'EUR',
  financial_status: 'paid',
  fulfillment_status: null,
  cancelled_at: null,
  confirmed: true,
  test: false,
  taxes_included: true,
  email: 'ines.bernard@courriel.example',
  customer: null,
  customer_locale: 'fr-FR',
  billing_address: {
    first_name: 'Inès',
    last_name: 'Bernard',
    name: 'Inès Bernard',
    company: null,
    address1: '3 quai de la Loire',
    address2: null,
    zip: '75019',
    city: 'Paris',
    province: null,
    country_code: 'FR',
  },
  shipping_address: null,
  payment_gateway_names: ['shopify_payments'],
  tags: '',
  note_attributes: [],
  discount_codes: [{ code: 'BIENVENUE', amount: '5.30', type: 'percentage' }],
  discount_applications: [
    {
      type: 'discount_code',
      code: 'BIENVENUE',
      value: '10.0',
      value_type: 'percentage',
      allocation_method: 'across',
      target_selection: 'all',
      target_type: 'line_item',
    },
  ],
  line_items: [
    shopifyLine({
      id: 91,
      title: 'Planche en hêtre',
      price: '42.00',
      quantity: 1,
      discount: '4.20',
      rate: 0.2,
      tax: '6.30',
    }),
    shopifyLine({
      id: 92,
      title: 'Miel de châtaignier, 500 g',
      price: '11.00',
      quantity: 1,
      discount: '1.10',
      rate: 0.055,
      tax: '0.52',
    }),
  ],
  shipping_lines: [
    {
      id: 93,
      title: 'Colissimo',
      price: '6.90',
      price_set: money('6.90'),
      discounted_price: '6.90',
      discounted_price_set: money('6.90'),
      discount_allocations: [],
      tax_lines: [{ title: 'FR TVA', rate: 0.2, price: '1.15', price_set: money('1.15'), channel_liable: false }],
    },
  ],
  total_tip_received: '0.00',
  total_discounts: '5.30',
  total_discounts_set: money('5.30'),
  total_tax: '7.97',
  total_tax_set: money('7.97'),
  total_price: '54.60',
  total_price_set: money('54.60'),
  current_total_price: '54.60',
  current_total_price_set: money('54.60'),
  refunds: [],
});

const stripePayment = JSON.stringify({
  id: 'evt_demo0000000000000001042',
  object: 'event',
  api_version: '2025-04-30.basil',
  created: 1793611320,
  livemode: false,
  type: 'payment_intent.succeeded',
  data: {
    object: {
      id: 'pi_demo0000000000000001042',
      object: 'payment_intent',
      amount: 4560,
      amount_received: 4560,
      currency: 'eur',
      status: 'succeeded',
      latest_charge: 'ch_demo0000000000000001042',
      payment_method_types: ['card'],
      metadata: { order_id: '1042', order_key: 'wc_order_demo1042', payment_type: 'single' },
    },
  },
});

/** In the order in which they are sent. */
export const SAMPLES: readonly Sample[] = [
  {
    title: 'WooCommerce: a company with a VAT number has paid',
    source: 'shop',
    topic: 'order.updated',
    body: paidByCompany,
    honest: true,
  },
  {
    title: 'WooCommerce sends the same delivery again',
    source: 'shop',
    topic: 'order.updated',
    body: paidByCompany,
    honest: true,
  },
  {
    title: 'Shopify: a guest has paid, a discount and two VAT rates',
    source: 'boutique',
    topic: 'orders/paid',
    body: paidByGuest,
    honest: true,
  },
  {
    title: 'WooCommerce: an order is placed, not yet paid',
    source: 'shop',
    topic: 'order.created',
    body: placedUnpaid,
    honest: true,
  },
  {
    title: 'Stripe: the payment for that order',
    source: 'stripe',
    topic: 'payment_intent.succeeded',
    body: stripePayment,
    honest: true,
  },
  {
    title: 'Somebody signs with a wrong secret',
    source: 'shop',
    topic: 'order.updated',
    body: placedUnpaid,
    honest: false,
  },
];
