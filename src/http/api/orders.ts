// Calls about orders, their payments and their documents.
import { z } from 'zod';
import { ok } from '../../domain/result.ts';
import { documentPdf } from '../../operations/documents.ts';
import { OrderViewSchema, showOrder } from '../../operations/orders.ts';
import { PageQuerySchema } from '../../operations/pages.ts';
import { findPayments, PaymentListSchema } from '../../operations/payments.ts';
import { asReply, NO_INPUT, type Route, route } from './route.ts';

export const orderRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/orders/{source}/{order_id}',
    summary: 'One order with its client, payments, refunds, documents and timeline',
    params: z.object({ source: z.string(), order_id: z.string() }),
    replies: [{ status: 200, description: 'The order', schema: OrderViewSchema }],
    handle: async (parts, { params }) => asReply(200, await showOrder(parts, params.source, params.order_id)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/payments',
    summary: 'Payments, newest first; `status=unlinked`: those that no order has claimed yet',
    query: PageQuerySchema.extend({ status: z.enum(['linked', 'unlinked']).optional() }),
    replies: [{ status: 200, description: 'One page', schema: PaymentListSchema }],
    handle: async (parts, { query }) => asReply(200, await findPayments(parts, query)),
  }),
  route({
    ...NO_INPUT,
    method: 'get',
    path: '/documents/{key}/pdf',
    summary: 'The PDF of an issued document, fetched from its provider',
    params: z.object({ key: z.string() }),
    replies: [{ status: 200, description: 'The PDF', schema: 'pdf' }],
    handle: async (parts, { params }) => {
      const pdf = await documentPdf(parts, params.key);
      return pdf.ok ? ok({ status: 200, pdf: pdf.value.bytes, name: pdf.value.name }) : pdf;
    },
  }),
];
