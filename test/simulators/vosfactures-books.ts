// What a simulated VosFactures account holds, and the rules by which it takes things in: matching of clients, uniqueness
// of `oid`, the arithmetic of totals, what counts as paid.
import Big from 'big.js';
import { z } from 'zod';
import type { Json } from '../../src/domain/json.ts';
import { minorDigits } from '../../src/domain/money.ts';

/** Answered with 422 and the messages by field. */
export class Refusal extends Error {
  readonly messages: Readonly<Record<string, string[]>>;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.messages = { [field]: [message] };
  }
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => [true, 'true', '1'].includes(value));
const amount = z
  .string()
  .regex(/^-?\d+([.,]\d+)?$/, 'is not a number')
  .transform((value) => new Big(value.replace(',', '.')));

const ClientInput = z.object({
  name: z.string().min(1),
  company: flag.default(true),
  first_name: text,
  last_name: text,
  tax_no: text,
  email: text,
  external_id: text,
  phone: text,
  street: text,
  post_code: text,
  city: text,
  country: text,
  note: text,
  use_delivery_address: flag.default(false),
  delivery_address: text,
});
export type ClientRecord = z.infer<typeof ClientInput> & { id: number; deleted: boolean };

const PositionInput = z.object({
  name: z.string().min(1),
  quantity: amount,
  tax: z.string().regex(/^(\d+([.,]\d+)?|disabled|np)$/, 'is not a rate'),
  total_price_gross: amount,
  service: flag.default(false),
  code: text,
  description: text,
});
type Position = z.infer<typeof PositionInput>;

const StrategyInput = z.object({
  position: z.enum(['default', 'keep_gross']),
  sum: z.enum(['sum', 'keep_gross', 'keep_net']),
  invoice_form_price_kind: z.enum(['net', 'gross']),
});
type Strategy = z.infer<typeof StrategyInput>;
/** What an account computes with when the request does not say. */
const USUAL: Strategy = { position: 'default', sum: 'sum', invoice_form_price_kind: 'net' };

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date');

const InvoiceInput = z.object({
  kind: z.enum(['vat', 'correction', 'proforma', 'estimate']).default('vat'),
  oid: text,
  oid_unique: z.string().optional(),
  client_id: z.coerce.number().int().optional(),
  department_id: z.coerce.number().int().optional(),
  seller_name: z.string().optional(),
  issue_date: date.optional(),
  sell_date: date.optional(),
  payment_to: date.optional(),
  payment_type: text,
  currency: z.string().length(3).default('EUR'),
  lang: text,
  status: z.enum(['issued', 'sent', 'paid', 'partial', 'rejected', 'accepted']).default('issued'),
  paid: amount.optional(),
  paid_date: date.optional(),
  buyer_override: flag.default(false),
  buyer_name: text,
  buyer_company: flag.default(true),
  buyer_first_name: text,
  buyer_last_name: text,
  buyer_tax_no: text,
  buyer_email: text,
  buyer_phone: text,
  buyer_street: text,
  buyer_post_code: text,
  buyer_city: text,
  buyer_country: text,
  calculating_strategy: StrategyInput.default(USUAL),
  internal_note: text,
  additional_fields: z.looseObject({ title: text }).default({ title: null }),
  positions: z.array(PositionInput).min(1),
});
type InvoiceInput = z.infer<typeof InvoiceInput>;

export type InvoiceRecord = {
  id: number;
  number: string;
  token: string;
  kind: string;
  oid: string | null;
  client_id: number;
  department_id: number;
  issue_date: string;
  sell_date: string;
  payment_to: string | null;
  payment_type: string | null;
  currency: string;
  lang: string;
  status: string;
  paid: string;
  paid_date: string | null;
  price_gross: string;
  buyer_name: string;
  buyer_street: string | null;
  buyer_city: string | null;
  buyer_tax_no: string | null;
  buyer_email: string | null;
  internal_note: string | null;
  title: string | null;
  cancelled: boolean;
  view_url: string;
  positions: {
    name: string;
    quantity: string;
    tax: string;
    total_price_gross: string;
    service: boolean;
    code: string | null;
    description: string | null;
  }[];
};

