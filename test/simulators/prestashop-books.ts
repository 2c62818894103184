// What happens in a simulated PrestaShop: orders are placed, paid, edited, cancelled and refunded, and each act writes the
// tables that the real shop writes. A refund leaves the order's own `date_upd` as it was.
import { amount, newTables, type Resource, type Row, type Tables } from './prestashop-tables.ts';

/** Money is in cents, tax included. `rate` is one of the shop's taxes; null for none. */
export type Item = { name: string; sku?: string; gross: number; rate: string | null; quantity?: number };

export type NewOrder = {
  items?: readonly Item[];
  shipping?: { gross: number; rate: string };
  wrapping?: { gross: number; rate: string };
  vouchers?: readonly { name: string; gross: number; net: number; freeShipping?: boolean }[];
  module?: string;
  payment?: string;
  /** The state in which the order is placed; by default it waits for a bank wire. */
  state?: string;
  /** Orders of one reference and cart were split from it. */
  reference?: string;
  cart?: string;
  currency?: string;
  language?: string;
  customer?: Readonly<Record<string, string>>;
  invoiceAddress?: Readonly<Record<string, string>>;
  deliveryAddress?: Readonly<Record<string, string>>;
};

export type Refund = {
  /** Pieces given back by the index of the order's line; without it none. */
  pieces?: Readonly<Record<number, number>>;
  shipping?: boolean;
  /** An amount that the employee chose in place of the products. */
  chosen?: number;
  /** The vouchers of the order are taken off what is given back. */
  withoutVouchers?: boolean;
};

export type BooksOptions = { now: () => Date; timeZone: string; ownInvoices: boolean };

const LAMP: Item = { name: 'Lampe de bureau', sku: 'LAMPE', gross: 12_000, rate: '20' };

export class PrestaShopBooks {
  readonly tables: Tables;
  readonly #options: BooksOptions;
  readonly #changed: (orderId: string) => void;
  #invoices = 0;

  /** `changed` hears of every change to an order. */
  constructor(options: BooksOptions, changed: (orderId: string) => void) {
    this.#options = options;
    this.#changed = changed;
    this.tables = newTables(options);
  }

