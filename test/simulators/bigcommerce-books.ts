// What happens in a simulated BigCommerce store: orders are placed, paid, changed and refunded, and its hooks tell of it.
import type { Hooks } from './bigcommerce-hooks.ts';
import { type OrderRecord, type Refund, type Switches, totalOf } from './bigcommerce-orders.ts';

type NewItem = { name?: string; quantity?: number; gross: number; rate?: string; discount?: number };
export type NewOrder = Partial<Pick<OrderRecord, 'email' | 'company' | 'vatNumber' | 'currency' | 'shownCurrency'>> & {
  items?: readonly NewItem[];
  shipping?: number;
  giftCertificate?: number;
  paymentMethod?: string;
};
export type NewRefund = { amount: number; items?: Refund['items']; reason?: string; declined?: boolean };
export type Metafield = {
  id: number;
  orderId: number;
  key: string;
  namespace: string;
  value: string;
  permission_set: string;
};

export class BigCommerceBooks {
  readonly orders = new Map<number, OrderRecord>();
  readonly refunds: Refund[] = [];
  metafields: Metafield[] = [];
  readonly #now: () => Date;
  readonly #hooks: Hooks;
  readonly #switches: Switches;
  #lastId = 100;

  constructor(now: () => Date, hooks: Hooks, switches: Switches) {
    this.#now = now;
    this.#hooks = hooks;
    this.#switches = switches;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  order(id: number): OrderRecord {
    const found = this.orders.get(id);
    if (found === undefined) throw new Error(`no order ${id}`);
    return found;
  }

  /** A buyer goes through the checkout, up to the payment. Gives the order's id. */
  place(wanted: NewOrder = {}): number {
    const id = this.nextId();
    const at = this.#second();
    this.orders.set(id, {
      id,
      statusId: 7,
      placedAt: at,
      modifiedAt: at,
      deleted: false,
      email: wanted.email ?? 'ada@buyer.example',
      company: wanted.company ?? '',
      vatNumber: wanted.vatNumber ?? '',
      currency: wanted.currency ?? 'EUR',
      shownCurrency: wanted.shownCurrency ?? wanted.currency ?? 'EUR',
      items: (wanted.items ?? [{ gross: 12_000 }]).map((item) => this.#item(item)),
      addressId: this.nextId(),
      shipping: { gross: wanted.shipping ?? 0, rate: '20' },
      giftCertificate: wanted.giftCertificate ?? 0,
      paymentMethod: wanted.paymentMethod ?? 'Credit Card',
      paymentStatus: '',
      transactions: [],
      refunds: [],
    });
    this.#hooks.tell('store/order/created', { type: 'order', id });
    return id;
  }

  /** The gateway takes what is still owed, or this much. */
  pay(id: number, amount?: number): void {
    const order = this.order(id);
    const received = order.transactions.filter(({ event }) => event === 'purchase');
    const owed = totalOf(order) - order.giftCertificate - received.reduce((sum, one) => sum + one.amount, 0);
    const gatewayId = `pi_${id}_${order.transactions.length}`;
    const at = this.#second();
    const card = { method: 'credit_card', gateway: 'stripe', gatewayId, at, status: 'ok' };
    order.transactions.push({ event: 'purchase', amount: amount ?? owed, ...card });
    order.paymentStatus = 'captured';
    this.#hooks.tell('store/order/transaction/created', {
      type: 'transaction',
      order_id: id,
      transaction_id: gatewayId,
    });
    this.setStatus(id, 11);
  }

  /** The merchant moves the order on; for a transfer or a cheque this is all that tells of the money. */
  setStatus(id: number, statusId: number): void {
    const order = this.order(id);
    const status = { previous_status_id: order.statusId, new_status_id: statusId };
    order.statusId = statusId;
    this.#hooks.tell('store/order/statusUpdated', { type: 'order', id, status });
    this.#touch(order);
  }

  /** The merchant adds a product, which the buyer still owes. */
  edit(id: number, item: NewItem): void {
    const order = this.order(id);
    order.items.push(this.#item(item));
    this.#touch(order);
  }

  /** Gives the refund's id. */
  refund(id: number, { amount, items, reason = '', declined = false }: NewRefund): number {
    const order = this.order(id);
    const at = this.#second();
    const whole = [{ type: 'ORDER', id, quantity: null, amount }];
    const refund: Refund = { id: this.nextId(), orderId: id, amount, at, reason, items: items ?? whole, declined };
    this.refunds.push(refund);
    order.refunds.push(refund);
    const card = { method: 'credit_card', gateway: 'stripe', gatewayId: `re_${refund.id}`, at };
    order.transactions.push({ event: 'refund', amount, ...card, status: declined ? 'error' : 'ok' });
    this.#hooks.tell('store/order/refund/created', { type: 'order', id, refund: { refund_id: refund.id } });
    order.statusId = order.refunds.reduce((sum, one) => sum + one.amount, 0) >= totalOf(order) ? 4 : 14;
    if (this.#switches.refundTouchesOrder) this.#touch(order);
    return refund.id;
  }

  cancel(id: number): void {
    this.setStatus(id, 5);
  }

  archive(id: number): void {
    const order = this.order(id);
    order.deleted = true;
    order.modifiedAt = this.#second();
    this.#hooks.tell('store/order/archived', { type: 'order', id });
  }

  /** The order is no longer there. */
  remove(id: number): void {
    this.orders.delete(id);
  }

  #touch(order: OrderRecord): void {
    order.modifiedAt = this.#second();
    this.#hooks.tell('store/order/updated', { type: 'order', id: order.id });
  }

  #item({ name = 'Desk lamp', quantity = 1, gross, rate = '20', discount = 0 }: NewItem): OrderRecord['items'][number] {
    return { id: this.nextId(), name, quantity, gross, rate, discount };
  }

  #second(): Date {
    return new Date(Math.floor(this.#now().getTime() / 1000) * 1000);
  }
}
