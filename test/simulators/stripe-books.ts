// A simulated Stripe account: what buyers and the merchant do there, and the events that Stripe makes of it. An event keeps
// its object as it was at that moment.

import type {
  Charge,
  Customer,
  Dispute,
  Intent,
  Invoice,
  Item,
  Refund,
  RefundStatus,
  Session,
  Tax,
  TaxRate,
} from './stripe-records.ts';
import { shapesOf, type Version, type Wire } from './stripe-shapes.ts';

export type Event = { id: string; created: number; type: string; object: Readonly<Record<Version, Wire>> };

export type PaymentOrder = {
  amount: number;
  currency?: string;
  metadata?: Record<string, string>;
  description?: string;
  method?: string;
  types?: string[];
  billing?: Charge['billing'];
};

/** `unit` is the price of one in Stripe's units; several `rates` are several taxes. */
export type ItemOrder = {
  name: string;
  unit: number;
  quantity?: number;
  discount?: number;
  rates?: { percentage: number; effective?: number; inclusive?: boolean }[];
};

export type CheckoutOrder = {
  items: ItemOrder[];
  shipping?: ItemOrder;
  currency?: string;
  customer?: Customer;
  delivery?: Session['delivery'];
  locale?: string;
  reference?: string;
  metadata?: Record<string, string>;
  automaticTax?: string;
  /** An invoice of Stripe's own is made after the payment. */
  invoiced?: boolean;
};

const NO_BILLING: Charge['billing'] = { name: null, email: null, address: null };

export class StripeBooks {
  readonly intents: Intent[] = [];
  readonly charges: Charge[] = [];
  readonly sessions: Session[] = [];
  readonly refunds: Refund[] = [];
  readonly disputes: Dispute[] = [];
  readonly invoices: Invoice[] = [];
  readonly taxRates: TaxRate[] = [];
  readonly events: Event[] = [];
  readonly #now: () => Date;
  readonly #live: boolean;
  #count = 0;

  constructor(now: () => Date, live: boolean) {
    this.#now = now;
    this.#live = live;
  }

  /** A payment that comes in at once. */
  pay(order: PaymentOrder): Intent {
    const intent = this.#intent(order);
    this.#confirm(intent, order, 'succeeded', true);
    this.#succeed(intent);
    return intent;
  }

  /** A debit: the money comes in, or not, days later. */
  payLater(order: PaymentOrder): Intent {
    const intent = this.#intent(order);
    this.#confirm(intent, { method: 'sepa_debit', ...order }, 'pending', true);
    intent.status = 'processing';
    this.#tell('payment_intent.processing', 'intent', intent);
    return intent;
  }

  settle(intent: Intent): void {
    if (intent.charge !== null) intent.charge.status = 'succeeded';
    this.#succeed(intent);
    const session = this.sessions.find((one) => one.intent === intent);
    if (session === undefined) return;
    session.paymentStatus = 'paid';
    this.#tell('checkout.session.async_payment_succeeded', 'session', session);
  }

  fail(intent: Intent): void {
    if (intent.charge !== null) intent.charge.status = 'failed';
    intent.status = 'requires_payment_method';
    this.#tell('payment_intent.payment_failed', 'intent', intent);
    const session = this.sessions.find((one) => one.intent === intent);
    if (session !== undefined) this.#tell('checkout.session.async_payment_failed', 'session', session);
  }

  /** A payment that is only authorised. */
  authorize(order: PaymentOrder): Intent {
    const intent = this.#intent(order);
    this.#confirm(intent, order, 'succeeded', false);
    intent.status = 'requires_capture';
    this.#tell('payment_intent.amount_capturable_updated', 'intent', intent);
    return intent;
  }

  /** Takes a part of what was authorised; the rest is let go, which Stripe books as a refund. */
  capture(intent: Intent, amount: number): void {
    const charge = chargeOf(intent);
    charge.isCaptured = true;
    charge.captured = amount;
    if (amount < charge.amount) this.#release(charge, charge.amount - amount);
    this.#tell('charge.captured', 'charge', charge);
    this.#succeed(intent);
  }

  /** Lets an authorisation go. */
  cancel(intent: Intent): void {
    const charge = chargeOf(intent);
    this.#release(charge, charge.amount);
    intent.status = 'canceled';
    this.#tell('payment_intent.canceled', 'intent', intent);
    this.#tell('charge.refunded', 'charge', charge);
  }