const PaymentInput = z.object({
  name: z.string().min(1),
  price: amount,
  currency: text,
  invoice_id: z.coerce.number().int(),
  paid: flag.default(false),
  paid_date: date.optional(),
  provider: text,
  description: text,
  oid: text,
  kind: z.literal('api'),
});
export type PaymentRecord = {
  id: number;
  name: string;
  price: string;
  currency: string | null;
  invoice_id: number;
  paid: boolean;
  paid_date: string;
  provider: string | null;
  oid: string | null;
};

export class VosFacturesBooks {
  readonly departments = [
    { id: 1, name: 'Atelier Test', main: true },
    { id: 2, name: 'Atelier Test Export', main: false },
  ];
  readonly clients: ClientRecord[] = [];
  readonly invoices: InvoiceRecord[] = [];
  readonly payments: PaymentRecord[] = [];
  url = '';
  readonly #now: () => Date;
  #lastId = 1000;

  constructor(now: () => Date) {
    this.#now = now;
  }

  invoice(id: number): InvoiceRecord | undefined {
    return this.invoices.find((invoice) => invoice.id === id);
  }

  /** Issued within the last twelve months: all that a list shows without `period=all`. */
  isRecent(invoice: InvoiceRecord): boolean {
    const from = this.#now();
    from.setUTCFullYear(from.getUTCFullYear() - 1);
    return invoice.issue_date >= isoDate(from);
  }

