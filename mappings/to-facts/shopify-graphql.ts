// A Shopify order as its Admin GraphQL API shows it, told in the words of a webhook's body, so that one mapping reads both:
// https://shopify.dev/docs/api/admin-graphql/2026-07/objects/Order. Ids lose their `gid://…/`, enums their capitals.
import { z } from 'zod';
import { WireOrderSchema } from './shopify-wire.ts';

const gid = z
  .string()
  .regex(/^gid:\/\/shopify\/\w+\/\d+(\?|$)/, 'expected an id such as gid://shopify/Order/1')
  .transform((id) => id.replace(/^.*\/(\d+)(\?.*)?$/, '$1'));
const word = z
  .string()
  .nullish()
  .transform((text) => text?.toLowerCase());
const text = z.string().nullish();
const flag = z.boolean().nullish();

/** A list that is read page by page. */
const connectionOf = <T extends z.ZodType>(node: T) =>
  z
    .object({ nodes: z.array(node) })
    .nullish()
    .transform((list) => list?.nodes ?? []);

const moneyBag = z
  .object({ presentmentMoney: z.object({ amount: z.string(), currencyCode: z.string() }) })
  .transform(({ presentmentMoney: { amount, currencyCode } }) => ({
    presentment_money: { amount, currency_code: currencyCode },
  }));
const maybeMoney = moneyBag.nullish();

/** Webhooks tell an amount twice, flat and as a set; the set is the one that is read. */
const flatOf = (set: z.infer<typeof moneyBag>): string => set.presentment_money.amount;

const TaxLineSchema = z
  .object({ rate: text, channelLiable: flag, priceSet: moneyBag })
  .transform(({ rate, channelLiable, priceSet }) => ({
    rate,
    channel_liable: channelLiable,
    price: flatOf(priceSet),
    price_set: priceSet,
  }));

const DiscountSchema = z
  .object({ allocatedAmountSet: moneyBag })
  .transform(({ allocatedAmountSet }) => ({ amount: flatOf(allocatedAmountSet), amount_set: allocatedAmountSet }));

const taxedAndDiscounted = { taxLines: z.array(TaxLineSchema), discountAllocations: z.array(DiscountSchema) };

const LineSchema = z
  .object({
    ...taxedAndDiscounted,
    id: gid,
    title: text,
    variantTitle: text,
    sku: text,
    quantity: z.string(),
    currentQuantity: text,
    originalUnitPriceSet: moneyBag,
  })
  .transform((line) => ({
    id: line.id,
    title: line.title,
    variant_title: line.variantTitle,
    sku: line.sku,
    quantity: line.quantity,
    current_quantity: line.currentQuantity,
    price: flatOf(line.originalUnitPriceSet),
    price_set: line.originalUnitPriceSet,
    tax_lines: line.taxLines,
    discount_allocations: line.discountAllocations,
  }));

const ShippingSchema = z
  .object({
    ...taxedAndDiscounted,
    id: gid.nullish(),
    title: text,
    isRemoved: flag,
    originalPriceSet: moneyBag,
    discountedPriceSet: moneyBag,
  })
  .transform((line) => ({
    id: line.id,
    title: line.title,
    is_removed: line.isRemoved,
    price: flatOf(line.originalPriceSet),
    price_set: line.originalPriceSet,
    discounted_price: flatOf(line.discountedPriceSet),
    discounted_price_set: line.discountedPriceSet,
    tax_lines: line.taxLines,
    discount_allocations: line.discountAllocations,
  }));

const TransactionSchema = z
  .object({
    kind: word,
    status: word,
    processedAt: text,
    amountSet: moneyBag,
    authorizationCode: text,
    receiptJson: z.unknown().optional(),
  })
  .transform((one) => ({
    kind: one.kind,
    status: one.status,
    processed_at: one.processedAt,
    amount_set: one.amountSet,
    authorization: one.authorizationCode,
    receipt: one.receiptJson,
  }));

/** A page of a refund: its lists may go on in further ones. */
const RefundSchema = z.object({
  id: gid,
  createdAt: text,
  processedAt: text,
  note: text,
  transactions: connectionOf(TransactionSchema),
  refundLineItems: connectionOf(
    z
      .object({ lineItem: z.object({ id: gid }), quantity: z.string(), subtotalSet: moneyBag, totalTaxSet: moneyBag })
      .transform(({ lineItem, quantity, subtotalSet, totalTaxSet }) => ({
        line_item_id: lineItem.id,
        quantity,
        subtotal_set: subtotalSet,
        total_tax_set: totalTaxSet,
      })),
  ),
  refundShippingLines: connectionOf(
    z
      .object({
        shippingLine: z.object({ id: gid.nullish() }),
        subtotalAmountSet: moneyBag,
        taxAmountSet: moneyBag,
      })
      .transform(({ shippingLine, subtotalAmountSet, taxAmountSet }) => ({
        shipping_line_id: shippingLine.id,
        subtotal_amount_set: subtotalAmountSet,
        tax_amount_set: taxAmountSet,
      })),
  ),
});
type RefundPage = z.infer<typeof RefundSchema>;

const AddressSchema = z
  .object({
    firstName: text,
    lastName: text,
    name: text,
    company: text,
    address1: text,
    address2: text,
    city: text,
    zip: text,
    province: text,
    countryCodeV2: text,
    phone: text,
  })
  .transform(({ firstName, lastName, countryCodeV2, ...rest }) => ({
    ...rest,
    first_name: firstName,
    last_name: lastName,
    country_code: countryCodeV2,
  }))
  .nullish();

