// Invoices, payments, credit notes and e-mails in the sandbox's books: each made once, under its own key, and never changed.
import {
  CreditNoteRequestSchema,
  creditNoteRequest,
  documentTotal,
  EmailRequestSchema,
  emailRequest,
  InvoiceRequestSchema,
  invoiceRequest,
  PaymentRequestSchema,
  paymentRequest,
  readRequest,
  type Seller,
} from '../../mappings/from-document/sandbox.ts';
import type { PaymentRecorded, ProviderAccount, Sent } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import { sum } from '../../src/domain/money.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok } from '../../src/domain/result.ts';
import { type Books, changeBooks, listed, rejected, searchBooks } from './books.ts';
import type { StoredCreditNote, StoredInvoice } from './ledger-documents.ts';
import { creditNotePage, invoicePage } from './page.ts';
import { documentPdf } from './pdf.ts';

/** The document key is a unique column: a second create of the same document is refused. */
export const invoiceEffect = (books: Books, seller: Seller): ProviderAccount['invoice'] => ({
  compose: (intent, context) => invoiceRequest(intent, context, seller),
  send: async (text, io) => {
    const request = readRequest(InvoiceRequestSchema, text);
    if (request === null) return rejected('refused', 'the request is not one for an invoice');
    return changeBooks(books, io, (ledger): Outcome<Issued> => {
      const invoice = ledger.createInvoice(request);
      switch (invoice) {
        case 'exists':
          return rejected('exists', `an invoice with the key ${request.key} was already issued`);
        case 'no_client':
          return rejected('stale_client', `client ${request.clientId} is not in the sandbox’s books`);
        default:
          return { kind: 'done', value: toIssued(invoice) };
      }
    });
  },
  find: async ({ draft }, _request, io) =>
    searchBooks(books, io, (ledger) => listed(ledger.invoiceByKey(draft.key)).map(toIssued)),
  secondIsHarmless: true,
  drafting: null,
});

/** An invoice holds each payment id once, whether it came with the invoice or later. */
export const paymentEffect = (books: Books): NonNullable<ProviderAccount['payment']> => ({
  compose: (intent, context) => ok(paymentRequest(intent, context)),
  send: async (text, io) => {
    const request = readRequest(PaymentRequestSchema, text);
    if (request === null) return rejected('refused', 'the request is not one for a payment');
    const { invoiceId, payment, currency } = request;
    return changeBooks(books, io, (ledger): Outcome<PaymentRecorded> => {
      const invoice = ledger.recordPayment(request);
      switch (invoice) {
        case 'exists':
          return rejected('exists', `invoice ${invoiceId} already has the payment ${payment.id}`);
        case 'no_invoice':
          return rejected('refused', `invoice ${invoiceId} is not in the sandbox’s books`);
        case 'other_currency':
          return rejected('refused', `invoice ${invoiceId} is not in ${currency}, the payment is`);
        default:
          return { kind: 'done', value: { providerId: payment.id, paid: paidOn(invoice) } };
      }
    });
  },
  find: async ({ draft, invoice }, _request, io) =>
    searchBooks(books, io, (ledger) =>
      listed(ledger.invoice(invoice.providerId))
        .filter(({ payments }) => payments.some(({ id }) => id === draft.received.id))
        .map((stored) => ({ providerId: draft.received.id, paid: paidOn(stored) })),
    ),
  secondIsHarmless: true,
});

/** The document key is a unique column here too; together they never credit more than the invoice comes to. */
export const creditNoteEffect = (books: Books, seller: Seller): NonNullable<ProviderAccount['creditNote']> => ({
  compose: (intent, context) => creditNoteRequest(intent, context, seller),
  send: async (text, io) => {
    const request = readRequest(CreditNoteRequestSchema, text);
    if (request === null) return rejected('refused', 'the request is not one for a credit note');
    const { invoiceNumber, currency } = request;
    return changeBooks(books, io, (ledger): Outcome<Issued> => {
      const creditNote = ledger.createCreditNote(request);
      switch (creditNote) {
        case 'exists':
          return rejected('exists', `a credit note with the key ${request.key} was already issued`);
        case 'no_invoice':
          return rejected('refused', `invoice ${invoiceNumber} is not in the sandbox’s books`);
        case 'other_currency':
          return rejected('refused', `invoice ${invoiceNumber} is not in ${currency}, the credit note is`);
        case 'too_much':
          return rejected('refused', `invoice ${invoiceNumber} would be credited with more than it comes to`);
        default:
          return { kind: 'done', value: creditNoteIssued(creditNote) };
      }
    });
  },
  find: async ({ draft }, _request, io) =>
    searchBooks(books, io, (ledger) => listed(ledger.creditNoteByKey(draft.key)).map(creditNoteIssued)),
  secondIsHarmless: true,
  drafting: null,
});

/** Nothing leaves the machine: the outbox keeps what would have been sent, each sending once. */
export const emailEffect = (books: Books): NonNullable<ProviderAccount['email']> => ({
  compose: emailRequest,
  send: async (text, io) => {
    const request = readRequest(EmailRequestSchema, text);
    if (request === null) return rejected('refused', 'the request is not one for an e-mail');
    return changeBooks(books, io, (ledger): Outcome<Sent> => {
      const email = ledger.recordEmail(request, io.now().toISOString());
      switch (email) {
        case 'exists':
          return rejected('exists', `document ${request.documentId} was already sent for ${request.key}`);
        case 'no_document':
          return rejected('gone', `document ${request.documentId} is not in the sandbox’s books`);
        default:
          return { kind: 'done', value: { at: email.sentAt } };
      }
    });
  },
  find: async ({ draft }, _request, io) =>
    searchBooks(books, io, (ledger) => listed(ledger.emailByKey(draft.key)).map(({ sentAt }) => ({ at: sentAt }))),
  secondIsHarmless: true,
});

export const readDocument =
  (books: Books): ProviderAccount['read'] =>
  async (providerId, io) =>
    searchBooks(books, io, (ledger) => [
      ...listed(ledger.invoice(providerId)).map(toIssued),
      ...listed(ledger.creditNote(providerId)).map(creditNoteIssued),
    ]);

/** The document's page as it stands now: payments recorded since are on it. */
export const readPdf =
  (books: Books): ProviderAccount['pdf'] =>
  async (providerId, io) => {
    const pages = searchBooks(books, io, (ledger) => [
      ...listed(ledger.invoice(providerId)).map(invoicePage),
      ...listed(ledger.creditNote(providerId)).map(creditNotePage),
    ]);
    if (pages.kind === 'failed') return err(pages.problem);
    const [page] = pages.items;
    if (page === undefined) {
      return err(problem('document_not_found', `document ${providerId} is not in the sandbox’s books`));
    }
    return ok(await documentPdf(page));
  };

const paidOn = (invoice: StoredInvoice): bigint => sum(invoice.payments.map(({ amount }) => amount));

const toIssued = (invoice: StoredInvoice): Issued => ({
  ...issuedFields(invoice),
  paid: paidOn(invoice),
  kind: 'invoice',
});

const creditNoteIssued = (creditNote: StoredCreditNote): Issued => ({
  ...issuedFields(creditNote),
  paid: 0n,
  kind: 'credit_note',
});

const issuedFields = ({ id, number, request }: StoredInvoice | StoredCreditNote) => ({
  providerId: id,
  number,
  total: documentTotal(request),
  currency: request.currency,
  clientId: request.clientId,
  marker: request.key,
  state: 'final' as const,
  publicUrl: null,
});
