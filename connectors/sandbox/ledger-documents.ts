// The documents in the books: invoices with their payments, credit notes, and what would have been sent by e-mail.
import type Database from 'better-sqlite3';
import { z } from 'zod';
import {
  type CreditNoteRequest,
  CreditNoteRequestSchema,
  documentTotal,
  type EmailRequest,
  type InvoiceRequest,
  InvoiceRequestSchema,
  type PaymentEntry,
  PaymentEntrySchema,
  type PaymentRequest,
} from '../../mappings/from-document/sandbox.ts';
import { toJson } from '../../src/domain/json.ts';
import { MinorSchema } from '../../src/domain/money.ts';
import { atomicIn, orElse, rowId } from './rows.ts';

export type StoredInvoice = { id: string; number: string; request: InvoiceRequest; payments: PaymentEntry[] };
export type StoredCreditNote = { id: string; number: string; request: CreditNoteRequest };
export type StoredEmail = { sentAt: string };

export type DocumentBooks = {
  /** Draws the next number of the issue year and stores the invoice with its payments: all of it or nothing. */
  createInvoice(request: InvoiceRequest): StoredInvoice | 'exists' | 'no_client';
  invoice(id: string): StoredInvoice | null;
  invoiceByKey(key: string): StoredInvoice | null;
  /** The invoice with the payment on it; `exists` when it already holds one of that id. */
  recordPayment(request: PaymentRequest): StoredInvoice | 'exists' | 'no_invoice' | 'other_currency';
  /** Draws the next number of the issue year. `too_much`: the invoice would be credited with more than it comes to. */
  createCreditNote(
    request: CreditNoteRequest,
  ): StoredCreditNote | 'exists' | 'no_invoice' | 'other_currency' | 'too_much';
  creditNote(id: string): StoredCreditNote | null;
  creditNoteByKey(key: string): StoredCreditNote | null;
  /** Puts a document into the outbox; `exists` when the same sending is already there. `at` is a UTC instant. */
  recordEmail(request: EmailRequest, at: string): StoredEmail | 'exists' | 'no_document';
  emailByKey(key: string): StoredEmail | null;
};

const DocumentRowSchema = z.object({ id: z.bigint(), year: z.string(), sequence: z.bigint(), document: z.string() });
const CreditedSchema = z.object({ amount: MinorSchema });
const EmailRowSchema = z.object({ sent_at: z.string() }).transform(({ sent_at }) => ({ sentAt: sent_at }));

/** Ids of credit notes are told from those of invoices by their first letters. */
const CREDIT_NOTE = 'cn';
const creditNoteRow = (id: string): bigint => (id.startsWith(CREDIT_NOTE) ? rowId(id.slice(CREDIT_NOTE.length)) : 0n);

