// What the REST key gives access to, and what at the shop would keep orders from being told.
import { z } from 'zod';
import type { AccountInfo, SourceIo } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { readLookup } from '../../src/provider-answer.ts';
import { NO_ROUTE, notDone, readList, readOne, rejection } from './answers.ts';
import { OrderSchema } from './orders.ts';

const LatestSchema = OrderSchema.extend({ date_modified_gmt: z.string().nullish() });
type Latest = z.infer<typeof LatestSchema>;

const AnySchema = z.object({ id: z.string() });

const WebhookSchema = z.object({
  name: z.string(),
  status: z.string(),
  topic: z.string(),
  delivery_url: z.string(),
});
type Webhook = z.infer<typeof WebhookSchema>;

/** Topics that the bridge lives on where it is told by webhooks. */
const TOPICS = ['order.created', 'order.updated'];

/** Proves the key by reading, names the shop, and says what a merchant should mend. `host` stands in for a name that is not told. */
export async function checkShop(host: string, io: SourceIo): Promise<Outcome<AccountInfo>> {
  const query = { status: 'any', orderby: 'modified', order: 'desc', per_page: '1' };
  const orders = await readList(io, '/orders', query, LatestSchema);
  if (orders.kind === 'failed') return notDone(orders);
  const info: AccountInfo = {
    name: await nameOf(host, io),
    can: ['read orders'],
    cannot: [],
    limits: [],
    warnings: [],
  };
  await checkRefunds(info, io);
  await checkWebhooks(info, io);
  const latest = orders.items[0]?.rows[0]?.value;
  if (latest !== undefined) await checkLatest(info, latest, io);
  return { kind: 'done', value: info };
}

/** The site's name stands in the API's public index; some shops close that. */
async function nameOf(host: string, io: SourceIo): Promise<string> {
  const answer = await io.http({ method: 'GET', path: '/', query: { _fields: 'name' } });
  const index = readLookup(answer, {
    items: (json) => {
      const site = z.object({ name: z.string().min(1) }).safeParse(json);
      return site.success ? [site.data.name] : null;
    },
    rejection,
  });
  return index.kind === 'found' ? (index.items[0] ?? host) : host;
}

async function checkRefunds(info: AccountInfo, io: SourceIo): Promise<void> {
  const refunds = await readList(io, '/refunds', { per_page: '1' }, AnySchema);
  if (refunds.kind === 'found') info.can.push('read refunds');
  else if (refunds.problem.code === NO_ROUTE) {
    info.warnings.push(
      'this WooCommerce is older than 9.0 and lists no refunds by themselves: one that leaves its order’s date as it was ' +
        'is told by the webhook order.updated alone',
    );
  } else info.cannot.push(`read refunds (${refunds.problem.detail})`);
}

async function checkWebhooks(info: AccountInfo, io: SourceIo): Promise<void> {
  const listed = await readList(io, '/webhooks', { per_page: '100' }, WebhookSchema);
  if (listed.kind === 'failed') {
    info.cannot.push(`see whether its webhooks are active (${listed.problem.detail})`);
    return;
  }
  info.can.push('see its webhooks');
  const webhooks = listed.items.flatMap(({ rows }) => rows.map(({ value }) => value));
  const silent = webhooks.filter(({ topic, status }) => /^(order|action)\./.test(topic) && status !== 'active');
  info.warnings.push(...silent.map(inactive));
  const lacking = TOPICS.filter((topic) => !webhooks.some((one) => one.topic === topic && one.status === 'active'));
  if (lacking.length > 0) {
    info.warnings.push(
      `no active webhook tells ${lacking.join(' and ')}: such orders come only when changes are looked for`,
    );
  }
}

/** WooCommerce disables a webhook by itself after repeated failures; a person pauses it. The URL may hold a secret. */
const inactive = ({ name, status, topic, delivery_url }: Webhook): string => {
  const host = URL.canParse(delivery_url) ? new URL(delivery_url).host : 'an address that is none';
  return `the webhook “${name}” (${topic}, to ${host}) is ${status}: set it to active if it is meant for this bridge`;
};

/** Proves by the order that changed last that notes can be read, and that changes are found by the time they were made at. */
async function checkLatest(info: AccountInfo, latest: Latest, io: SourceIo): Promise<void> {
  const notes = await readOne(io, `/orders/${latest.id}/notes`, {}, z.array(AnySchema));
  if (notes.kind === 'found') info.can.push('read notes');
  else info.cannot.push(`read notes (${notes.problem.detail})`);
  const at = Date.parse(`${latest.date_modified_gmt ?? ''}Z`);
  if (Number.isNaN(at)) return;
  const bound = (ms: number): string => new Date(at + ms).toISOString().slice(0, 19);
  const query = {
    status: 'any',
    per_page: '100',
    dates_are_gmt: 'true',
    modified_after: bound(-1000),
    modified_before: bound(1000),
  };
  const found = await readList(io, '/orders', query, AnySchema);
  if (found.kind === 'found' && found.items.some(({ rows }) => rows.some(({ value }) => value.id === latest.id)))
    return;
  info.warnings.push(
    `order ${latest.id} is not found by the time of its last change: looking for changes may miss orders here; ` +
      'something in the shop alters its lists, or the order changed this very moment',
  );
}
