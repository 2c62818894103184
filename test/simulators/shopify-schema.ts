// The part of the Admin GraphQL schema (2026-07) that an invoicing client reads, and how a query is carried out against it:
// fields that do not exist are refused, lists are paged, what the app may not see comes as null with an error, and every
// object costs a point.
import type { Document, Field, Fragment, Selection, Value } from './shopify-query.ts';

/** `name` is a scalar, `name:Type` an object, `name:[Type]` a list, `name:Type*` a connection. */
const SCHEMA: Readonly<Record<string, string>> = {
  QueryRoot:
    'shop:Shop order:Order refund:Refund orders:Order* currentAppInstallation:AppInstallation node:Node webhookSubscriptions:WebhookSubscription*',
  Mutation: 'metafieldsSet:MetafieldsSetPayload',
  Shop: 'id name email myshopifyDomain currencyCode',
  AppInstallation: 'id accessScopes:[AccessScope]',
  AccessScope: 'handle description',
  WebhookSubscription: 'id topic uri format',
  MetafieldsSetPayload: 'metafields:[Metafield] userErrors:[MetafieldsSetUserError]',
  Metafield: 'id namespace key type value',
  MetafieldsSetUserError: 'field message code elementIndex',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  MoneyV2: 'amount currencyCode',
  MoneyBag: 'shopMoney:MoneyV2 presentmentMoney:MoneyV2',
  Order: `id legacyResourceId name number note email phone customerLocale currencyCode presentmentCurrencyCode
    displayFinancialStatus displayFulfillmentStatus createdAt updatedAt processedAt cancelledAt cancelReason closedAt
    confirmed test taxesIncluded taxExempt edited unpaid fullyPaid poNumber sourceName tags paymentGatewayNames
    totalPriceSet:MoneyBag currentTotalPriceSet:MoneyBag originalTotalPriceSet:MoneyBag subtotalPriceSet:MoneyBag
    totalTaxSet:MoneyBag totalTipReceivedSet:MoneyBag totalShippingPriceSet:MoneyBag totalDiscountsSet:MoneyBag
    totalRefundedSet:MoneyBag totalReceivedSet:MoneyBag totalOutstandingSet:MoneyBag
    totalCashRoundingAdjustment:CashRoundingAdjustment originalTotalDutiesSet:MoneyBag
    lineItems:LineItem* shippingLines:ShippingLine* refunds:[Refund] transactions:[OrderTransaction]
    taxLines:[TaxLine] paymentTerms:PaymentTerms customAttributes:[Attribute] customer:Customer
    billingAddress:MailingAddress shippingAddress:MailingAddress purchasingEntity:PurchasingEntity
    localizedFields:LocalizedField* metafields:Metafield*`,
  CashRoundingAdjustment: 'paymentSet:MoneyBag refundSet:MoneyBag',
  LineItem: `id name title variantTitle sku quantity currentQuantity refundableQuantity isGiftCard taxable
    originalUnitPriceSet:MoneyBag discountedUnitPriceSet:MoneyBag originalTotalSet:MoneyBag totalDiscountSet:MoneyBag
    taxLines:[TaxLine] discountAllocations:[DiscountAllocation] customAttributes:[Attribute]`,
  ShippingLine: `id title code source isRemoved originalPriceSet:MoneyBag discountedPriceSet:MoneyBag
    taxLines:[TaxLine] discountAllocations:[DiscountAllocation]`,
  TaxLine: 'title rate ratePercentage channelLiable source priceSet:MoneyBag',
  DiscountAllocation: 'allocatedAmountSet:MoneyBag',
  Attribute: 'key value',
  Refund: `id legacyResourceId createdAt updatedAt processedAt note order:Order totalRefundedSet:MoneyBag
    refundLineItems:RefundLineItem* refundShippingLines:RefundShippingLine* orderAdjustments:OrderAdjustment*
    transactions:OrderTransaction*`,
  RefundLineItem: `id quantity restockType restocked lineItem:LineItem priceSet:MoneyBag subtotalSet:MoneyBag
    totalTaxSet:MoneyBag`,
  RefundShippingLine: 'id shippingLine:ShippingLine subtotalAmountSet:MoneyBag taxAmountSet:MoneyBag',
  OrderAdjustment: 'id reason amountSet:MoneyBag taxAmountSet:MoneyBag',
  OrderTransaction: `id kind status gateway formattedGateway createdAt processedAt authorizationCode paymentId receiptJson
    test manualPaymentGateway amountSet:MoneyBag parentTransaction:OrderTransaction`,
  PaymentTerms: 'id paymentTermsName paymentTermsType dueInDays overdue due paymentSchedules:PaymentSchedule*',
  PaymentSchedule: 'id dueAt issuedAt completedAt due',
  Customer: `id firstName lastName displayName taxExempt defaultEmailAddress:CustomerEmailAddress
    defaultPhoneNumber:CustomerPhoneNumber defaultAddress:MailingAddress`,
  CustomerEmailAddress: 'emailAddress',
  CustomerPhoneNumber: 'phoneNumber',
  MailingAddress: `id firstName lastName name company address1 address2 city zip province provinceCode country countryCodeV2
    phone`,
  PurchasingEntity: '',
  PurchasingCompany: 'company:Company location:CompanyLocation',
  Company: 'id name',
  CompanyLocation: 'id name taxSettings:CompanyLocationTaxSettings',
  CompanyLocationTaxSettings: 'taxRegistrationId taxExempt',
  LocalizedField: 'key title value purpose countryCode',
  Node: 'id',
};