const CustomerSchema = z
  .object({
    id: gid,
    firstName: text,
    lastName: text,
    defaultEmailAddress: z.object({ emailAddress: text }).nullish(),
    defaultPhoneNumber: z.object({ phoneNumber: text }).nullish(),
    defaultAddress: AddressSchema,
  })
  .transform((customer) => ({
    id: customer.id,
    first_name: customer.firstName,
    last_name: customer.lastName,
    email: customer.defaultEmailAddress?.emailAddress,
    phone: customer.defaultPhoneNumber?.phoneNumber,
    default_address: customer.defaultAddress,
  }))
  .nullish();

/** Who bought: of a business, its name and its tax registration. */
const PurchaserSchema = z
  .object({
    company: z.object({ name: text }).nullish(),
    location: z.object({ taxSettings: z.object({ taxRegistrationId: text }).nullish() }).nullish(),
  })
  .nullish();

/** Lines beyond the order's first page. */
const PageSchema = z.object({
  lineItems: connectionOf(LineSchema),
  shippingLines: connectionOf(ShippingSchema),
});

const OrderSchema = z.object({
  ...PageSchema.shape,
  id: gid,
  name: text,
  number: text,
  currencyCode: z.string(),
  presentmentCurrencyCode: text,
  displayFinancialStatus: word,
  createdAt: z.string(),
  updatedAt: z.string(),
  processedAt: text,
  cancelledAt: text,
  confirmed: flag,
  test: flag,
  taxesIncluded: z.boolean(),
  totalPriceSet: moneyBag,
  currentTotalPriceSet: maybeMoney,
  totalTaxSet: maybeMoney,
  totalTipReceivedSet: maybeMoney,
  totalCashRoundingAdjustment: z.object({ paymentSet: maybeMoney }).nullish(),
  originalTotalDutiesSet: maybeMoney,
  transactions: z.array(TransactionSchema),
  paymentGatewayNames: z.array(z.string()),
  paymentTerms: z.object({ paymentSchedules: connectionOf(z.unknown()) }).nullish(),
  customAttributes: z.array(z.object({ key: text, value: text })),
  customer: CustomerSchema,
  email: text,
  phone: text,
  customerLocale: text,
  billingAddress: AddressSchema,
  shippingAddress: AddressSchema,
  purchasingEntity: PurchaserSchema,
  localizedFields: connectionOf(z.object({ key: z.string(), value: text })),
  tags: z.array(z.string()),
});

/** `TAX_CREDENTIAL_IT` is a number, `TAX_CREDENTIAL_TYPE_CO` and `TAX_EMAIL_IT` are none. */
const TAX_CREDENTIAL = /^TAX_CREDENTIAL_[A-Z]{2}$/;

/** What the connector puts together of one order: the order, its lines' further pages, and every page of every refund. */
const FetchedSchema = z.object({
  order: OrderSchema,
  pages: z.array(PageSchema),
  refunds: z.array(RefundSchema),
});

/** Reads a fetched order as the order that a webhook would have told, with what no webhook tells. */
export const FetchedOrderSchema = FetchedSchema.transform(asWebhook).pipe(WireOrderSchema);

type WebhookOrder = z.input<typeof WireOrderSchema>;

function asWebhook({ order, pages, refunds }: z.infer<typeof FetchedSchema>): WebhookOrder {
  return {
    id: order.id,
    name: order.name,
    order_number: order.number,
    currency: order.currencyCode,
    presentment_currency: order.presentmentCurrencyCode,
    financial_status: order.displayFinancialStatus,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    processed_at: order.processedAt,
    cancelled_at: order.cancelledAt,
    confirmed: order.confirmed,
    test: order.test,
    taxes_included: order.taxesIncluded,
    total_price: flatOf(order.totalPriceSet),
    total_price_set: order.totalPriceSet,
    current_total_price: order.currentTotalPriceSet?.presentment_money.amount,
    current_total_price_set: order.currentTotalPriceSet,
    total_tax: order.totalTaxSet?.presentment_money.amount,
    total_tax_set: order.totalTaxSet,
    total_tip_received_set: order.totalTipReceivedSet,
    total_cash_rounding_payment_adjustment_set: order.totalCashRoundingAdjustment?.paymentSet,
    original_total_duties_set: order.originalTotalDutiesSet,
    line_items: [order, ...pages].flatMap(({ lineItems }) => lineItems),
    shipping_lines: [order, ...pages].flatMap(({ shippingLines }) => shippingLines),
    refunds: [...Map.groupBy(refunds, ({ id }) => id).values()].flatMap(refundOf),
    transactions: order.transactions,
    payment_gateway_names: order.paymentGatewayNames,
    payment_terms: order.paymentTerms && { payment_schedules: order.paymentTerms.paymentSchedules },
    note_attributes: order.customAttributes.map(({ key, value }) => ({ name: key, value })),
    customer: order.customer,
    email: order.email,
    phone: order.phone,
    customer_locale: order.customerLocale,
    billing_address: order.billingAddress,
    shipping_address: order.shippingAddress,
    purchasing_company: order.purchasingEntity?.company?.name,
    tax_registration: order.purchasingEntity?.location?.taxSettings?.taxRegistrationId,
    tax_credential: order.localizedFields.find(({ key, value }) => value && TAX_CREDENTIAL.test(key))?.value,
    tags: order.tags.join(','),
  };
}

/** One refund of all its pages. */
const refundOf = (pages: readonly RefundPage[]): NonNullable<WebhookOrder['refunds']> =>
  pages.slice(0, 1).map(({ id, createdAt, processedAt, note }) => ({
    id,
    created_at: createdAt,
    processed_at: processedAt,
    note,
    transactions: pages.flatMap(({ transactions }) => transactions),
    refund_line_items: pages.flatMap(({ refundLineItems }) => refundLineItems),
    refund_shipping_lines: pages.flatMap(({ refundShippingLines }) => refundShippingLines),
  }));
