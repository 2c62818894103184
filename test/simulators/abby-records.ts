// What a simulated Abby account keeps of documents, payments and e-mails. Times are unix seconds, amounts are cents.
import type { z } from 'zod';
import type { Totals } from './abby-amounts.ts';
import type { ClientRecord } from './abby-clients.ts';
import type { Discount, DocumentAddress, EmailInput, Line, Mentions, TimelineInput } from './abby-schemas.ts';

/** Whom a document is for, copied when it was drafted: later changes of the client do not reach it. */
export type CustomerRecord = {
  id: string;
  contactId: string | null;
  organizationId: string | null;
  name: string;
  client: ClientRecord;
  deliveryAddress: DocumentAddress | null;
};

/** `timeline` is null until it is given; a draft then counts from when it was made. */
export type DocumentRecord = {
  id: string;
  type: 'invoice' | 'asset';
  state: 'draft' | 'finalized' | 'paid';
  number: string | null;
  title: string | null;
  customer: CustomerRecord;
  /** The invoice that a credit note takes back. */
  invoiceId: string | null;
  currency: string;
  currencyRate: number;
  locale: string;
  timeline: z.infer<typeof TimelineInput> | null;
  mentions: Mentions;
  displayDeliveryAddress: boolean;
  lines: Line[];
  discount: Discount | undefined;
  totals: Totals;
  createdAt: number;
  updatedAt: number;
  finalizedAt: number | null;
  paidAt: number | null;
  archivedAt: number | null;
  sentAt: number | null;
  test: boolean;
};

export type PaymentRecord = {
  invoiceId: string;
  amount: bigint;
  receivedAt: string;
  method: string;
  transactionId: string | null;
};
export type SentRecord = z.infer<typeof EmailInput> & { documentId: string };
export type Requirement = { name: string; message: string };
