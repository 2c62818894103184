// Named orders for tests of the flow. Each is the plainest of its kind; a test changes what it is about.
import type { Payment } from '../../src/domain/facts.ts';
import type { Order, OrderLine } from '../../src/domain/order.ts';
import type { DocumentsPolicy, InvoicingPolicy } from '../../src/registry.ts';

export const DEFAULT_INVOICING: InvoicingPolicy = {
  when: 'paid',
  finalize: true,
  approve: false,
  send: [],
  rounding: 'line',
  zeroTotal: 'ignore',
  onEdit: 'hold',
  skip: { statuses: [], paymentMethods: [], tags: [], emails: [] },
};

export const DEFAULT_DOCUMENTS: DocumentsPolicy = {
  language: null,
  languages: {},
  dueInDays: 0,
  title: null,
  notes: null,
  deliveryAddress: true,
};

const lamp: OrderLine = {
  id: '1',
  kind: 'item',
  name: 'Desk lamp',
  sku: 'LAMP',
  quantity: '2',
  gross: 11_000n,
  tax: 1_833n,
  rate: '20',
  discount: 0n,
};
const delivery: OrderLine = {
  ...lamp,
  id: '2',
  kind: 'shipping',
  name: 'Delivery',
  sku: '',
  quantity: '1',
  gross: 1_000n,
  tax: 167n,
};

/** Placed, 120.00 EUR, nothing paid. */
export const unpaidOrder = (change: Partial<Order> = {}): Order => ({
  id: '501',
  number: 'WEB-501',
  aliases: ['501'],
  orderKey: 'key-501',
  cartId: null,
  transactions: [],
  placedAt: '2026-11-10T10:00:00.000Z',
  updatedAt: '2026-11-10T10:00:00.000Z',
  rank: 10,
  status: 'pending',
  state: 'open',
  currency: 'EUR',
  total: 12_000n,
  lines: [lamp, delivery],
  paid: null,
  refunds: [],
  listsAllRefunds: false,
  buyer: {
    customerId: '77',
    kind: 'person',
    name: 'Ada Martin',
    company: '',
    firstName: 'Ada',
    lastName: 'Martin',
    email: 'ada@buyer.example',
    phone: '',
    taxNumber: null,
    address: {
      name: '',
      line1: '1 rue de la Paix',
      line2: '',
      postCode: '75002',
      city: 'Paris',
      region: '',
      country: 'FR',
    },
    delivery: null,
  },
  language: 'fr',
  paymentMethod: 'stripe',
  tags: [],
  test: false,
  invoicedElsewhere: null,
  doubt: null,
  ...change,
});

/** The same order once the shop says that it is paid in full. */
export const paidOrder = (change: Partial<Order> = {}): Order =>
  unpaidOrder({
    updatedAt: '2026-11-10T10:05:00.000Z',
    rank: 20,
    status: 'processing',
    paid: {
      amount: 12_000n,
      at: '2026-11-10T10:04:00.000Z',
      method: 'stripe',
      title: 'Card',
      mode: 'card',
      transactionId: null,
    },
    ...change,
  });

/** Stripe's payment of 120.00 EUR that names the order above. */
export const payment = (change: Partial<Payment> = {}): Payment => ({
  id: 'pi_501',
  amount: 12_000n,
  currency: 'EUR',
  paidAt: '2026-11-10T10:04:30.000Z',
  method: 'card',
  mode: 'card',
  links: [{ by: 'metadata.order_id', value: 'WEB-501' }],
  test: false,
  ...change,
});
