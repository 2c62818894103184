// What a simulated VosFactures account holds, and the rules by which it takes things in: matching of clients, uniqueness
// of `oid`, what counts as paid, what is due when.
import Big from 'big.js';
import { z } from 'zod';
import { checkCorrection, copyOf, type Given, shownPosition } from './vosfactures-corrections.ts';
import { ClientInput, InvoiceInput, PaymentInput, Refusal, read } from './vosfactures-input.ts';
import { mailOf } from './vosfactures-mail.ts';
import type { Switches } from './vosfactures-options.ts';
import type { ClientRecord, InvoiceRecord, MailRecord, PaymentRecord } from './vosfactures-records.ts';
import { asText, paidStatus, totalsOf } from './vosfactures-totals.ts';

const GivenSchema = z.record(z.string(), z.unknown());
const PREFIX = { vat: 'F', correction: 'FA', proforma: 'P', estimate: 'D' };
/** Days until a document is due when its request does not say. */
const USUAL_TERM = '5';

export class VosFacturesBooks {
  readonly departments = [
    { id: 1, name: 'Atelier Test', main: true },
    { id: 2, name: 'Atelier Test Export', main: false },
  ];
  readonly categories: { id: number; name: string }[] = [];
  readonly clients: ClientRecord[] = [];
  readonly invoices: InvoiceRecord[] = [];
  readonly payments: PaymentRecord[] = [];
  readonly sent: MailRecord[] = [];
  url = '';
  readonly #now: () => Date;
  readonly #switches: Switches;
  /** What each document was made from, for copies of it. */
  readonly #given = new Map<number, Given>();
  #lastId = 1000;

  constructor(now: () => Date, switches: Switches) {
    this.#now = now;
    this.#switches = switches;
  }

  client(id: number): ClientRecord | undefined {
    return this.clients.find((client) => client.id === id && !client.deleted);
  }

  invoice(id: number): InvoiceRecord | undefined {
    return this.invoices.find((invoice) => invoice.id === id);
  }

