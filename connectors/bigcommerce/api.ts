// The API of one store: where it is, how fast it may be asked, what the credentials allow, and the note left with an order.
import { z } from 'zod';
import type { AccountInfo, SourceApi, SourceIo, WriteBack } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { get, outcomeOf, type Right, refusing, withRetryAfter } from './answers.ts';
import { STREAMS } from './changes.ts';
import { IdSchema, readOrder, transactionsOf } from './orders.ts';

export type ApiSettings = { url: string; store_hash: string; access_token: string };

/** Binds the settings; without I/O. */
export const bigcommerceApi = ({ url, store_hash, access_token }: ApiSettings): SourceApi => ({
  endpoint: { baseUrl: `${url}/stores/${store_hash}`, headers: { 'x-auth-token': access_token } },
  // The smallest plan allows 150 in 30 seconds to all programs of a store together.
  pace: { requests: 100, perMs: 30_000, perDay: null, concurrency: 2 },
  every: 15 * 60_000,
  streams: [...STREAMS.keys()],
  check: (io) => check(store_hash, io),
  changes: async (stream, since, cursor, io) =>
    (await STREAMS.get(stream)?.(since, cursor, io)) ?? unknownName(`no list of a store is called “${stream}”`),
  fetch: async (ref, io) => {
    const id = /^order:([1-9]\d{0,18})$/.exec(ref)?.[1];
    return id === undefined ? unknownName(`nothing of a store is called “${ref}”`) : readOrder(id, io);
  },
  writeBack,
});

const unknownName = (detail: string) => ({ kind: 'failed', problem: problem('not_found', detail) }) as const;

const StoreSchema = z.object({ name: z.string().default(''), domain: z.string().default('') });
const OrdersSchema = z.array(z.object({ id: IdSchema }));
const HooksSchema = z.object({
  data: z.array(z.object({ scope: z.string(), destination: z.string().default(''), is_active: z.boolean() })),
});

/** Reads a little of everything that is needed. Orders and their transactions must be readable; the rest is told. */
async function check(storeHash: string, io: SourceIo): Promise<Outcome<AccountInfo>> {
  const orders = outcomeOf(
    await get(io, {
      path: '/v2/orders',
      query: { limit: '1', sort: 'date_modified:desc' },
      right: 'Orders: read-only',
      schema: OrdersSchema,
      nothing: [204],
    }),
  );
  if (orders.kind !== 'done') return orders;
  const newest = orders.value[0]?.value[0];
  const transactions = outcomeOf(
    newest === undefined ? { kind: 'found', items: [] } : await get(io, transactionsOf(newest.id)),
  );
  if (transactions.kind !== 'done') return transactions;

  const info: Right = 'Information & settings: read-only';
  const store = outcomeOf(await get(io, { path: '/v2/store', right: info, schema: StoreSchema, nothing: [] }));
  const { name = '', domain = '' } = store.kind === 'done' ? (store.value[0]?.value ?? {}) : {};
  const hooks = outcomeOf(await get(io, { path: '/v3/hooks', right: info, schema: HooksSchema, nothing: [204] }));
  return {
    kind: 'done',
    value: {
      name: [name || `BigCommerce store ${storeHash}`, domain].filter(Boolean).join(', '),
      can: ['read orders and their refunds', 'read transactions'],
      cannot: store.kind === 'done' ? [] : [`read the store’s name (the right “${info}” is missing)`],
      limits: ['the programs of a store share 150 requests in 30 seconds, or more in larger plans'],
      warnings: [
        ...(newest === undefined ? ['there is no order yet, so that reading transactions could not be tried'] : []),
        ...(hooks.kind === 'done' ? hookWarnings(hooks.value[0]?.value.data ?? []) : []),
        'leaving the invoice’s number with an order needs the right “Orders: modify”, which cannot be tried without writing',
      ],
    },
  };
}

/** BigCommerce shows the hooks that were made with this API account, and no others. */
function hookWarnings(hooks: z.infer<typeof HooksSchema>['data']): string[] {
  const ours = hooks.filter(({ scope }) => /^store\/(channel\/\d+\/)?order\//.test(scope));
  if (ours.length === 0) return ['this API account has made no hook for orders: they are found by looking for changes'];
  return ours
    .filter(({ is_active }) => !is_active)
    .map(({ scope, destination }) => `the hook ${scope} to ${destination} is switched off: set is_active`);
}

const NAMESPACE = 'invoice_bridge';
const WRITING: Right = 'Orders: modify';

const FieldSchema = z.object({ id: IdSchema, value: z.string() });
const FieldsSchema = z.object({ data: z.array(FieldSchema) });

/**
 * Leaves number and link as a metafield of the order, one for each document. Staff notes would be seen in the control panel,
 * but they are one text that people write in as well, and an order can only be written as a whole.
 */
async function writeBack(note: WriteBack, io: SourceIo): Promise<Outcome<null>> {
  const path = `/v3/orders/${note.orderId}/metafields`;
  // The end of the document's key, "invoice/1": what comes before it names this source and this order.
  const key = note.key.split('/').slice(-2).join('/').slice(-64);
  const value = [note.number, note.url].filter(Boolean).join(' ');
  const kept = outcomeOf(
    await get(io, { path, query: { namespace: NAMESPACE, key }, right: WRITING, schema: FieldsSchema, nothing: [404] }),
  );
  if (kept.kind !== 'done') return kept;
  const [field] = kept.value[0]?.value.data ?? [];
  if (field?.value === value) return { kind: 'done', value: null };
  const body = { permission_set: 'read', namespace: NAMESPACE, key, value, description: note.kind };
  const answer = await io.http({
    method: field === undefined ? 'POST' : 'PUT',
    path: field === undefined ? path : `${path}/${field.id}`,
    body: JSON.stringify(body),
  });
  const written = readOutcome(withRetryAfter(answer), {
    value: (json) => z.object({ data: FieldSchema }).safeParse(json).data ?? null,
    rejection: refusing(WRITING),
  });
  return written.kind === 'done' ? { kind: 'done', value: null } : written;
}
