// The forms in which FastFaktura may answer: none of them is documented beyond the fields of a client and of an invoice.
import type { InvoiceRecord } from './fastfaktura-books.ts';
import type { Switches } from './fastfaktura-options.ts';
import type { Answer } from './http-simulator.ts';

export type Answers = {
  one(status: number, name: string, value: object): Answer;
  all(name: string, rows: readonly object[]): Answer;
  page(name: string, rows: readonly object[], wanted: string | null): Answer;
  failure(status: number, field: string, message: string): Answer;
  /** An invoice as its table names the fields. */
  row(invoice: InvoiceRecord): object;
  /** The same "with lines and events". */
  detail(invoice: InvoiceRecord): object;
};

/** The account's answers, as its switches say. */
export function answersOf(switches: Switches): Answers {
  const list = (name: string, rows: readonly object[], words: object): Answer =>
    json(200, { array: rows, data: { data: rows, ...words }, named: { [name]: rows, ...words } }[switches.list]);

  return {
    one: (status, name, value) =>
      json(status, { bare: value, data: { data: value }, named: { [name]: value } }[switches.single]),
    all: (name, rows) => list(name, rows, {}),
    page: (name, rows, wanted) => {
      const page = /^[1-9]\d*$/.test(wanted ?? '') ? Number(wanted) : 1;
      const size = switches.pageSize;
      const ordered = switches.order === 'newest_first' ? rows.toReversed() : rows;
      const words = { page, per_page: size, total: rows.length, total_pages: Math.ceil(rows.length / size) };
      return list(name, ordered.slice((page - 1) * size, page * size), words);
    },
    failure: (status, field, message) => {
      if (switches.errors === 'empty') return { status, body: '' };
      const told = field === '' ? message : `${field}: ${message}`;
      const forms = {
        object: { error: { code: CODES[status], message: told } },
        text: { error: told },
        fields: { message: told, errors: field === '' ? {} : { [field]: [message] } },
      };
      return json(status, forms[switches.errors]);
    },
    row: ({ lines: _lines, events: _events, notes, ...invoice }) =>
      switches.notesInList ? { ...invoice, notes } : invoice,
    detail: ({ notes, lines, ...invoice }) => ({
      ...invoice,
      lines: lines.map((line) => ({ ...line, quantity: Number(line.quantity), tax_rate: Number(line.tax_rate) })),
      ...(switches.notesInDetail ? { notes } : {}),
    }),
  };
}

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthorized',
  404: 'not_found',
  415: 'unsupported_media_type',
  422: 'invalid',
  429: 'too_many_requests',
};

/** Cents are JSON numbers. */
export const json = (status: number, value: unknown): Answer => ({
  status,
  body: JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)),
});

export const pdf = (invoice: InvoiceRecord): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/pdf' },
  body: `%PDF-1.4\n% ${invoice.number}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`,
});
