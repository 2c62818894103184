// The customers of a simulated Facturation.pro account.
import type { z } from 'zod';
import type { Json } from '../../src/domain/json.ts';
import { fields, Refusal, read } from './facturation-pro-fields.ts';
import { type Ledger, present } from './facturation-pro-ledger.ts';
import { CustomerInput, type CustomerRecord } from './facturation-pro-records.ts';

export class Customers {
  readonly all: CustomerRecord[] = [];
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  create(json: Json): CustomerRecord {
    const customer: CustomerRecord = {
      ...named(read(CustomerInput, json)),
      ...this.#ledger.created(),
      archived: false,
      last_invoiced_on: null,
      last_paid_on: null,
    };
    this.all.push(customer);
    return customer;
  }

  update(id: number, json: Json): CustomerRecord {
    const customer = present(this.all, id);
    const input = named(read(CustomerInput, { ...customer, ...fields(json) }));
    return Object.assign(customer, input, this.#ledger.updated());
  }

  archive(id: number, archived = true): void {
    Object.assign(present(this.all, id), { archived }, this.#ledger.updated());
  }

  /** Only a customer that was never invoiced can be deleted. */
  delete(id: number, invoiced: boolean): void {
    const customer = present(this.all, id);
    if (invoiced) throw new Refusal('base', 'a déjà été facturé');
    this.#ledger.delete(this.all, customer);
  }

  /** The customer of a document; it may have been archived since. */
  of(invoice: { customer_id: number }): CustomerRecord {
    return present(this.all, invoice.customer_id);
  }

  /** The customer of a document to be made: an archived one must be restored before it can be invoiced again. */
  toInvoice(id: number): CustomerRecord {
    const customer = this.all.find((one) => one.id === id && !one.soft_deleted);
    if (customer === undefined) throw new Refusal('customer_id', "n'existe pas");
    if (customer.archived) throw new Refusal('customer_id', 'est archivé');
    return customer;
  }
}

/** What documents call the customer. */
export const identityOf = ({ company_name, first_name, last_name }: z.infer<typeof CustomerInput>): string =>
  company_name || [first_name, last_name].filter(Boolean).join(' ');

/** A professional without a company name is named after the person; each has a short name and an account of its own. */
function named(input: z.infer<typeof CustomerInput>): z.infer<typeof CustomerInput> {
  const name = identityOf(input);
  if (name === '') throw new Refusal(input.individual ? 'last_name' : 'company_name', 'doit être rempli');
  const letters = name.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return {
    ...input,
    company_name: input.company_name || (input.individual ? null : name),
    short_name: input.short_name || name,
    account_code: input.account_code || `411${letters.slice(0, 8)}`,
  };
}
