// Stripe's events to facts. A payment is told by its PaymentIntent and, where Checkout was used, by the session too: both
// give the same payment under the PaymentIntent's id, each with the names of the order that it knows.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Payment, PaymentLink, Understood } from '../../src/domain/facts.ts';
import { parseJson } from '../../src/domain/json.ts';
import { isCurrency, type Minor, minorDigits } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { paymentMode } from '../tables/payment-modes.ts';
import {
  type WireCharge,
  type WireEvent,
  WireEventSchema,
  type WireMetadata,
  type WirePaymentIntent,
  WirePaymentIntentSchema,
  type WireSession,
  WireSessionSchema,
} from './stripe-wire.ts';

export type StripeMode = 'any' | 'live' | 'test';

/** Stripe allows 50 keys of metadata; more would not be Stripe's. */
const MAX_LINKS = 50;
const MAX_LINK_LENGTH = 500;

/**
 * Translates a delivery of Stripe; events of the other mode are ignored. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_event`, `unreadable_payment` (with the path), `status_contradicts_topic`,
 * `unknown_status`, `unknown_currency` and `unreadable_amount`.
 */
export function understandStripe(delivery: StoredDelivery, mode: StripeMode): Result<Understood> {
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;
  const event = WireEventSchema.safeParse(parsed.value);
  if (!event.success) return unreadable('not_an_event', event.error);
  if (mode === 'live' && !event.data.livemode) return ignored('test_mode');
  if (mode === 'test' && event.data.livemode) return ignored('live_mode');

  switch (delivery.topic) {
    case 'payment_intent.succeeded': {
      const intent = WirePaymentIntentSchema.safeParse(event.data.data.object);
      return intent.success ? fromIntent(intent.data, event.data) : unreadable('unreadable_payment', intent.error);
    }
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      const session = WireSessionSchema.safeParse(event.data.data.object);
      return session.success ? fromSession(session.data, event.data) : unreadable('unreadable_payment', session.error);
    }
    default:
      return ignored(reasonToIgnore(delivery.topic));
  }
}

function reasonToIgnore(topic: string): string {
  if (/^charge\.(succeeded|captured|pending|updated)$/.test(topic)) return 'told_by_payment_intent';
  if (/^(refund\.|charge\.refund|charge\.dispute\.)/.test(topic)) return 'told_by_shop';
  if (/^invoice[._]/.test(topic)) return 'invoiced_by_stripe';
  return 'topic_not_used';
}

function fromIntent(intent: WirePaymentIntent, event: WireEvent): Result<Understood> {
  if (isSet(intent.invoice)) return ignored('invoiced_by_stripe');
  if (intent.status !== 'succeeded' || /^0+$/.test(intent.amount_received)) {
    const detail = `${intent.id} is ${intent.status} with ${intent.amount_received} received, in an event that says it succeeded`;
    return err(problem('status_contradicts_topic', detail, 'data.object.status'));
  }
  const charge = chargeOf(intent);
  const chargeId = charge?.id ?? (typeof intent.latest_charge === 'string' ? intent.latest_charge : null);
  return payment({
    id: intent.id,
    amount: intent.amount_received,
    currency: intent.currency,
    created: charge?.created ?? event.created,
    method: charge?.payment_method_details?.type ?? onlyOne(intent.payment_method_types),
    links: [link('transaction', intent.id), link('transaction', chargeId), ...metadataLinks(intent.metadata)],
    event,
  });
}

/** The charge that brought the money, where the event carries it. */
function chargeOf(intent: WirePaymentIntent): WireCharge | undefined {
  if (typeof intent.latest_charge === 'object' && intent.latest_charge !== null) return intent.latest_charge;
  return intent.charges.find((charge) => charge.status === 'succeeded');
}

