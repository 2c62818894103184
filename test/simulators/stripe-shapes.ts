// How Stripe shows its objects, which depends on the API version: `old` is one of 2020, `new` one of 2026. Since 2022-11-15 a
// PaymentIntent has no list of charges and a charge none of refunds; since 2025-03-31 nothing of a payment names its invoice.
import type {
  Charge,
  Dispute,
  Intent,
  Invoice,
  InvoiceLine,
  Item,
  Refund,
  Session,
  Tax,
  TaxRate,
} from './stripe-records.ts';

export type Version = 'old' | 'new';
/** The version as Stripe writes it. */
export const VERSIONS: Readonly<Record<Version, string>> = { old: '2020-08-27', new: '2026-10-28.endive' };
export const versionOf = (text: string): Version => (text < '2025-03-31' ? 'old' : 'new');

export type Wire = Record<string, unknown>;
/** What the caller asked to have in full: `latest_charge`, `payment_intent.latest_charge`. */
export type Expand = ReadonlySet<string>;
export const NOTHING: Expand = new Set();

/** How the account shows things; `live` is its mode. */
export type Shapes = ReturnType<typeof shapesOf>;

export function shapesOf(live: boolean, version: Version) {
  const isOld = version === 'old';

  const refund = ({ id, created, amount, status, reason, release, charge: of }: Refund, expand = NOTHING): Wire => ({
    id,
    object: 'refund',
    amount,
    balance_transaction: release || status !== 'succeeded' ? null : `txn_${id.slice(3)}`,
    charge: expand.has('charge') ? charge(of) : of.id,
    created,
    currency: of.currency,
    metadata: {},
    payment_intent: of.intent?.id ?? null,
    reason,
    status,
  });

  const charge = (of: Charge): Wire => ({
    id: of.id,
    object: 'charge',
    amount: of.amount,
    amount_captured: of.captured,
    amount_refunded: of.refunds.filter(counts).reduce((sum, { amount }) => sum + amount, 0),
    billing_details: { name: of.billing.name, email: of.billing.email, phone: null, address: of.billing.address },
    captured: of.isCaptured,
    created: of.created,
    currency: of.currency,
    livemode: live,
    metadata: of.metadata,
    payment_intent: of.intent?.id ?? null,
    payment_method_details: { type: of.method, [of.method]: {} },
    receipt_email: null,
    refunded: of.refunds.filter(counts).reduce((sum, { amount }) => sum + amount, 0) === of.amount,
    status: of.status,
    ...(isOld
      ? {
          invoice: of.intent?.invoice ?? null,
          refunds: {
            object: 'list',
            data: of.refunds.slice(0, 10).map((one) => refund(one)),
            has_more: of.refunds.length > 10,
          },
        }
      : {}),
  });

  const intent = (of: Intent, expand = NOTHING): Wire => ({
    id: of.id,
    object: 'payment_intent',
    amount: of.amount,
    amount_received: of.status === 'succeeded' ? (of.charge?.captured ?? 0) : 0,
    client_secret: `${of.id}_secret_of_the_browser`,
    created: of.created,
    currency: of.currency,
    customer: null,
    description: of.description,
    livemode: live,
    metadata: of.metadata,
    payment_method_types: of.types,
    receipt_email: null,
    shipping: null,
    status: of.status,
    latest_charge: of.charge !== null && expand.has('latest_charge') ? charge(of.charge) : (of.charge?.id ?? null),
    ...(isOld
      ? { invoice: of.invoice, charges: { object: 'list', data: of.charge === null ? [] : [charge(of.charge)] } }
      : { payment_details: { customer_reference: null, order_reference: of.invoice } }),
  });

  const dispute = (of: Dispute): Wire => ({
    id: of.id,
    object: 'dispute',
    amount: of.amount,
    charge: of.charge.id,
    created: of.created,
    currency: of.charge.currency,
    livemode: live,
    metadata: {},
    payment_intent: of.charge.intent?.id ?? null,
    reason: of.reason,
    status: of.status,
  });

  const session = (of: Session, expand = NOTHING): Wire => ({
    id: of.id,
    object: 'checkout.session',
    amount_subtotal: of.items.reduce((sum, { subtotal }) => sum + subtotal, 0),
    amount_total: of.total,
    automatic_tax: { enabled: of.automaticTax !== null, status: of.automaticTax },
    client_reference_id: of.reference,
    created: of.created,
    currency: of.currency,
    customer: null,
    customer_details: {
      address: of.customer.address ?? null,
      email: of.customer.email ?? null,
      name: of.customer.name ?? null,
      phone: of.customer.phone ?? null,
      tax_exempt: of.customer.tax_exempt ?? 'none',
      tax_ids: of.customer.tax_ids ?? [],
      ...(isOld
        ? {}
        : { business_name: of.customer.business_name ?? null, individual_name: of.customer.individual_name ?? null }),
    },
    invoice: of.invoice,
    livemode: live,
    locale: of.locale,
    metadata: of.metadata,
    mode: of.mode,
    payment_intent:
      of.intent === null || !expand.has('payment_intent') ? (of.intent?.id ?? null) : intent(of.intent, expand),
    payment_method_types: ['card', 'sepa_debit'],
    payment_status: of.paymentStatus,
    shipping_cost:
      of.shipping === null
        ? null
        : {
            amount_subtotal: of.shipping.total - of.shipping.tax,
            amount_tax: of.shipping.tax,
            amount_total: of.shipping.total,
            shipping_rate: expand.has('shipping_cost.shipping_rate')
              ? { id: 'shr_1', object: 'shipping_rate', display_name: of.shipping.name }
              : 'shr_1',
            ...(expand.has('shipping_cost.taxes') ? { taxes: of.shipping.taxes.map(sessionTax) } : {}),
          },
    status: of.status,
    total_details: {
      amount_discount: of.items.reduce((sum, { discount }) => sum + discount, 0),
      amount_shipping: of.shipping === null ? 0 : of.shipping.total - of.shipping.tax,
      amount_tax: of.items.reduce((sum, { tax }) => sum + tax, of.shipping?.tax ?? 0),
    },
    ...(isOld
      ? { shipping: of.delivery }
      : { collected_information: { business_name: null, individual_name: null, shipping_details: of.delivery } }),
  });

  const lineItem = (of: Item, currency: string, expand = NOTHING): Wire => ({
    id: of.id,
    object: 'item',
    amount_discount: of.discount,
    amount_subtotal: of.subtotal,
    amount_tax: of.tax,
    amount_total: of.total,
    currency,
    description: of.name,
    price: {
      id: `price_${of.id.slice(3)}`,
      object: 'price',
      lookup_key: null,
      product: expand.has('price.product') ? { id: 'prod_1', object: 'product', name: of.name } : 'prod_1',
      unit_amount_decimal: of.unit,
    },
    quantity: of.quantity,
    ...(expand.has('taxes') ? { taxes: of.taxes.map(sessionTax) } : {}),
  });

  const invoiceLine = (of: InvoiceLine, currency: string): Wire => ({
    id: of.id,
    object: 'line_item',
    amount: of.subtotal,
    currency,
    description: of.name,
    discount_amounts: of.discount === 0 ? [] : [{ amount: of.discount, discount: 'di_1' }],
    quantity: of.quantity,
    ...(isOld
      ? {
          price: { id: 'price_1', unit_amount_decimal: of.unit },
          proration: of.proration,
          tax_amounts: of.taxes.map(({ amount, rate }) => ({ amount, inclusive: rate.inclusive, tax_rate: rate.id })),
          tax_rates: of.taxes.map(({ rate }) => taxRate(rate)),
        }
      : {
          parent: { type: 'invoice_item_details', invoice_item_details: { proration: of.proration } },
          pricing: { type: 'price_details', unit_amount_decimal: of.unit },
          taxes: of.taxes.map(({ amount, rate }) => ({
            amount,
            tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
            tax_rate_details: { tax_rate: rate.id },
            taxability_reason: 'standard_rated',
            type: 'tax_rate_details',
          })),
        }),
  });

  const invoice = (of: Invoice, expand = NOTHING): Wire => ({
    id: of.id,
    object: 'invoice',
    amount_due: of.total - of.credit,
    amount_paid: of.total - of.credit,
    automatic_tax: { enabled: of.automaticTax !== null, status: of.automaticTax },
    created: of.created,
    currency: of.currency,
    customer: 'cus_1',
    customer_address: of.customer.address ?? null,
    customer_email: of.customer.email ?? null,
    customer_name: of.customer.name ?? null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: of.customer.tax_exempt ?? 'none',
    customer_tax_ids: of.customer.tax_ids ?? [],
    default_tax_rates: [],
    ending_balance: 0,
    lines: {
      object: 'list',
      data: of.lines.slice(0, 10).map((line) => invoiceLine(line, of.currency)),
      has_more: of.lines.length > 10,
    },
    livemode: live,
    number: of.number,
    shipping_cost: null,
    starting_balance: -of.credit,
    status: 'paid',
    status_transitions: { paid_at: of.paidAt },
    total: of.total,
    ...(isOld
      ? { paid: true, payment_intent: of.intent?.id ?? null, charge: of.intent?.charge?.id ?? null }
      : expand.has('payments')
        ? { payments: { object: 'list', data: invoicePayments(of), has_more: false } }
        : {}),
  });

  const invoicePayments = (of: Invoice): Wire[] =>
    of.intent === null
      ? []
      : [
          {
            id: `inpay_${of.id.slice(3)}`,
            object: 'invoice_payment',
            amount_paid: of.total - of.credit,
            created: of.paidAt,
            invoice: of.id,
            is_default: true,
            payment: { type: 'payment_intent', payment_intent: of.intent.id },
            status: 'paid',
          },
        ];

  return { refund, charge, intent, dispute, session, lineItem, invoiceLine, invoice, invoicePayments };
}

export const taxRate = ({ id, percentage, effective, inclusive }: TaxRate): Wire => ({
  id,
  object: 'tax_rate',
  display_name: 'TVA',
  effective_percentage: effective,
  inclusive,
  percentage,
});

const sessionTax = ({ amount, rate }: Tax): Wire => ({
  amount,
  rate: taxRate(rate),
  taxability_reason: 'standard_rated',
});

/** What counts as returned in a charge's own figure: not what failed. */
const counts = ({ status }: Refund): boolean => status !== 'failed' && status !== 'canceled';
