// One order, shown two ways: as a webhook's body (REST JSON) and as the Admin GraphQL API's objects. Written from Shopify's
// reference, apart from the mapping.

/** JSON in the words of a webhook; ids are texts here, because they may exceed what a number holds. */
export type Wire = Record<string, unknown>;

/** An order as the shop holds it: what webhooks carry, and what only the API shows. */
export type OrderRecord = {
  rest: Wire;
  transactions: Wire[];
  company: { name: string; taxRegistrationId: string | null } | null;
  localizedFields: { key: string; title: string; value: string }[];
};

/** The body that is sent: ids as numbers of any length, everything else as it stands. */
export const bodyOf = (rest: Wire): string =>
  JSON.stringify(rest).replace(/"((?:\w+_)?id)":"(\d+)"/g, (_all, key: string, digits: string) => `"${key}":${digits}`);

export const gid = (type: string, id: unknown): string => `gid://shopify/${type}/${String(id)}`;

/** Second precision, in UTC. */
export const utc = (told: unknown): string | null =>
  typeof told === 'string' ? `${new Date(told).toISOString().slice(0, 19)}Z` : null;

const rows = (list: unknown): Wire[] => (Array.isArray(list) ? (list as Wire[]) : []);
const capitals = (told: unknown): string | null => (typeof told === 'string' ? told.toUpperCase() : null);

/** The API shows an order in full; what a query does not select stays away. */
export function orderObject({ rest, transactions, company, localizedFields }: OrderRecord): Wire {
  const bag = bagOf(rest);
  const lines = rows(rest.line_items).map((line) => lineObject(line, bag));
  const shipping = rows(rest.shipping_lines).map((line) => shippingObject(line, bag));
  const order: Wire = {
    id: gid('Order', rest.id),
    legacyResourceId: String(rest.id),
    name: rest.name,
    number: Number(rest.order_number),
    note: rest.note ?? null,
    email: rest.email ?? null,
    phone: rest.phone ?? null,
    customerLocale: rest.customer_locale ?? null,
    currencyCode: rest.currency,
    presentmentCurrencyCode: rest.presentment_currency ?? rest.currency,
    displayFinancialStatus: capitals(rest.financial_status),
    createdAt: utc(rest.created_at),
    updatedAt: utc(rest.updated_at),
    processedAt: utc(rest.processed_at),
    cancelledAt: utc(rest.cancelled_at),
    confirmed: rest.confirmed ?? true,
    test: rest.test ?? false,
    taxesIncluded: rest.taxes_included,
    tags: String(rest.tags ?? '')
      .split(',')
      .flatMap((tag) => tag.trim() || []),
    paymentGatewayNames: rest.payment_gateway_names ?? [],
    totalPriceSet: bag(rest.total_price_set, rest.total_price),
    currentTotalPriceSet: bag(rest.current_total_price_set, rest.current_total_price ?? rest.total_price),
    totalTaxSet: bag(rest.total_tax_set, rest.total_tax),
    totalTipReceivedSet: bag(rest.total_tip_received_set, rest.total_tip_received ?? '0'),
    totalCashRoundingAdjustment: { paymentSet: bag(rest.total_cash_rounding_payment_adjustment_set, '0') },
    originalTotalDutiesSet: rest.original_total_duties_set ? bag(rest.original_total_duties_set, null) : null,
    lineItems: lines,
    shippingLines: shipping,
    transactions: transactions.map((one) => transactionObject(one, bag)),
    paymentTerms: termsObject(rest.payment_terms),
    customAttributes: rows(rest.note_attributes).map(({ name, value }) => ({ key: name, value: String(value ?? '') })),
    customer: customerObject(rest.customer),
    billingAddress: addressObject(rest.billing_address),
    shippingAddress: addressObject(rest.shipping_address),
    purchasingEntity: company
      ? {
          __typename: 'PurchasingCompany',
          company: { id: gid('Company', 1), name: company.name },
          location: { id: gid('CompanyLocation', 1), taxSettings: { taxRegistrationId: company.taxRegistrationId } },
        }
      : rest.customer
        ? { __typename: 'Customer' }
        : null,
    localizedFields: localizedFields.map((field) => ({ ...field, purpose: 'TAX' })),
  };
  order.refunds = rows(rest.refunds).map((refund) => refundObject(refund, order, lines, shipping, bag));
  return order;
}

type Bag = (set: unknown, flat: unknown) => Wire | null;

/** Amounts of old versions stand flat, in the shop's currency; the API always shows a bag. Its decimals are its own. */
function bagOf(rest: Wire): Bag {
  const money = (told: Wire | undefined): Wire | null =>
    told ? { amount: decimal(told.amount), currencyCode: told.currency_code } : null;
  return (set, flat) => {
    const { shop_money, presentment_money } = (set ?? {}) as Record<string, Wire>;
    if (presentment_money)
      return { shopMoney: money(shop_money ?? presentment_money), presentmentMoney: money(presentment_money) };
    if (flat === null || flat === undefined) return null;
    const shop = { amount: decimal(flat), currencyCode: rest.currency };
    return { shopMoney: shop, presentmentMoney: shop };
  };
}

/** "5.00" is shown as "5.0". */
const decimal = (amount: unknown): string => {
  const [whole = '0', part = ''] = String(amount).split('.');
  return `${whole}.${part.replace(/0+$/, '') || '0'}`;
};