function fromSession(session: WireSession, event: WireEvent): Result<Understood> {
  // Stripe numbers and issues an invoice of its own for these; a second one would be a duplicate in law.
  if (session.mode === 'subscription' || isSet(session.invoice)) return ignored('invoiced_by_stripe');
  switch (session.payment_status) {
    case 'unpaid':
      return ignored('session_unpaid');
    case 'no_payment_required':
      return ignored('nothing_paid');
    case 'paid':
      break;
    default:
      return err(
        problem(
          'unknown_status',
          `payment_status “${session.payment_status}” is not known`,
          'data.object.payment_status',
        ),
      );
  }
  const { payment_intent, amount_total, currency } = session;
  if (payment_intent === null || !amount_total || !currency) {
    const detail = `session ${session.id} is paid and has no payment_intent, amount_total or currency`;
    return err(problem('unreadable_payment', detail, 'data.object'));
  }
  return payment({
    id: payment_intent,
    amount: amount_total,
    currency,
    created: event.created,
    method: onlyOne(session.payment_method_types),
    links: [
      link('transaction', payment_intent),
      ...metadataLinks(session.metadata),
      link('client_reference_id', session.client_reference_id),
    ],
    event,
  });
}

type Told = {
  id: string;
  amount: string;
  currency: string;
  created: string;
  method: string | null;
  links: (PaymentLink | null)[];
  event: WireEvent;
};

function payment(told: Told): Result<Understood> {
  const currency = told.currency.toUpperCase();
  if (!isCurrency(currency)) {
    const detail = `“${currency.slice(0, 20)}” is no ISO 4217 currency`;
    return err(problem('unknown_currency', detail, 'data.object.currency'));
  }
  const amount = fromStripeUnits(BigInt(told.amount), currency);
  if (amount === null) {
    const detail = `${told.amount} is no payable amount of ${currency}`;
    return err(problem('unreadable_amount', detail, 'data.object'));
  }
  const fact: Payment = {
    id: told.id,
    amount,
    currency,
    paidAt: new Date(Number(told.created) * 1000).toISOString(),
    method: told.method ?? 'stripe',
    mode: told.method === null ? 'other' : paymentMode(told.method),
    links: told.links.filter((one) => one !== null),
    test: !told.event.livemode,
  };
  return ok({ kind: 'facts', facts: [{ kind: 'payment', payment: fact }] });
}

/** Several types are what the buyer could have paid with, and say nothing of what it was. */
const onlyOne = (types: readonly string[]): string | null => (types.length === 1 ? (types[0] ?? null) : null);

const metadataLinks = (metadata: WireMetadata): (PaymentLink | null)[] =>
  Object.entries(metadata)
    .slice(0, MAX_LINKS)
    .map(([name, value]) => link(`metadata.${name}`, value));

function link(by: string, value: string | null | undefined): PaymentLink | null {
  const text = value?.trim() ?? '';
  return text === '' || text.length > MAX_LINK_LENGTH ? null : { by, value: text };
}

// https://docs.stripe.com/currencies: what Stripe counts as having no decimals, and three. It counts ISK and UGX in
// hundredths though they have none, and MGA in whole ariary though ISO 4217 gives it two.
const STRIPE_ZERO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const STRIPE_THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '));

/** Stripe's units as minor units of ISO 4217: (50000, ISK) is 500n. Null where that leaves a fraction. */
function fromStripeUnits(units: bigint, currency: string): Minor | null {
  const stripeDigits = STRIPE_ZERO_DECIMALS.has(currency) ? 0 : STRIPE_THREE_DECIMALS.has(currency) ? 3 : 2;
  const scaled = units * 10n ** BigInt(minorDigits(currency));
  const divisor = 10n ** BigInt(stripeDigits);
  return scaled % divisor === 0n ? scaled / divisor : null;
}

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

const ignored = (reason: string): Result<Understood> => ok({ kind: 'ignored', reason });

function unreadable(code: string, error: { issues: { path: PropertyKey[]; message: string }[] }): Result<Understood> {
  const issue = error.issues[0];
  const at = issue?.path.join('.') ?? '';
  return err(problem(code, `${at}: ${issue?.message ?? 'unexpected'}`, at));
}