  createClient(given: unknown): ClientRecord {
    const client = { ...this.#clientInput(given), id: this.#nextId(), deleted: false };
    this.clients.push(client);
    return client;
  }

  updateClient(id: number, given: unknown): ClientRecord {
    const client = this.#known(this.client(id), 'client_id');
    return Object.assign(client, this.#clientInput({ ...client, ...read(GivenSchema, given) }));
  }

  /** For good: an invoice keeps what it shows, no search finds the client. */
  deleteClient(id: number): void {
    this.#known(this.client(id), 'client_id').deleted = true;
  }

  createInvoice(request: unknown): InvoiceRecord {
    const given = this.#filledUp(read(GivenSchema, request));
    const input = read(InvoiceInput, given);
    this.#checkOid(input);
    this.#checkTaxNumberKind(input.buyer_tax_no_kind, 'buyer_tax_no_kind');
    for (const position of input.positions) checkCorrection(position, input.kind);
    for (const field of ['invoice_id', 'from_invoice_id'] as const) {
      const id = input[field];
      if (id !== undefined) this.#known(this.invoice(id), field);
    }
    const departmentId = this.#departmentId(input);
    const client = this.#clientOf(input);
    const totals = totalsOf(input.positions, input.calculating_strategy, input.currency);
    const issued = input.issue_date ?? isoDate(this.#now());
    const id = this.#nextId();
    const number = this.#number(input.kind, issued);
    const token = `public${id}`;
    const paid = input.paid ?? new Big(input.status === 'paid' ? totals.price_gross : 0);
    const invoice: InvoiceRecord = {
      id,
      number,
      token,
      kind: input.kind,
      oid: input.oid,
      client_id: client.id,
      department_id: departmentId,
      category_id: this.#categoryId(input.category_id),
      issue_date: issued,
      sell_date: input.sell_date ?? issued,
      ...due(input, issued),
      payment_type: input.payment_type,
      currency: input.currency,
      lang: input.lang ?? 'fr',
      status: paid.eq(0) ? input.status : paidStatus(paid, totals.price_gross),
      paid: asText(paid),
      paid_date: paid.eq(0) ? null : (input.paid_date ?? isoDate(this.#now())),
      price_net: asText(totals.price_net),
      price_tax: asText(totals.price_tax),
      price_gross: asText(totals.price_gross),
      buyer_name: client.name,
      buyer_street: client.street,
      buyer_city: client.city,
      buyer_tax_no: client.tax_no,
      buyer_tax_no_kind: client.tax_no_kind,
      buyer_email: client.email,
      internal_note: input.internal_note,
      description: input.description,
      title: input.additional_fields.title,
      additional_fields: input.additional_fields,
      from_invoice_id: input.from_invoice_id ?? null,
      invoice_id: input.invoice_id ?? null,
      correction: input.correction,
      correction_reason: input.correction_reason,
      corrected_content_before: input.corrected_content_before,
      corrected_content_after: input.corrected_content_after,
      cancelled: false,
      email_status: null,
      sent_time: null,
      view_url: `${this.url}/f/${number}/${token}`,
      positions: input.positions.map(shownPosition),
    };
    this.invoices.push(invoice);
    this.#given.set(id, given);
    return invoice;
  }

  /** What the merchant does by hand: the document stays, and says so. */
  cancelInvoice(id: number): void {
    Object.assign(this.#known(this.invoice(id), 'invoice_id'), { cancelled: true, kind: 'canceled' });
  }

  createPayment(given: unknown): PaymentRecord {
    const input = read(PaymentInput, given);
    const invoice = this.#known(this.invoice(input.invoice_id), 'invoice_id');
    const paidDate = input.paid_date ?? isoDate(this.#now());
    const payment = { ...input, id: this.#nextId(), price: asText(input.price), paid_date: paidDate };
    this.payments.push(payment);
    if (input.paid) {
      const paid = new Big(invoice.paid).plus(input.price);
      invoice.paid = asText(paid);
      invoice.paid_date = paidDate;
      invoice.status = paidStatus(paid, new Big(invoice.price_gross));
    }
    return payment;
  }

  /** Sends the document, or says why not. */
  sendByEmail(invoice: InvoiceRecord, query: URLSearchParams): { status: 'ok' | 'error'; message: string } {
    const client = this.client(invoice.client_id);
    const { otherAddress } = this.#switches;
    const mail = mailOf({ invoice, clientEmail: client?.email ?? null, query, at: this.#now(), otherAddress });
    if (typeof mail === 'string') return { status: 'error', message: mail };
    this.sent.push(mail);
    invoice.email_status = 'sent';
    invoice.sent_time = mail.at;
    if (invoice.status === 'issued') invoice.status = 'sent';
    if (query.get('update_buyer_email') === 'yes') invoice.buyer_email = mail.to.join(',');
    return { status: 'ok', message: `envoyé à ${mail.to.join(', ')}` };
  }

  /** A copy's request, filled up from its source; any other one as it is. */
  #filledUp(request: Given): Given {
    if (request.copy_invoice_from == null) return request;
    const source = this.#known(this.invoice(Number(request.copy_invoice_from)), 'copy_invoice_from');
    return copyOf(source, this.#given.get(source.id) ?? {}, request, this.#switches.copyTakes);
  }

  #checkOid({ oid, oid_unique, kind }: InvoiceInput): void {
    if (oid !== null && oid.length > 40) throw new Refusal('oid', 'is too long');
    const rivals = this.invoices.filter((one) => this.#switches.oidScope === 'account' || one.kind === kind);
    if (oid_unique === 'yes' && rivals.some((one) => one.oid === oid)) throw new Refusal('oid', 'est déjà utilisé');
  }

  /** No kind is the VAT number; any other has to be listed in the account's settings before. */
  #checkTaxNumberKind(kind: string | null, field: string): void {
    const known = kind === null || kind === '' || this.#switches.taxNumberKinds.includes(kind);
    if (!known) throw new Refusal(field, 'is not listed in the settings');
  }

  #clientInput(given: unknown): ClientInput {
    const input = read(ClientInput, given);
    requireLastName(input.company, input.last_name, 'last_name');
    this.#checkTaxNumberKind(input.tax_no_kind, 'tax_no_kind');
    return input;
  }

  /** An unknown `seller_name` makes a department of its own. */
  #departmentId(input: InvoiceInput): number {
    const named = this.departments.find(({ name }) => name === input.seller_name);
    if (named !== undefined) return named.id;
    if (input.seller_name !== undefined) {
      const department = { id: this.#nextId(), name: input.seller_name, main: false };
      this.departments.push(department);
      return department.id;
    }
    const id = input.department_id ?? 1;
    return this.#known(
      this.departments.find((department) => department.id === id),
      'department_id',
    ).id;
  }

  /** Taken for an id first, then for a name; an unknown one makes a category of its own. */
  #categoryId(given: string | null): number | null {
    if (given === null || given === '') return null;
    const found =
      this.categories.find(({ id }) => String(id) === given) ?? this.categories.find(({ name }) => name === given);
    if (found !== undefined) return found.id;
    const category = { id: this.#nextId(), name: given };
    this.categories.push(category);
    return category.id;
  }

  /**
   * Without `client_id` a client is taken by name, e-mail or tax number, or made. What it has stored is what the document
   * shows, unless `buyer_override` brings it, and the stored client, up to date.
   */
  #clientOf(input: InvoiceInput): ClientRecord {
    requireLastName(input.buyer_company, input.buyer_last_name, 'buyer_last_name');
    const party = {
      name: input.buyer_name,
      company: input.buyer_company,
      first_name: input.buyer_first_name,
      last_name: input.buyer_last_name,
      tax_no: input.buyer_tax_no,
      tax_no_kind: input.buyer_tax_no_kind,
      email: input.buyer_email,
      phone: input.buyer_phone,
      street: input.buyer_street,
      post_code: input.buyer_post_code,
      city: input.buyer_city,
      country: input.buyer_country,
    };
    if (input.client_id === undefined || input.client_id === -1) {
      const known = this.clients.find(
        (client) => !client.deleted && input.client_id !== -1 && looksLike(client, party),
      );
      return known ?? this.createClient({ ...party });
    }
    const client = this.#known(this.client(input.client_id), 'client_id');
    if (!input.buyer_override) return client;
    return Object.assign(client, Object.fromEntries(Object.entries(party).filter(([, value]) => value !== null)));
  }

  #known<T>(record: T | undefined, field: string): T {
    if (record === undefined) throw new Refusal(field, 'does not exist');
    return record;
  }

  /** Each kind counts on its own, month by month. */
  #number(kind: InvoiceInput['kind'], issued: string): string {
    const start = `${PREFIX[kind]}${issued.slice(0, 7)}-`;
    return `${start}${this.invoices.filter(({ number }) => number.startsWith(start)).length + 1}`;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function requireLastName(company: boolean, lastName: string | null, field: string): void {
  if (!company && lastName === null) throw new Refusal(field, 'is required for a person');
}

const looksLike = (client: ClientRecord, party: { name: string | null; email: string | null; tax_no: string | null }) =>
  (party.tax_no !== null && client.tax_no === party.tax_no) ||
  (party.email !== null && client.email === party.email) ||
  client.name === party.name;

/** A date that comes without its kind is a date of its own. */
function due(input: InvoiceInput, issued: string): { payment_to_kind: string; payment_to: string | null } {
  const kind = input.payment_to_kind ?? (input.payment_to === undefined ? USUAL_TERM : 'other_date');
  if (kind === 'off') return { payment_to_kind: kind, payment_to: null };
  if (kind === 'other_date') return { payment_to_kind: kind, payment_to: input.payment_to ?? null };
  const day = new Date(`${issued}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + Number(kind));
  return { payment_to_kind: kind, payment_to: isoDate(day) };
}

const isoDate = (instant: Date): string => instant.toISOString().slice(0, 10);
