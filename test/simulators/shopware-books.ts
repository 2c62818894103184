// What a simulated Shopware shop keeps: orders with the rows that belong to them, each with dates of its own. A change of a
// payment, a refund or an address leaves the order's own date alone, as Shopware does.
import { createHash } from 'node:crypto';

/** A row as the Admin API shows it, with all its associations; `apiAlias` names its entity. */
export type Row = { [field: string]: unknown; apiAlias: string };
export type Entity = Row & { id: string; createdAt: string; updatedAt: string | null };

/** Amounts in cents, tax included. */
export type ShopItem = { label: string; gross: number; rate?: number; quantity?: number };
export type ShopOrder = {
  items?: readonly ShopItem[];
  shipping?: number;
  company?: string;
  vatId?: string;
  guest?: boolean;
};
export type ShopRefund = {
  gross: number;
  /** Which of the order's items it is for, by index. */
  items?: readonly number[];
  reason?: string;
  /** False: the plugin only sets the transaction's state, as most do. */
  recorded?: boolean;
};

export class ShopwareBooks {
  orders: Entity[] = [];
  #made = 0;
  #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  place({ items = [{ label: 'Desk lamp', gross: 12_000 }], shipping = 0, ...buyer }: ShopOrder): Entity {
    const dates = this.#fresh();
    const address = { ...this.#entity('order_address'), ...addressOf(buyer.company ?? '') };
    const order: Entity = {
      ...this.#entity('order'),
      orderNumber: String(10_000 + this.#made),
      orderDateTime: dates.createdAt,
      versionId: LIVE_VERSION,
      stateMachineState: state('open'),
      currency: { apiAlias: 'currency', isoCode: 'EUR', symbol: '€' },
      language: { apiAlias: 'language', name: 'Français', locale: { apiAlias: 'locale', code: 'fr-FR' } },
      orderCustomer: {
        ...this.#entity('order_customer'),
        email: 'ada@buyer.example',
        firstName: 'Ada',
        lastName: 'Martin',
        company: buyer.company ?? null,
        vatIds: buyer.vatId === undefined ? null : [buyer.vatId],
        customerId: this.#id('customer'),
        customer: { apiAlias: 'customer', guest: buyer.guest ?? false },
      },
      billingAddress: address,
      deliveries: [
        {
          ...this.#entity('order_delivery'),
          shippingMethod: { apiAlias: 'shipping_method', name: 'Standard' },
          shippingOrderAddress: address,
        },
      ],
      lineItems: [],
      transactions: [],
      documents: [],
      tags: [],
      customFields: null,
    };
    this.#charge(order, items, shipping);
    order.transactions = [this.#transaction(order)];
    this.orders.push(order);
    return order;
  }

  /** Sets the state of the order's latest transaction; of the order's own date nothing is said. */
  setPaymentState(id: string, technicalName: string): void {
    const transaction = this.#transactionOf(id);
    transaction.stateMachineState = state(technicalName);
    this.#touch(transaction);
  }

  /** A capture, which tells how much of a part payment came in. */
  capture(id: string, gross: number): Entity {
    const transaction = this.#transactionOf(id);
    const capture: Entity = {
      ...this.#entity('order_transaction_capture'),
      stateMachineState: state('completed'),
      amount: priceOf(gross, 20),
      externalReference: `cap-${gross}`,
      refunds: [],
    };
    transaction.captures = [...rowsOf(transaction.captures), capture];
    return capture;
  }

  refund(id: string, { gross, items = [], reason = '' }: ShopRefund): void {
    const order = this.order(id);
    const [capture = this.capture(id, gross)] = rowsOf(this.#transactionOf(id).captures);
    const lineItems = rowsOf(order.lineItems);
    const positions = items.map((index) => {
      const item = lineItems[index];
      return {
        ...this.#entity('order_transaction_capture_refund_position'),
        orderLineItemId: item?.id,
        quantity: 1,
        amount: item?.price,
      };
    });
    const refund: Entity = {
      ...this.#entity('order_transaction_capture_refund'),
      stateMachineState: state('completed'),
      amount: priceOf(gross, 20),
      reason,
      externalReference: null,
      positions,
    };
    capture.refunds = [...rowsOf(capture.refunds), refund];
  }

  edit(id: string, items: readonly ShopItem[]): void {
    const order = this.order(id);
    this.#charge(order, items, 0);
    this.#touch(order);
  }

  cancel(id: string): void {
    const order = this.order(id);
    order.stateMachineState = state('cancelled');
    this.#touch(order);
  }

  correctAddress(id: string, street: string): void {
    const address = this.order(id).billingAddress as Entity;
    address.street = street;
    this.#touch(address);
  }

  /** Changes the named custom fields and leaves the others. */
  setCustomFields(id: string, customFields: object): void {
    const order = this.order(id);
    order.customFields = { ...(order.customFields as object | null), ...customFields };
    this.#touch(order);
  }

  remove(id: string): void {
    this.orders = this.orders.filter((order) => order.id !== id);
  }

  order(id: string): Entity {
    const order = this.orders.find((one) => one.id === id);
    if (order === undefined) throw new Error(`the simulated shop has no order ${id}`);
    return order;
  }

  /** Every row of an entity, as a search finds it: with the way to its order. */
  rows(entity: string): Entity[] {
    const transactions = this.orders.flatMap((order) =>
      rowsOf(order.transactions).map((row): Entity => ({ ...row, orderId: order.id })),
    );
    switch (entity) {
      case 'order':
        return this.orders;
      case 'order_customer':
        return this.orders.map((order) => ({ ...(order.orderCustomer as Entity), orderId: order.id }));
      case 'order_address':
        return this.orders.map((order) => ({ ...(order.billingAddress as Entity), orderId: order.id }));
      case 'order_transaction':
        return transactions;
      case 'order_transaction_capture_refund':
        return transactions.flatMap((transaction) =>
          rowsOf(transaction.captures).flatMap((capture) =>
            rowsOf(capture.refunds).map((refund) => ({ ...refund, transactionCapture: { ...capture, transaction } })),
          ),
        );
      default:
        return [];
    }
  }

  #charge(order: Entity, items: readonly ShopItem[], shipping: number): void {
    const total = items.reduce((sum, { gross }) => sum + gross, shipping);
    const taxes = items.flatMap(({ gross, rate = 20 }) => priceOf(gross, rate).calculatedTaxes);
    order.lineItems = items.map(({ label, gross, rate = 20, quantity = 1 }, index) => ({
      ...this.#entity('order_line_item'),
      parentId: null,
      type: 'product',
      label,
      quantity,
      position: index + 1,
      price: priceOf(gross, rate),
      payload: { productNumber: `SW-${index + 1}`, isNew: false },
    }));
    order.shippingCosts = priceOf(shipping, 20);
    order.price = {
      apiAlias: 'cart_price',
      netPrice: euro(total - taxes.reduce((sum, { tax }) => sum + Math.round(tax * 100), 0)),
      totalPrice: euro(total),
      positionPrice: euro(total - shipping),
      rawTotal: euro(total),
      taxStatus: 'gross',
      calculatedTaxes: taxes,
    };
  }

  #transaction(order: Entity): Entity {
    const { totalPrice } = order.price as { totalPrice: number };
    return {
      ...this.#entity('order_transaction'),
      stateMachineState: state('open'),
      amount: { ...priceOf(0, 20), unitPrice: totalPrice, totalPrice },
      paymentMethod: { apiAlias: 'payment_method', technicalName: 'payment_invoicepayment', name: 'Facture' },
      customFields: null,
      captures: [],
    };
  }

  #transactionOf(id: string): Entity {
    const transaction = rowsOf(this.order(id).transactions).at(-1);
    if (transaction === undefined) throw new Error(`the order ${id} has no transaction`);
    return transaction;
  }