  createClient(json: Json): ClientRecord {
    const input = read(ClientInput, json);
    requireLastName(input.company, input.last_name, 'last_name');
    const client = { ...input, id: this.#nextId(), deleted: false };
    this.clients.push(client);
    return client;
  }

  updateClient(id: number, json: Json): ClientRecord {
    const client = this.#client(id);
    const given = read(z.record(z.string(), z.union([z.string(), z.boolean(), z.null()])), json);
    return Object.assign(client, read(ClientInput, { ...client, ...given }));
  }

  createInvoice(json: Json): InvoiceRecord {
    const input = read(InvoiceInput, json);
    if (input.oid !== null && input.oid.length > 40) throw new Refusal('oid', 'is too long');
    if (input.oid_unique === 'yes' && this.invoices.some((invoice) => invoice.oid === input.oid)) {
      throw new Refusal('oid', 'est déjà utilisé');
    }
    const departmentId = this.#departmentId(input);
    const client = this.#clientOf(input);
    const gross = totalGross(input.positions, input.calculating_strategy, input.currency);
    const issued = input.issue_date ?? isoDate(this.#now());
    const id = this.#nextId();
    const number = this.#number(issued);
    const token = `public${id}`;
    const paid = input.paid ?? new Big(input.status === 'paid' ? gross : 0);
    const invoice: InvoiceRecord = {
      id,
      number,
      token,
      kind: input.kind,
      oid: input.oid,
      client_id: client.id,
      department_id: departmentId,
      issue_date: issued,
      sell_date: input.sell_date ?? issued,
      payment_to: input.payment_to ?? null,
      payment_type: input.payment_type,
      currency: input.currency,
      lang: input.lang ?? 'fr',
      status: paid.eq(0) ? input.status : statusOf(paid, gross),
      paid: asText(paid),
      paid_date: paid.eq(0) ? null : (input.paid_date ?? isoDate(this.#now())),
      price_gross: asText(gross),
      buyer_name: client.name,
      buyer_street: client.street,
      buyer_city: client.city,
      buyer_tax_no: client.tax_no,
      buyer_email: client.email,
      internal_note: input.internal_note,
      title: input.additional_fields.title,
      cancelled: false,
      view_url: `${this.url}/f/${number}/${token}`,
      positions: input.positions.map(({ quantity, total_price_gross, ...position }) => ({
        ...position,
        quantity: asText(quantity),
        total_price_gross: asText(total_price_gross),
      })),
    };
    this.invoices.push(invoice);
    return invoice;
  }

  createPayment(json: Json): PaymentRecord {
    const input = read(PaymentInput, json);
    const invoice = this.invoice(input.invoice_id);
    if (invoice === undefined) throw new Refusal('invoice_id', 'does not exist');
    const paidDate = input.paid_date ?? isoDate(this.#now());
    const payment = { ...input, id: this.#nextId(), price: asText(input.price), paid_date: paidDate };
    this.payments.push(payment);
    if (input.paid) {
      const paid = new Big(invoice.paid).plus(input.price);
      invoice.paid = asText(paid);
      invoice.paid_date = paidDate;
      invoice.status = statusOf(paid, new Big(invoice.price_gross));
    }
    return payment;
  }

  /** An unknown `seller_name` makes a department of its own. */
  #departmentId(input: InvoiceInput): number {
    if (input.seller_name !== undefined) {
      const department = { id: this.#nextId(), name: input.seller_name, main: false };
      this.departments.push(department);
      return department.id;
    }
    const id = input.department_id ?? 1;
    if (!this.departments.some((department) => department.id === id))
      throw new Refusal('department_id', 'does not exist');
    return id;
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
    const client = this.#client(input.client_id);
    if (!input.buyer_override) return client;
    return Object.assign(client, Object.fromEntries(Object.entries(party).filter(([, value]) => value !== null)));
  }

  #client(id: number): ClientRecord {
    const client = this.clients.find((one) => one.id === id && !one.deleted);
    if (client === undefined) throw new Refusal('client_id', 'does not exist');
    return client;
  }

  #number(issued: string): string {
    const [year, month] = issued.split('-');
    const inMonth = this.invoices.filter((invoice) => invoice.issue_date.startsWith(`${year}-${month}`)).length;
    return `F${year}-${month}-${inMonth + 1}`;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function read<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(issue?.path.join('.') || 'base', issue?.message ?? 'is invalid');
}

function requireLastName(company: boolean, lastName: string | null, field: string): void {
  if (!company && lastName === null) throw new Refusal(field, 'is required for a person');
}

const looksLike = (client: ClientRecord, party: { name: string | null; email: string | null; tax_no: string | null }) =>
  (party.tax_no !== null && client.tax_no === party.tax_no) ||
  (party.email !== null && client.email === party.email) ||
  client.name === party.name;

const statusOf = (paid: Big, gross: Big): string => (paid.gte(gross) ? 'paid' : 'partial');

/**
 * `keep_gross` keeps the gross total of every line; otherwise it is computed again from a unit net price that was rounded,
 * which is where cents go astray.
 */
function totalGross(positions: readonly Position[], strategy: Strategy, currency: string): Big {
  const digits = Math.min(minorDigits(currency), 2);
  const lines = positions.map((position) => {
    const factor = new Big(/^\d/.test(position.tax) ? position.tax.replace(',', '.') : 0).div(100).plus(1);
    if (strategy.position === 'keep_gross') return position.total_price_gross.round(digits, Big.roundHalfUp);
    if (position.quantity.eq(0)) return new Big(0);
    const unitNet = position.total_price_gross.div(factor).div(position.quantity).round(digits, Big.roundHalfUp);
    return unitNet.times(position.quantity).times(factor).round(digits, Big.roundHalfUp);
  });
  return lines.reduce((total, line) => total.plus(line), new Big(0));
}

/** As the engine writes numbers: "39.98", "100.0". */
function asText(value: Big): string {
  const plain = value.toFixed();
  return plain.includes('.') ? plain : `${plain}.0`;
}

const isoDate = (instant: Date): string => instant.toISOString().slice(0, 10);
