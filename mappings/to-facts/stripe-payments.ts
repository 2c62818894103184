// Money that came in. A payment is told by its PaymentIntent and, where Checkout was used, by the session too: both give
// the same payment under the PaymentIntent's id, each with the names of the order that it knows.
import type { Payment, PaymentLink, Understood } from '../../src/domain/facts.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import { readPaid } from './stripe-amounts.ts';
import { facts, ignored, instantOf, invoicedByStripe, type StripeReading, type Told } from './stripe-reading.ts';
import type { WireCharge, WireFullCharge, WireMetadata, WirePaymentIntent, WireSession } from './stripe-wire.ts';

/** Metadata that the bridge itself leaves with a payment begins so; it names no order. */
export const OWN_METADATA = 'bridge_';

/** Stripe allows 50 keys of metadata; more would not be Stripe's. */
const MAX_LINKS = 50;
const MAX_LINK_LENGTH = 500;

/** A PaymentIntent that succeeded, as an event of that kind or the API tells it. */
export function readIntent(intent: WirePaymentIntent, told: Told, reading: StripeReading): Result<Understood> {
  if (invoiceOf(intent) !== null) return invoicedByStripe(reading);
  const payment = paymentOf(intent, told);
  return payment.ok ? facts([{ kind: 'payment', payment: payment.value }]) : payment;
}

/** The payment; `status_contradicts_topic` for one that has not succeeded. */
export function paymentOf(intent: WirePaymentIntent, told: Told): Result<Payment> {
  if (intent.status !== 'succeeded' || isNothing(intent.amount_received)) {
    const detail = `${intent.id} is ${intent.status} with ${intent.amount_received} received, and is told as one that succeeded`;
    return err(problem('status_contradicts_topic', detail, 'data.object.status'));
  }
  const charge = chargeOf(intent);
  return payment({
    id: intent.id,
    amount: intent.amount_received,
    currency: intent.currency,
    created: charge?.created ?? told.at,
    method: methodOf(intent),
    links: [link('transaction', intent.id), link('transaction', chargeIdOf(intent)), ...metadataLinks(intent.metadata)],
    livemode: told.livemode,
  });
}

/** The invoice of Stripe's own that a PaymentIntent pays; null for none, and where the version does not tell. */
export const invoiceOf = ({ invoice, payment_details }: WirePaymentIntent): string | null =>
  invoice ?? /^in_\w+$/.exec(payment_details?.order_reference ?? '')?.[0] ?? null;

/** The charge that brought the money, where it is told in full. */
export function chargeOf(intent: WirePaymentIntent): WireCharge | undefined {
  if (typeof intent.latest_charge === 'object' && intent.latest_charge !== null) return intent.latest_charge;
  return intent.charges.find((charge) => charge.status === 'succeeded');
}

export const chargeIdOf = (intent: WirePaymentIntent): string | null =>
  chargeOf(intent)?.id ?? (typeof intent.latest_charge === 'string' ? intent.latest_charge : null);

/** What the buyer paid with; null where only what was possible is told. */
export const methodOf = (intent: WirePaymentIntent): string | null =>
  chargeOf(intent)?.payment_method_details?.type ?? onlyOne(intent.payment_method_types);

/**
 * A Checkout Session that is complete. Its PaymentIntent tells the same payment, with other names of the order; where it is
 * at hand, its amount, date and method stand.
 */
