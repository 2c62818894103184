// The invoices of a simulated Facturation.pro account: drafts that can change, final ones that can be paid or cancelled by
// a credit note, and the settlements that pay them.
import Big from 'big.js';
import { z } from 'zod';
import type { Json } from '../../src/domain/json.ts';
import { type Customers, identityOf } from './facturation-pro-customers.ts';
import { asText, fields, Missing, Refusal, read } from './facturation-pro-fields.ts';
import { type Ledger, present } from './facturation-pro-ledger.ts';
import { dueOn, itemTotal, sum, totals } from './facturation-pro-reckoning.ts';
import {
  type CustomerRecord,
  FREE_WHEN_FINAL,
  InvoiceInput,
  type InvoiceRecord,
  type ItemInput,
  type ItemRecord,
  OTHER_MODE,
  SettlementInput,
  type SettlementRecord,
  UNPAID,
} from './facturation-pro-records.ts';

/** `?type_doc=draft` and `?external=1` of a creation; nothing of it can be said in the body. */
export type Making = { draft?: boolean; external?: boolean };

const MarksInput = InvoiceInput.pick({ api_id: true, api_custom: true });

export class Invoices {
  readonly all: InvoiceRecord[] = [];
  readonly categories = [
    { id: 1, status: 1, title: 'Boutique en ligne' },
    { id: 2, status: 2, title: 'Affranchissement' },
  ];
  /** Public links begin with it. */
  url = '';
  readonly #ledger: Ledger;
  readonly #customers: Customers;

  constructor(ledger: Ledger, customers: Customers) {
    this.#ledger = ledger;
    this.#customers = customers;
  }

  create(json: Json, { draft = false, external = false }: Making = {}): InvoiceRecord {
    const input = read(InvoiceInput, json);
    if (external && input.external_ref === null) throw new Refusal('external_ref', 'doit être rempli');
    const customer = this.#customers.toInvoice(input.customer_id);
    const invoice: InvoiceRecord = {
      ...this.#worked(input, customer, this.#items(input.items, input.currency ?? customer.currency)),
      ...this.#ledger.created(),
      draft: true,
      external,
      balance: '0.0',
      invoice_ref: null,
      full_invoice_ref: null,
      public_download_url: null,
      refund_id: null,
      settlements: [],
    };
    this.all.push(invoice);
    if (!draft) this.#finalise(invoice);
    return this.#balance(invoice);
  }

