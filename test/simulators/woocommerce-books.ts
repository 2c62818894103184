// The orders of a simulated WooCommerce shop and what happens to them. Each change is told as the hook that WooCommerce fires.
import Big from 'big.js';
import type {
  EditInput,
  Meta,
  OrderInput,
  OrderRecord,
  Part,
  PartInput,
  RefundInput,
  RefundRecord,
  Switches,
} from './woocommerce-records.ts';

/** What a webhook may be bound to. `id` is the first argument of the hook. */
export type Hook = { name: string; id: number };

const STORED_DECIMALS = 6;

export class WooBooks {
  readonly orders: OrderRecord[] = [];
  readonly #now: () => Date;
  readonly #switches: Switches;
  readonly #fire: (hook: Hook) => void;
  #lastId = 700;

  constructor(now: () => Date, switches: Switches, fire: (hook: Hook) => void) {
    this.#now = now;
    this.#switches = switches;
    this.#fire = fire;
  }

  /** An order at the checkout, still to be paid: by default one cup of 24.00 at 20 %. */
  place(input: OrderInput = {}): number {
    const at = this.#second();
    const order: OrderRecord = {
      id: this.#nextId(),
      status: input.status ?? 'pending',
      createdAt: at,
      modifiedAt: at,
      paidAt: null,
      currency: input.currency ?? 'EUR',
      paymentMethod: input.paymentMethod ?? 'stripe',
      transactionId: '',
      meta: this.#meta(input.meta ?? {}),
      parts: (input.lines ?? [{ price: '24.00' }]).map((part) => this.#part(part)),
      refunds: [],
      notes: [],
      shown: input.shown ?? {},
    };
    this.orders.push(order);
    this.#fire({ name: 'woocommerce_new_order', id: order.id });
    return order.id;
  }

  pay(id: number, transactionId = `pi_3QSimulated${id}`): void {
    const order = this.order(id);
    order.transactionId = transactionId;
    order.paidAt = this.#second();
    this.#setStatus(order, 'processing');
    this.#fire({ name: 'woocommerce_payment_complete', id });
  }

  edit(id: number, { lines, status, paymentMethod, meta, shown }: EditInput): void {
    const order = this.order(id);
    if (lines !== undefined) order.parts = lines.map((part) => this.#part(part));
    if (paymentMethod !== undefined) order.paymentMethod = paymentMethod;
    if (meta !== undefined) order.meta.push(...this.#meta(meta));
    Object.assign(order.shown, shown);
    if (status !== undefined) order.status = status;
    this.#touch(order);
  }

  cancel(id: number): void {
    this.#setStatus(this.order(id), 'cancelled');
  }

  fail(id: number): void {
    this.#setStatus(this.order(id), 'failed');
  }

  /** Gives back. The order's total stays; once all of it has gone back its status is `refunded`. */
  refund(id: number, { lines = [], amount, reason = '', gatewayId }: RefundInput = {}): number {
    const order = this.order(id);
    const parts = lines.map(({ line, quantity = 0, amount: gross }) => {
      const of = found(order.parts.find((part) => part.id === line));
      const share = gross === undefined ? new Big(quantity).div(of.quantity) : new Big(gross).div(of.net.plus(of.tax));
      const [net, tax] = [of.net, of.tax].map((whole) => whole.times(share).round(STORED_DECIMALS));
      return { id: this.#nextId(), of, quantity, net: found(net), tax: found(tax) };
    });
    const sum = parts.reduce((total, { net, tax }) => total.plus(net).plus(tax), new Big(0));
    const refund: RefundRecord = {
      id: this.#nextId(),
      createdAt: this.#second(),
      amount: new Big(amount ?? sum.round(this.#switches.decimals)),
      reason,
      byGateway: gatewayId !== undefined,
      meta: this.#meta(gatewayId === undefined ? {} : { _wcpay_refund_id: gatewayId }),
      parts,
    };
    order.refunds.unshift(refund);
    const back = order.refunds.reduce((total, one) => total.plus(one.amount), new Big(0));
    if (back.gte(totalOf(order).round(this.#switches.decimals))) this.#setStatus(order, 'refunded');
    else if (this.#switches.refundTouchesOrder) this.#touch(order);
    this.#fire({ name: 'woocommerce_order_refunded', id });
    return refund.id;
  }

  /** Takes a refund out again. The order's date stays as it was. */
  deleteRefund(id: number, refundId: number): void {
    const order = this.order(id);
    order.refunds = order.refunds.filter((refund) => refund.id !== refundId);
    this.#fire({ name: 'woocommerce_refund_deleted', id: refundId });
    if (this.#switches.tellsDeletedRefunds) this.#fire({ name: 'woocommerce_delete_order_refund', id });
  }

  trash(id: number): void {
    const order = this.order(id);
    order.shown = { ...order.shown, _statusBefore: order.status };
    order.status = 'trash';
    order.modifiedAt = this.#second();
    this.#fire({ name: 'woocommerce_trash_order', id });
  }

  restore(id: number): void {
    const order = this.order(id);
    const { _statusBefore: before, ...shown } = order.shown;
    order.shown = shown;
    order.status = String(before);
    this.#touch(order);
    this.#fire({ name: 'woocommerce_untrash_order', id });
  }

  /** Gone for good: no trash, no trace. */
  remove(id: number): void {
    this.orders.splice(this.orders.indexOf(this.order(id)), 1);
  }

  leaveNote(id: number, note: string, customerNote: boolean): number {
    const noteId = this.#nextId();
    this.order(id).notes.unshift({ id: noteId, createdAt: this.#second(), note, customerNote });
    return noteId;
  }

  order(id: number): OrderRecord {
    return found(this.orders.find((order) => order.id === id));
  }

  #setStatus(order: OrderRecord, status: string): void {
    order.status = status;
    this.#touch(order);
    this.#fire({ name: `woocommerce_order_status_${status}`, id: order.id });
  }

  #touch(order: OrderRecord): void {
    order.modifiedAt = this.#second();
    this.#fire({ name: 'woocommerce_update_order', id: order.id });
  }

  #part({ kind = 'item', name = 'Tasse', sku = '', quantity = 1, price, rate = '20', meta = {} }: PartInput): Part {
    const gross = new Big(price).times(quantity);
    const net = gross.div(new Big(rate ?? '0').div(100).plus(1)).round(STORED_DECIMALS);
    return { id: this.#nextId(), kind, name, sku, quantity, net, tax: gross.minus(net), rate, meta: this.#meta(meta) };
  }

  #meta(entries: Record<string, unknown>): Meta[] {
    return Object.entries(entries).map(([key, value]) => ({ id: this.#nextId(), key, value }));
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** WordPress keeps no fractions of a second. */
  #second(): Date {
    return new Date(Math.floor(this.#now().getTime() / 1000) * 1000);
  }
}

/** What was charged: every part with its tax. */
export const totalOf = (order: OrderRecord): Big =>
  order.parts.reduce((total, { net, tax }) => total.plus(net).plus(tax), new Big(0));

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the simulated shop has no such thing');
  return value;
}
