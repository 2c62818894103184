// Shopware's Admin API as a source: what the integration may do, orders by their id, what changed, and the documents' numbers
// left with the order.
import { z } from 'zod';
import type { AccountInfo, SourceApi, SourceIo, WriteBack } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { readChanges, streams } from './changes.ts';
import { readOrders, wholeOrders } from './orders.ts';
import { ask, readRows, rejection, rowsIn } from './search.ts';
import { type Integration, openSession, type Session } from './session.ts';

const MINUTE = 60_000;

/** The API of one shop. Shopware publishes no limits; this many requests leave the shop to its buyers. */
export function shopwareApi(url: string, integration: Integration): SourceApi {
  const session = openSession(integration);
  return {
    // Who does not ask for plain JSON is answered in JSON:API.
    endpoint: { baseUrl: url, headers: { accept: 'application/json' } },
    pace: { requests: 120, perMs: MINUTE, perDay: null, concurrency: 2 },
    every: 5 * MINUTE,
    streams,
    check: (io) => check(url, session, io),
    changes: (stream, since, cursor, io) => readChanges(session, stream, since, cursor, io),
    fetch: async (ref, io) => {
      const id = /^order:([0-9a-f]{32})$/.exec(ref)?.[1];
      if (id !== undefined) return readOrders([id], session, io);
      return {
        kind: 'failed',
        problem: problem('unknown_ref', `“${ref.slice(0, 50)}” names nothing that can be fetched`),
      };
    },
    writeBack: (note, io) => writeBack(note, session, io),
  };
}

/** Reads the shop's version, and an order with all that belongs to it: that takes every right that reading needs. */
async function check(url: string, session: Session, io: SourceIo): Promise<Outcome<AccountInfo>> {
  const asked = await session({ method: 'GET', path: '/api/_info/version' }, io);
  const version = readOutcome(asked, {
    value: (json) => z.object({ version: z.string() }).safeParse(json).data?.version ?? null,
    rejection,
  });
  if (version.kind !== 'done') return version;
  const orders = readOutcome(await ask('order', wholeOrders({ limit: 1 }), session, io), { value: rowsIn, rejection });
  if (orders.kind !== 'done') return orders;
  const value = {
    name: `${new URL(url).host} (Shopware ${version.value})`,
    can: ['orders, payments and refunds', 'numbers in the orders’ custom fields, where the role may write orders'],
    cannot: ['how much was refunded in part, where the payment plugin records a state only'],
    limits: ['Shopware publishes no limits; at most 120 requests in a minute are made here, two at once'],
    warnings: await disabledWebhooks(session, io),
  };
  return { kind: 'done', value };
}

const WebhookSchema = z.object({ name: z.string(), eventName: z.string() });

/** Webhooks about orders that Shopware has switched off, as it does after failures; none told where the role may not see them. */
async function disabledWebhooks(session: Session, io: SourceIo): Promise<string[]> {
  const filter = [{ type: 'equals', field: 'active', value: false }];
  const rows = readRows(await ask('webhook', { limit: 100, filter }, session, io));
  const webhooks = rows.kind === 'failed' ? [] : rows.items.flatMap((row) => WebhookSchema.safeParse(row).data ?? []);
  return webhooks
    .filter(({ eventName }) => /\border(_transaction\w*)?\./.test(eventName))
    .map(
      ({ name, eventName }) => `the webhook “${name}” (${eventName}) is switched off in the shop: switch it on again`,
    );
}

const CustomFieldsSchema = z.object({ customFields: z.record(z.string(), z.unknown()).nullish() });

/**
 * Writes the number into the order's custom field of its kind, beside those that are there already, and the link into
 * another. Shopware changes only the fields that are named.
 */
async function writeBack(note: WriteBack, session: Session, io: SourceIo): Promise<Outcome<null>> {
  const field = `invoice_bridge_${note.kind}`;
  const asked = await ask(
    'order',
    { ids: [note.orderId], limit: 1, includes: { order: ['customFields'] } },
    session,
    io,
  );
  const read = readOutcome(asked, { value: rowsIn, rejection });
  if (read.kind !== 'done') return read;
  const [row] = read.value;
  if (row === undefined) {
    const detail = `the order ${note.orderId} is no longer in the shop`;
    return { kind: 'rejected', rejection: { kind: 'gone' }, problem: problem('not_found', detail) };
  }
  const written = CustomFieldsSchema.safeParse(row).data?.customFields?.[field];
  const numbers = typeof written === 'string' && written !== '' ? written.split(', ') : [];
  const customFields = {
    [field]: [...new Set([...numbers, note.number])].join(', '),
    ...(note.url === null ? {} : { [`${field}_url`]: note.url }),
  };
  const path = `/api/order/${note.orderId}`;
  const answer = await session({ method: 'PATCH', path, body: JSON.stringify({ customFields }) }, io);
  // Shopware answers a change with 204 and nothing else.
  if (answer.kind === 'answer' && answer.status === 204) return { kind: 'done', value: null };
  return readOutcome(answer, { value: () => null, rejection });
}
