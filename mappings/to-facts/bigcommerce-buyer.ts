// Who bought in a BigCommerce store. The VAT number has no field of its own: merchants add one to the address form.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { vatNumberAmong } from '../tables/vat-number-keys.ts';
import type { Snapshot, WireAddress } from './bigcommerce-wire.ts';

const MAX_EMAIL = 320;

/** The buyer: a company when the billing address names one or a VAT number was given, else a person. */
export function readBuyer({ order, shipping_addresses }: Snapshot): Buyer {
  const billing = order.billing_address;
  const address = readAddress(billing);
  const taxNumber = vatNumberAmong(billing.form_fields, address.country);
  const delivery = shipping_addresses.map(readAddress).find((one) => one.line1 !== '' || one.city !== '') ?? null;
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
    delivery: delivery !== null && written(delivery) !== written(address) ? delivery : null,
  };
}

const readAddress = (wire: WireAddress): Address => ({
  name: wire.company || [wire.first_name, wire.last_name].filter(Boolean).join(' '),
  line1: wire.street_1,
  line2: wire.street_2,
  postCode: wire.zip,
  city: wire.city,
  region: wire.state,
  country: /^[A-Z]{2}$/.test(wire.country_iso2.toUpperCase()) ? wire.country_iso2.toUpperCase() : '',
});

const written = (address: Address): string => Object.values(address).join('\n').toLowerCase();