  #entity(apiAlias: string): Entity {
    return { apiAlias, id: this.#id(apiAlias), ...this.#fresh() };
  }

  #id(kind: string): string {
    this.#made += 1;
    return createHash('md5').update(`${kind}-${this.#made}`).digest('hex');
  }

  #fresh = (): { createdAt: string; updatedAt: null } => ({ createdAt: written(this.#now()), updatedAt: null });

  #touch(row: Entity): void {
    row.updatedAt = written(this.#now());
  }
}

export const LIVE_VERSION = '0fa91ce3e96a4bc2be4bd9ce752c3425';

export const rowsOf = (value: unknown): Entity[] => (Array.isArray(value) ? value : []);

const written = (at: Date): string => at.toISOString().replace('Z', '+00:00');

const euro = (cents: number): number => cents / 100;

const state = (technicalName: string): Row => ({ apiAlias: 'state_machine_state', technicalName, name: technicalName });

const priceOf = (cents: number, rate: number) => ({
  apiAlias: 'calculated_price',
  unitPrice: euro(cents),
  quantity: 1,
  totalPrice: euro(cents),
  calculatedTaxes: [{ tax: euro(Math.round((cents * rate) / (100 + rate))), taxRate: rate, price: euro(cents) }],
});

const addressOf = (company: string) => ({
  firstName: 'Ada',
  lastName: 'Martin',
  company: company || null,
  street: '1 rue de la Paix',
  additionalAddressLine1: null,
  additionalAddressLine2: null,
  zipcode: '75002',
  city: 'Paris',
  phoneNumber: null,
  country: { apiAlias: 'country', iso: 'FR', iso3: 'FRA' },
  countryState: null,
});
