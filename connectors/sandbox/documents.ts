// Invoices and payments in the sandbox's books: each made once, under its own key, and never changed.
import {
  InvoiceRequestSchema,
  invoiceRequest,
  invoiceTotal,
  PaymentRequestSchema,
  paymentRequest,
  readRequest,
  type Seller,
} from '../../mappings/from-document/sandbox.ts';
import type { PaymentRecorded, ProviderAccount } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import { sum } from '../../src/domain/money.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok } from '../../src/domain/result.ts';
import { type Books, changeBooks, listed, rejected, searchBooks } from './books.ts';
import type { StoredInvoice } from './ledger.ts';
import { invoicePage } from './page.ts';
import { invoicePdf } from './pdf.ts';

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

export const readInvoice =
  (books: Books): ProviderAccount['read'] =>
  async (providerId, io) =>
    searchBooks(books, io, (ledger) => listed(ledger.invoice(providerId)).map(toIssued));

/** The invoice's page as it stands now: payments recorded since are on it. */
export const readPdf =
  (books: Books): ProviderAccount['pdf'] =>
  async (providerId, io) => {
    const found = searchBooks(books, io, (ledger) => listed(ledger.invoice(providerId)));
    if (found.kind === 'failed') return err(found.problem);
    const [invoice] = found.items;
    if (invoice === undefined) {
      return err(problem('document_not_found', `invoice ${providerId} is not in the sandbox’s books`));
    }
    return ok(await invoicePdf(invoicePage(invoice)));
  };

const paidOn = (invoice: StoredInvoice): bigint => sum(invoice.payments.map(({ amount }) => amount));

const toIssued = (invoice: StoredInvoice): Issued => ({
  providerId: invoice.id,
  number: invoice.number,
  total: invoiceTotal(invoice.request),
  currency: invoice.request.currency,
  paid: paidOn(invoice),
  clientId: invoice.request.clientId,
  marker: invoice.request.key,
  kind: 'invoice',
  publicUrl: null,
});
