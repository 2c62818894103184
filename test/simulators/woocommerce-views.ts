// Orders and their refunds as WooCommerce's REST API v3 shows them, in its webhooks as well.
import type Big from 'big.js';
import { totalOf } from './woocommerce-books.ts';
import type {
  Meta,
  NoteRecord,
  OrderRecord,
  Part,
  RefundedPart,
  RefundRecord,
  Switches,
} from './woocommerce-records.ts';

type Json = Record<string, unknown>;

export type Views = {
  order(order: OrderRecord): Json;
  /** `ofOrder` is named only in the list of all refunds. */
  refund(refund: RefundRecord, ofOrder: OrderRecord | null): Json;
  note(note: NoteRecord): Json;
  /** UTC and the shop's local time, both without a zone. */
  utc(date: Date): string;
  local(date: Date): string;
};

const BILLING = {
  first_name: 'Claire',
  last_name: 'Martin',
  company: '',
  address_1: '8 rue des Lilas',
  address_2: '',
  city: 'Nantes',
  state: '',
  postcode: '44000',
  country: 'FR',
  email: 'claire.martin@mail.example',
  phone: '+33 2 40 00 00 00',
};

export function wooViews({ decimals, utcOffsetHours }: Switches): Views {
  const shown = (amount: Big): string => amount.toFixed(decimals);
  const utc = (date: Date): string => date.toISOString().slice(0, 19);
  const local = (date: Date): string => utc(new Date(date.getTime() + utcOffsetHours * 3_600_000));
  const dates = (name: string, date: Date | null): Json => ({
    [`date_${name}`]: date === null ? null : local(date),
    [`date_${name}_gmt`]: date === null ? null : utc(date),
  });

  const amounts = (of: Part, net: Big, tax: Big): Json => ({
    total: shown(net),
    total_tax: shown(tax),
    taxes: of.rate === null ? [] : [{ id: rateId(of.rate), total: raw(tax), subtotal: raw(tax) }],
  });
  const meta = (entries: readonly Meta[]): Json[] =>
    entries.map(({ id, key, value }) => ({ id, key, value, display_key: key, display_value: value }));
  const words = ({ kind, name, sku, net }: Part, quantity: number): Json => {
    if (kind === 'shipping') return { method_title: name, method_id: 'flat_rate' };
    if (kind === 'fee') return { name };
    // The net price of a piece, as PHP prints an unrounded number.
    return {
      name,
      quantity,
      sku,
      product_id: 11,
      price: quantity === 0 ? 0 : JSON.parse(raw(net.div(quantity).abs())),
    };
  };
  const part = (one: Part): Json => ({
    id: one.id,
    ...words(one, one.quantity),
    ...(one.kind === 'item' ? { subtotal: shown(one.net), subtotal_tax: shown(one.tax) } : {}),
    ...amounts(one, one.net, one.tax),
    meta_data: meta(one.meta),
  });
  const refunded = ({ id, of, quantity, net, tax }: RefundedPart): Json => ({
    id,
    ...words({ ...of, net: net.times(-1) }, -quantity),
    ...amounts(of, net.times(-1), tax.times(-1)),
    meta_data: meta([{ id: id + 100_000, key: '_refunded_item_id', value: String(of.id) }]),
  });
  const ofKind = <T>(parts: readonly T[], kindOf: (one: T) => Part['kind'], view: (one: T) => Json): Json => ({
    line_items: parts.filter((one) => kindOf(one) === 'item').map(view),
    shipping_lines: parts.filter((one) => kindOf(one) === 'shipping').map(view),
    fee_lines: parts.filter((one) => kindOf(one) === 'fee').map(view),
  });

  return {
    utc,
    local,
    order: (order) => {
      const rates = [...new Set(order.parts.flatMap(({ rate }) => rate ?? []))];
      const { _statusBefore: _hidden, ...own } = order.shown;
      return {
        id: order.id,
        parent_id: 0,
        number: String(order.id),
        order_key: `wc_order_k${order.id}Simulated`,
        created_via: 'checkout',
        version: '11.2.0',
        status: order.status,
        currency: order.currency,
        ...dates('created', order.createdAt),
        ...dates('modified', order.modifiedAt),
        ...dates('paid', order.paidAt),
        total: shown(totalOf(order)),
        prices_include_tax: true,
        customer_id: 0,
        billing: BILLING,
        shipping: BILLING,
        payment_method: order.paymentMethod,
        payment_method_title: 'Carte bancaire',
        transaction_id: order.transactionId,
        meta_data: meta(order.meta),
        ...ofKind(order.parts, ({ kind }) => kind, part),
        tax_lines: rates.map((rate) => ({ id: rateId(rate) + 900, rate_id: rateId(rate), rate_percent: Number(rate) })),
        coupon_lines: [],
        refunds: order.refunds.map(({ id, reason, amount }) => ({ id, reason, total: `-${shown(amount)}` })),
        ...own,
        _links: { self: [{ href: `https://shop.example/wp-json/wc/v3/orders/${order.id}` }] },
      };
    },
    refund: (refund, ofOrder) => ({
      id: refund.id,
      ...(ofOrder === null ? {} : { parent_id: ofOrder.id }),
      ...dates('created', refund.createdAt),
      amount: shown(refund.amount),
      reason: refund.reason,
      refunded_by: 1,
      refunded_payment: refund.byGateway,
      meta_data: meta(refund.meta),
      ...ofKind(refund.parts, ({ of }) => of.kind, refunded),
      _links: { self: [{ href: `https://shop.example/wp-json/wc/v3/refunds/${refund.id}` }] },
    }),
    note: ({ id, createdAt, note, customerNote }) => ({
      id,
      author: 'system',
      ...dates('created', createdAt),
      note,
      customer_note: customerNote,
    }),
  };
}

/** As PHP stores it: no zeros at the end. */
const raw = (amount: Big): string => amount.round(6).toFixed();

const RATES = ['20', '10', '5.5', '2.1', '0'];
const rateId = (rate: string): number => RATES.indexOf(rate) + 1;

/** JSON as PHP writes it: slashes escaped, nothing beyond ASCII. */
export const phpJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
