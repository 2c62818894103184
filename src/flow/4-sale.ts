// What planning knows of one sale, and what it asks for. Everything here is a value: no I/O, no clock but the one given.
import type { CreditNoteDraft, Draft, InvoiceDraft, PaymentDraft } from '../domain/document.ts';
import type { Dispute, MoneyBack, Payment } from '../domain/facts.ts';
import type { Minor } from '../domain/money.ts';
import type { Order, PaidClaim } from '../domain/order.ts';

/** A refund as the payment service moved it, and when we first heard of it (UTC instant). */
export type KnownMoneyBack = MoneyBack & { heardAt: string };

/** A document that has been asked for already: nothing of it changes any more. `dropped`: a person decided against it. */
export type Made = { draft: InvoiceDraft | CreditNoteDraft; dropped: boolean };

/** One sale as it is known now. */
export type Sale = {
  source: string;
  order: Order;
  /** Of the mapping that read the order. */
  revision: number;
  claim: PaidClaim | null;
  payments: readonly Payment[];
  refunds: readonly KnownMoneyBack[];
  disputes: readonly Dispute[];
  /** The payments that already have a job, in any state but skipped. */
  recorded: readonly PaymentDraft[];
  /** Invoices and credit notes that have begun, in the order in which they were planned. */
  made: readonly Made[];
  /** Who may yet say more: whether the order is a shop's own, and whether that shop's API can be asked. */
  teller: { isShop: boolean; canBeAsked: boolean };
  /** How long a refund waits for a better word on what it is for, in milliseconds. */
  graceMs: number;
  /** Where the numbers of documents are left: a source's identity, and its own id of the order or payment. */
  writeBacks: readonly { source: string; target: string }[];
};

/** What was done about refunds so far: amounts credited by the id of the refund, and those that were billed again. */
export type Settled = { credited: ReadonlyMap<string, Minor>; billedAgain: ReadonlySet<string> };

export type Hold = { reason: string; detail: string };

export type Required = {
  draft: Draft;
  hold: Hold | null;
  /** The source that a write-back goes to; absent for what a provider makes. */
  at?: string;
};

export type Plan =
  | { kind: 'ignored'; reason: string; detail: string }
  | { kind: 'waits'; reason: string; detail: string }
  /**
   * `dueAt`: when time alone will change the plan (milliseconds since 1970); null: never. `issued` is the invoice that stands
   * for the order, as it was asked for; `fresh` what it would be today.
   */
  | { kind: 'documents'; required: Required[]; dueAt: number | null; issued: InvoiceDraft | null; fresh: InvoiceDraft };

export const refs = ({ source, order }: Pick<Sale, 'source' | 'order'>) => ({
  source,
  orderId: order.id,
  orderNumber: order.number,
  currency: order.currency,
});
