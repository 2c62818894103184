// How everything is found again, whatever became of the webhooks. Two kinds of lists together miss nothing:
// - what was made since: PaymentIntents, sessions, refunds, disputes and invoices, by their own date;
// - what happened since: events, which tell of older objects too (last week's debit that came in today, a refund that
//   failed after all). Stripe keeps them for 30 days.
import type Stripe from 'stripe';
import { z } from 'zod';
import type { ChangesPage, Finding, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { askForPage, finding, MISSING, PER_PAGE, type Row } from './answers.ts';

type Page = { created: { gte: number }; limit: number; starting_after?: string };

/** A list of Stripe's, and what its rows tell; null for a row that tells nothing yet. */
type Stream = {
  list(stripe: Stripe, page: Page): Promise<unknown>;
  find(row: Row): Finding | null;
};
export type Streams = Readonly<Record<string, Stream>>;

/** Events that move money or name what it was for. Stripe takes at most twenty types. */
const EVENT_TYPES = [
  'payment_intent.succeeded',
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'charge.succeeded',
  'charge.captured',
  'charge.refunded',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
];

/** A charge that a PaymentIntent tells of. */
const OrdinaryChargeSchema = z.object({
  type: z.enum(['charge.succeeded', 'charge.captured']),
  data: z.object({ object: z.object({ payment_intent: z.union([z.string(), z.looseObject({})]) }) }),
});

const listEvents = (types: string[]): Stream => ({
  list: (stripe, page) => stripe.events.list({ ...page, types }),
  find: ({ json, told }) =>
    OrdinaryChargeSchema.safeParse(json).success
      ? null
      : // It counts down while webhooks are delivered, and would make two texts of one event.
        finding('fetched.event', { ...told, pending_webhooks: undefined }),
});

const MADE_SINCE: Streams = {
  payment_intents: {
    list: (stripe, page) => stripe.paymentIntents.list({ ...page, expand: ['data.latest_charge'] }),
    find: ({ json, told }) => (json.status === 'succeeded' ? finding('fetched.payment', told) : null),
  },
  checkout_sessions: {
    list: (stripe, page) => stripe.checkout.sessions.list({ ...page, expand: ['data.payment_intent.latest_charge'] }),
    find: ({ json, told }) =>
      json.payment_status === 'paid' && json.payment_intent ? finding('fetched.session', told) : null,
  },
  refunds: {
    // Only the charge tells a refund from an authorisation that was let go, and of which mode it is.
    list: (stripe, page) => stripe.refunds.list({ ...page, expand: ['data.charge'] }),
    find: ({ told }) => finding('fetched.refund', told),
  },
  disputes: {
    list: (stripe, page) => stripe.disputes.list(page),
    find: ({ told }) => finding('fetched.dispute', told),
  },
};

const INVOICES: Streams = {
  invoices: {
    list: (stripe, page) => stripe.invoices.list({ ...page, status: 'paid' }),
    find: ({ told }) => finding('fetched.invoice', { invoice: told, lines: null, tax_rates: [] }),
  },
};

/** The lists to read, by name. Those of Stripe's own invoices count where they are invoiced here as well. */
export const streamsFor = (withInvoices: boolean): Streams =>
  withInvoices
    ? { events: listEvents([...EVENT_TYPES, 'invoice.paid']), ...MADE_SINCE, ...INVOICES }
    : { events: listEvents(EVENT_TYPES), ...MADE_SINCE };

/**
 * Where a reading stands: Stripe lists the latest first, so that it goes on after the id of the last row read, which no new
 * row can move. `newest` is the date of the very first row: what was made while several pages were read is read at the end.
 */
type Cursor = { from: number; newest: number; after: string };

const writeCursor = ({ from, newest, after }: Cursor): string => `${from}:${newest}:${after}`;

function readCursor(text: string): Cursor | null {
  const [, from, newest, after = ''] = /^(\d+):(\d+):(\w*)$/.exec(text) ?? [];
  return from === undefined || newest === undefined ? null : { from: Number(from), newest: Number(newest), after };
}

/**
 * One page of what was made or happened since; each page has its oldest first. An object that the cursor names may have been
 * deleted (test data can be): then the reading begins anew.
 */
export async function changesIn(
  stream: Stream,
  since: string,
  cursor: string | null,
  io: SourceIo,
): Promise<Lookup<ChangesPage>> {
  const at = cursor === null ? startAt(since) : readCursor(cursor);
  if (at === null) {
    return { kind: 'failed', problem: problem('unknown_cursor', 'this is no cursor of a reading of Stripe') };
  }
  const { from, after } = at;
  const page = { created: { gte: from }, limit: PER_PAGE, ...(after === '' ? {} : { starting_after: after }) };
  const read = await askForPage(io, (stripe) => stream.list(stripe, page));
  if (read.kind === 'failed') {
    const restart = after !== '' && read.problem.code === MISSING;
    return restart ? changesIn(stream, since, null, io) : read;
  }
  const rows = read.items.flatMap((one) => one.rows);
  const findings = rows
    .toReversed()
    .map(stream.find)
    .filter((one) => one !== null);
  return {
    kind: 'found',
    items: [
      {
        findings,
        cursor: next(
          at,
          rows,
          read.items.some(({ more }) => more),
        ),
      },
    ],
  };
}

const startAt = (since: string): Cursor => {
  const from = Math.floor(Date.parse(since) / 1000);
  return { from, newest: from, after: '' };
};

function next({ from, after, newest }: Cursor, rows: readonly Row[], more: boolean): string | null {
  const first = after === '' ? Math.max(from, ...rows.slice(0, 1).map(createdAt)) : newest;
  const last = rows.at(-1);
  if (more && last !== undefined) return writeCursor({ from, newest: first, after: last.id });
  const meanwhile = after !== '' && first > from;
  return meanwhile ? writeCursor({ from: first, newest: first, after: '' }) : null;
}

const createdAt = ({ json }: Row): number => Number.parseInt(String(json.created), 10) || 0;
