// Payments as they were heard of, above all those that no order has claimed yet.
import { z } from 'zod';
import { ok } from '../domain/result.ts';
import { listPayments } from '../store/queries.ts';
import { PaymentFactSchema, paymentFact } from './orders.ts';
import { type Listed, listedSchema, pageOf, readCursor } from './pages.ts';
import { type Answered, invalid, type OperationParts } from './parts.ts';
import { sourceNames } from './sources.ts';

export const PaymentSchema = PaymentFactSchema.extend({
  source: z.string(),
  status: z.enum(['linked', 'unlinked', 'ambiguous']),
  reason: z.string().nullable(),
  order_source: z.string().nullable(),
  order_id: z.string().nullable(),
  linked_by: z.string().nullable(),
  names: z.array(z.object({ by: z.string(), value: z.string() })).describe('Where it names an order, and which'),
  event_id: z.string(),
  first_seen_at: z.string(),
});
export type PaymentView = z.infer<typeof PaymentSchema>;

export const PaymentListSchema = listedSchema(PaymentSchema);

const MarkSchema = z.object({ at: z.int(), source: z.string(), id: z.string() });

export type PaymentPage = { status?: 'linked' | 'unlinked' | undefined; limit: number; cursor?: string | undefined };

/** Payments, newest first. `unlinked` are those that no order has, the ambiguous among them. */
export async function findPayments(
  { store, registry }: OperationParts,
  { status, limit, cursor }: PaymentPage,
): Promise<Answered<Listed<PaymentView>>> {
  const after = cursor === undefined ? null : readCursor(MarkSchema, cursor);
  if (cursor !== undefined && after === null) return invalid('cursor_unknown', 'not a cursor of this list', 'cursor');
  const claimed = status === undefined ? undefined : status === 'linked';
  const nameOf = await sourceNames(store.read, registry);
  const listed = await pageOf(
    { limit, after },
    (page) => listPayments(store.read, { claimed }, page),
    ({ first_seen_at, source, id }) => ({ at: first_seen_at, source, id }),
  );
  return ok({
    ...listed,
    items: listed.items.map((row) => ({
      ...paymentFact(row.payment),
      source: nameOf(row.source),
      status: row.status,
      reason: row.reason,
      order_source: row.sale_source === null ? null : nameOf(row.sale_source),
      order_id: row.sale_order_id,
      linked_by: row.linked_by,
      names: row.payment.links,
      event_id: String(row.event_id),
      first_seen_at: new Date(row.first_seen_at).toISOString(),
    })),
  });
}
