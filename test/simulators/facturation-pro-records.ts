// What a Facturation.pro account takes in and holds: customers, invoices with their lines, settlements, e-mails. A schema
// lists the fields that can be written; a record adds those that can only be read. All else in a request is ignored.
import { z } from 'zod';
import { isCurrency } from '../../src/domain/money.ts';
import {
  apiId,
  date,
  decimal,
  flag,
  id,
  optionalDate,
  optionalDecimal,
  optionalId,
  requiredText,
  text,
  vatRate,
} from './facturation-pro-fields.ts';

const LANGUAGES = ['fr', 'en', 'es', 'nl'] as const;
const PAYMENT_MODES = new Set([0, 1, 2, 3, 4, 5, 6, 8, 9, 30, 31, 32, 50, 51, 90, 99, 999]);
export const UNPAID = 0;
/** "Autre": how a credit note is settled, the moment it is made. */
export const OTHER_MODE = 99;

const language = z
  .enum(LANGUAGES)
  .nullish()
  .transform((value) => value ?? null);
const currency = z.string().refine(isCurrency, "n'est pas une devise");
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, "n'est pas un code ISO à deux lettres majuscules")
  .nullish()
  .transform((value) => value ?? null);
const email = z
  .string()
  .regex(/^(\S+@\S+\.\S+)?$/, "n'est pas une adresse")
  .nullish()
  .transform((value) => value ?? null);
/** Longer than the documented list on purpose: the documented samples use "60fm", which the list leaves out. */
const payBefore = z
  .string()
  .regex(/^(cash|\d\d?(fm(\d\d)?)?(-inv)?)$/, "n'est pas un délai")
  .nullish()
  .transform((value) => value ?? null);
const paymentMode = z.coerce.number().refine((mode) => PAYMENT_MODES.has(mode), "n'est pas un mode de règlement");

/** What customers and invoices have in common. What is `soft_deleted` goes for good on the day of `hard_delete_on`. */
export type Kept = {
  id: number;
  created_at: string;
  updated_at: string;
  soft_deleted: boolean;
  hard_delete_on: string | null;
};

export const CustomerInput = z.object({
  company_name: text(255),
  civility: text(255),
  first_name: text(255),
  last_name: text(255),
  short_name: text(255),
  individual: flag.nullish().transform((value) => value ?? false),
  street: text(255),
  city: text(255),
  zip_code: text(20),
  country,
  phone: text(255),
  fax: text(255),
  email,
  mobile: text(255),
  website: text(255),
  notes: text(),
  vat_number: text(30),
  siret: text(100),
  category_id: optionalId,
  account_code: text(11),
  api_id: apiId,
  api_custom: text(255),
  reference: text(255),
  penalty: optionalDecimal(8, 3),
  discount: optionalDecimal(8, 3),
  pay_before: payBefore,
  currency: currency.default('EUR'),
  language,
  default_vat: optionalDecimal(8, 3),
  validity: optionalId,
  vat_country: text(3),
  vat_exemption: text(255),
  invoice_email: email,
  field1: text(255),
  field2: text(255),
  field3: text(255),
  field4: text(255),
  field5: text(255),
});
/** `archived` can be seen nowhere but in which `mode` of the list shows the customer. */
export type CustomerRecord = z.infer<typeof CustomerInput> &
  Kept & { archived: boolean; last_invoiced_on: string | null; last_paid_on: string | null };

/** `style` makes a line that carries no amount: a comment, a title, a subtotal, a page break. */
export const ItemInput = z.object({
  title: requiredText(),
  quantity: decimal(12, 4),
  unit_price: decimal(15, 3),
  vat: vatRate,
  measure: text(32),
  product_id: optionalId,
  position: z.coerce.number().int().optional(),
  style: z
    .enum(['comment', 'title', 'subtotal', 'new_page'])
    .nullish()
    .transform((value) => value ?? null),
  nature: z.coerce.number().int().default(9),
});
export type ItemInput = z.infer<typeof ItemInput>;
export type ItemRecord = ItemInput & { id: number; position: number; optional: false; total: string };

export const InvoiceInput = z.object({
  customer_id: id,
  title: text(255),
  language,
  category_id: optionalId,
  invoiced_on: date.optional(),
  delivery_on: optionalDate,
  term_on: optionalDate,
  currency: currency.optional(),
  rebate_percentage: decimal(8, 3).default('0.0'),
  vat_exemption: text(255),
  vat_country: country,
  penalty: decimal(8, 3).default('0.0'),
  pay_before: payBefore,
  discount: optionalDecimal(8, 3),
  service_personne: flag.default(false),
  information: text(),
  internal_note: text(),
  purchase_number: text(100),
  external_ref: text(255),
  payment_mode: paymentMode.default(UNPAID),
  paid_on: optionalDate,
  payment_ref: text(255),
  paid_in_main_currency: optionalDecimal(15, 3),
  api_id: apiId,
  api_custom: text(255),
  items: z.array(ItemInput).min(1, 'doit contenir au moins une ligne'),
});
export type InvoiceInput = z.infer<typeof InvoiceInput>;

/** What may still change on a final invoice: its information, its terms and its payment. */
export const FREE_WHEN_FINAL: ReadonlySet<string> = new Set([
  'information',
  'pay_before',
  'term_on',
  'penalty',
  'discount',
  'paid_on',
  'payment_mode',
  'payment_ref',
  'paid_in_main_currency',
]);

export const SettlementInput = z.object({
  invoice_id: id.optional(),
  total: decimal(15, 3),
  payment_mode: paymentMode.refine((mode) => mode !== UNPAID, "n'est pas un mode de règlement"),
  paid_on: date,
  payment_ref: text(255),
});
export type SettlementRecord = Omit<z.infer<typeof SettlementInput>, 'invoice_id'> & { id: number; invoice_id: number };

/** A settlement, or a payment of the whole that was noted on the invoice itself. */
export type PaymentRecord = Omit<SettlementRecord, 'id'>;

export type InvoiceRecord = Omit<InvoiceInput, 'items' | 'invoiced_on' | 'currency' | 'language'> &
  Kept & {
    invoiced_on: string;
    currency: string;
    language: string;
    customer_identity: string;
    draft: boolean;
    external: boolean;
    total: string;
    total_with_vat: string;
    balance: string;
    invoice_ref: string | null;
    full_invoice_ref: string | null;
    public_download_url: string | null;
    refund_id: number | null;
    items: ItemRecord[];
    settlements: SettlementRecord[];
  };

export const EmailInput = z.object({ to: email, cc: email, bcc: email, subject: text(255), message: text() });
export type SentEmail = z.infer<typeof EmailInput> & { bill_id: number; to: string };
