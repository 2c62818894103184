// One order with everything that became of it.
import { z } from 'zod';
import type { Client } from '../domain/client.ts';
import type { Dispute, MoneyBack, Payment } from '../domain/facts.ts';
import { formatMinor } from '../domain/money.ts';
import type { Order, SaleRef } from '../domain/order.ts';
import { ok } from '../domain/result.ts';
import { SALE_STATES } from '../domain/states.ts';
import { movementsOfSale } from '../flow/5-known.ts';
import { sourceByIdentity } from '../registry.ts';
import { documentsOf } from '../store/documents.ts';
import { jobsOf } from '../store/jobs.ts';
import { timelineOf } from '../store/queries.ts';
import { paymentsOf, type SaleRow, saleOf } from '../store/sales.ts';
import { DocumentSchema, documentView } from './documents.ts';
import { JobSchema, jobView } from './jobs.ts';
import { type Answered, notFound, type OperationParts } from './parts.ts';
import { identityOf, sourceNames } from './sources.ts';

const AddressSchema = z.object({
  name: z.string(),
  line1: z.string(),
  line2: z.string(),
  post_code: z.string(),
  city: z.string(),
  region: z.string(),
  country: z.string(),
});

export const OrderFactSchema = z.object({
  id: z.string(),
  number: z.string(),
  status: z.string().describe('The shop’s own word'),
  placed_at: z.string(),
  updated_at: z.string(),
  currency: z.string(),
  total: z.string().describe('Gross, before any means of payment such as a gift card'),
  lines: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      sku: z.string(),
      quantity: z.string(),
      gross: z.string(),
      tax: z.string(),
      rate: z.string().nullable(),
    }),
  ),
  buyer: z.object({
    kind: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    tax_number: z.string().nullable(),
    customer_id: z.string().nullable(),
    address: AddressSchema,
  }),
  payment_method: z.string(),
  tags: z.array(z.string()),
});

export const PaymentFactSchema = z.object({
  id: z.string(),
  amount: z.string(),
  currency: z.string(),
  paid_at: z.string(),
  method: z.string(),
});

export const MovedFactSchema = z.object({
  id: z.string(),
  payment_id: z.string().nullable(),
  charge_id: z.string().nullable(),
  amount: z.string(),
  currency: z.string(),
  at: z.string(),
  status: z.string(),
});

export const OrderViewSchema = z.object({
  order: OrderFactSchema.extend({
    source: z.string(),
    state: z.enum(SALE_STATES).describe('Where its invoicing stands'),
    reason: z.string().nullable(),
    detail: z.string().nullable(),
  }),
  client: z
    .object({
      id: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      tax_number: z.string().nullable(),
      external_id: z.string().nullable(),
    })
    .nullable()
    .describe('The provider’s client that the invoice is addressed to, once it is known'),
  payments: z.array(
    PaymentFactSchema.extend({
      told_by: z.string().describe('The source that told of it'),
      linked_by: z
        .string()
        .nullable()
        .describe('Where the payment names the order; null for what the shop itself says'),
    }),
  ),
  refunds: z.array(
    z.object({
      id: z.string(),
      amount: z.string(),
      currency: z.string(),
      at: z.string().nullable(),
      reason: z.string(),
    }),
  ),
  movements: z
    .array(MovedFactSchema.extend({ kind: z.enum(['refund', 'dispute']), told_by: z.string() }))
    .describe('Refunds and disputes as the payment service tells them; a refund is mostly one of `refunds` too'),
  documents: z.array(DocumentSchema),
  jobs: z.array(JobSchema),
  timeline: z.array(
    z.object({
      at: z.string(),
      step: z.string(),
      detail: z.string(),
      data: z.unknown(),
      event_id: z.string().nullable(),
      job_id: z.string().nullable(),
    }),
  ),
});
export type OrderView = z.infer<typeof OrderViewSchema>;

/** An order in the words of the admin API. */
export function orderFact(order: Order): z.infer<typeof OrderFactSchema> {
  const { buyer, currency } = order;
  const { postCode, ...address } = buyer.address;
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    placed_at: order.placedAt,
    updated_at: order.updatedAt,
    currency,
    total: formatMinor(order.total, currency),
    lines: order.lines.map(({ kind, name, sku, quantity, gross, tax, rate }) => ({
      kind,
      name,
      sku,
      quantity,
      gross: formatMinor(gross, currency),
      tax: formatMinor(tax, currency),
      rate,
    })),
    buyer: {
      kind: buyer.kind,
      name: buyer.name,
      email: buyer.email,
      tax_number: buyer.taxNumber,
      customer_id: buyer.customerId,
      address: { ...address, post_code: postCode },
    },
    payment_method: order.paymentMethod,
    tags: order.tags,
  };
}