  /** Places an order and gives its id. */
  place(order: NewOrder = {}): string {
    const customer = this.#add('customers', {
      id_lang: order.language ?? '1',
      passwd: 'hash-of-a-password',
      secure_key: 'key-of-the-customer',
      lastname: 'Moreau',
      firstname: 'Inès',
      email: 'ines@buyer.example',
      is_guest: '0',
      ...order.customer,
    });
    const invoice = this.#address(customer.id, order.invoiceAddress);
    const delivery = order.deliveryAddress === undefined ? invoice : this.#address(customer.id, order.deliveryAddress);
    const next = String(this.tables.orders.length + 1);
    const { id } = this.#add('orders', {
      id_address_delivery: delivery.id,
      id_address_invoice: invoice.id,
      id_cart: order.cart ?? `9${next}`,
      id_currency: order.currency ?? '1',
      id_lang: order.language ?? '1',
      id_customer: customer.id,
      id_carrier: '2',
      module: order.module ?? 'ps_wirepayment',
      payment: order.payment ?? 'Virement bancaire',
      invoice_number: '0',
      invoice_date: '0000-00-00 00:00:00',
      secure_key: customer.secure_key,
      round_mode: '2',
      round_type: '2',
      conversion_rate: '1.000000',
      total_paid_real: amount(0),
      reference: order.reference ?? `REFERENC${String.fromCharCode(64 + this.tables.orders.length + 1)}`,
      date_add: this.now(),
      date_upd: this.now(),
    });
    for (const voucher of order.vouchers ?? []) {
      this.#add('order_cart_rules', {
        id_order: id,
        id_cart_rule: '1',
        name: voucher.name,
        value: amount(voucher.gross),
        value_tax_excl: amount(voucher.net),
        free_shipping: voucher.freeShipping ? '1' : '0',
        deleted: '0',
      });
    }
    this.#price(id, order);
    this.setState(id, order.state ?? '10');
    return id;
  }

  /** Money came in: the whole, which makes the order paid, or a part, which does not. */
  pay(id: string, payment: { amount?: number; transaction?: string; currency?: string } = {}): void {
    const order = this.order(id);
    const whole = payment.amount === undefined;
    this.#add('order_payments', {
      order_reference: order.reference,
      id_currency: payment.currency ?? order.id_currency,
      amount: whole ? order.total_paid_tax_incl : amount(payment.amount ?? 0),
      payment_method: order.payment,
      conversion_rate: '1.000000',
      transaction_id: payment.transaction ?? '',
      card_number: '424242XXXXXX4242',
      card_holder: 'I MOREAU',
      date_add: this.now(),
    });
    if (whole) this.setState(id, '2');
    else this.#touch(id);
  }

  /** The order's lines are others now, and its totals with them. */
  edit(id: string, order: Pick<NewOrder, 'items' | 'shipping'>): void {
    this.tables.order_details = this.tables.order_details.filter((row) => row.id_order !== id);
    this.#price(id, order);
    this.#touch(id);
  }

  cancel(id: string): void {
    this.setState(id, '6');
  }

  ship(id: string): void {
    this.setState(id, '4');
  }

  /** The order comes into a state, which its history keeps; the first that has an invoice gives it a number. */
  setState(id: string, state: string): void {
    const order = this.order(id);
    const flags = this.tables.order_states.find((row) => row.id === state);
    order.current_state = state;
    order.valid = flags?.logable ?? '0';
    this.#add('order_histories', { id_employee: '1', id_order_state: state, id_order: id, date_add: this.now() });
    if (flags?.invoice === '1' && !this.tables.order_invoices.some((row) => row.id_order === id)) {
      const number = this.#options.ownInvoices ? String(++this.#invoices) : '0';
      order.invoice_number = number;
      this.#add('order_invoices', { id_order: id, number, date_add: this.now() });
    }
    this.#touch(id);
  }

  /** Makes a credit slip and gives its id. */
  refund(id: string, { pieces = {}, shipping = false, chosen, withoutVouchers = false }: Refund = {}): string {
    const order = this.order(id);
    const details = this.details(id).flatMap((row, index) => {
      const count = pieces[index] ?? 0;
      const share = (total: unknown): string => ((Number(total) / Number(row.product_quantity)) * count).toFixed(6);
      return count === 0
        ? []
        : [
            {
              id: row.id,
              id_order_detail: row.id,
              product_quantity: String(count),
              amount_tax_excl: share(row.total_price_tax_excl),
              amount_tax_incl: share(row.total_price_tax_incl),
            },
          ];
    });
    const sumOf = (column: 'amount_tax_incl' | 'amount_tax_excl'): number =>
      details.reduce((total, detail) => total + Number(detail[column]), 0);
    const gross = sumOf('amount_tax_incl');
    const slip = this.#add('order_slip', {
      id_customer: order.id_customer,
      id_order: id,
      conversion_rate: '1.000000',
      total_products_tax_incl: gross.toFixed(6),
      // The shop computes with tax, and takes the vouchers off the other total.
      total_products_tax_excl: (
        sumOf('amount_tax_excl') - (withoutVouchers ? Number(order.total_discounts) : 0)
      ).toFixed(6),
      total_shipping_tax_incl: shipping ? order.total_shipping_tax_incl : amount(0),
      total_shipping_tax_excl: shipping ? order.total_shipping_tax_excl : amount(0),
      shipping_cost: shipping ? '1' : '0',
      shipping_cost_amount: shipping ? order.total_shipping_tax_incl : amount(0),
      amount: chosen === undefined ? gross.toFixed(6) : amount(chosen),
      partial: '0',
      order_slip_type: chosen !== undefined || shipping ? '2' : withoutVouchers ? '1' : '0',
      date_add: this.now(),
      date_upd: this.now(),
      order_slip_details: details,
    });
    this.#changed(id);
    return slip.id;
  }

  order(id: string): Row {
    const order = this.tables.orders.find((row) => row.id === id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order;
  }

  details(id: string): Row[] {
    return this.tables.order_details.filter((row) => row.id_order === id);
  }

  /** What the shop's clock shows. */
  now(): string {
    return this.#options.now().toLocaleString('sv-SE', { timeZone: this.#options.timeZone });
  }

  #add(resource: Resource, row: Readonly<Record<string, unknown>>): Row {
    const table = this.tables[resource];
    const added = { ...row, id: String(Number(table.at(-1)?.id ?? '0') + 1) };
    table.push(added);
    return added;
  }

  #address(customer: string, address: Readonly<Record<string, string>> = {}): Row {
    return this.#add('addresses', {
      id_customer: customer,
      id_country: '8',
      id_state: '0',
      alias: 'Mon adresse',
      lastname: 'Moreau',
      firstname: 'Inès',
      address1: '3 quai du Canal',
      postcode: '35000',
      city: 'Rennes',
      phone: '0299000000',
      deleted: '0',
      ...address,
    });
  }

  /** Writes the lines and the totals that follow from them. */
  #price(id: string, { items = [LAMP], shipping, wrapping }: NewOrder): void {
    const order = this.order(id);
    const vouchers = this.tables.order_cart_rules.filter((row) => row.id_order === id);
    for (const { name, sku = '', gross, rate, quantity = 1 } of items) {
      const tax = this.tables.taxes.find((row) => rate !== null && Number(row.rate) === Number(rate));
      this.#add('order_details', {
        id_order: id,
        product_id: '1',
        product_name: name,
        product_reference: sku,
        product_quantity: String(quantity),
        product_quantity_refunded: '0',
        unit_price_tax_incl: amount(gross / quantity),
        unit_price_tax_excl: amount(netOf({ gross, rate }) / quantity),
        total_price_tax_incl: amount(gross),
        total_price_tax_excl: amount(netOf({ gross, rate })),
        ecotax: amount(0),
        ecotax_tax_rate: '0.000',
        download_hash: 'key-of-the-file',
        taxes: tax === undefined ? [] : [{ id: tax.id }],
      });
    }
    const incl = (part: { gross: number } | undefined): number => part?.gross ?? 0;
    const excl = (part: { gross: number; rate: string } | undefined): number => (part === undefined ? 0 : netOf(part));
    const products = items.reduce((total, { gross }) => total + gross, 0);
    const productsNet = items.reduce((total, item) => total + netOf(item), 0);
    const sumOf = (column: string): number => vouchers.reduce((total, row) => total + Number(row[column]) * 100, 0);
    const total = products + incl(shipping) + incl(wrapping) - sumOf('value');
    Object.assign(order, {
      total_products_wt: amount(products),
      total_products: amount(productsNet),
      total_shipping: amount(incl(shipping)),
      total_shipping_tax_incl: amount(incl(shipping)),
      total_shipping_tax_excl: amount(excl(shipping)),
      carrier_tax_rate: '0.000',
      total_wrapping: amount(incl(wrapping)),
      total_wrapping_tax_incl: amount(incl(wrapping)),
      total_wrapping_tax_excl: amount(excl(wrapping)),
      total_discounts: amount(sumOf('value')),
      total_discounts_tax_incl: amount(sumOf('value')),
      total_discounts_tax_excl: amount(sumOf('value_tax_excl')),
      total_paid: amount(total),
      total_paid_tax_incl: amount(total),
      total_paid_tax_excl: amount(productsNet + excl(shipping) + excl(wrapping) - sumOf('value_tax_excl')),
    });
  }

  #touch(id: string): void {
    this.order(id).date_upd = this.now();
    this.#changed(id);
  }
}

const netOf = ({ gross, rate }: { gross: number; rate: string | null }): number =>
  gross / (1 + Number(rate ?? '0') / 100);
