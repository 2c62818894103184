// A source's identity is part of every key, so that whatever becomes of its name, no order is invoiced again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { catalogue } from '../connectors/index.ts';
import { parseConfig } from '../src/config.ts';
import { connect } from '../src/connect.ts';
import { applyEvent } from '../src/flow/3-facts.ts';
import { createLog } from '../src/log.ts';
import type { Registry } from '../src/registry.ts';
import { systemRuntime } from '../src/runtime.ts';
import { storeDeliveries, waitingEvents } from '../src/store/events.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { knownSources } from '../src/store/sources.ts';
import { wooShop } from './simulators/woocommerce.ts';
import { wooOrder } from './support/deliveries.ts';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'connect-'));
  store = await openStore(path.join(dir, 'bridge.db'), 'serve');
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const log = createLog('silent');
const woo = (name: string, more = ''): string =>
  `  ${name}: { type: woocommerce, secret: a-secret-of-the-tests, provider: playground${more} }`;

async function start(sources: readonly string[], enrol = true) {
  const text = `providers: { playground: { type: sandbox } }\nsources:\n${sources.join('\n')}\n`;
  const parsed = parseConfig({ text, file: path.join(dir, 'bridge.yaml'), env: {}, catalogue });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return connect({ config: parsed.value.config, catalogue, store, runtime: systemRuntime, log, dataDir: dir, enrol });
}

async function started(...sources: string[]): Promise<Registry> {
  const registry = await start(sources);
  if (!registry.ok) throw new Error(JSON.stringify(registry.error));
  return registry.value;
}

/** Takes in a paid order as it would come through the source of that name. */
async function tell(registry: Registry, name: string, change: { shop?: string; placed?: string; id?: number } = {}) {
  const source = registry.sources.get(name);
  const body = JSON.stringify({
    ...wooOrder({ id: change.id ?? 1, paid: true, second: 5 }),
    date_created_gmt: change.placed ?? '2999-01-01T00:00:00',
  });
  const delivery = {
    source: source?.identity ?? '',
    topic: 'order.updated',
    delivery_key: `${name}${body}${change.shop ?? ''}`,
    delivery_id: null,
    shop: change.shop ?? null,
    headers: '{}',
    body: Buffer.from(body),
  };
  const [stored] = await store.write((tx) => storeDeliveries(tx, [delivery], new Date()));
  await applyEvent({ store, registry, runtime: systemRuntime, log }, stored?.eventId ?? 0);
  return store.read
    .selectFrom('event')
    .select(['status', 'reason'])
    .where('id', '=', stored?.eventId ?? 0)
    .executeTakeFirstOrThrow();
}

const keys = async () =>
  (await store.read.selectFrom('job').select('key').where('kind', '=', 'invoice').execute()).map(({ key }) => key);

describe('a source', () => {
  it('that is renamed with `formerly` keeps its keys, and issues nothing again', async () => {
    await tell(await started(woo('shop')), 'shop');
    await tell(await started(woo('boutique', ', formerly: shop')), 'boutique');
    // From now on the new name is known, and `formerly` may go.
    await tell(await started(woo('boutique')), 'boutique', { shop: 'https://shop.example/' });
    expect(await keys()).toEqual(['shop/1/invoice/1']);
  });
  it('that owns orders and is gone while a new one of its type appears stops the start, saying what to add', async () => {
    await tell(await started(woo('shop')), 'shop');
    const refused = await start([woo('boutique')]);
    expect(refused).toMatchObject({ ok: false, error: [{ code: 'source_renamed', at: 'sources.boutique' }] });
    expect(refused.ok ? '' : refused.error[0]?.detail).toContain('formerly: shop');
    expect(await knownSources(store.read)).toHaveLength(1);
  });
  it('that never had an order may simply be replaced', async () => {
    await started(woo('shop'));
    expect((await start([woo('boutique')])).ok).toBe(true);
  });
  it('that takes the name of one that was renamed gets keys of its own', async () => {
    await tell(await started(woo('shop')), 'shop');
    await started(woo('old', ', formerly: shop'));
    await tell(await started(woo('old'), woo('shop')), 'shop');
    expect(await keys()).toEqual(['shop/1/invoice/1', 'shop~2/1/invoice/1']);
  });
  it('that comes back as another type is refused', async () => {
    await started(woo('shop'));
    const changed = await start(['  shop: { type: shopify, secret: a-secret-of-the-tests, provider: playground }']);
    expect(changed).toMatchObject({ ok: false, error: [{ code: 'source_changed_type' }] });
  });
  it('that a visiting command sees for the first time is not enrolled by it', async () => {
    expect((await start([woo('shop')], false)).ok).toBe(true);
    expect(await knownSources(store.read)).toEqual([]);
  });
});

