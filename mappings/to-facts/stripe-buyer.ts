// Who bought at Stripe: what Checkout asked the buyer, what a charge has as its billing details, or whom Stripe invoiced.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import type { WireFullSession } from './stripe-sale-wire.ts';
import type { WireAddress, WireCharge, WirePaymentIntent } from './stripe-wire.ts';

const MAX_EMAIL = 320;
const MAX_TAX_NUMBER = 64;

/** What is known of a buyer; empty where nothing is. */
export type Identity = {
  customerId: string | null;
  /** Whoever it is, as one text. */
  name: string;
  company: string;
  email: string;
  phone: string;
  taxNumber: string;
  address: WireAddress;
  delivery: { name: string; address?: WireAddress } | null;
};

/** A company where a business was named or a tax number given, else a person. */
export function buyerOf(who: Identity, fallbackName: string): Buyer {
  const company = who.company || (who.taxNumber === '' ? '' : who.name);
  const name = company || who.name || who.email || fallbackName;
  const address = readAddress(who.address, name);
  const delivery = who.delivery === null ? null : readAddress(who.delivery.address, who.delivery.name || name);
  return {
    customerId: who.customerId,
    kind: company === '' ? 'person' : 'company',
    name,
    company,
    // Stripe has one text for a person's name; which part of it is which nobody knows.
    firstName: '',
    lastName: '',
    email: who.email !== '' && who.email.length <= MAX_EMAIL ? who.email : null,
    phone: who.phone,
    taxNumber: who.taxNumber === '' ? null : who.taxNumber,
    address,
    delivery: delivery !== null && isElsewhere(delivery, address) ? delivery : null,
  };
}

/** The buyer as Checkout asked for them. With a tax number, the name that was asked is the business's. */
export function identityInSession(session: WireFullSession): Identity {
  const { customer_details: details, collected_information: collected } = session;
  return {
    customerId: session.customer,
    name: details?.individual_name || collected?.individual_name || details?.name || '',
    company: details?.business_name || collected?.business_name || '',
    email: details?.email ?? '',
    phone: details?.phone ?? '',
    taxNumber: taxNumberAmong(details?.tax_ids ?? []),
    address: details?.address,
    delivery: collected?.shipping_details ?? null,
  };
}

/** The buyer of a payment without a session, by what its charge has. */
export function identityInPayment(intent: WirePaymentIntent, charge: WireCharge | undefined): Identity {
  const billing = charge?.billing_details;
  return {
    customerId: intent.customer,
    name: billing?.name || intent.shipping?.name || '',
    company: '',
    email: billing?.email || charge?.receipt_email || intent.receipt_email,
    phone: billing?.phone ?? '',
    taxNumber: '',
    address: hasPlace(billing?.address) ? billing?.address : intent.shipping?.address,
    delivery: intent.shipping ?? null,
  };
}

/** The number that was given, a VAT number before any other; Stripe does not promise that it was verified. */
export function taxNumberAmong(ids: readonly { type: string; value: string }[]): string {
  const given = ids.filter(({ value }) => value !== '' && value.length <= MAX_TAX_NUMBER);
  return (given.find(({ type }) => type.endsWith('_vat')) ?? given[0])?.value ?? '';
}

/** The buyer's language as a BCP 47 tag; null for none, and for the browser's own ("auto"). */
export const languageOf = (locale: string): string | null =>
  locale !== 'auto' && locale.length <= 20 && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(locale) ? locale : null;

function readAddress(wire: WireAddress, name: string): Address {
  const country = (wire?.country ?? '').toUpperCase();
  return {
    name,
    line1: wire?.line1 ?? '',
    line2: wire?.line2 ?? '',
    postCode: wire?.postal_code ?? '',
    city: wire?.city ?? '',
    region: wire?.state ?? '',
    country: /^[A-Z]{2}$/.test(country) ? country : '',
  };
}

const hasPlace = (wire: WireAddress): boolean => Boolean(wire?.line1 || wire?.city || wire?.country);

/** True for another place or another receiver; an empty one is no place. */
const isElsewhere = (delivery: Address, billing: Address): boolean =>
  (delivery.line1 !== '' || delivery.city !== '') &&
  JSON.stringify(delivery).toLowerCase() !== JSON.stringify(billing).toLowerCase();
