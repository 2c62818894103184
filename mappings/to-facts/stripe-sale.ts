// A sale of Stripe's own: a Payment Link, a Checkout Session without a shop, or a bare PaymentIntent. It is an order under
// its PaymentIntent's id; that it was paid is told by its payment.
import Big from 'big.js';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type StripeMoney, stripeMoney } from './stripe-amounts.ts';
import { buyerOf, identityInPayment, identityInSession, languageOf } from './stripe-buyer.ts';
import { chargedFor, counted, type Part, tellingOf } from './stripe-lines.ts';
import { chargeIdOf, chargeOf, invoiceOf, methodOf, paymentOf, sessionLinks, withLinks } from './stripe-payments.ts';
import { facts, ignored, instantOf, invoicedByStripe, type StripeReading, type Told } from './stripe-reading.ts';
import type { WireCheckout, WireFullSession, WireSale, WireTaxRate } from './stripe-sale-wire.ts';
import type { WirePaymentIntent } from './stripe-wire.ts';

const MAX_SKU = 200;

/**
 * The payment, with the names of its order that only the session knows; where it names none, the order that it is by itself.
 * Ignored while money is still to come, and where Stripe issued an invoice for it. Fails with `unknown_currency` and
 * `unreadable_amount`.
 */
export function readSale(sale: WireSale, told: Told, reading: StripeReading): Result<Understood> {
  const { payment_intent: intent, checkouts } = sale;
  if (intent.status !== 'succeeded') return ignored('payment_not_received');
  const invoices = invoicesOf(sale);
  const [invoice] = invoices;
  if (invoice !== undefined) {
    const fetched = reading.invoices === 'invoice' && reading.canFetch;
    return fetched ? ok({ kind: 'fetch', fetch: [`invoice:${invoice}`] }) : invoicedByStripe(reading);
  }
  if (checkouts.some(({ session }) => session.mode === 'subscription')) return invoicedByStripe(reading);

  const paid = paymentOf(intent, told);
  if (!paid.ok) return paid;
  const payment = withLinks(
    paid.value,
    checkouts.flatMap(({ session }) => sessionLinks(session)),
  );
  const namesOrder = payment.links.some(({ by }) => by !== 'transaction' && reading.linkBy.includes(by));
  if (namesOrder) return facts([{ kind: 'payment', payment }]);

  const checkout = checkouts.find(({ session }) => session.payment_status === 'paid') ?? checkouts[0];
  const order =
    checkout === undefined ? fromPayment(intent, told, reading) : fromCheckout(checkout, intent, told, reading);
  if (!order.ok) return order;
  return facts([
    { kind: 'payment', payment },
    { kind: 'order', order: order.value },
  ]);
}

/** Invoices of Stripe's own that the payment is for: a session may have one made after the payment. */
const invoicesOf = ({ payment_intent, checkouts, invoice_payments }: WireSale): string[] =>
  [
    invoiceOf(payment_intent),
    ...checkouts.map(({ session }) => session.invoice),
    ...invoice_payments.filter(({ status }) => status !== 'canceled').map(({ invoice }) => invoice),
  ].filter((one) => one !== null);

/** The last characters of Stripe's id, in capitals: short enough to read out, and the same for ever. */
export const shortReference = (id: string): string => id.slice(-8).toUpperCase();

type Core = Pick<Order, 'currency' | 'total' | 'lines' | 'buyer' | 'language' | 'doubt'>;

function orderOf(intent: WirePaymentIntent, told: Told, core: Core): Order {
  const charge = chargeOf(intent);
  const chargeId = chargeIdOf(intent);
  return {
    id: intent.id,
    number: shortReference(intent.id),
    aliases: [],
    orderKey: null,
    cartId: null,
    transactions: chargeId === null ? [intent.id] : [intent.id, chargeId],
    placedAt: instantOf(intent.created ?? told.at),
    updatedAt: instantOf(charge?.created ?? intent.created ?? told.at),
    rank: 20,
    status: intent.status,
    state: 'open',
    ...core,
    paid: null,
    refunds: [],
    listsAllRefunds: false,
    paymentMethod: methodOf(intent) ?? 'stripe',
    tags: [],
    test: !told.livemode,
    invoicedElsewhere: null,
  };
}

