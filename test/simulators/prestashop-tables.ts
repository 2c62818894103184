// What a simulated PrestaShop keeps, in the columns and spellings of its database: every value a text, amounts with six
// decimals, dates as the shop's clock shows them.

export type Row = { id: string; [column: string]: unknown };

/** Columns of each resource of the webservice, besides `id`. A list that is no column of its own is an association. */
const COLUMNS = {
  orders:
    'id_address_delivery id_address_invoice id_cart id_currency id_lang id_customer id_carrier current_state module ' +
    'invoice_number invoice_date valid date_add date_upd id_shop secure_key payment total_discounts ' +
    'total_discounts_tax_incl total_discounts_tax_excl total_paid total_paid_tax_incl total_paid_tax_excl ' +
    'total_paid_real total_products total_products_wt total_shipping total_shipping_tax_incl total_shipping_tax_excl ' +
    'carrier_tax_rate total_wrapping total_wrapping_tax_incl total_wrapping_tax_excl round_mode round_type ' +
    'conversion_rate reference',
  order_details:
    'id_order product_id product_name product_reference product_quantity product_quantity_refunded product_price ' +
    'unit_price_tax_incl unit_price_tax_excl total_price_tax_incl total_price_tax_excl ecotax ecotax_tax_rate download_hash',
  order_histories: 'id_employee id_order_state id_order date_add',
  order_invoices: 'id_order number total_paid_tax_incl total_paid_tax_excl date_add',
  order_payments:
    'order_reference id_currency amount payment_method conversion_rate transaction_id card_number card_holder date_add',
  order_slip:
    'id_customer id_order conversion_rate total_products_tax_excl total_products_tax_incl total_shipping_tax_excl ' +
    'total_shipping_tax_incl amount shipping_cost shipping_cost_amount partial date_add date_upd order_slip_type',
  order_cart_rules: 'id_order id_cart_rule id_order_invoice name value value_tax_excl free_shipping deleted',
  order_states:
    'unremovable delivery hidden send_email module_name invoice color logable shipped paid deleted name template',
  customers: 'id_lang passwd secure_key lastname firstname email company siret ape is_guest date_add date_upd',
  addresses:
    'id_customer id_country id_state alias company lastname firstname vat_number address1 address2 postcode city phone ' +
    'phone_mobile dni deleted date_add date_upd',
  countries: 'iso_code name',
  states: 'id_country iso_code name',
  currencies: 'iso_code name conversion_rate',
  languages: 'iso_code language_code name',
  carriers: 'name deleted',
  taxes: 'rate name active deleted',
  configurations: 'name value',
} as const;

export type Resource = keyof typeof COLUMNS;

/** Lists that belong to a row and are shown only when it is shown in full. */
const ASSOCIATIONS: Partial<Record<Resource, string>> = {
  orders: 'order_rows',
  order_details: 'taxes',
  order_slip: 'order_slip_details',
};

/** Columns with a text for each language. */
export const TRANSLATED: Partial<Record<Resource, readonly string[]>> = {
  order_states: ['name', 'template'],
  countries: ['name'],
  taxes: ['name'],
};

export const isResource = (name: string): name is Resource => Object.hasOwn(COLUMNS, name);
export const RESOURCES = Object.keys(COLUMNS) as Resource[];
export const columnsOf = (resource: Resource): string[] => ['id', ...COLUMNS[resource].split(' ')];
export const associationOf = (resource: Resource): string | undefined => ASSOCIATIONS[resource];

export type Tables = Record<Resource, Row[]>;

type StateRow = [id: string, name: string, template: string, flags: readonly string[]];

/** The states that PrestaShop installs. A state that is paid is not always one that is in hand (3), nor one that lasts (9). */
const STATES: readonly StateRow[] = [
  ['1', 'Awaiting check payment', 'cheque', []],
  ['2', 'Payment accepted', 'payment', ['invoice', 'logable', 'paid']],
  ['3', 'Processing in progress', 'preparation', ['invoice', 'logable', 'delivery', 'paid']],
  ['4', 'Shipped', 'shipped', ['invoice', 'logable', 'delivery', 'shipped', 'paid']],
  ['5', 'Delivered', '', ['invoice', 'logable', 'delivery', 'shipped', 'paid']],
  ['6', 'Canceled', 'order_canceled', []],
  ['7', 'Refunded', 'refund', ['invoice']],
  ['8', 'Payment error', 'payment_error', []],
  ['9', 'On backorder (paid)', 'outofstock', ['invoice', 'paid']],
  ['10', 'Awaiting bank wire payment', 'bankwire', []],
  ['11', 'Remote payment accepted', 'payment', ['invoice', 'logable', 'paid']],
  ['12', 'On backorder (not paid)', 'outofstock', []],
  ['13', 'Awaiting Cash On Delivery validation', 'cashondelivery', []],
];

const FLAGS = ['unremovable', 'delivery', 'hidden', 'send_email', 'invoice', 'logable', 'shipped', 'paid', 'deleted'];

export const amount = (cents: number): string => (cents / 100).toFixed(6);

/** A shop with its states, taxes, languages and places, and without orders. */
export function newTables(shop: { timeZone: string; ownInvoices: boolean }): Tables {
  const tables = Object.fromEntries(RESOURCES.map((resource) => [resource, [] as Row[]])) as Tables;
  tables.order_states = STATES.map(([id, name, template, set]) => ({
    id,
    name,
    template,
    module_name: '',
    color: '#3498D8',
    ...Object.fromEntries(FLAGS.map((flag) => [flag, set.includes(flag) ? '1' : '0'])),
  }));
  tables.taxes = ['20', '10', '5.5', '0'].map((rate, index) => ({
    id: String(index + 1),
    rate: Number(rate).toFixed(3),
    name: `TVA ${rate}%`,
    active: '1',
    deleted: '0',
  }));
  tables.countries = [
    { id: '8', iso_code: 'FR', name: 'France' },
    { id: '6', iso_code: 'ES', name: 'Spain' },
    { id: '21', iso_code: 'US', name: 'United States' },
  ];
  tables.states = [{ id: '9', id_country: '21', iso_code: 'FL', name: 'Florida' }];
  tables.currencies = [
    { id: '1', iso_code: 'EUR', name: 'Euro', conversion_rate: '1.000000' },
    { id: '2', iso_code: 'USD', name: 'US Dollar', conversion_rate: '1.100000' },
    { id: '3', iso_code: 'JPY', name: 'Yen', conversion_rate: '160.000000' },
  ];
  tables.languages = [
    { id: '1', iso_code: 'fr', language_code: 'fr-fr', name: 'Français' },
    { id: '2', iso_code: 'gb', language_code: 'en-gb', name: 'English' },
  ];
  tables.carriers = [
    { id: '1', name: '0', deleted: '0' },
    { id: '2', name: 'Colis du facteur', deleted: '0' },
  ];
  tables.configurations = [
    { id: '1', name: 'PS_SHOP_NAME', value: 'Maison Lambert' },
    { id: '2', name: 'PS_TIMEZONE', value: shop.timeZone },
    { id: '3', name: 'PS_INVOICE', value: shop.ownInvoices ? '1' : '0' },
  ];
  return tables;
}
