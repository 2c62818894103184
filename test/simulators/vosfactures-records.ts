// What VosFactures shows of what it holds: numbers as text, except ids.
import type { ClientInput, InvoiceInput } from './vosfactures-input.ts';

export type ClientRecord = ClientInput & { id: number; deleted: boolean };

type Side = { name: string; quantity: string; total_price_gross: string; tax: string };
export type PositionRecord = Side & {
  service: boolean;
  code: string | null;
  description: string | null;
  kind: string | null;
  correction_before_attributes?: Side & { kind: 'correction_before' };
  correction_after_attributes?: Side & { kind: 'correction_after' };
};

export type InvoiceRecord = {
  id: number;
  number: string;
  token: string;
  kind: string;
  oid: string | null;
  client_id: number;
  department_id: number;
  category_id: number | null;
  issue_date: string;
  sell_date: string;
  payment_to_kind: string;
  payment_to: string | null;
  payment_type: string | null;
  currency: string;
  lang: string;
  status: string;
  paid: string;
  paid_date: string | null;
  price_net: string;
  price_tax: string;
  price_gross: string;
  buyer_name: string;
  buyer_street: string | null;
  buyer_city: string | null;
  buyer_tax_no: string | null;
  buyer_tax_no_kind: string | null;
  buyer_email: string | null;
  internal_note: string | null;
  description: string | null;
  title: string | null;
  additional_fields: InvoiceInput['additional_fields'];
  from_invoice_id: number | null;
  invoice_id: number | null;
  correction: string | null;
  correction_reason: string | null;
  corrected_content_before: string | null;
  corrected_content_after: string | null;
  cancelled: boolean;
  email_status: string | null;
  sent_time: string | null;
  view_url: string;
  positions: PositionRecord[];
};

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

export type MailRecord = { invoice_id: number; to: string[]; cc: string[]; pdf: boolean; at: string };
