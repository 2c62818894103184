// Stripe's events, and what was asked of its API, to facts: who tells what, and why the rest is ignored.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import type { Result } from '../../src/domain/result.ts';
import { readInvoice } from './stripe-invoice.ts';
import { WireFetchedInvoiceSchema, WireInvoiceSchema } from './stripe-invoice-wire.ts';
import { readDispute, readRefund, readRefundedCharge, readRefunds } from './stripe-movements.ts';
import { readCharge, readIntent, readSession } from './stripe-payments.ts';
import { ignored, invoicedByStripe, otherMode, readAs, type StripeReading, type Told } from './stripe-reading.ts';
import { readSale } from './stripe-sale.ts';
import { WireSaleSchema } from './stripe-sale-wire.ts';
import {
  WireChargeSchema,
  WireDisputeSchema,
  WireEventSchema,
  WireFetchedRefundSchema,
  WireFetchedSessionSchema,
  WirePaymentIntentSchema,
  WireRefundSchema,
  WireRefundsSchema,
  WireSessionSchema,
} from './stripe-wire.ts';

/**
 * Translates what Stripe delivered, or what was fetched from it (`fetched.…`); what is of the other mode is ignored. Total
 * and pure.
 *
 * Fails with `malformed_json`, `not_an_event`, `unreadable_payment`, `unreadable_refund`, `unreadable_dispute`,
 * `unreadable_sale`, `unreadable_invoice` (each with the path), `status_contradicts_topic`, `unknown_status`,
 * `unknown_currency` and `unreadable_amount`.
 */
export function understandStripe(delivery: StoredDelivery, reading: StripeReading): Result<Understood> {
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;
  switch (delivery.topic) {
    case 'fetched.event':
      return understandEvent(parsed.value, null, reading);
    case 'fetched.payment':
    case 'fetched.session':
    case 'fetched.refund':
    case 'fetched.refunds':
    case 'fetched.dispute':
    case 'fetched.sale':
    case 'fetched.invoice':
      return understandFetched(delivery.topic, parsed.value, reading);
    default:
      return understandEvent(parsed.value, delivery.topic, reading);
  }
}

/** `topic` is the event's own type, under which it was delivered; null: look into it. */
function understandEvent(json: Json, topic: string | null, reading: StripeReading): Result<Understood> {
  const event = readAs(WireEventSchema, json, 'not_an_event');
  if (!event.ok) return event;
  const { livemode, created, type, data } = event.value;
  const other = otherMode(livemode, reading);
  return other === null
    ? understandObject(topic ?? type, data.object, { livemode, at: created }, reading)
    : ignored(other);
}

function understandObject(topic: string, object: unknown, told: Told, reading: StripeReading): Result<Understood> {
  switch (topic) {
    case 'payment_intent.succeeded':
      return using(readAs(WirePaymentIntentSchema, object, 'unreadable_payment'), (intent) =>
        readIntent(intent, told, reading),
      );
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return using(readAs(WireSessionSchema, object, 'unreadable_payment'), (session) =>
        readSession(session, told, reading),
      );
    case 'charge.succeeded':
    case 'charge.captured':
      return using(readAs(WireChargeSchema, object, 'unreadable_payment'), (charge) =>
        readCharge(charge, told, reading),
      );
    case 'charge.refunded':
      return using(readAs(WireChargeSchema, object, 'unreadable_refund'), (charge) =>
        readRefundedCharge(charge, told, reading),
      );
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return using(readAs(WireRefundSchema, object, 'unreadable_refund'), (refund) =>
        readRefund(refund, told, reading, topic === 'refund.failed'),
      );
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return using(readAs(WireDisputeSchema, object, 'unreadable_dispute'), (dispute) =>
        readDispute(dispute, told.livemode),
      );
    case 'invoice.paid':
      if (reading.invoices === 'ignore') return invoicedByStripe(reading);
      return using(readAs(WireInvoiceSchema, object, 'unreadable_invoice'), (invoice) =>
        readInvoice({ invoice, lines: null, taxRates: [] }, told, reading),
      );
    default:
      return ignored(reasonToIgnore(topic, reading));
  }
}

