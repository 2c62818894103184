// An invoice that Stripe Billing was paid for, as an order: for sellers who let another system issue the document in law.
// Its id is the invoice's own in every API version, so that a webhook and an answer of the API tell the same order.
import Big from 'big.js';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { type StripeMoney, stripeMoney } from './stripe-amounts.ts';
import { buyerOf, taxNumberAmong } from './stripe-buyer.ts';
import type { WireInvoice, WireInvoiceLine } from './stripe-invoice-wire.ts';
import { chargedFor, counted, type Part, type PartTax, tellingOf } from './stripe-lines.ts';
import { facts, ignored, instantOf, invoicedByStripe, type StripeReading, type Told } from './stripe-reading.ts';
import { percentOf, shippingOf, shortReference } from './stripe-sale.ts';
import type { WireTaxRate } from './stripe-sale-wire.ts';

/** `lines` are all lines where they were asked for; null: what the invoice has in it. */
export type InvoiceTelling = {
  invoice: WireInvoice;
  lines: readonly WireInvoiceLine[] | null;
  taxRates: readonly WireTaxRate[];
};

/**
 * The order that a paid invoice is. What an event leaves out (lines beyond the tenth, a rate's percentage, who paid) is asked
 * for. Fails with `unknown_currency` and `unreadable_amount`.
 */
export function readInvoice(telling: InvoiceTelling, told: Told, reading: StripeReading): Result<Understood> {
  const { invoice, lines } = telling;
  if (reading.invoices === 'ignore') return invoicedByStripe(reading);
  if (invoice.status !== 'paid') return ignored('told_when_invoice_paid');
  // A credit to the customer's balance: nothing was paid, and what it takes back was told by another invoice.
  if (invoice.total.startsWith('-')) return ignored('nothing_paid');
  if (lines === null && !isWhole(telling)) return ok({ kind: 'fetch', fetch: [`invoice:${invoice.id}`] });
  const order = orderOf(telling, told, reading);
  return order.ok ? facts([{ kind: 'order', order: order.value }]) : order;
}

/** True where an event has all that the order needs. */
function isWhole({ invoice, taxRates }: InvoiceTelling): boolean {
  if (invoice.lines.has_more) return false;
  if (paidBy(invoice).length === 0 && invoice.amount_paid !== '0') return false;
  const percents = percentsOf(invoice, invoice.lines.data, taxRates);
  return invoice.lines.data.every((line) =>
    taxesOf(line).every(({ rate, units }) => isZero(units) || percents.has(rate)),
  );
}

const MAX_NUMBER = 100;

function orderOf(telling: InvoiceTelling, told: Told, reading: StripeReading): Result<Order> {
  const { invoice } = telling;
  const money = stripeMoney(invoice.currency);
  if (!money.ok) return money;
  const total = money.value.whole(invoice.total);
  // Credit that the customer had at Stripe is a means of payment, and so is a debt that this payment settled.
  const settled = BigInt(invoice.amount_paid) + BigInt(invoice.ending_balance) - BigInt(invoice.starting_balance);
  const paid = money.value.whole(settled.toString());
  if (total === null || paid === null) {
    const detail = `${invoice.total} with ${settled} paid are no payable amounts of ${money.value.currency}`;
    return err(problem('unreadable_amount', detail));
  }
  const parts = partsOf(telling, money.value);
  const taxes = tellingOf(invoice.automatic_tax, invoice.customer_tax_exempt, parts);
  const { lines, doubt } = chargedFor(parts, total, taxes, reading);
  const paidAt = instantOf(invoice.status_transitions?.paid_at ?? told.at);
  const transactions = paidBy(invoice);
  return ok({
    id: invoice.id,
    number: invoice.number.slice(0, MAX_NUMBER) || shortReference(invoice.id),
    aliases: [],
    orderKey: null,
    cartId: null,
    transactions,
    placedAt: instantOf(invoice.created),
    updatedAt: paidAt,
    rank: 20,
    status: invoice.status,
    state: 'open',
    currency: money.value.currency,
    total,
    lines,
    paid: {
      amount: paid,
      at: paidAt,
      method: 'stripe',
      title: 'Stripe',
      mode: 'other',
      transactionId: transactions[0] ?? null,
    },
    refunds: [],
    listsAllRefunds: false,
    buyer: buyerOf(identityOf(invoice), invoice.number || shortReference(invoice.id)),
    language: null,
    paymentMethod: 'stripe',
    tags: [],
    test: !told.livemode,
    invoicedElsewhere: null,
    doubt,
  });
}

