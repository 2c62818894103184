// The canonical order as the JSON of docs/standard-order.md.
import type { Address, Buyer } from '../domain/buyer.ts';
import type { Json } from '../domain/json.ts';
import { formatMinor, type Minor } from '../domain/money.ts';
import type { Order, OrderLine, RefundClaim, RefundLine } from '../domain/order.ts';
import { UNTAXED } from './standard-fields.ts';

type JsonObject = { [key: string]: Json };

/** The order as JSON, everything in it: `standardToOrder` gives the same order back. What is null is left out. */
export function orderToStandard(order: Order): JsonObject {
  const money = (minor: Minor): string => formatMinor(minor, order.currency);
  return present({
    id: order.id,
    number: order.number,
    updated_at: order.updatedAt,
    placed_at: order.placedAt,
    currency: order.currency,
    total: money(order.total),
    lines: order.lines.map((line) => ({
      id: line.id,
      ...soldPart(line, money),
      sku: line.sku,
      discount: money(line.discount),
    })),
    buyer: buyerToStandard(order.buyer),
    paid:
      order.paid &&
      present({
        amount: money(order.paid.amount),
        at: order.paid.at,
        mode: order.paid.mode,
        method: order.paid.method,
        title: order.paid.title,
        transaction_id: order.paid.transactionId,
      }),
    payment_method: order.paymentMethod,
    refunds: order.refunds.map((refund) => refundToStandard(refund, money)),
    lists_all_refunds: order.listsAllRefunds,
    state: order.state,
    status: order.status,
    rank: String(order.rank),
    language: order.language,
    tags: order.tags,
    transactions: order.transactions,
    aliases: order.aliases,
    order_key: order.orderKey,
    cart_id: order.cartId,
    test: order.test,
    invoiced_elsewhere: order.invoicedElsewhere,
    doubt: order.doubt,
  });
}

const soldPart = (line: OrderLine | RefundLine, money: (minor: Minor) => string): JsonObject => ({
  kind: line.kind,
  name: line.name,
  quantity: line.quantity,
  gross: money(line.gross),
  tax: money(line.tax),
  rate: line.rate ?? UNTAXED,
});

const refundToStandard = (refund: RefundClaim, money: (minor: Minor) => string): JsonObject =>
  present({
    id: refund.id,
    amount: money(refund.amount),
    at: refund.at,
    reason: refund.reason,
    transaction_id: refund.transactionId,
    lines: refund.lines?.map((line) => present({ line_id: line.lineId, ...soldPart(line, money) })) ?? null,
  });

const buyerToStandard = (buyer: Buyer): JsonObject =>
  present({
    customer_id: buyer.customerId,
    kind: buyer.kind,
    name: buyer.name,
    company: buyer.company,
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    email: buyer.email,
    phone: buyer.phone,
    tax_number: buyer.taxNumber,
    address: addressToStandard(buyer.address),
    delivery_address: buyer.delivery && addressToStandard(buyer.delivery),
  });

const addressToStandard = (address: Address): JsonObject => ({
  name: address.name,
  line1: address.line1,
  line2: address.line2,
  post_code: address.postCode,
  city: address.city,
  region: address.region,
  country: address.country,
});

const present = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