  /** `final` cannot be taken back; on a final invoice it changes nothing. */
  update(id: number, json: Json, typeDoc: string | null): InvoiceRecord {
    const invoice = present(this.all, id);
    const given = withoutDestroyed(fields(json), invoice.items);
    if (!invoice.draft) refuseChange(given, typeDoc);
    const before = 'pay_before' in given ? { ...invoice, term_on: null } : invoice;
    const input = read(InvoiceInput, { ...before, ...given });
    const customer = invoice.draft ? this.#customers.toInvoice(input.customer_id) : this.#customers.of(invoice);
    const currency = input.currency ?? customer.currency;
    const items = 'items' in given || 'currency' in given ? this.#items(input.items, currency) : invoice.items;
    Object.assign(invoice, this.#worked(input, customer, items), this.#ledger.updated());
    if (invoice.draft && typeDoc === 'final') this.#finalise(invoice);
    return this.#balance(invoice);
  }

  delete(id: number): void {
    const invoice = present(this.all, id);
    if (!invoice.draft) throw new Refusal('base', 'la facture est finalisée');
    this.#ledger.delete(this.all, invoice);
  }

  /** A credit note for the whole invoice, which is all that the service makes; one for each invoice. */
  refund(id: number, marks: URLSearchParams): InvoiceRecord {
    const invoice = present(this.all, id);
    if (invoice.draft || invoice.external || invoice.refund_id !== null)
      throw new Refusal('base', 'sans avoir possible');
    if (this.all.some((other) => other.refund_id === id)) throw new Refusal('base', 'a déjà un avoir');
    const today = this.#ledger.today();
    const refund: InvoiceRecord = {
      ...invoice,
      ...read(MarksInput, { api_id: marks.get('api_id'), api_custom: marks.get('api_custom') }),
      ...this.#ledger.created(),
      invoice_ref: null,
      invoiced_on: today,
      paid_on: today,
      payment_mode: OTHER_MODE,
      payment_ref: null,
      paid_in_main_currency: null,
      refund_id: id,
      total: negated(invoice.total),
      total_with_vat: negated(invoice.total_with_vat),
      items: invoice.items.map((item) => ({
        ...item,
        id: this.#ledger.nextId(),
        quantity: negated(item.quantity),
        total: negated(item.total),
      })),
      settlements: [],
    };
    this.all.push(refund);
    this.#finalise(refund);
    return this.#balance(refund);
  }

  /** Once a settlement makes up the balance, the invoice is paid on its date and in its mode. */
  settle(invoiceId: number, json: Json): SettlementRecord {
    const invoice = present(this.all, invoiceId);
    const { invoice_id = invoiceId, ...input } = read(SettlementInput, json);
    if (invoice_id !== invoiceId) throw new Refusal('invoice_id', "n'est pas la facture");
    // Nothing is said of drafts. What has no number yet is owed by nobody.
    if (invoice.draft) throw new Refusal('base', 'la facture est un brouillon');
    const total = new Big(input.total);
    if (total.lte(0)) throw new Refusal('total', 'doit être supérieur à 0');
    if (total.gt(invoice.balance) && this.#ledger.switches.overpayment === 'refuse') {
      throw new Refusal('total', 'dépasse le montant restant dû');
    }
    if (total.gte(invoice.balance) && invoice.paid_on === null) {
      Object.assign(invoice, { paid_on: input.paid_on, payment_mode: input.payment_mode });
    }
    const settlement = { ...input, id: this.#ledger.nextId(), invoice_id };
    invoice.settlements.push(settlement);
    this.#balance(invoice);
    return settlement;
  }

  /** An invoice that was paid is not paid any more. */
  unsettle(invoiceId: number, id: number): void {
    const invoice = present(this.all, invoiceId);
    const settlements = invoice.settlements.filter((one) => one.id !== id);
    if (settlements.length === invoice.settlements.length) throw new Missing();
    Object.assign(invoice, { settlements, paid_on: null, payment_mode: UNPAID });
    this.#balance(invoice);
  }

  #items(inputs: readonly ItemInput[], currency: string): ItemRecord[] {
    const { switches } = this.#ledger;
    if (switches.negativeLines === 'refuse' && inputs.some((item) => new Big(item.unit_price).lt(0))) {
      throw new Refusal('items.unit_price', 'ne peut pas être négatif');
    }
    return inputs.map((item, index) => ({
      ...item,
      id: this.#ledger.nextId(),
      position: item.position ?? index + 1,
      optional: false,
      total: asText(itemTotal(item, currency, switches)),
    }));
  }

  /** What follows from a request: the customer's own terms where it names none, the totals, the day it falls due. */
  #worked(input: InvoiceInput, customer: CustomerRecord, items: ItemRecord[]) {
    if (input.category_id !== null && !this.categories.some(({ id }) => id === input.category_id)) {
      throw new Refusal('category_id', "n'existe pas");
    }
    if (input.paid_on === null && input.payment_mode !== UNPAID) throw new Refusal('paid_on', 'doit être rempli');
    if (input.paid_on !== null && input.payment_mode === UNPAID) throw new Refusal('payment_mode', 'est « non payé »');
    const invoiced_on = input.invoiced_on ?? this.#ledger.today();
    const currency = input.currency ?? customer.currency;
    const pay_before = input.pay_before ?? customer.pay_before;
    return {
      ...input,
      ...totals(items, input.rebate_percentage, currency, this.#ledger.switches),
      items,
      currency,
      customer_identity: identityOf(customer),
      invoiced_on,
      language: input.language ?? customer.language ?? ('fr' as const),
      pay_before,
      term_on: input.term_on ?? dueOn(pay_before, invoiced_on, input.delivery_on),
    };
  }

  /** Numbers run through the month: 202611-1, 202611-2. An external invoice keeps the number it was given elsewhere. */
  #finalise(invoice: InvoiceRecord): void {
    const month = invoice.invoiced_on.slice(0, 7).replace('-', '');
    const before = this.all.filter(({ invoice_ref }) => invoice_ref?.startsWith(`${month}-`)).length;
    const number = `${month}-${before + 1}`;
    invoice.draft = false;
    invoice.invoice_ref = invoice.external ? null : number;
    invoice.full_invoice_ref = invoice.external ? invoice.external_ref : `${this.#ledger.switches.prefix}${number}`;
    invoice.public_download_url = `${this.url}/public/invoices/${invoice.id}-simulated-secret.pdf`;
    this.#customers.of(invoice).last_invoiced_on = invoice.invoiced_on;
  }

  /** Brings up to date what is left to pay. */
  #balance(invoice: InvoiceRecord): InvoiceRecord {
    const settled = sum(invoice.settlements.map(({ total }) => new Big(total)));
    const due = new Big(invoice.total_with_vat).minus(settled);
    const overpaid = due.lt(0) && invoice.settlements.length > 0;
    invoice.balance = asText(invoice.paid_on === null || overpaid ? due : new Big(0));
    if (invoice.paid_on === null) invoice.paid_in_main_currency = null;
    else if (invoice.currency === 'EUR') invoice.paid_in_main_currency = invoice.total_with_vat;
    if (invoice.paid_on !== null) this.#customers.of(invoice).last_paid_on = invoice.paid_on;
    return invoice;
  }
}

const DestroyedSchema = z.object({ id: z.coerce.number(), _destroy: z.literal('1') });

/** A line of the draft that is named with `_destroy` is removed; the others are all there, changed or not. */
function withoutDestroyed(given: Record<string, unknown>, standing: readonly ItemRecord[]): Record<string, unknown> {
  if (!Array.isArray(given.items)) return given;
  const isDestroyed = (item: unknown): boolean => {
    const destroyed = DestroyedSchema.safeParse(item).data;
    if (destroyed === undefined) return false;
    if (!standing.some(({ id }) => id === destroyed.id)) throw new Refusal('items.id', "n'existe pas");
    return true;
  };
  return { ...given, items: given.items.filter((item) => !isDestroyed(item)) };
}

function refuseChange(given: Record<string, unknown>, typeDoc: string | null): void {
  if (typeDoc === 'draft') throw new Refusal('draft', 'la facture est finalisée');
  const locked = Object.keys(given).find((name) => name in InvoiceInput.shape && !FREE_WHEN_FINAL.has(name));
  if (locked !== undefined) throw new Refusal(locked, 'ne peut plus être modifié');
}

const negated = (amount: string): string => asText(new Big(amount).neg());
