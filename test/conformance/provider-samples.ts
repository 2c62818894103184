// Orders that every provider must be able to invoice, as drafts: some by name, and any number at random.
import fc from 'fast-check';
import type { Capabilities } from '../../src/connector.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import {
  type CreditLine,
  type CreditNoteDraft,
  documentKey,
  type InvoiceDraft,
  type PaymentDraft,
  type Received,
  type SendDraft,
} from '../../src/domain/document.ts';
import { sum, taxInside } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';

const HOME = {
  name: 'Ada Morel',
  line1: '3 rue des Tilleuls',
  line2: 'Bâtiment B',
  postCode: '69003',
  city: 'Lyon',
  region: '',
  country: 'FR',
};

export const person: Buyer = {
  customerId: '17',
  kind: 'person',
  name: 'Ada Morel',
  company: '',
  firstName: 'Ada',
  lastName: 'Morel',
  email: 'ada@buyer.example',
  phone: '+33 4 00 00 00 00',
  taxNumber: null,
  address: HOME,
  delivery: { ...HOME, name: 'Atelier Morel', line1: '8 quai du Port', line2: '' },
};

export const company: Buyer = {
  customerId: '18',
  kind: 'company',
  name: 'Fonderie Lacaze SARL',
  company: 'Fonderie Lacaze SARL',
  firstName: 'Jean',
  lastName: 'Lacaze',
  email: 'compta@lacaze.example',
  phone: '',
  taxNumber: 'FR 40 303 265 045',
  address: { ...HOME, name: 'Fonderie Lacaze SARL', line2: '' },
  delivery: null,
};

/** Nothing to be known by but a name. */
export const unknownGuest: Buyer = {
  ...person,
  customerId: null,
  name: 'Passante Sans Adresse',
  firstName: '',
  lastName: '',
  email: null,
  delivery: null,
};

/** A line at 20 % unless told otherwise; its tax follows from its rate. */
export function line(change: Partial<OrderLine> = {}): OrderLine {
  const gross = change.gross ?? 1200n;
  const rate = change.rate === undefined ? '20' : change.rate;
  return {
    id: '1',
    kind: 'item',
    name: 'Tasse émaillée',
    sku: '',
    quantity: '1',
    discount: 0n,
    ...change,
    gross,
    rate,
    tax: rate === null ? 0n : taxInside(gross, rate),
  };
}

/** An invoice over these lines, nothing received yet. Orders of different ids are different sales. */
export function invoiceDraft(orderId: string, lines: OrderLine[], change: Partial<InvoiceDraft> = {}): InvoiceDraft {
  return {
    kind: 'invoice',
    key: documentKey('shop', orderId, 'invoice', '1'),
    source: 'shop',
    orderId,
    orderNumber: `#${orderId}`,
    currency: 'EUR',
    total: sum(lines.map(({ gross }) => gross)),
    lines,
    buyer: person,
    soldAt: '2026-11-20T23:30:00.000Z',
    language: 'fr-FR',
    received: [],
    finalize: true,
    rounding: 'line',
    version: '',
    after: null,
    ...change,
  };
}

/** Received late in the evening of 20 November by UTC, which is the 21st in Paris. */
export const received = (amount: bigint, change: Partial<Received> = {}): Received => ({
  id: 'pi_3Qabc',
  amount,
  at: '2026-11-20T23:45:00.000Z',
  mode: 'card',
  method: 'stripe',
  label: 'Stripe',
  ...change,
});

export const paymentDraft = (orderId: string, money: Received): PaymentDraft => ({
  kind: 'payment',
  key: documentKey('shop', orderId, 'payment', money.id),
  source: 'shop',
  orderId,
  orderNumber: `#${orderId}`,
  currency: 'EUR',
  received: money,
  invoice: '',
});

