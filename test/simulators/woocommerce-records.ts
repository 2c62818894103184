// What a simulated WooCommerce shop keeps, and what a test says to make it. Amounts are exact; what is shown is rounded.
import type Big from 'big.js';

export type Meta = { id: number; key: string; value: unknown };

/** A line, a shipping line or a fee: its net amount and its one tax, with six decimals as the shop stores them. */
export type Part = {
  id: number;
  kind: 'item' | 'shipping' | 'fee';
  name: string;
  sku: string;
  quantity: number;
  net: Big;
  tax: Big;
  /** Percent; null where no tax was charged. */
  rate: string | null;
  meta: Meta[];
};

/** What a refund takes back of one part, as positive amounts. */
export type RefundedPart = { id: number; of: Part; quantity: number; net: Big; tax: Big };

export type RefundRecord = {
  id: number;
  createdAt: Date;
  amount: Big;
  reason: string;
  byGateway: boolean;
  meta: Meta[];
  parts: RefundedPart[];
};

export type NoteRecord = { id: number; createdAt: Date; note: string; customerNote: boolean };

export type OrderRecord = {
  id: number;
  status: string;
  createdAt: Date;
  modifiedAt: Date;
  paidAt: Date | null;
  currency: string;
  paymentMethod: string;
  transactionId: string;
  meta: Meta[];
  parts: Part[];
  refunds: RefundRecord[];
  notes: NoteRecord[];
  /** Fields that are shown as they are, in place of what is derived from the rest. */
  shown: Record<string, unknown>;
};

/** A part as a test writes it. `price` is what one piece costs, tax included: "24.00". */
export type PartInput = {
  kind?: Part['kind'];
  name?: string;
  sku?: string;
  quantity?: number;
  price: string;
  rate?: string | null;
  meta?: Record<string, unknown>;
};

export type OrderInput = {
  lines?: PartInput[];
  status?: string;
  currency?: string;
  paymentMethod?: string;
  meta?: Record<string, unknown>;
  shown?: Record<string, unknown>;
};

/** An edit gives only what becomes different. */
export type EditInput = Omit<OrderInput, 'currency'>;

/** `lines` go back by piece, or by an amount with no piece; without them the refund is an amount only. */
export type RefundInput = {
  lines?: { line: number; quantity?: number; amount?: string }[];
  /** Money returned, where it is not what the lines come to. */
  amount?: string;
  reason?: string;
  /** The gateway's id of the refund, where the gateway was asked. */
  gatewayId?: string;
};

/** What is documented or known to vary from one shop to another. */
export type Switches = {
  /** Decimals that the shop shows. */
  decimals: number;
  /** The shop's clock is this many hours before UTC. */
  utcOffsetHours: number;
  /** What the user of the key may see. */
  mayReadOrders: boolean;
  mayReadWebhooks: boolean;
  /** The key's own permission. */
  mayWrite: boolean;
  /** Since 7.6 a refund changes the date of its order. */
  refundTouchesOrder: boolean;
  /** Since 9.0 there is a list of all refunds. */
  listsRefunds: boolean;
  /** Since 11.2 a deleted refund is told as a change of its order. */
  tellsDeletedRefunds: boolean;
  /** Since 5.8 lists can be filtered by the last change. */
  filtersByChange: boolean;
  /** Some security plugins close the index of the API. */
  hasIndex: boolean;
  /** Something before the shop takes the headers off that count the rows. */
  countsRows: boolean;
};

export const CURRENT: Switches = {
  decimals: 2,
  utcOffsetHours: 1,
  mayReadOrders: true,
  mayReadWebhooks: true,
  mayWrite: true,
  refundTouchesOrder: true,
  listsRefunds: true,
  tellsDeletedRefunds: true,
  filtersByChange: true,
  hasIndex: true,
  countsRows: true,
};
