// What a simulated Stripe account holds. Amounts are in Stripe's units.

export type Address = { line1: string; postal_code: string; city: string; country: string };

export type RefundStatus = 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
export type Refund = {
  id: string;
  created: number;
  amount: number;
  status: RefundStatus;
  reason: string | null;
  /** True for an authorisation, or a part of it, that was let go: no money moved. */
  release: boolean;
  charge: Charge;
};

export type Charge = {
  id: string;
  created: number;
  amount: number;
  captured: number;
  isCaptured: boolean;
  status: 'succeeded' | 'pending' | 'failed';
  method: string;
  currency: string;
  billing: { name: string | null; email: string | null; address: Address | null };
  metadata: Record<string, string>;
  intent: Intent | null;
  refunds: Refund[];
};

export type Intent = {
  id: string;
  created: number;
  amount: number;
  currency: string;
  status: 'requires_payment_method' | 'processing' | 'requires_capture' | 'succeeded' | 'canceled';
  metadata: Record<string, string>;
  description: string | null;
  types: string[];
  charge: Charge | null;
  invoice: string | null;
};

export type TaxRate = { id: string; percentage: number; effective: number | null; inclusive: boolean };
export type Tax = { amount: number; rate: TaxRate };
export type Item = {
  id: string;
  name: string;
  quantity: number;
  unit: string;
  subtotal: number;
  discount: number;
  tax: number;
  total: number;
  taxes: Tax[];
};

export type Customer = {
  name?: string;
  business_name?: string;
  individual_name?: string;
  email?: string;
  phone?: string;
  address?: Address;
  tax_exempt?: 'none' | 'exempt' | 'reverse';
  tax_ids?: { type: string; value: string | null }[];
};

export type Session = {
  id: string;
  created: number;
  mode: 'payment' | 'subscription';
  currency: string;
  items: Item[];
  shipping: { name: string; total: number; tax: number; taxes: Tax[] } | null;
  total: number;
  customer: Customer;
  delivery: { name: string; address: Address } | null;
  locale: string;
  reference: string | null;
  metadata: Record<string, string>;
  automaticTax: string | null;
  paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  status: 'open' | 'complete' | 'expired';
  intent: Intent | null;
  invoice: string | null;
};

export type Dispute = {
  id: string;
  created: number;
  amount: number;
  status: string;
  reason: string;
  charge: Charge;
};

export type InvoiceLine = Item & { proration: boolean };
export type Invoice = {
  id: string;
  created: number;
  paidAt: number;
  number: string;
  currency: string;
  lines: InvoiceLine[];
  total: number;
  /** Credit of the customer's that paid a part. */
  credit: number;
  customer: Customer;
  intent: Intent | null;
  automaticTax: string | null;
};