export function readSession(
  session: WireSession,
  told: Told,
  reading: StripeReading,
  intent: WirePaymentIntent | null = null,
): Result<Understood> {
  // Stripe numbers and issues an invoice of its own for these; a second one would be a duplicate in law.
  if (session.mode === 'subscription' || session.invoice !== null) return invoicedByStripe(reading);
  switch (session.payment_status) {
    case 'unpaid':
      return ignored('session_unpaid');
    case 'no_payment_required':
      return ignored('nothing_paid');
    case 'paid':
      break;
    default: {
      const detail = `payment_status “${session.payment_status.slice(0, 40)}” is not known`;
      return err(problem('unknown_status', detail, 'data.object.payment_status'));
    }
  }
  if (intent !== null) {
    const paid = paymentOf(intent, told);
    return paid.ok ? facts([{ kind: 'payment', payment: withLinks(paid.value, sessionLinks(session)) }]) : paid;
  }
  const { payment_intent, amount_total, currency } = session;
  if (payment_intent === null || !amount_total || !currency) {
    const detail = `session ${session.id} is paid and has no payment_intent, amount_total or currency`;
    return err(problem('unreadable_payment', detail, 'data.object'));
  }
  const read = payment({
    id: payment_intent,
    amount: amount_total,
    currency,
    created: told.at,
    method: onlyOne(session.payment_method_types),
    links: [link('transaction', payment_intent), ...sessionLinks(session)],
    livemode: told.livemode,
  });
  return read.ok ? facts([{ kind: 'payment', payment: read.value }]) : read;
}

/** The names of its order that a session knows: its metadata are not copied to the PaymentIntent. */
export const sessionLinks = (session: Pick<WireSession, 'metadata' | 'client_reference_id'>): PaymentLink[] =>
  [...metadataLinks(session.metadata), link('client_reference_id', session.client_reference_id)].filter(
    (one) => one !== null,
  );

/** The payment with further names of its order. */
export const withLinks = (payment: Payment, links: readonly PaymentLink[]): Payment => {
  const known = ({ by, value }: PaymentLink): boolean =>
    payment.links.some((one) => one.by === by && one.value === value);
  return { ...payment, links: [...payment.links, ...links.filter((one) => !known(one))] };
};

/** A charge. Only one of those that were made without a PaymentIntent tells a payment. */
export function readCharge(charge: WireFullCharge, told: Told, reading: StripeReading): Result<Understood> {
  if (charge.payment_intent !== null) return ignored('told_by_payment_intent');
  if (charge.invoice !== null) return invoicedByStripe(reading);
  if (charge.captured === false) return ignored('payment_authorized');
  const amount = charge.amount_captured ?? charge.amount;
  if (charge.status !== 'succeeded' || isNothing(amount)) {
    const detail = `${charge.id} is ${charge.status} with ${amount} captured, and is told as one that succeeded`;
    return err(problem('status_contradicts_topic', detail, 'data.object.status'));
  }
  const read = payment({
    id: charge.id,
    amount,
    currency: charge.currency,
    created: charge.created ?? told.at,
    method: charge.payment_method_details?.type ?? null,
    links: [link('transaction', charge.id), ...metadataLinks(charge.metadata)],
    livemode: told.livemode,
  });
  return read.ok ? facts([{ kind: 'payment', payment: read.value }]) : read;
}

type Parts = {
  id: string;
  amount: string;
  currency: string;
  created: string;
  method: string | null;
  links: (PaymentLink | null)[];
  livemode: boolean;
};

function payment(parts: Parts): Result<Payment> {
  const paid = readPaid(parts.amount, parts.currency);
  if (!paid.ok) return paid;
  return ok({
    id: parts.id,
    ...paid.value,
    paidAt: instantOf(parts.created),
    method: parts.method ?? 'stripe',
    mode: parts.method === null ? 'other' : paymentMode(parts.method),
    links: parts.links.filter((one) => one !== null),
    test: !parts.livemode,
  });
}

const isNothing = (units: string): boolean => /^0+$/.test(units);

/** Several types are what the buyer could have paid with, and say nothing of what it was. */
const onlyOne = (types: readonly string[]): string | null => (types.length === 1 ? (types[0] ?? null) : null);

const metadataLinks = (metadata: WireMetadata): (PaymentLink | null)[] =>
  Object.entries(metadata)
    .filter(([name]) => !name.startsWith(OWN_METADATA))
    .slice(0, MAX_LINKS)
    .map(([name, value]) => link(`metadata.${name}`, value));

function link(by: string, value: string | null | undefined): PaymentLink | null {
  const text = value?.trim() ?? '';
  return text === '' || text.length > MAX_LINK_LENGTH ? null : { by, value: text };
}