describe('what is not ours', () => {
  it('an order placed before the source’s first start is ignored, and one placed later is not', async () => {
    const registry = await started(woo('shop'));
    expect(await tell(registry, 'shop', { placed: '2020-01-01T00:00:00' })).toEqual({
      status: 'ignored',
      reason: 'before_start',
    });
    expect(await tell(registry, 'shop', { id: 2 })).toEqual({ status: 'applied', reason: null });
  });
  it('another shop behind the same secret fails its deliveries, whichever shop was heard first', async () => {
    const registry = await started(woo('shop', ', start_at: all'));
    expect(await tell(registry, 'shop', { shop: 'https://shop.example/' })).toEqual({
      status: 'applied',
      reason: null,
    });
    expect(await tell(registry, 'shop', { shop: 'https://staging.shop.example/' })).toEqual({
      status: 'failed',
      reason: 'other_shop',
    });
  });
  it('a source bound to a shop by configuration hears no other', async () => {
    const registry = await started(woo('shop', ', start_at: all, shop: "https://shop.example/"'));
    expect(await tell(registry, 'shop', { shop: 'https://staging.shop.example/' })).toEqual({
      status: 'failed',
      reason: 'other_shop',
    });
  });
});

describe('a source’s API', () => {
  const withShop = async () => {
    const shop = await wooShop({ secret: 'a-secret-of-the-tests', now: () => new Date() });
    onTestFinished(() => shop.close());
    const api = `{ url: "${shop.url}", consumer_key: ${shop.consumerKey}, consumer_secret: ${shop.consumerSecret} }`;
    const bound = (await started(woo('shop', `, api: ${api}`))).sources.get('shop')?.api;
    if (!bound) throw new Error('no API');
    return { shop, bound };
  };
  it('is asked again when a reading got no good answer, before anything is given up', async () => {
    const { shop, bound } = await withShop();
    const id = shop.place();
    shop.failNext({ acts: 'never', sees: { status: 500, body: 'oops' } });
    shop.failNext({ acts: 'never', sees: 'reset' });
    expect(await bound.api.fetch(`order:${id}`, bound.io)).toMatchObject({ kind: 'found', items: [{}] });
  });
  it('is asked three times and no more', async () => {
    const { shop, bound } = await withShop();
    const id = shop.place();
    for (let n = 0; n < 3; n++) shop.failNext({ acts: 'never', sees: { status: 500, body: 'oops' } });
    expect(await bound.api.fetch(`order:${id}`, bound.io)).toMatchObject({ kind: 'failed' });
    expect(shop.requests()).toHaveLength(3);
  });
});

describe('deliveries of a source with a mapping of its own', () => {
  it('wait for nobody, and nobody waits for them', async () => {
    writeFileSync(path.join(dir, 'own.jsonata'), '{}');
    const registry = await started(woo('slow', ', mapping: ./own.jsonata'), woo('shop'));
    expect([...registry.sources.values()].map(({ name, isMapped }) => [name, isMapped])).toEqual([
      ['slow', true],
      ['shop', false],
    ]);
    const delivery = (source: string) => ({
      source,
      topic: 'order.updated',
      delivery_key: source,
      delivery_id: null,
      shop: null,
      headers: '{}',
      body: Buffer.from('{}'),
    });
    await store.write((tx) => storeDeliveries(tx, [delivery('slow'), delivery('shop')], new Date()));
    expect(await waitingEvents(store.read, 8, { only: 'slow' })).toEqual([1]);
    expect(await waitingEvents(store.read, 8, ['slow'])).toEqual([2]);
  });
});
