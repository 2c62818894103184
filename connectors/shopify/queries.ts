// What is asked of Shopify's Admin GraphQL API. The numbers of rows keep every query below the 1000 points that a single one
// may cost (an object counts 1, a list its rows), and leave room in the smallest bucket.

const MONEY = 'fragment Money on MoneyBag { presentmentMoney { amount currencyCode } }';

const ADDRESS = `fragment Address on MailingAddress {
  firstName lastName name company address1 address2 city zip province countryCodeV2 phone
}`;

const LINE = `fragment Line on LineItem {
  id title variantTitle sku quantity currentQuantity
  originalUnitPriceSet { ...Money }
  taxLines { rate channelLiable priceSet { ...Money } }
  discountAllocations { allocatedAmountSet { ...Money } }
}`;

const SHIPPING = `fragment Shipping on ShippingLine {
  id title isRemoved
  originalPriceSet { ...Money }
  discountedPriceSet { ...Money }
  taxLines { rate channelLiable priceSet { ...Money } }
  discountAllocations { allocatedAmountSet { ...Money } }
}`;

const TRANSACTION = `fragment Transaction on OrderTransaction {
  kind status processedAt authorizationCode receiptJson
  amountSet { ...Money }
}`;

/** The order with the first page of its lines. Of payment terms two schedules tell that there are several. */
export const ORDER = `query Order($id: ID!) {
  order(id: $id) {
    id name number currencyCode presentmentCurrencyCode displayFinancialStatus
    createdAt updatedAt processedAt cancelledAt confirmed test taxesIncluded
    totalPriceSet { ...Money }
    currentTotalPriceSet { ...Money }
    totalTaxSet { ...Money }
    totalTipReceivedSet { ...Money }
    totalCashRoundingAdjustment { paymentSet { ...Money } }
    originalTotalDutiesSet { ...Money }
    lineItems(first: 40) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
    shippingLines(first: 10, includeRemovals: true) { nodes { ...Shipping } pageInfo { hasNextPage endCursor } }
    refunds { id }
    transactions { ...Transaction }
    paymentGatewayNames
    paymentTerms { paymentSchedules(first: 2) { nodes { dueAt } } }
    customAttributes { key value }
    customer {
      id firstName lastName
      defaultEmailAddress { emailAddress }
      defaultPhoneNumber { phoneNumber }
      defaultAddress { ...Address }
    }
    email phone customerLocale
    billingAddress { ...Address }
    shippingAddress { ...Address }
    purchasingEntity { ... on PurchasingCompany { company { name } location { taxSettings { taxRegistrationId } } } }
    localizedFields(first: 10, purposes: [TAX]) { nodes { key value } }
    tags
  }
}
${MONEY}
${ADDRESS}
${LINE}
${SHIPPING}
${TRANSACTION}`;

/** More of an order's lines. A list that has ended is asked for behind its last row, where nothing is. */
export const MORE_LINES = `query MoreLines($id: ID!, $lineItems: String, $shippingLines: String) {
  order(id: $id) {
    updatedAt
    lineItems(first: 60, after: $lineItems) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
    shippingLines(first: 10, after: $shippingLines, includeRemovals: true) {
      nodes { ...Shipping } pageInfo { hasNextPage endCursor }
    }
  }
}
${MONEY}
${LINE}
${SHIPPING}`;

/** A page of one refund. */
export const REFUND = `query Refund(
  $id: ID!, $refundLineItems: String, $refundShippingLines: String, $transactions: String
) {
  refund(id: $id) {
    id createdAt processedAt note
    order { updatedAt }
    refundLineItems(first: 60, after: $refundLineItems) {
      nodes { quantity lineItem { id } subtotalSet { ...Money } totalTaxSet { ...Money } }
      pageInfo { hasNextPage endCursor }
    }
    refundShippingLines(first: 10, after: $refundShippingLines) {
      nodes { shippingLine { id } subtotalAmountSet { ...Money } taxAmountSet { ...Money } }
      pageInfo { hasNextPage endCursor }
    }
    transactions(first: 20, after: $transactions) {
      nodes { ...Transaction }
      pageInfo { hasNextPage endCursor }
    }
  }
}
${MONEY}
${TRANSACTION}`;

/** Which orders changed, oldest change first. */
export const CHANGED_ORDERS = `query ChangedOrders($filter: String!, $after: String) {
  orders(first: 25, after: $after, query: $filter, sortKey: UPDATED_AT) {
    edges { cursor node { id updatedAt } }
    pageInfo { hasNextPage }
  }
}`;

export const SHOP = `query Shop {
  shop { name myshopifyDomain }
  currentAppInstallation { accessScopes { handle } }
}`;

/** Whatever stands in it is of no interest, only whether it is shown. */
export const BUYERS = `query Buyers {
  orders(first: 1) {
    nodes { id email phone billingAddress { name } shippingAddress { name } customer { id firstName } }
  }
}`;

export const SET_METAFIELDS = `mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { key }
    userErrors { field message code }
  }
}`;
