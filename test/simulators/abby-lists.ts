// The lists of a simulated Abby: their filters, their order, their pages.

import type { ClientRecord } from './abby-clients.ts';
import { nameOf } from './abby-clients.ts';
import type { DocumentRecord } from './abby-records.ts';
import { STATES } from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';
import { invalid } from './abby-wire.ts';

const LARGEST_PAGE = 100;
/** Rows of a page when nobody says: not documented. */
const USUAL_PAGE = 10;

type Filter<Row> = (row: Row) => boolean;

/** `search` looks into names alone, never into e-mails or tax numbers. `archived` shows those only, or the others only. */
export function clientFilter(query: URLSearchParams): Filter<ClientRecord> {
  const archived = flag(query, 'archived') ?? false;
  const search = query.get('search') ?? '';
  return (client) => (client.archivedAt !== null) === archived && contains(nameOf(client), search);
}

/** By name or newest first, which is also how an unasked list comes. */
export function sortedClients<Row extends ClientRecord>(rows: readonly Row[], query: URLSearchParams): Row[] {
  const orderBy = oneOf(query, 'orderBy', ['name', 'createdAt']) ?? 'createdAt';
  const direction = oneOf(query, 'orderDirection', ['ASC', 'DESC']) ?? (orderBy === 'name' ? 'ASC' : 'DESC');
  const ascending = orderBy === 'name' ? rows.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), 'fr')) : [...rows];
  return direction === 'ASC' ? ascending : ascending.toReversed();
}

/** As one public client describes the undocumented list: `test` has to be told, and `type` is refused whatever it says. */
export function documentFilter(query: URLSearchParams, switches: AbbySwitches): Filter<DocumentRecord> {
  if (query.has('type')) throw invalid('type', 'must be a valid enum value');
  const test = flag(query, 'test');
  if (test === null) throw invalid('test', 'must be a boolean');
  const archived = flag(query, 'archived') ?? false;
  const states = [...query.getAll('state'), ...query.getAll('state[]')];
  if (!states.every((state) => STATES.some((known) => known === state))) {
    throw invalid('state', 'each value must be a valid enum value');
  }
  const inRange = rangeFilter(query);
  const customerId = query.get('customerId');
  const search = switches.titleSearch === 'offered' ? (query.get('search') ?? '') : '';
  return (document) => {
    const { customer } = document;
    const ids = switches.customerFilter === 'client' ? [customer.contactId, customer.organizationId] : [customer.id];
    return (
      document.test === test &&
      (document.archivedAt !== null) === archived &&
      (states.length === 0 || states.includes(document.state)) &&
      (customerId === null || ids.includes(customerId)) &&
      contains(document.title ?? '', search) &&
      inRange(document)
    );
  };
}

/** `range` twice: first and last day of issue, as Paris counts days. */
function rangeFilter(query: URLSearchParams): Filter<DocumentRecord> {
  const days = [...query.getAll('range'), ...query.getAll('range[]')];
  if (days.length === 0) return () => true;
  oneOf(query, 'rangeType', ['emittedAt']);
  const [from, to] = days;
  if (from === undefined || to === undefined || ![from, to].every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day))) {
    throw invalid('range', 'must hold two dates');
  }
  const parisDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' });
  return ({ timeline, createdAt }) => {
    const day = parisDay.format((timeline?.emittedAt ?? createdAt) * 1000);
    return day >= from && day <= to;
  };
}

export type PageRules = Pick<AbbySwitches, 'largePages'> & { required: boolean };

/** The envelope of every list. `withoutFilters` counts the rows before any filter. */
export function page<Row>(rows: readonly Row[], withoutFilters: number, query: URLSearchParams, rules: PageRules) {
  const number = count(query, 'page', rules.required) ?? 1;
  const asked = count(query, 'limit', rules.required) ?? USUAL_PAGE;
  if (asked > LARGEST_PAGE && rules.largePages === 'refused') {
    throw invalid('limit', `must not be greater than ${LARGEST_PAGE}`);
  }
  const limit = Math.min(asked, LARGEST_PAGE);
  const totalPages = Math.max(1, Math.ceil(rows.length / limit));
  const hasNextPage = number < totalPages;
  const hasPrevPage = number > 1;
  return {
    countWithoutFilters: withoutFilters,
    totalDocs: rows.length,
    limit,
    totalPages,
    hasNextPage,
    hasPrevPage,
    nextPage: hasNextPage ? number + 1 : null,
    page: number,
    prevPage: hasPrevPage ? number - 1 : null,
    docs: rows.slice((number - 1) * limit, number * limit),
  };
}

function count(query: URLSearchParams, name: string, required: boolean): number | null {
  const value = query.get(name);
  if (value === null && !required) return null;
  if (value === null || !/^[1-9]\d{0,8}$/.test(value)) throw invalid(name, 'must be a positive number');
  return Number(value);
}

function flag(query: URLSearchParams, name: string): boolean | null {
  const value = oneOf(query, name, ['true', 'false']);
  return value === null ? null : value === 'true';
}

function oneOf<Value extends string>(query: URLSearchParams, name: string, values: readonly Value[]): Value | null {
  const given = query.get(name);
  if (given === null) return null;
  const found = values.find((value) => value === given);
  if (found === undefined) throw invalid(name, `must be one of the following values: ${values.join(', ')}`);
  return found;
}

const contains = (value: string, wanted: string): boolean => value.toLowerCase().includes(wanted.toLowerCase());
