// Criteria of the Admin API over the rows of a simulated shop: which rows, in what order, with which associations and fields.
import type { Entity, Row } from './shopware-books.ts';

export type Criteria = {
  ids?: string[];
  limit?: number;
  filter?: Filter[];
  sort?: { field: string; order?: 'ASC' | 'DESC' }[];
  associations?: Associations;
  includes?: Record<string, string[]>;
};
type Associations = { [name: string]: { associations?: Associations; sort?: Criteria['sort'] } };
type Filter =
  | { type: 'range'; field: string; parameters: { gte?: string; gt?: string; lte?: string } }
  | { type: 'equals'; field: string; value: unknown }
  | { type: 'equalsAny'; field: string; value: string }
  | { type: 'not'; operator: string; queries: Filter[] };

/** Associations and the entity behind each: what is not asked for is null, and each needs the right to read it. */
export const ASSOCIATED = new Map([
  ['stateMachineState', 'state_machine_state'],
  ['currency', 'currency'],
  ['language', 'language'],
  ['locale', 'locale'],
  ['orderCustomer', 'order_customer'],
  ['customer', 'customer'],
  ['billingAddress', 'order_address'],
  ['country', 'country'],
  ['countryState', 'country_state'],
  ['deliveries', 'order_delivery'],
  ['shippingMethod', 'shipping_method'],
  ['shippingOrderAddress', 'order_address'],
  ['lineItems', 'order_line_item'],
  ['transactions', 'order_transaction'],
  ['transaction', 'order_transaction'],
  ['paymentMethod', 'payment_method'],
  ['captures', 'order_transaction_capture'],
  ['transactionCapture', 'order_transaction_capture'],
  ['refunds', 'order_transaction_capture_refund'],
  ['positions', 'order_transaction_capture_refund_position'],
  ['documents', 'document'],
  ['documentType', 'document_type'],
  ['tags', 'tag'],
]);

/** Thrown for criteria that Shopware answers with 400. */
export class BadCriteria extends Error {}

export function searchRows(rows: readonly Entity[], criteria: Criteria, maxLimit: number): Row[] {
  const { ids, limit = maxLimit, filter = [], sort = [], associations = {}, includes } = criteria;
  if (limit < 1 || limit > maxLimit) throw new BadCriteria(`The limit must be between 1 and ${maxLimit}.`);
  return rows
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .filter((row) => filter.every((one) => matches(row, one)))
    .toSorted((a, b) => compare(a, b, sort))
    .slice(0, limit)
    .map((row) => withFields(withAssociations(row, associations), includes));
}

/** The rights that criteria need, over every association. */
export const rightsFor = (entity: string, associations: Associations = {}): string[] => [
  `${entity}:read`,
  ...Object.entries(associations).flatMap(([name, nested]) => {
    const associated = ASSOCIATED.get(name);
    if (associated === undefined) throw new BadCriteria(`Can not find association by name ${name}`);
    return rightsFor(associated, nested.associations);
  }),
];

function matches(row: Entity, filter: Filter): boolean {
  switch (filter.type) {
    case 'range': {
      const value = stored(row[filter.field]);
      const { gte, gt, lte } = filter.parameters;
      for (const bound of [gte, gt, lte]) requireStoredForm(bound);
      if (value === null) return false;
      return (
        (gte === undefined || value >= gte) && (gt === undefined || value > gt) && (lte === undefined || value <= lte)
      );
    }
    case 'equals':
      return row[filter.field] === filter.value;
    case 'equalsAny':
      if (filter.value === '') throw new BadCriteria('Parameter "value" for equalsAny filter is missing.');
      return filter.value.split('|').includes(String(row[filter.field]));
    case 'not':
      return !filter.queries.every((one) => matches(row, one));
  }
}

/** The database compares a date as the text it was given; any other form than its own gives answers that depend on its version. */
function requireStoredForm(bound: string | undefined): void {
  if (bound !== undefined && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(bound)) {
    throw new BadCriteria(`“${bound}” is no date as it is stored`);
  }
}

const stored = (value: unknown): string | null =>
  typeof value === 'string' ? value.replace('T', ' ').replace('+00:00', '') : null;

function compare(a: Entity, b: Entity, sort: NonNullable<Criteria['sort']>): number {
  for (const { field, order = 'ASC' } of sort) {
    const [left, right] = [String(a[field] ?? ''), String(b[field] ?? '')];
    if (left !== right) return (left < right ? -1 : 1) * (order === 'ASC' ? 1 : -1);
  }
  return 0;
}

function withAssociations(row: Row, asked: Associations): Row {
  const entries = Object.entries(row).map(([name, value]) => {
    if (!ASSOCIATED.has(name)) return [name, value];
    const nested = asked[name];
    if (nested === undefined || value === null || value === undefined) return [name, null];
    const { associations = {}, sort = [] } = nested;
    const shown = Array.isArray(value)
      ? (value as Entity[]).toSorted((a, b) => compare(a, b, sort)).map((one) => withAssociations(one, associations))
      : withAssociations(value as Row, associations);
    return [name, shown];
  });
  return Object.fromEntries(entries);
}

function withFields(value: Row, includes: Criteria['includes']): Row {
  const fields = includes?.[value.apiAlias];
  const kept = Object.entries(value).filter(([name]) => name === 'apiAlias' || (fields?.includes(name) ?? true));
  const shown = kept.map(([name, one]) => [name, nestedFields(one, includes)]);
  return Object.fromEntries(shown);
}

function nestedFields(value: unknown, includes: Criteria['includes']): unknown {
  if (Array.isArray(value)) return value.map((one) => nestedFields(one, includes));
  return typeof value === 'object' && value !== null && 'apiAlias' in value
    ? withFields(value as Row, includes)
    : value;
}
