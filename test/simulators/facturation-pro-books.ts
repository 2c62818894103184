// What a simulated Facturation.pro account holds. Tests use the same methods for what the merchant does behind our back:
// customers archived, changed or deleted, documents of his own.
import Big from 'big.js';
import type { Json } from '../../src/domain/json.ts';
import { Customers } from './facturation-pro-customers.ts';
import { asText, Refusal, read } from './facturation-pro-fields.ts';
import { Invoices, type Making } from './facturation-pro-invoices.ts';
import { Ledger, present } from './facturation-pro-ledger.ts';
import type { Switches } from './facturation-pro-options.ts';
import { sum } from './facturation-pro-reckoning.ts';
import { EmailInput, type InvoiceRecord, type PaymentRecord, type SentEmail } from './facturation-pro-records.ts';

export class FacturationProBooks {
  readonly customers: Customers;
  readonly invoices: Invoices;
  readonly sent: SentEmail[] = [];
  readonly #ledger: Ledger;

  constructor(now: () => Date, switches: Switches) {
    this.#ledger = new Ledger(now, switches);
    this.customers = new Customers(this.#ledger);
    this.invoices = new Invoices(this.#ledger, this.customers);
  }

  deleteCustomer(id: number): void {
    const invoiced = this.invoices.all.some((invoice) => invoice.customer_id === id);
    this.customers.delete(id, invoiced);
  }

  /** The documents do not tell how a firm without an SMTP server is refused: here, as whatever else cannot be. */
  email(billId: number, json: Json): void {
    const invoice = present(this.invoices.all, billId);
    if (!this.#ledger.switches.smtp) throw new Refusal('base', "aucun serveur SMTP n'est configuré");
    if (invoice.draft || invoice.external) throw new Refusal('base', "la facture n'est pas finalisée");
    const input = read(EmailInput, json);
    const customer = this.customers.of(invoice);
    const to = input.to ?? customer.invoice_email ?? customer.email;
    if (to === null) throw new Refusal('to', 'doit être rempli');
    this.sent.push({ ...input, to, bill_id: billId });
  }

  /** A document of the merchant's own, for a new customer of his own, with whatever marks it is given. */
  addStray(marks: { api_id?: string; api_custom?: string; title?: string }, making: Making = {}): InvoiceRecord {
    const customer = this.customers.create({ company_name: 'Client du comptoir' });
    const items = [{ title: 'Vente au comptoir', quantity: '1', unit_price: '10', vat: '0.2' }];
    return this.invoices.create({ customer_id: String(customer.id), items, ...marks }, making);
  }

  /** Whatever was paid on invoices: their settlements, and what was marked as paid beyond them. */
  payments(): PaymentRecord[] {
    return this.invoices.all
      .filter((invoice) => invoice.refund_id === null)
      .flatMap((invoice) => {
        const { id, paid_on, payment_mode, payment_ref, settlements } = invoice;
        const rest = new Big(invoice.total_with_vat).minus(sum(settlements.map(({ total }) => new Big(total))));
        const whole = { invoice_id: id, total: asText(rest), payment_mode, payment_ref };
        return paid_on === null || rest.lte(0) ? settlements : [...settlements, { ...whole, paid_on }];
      });
  }
}