/** A payment in the words of the admin API. */
export const paymentFact = ({ id, amount, currency, paidAt, method }: Payment): z.infer<typeof PaymentFactSchema> => ({
  id,
  amount: formatMinor(amount, currency),
  currency,
  paid_at: paidAt,
  method,
});

/** A refund or a dispute, as the payment service tells it, in the words of the admin API. */
export const movedFact = (moved: MoneyBack | Dispute): z.infer<typeof MovedFactSchema> => ({
  id: moved.id,
  payment_id: moved.paymentId,
  charge_id: moved.chargeId,
  amount: formatMinor(moved.amount, moved.currency),
  currency: moved.currency,
  at: moved.at,
  status: moved.status,
});

const clientView = ({ id, name, email, taxNumber, externalId }: Client): OrderView['client'] => ({
  id,
  name,
  email,
  tax_number: taxNumber,
  external_id: externalId,
});

/** The order that a source (by name or identity) knows under this id. */
export async function showOrder(
  { store, registry }: OperationParts,
  source: string,
  orderId: string,
): Promise<Answered<OrderView>> {
  const identity = await identityOf(store.read, registry, source);
  const ref: SaleRef = { source: identity ?? source, orderId };
  const sale = await saleOf(store.read, ref);
  if (sale === undefined) return notFound('order_not_found', `${source} has told of no order ${orderId}`);
  const nameOf = await sourceNames(store.read, registry);
  const jobs = await jobsOf(store.read, ref);
  const client = jobs.find(({ kind }) => kind === 'invoice')?.client ?? null;
  const { currency } = sale.order;
  return ok({
    order: {
      ...orderFact(sale.order),
      source: nameOf(sale.source),
      state: sale.state,
      reason: sale.reason,
      detail: sale.detail,
    },
    client: client === null ? null : clientView(client),
    payments: await paymentsView(store.read, sale, nameOf),
    refunds: sale.order.refunds.map(({ id, amount, at, reason }) => ({
      id,
      amount: formatMinor(amount, currency),
      currency,
      at,
      reason,
    })),
    movements: await movementsView(store.read, registry, sale, nameOf),
    documents: (await documentsOf(store.read, ref)).map((document) => documentView(document, registry)),
    jobs: jobs.map((job) => jobView(job, nameOf)),
    timeline: (await timelineOf(store.read, ref)).map(({ at, step, detail, data, event_id, job_id }) => ({
      at: new Date(at).toISOString(),
      step,
      detail,
      data: data === null ? null : (JSON.parse(data) as unknown),
      event_id: event_id === null ? null : String(event_id),
      job_id: job_id === null ? null : String(job_id),
    })),
  });
}

async function movementsView(
  db: OperationParts['store']['read'],
  registry: OperationParts['registry'],
  sale: SaleRow,
  nameOf: (identity: string) => string,
): Promise<OrderView['movements']> {
  const source = sourceByIdentity(registry, sale.source);
  if (source === undefined) return [];
  const payments = await paymentsOf(db, { source: sale.source, orderId: sale.order_id });
  const moved = await movementsOfSale(db, registry, source, sale, payments);
  return moved.map(({ kind, told, source: teller }) => ({ ...movedFact(told), kind, told_by: nameOf(teller) }));
}

/** The movements of money that were linked to the order, and the shop's own claim where no movement confirms it. */
async function paymentsView(
  db: OperationParts['store']['read'],
  sale: SaleRow,
  nameOf: (identity: string) => string,
): Promise<OrderView['payments']> {
  const linked = await paymentsOf(db, { source: sale.source, orderId: sale.order_id });
  const movements = linked.map(({ payment, source, linked_by }) => ({
    ...paymentFact(payment),
    told_by: nameOf(source),
    linked_by,
  }));
  const { claim } = sale;
  if (claim === null || linked.some(({ payment }) => payment.id === claim.transactionId)) return movements;
  const { currency } = sale.order;
  const claimed = {
    id: claim.transactionId ?? 'claim',
    amount: formatMinor(claim.amount, currency),
    currency,
    paid_at: claim.at,
    method: claim.method,
    told_by: nameOf(sale.source),
    linked_by: null,
  };
  return [claimed, ...movements];
}
