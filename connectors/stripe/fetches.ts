// What a webhook does not carry, asked of Stripe and put together in its own texts: all refunds of a charge, a sale with
// everything that was bought, an invoice with all its lines and the percentages of its taxes.
import { z } from 'zod';
import type { Finding, SourceIo } from '../../src/connector.ts';
import { compareText } from '../../src/domain/order-by.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { askForAll, askForOne, finding, type Row } from './answers.ts';

const NOTHING: Lookup<Finding> = { kind: 'found', items: [] };

/** `refunds:ch_…`, `sale:pi_…` or `invoice:in_…`, whole; nothing for one that Stripe does not have. */
export function fetchFrom(ref: string, io: SourceIo): Promise<Lookup<Finding>> {
  const [, what, id = ''] = /^(\w+):(\w{1,200})$/.exec(ref) ?? [];
  switch (what) {
    case 'refunds':
      return fetchRefunds(id, io);
    case 'sale':
      return fetchSale(id, io);
    case 'invoice':
      return fetchInvoice(id, io);
    default: {
      const detail = `“${ref.slice(0, 60)}” names nothing that could be asked of Stripe`;
      return Promise.resolve({ kind: 'failed', problem: problem('unknown_ref', detail) });
    }
  }
}

async function fetchRefunds(chargeId: string, io: SourceIo): Promise<Lookup<Finding>> {
  const charge = await askForOne(io, (stripe) => stripe.charges.retrieve(chargeId));
  if (charge.kind === 'failed') return charge;
  const refunds = await askForAll(io, (stripe, page) => stripe.refunds.list({ ...page, charge: chargeId }));
  if (refunds.kind === 'failed') return refunds;
  return found('fetched.refunds', {
    charge: charge.items[0]?.told ?? null,
    refunds: refunds.items.map(({ told }) => told),
  });
}

async function fetchSale(intentId: string, io: SourceIo): Promise<Lookup<Finding>> {
  const intent = await askForOne(io, (stripe) =>
    stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] }),
  );
  if (intent.kind === 'failed') return intent;
  const [payment_intent] = intent.items;
  if (payment_intent === undefined) return NOTHING;
  const sessions = await askForAll(io, (stripe, page) =>
    stripe.checkout.sessions.list({
      ...page,
      payment_intent: intentId,
      expand: ['data.shipping_cost.taxes', 'data.shipping_cost.shipping_rate'],
    }),
  );
  if (sessions.kind === 'failed') return sessions;
  const checkouts: object[] = [];
  for (const session of sessions.items) {
    const items = await askForAll(io, (stripe, page) =>
      stripe.checkout.sessions.listLineItems(session.id, { ...page, expand: ['data.taxes', 'data.price.product'] }),
    );
    if (items.kind === 'failed') return items;
    checkouts.push({ session: session.told, line_items: items.items.map(({ told }) => told) });
  }
  const payments = await askForAll(io, (stripe, page) =>
    stripe.invoicePayments.list({ ...page, payment: { type: 'payment_intent', payment_intent: intentId } }),
  );
  if (payments.kind === 'failed') return payments;
  const invoice_payments = payments.items.map(({ told }) => told);
  return found('fetched.sale', { payment_intent: payment_intent.told, checkouts, invoice_payments });
}

/** Since 2025-03-31 a line's tax names its rate by id alone. */
const TaxedLineSchema = z.object({
  taxes: z.array(z.object({ tax_rate_details: z.object({ tax_rate: z.string().regex(/^\w+$/) }).nullish() })).nullish(),
});

async function fetchInvoice(invoiceId: string, io: SourceIo): Promise<Lookup<Finding>> {
  const invoice = await askForOne(io, (stripe) => stripe.invoices.retrieve(invoiceId, { expand: ['payments'] }));
  if (invoice.kind === 'failed') return invoice;
  const [told] = invoice.items;
  if (told === undefined) return NOTHING;
  const lines = await askForAll(io, (stripe, page) => stripe.invoices.listLineItems(invoiceId, page));
  if (lines.kind === 'failed') return lines;
  const tax_rates: object[] = [];
  for (const rateId of rateIdsOf(lines.items)) {
    const rate = await askForOne(io, (stripe) => stripe.taxRates.retrieve(rateId));
    if (rate.kind === 'failed') return rate;
    tax_rates.push(...rate.items.map((one) => one.told));
  }
  return found('fetched.invoice', { invoice: told.told, lines: lines.items.map((line) => line.told), tax_rates });
}

const rateIdsOf = (lines: readonly Row[]): string[] => {
  const taxes = lines.flatMap(({ json }) => TaxedLineSchema.safeParse(json).data?.taxes ?? []);
  const ids = taxes.map(({ tax_rate_details }) => tax_rate_details?.tax_rate).filter((id) => id !== undefined);
  return [...new Set(ids)].toSorted(compareText);
};

const found = (topic: Finding['topic'], told: object): Lookup<Finding> => ({
  kind: 'found',
  items: [finding(topic, told)],
});