function fromCheckout(
  { session, line_items }: WireCheckout,
  intent: WirePaymentIntent,
  told: Told,
  reading: StripeReading,
): Result<Order> {
  const money = stripeMoney(session.currency);
  if (!money.ok) return money;
  const total = money.value.whole(session.amount_total);
  if (total === null) return unpayable(session.amount_total, money.value);
  const parts = [
    ...line_items.filter(isCharged).map((item): Part => {
      const { unit_amount_decimal = '', lookup_key = '', product } = item.price ?? {};
      const name = item.description || (typeof product === 'object' ? product?.name : '') || item.id;
      return {
        id: item.id,
        kind: 'item',
        ...counted(name, item.quantity ?? '1', unit_amount_decimal),
        sku: lookup_key.slice(0, MAX_SKU),
        gross: money.value.exact(item.amount_total),
        tax: money.value.exact(item.amount_tax),
        taxes: taxesOf(item.taxes, money.value),
        discount: discountOf(item, money.value),
      };
    }),
    ...shippingOf(session, money.value),
  ];
  const telling = tellingOf(session.automatic_tax, session.customer_details?.tax_exempt ?? '', parts);
  const { lines, doubt } = chargedFor(parts, total, telling, reading);
  const buyer = buyerOf(identityInSession(session), shortReference(intent.id));
  return ok(
    orderOf(intent, told, {
      currency: money.value.currency,
      total,
      lines,
      buyer,
      language: languageOf(session.locale),
      doubt,
    }),
  );
}

/** A payment that nothing explains is one line, in the words that it was described with. */
function fromPayment(intent: WirePaymentIntent, told: Told, reading: StripeReading): Result<Order> {
  const money = stripeMoney(intent.currency);
  if (!money.ok) return money;
  const total = money.value.whole(intent.amount_received);
  if (total === null) return unpayable(intent.amount_received, money.value);
  const none = new Big(0);
  const part: Part = {
    id: intent.id,
    kind: 'item',
    name: intent.description || shortReference(intent.id),
    sku: '',
    quantity: '1',
    gross: new Big(total.toString()),
    tax: none,
    taxes: [],
    discount: none,
  };
  const { lines, doubt } = chargedFor([part], total, tellingOf(null, '', [part]), reading);
  const buyer = buyerOf(identityInPayment(intent, chargeOf(intent)), shortReference(intent.id));
  return ok(orderOf(intent, told, { currency: money.value.currency, total, lines, buyer, language: null, doubt }));
}

const unpayable = (units: string, { currency }: StripeMoney): Result<Order> =>
  err(problem('unreadable_amount', `${units} is no payable amount of ${currency}`));

/** An optional item that was not taken stands there with a quantity of nothing. */
const isCharged = ({ quantity, amount_total }: WireCheckout['line_items'][number]): boolean =>
  quantity !== '0' || !/^0+$/.test(amount_total);

/** Shipping as a part of a sale; none where it costs nothing. */
export function shippingOf(
  { shipping_cost: cost }: Pick<WireFullSession, 'shipping_cost'>,
  money: StripeMoney,
): Part[] {
  if (!cost || /^0+$/.test(cost.amount_total)) return [];
  const rate = cost.shipping_rate;
  return [
    {
      id: 'shipping',
      kind: 'shipping',
      name: (typeof rate === 'object' ? rate?.display_name : '') || 'Shipping',
      sku: '',
      quantity: '1',
      gross: money.exact(cost.amount_total),
      tax: money.exact(cost.amount_tax),
      taxes: taxesOf(cost.taxes, money),
      discount: new Big(0),
    },
  ];
}

const taxesOf = (taxes: readonly { amount: string; rate: WireTaxRate }[], money: StripeMoney): Part['taxes'] =>
  taxes.map(({ amount, rate }) => ({ amount: money.exact(amount), percent: percentOf(rate) }));

/** What was really applied, where Stripe Tax says so; null for a tax of a fixed amount. */
export const percentOf = ({ effective_percentage, percentage }: WireTaxRate): string | null =>
  effective_percentage ?? percentage ?? null;

/** Taken off before tax where prices are without it: shown with its share of tax. */
function discountOf(item: WireCheckout['line_items'][number], money: StripeMoney): Big {
  const discount = money.exact(item.amount_discount);
  const tax = item.taxes.find(({ amount }) => !/^0+$/.test(amount));
  if (tax === undefined || tax.rate.inclusive !== false) return discount;
  return discount.times(new Big(percentOf(tax.rate) ?? 0).plus(100)).div(100);
}