  /** A charge that was made without a PaymentIntent. */
  charge(order: PaymentOrder): Charge {
    const charge = this.#charge(order, 'succeeded', true, null);
    this.#tell('charge.succeeded', 'charge', charge);
    return charge;
  }

  /** A Checkout Session that the buyer completes. `later`: paid by a debit that is still on its way. */
  checkout(order: CheckoutOrder, later = false): Session {
    const session = this.#session(order);
    const payment = { amount: session.total, currency: session.currency, types: ['card', 'sepa_debit'] };
    if (session.total > 0) session.intent = later ? this.payLater(payment) : this.pay(payment);
    session.status = 'complete';
    session.paymentStatus = session.total === 0 ? 'no_payment_required' : later ? 'unpaid' : 'paid';
    if (order.invoiced === true) session.invoice = this.#id('in');
    this.#tell('checkout.session.completed', 'session', session);
    return session;
  }

  expire(order: CheckoutOrder): Session {
    const session = this.#session(order);
    session.status = 'expired';
    this.#tell('checkout.session.expired', 'session', session);
    return session;
  }

  refund(of: Intent | Charge, amount: number, status: RefundStatus = 'succeeded'): Refund {
    const charge = 'charge' in of ? chargeOf(of) : of;
    const refund = this.#refund(charge, amount, status, false);
    this.#tell('charge.refunded', 'charge', charge);
    this.#tell('refund.created', 'refund', refund);
    return refund;
  }

  /** How a refund that was on its way ended. */
  endRefund(refund: Refund, status: RefundStatus): void {
    refund.status = status;
    if (status === 'failed') this.#tell('refund.failed', 'refund', refund);
    this.#tell('refund.updated', 'refund', refund);
    this.#tell('charge.refund.updated', 'refund', refund);
  }

  dispute(intent: Intent, status = 'needs_response'): Dispute {
    const charge = chargeOf(intent);
    const reason = 'product_not_received';
    const dispute: Dispute = {
      id: this.#id('dp'),
      created: this.#at(),
      amount: charge.captured,
      status,
      reason,
      charge,
    };
    this.disputes.push(dispute);
    this.#tell('charge.dispute.created', 'dispute', dispute);
    if (!status.startsWith('warning_')) this.#tell('charge.dispute.funds_withdrawn', 'dispute', dispute);
    return dispute;
  }

  closeDispute(dispute: Dispute, status: string): void {
    dispute.status = status;
    if (status === 'won') this.#tell('charge.dispute.funds_reinstated', 'dispute', dispute);
    this.#tell('charge.dispute.closed', 'dispute', dispute);
  }

  /** An invoice of Stripe Billing that is paid at once. `credit` of the customer's pays a part of it. */
  bill(order: { items: ItemOrder[]; customer?: Customer; currency?: string; credit?: number }): Invoice {
    const { currency = 'eur', credit = 0, customer = {} } = order;
    const lines = order.items.map((item) => ({ ...this.#item(item, 'il'), proration: item.unit < 0 }));
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    const id = this.#id('in');
    const intent = total - credit > 0 ? this.#intent({ amount: total - credit, currency }) : null;
    if (intent !== null) intent.invoice = id;
    const number = `SIM-${String(this.invoices.length + 1).padStart(4, '0')}`;
    const at = this.#at();
    const invoice = {
      id,
      created: at,
      paidAt: at,
      number,
      currency,
      lines,
      total,
      credit,
      customer,
      intent,
      automaticTax: null,
    };
    this.invoices.push(invoice);
    if (intent !== null) {
      this.#confirm(intent, { amount: intent.amount, currency }, 'succeeded', true);
      this.#succeed(intent);
    }
    this.#tell('invoice.paid', 'invoice', invoice);
    return invoice;
  }

  #intent({ amount, currency = 'eur', metadata = {}, description, types = ['card'] }: PaymentOrder): Intent {
    const intent: Intent = {
      id: this.#id('pi'),
      created: this.#at(),
      amount,
      currency,
      status: 'requires_payment_method',
      metadata,
      description: description ?? null,
      types,
      charge: null,
      invoice: null,
    };
    this.intents.push(intent);
    this.#tell('payment_intent.created', 'intent', intent);
    return intent;
  }

  #confirm(intent: Intent, order: PaymentOrder, status: Charge['status'], isCaptured: boolean): void {
    intent.charge = this.#charge({ ...order, metadata: intent.metadata }, status, isCaptured, intent);
  }

  #charge(order: PaymentOrder, status: Charge['status'], isCaptured: boolean, intent: Intent | null): Charge {
    const { amount, currency = 'eur', method = 'card', billing = NO_BILLING, metadata = {} } = order;
    const captured = isCaptured ? amount : 0;
    const [id, created] = [this.#id('ch'), this.#at()];
    const charge: Charge = {
      ...{ id, created, amount, captured, isCaptured, status, method, currency, billing, metadata, intent },
      refunds: [],
    };
    this.charges.push(charge);
    return charge;
  }

  #succeed(intent: Intent): void {
    intent.status = 'succeeded';
    this.#tell('charge.succeeded', 'charge', chargeOf(intent));
    this.#tell('payment_intent.succeeded', 'intent', intent);
  }

