// A sale as planning sees it: nothing is known but the order. A test adds what it is about.
import type { RefundClaim } from '../../src/domain/order.ts';
import type { Return } from '../../src/flow/4-returns.ts';
import type { Sale } from '../../src/flow/4-sale.ts';
import { paidOrder } from './orders.ts';

export const NOW = new Date('2026-11-21T10:00:00.000Z');

export const saleOf = (change: Partial<Sale> = {}): Sale => {
  const order = change.order ?? paidOrder();
  return {
    source: 'shop',
    order,
    revision: 1,
    claim: order.paid,
    payments: [],
    refunds: [],
    disputes: [],
    recorded: [],
    made: [],
    teller: { isShop: true, canBeAsked: false },
    graceMs: 3_600_000,
    writeBacks: [],
    ...change,
  };
};

/** A refund as the shop's webhook tells it, without its lines. */
export const refundOf = (id: string, amount: bigint, change: Partial<RefundClaim> = {}): RefundClaim => ({
  id,
  amount,
  at: null,
  reason: 'broken',
  lines: null,
  transactionId: null,
  ...change,
});

/** The same once it counts. */
export const returnOf = ({ id, amount, at, reason, lines }: RefundClaim): Return => ({
  id,
  amount,
  at,
  reason,
  lines,
  state: 'returned',
  hold: null,
});
