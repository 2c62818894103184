// Who bought in a WooCommerce shop. The VAT number has no field of its own: checkouts keep it in meta or beside the address.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { vatNumberAmong } from '../tables/vat-number-keys.ts';
import type { WireAddress, WireOrder } from './woocommerce-wire.ts';

/** Meta under which WPML and Polylang keep the language of an order. */
const LANGUAGE_KEYS = ['wpml_language', '_wpml_language', 'lang', '_lang', 'pll_language', '_pll_language'];

const MAX_EMAIL = 320;

/** The buyer: a company when the billing address names one or a VAT number was given, else a person. */
export function readBuyer(order: WireOrder): Buyer {
  const { billing, shipping } = order;
  const address = readAddress(billing);
  const taxNumber = vatNumberAmong([...billingExtras(billing), ...order.meta_data], address.country);
  const delivery = shipping ? readAddress(shipping) : null;
  return {
    customerId: order.customer_id && order.customer_id !== '0' ? order.customer_id : null,
    kind: billing.company !== '' || taxNumber !== null ? 'company' : 'person',
    name: address.name || billing.email || 'Client',
    company: billing.company,
    firstName: billing.first_name,
    lastName: billing.last_name,
    email: billing.email !== '' && billing.email.length <= MAX_EMAIL ? billing.email : null,
    phone: billing.phone,
    taxNumber,
    address,
    delivery: delivery !== null && isElsewhere(delivery, address) ? delivery : null,
  };
}

/** The buyer's language as a BCP 47 tag ("fr", "pt-BR"), where a translation plugin noted it. */
export function readLanguage(order: WireOrder): string | null {
  const noted = LANGUAGE_KEYS.map((key) => order.meta_data.find((entry) => entry.key === key)?.value);
  const tags = [order.lang, ...noted].map((value) => value?.replace('_', '-') ?? '');
  return tags.find((tag) => tag.length <= 20 && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag)) ?? null;
}

/** Some plugins add their fields to the address itself: `billing.vat_number` is `_billing_vat_number` elsewhere. */
const billingExtras = (billing: WireAddress): { key: string; value: string }[] =>
  Object.entries(billing).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ key: `billing_${key.replace(/^_?billing_/, '')}`, value }] : [],
  );

const readAddress = (wire: WireAddress): Address => ({
  name: wire.company || [wire.first_name, wire.last_name].filter(Boolean).join(' '),
  line1: wire.address_1,
  line2: wire.address_2,
  postCode: wire.postcode,
  city: wire.city,
  region: wire.state,
  country: /^[A-Z]{2}$/.test(wire.country.toUpperCase()) ? wire.country.toUpperCase() : '',
});

/** True for a place that is not the billing address; an empty one (nothing to ship) is no place. */
function isElsewhere(delivery: Address, billing: Address): boolean {
  if (delivery.line1 === '' && delivery.city === '') return false;
  const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  return !(
    sameText(delivery.name, billing.name) &&
    sameText(delivery.line1, billing.line1) &&
    sameText(delivery.line2, billing.line2) &&
    sameText(delivery.postCode, billing.postCode) &&
    sameText(delivery.city, billing.city) &&
    sameText(delivery.region, billing.region) &&
    sameText(delivery.country, billing.country)
  );
}