const priced = (line: Wire, bag: Bag): Wire => ({
  taxLines: rows(line.tax_lines).map((tax) => ({
    title: tax.title,
    rate: tax.rate === null || tax.rate === undefined ? null : Number(tax.rate),
    channelLiable: tax.channel_liable ?? null,
    priceSet: bag(tax.price_set, tax.price),
  })),
  discountAllocations: rows(line.discount_allocations).map((one) => ({
    allocatedAmountSet: bag(one.amount_set, one.amount),
  })),
});

const lineObject = (line: Wire, bag: Bag): Wire => ({
  ...priced(line, bag),
  id: gid('LineItem', line.id),
  name: line.name,
  title: line.title,
  variantTitle: line.variant_title ?? null,
  sku: line.sku ?? null,
  quantity: Number(line.quantity),
  currentQuantity: Number(line.current_quantity ?? line.quantity),
  isGiftCard: line.gift_card ?? false,
  originalUnitPriceSet: bag(line.price_set, line.price),
});

const shippingObject = (line: Wire, bag: Bag): Wire => ({
  ...priced(line, bag),
  id: line.id === null || line.id === undefined ? null : gid('ShippingLine', line.id),
  title: line.title,
  isRemoved: line.is_removed ?? false,
  originalPriceSet: bag(line.price_set, line.price),
  discountedPriceSet: bag(line.discounted_price_set, line.discounted_price ?? line.price),
});

const transactionObject = (one: Wire, bag: Bag): Wire => ({
  id: gid('OrderTransaction', one.id),
  kind: capitals(one.kind),
  status: capitals(one.status),
  gateway: one.gateway ?? null,
  processedAt: utc(one.processed_at),
  authorizationCode: one.authorization ?? null,
  receiptJson: one.receipt === undefined ? null : JSON.stringify(one.receipt),
  amountSet:
    bag(one.amount_set, null) ?? bag({ presentment_money: { amount: one.amount, currency_code: one.currency } }, null),
});

/** The API has shipping by line, with its tax; adjustments of kind `shipping_refund` are the REST API's own. */
const refundObject = (
  refund: Wire,
  order: Wire,
  lines: readonly Wire[],
  shipping: readonly Wire[],
  bag: Bag,
): Wire => ({
  id: gid('Refund', refund.id),
  createdAt: utc(refund.created_at),
  processedAt: utc(refund.processed_at ?? refund.created_at),
  note: refund.note ?? null,
  order,
  refundLineItems: rows(refund.refund_line_items).map((line) => ({
    id: gid('RefundLineItem', line.id),
    quantity: Number(line.quantity),
    restockType: capitals(line.restock_type),
    lineItem: lines.find(({ id }) => id === gid('LineItem', line.line_item_id)) ?? {
      id: gid('LineItem', line.line_item_id),
    },
    subtotalSet: bag(line.subtotal_set, line.subtotal ?? '0'),
    totalTaxSet: bag(line.total_tax_set, line.total_tax ?? '0'),
  })),
  refundShippingLines: rows(refund.refund_shipping_lines).map((line, index) => ({
    id: gid('RefundShippingLine', line.id),
    shippingLine: shipping.find(({ id }) => id === gid('ShippingLine', line.shipping_line_id)) ?? {},
    subtotalAmountSet: bag(line.subtotal_amount_set, null),
    taxAmountSet: bag(line.tax_amount_set, null) ?? shippingTax(refund, index, bag),
  })),
  orderAdjustments: rows(refund.order_adjustments)
    .filter(({ kind }) => kind !== 'shipping_refund')
    .map((one) => ({
      id: gid('OrderAdjustment', one.id),
      reason: 'REFUND_DISCREPANCY',
      amountSet: bag(one.amount_set, one.amount),
      taxAmountSet: bag(one.tax_amount_set, one.tax_amount),
    })),
  transactions: rows(refund.transactions).map((one) => transactionObject(one, bag)),
});

/** The tax of shipping that was returned: a webhook has it in the adjustment of the same money, below zero. */
function shippingTax(refund: Wire, index: number, bag: Bag): Wire | null {
  const adjustment = rows(refund.order_adjustments).filter(({ kind }) => kind === 'shipping_refund')[index];
  const text = JSON.stringify(bag(adjustment?.tax_amount_set, adjustment?.tax_amount ?? '0'));
  return JSON.parse(text.replaceAll('"-', '"')) as Wire;
}

const termsObject = (terms: unknown): Wire | null =>
  terms
    ? {
        id: gid('PaymentTerms', 1),
        paymentTermsName: (terms as Wire).payment_terms_name,
        paymentSchedules: rows((terms as Wire).payment_schedules).map((schedule, index) => ({
          id: gid('PaymentSchedule', index + 1),
          dueAt: utc(schedule.due_at),
          completedAt: utc(schedule.completed_at),
        })),
      }
    : null;

function customerObject(customer: unknown): Wire | null {
  if (!customer) return null;
  const { id, first_name, last_name, email, phone, default_address } = customer as Wire;
  return {
    id: gid('Customer', id),
    firstName: first_name ?? null,
    lastName: last_name ?? null,
    defaultEmailAddress: email ? { emailAddress: email } : null,
    defaultPhoneNumber: phone ? { phoneNumber: phone } : null,
    defaultAddress: addressObject(default_address),
  };
}

function addressObject(address: unknown): Wire | null {
  if (!address) return null;
  const { first_name, last_name, country_code, ...rest } = address as Wire;
  return { ...rest, firstName: first_name ?? null, lastName: last_name ?? null, countryCodeV2: country_code ?? null };
}
