// What we ask a provider to make. A document is planned from facts and carries everything its request body needs.
import { z } from 'zod';
import { BuyerSchema } from './buyer.ts';
import { MinorSchema } from './money.ts';
import { InstantSchema, OrderLineSchema, PaymentModeSchema } from './order.ts';
import { assertNever } from './result.ts';

export const JOB_KINDS = ['invoice', 'payment', 'credit_note', 'send', 'write_back', 'notify'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** `source/order/kind/n`: the business key that makes a document unique for ever. */
export type DocumentKey = string;

/** Builds the key of a document. Each part is escaped, so that two different sales never share a key. */
export const documentKey = (source: string, orderId: string, kind: JobKind, n: string): DocumentKey =>
  [source, orderId, kind, n].map((part) => part.replace(/[%/]/g, encodeURIComponent)).join('/');

/** The last part of a key as it was given to `documentKey`: an invoice's number among the sale's, a refund's id. */
export const endOfKey = (key: DocumentKey): string => decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));

/** Money received for a document. */
export const ReceivedSchema = z.object({
  /** The payment's id at its origin (`pi_…`), or the shop's transaction id, or `claim`. */
  id: z.string(),
  amount: MinorSchema,
  at: InstantSchema,
  mode: PaymentModeSchema,
  /** The gateway's id ("stripe", "bacs"), by which a user maps it to a provider's own mode. */
  method: z.string().default(''),
  /** The gateway's own words, for people. */
  label: z.string(),
});
export type Received = z.infer<typeof ReceivedSchema>;

export const InvoiceDraftSchema = z.object({
  kind: z.literal('invoice'),
  key: z.string(),
  source: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  currency: z.string(),
  total: MinorSchema,
  lines: z.array(OrderLineSchema),
  buyer: BuyerSchema,
  /** UTC instant of the sale; becomes a date in the seller's time zone. */
  soldAt: InstantSchema,
  language: z.string().nullable(),
  /** Payments to record while creating, where the provider can. Each has its own payment job, ticked by the creation. */
  received: z.array(ReceivedSchema),
  /** False leaves a draft for a person to finalise. */
  finalize: z.boolean().default(true),
  /** Where no exact form of the total exists: one visible untaxed line of at most one minor unit per rate, or hold. */
  rounding: z.enum(['line', 'hold']).default('line'),
  /** Which state of the order it was planned from; empty where that was not kept. */
  version: z.string().default(''),
  /** Key of the credit note without which this invoice would bill the same thing twice, and which it names; the first has none. */
  after: z.string().nullable().default(null),
});
export type InvoiceDraft = z.infer<typeof InvoiceDraftSchema>;

export const PaymentDraftSchema = z.object({
  kind: z.literal('payment'),
  key: z.string(),
  source: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  currency: z.string(),
  received: ReceivedSchema,
  /** Key of the invoice that it is for; empty: the sale's first. */
  invoice: z.string().default(''),
});
export type PaymentDraft = z.infer<typeof PaymentDraftSchema>;

/** A credited line has the sign of the invoiced one; its name is empty where an amount was returned without saying for what. */
export const CreditLineSchema = OrderLineSchema.extend({ name: z.string().max(1000) });
export type CreditLine = z.infer<typeof CreditLineSchema>;

export const CreditNoteDraftSchema = z.object({
  kind: z.literal('credit_note'),
  key: z.string(),
  source: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  currency: z.string(),
  /** What the buyer got back, positive; the sum of the lines' gross. */
  amount: MinorSchema,
  lines: z.array(CreditLineSchema).default([]),
  /** True when it takes back the whole invoice at once. */
  whole: z.boolean().default(false),
  reason: z.string(),
  language: z.string().nullable().default(null),
  finalize: z.boolean().default(true),
  rounding: z.enum(['line', 'hold']).default('line'),
  /** Key of the invoice that it takes from; empty: the sale's first. */
  invoice: z.string().default(''),
});
export type CreditNoteDraft = z.infer<typeof CreditNoteDraftSchema>;

export const SendDraftSchema = z.object({
  kind: z.literal('send'),
  key: z.string(),
  source: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  currency: z.string(),
  channel: z.enum(['email']),
  /** The buyer's address, as the shop wrote it. */
  to: z.string().default(''),
  language: z.string().nullable().default(null),
});
export type SendDraft = z.infer<typeof SendDraftSchema>;

/** The number and the link of a final document, left with the order at the shop or with the payment. */
export const WriteBackDraftSchema = z.object({
  kind: z.literal('write_back'),
  key: z.string(),
  source: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  currency: z.string(),
  /** Key of the document that is told of. */
  document: z.string(),
  /** What it is left with: the order's own id, or a payment's. */
  target: z.string(),
});
export type WriteBackDraft = z.infer<typeof WriteBackDraftSchema>;

export const DraftSchema = z.discriminatedUnion('kind', [
  InvoiceDraftSchema,
  PaymentDraftSchema,
  CreditNoteDraftSchema,
  SendDraftSchema,
  WriteBackDraftSchema,
]);
export type Draft = z.infer<typeof DraftSchema>;

/** Key of the document without which this one makes no sense; null for one that needs none. `first`: the sale's first invoice. */
export function antecedentOf(draft: Draft, first: DocumentKey): DocumentKey | null {
  switch (draft.kind) {
    case 'invoice':
      return draft.after;
    case 'payment':
    case 'credit_note':
      return draft.invoice || first;
    case 'send':
      return first;
    case 'write_back':
      return draft.document;
    default:
      return assertNever(draft);
  }
}

/** The id under which a document is kept that a person made by hand: it cannot be read from the provider. */
export const byHandId = (jobId: number): string => `${BY_HAND}${jobId}`;
export const isByHand = (providerId: string): boolean => providerId.startsWith(BY_HAND);
const BY_HAND = 'by-hand:';

/** A document as the provider holds it. */
export const IssuedSchema = z.object({
  providerId: z.string().min(1),
  number: z.string(),
  /** With tax. Of a credit note: what it takes back, positive, whatever sign the provider writes. */
  total: MinorSchema,
  currency: z.string(),
  /** What the provider counts as received on it. */
  paid: MinorSchema,
  clientId: z.string().nullable(),
  /** The marker the provider gave back; compared exactly before anything is adopted. */
  marker: z.string().nullable(),
  kind: z.enum(['invoice', 'credit_note', 'other']),
  /** A draft has no number and is no legal document yet. */
  state: z.enum(['draft', 'final']).default('final'),
  /** A link a person may open without signing in, when the provider has one. */
  publicUrl: z.string().nullable(),
});
export type Issued = z.infer<typeof IssuedSchema>;