/** Ids of what paid the invoice, PaymentIntents first. */
function paidBy({ payment_intent, charge, payments }: WireInvoice): string[] {
  const made = (payments?.data ?? []).filter(({ status }) => status === 'paid').map(({ payment }) => payment);
  const ids = [
    payment_intent,
    ...made.map((one) => one?.payment_intent ?? null),
    charge,
    ...made.map((one) => one?.charge ?? null),
  ];
  return [...new Set(ids.filter((one) => one !== null))];
}

const identityOf = (invoice: WireInvoice): Parameters<typeof buyerOf>[0] => ({
  customerId: invoice.customer,
  name: invoice.customer_name,
  company: '',
  email: invoice.customer_email,
  phone: invoice.customer_phone,
  taxNumber: taxNumberAmong(invoice.customer_tax_ids),
  address: invoice.customer_address,
  delivery: invoice.customer_shipping ?? null,
});

type LineTax = { units: string; inclusive: boolean; rate: string };

/** The taxes of a line in either shape; a line that has both tells the same twice. */
const taxesOf = (line: WireInvoiceLine): LineTax[] =>
  line.taxes
    ? line.taxes.map(({ amount, tax_behavior, tax_rate_details }) => ({
        units: amount,
        inclusive: tax_behavior === 'inclusive',
        rate: tax_rate_details?.tax_rate ?? '',
      }))
    : line.tax_amounts.map(({ amount, inclusive, tax_rate }) => ({
        units: amount,
        inclusive,
        rate: typeof tax_rate === 'string' ? tax_rate : tax_rate.id,
      }));

const isZero = (units: string): boolean => /^-?0+$/.test(units);

/** Percentages of tax rates by id, from wherever the invoice has them. */
function percentsOf(
  invoice: WireInvoice,
  lines: readonly WireInvoiceLine[],
  fetched: readonly WireTaxRate[],
): Map<string, string> {
  const inLines = lines.flatMap((line) => [
    ...line.tax_rates,
    ...line.tax_amounts.map(({ tax_rate }) => tax_rate).filter((rate) => typeof rate !== 'string'),
  ]);
  const percents = new Map<string, string>();
  for (const rate of [...invoice.default_tax_rates, ...inLines, ...fetched]) {
    const percent = percentOf(rate);
    if (percent !== null) percents.set(rate.id, percent);
  }
  return percents;
}

function partsOf({ invoice, lines, taxRates }: InvoiceTelling, money: StripeMoney): Part[] {
  const all = lines ?? invoice.lines.data;
  const percents = percentsOf(invoice, all, taxRates);
  const sum = (units: readonly string[]): Big => units.reduce((whole, one) => whole.plus(money.exact(one)), new Big(0));
  const charged = all.filter(({ quantity, amount }) => quantity !== '0' || !isZero(amount));
  const items = charged.map((line): Part => {
    const taxes = taxesOf(line);
    const discount = sum(line.discount_amounts.map(({ amount }) => amount));
    const added = sum(taxes.filter(({ inclusive }) => !inclusive).map(({ units }) => units));
    const unitPrice = line.pricing?.unit_amount_decimal || line.price?.unit_amount_decimal || '';
    return {
      id: line.id,
      kind: 'item',
      ...counted(line.description || line.id, line.quantity ?? '1', unitPrice),
      sku: '',
      gross: money.exact(line.amount).minus(discount).plus(added),
      tax: sum(taxes.map(({ units }) => units)),
      taxes: taxes.map(
        ({ units, rate }): PartTax => ({ amount: money.exact(units), percent: percents.get(rate) ?? null }),
      ),
      discount,
    };
  });
  return [...items, ...shippingOf(invoice, money)];
}
