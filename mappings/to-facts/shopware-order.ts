// One order of Shopware to the canonical order: its names, its state and its dates.
import { isCurrency } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { readBuyer } from './shopware-buyer.ts';
import { readCharges } from './shopware-lines.ts';
import { changedAt, methodOf, moneyDoubt, paymentIds, readPaid, readRefunds } from './shopware-money.ts';
import type { WireOrder } from './shopware-wire.ts';

/** The order in our words. Fails with `unknown_currency` and `order_without_lines`. */
export function readOrder(wire: WireOrder): Result<Order> {
  const currency = wire.currency.isoCode;
  if (!isCurrency(currency)) {
    const detail = `“${currency.slice(0, 20)}” is no ISO 4217 currency; correct the currency in the shop`;
    return err(problem('unknown_currency', detail, 'currency.isoCode'));
  }
  const charges = readCharges(wire);
  if (!charges.ok) return charges;
  const paid = readPaid(wire);
  const refunds = readRefunds(wire, charges.value);
  const status = wire.stateMachineState.technicalName;
  const latest = wire.transactions.at(-1);
  return ok({
    id: wire.id,
    number: wire.orderNumber || wire.id,
    aliases: [],
    orderKey: null,
    cartId: null,
    transactions: paymentIds(wire),
    placedAt: wire.orderDateTime,
    updatedAt: lastChange(wire),
    rank: refunds.length > 0 ? 50 : status === 'cancelled' ? 40 : status === 'completed' ? 30 : paid === null ? 10 : 20,
    status,
    state: status === 'cancelled' ? 'cancelled' : 'open',
    currency,
    total: charges.value.total,
    lines: charges.value.lines,
    paid,
    refunds,
    // The whole order is always read, and a refund or a state of refund can be taken back in the shop.
    listsAllRefunds: true,
    buyer: readBuyer(wire),
    language: readLanguage(wire),
    paymentMethod: latest === undefined ? '' : methodOf(latest),
    tags: wire.tags.map(({ name }) => name).filter(Boolean),
    test: false,
    invoicedElsewhere: ownInvoice(wire),
    doubt: charges.value.doubt ?? moneyDoubt(wire),
  });
}

/** What belongs to an order changes without the order's own date: the latest of them all is the state that was read. */
function lastChange(wire: WireOrder): string {
  const { orderCustomer, billingAddress, deliveries, lineItems, transactions, documents } = wire;
  const captures = transactions.flatMap((transaction) => transaction.captures);
  const parts = [
    ...[wire, billingAddress, ...deliveries.map(({ shippingOrderAddress }) => shippingOrderAddress), orderCustomer],
    ...[...lineItems, ...transactions, ...captures, ...captures.flatMap(({ refunds }) => refunds), ...documents],
  ];
  return parts.reduce((latest, part) => (part && changedAt(part) > latest ? changedAt(part) : latest), wire.createdAt);
}

function readLanguage({ language }: WireOrder): string | null {
  const code = language?.locale?.code ?? '';
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(code) ? code : null;
}

/** The number of an invoice that the shop has made itself and not cancelled. */
function ownInvoice({ documents }: WireOrder): string | null {
  const ofType = (type: RegExp) => documents.filter(({ documentType }) => type.test(documentType?.technicalName ?? ''));
  const cancelled = new Set(ofType(/^storno$/).map(({ config }) => config?.custom?.invoiceNumber));
  const numbers = ofType(/invoice$/).map((invoice) => invoice.documentNumber || invoice.config?.documentNumber || '');
  return numbers.find((number) => number !== '' && !cancelled.has(number)) ?? null;
}