type Kind = 'one' | 'list' | 'connection';
type FieldType = { type: string | null; kind: Kind };

const TYPES: ReadonlyMap<string, ReadonlyMap<string, FieldType>> = new Map(
  Object.entries(SCHEMA).map(([type, fields]) => [
    type,
    new Map(
      fields
        .split(/\s+/)
        .filter((field) => field !== '')
        .map((field): [string, FieldType] => {
          const [name = '', of] = field.split(':');
          if (of === undefined) return [name, { type: null, kind: 'one' }];
          const kind: Kind = of.startsWith('[') ? 'list' : of.endsWith('*') ? 'connection' : 'one';
          return [name, { type: of.replace(/[[\]*]/g, ''), kind }];
        }),
    ),
  ]),
);

/** A query that the schema refuses before anything is carried out. */
export class SchemaProblem extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

export type GraphqlError = { message: string; path: (string | number)[]; extensions: { code: string } };
export type Row = { readonly [field: string]: unknown };
export type Root = (field: string, args: Row) => unknown;
/** Why a field is withheld; null where it is shown. */
export type Withheld = (type: string, field: string) => string | null;

export type Carried = { data: Row | null; errors: GraphqlError[]; cost: number };

const MAX_ROWS = 250;

/** What a query may cost at most: every list full. */
export const requestedCost = (document: Document, variables: Row): number =>
  costOf(document, rootOf(document), document.selections, variables);

const rootOf = ({ operation }: Document): string => (operation === 'query' ? 'QueryRoot' : 'Mutation');

function costOf(document: Document, type: string, selections: readonly Selection[], variables: Row): number {
  return fieldsOf(document, type, null, selections).reduce((total, { field, on }) => {
    const { type: of, kind } = fieldType(on, field.name);
    if (of === null) return total;
    if (kind !== 'connection') return total + 1 + costOf(document, of, field.selections, variables);
    const rows = Number(argsOf(field, variables).first ?? 0);
    const parts = fieldsOf(document, 'Connection', null, field.selections).map(({ field: one }) => one);
    const nodes = parts.find(({ name }) => name === 'nodes') ?? nodeOf(document, parts);
    const each = nodes === undefined ? 0 : 1 + costOf(document, of, nodes.selections, variables);
    return total + 2 + rows * each;
  }, 0);
}

const nodeOf = (document: Document, parts: readonly Field[]): Field | undefined =>
  fieldsOf(document, 'Edge', null, parts.find(({ name }) => name === 'edges')?.selections ?? []).find(
    ({ field }) => field.name === 'node',
  )?.field;

