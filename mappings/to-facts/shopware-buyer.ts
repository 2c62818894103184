// Who bought in a Shopware shop: the order keeps a copy of the customer and of the addresses as they were.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { vatNumberAmong } from '../tables/vat-number-keys.ts';
import type { WireAddress, WireOrder } from './shopware-wire.ts';

const MAX_EMAIL = 320;

/** The buyer: a company when one is named or a VAT number was given, else a person. */
export function readBuyer({ orderCustomer, billingAddress, deliveries }: WireOrder): Buyer {
  const company = billingAddress.company || orderCustomer?.company || '';
  const address = readAddress({ ...billingAddress, company });
  const numbers = [...(orderCustomer?.vatIds ?? []), billingAddress.vatId];
  const taxNumber = vatNumberAmong(
    numbers.map((value) => ({ key: 'vat_id', value })),
    address.country,
  );
  const email = orderCustomer?.email ?? '';
  const elsewhere = deliveries.find(({ shippingOrderAddress }) => shippingOrderAddress)?.shippingOrderAddress;
  const delivery = elsewhere ? readAddress(elsewhere) : null;
  return {
    customerId: orderCustomer?.customer && !orderCustomer.customer.guest ? (orderCustomer.customerId ?? null) : null,
    kind: company !== '' || taxNumber !== null ? 'company' : 'person',
    name: address.name || email || 'Client',
    company,
    firstName: billingAddress.firstName || orderCustomer?.firstName || '',
    lastName: billingAddress.lastName || orderCustomer?.lastName || '',
    email: email !== '' && email.length <= MAX_EMAIL ? email : null,
    phone: billingAddress.phoneNumber,
    taxNumber,
    address,
    delivery: delivery !== null && isElsewhere(delivery, address) ? delivery : null,
  };
}

const readAddress = (wire: WireAddress): Address => ({
  name: wire.company || [wire.firstName, wire.lastName].filter(Boolean).join(' '),
  line1: wire.street,
  line2: [wire.additionalAddressLine1, wire.additionalAddressLine2].filter(Boolean).join(', ').slice(0, 500),
  postCode: wire.zipcode,
  city: wire.city,
  region: wire.countryState?.name ?? '',
  country: /^[A-Z]{2}$/.test(wire.country?.iso ?? '') ? (wire.country?.iso ?? '') : '',
});

/** True for a place that is not the billing address. */
const isElsewhere = (delivery: Address, billing: Address): boolean =>
  JSON.stringify(delivery).toLowerCase() !== JSON.stringify(billing).toLowerCase();
