// The other way in: what a delivery only hinted at is asked of the sender's API. What it answers enters the inbox like a
// delivery, in the sender's own text, and is read by the same mapping.
import { createHash } from 'node:crypto';
import type { Finding } from '../connector.ts';
import type { Log } from '../log.ts';
import type { BoundApi, Source } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import { type NewEvent, storeDeliveries } from '../store/events.ts';
import { dueFetches, endFetch, type FetchRow, putOffFetch } from '../store/fetches.ts';
import type { Store } from '../store/open.ts';

export type InwardParts = { store: Store; runtime: Runtime; log: Log };

const FETCHES_AT_ONCE = 8;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 3_600_000;

/** What was found, as the inbox keeps it. Equal content is one event, however often it is found. */
export const deliveryOf = (source: string, { topic, body }: Finding): NewEvent => ({
  source,
  topic,
  delivery_key: createHash('sha256').update(topic).update('\n').update(body).digest('hex'),
  delivery_id: null,
  shop: null,
  headers: '{}',
  body,
});

/** Asks for what is due. Returns how many were answered; a shop that cannot be reached is asked again later, for ever. */
export async function fetchStep(parts: InwardParts, source: Source, api: BoundApi): Promise<number> {
  const due = await dueFetches(parts.store.read, source.identity, parts.runtime.now(), FETCHES_AT_ONCE);
  const answered = await Promise.all(due.map((row) => fetchOne(parts, source, api, row)));
  return answered.filter(Boolean).length;
}

async function fetchOne(parts: InwardParts, source: Source, { api, io }: BoundApi, row: FetchRow): Promise<boolean> {
  const { store, runtime, log } = parts;
  const lookup = await api.fetch(row.ref, io);
  if (lookup.kind === 'failed') {
    const { code, detail } = lookup.problem;
    const wait =
      lookup.throttled?.retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(row.failures, 20));
    await store.write((tx) => putOffFetch(tx, row, `${code}: ${detail}`, runtime.now().getTime() + wait));
    log.warn('fetch.failed', { source: source.name, ref: row.ref, reason: code, detail, wait_ms: wait });
    return false;
  }
  await store.write(async (tx) => {
    await storeDeliveries(
      tx,
      lookup.items.map((finding) => deliveryOf(source.identity, finding)),
      runtime.now(),
    );
    await endFetch(tx, row);
  });
  log.info('fetch.answered', { source: source.name, ref: row.ref, found: lookup.items.length });
  return true;
}