export function documentBooks(db: Database.Database): DocumentBooks {
  const selectClient = db.prepare('SELECT id FROM clients WHERE id = ?');
  // One statement draws the number and uses it, so that a refused or failed insert leaves no gap.
  const insertInvoice = db.prepare(
    `INSERT INTO invoices (key, client_id, year, sequence, document)
     SELECT @key, @clientId, @year, coalesce(max(sequence), 0) + 1, @document FROM invoices WHERE year = @year
     ON CONFLICT (key) DO NOTHING RETURNING *`,
  );
  const selectInvoice = db.prepare('SELECT * FROM invoices WHERE id = ?');
  const selectInvoiceByKey = db.prepare('SELECT * FROM invoices WHERE key = ?');
  const insertPayment = db.prepare(
    `INSERT INTO payments (invoice_id, payment_id, amount, date, mode, label)
     VALUES (@invoiceId, @id, @amount, @date, @mode, @label)
     ON CONFLICT (invoice_id, payment_id) DO NOTHING RETURNING id`,
  );
  const selectPayments = db.prepare(
    'SELECT payment_id AS id, amount, date, mode, label FROM payments WHERE invoice_id = ? ORDER BY payments.id',
  );

  const insertCreditNote = db.prepare(
    `INSERT INTO credit_notes (key, invoice_id, amount, year, sequence, document)
     SELECT @key, @invoiceId, @amount, @year, coalesce(max(sequence), 0) + 1, @document FROM credit_notes WHERE year = @year
     ON CONFLICT (key) DO NOTHING RETURNING *`,
  );
  const selectCreditNote = db.prepare('SELECT * FROM credit_notes WHERE id = ?');
  const selectCreditNoteByKey = db.prepare('SELECT * FROM credit_notes WHERE key = ?');
  const selectCredited = db.prepare(
    'SELECT coalesce(sum(amount), 0) AS amount FROM credit_notes WHERE invoice_id = ? AND key <> ?',
  );
  const insertEmail = db.prepare(
    `INSERT INTO emails (key, document_id, recipient, sent_at) VALUES (@key, @documentId, @to, @at)
     ON CONFLICT (key) DO NOTHING RETURNING *`,
  );
  const selectEmailByKey = db.prepare('SELECT * FROM emails WHERE key = ?');
  const atomic = atomicIn(db);

  function readInvoice(row: unknown): StoredInvoice {
    const { id, year, sequence, document } = DocumentRowSchema.parse(row);
    return {
      id: String(id),
      number: numberOf('SB', year, sequence),
      request: InvoiceRequestSchema.parse(JSON.parse(document)),
      payments: selectPayments.all(id).map((payment) => PaymentEntrySchema.parse(payment)),
    };
  }

  function readCreditNote(row: unknown): StoredCreditNote {
    const { id, year, sequence, document } = DocumentRowSchema.parse(row);
    return {
      id: `${CREDIT_NOTE}${id}`,
      number: numberOf('SBA', year, sequence),
      request: CreditNoteRequestSchema.parse(JSON.parse(document)),
    };
  }

  return {
    createInvoice: atomic((request) => {
      const clientId = rowId(request.clientId);
      if (selectClient.get(clientId) === undefined) return 'no_client';
      const year = request.issueDate.slice(0, 4);
      const row = insertInvoice.get({ key: request.key, clientId, year, document: toJson(request) });
      return orElse('exists', row, () => {
        const invoiceId = DocumentRowSchema.parse(row).id;
        for (const payment of request.payments) insertPayment.run({ ...payment, invoiceId });
        return readInvoice(row);
      });
    }),
    invoice: (id) => orElse(null, selectInvoice.get(rowId(id)), readInvoice),
    invoiceByKey: (key) => orElse(null, selectInvoiceByKey.get(key), readInvoice),
    recordPayment: atomic(({ invoiceId, currency, payment }) => {
      const row = selectInvoice.get(rowId(invoiceId));
      if (row === undefined) return 'no_invoice';
      if (readInvoice(row).request.currency !== currency) return 'other_currency';
      const recorded = insertPayment.get({ ...payment, invoiceId: rowId(invoiceId) });
      return orElse('exists', recorded, () => readInvoice(row));
    }),
    createCreditNote: atomic((request) => {
      const invoiceId = rowId(request.invoiceId);
      const row = selectInvoice.get(invoiceId);
      if (row === undefined) return 'no_invoice';
      const invoice = readInvoice(row).request;
      if (invoice.currency !== request.currency) return 'other_currency';
      const amount = documentTotal(request);
      const before = CreditedSchema.parse(selectCredited.get(invoiceId, request.key)).amount;
      if (before + amount > documentTotal(invoice)) return 'too_much';
      const year = request.issueDate.slice(0, 4);
      const made = insertCreditNote.get({ key: request.key, invoiceId, amount, year, document: toJson(request) });
      return orElse('exists', made, readCreditNote);
    }),
    creditNote: (id) => orElse(null, selectCreditNote.get(creditNoteRow(id)), readCreditNote),
    creditNoteByKey: (key) => orElse(null, selectCreditNoteByKey.get(key), readCreditNote),
    recordEmail: atomic((request, at) => {
      const { documentId } = request;
      const known = selectInvoice.get(rowId(documentId)) ?? selectCreditNote.get(creditNoteRow(documentId));
      if (known === undefined) return 'no_document';
      return orElse('exists', insertEmail.get({ ...request, at }), (row) => EmailRowSchema.parse(row));
    }),
    emailByKey: (key) => orElse(null, selectEmailByKey.get(key), (row) => EmailRowSchema.parse(row)),
  };
}

const numberOf = (series: string, year: string, sequence: bigint): string =>
  `${series}-${year}-${String(sequence).padStart(4, '0')}`;