function understandFetched(topic: string, json: Json, reading: StripeReading): Result<Understood> {
  const live = (livemode: boolean | null | undefined, at: string | null | undefined): Told => ({
    livemode: livemode ?? reading.keyIsLive,
    at: at ?? '0',
  });
  const counting = (told: Told, read: (told: Told) => Result<Understood>): Result<Understood> => {
    const other = otherMode(told.livemode, reading);
    return other === null ? read(told) : ignored(other);
  };
  switch (topic) {
    case 'fetched.payment':
      return using(readAs(WirePaymentIntentSchema, json, 'unreadable_payment'), (intent) =>
        counting(live(intent.livemode, intent.created), (told) => readIntent(intent, told, reading)),
      );
    case 'fetched.session':
      return using(
        readAs(WireFetchedSessionSchema, json, 'unreadable_payment'),
        ({ payment_intent: intent, ...session }) =>
          counting(live(session.livemode, session.created), (told) =>
            readSession({ ...session, payment_intent: intent?.id ?? null }, told, reading, intent ?? null),
          ),
      );
    case 'fetched.refund':
      return using(readAs(WireFetchedRefundSchema, json, 'unreadable_refund'), ({ charge = null, ...refund }) => {
        const [chargeId, whole] = charge === null || typeof charge === 'string' ? [charge, null] : [charge.id, charge];
        return counting(live(whole?.livemode, refund.created), (told) =>
          readRefunds(whole, [{ ...refund, charge: chargeId }], told),
        );
      });
    case 'fetched.refunds':
      return using(readAs(WireRefundsSchema, json, 'unreadable_refund'), ({ charge, refunds }) =>
        counting(live(charge?.livemode, charge?.created), (told) => readRefunds(charge, refunds, told)),
      );
    case 'fetched.dispute':
      return using(readAs(WireDisputeSchema, json, 'unreadable_dispute'), (dispute) =>
        counting(live(dispute.livemode, dispute.created), (told) => readDispute(dispute, told.livemode)),
      );
    case 'fetched.sale':
      return using(readAs(WireSaleSchema, json, 'unreadable_sale'), (sale) =>
        counting(live(sale.payment_intent.livemode, sale.payment_intent.created), (told) =>
          readSale(sale, told, reading),
        ),
      );
    default:
      return using(readAs(WireFetchedInvoiceSchema, json, 'unreadable_invoice'), ({ invoice, lines, tax_rates }) =>
        counting(live(invoice.livemode, invoice.created), (told) =>
          readInvoice({ invoice, lines, taxRates: tax_rates }, told, reading),
        ),
      );
  }
}

const using = <T>(read: Result<T>, use: (value: T) => Result<Understood>): Result<Understood> =>
  read.ok ? use(read.value) : read;

/** Why an event moves no money that counts. */
const REASONS = new Map([
  ['payment_intent.created', 'payment_not_received'],
  ['payment_intent.requires_action', 'payment_not_received'],
  ['payment_intent.processing', 'payment_processing'],
  ['payment_intent.partially_funded', 'payment_processing'],
  ['payment_intent.amount_capturable_updated', 'payment_authorized'],
  ['payment_intent.payment_failed', 'payment_failed'],
  ['payment_intent.canceled', 'payment_canceled'],
  ['charge.pending', 'told_by_payment_intent'],
  ['charge.updated', 'told_by_payment_intent'],
  ['charge.failed', 'payment_failed'],
  ['charge.expired', 'payment_canceled'],
  ['checkout.session.async_payment_failed', 'session_payment_failed'],
  ['checkout.session.expired', 'session_expired'],
]);

function reasonToIgnore(topic: string, { invoices }: StripeReading): string {
  const known = REASONS.get(topic);
  if (known !== undefined) return known;
  if (!/^invoice[._]/.test(topic)) return 'topic_not_used';
  return invoices === 'invoice' ? 'told_when_invoice_paid' : 'invoiced_by_stripe';
}