export const shapes: readonly { name: string; draft: InvoiceDraft }[] = [
  {
    name: 'several rates',
    draft: invoiceDraft('101', [
      line({ gross: 3998n, quantity: '2' }),
      line({ gross: 1055n, rate: '5.5', name: 'Miel' }),
      line({ gross: 777n, rate: '2.1', name: 'Revue' }),
    ]),
  },
  { name: 'no tax at all', draft: invoiceDraft('102', [line({ gross: 999n, rate: null })]) },
  {
    name: 'untaxed lines among taxed ones',
    draft: invoiceDraft('103', [line(), line({ gross: 5000n, rate: null, name: 'Consigne' })]),
  },
  {
    name: 'a discount taken off',
    draft: invoiceDraft('104', [line({ gross: 1999n, discount: 500n, quantity: '3' })], { buyer: company }),
  },
  {
    name: 'shipping and a fee',
    draft: invoiceDraft('105', [
      line({ gross: 2345n, sku: 'TASSE-1' }),
      line({ kind: 'shipping', gross: 490n, name: 'Livraison' }),
      line({ kind: 'fee', gross: 150n, rate: '10', name: 'Emballage' }),
    ]),
  },
  {
    name: 'a negative fee',
    draft: invoiceDraft('106', [line({ gross: 2000n }), line({ kind: 'fee', gross: -333n, name: 'Geste commercial' })]),
  },
  {
    name: 'a currency without decimals',
    draft: invoiceDraft('107', [line({ gross: 1501n, rate: '10', quantity: '3' })], { currency: 'JPY' }),
  },
  { name: 'a foreign currency', draft: invoiceDraft('110', [line({ gross: 2599n })], { currency: 'USD' }) },
  { name: 'a foreign rate', draft: invoiceDraft('111', [line({ gross: 1190n, rate: '19' })]) },
  {
    name: 'quantities with decimals',
    draft: invoiceDraft('108', [line({ gross: 1237n, quantity: '0.375' }), line({ gross: 100n, quantity: '7' })]),
  },
  {
    name: 'sixty lines',
    draft: invoiceDraft(
      '109',
      Array.from({ length: 60 }, (_, index) => line({ id: String(index), gross: BigInt(101 + 37 * index) })),
    ),
  },
];

/** What goes back to the buyer of an order, over these lines. Credit notes of different numbers are different refunds. */
export const creditNoteDraft = (
  orderId: string,
  number: string,
  lines: CreditLine[],
  change: Partial<CreditNoteDraft> = {},
): CreditNoteDraft => ({
  kind: 'credit_note',
  key: documentKey('shop', orderId, 'credit_note', number),
  source: 'shop',
  orderId,
  orderNumber: `#${orderId}`,
  currency: 'EUR',
  amount: sum(lines.map(({ gross }) => gross)),
  lines,
  whole: false,
  reason: 'Article endommagé',
  language: 'fr-FR',
  finalize: true,
  rounding: 'line',
  invoice: '',
  ...change,
});

/** An amount at one rate that was returned without saying for what. */
export const amountOnly = (gross: bigint, rate: string | null): CreditLine => ({ ...line({ gross, rate }), name: '' });

export const sendDraft = (orderId: string): SendDraft => ({
  kind: 'send',
  key: documentKey('shop', orderId, 'send', 'email'),
  source: 'shop',
  orderId,
  orderNumber: `#${orderId}`,
  currency: 'EUR',
  channel: 'email',
  to: 'ada@buyer.example',
  language: 'fr-FR',
});

const RATES = ['0', '2.1', '5.5', '8.5', '10', '20'];
const FOREIGN_RATES = ['19', '25.5'];

/** Any order that a provider of these capabilities can invoice: some lines, and perhaps a deduction smaller than they are. */
export function anyOrder({
  currencies,
  taxRates,
}: Capabilities): fc.Arbitrary<{ currency: string; lines: OrderLine[] }> {
  const anyLine = fc
    .record({
      gross: fc.bigInt(1n, 9_999_999n),
      rate: fc.constantFrom(null, ...(taxRates ?? [...RATES, ...FOREIGN_RATES])),
      quantity: fc.constantFrom('1', '2', '3', '7', '12', '0.5', '1.333', '99'),
      discount: fc.constantFrom(0n, 0n, 250n),
      kind: fc.constantFrom<OrderLine['kind']>('item', 'item', 'shipping', 'fee'),
    })
    .map(line);
  return fc
    .record({
      first: anyLine,
      others: fc.array(anyLine, { maxLength: 11 }),
      deducted: fc.boolean(),
      currency: fc.constantFrom(...['EUR', 'EUR', 'USD', 'JPY'].filter((code) => currencies?.includes(code) ?? true)),
    })
    .map(({ first, others, deducted, currency }) => {
      const deduction = line({ kind: 'fee', name: 'Remise', gross: -first.gross / 2n, rate: first.rate });
      return { currency, lines: deducted ? [first, ...others, deduction] : [first, ...others] };
    });
}
