// Who bought in a PrestaShop. The VAT number is unchecked free text, on the invoice or the delivery address as the theme has
// it; companies may have given their SIRET with their account instead.
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { vatNumberAmong } from '../tables/vat-number-keys.ts';
import type { WireAddress, WireOrder } from './prestashop-wire.ts';

const MAX_EMAIL = 320;

/**
 * The buyer: a company where the invoice address or the account names one, or where a VAT number or a SIRET was given; a
 * number of identity (`dni`), which persons have too, is told and makes nobody a company. A guest has no customer id:
 * PrestaShop makes an account for each order of theirs.
 */
export function readBuyer(wire: WireOrder): Buyer {
  const { order } = wire;
  const addressOf = (id: string | null): WireAddress | undefined => wire.addresses.find((one) => one.id === id);
  const invoice = addressOf(order.id_address_invoice);
  const shipped = addressOf(order.id_address_delivery);
  const customer = wire.customers.find(({ id }) => id === order.id_customer);
  const company = invoice?.company || customer?.company || '';
  const firstName = invoice?.firstname || customer?.firstname || '';
  const lastName = invoice?.lastname || customer?.lastname || '';
  const address = readAddress(wire, invoice, company || fullName(firstName, lastName));
  const delivery = readAddress(wire, shipped, shipped?.company || fullName(shipped?.firstname, shipped?.lastname));
  const ofCompany = [
    { key: 'billing_vat_number', value: invoice?.vat_number ?? '' },
    { key: 'vat_number', value: shipped?.vat_number ?? '' },
    { key: 'tax_number', value: customer?.siret ?? '' },
  ];
  const companyNumber = vatNumberAmong(ofCompany, address.country);
  const email = customer?.email ?? '';
  return {
    customerId: customer === undefined || customer.is_guest ? null : customer.id,
    kind: company !== '' || companyNumber !== null ? 'company' : 'person',
    name: address.name || email || 'Client',
    company,
    firstName,
    lastName,
    email: email !== '' && email.length <= MAX_EMAIL ? email : null,
    phone: invoice?.phone || invoice?.phone_mobile || '',
    taxNumber: companyNumber ?? vatNumberAmong([{ key: 'tax_id', value: invoice?.dni ?? '' }], address.country),
    address,
    delivery: shipped !== undefined && isElsewhere(delivery, address) ? delivery : null,
  };
}

/** The buyer's language as a BCP 47 tag: "fr-fr" is "fr-FR". PrestaShop's own short codes ("gb", "qc") are no languages. */
export function readLanguage({ order, languages }: WireOrder): string | null {
  const tag = languages.find(({ id }) => id === order.id_lang)?.language_code.toLowerCase() ?? '';
  if (!/^[a-z]{2,3}(-[a-z]{2})?$/.test(tag)) return null;
  const [name = '', region] = tag.split('-');
  return region === undefined ? name : `${name}-${region.toUpperCase()}`;
}

function readAddress({ countries, states }: WireOrder, wire: WireAddress | undefined, name: string): Address {
  const country = countries.find(({ id }) => id === wire?.id_country)?.iso_code.toUpperCase() ?? '';
  return {
    name,
    line1: wire?.address1 ?? '',
    line2: wire?.address2 ?? '',
    postCode: wire?.postcode ?? '',
    city: wire?.city ?? '',
    region: states.find(({ id }) => id === wire?.id_state)?.name ?? '',
    country: /^[A-Z]{2}$/.test(country) ? country : '',
  };
}

const fullName = (first = '', last = ''): string => [first, last].filter(Boolean).join(' ');

/** True for a place that differs from the invoice address in more than the case of its letters. */
function isElsewhere(delivery: Address, invoice: Address): boolean {
  if (delivery.line1 === '' && delivery.city === '') return false;
  const spelt = (address: Address): string => JSON.stringify(Object.values(address)).toLowerCase();
  return spelt(delivery) !== spelt(invoice);
}
