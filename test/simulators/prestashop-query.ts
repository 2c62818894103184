// A list of the webservice: filters, order, limit and the columns to show, with the refusals that PrestaShop gives.
import { associationOf, columnsOf, type Resource, type Row, TRANSLATED } from './prestashop-tables.ts';

/** A refusal in the webservice's form: its status, its own number and its words. */
export class WebserviceError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** How this PrestaShop writes what it shows. */
export type Spelling = {
  /** Ids of the shop's languages: with one, a text is plain, with several it is a list. */
  languages: readonly string[];
  /** What stands for a list of nothing. */
  emptyAssociation: 'absent' | 'text';
  /** A list of one is the one itself, as converters from XML leave it. */
  soleAsObject: boolean;
};

/** The rows that a query finds, as they are shown. `chosen` is called in between: PrestaShop picks ids first, then reads each row. */
export function list(
  resource: Resource,
  rows: readonly Row[],
  query: URLSearchParams,
  spelling: Spelling,
  chosen: () => void,
): object[] {
  const found = rows.filter(filterOf(resource, query)).sort(orderOf(resource, query));
  const page = limited(found, query.get('limit'));
  chosen();
  return page.map((row) => shown(resource, row, query.get('display'), spelling));
}

const isDate = (column: string): boolean => column === 'date_add' || column === 'date_upd';

/** Dates can be asked for only with `date=1`. */
function known(resource: Resource, column: string, query: URLSearchParams, code: number): void {
  if (columnsOf(resource).includes(column) && (!isDate(column) || query.get('date') === '1')) return;
  throw new WebserviceError(400, code, `This filter does not exist: "${column}"`);
}

function filterOf(resource: Resource, query: URLSearchParams): (row: Row) => boolean {
  const filters = [...query].flatMap(([name, value]) => {
    const column = /^filter\[(\w+)\]$/.exec(name)?.[1];
    return column === undefined ? [] : [{ column, test: testOf(value) }];
  });
  for (const { column } of filters) known(resource, column, query, 32);
  return (row) => filters.every(({ column, test }) => test(String(row[column] ?? '')));
}

/** `[a|b]`, `[a,b]` for a range of figures or dates, `[a]`, `>[a]`, `<[a]`; anything else is equal or not. */
function testOf(filter: string): (value: string) => boolean {
  const [, before = '', inner = ''] = /^([^[]*)\[(.*)\]$/.exec(filter) ?? [];
  if (inner === '') return (value) => value === filter;
  if (before === '>') return (value) => compare(value, inner) > 0;
  if (before === '<') return (value) => compare(value, inner) < 0;
  if (inner.includes('|')) return (value) => inner.split('|').includes(value);
  const [low = '', high] = /^[\d.:\-\s]+,[\d.:\-\s]+$/.test(inner) ? inner.split(',') : [inner];
  return (value) => (high === undefined ? value === inner : compare(value, low) >= 0 && compare(value, high) <= 0);
}

/** Whole numbers by their size, everything else as text. */
const compare = (a: string, b: string): number => {
  const numbers = /^\d+$/.test(a) && /^\d+$/.test(b);
  const [left, right] = numbers ? [BigInt(a), BigInt(b)] : [a, b];
  return left < right ? -1 : left > right ? 1 : 0;
};

function orderOf(resource: Resource, query: URLSearchParams): (a: Row, b: Row) => number {
  const sort = query.get('sort')?.replace(/^\[|\]$/g, '') ?? 'id_ASC';
  const keys = sort.split(',').map((key) => {
    const [, column = '', direction] = /^(\w+)_(ASC|DESC)$/.exec(key) ?? [];
    if (direction === undefined)
      throw new WebserviceError(400, 37, 'The "sort" value has to be formed as this example');
    known(resource, column, query, 38);
    return { column, sign: direction === 'ASC' ? 1 : -1 };
  });
  return (a, b) =>
    keys.map(({ column, sign }) => sign * compare(String(a[column]), String(b[column]))).find((order) => order !== 0) ??
    0;
}

function limited(rows: readonly Row[], limit: string | null): readonly Row[] {
  if (limit === null) return rows;
  const [first = 0, second] = limit.split(',').map(Number);
  return second === undefined ? rows.slice(0, first) : rows.slice(first, first + second);
}

function shown(resource: Resource, row: Row, display: string | null, spelling: Spelling): object {
  if (display === null) return { id: Number(row.id) };
  const columns = display === 'full' ? columnsOf(resource) : /^\[(.*)\]$/.exec(display)?.[1]?.split(',');
  const unknown = columns?.find((column) => !columnsOf(resource).includes(column));
  if (columns === undefined || unknown !== undefined) {
    throw new WebserviceError(400, 35, `Unable to display this field "${unknown ?? display}"`);
  }
  const translated = TRANSLATED[resource] ?? [];
  const fields = columns.map((column) => {
    const value = row[column] ?? '';
    if (column === 'id') return [column, Number(value)];
    return [column, translated.includes(column) ? inLanguages(String(value), spelling) : value];
  });
  // What a module adds to a table is shown with everything else.
  const extras = Object.entries(row).filter(([name]) => display === 'full' && !columnsOf(resource).includes(name));
  return {
    ...Object.fromEntries([...fields, ...extras.filter(([name]) => name !== associationOf(resource))]),
    ...associations(resource, row, display, spelling),
  };
}

const inLanguages = (text: string, { languages }: Spelling): unknown =>
  languages.length === 1
    ? text
    : languages.map((id) => ({ id: Number(id), value: id === languages[0] ? text : `${text} (${id})` }));

function associations(resource: Resource, row: Row, display: string, spelling: Spelling): object {
  const name = associationOf(resource);
  if (name === undefined || display !== 'full') return {};
  const items = (row[name] ?? []) as readonly object[];
  const [only, another] = items;
  if (only === undefined) return spelling.emptyAssociation === 'absent' ? {} : { associations: { [name]: '' } };
  return { associations: { [name]: spelling.soleAsObject && another === undefined ? only : items } };
}
