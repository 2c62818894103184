// An order together with its refunds, as one body. The two are read one after the other, so a refund that is made or deleted
// in between is noticed by the ids that the order itself names, and both are read again.
import { z } from 'zod';
import { FETCHED_ORDER } from '../../mappings/to-facts/woocommerce.ts';
import type { Finding, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readList, readOne, type Told } from './answers.ts';

/** How often an order is read anew that changes under our eyes, before the next look is waited for. */
const ATTEMPTS = 3;

const IdSchema = z.string().regex(/^\d{1,19}$/);

/** The most that a list of WooCommerce gives at a time. */
const PAGE = 100;

export const OrderSchema = z.object({
  id: IdSchema,
  refunds: z
    .array(z.object({ id: IdSchema }))
    .nullish()
    .transform((refunds) => refunds ?? []),
});
export type OrderHead = z.infer<typeof OrderSchema>;

const RefundSchema = z.object({ id: IdSchema });
type RefundHead = z.infer<typeof RefundSchema>;

/** The order as it is now with all of its refunds, whatever its state, the trash included; none where it is gone. */
export async function findOrder(id: string, io: SourceIo): Promise<Lookup<Finding>> {
  const order = await readOne(io, `/orders/${id}`, {}, OrderSchema);
  if (order.kind === 'failed') return order;
  const [told] = order.items;
  return told === undefined ? { kind: 'found', items: [] } : withRefunds(told, io);
}

/** An order that was just read, with all of its refunds; none where it was deleted meanwhile. */
export async function withRefunds(first: Told<OrderHead>, io: SourceIo): Promise<Lookup<Finding>> {
  let order = first;
  for (let attempt = 1; ; attempt += 1) {
    const refunds = await readRefunds(order.value, io);
    if (refunds.kind === 'failed') return refunds;
    if (sameIds(order.value.refunds, refunds.items)) return { kind: 'found', items: [findingOf(order, refunds.items)] };
    if (attempt === ATTEMPTS) break;
    const again = await readOne(io, `/orders/${order.value.id}`, {}, OrderSchema);
    if (again.kind === 'failed') return again;
    const [told] = again.items;
    if (told === undefined) return { kind: 'found', items: [] };
    order = told;
  }
  const detail = `order ${order.value.id} names other refunds than the shop lists for it; it is read again later`;
  return { kind: 'failed', problem: problem('unclear_answer', detail) };
}

/** Every refund of the order, in the order of their ids. Nothing is asked where the order names none. */
async function readRefunds(order: OrderHead, io: SourceIo): Promise<Lookup<Told<RefundHead>>> {
  const refunds: Told<RefundHead>[] = [];
  while (refunds.length < order.refunds.length) {
    const page = String(Math.floor(refunds.length / PAGE) + 1);
    const query = { per_page: String(PAGE), page, orderby: 'id', order: 'asc' };
    const listed = await readList(io, `/orders/${order.id}/refunds`, query, RefundSchema);
    if (listed.kind === 'failed') return listed;
    const rows = listed.items.flatMap((one) => one.rows);
    refunds.push(...rows);
    if (rows.length < PAGE) break;
  }
  return { kind: 'found', items: refunds };
}

const sameIds = (stubs: readonly RefundHead[], refunds: readonly Told<RefundHead>[]): boolean => {
  const named = new Set(stubs.map(({ id }) => id));
  return named.size === refunds.length && refunds.every(({ value }) => named.has(value.id));
};

const findingOf = (order: Told<OrderHead>, refunds: readonly Told<RefundHead>[]): Finding => ({
  topic: FETCHED_ORDER,
  body: Buffer.from(`{"order":${order.text},"refunds":[${refunds.map(({ text }) => text).join(',')}]}`),
});
