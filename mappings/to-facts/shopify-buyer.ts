// Who bought in a Shopify shop. A webhook carries no VAT number: themes and apps leave it in the order's note attributes,
// and the API tells those that the shop itself knows.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { vatNumberAmong } from '../tables/vat-number-keys.ts';
import type { WireAddress, WireOrder } from './shopify-wire.ts';

/**
 * The buyer: a company when the address names one or a VAT number was given, else a person. What the shop keeps of a
 * business goes before what was typed into the order; a tax credential of the checkout may be a person's. An order over the
 * counter may name nobody; its buyer then bears the order's own name.
 */
export function readBuyer(order: WireOrder): Buyer {
  const { customer } = order;
  const wire = order.billing_address ?? order.shipping_address ?? customer?.default_address ?? null;
  const address = readAddress(wire);
  const firstName = wire?.first_name || customer?.first_name || '';
  const lastName = wire?.last_name || customer?.last_name || '';
  const company = wire?.company || order.purchasing_company;
  const email = order.email || order.contact_email || customer?.email || null;
  const vatNumber = order.tax_registration || vatNumberAmong(noteAttributes(order), address.country);
  const delivery = order.shipping_address ? readAddress(order.shipping_address) : null;
  return {
    customerId: customer?.id && customer.id !== '0' ? customer.id : null,
    kind: company !== '' || vatNumber !== null ? 'company' : 'person',
    name: company || fullName(firstName, lastName) || address.name || email || order.name,
    company,
    firstName,
    lastName,
    email,
    phone: order.phone || wire?.phone || customer?.phone || '',
    taxNumber: vatNumber ?? (order.tax_credential || null),
    address,
    delivery: delivery !== null && differs(delivery, address) ? delivery : null,
  };
}

const noteAttributes = (order: WireOrder): { key: string; value: string }[] =>
  order.note_attributes.flatMap(({ name, value }) => (typeof value === 'string' ? [{ key: name, value }] : []));

function readAddress(wire: WireAddress | null): Address {
  const country = (wire?.country_code ?? '').toUpperCase();
  return {
    name: wire?.company || wire?.name || fullName(wire?.first_name ?? '', wire?.last_name ?? ''),
    line1: wire?.address1 ?? '',
    line2: wire?.address2 ?? '',
    postCode: wire?.zip ?? '',
    city: wire?.city ?? '',
    region: wire?.province ?? '',
    country: /^[A-Z]{2}$/.test(country) ? country : '',
  };
}

const fullName = (first: string, last: string): string => [first, last].filter((part) => part !== '').join(' ');

/** True for another place or another receiver; capitals make no difference. */
const differs = (delivery: Address, billing: Address): boolean =>
  JSON.stringify(delivery).toLowerCase() !== JSON.stringify(billing).toLowerCase();