  #refund(charge: Charge, amount: number, status: RefundStatus, release: boolean): Refund {
    const reason = release ? null : 'requested_by_customer';
    const refund = { id: this.#id('re'), created: this.#at(), amount, status, reason, release, charge };
    this.refunds.push(refund);
    charge.refunds.unshift(refund);
    return refund;
  }

  #release(charge: Charge, amount: number): void {
    this.#tell('refund.created', 'refund', this.#refund(charge, amount, 'succeeded', true));
  }

  #session(order: CheckoutOrder): Session {
    const items = order.items.map((item) => this.#item(item, 'li'));
    const shipping = order.shipping === undefined ? null : this.#item(order.shipping, 'li');
    const session: Session = {
      id: this.#id('cs'),
      created: this.#at(),
      mode: 'payment',
      currency: order.currency ?? 'eur',
      items,
      shipping: shipping && { name: shipping.name, total: shipping.total, tax: shipping.tax, taxes: shipping.taxes },
      total: items.reduce((sum, { total }) => sum + total, shipping?.total ?? 0),
      customer: order.customer ?? {},
      delivery: order.delivery ?? null,
      locale: order.locale ?? 'auto',
      reference: order.reference ?? null,
      metadata: order.metadata ?? {},
      automaticTax: order.automaticTax ?? null,
      paymentStatus: 'unpaid',
      status: 'open',
      intent: null,
      invoice: null,
    };
    this.sessions.push(session);
    return session;
  }

  #item({ name, unit, quantity = 1, discount = 0, rates = [] }: ItemOrder, prefix: string): Item {
    const subtotal = Math.round(unit * quantity);
    const left = subtotal - discount;
    const taxes = rates.map(({ percentage, effective, inclusive = false }): Tax => {
      const used = effective ?? percentage;
      const rate = { id: this.#id('txr'), percentage, effective: effective ?? null, inclusive };
      this.taxRates.push(rate);
      return { amount: Math.round(inclusive ? (left * used) / (100 + used) : (left * used) / 100), rate };
    });
    const tax = taxes.reduce((sum, { amount }) => sum + amount, 0);
    const added = taxes.filter(({ rate }) => !rate.inclusive).reduce((sum, { amount }) => sum + amount, 0);
    return {
      id: this.#id(prefix),
      name,
      quantity,
      unit: String(unit),
      subtotal,
      discount,
      tax,
      total: left + added,
      taxes,
    };
  }

  #tell<Kind extends 'intent' | 'charge' | 'refund' | 'dispute' | 'session' | 'invoice'>(
    type: string,
    kind: Kind,
    of: Parameters<ReturnType<typeof shapesOf>[Kind]>[0],
  ): void {
    const shown = (version: Version): Wire => {
      const shape = shapesOf(this.#live, version)[kind] as (record: typeof of) => Wire;
      return structuredClone(shape(of));
    };
    const object = { old: shown('old'), new: shown('new') };
    this.events.push({ id: this.#id('evt'), created: this.#at(), type, object });
  }

  #id(prefix: string): string {
    this.#count += 1;
    return `${prefix}_3Sim${String(this.#count).padStart(8, '0')}`;
  }

  #at(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }
}

function chargeOf(intent: Intent): Charge {
  if (intent.charge === null) throw new Error(`${intent.id} has no charge`);
  return intent.charge;
}