/** Carries a query out. Throws SchemaProblem for what the schema does not have. */
export function carryOut(document: Document, variables: Row, root: Root, withheld: Withheld): Carried {
  for (const { name, required } of document.variables) {
    if (required && (variables[name] ?? null) === null) {
      throw new SchemaProblem(`Variable $${name} was provided invalid value`, 'INVALID_VARIABLE');
    }
  }
  const errors: GraphqlError[] = [];
  let cost = 0;
  type Path = (string | number)[];

  const object = (type: string, value: Row, selections: readonly Selection[], path: Path): Row => {
    cost += 1;
    const shown: Record<string, unknown> = {};
    const actual = typeof value.__typename === 'string' ? value.__typename : type;
    for (const { field, on } of fieldsOf(document, type, actual, selections)) {
      const reason = withheld(on, field.name);
      if (reason !== null)
        errors.push({ message: reason, path: [...path, field.alias], extensions: { code: 'ACCESS_DENIED' } });
      const told =
        reason !== null
          ? null
          : type === 'QueryRoot' || type === 'Mutation'
            ? root(field.name, argsOf(field, variables))
            : (value[field.name] ?? null);
      shown[field.alias] = shape(fieldType(on, field.name), told, field, [...path, field.alias]);
    }
    return shown;
  };

  const shape = ({ type, kind }: FieldType, told: unknown, field: Field, path: Path): unknown => {
    if (told === null || type === null) return told;
    const args = argsOf(field, variables);
    if (kind === 'one') return object(type, told as Row, field.selections, path);
    const rows = told as readonly Row[];
    if (kind === 'list') {
      const cut = args.first === undefined ? rows : rows.slice(0, Number(args.first));
      return cut.map((row, index) => object(type, row, field.selections, [...path, index]));
    }
    return connection(type, rows, args, field, path);
  };

  const connection = (type: string, rows: readonly Row[], args: Row, field: Field, path: Path): unknown => {
    const first = Number(args.first ?? Number.NaN);
    if (!(first >= 1 && first <= MAX_ROWS)) {
      throw new SchemaProblem('you must provide one of first or last, from 1 to 250', 'BAD_REQUEST');
    }
    const visible = args.includeRemovals === true ? rows : rows.filter(({ isRemoved }) => isRemoved !== true);
    const after = args.after ?? null;
    const start = after === null ? 0 : visible.findIndex((row) => cursorOf(row) === after) + 1;
    if (after !== null && start === 0)
      throw new SchemaProblem('Invalid cursor for current pagination sort.', 'BAD_REQUEST');
    const page = visible.slice(start, start + first);
    cost += 2;
    const shown: Record<string, unknown> = {};
    for (const { field: part } of fieldsOf(document, 'Connection', null, field.selections)) {
      if (part.name === 'nodes') {
        shown.nodes = page.map((row, index) => object(type, row, part.selections, [...path, 'nodes', index]));
      } else if (part.name === 'edges') {
        const node = nodeOf(document, [part]);
        shown.edges = page.map((row, index) => ({
          cursor: cursorOf(row),
          ...(node === undefined
            ? {}
            : { node: object(type, row, node.selections, [...path, 'edges', index, 'node']) }),
        }));
      } else if (part.name === 'pageInfo') {
        shown.pageInfo = {
          hasNextPage: start + first < visible.length,
          endCursor: page.length === 0 ? null : cursorOf(page[page.length - 1] ?? {}),
        };
      } else
        throw new SchemaProblem(`Field '${part.name}' doesn't exist on type '${type}Connection'`, 'undefinedField');
    }
    return shown;
  };

  const data = object(rootOf(document), {}, document.selections, []);
  // A root that may not be null takes everything with it.
  const lost = errors.some(({ path }) => path.length === 1 && path[0] === 'orders');
  return { data: lost ? null : data, errors, cost: cost - 1 };
}

/** Shopify's cursors name the last row by its id and the value that the list is sorted by. */
const cursorOf = (row: Row): string =>
  Buffer.from(JSON.stringify({ last_id: row.id ?? row.key, last_value: row.updatedAt ?? row.id ?? row.key })).toString(
    'base64',
  );

/** The fields that a selection comes to for an object, fragments unfolded; `actual` is null while costs are reckoned. */
function fieldsOf(
  document: Document,
  type: string,
  actual: string | null,
  selections: readonly Selection[],
): { field: Field; on: string }[] {
  return selections.flatMap((selection): { field: Field; on: string }[] => {
    if (selection.kind === 'field') return [{ field: selection, on: type }];
    const fragment: Fragment | undefined =
      selection.kind === 'inline' ? selection : document.fragments.get(selection.name);
    if (fragment === undefined) throw new SchemaProblem('Fragment was used, but not defined', 'useAndDefineFragment');
    if (!TYPES.has(fragment.on)) throw new SchemaProblem(`No such type ${fragment.on}`, 'undefinedType');
    return actual === null || fragment.on === actual || fragment.on === type
      ? fieldsOf(document, fragment.on, actual, fragment.selections)
      : [];
  });
}

function fieldType(type: string, field: string): FieldType {
  const found = TYPES.get(type)?.get(field);
  if (found === undefined)
    throw new SchemaProblem(`Field '${field}' doesn't exist on type '${type}'`, 'undefinedField');
  return found;
}

const argsOf = (field: Field, variables: Row): Row =>
  Object.fromEntries([...field.args].map(([name, value]) => [name, resolved(value, variables)]));

function resolved(value: Value, variables: Row): unknown {
  if ('variable' in value) return variables[value.variable] ?? null;
  if ('list' in value) return value.list.map((one) => resolved(one, variables));
  if ('object' in value) return Object.fromEntries(value.object.map(([key, one]) => [key, resolved(one, variables)]));
  return value.literal;
}
