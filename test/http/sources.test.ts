// How the sources stand, as the numbers, the metrics and the pages tell it; and a reconciliation in the browser.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { advanceReconciliation } from '../../src/operations/reconciliations.ts';
import { StatsSchema } from '../../src/operations/stats.ts';
import { FAILURES, finding, type ListedApi, listedApi } from '../support/listed-api.ts';
import { paidOrder, payment } from '../support/orders.ts';
import { openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
let shop: ListedApi;
beforeEach(async () => {
  shop = listedApi({ orders: [] });
  world = await openWorld({ shop: { api: shop.bound } });
});
afterEach(() => world.close());

const HOUR = 3_600_000;
const orderOf = (id: string, change = {}) =>
  paidOrder({ id, number: `WEB-${id}`, aliases: [], orderKey: null, ...change });

const sources = async () => StatsSchema.parse((await world.call('GET', '/stats')).body).sources;
const metrics = async () => (await world.app.request('/metrics')).text();

/** The shop was heard and read once; then its API tells of an order that no delivery told of. */
async function fallSilent(): Promise<void> {
  await world.deliver('shop', { order: orderOf('1') });
  await world.drain();
  shop.lists.orders = [finding({ order: orderOf('2', { updatedAt: '2026-11-21T10:30:00.000Z' }) })];
  await world.runtime.advance(HOUR);
  await world.drain();
}

describe('the numbers of a source', () => {
  test('tell when its API was read and what it told, and nothing of one that cannot be asked', async () => {
    await world.drain();
    expect(await sources()).toEqual([
      {
        name: 'shop',
        type: 'literal',
        can_be_asked: true,
        last_sweep_at: '2026-11-21T10:00:00.000Z',
        next_sweep_at: '2026-11-21T11:00:00.000Z',
        failing: null,
        found: 0,
        missed: 0,
        waiting_fetches: 0,
        heard_at: null,
        silent_since: null,
      },
      {
        name: 'bank',
        type: 'literal',
        can_be_asked: false,
        last_sweep_at: null,
        next_sweep_at: null,
        failing: null,
        found: 0,
        missed: 0,
        waiting_fetches: 0,
        heard_at: null,
        silent_since: null,
      },
    ]);
  });

  test('tell of a webhook that fell silent, until a delivery comes again', async () => {
    await fallSilent();
    expect((await sources())[0]).toMatchObject({ found: 1, missed: 1, silent_since: '2026-11-21T11:00:00.000Z' });
    const text = await metrics();
    expect(text).toContain('bridge_source_silent{source="shop"} 1');
    expect(text).toContain('bridge_source_silent{source="bank"} 0');
    await world.deliver('shop', { order: orderOf('3') });
    await world.drain();
    expect((await sources())[0]).toMatchObject({ silent_since: null });
    expect(await metrics()).toContain('bridge_source_silent{source="shop"} 0');
  });

  test('tell why it could not be read, and what it is still to be asked for', async () => {
    shop.failures.push(FAILURES.credentials);
    shop.bound.api.fetch = async () => FAILURES.down;
    await world.deliver('shop', { fetch: ['order:7'] });
    await world.drain();
    expect((await sources())[0]).toMatchObject({
      last_sweep_at: null,
      failing: 'orders: credentials_refused: the key is not accepted',
      waiting_fetches: 1,
    });
  });
});

test('what was missed adds up over all readings, and the age of the last whole one is told', async () => {
  expect(await metrics()).not.toContain('bridge_source_sweep_age_seconds{');
  await fallSilent();
  shop.lists.orders = [finding({ order: orderOf('3', { updatedAt: '2026-11-21T10:40:00.000Z' }) })];
  await world.runtime.advance(HOUR);
  await world.drain();
  await world.runtime.advance(90_000);
  const text = await metrics();
  expect(text).toContain('# TYPE bridge_source_missed_total counter');
  expect(text).toContain('bridge_source_missed_total{source="shop"} 2');
  expect(text).toContain('bridge_source_sweep_age_seconds{source="shop"} 90');
  expect(text).not.toContain('bridge_source_sweep_age_seconds{source="bank"}');
});

/** A person who has signed in, at the admin pages. */
async function person() {
  const head = {
    host: 'bridge.test',
    origin: 'https://bridge.test',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const post = (path: string, fields: Record<string, string>, cookie = '') => {
    const body = new URLSearchParams(fields).toString();
    return world.app.request(path, { method: 'POST', headers: { ...head, cookie }, body });
  };
  const cookie = (await post('/admin/sign-in', { token: TOKEN })).headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = async (path: string) => (await world.app.request(path, { headers: { cookie } })).text();
  const send = async (path: string, fields: Record<string, string>) => {
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(await get('/admin'))?.[1] ?? '';
    const answer = await post(path, { _csrf, ...fields }, cookie);
    return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
  };
  return { get, send };
}

describe('the overview', () => {
  test('has an alarm for a silent webhook and one for an API that cannot be read, and none without reason', async () => {
    await world.drain();
    // A session ends in half an hour, and the hours pass.
    const overview = async () => (await person()).get('/admin');
    expect(await overview()).toContain('cannot be asked');
    expect(await overview()).not.toContain('role="alert"');
    await fallSilent();
    expect(await overview()).toMatch(/role="alert"><strong>The webhook of shop has fallen silent<\/strong>/);
    shop.failures.push(FAILURES.credentials);
    await world.runtime.advance(HOUR);
    await world.drain();
    expect(await overview()).toMatch(
      /role="alert"><strong>shop cannot be read<\/strong>: orders: credentials_refused: the key is not accepted/,
    );
  });

  test('offers a reconciliation of the sources that can be asked, and leads to the last one', async () => {
    const { get, send } = await person();
    const page = await get('/admin');
    expect(page).toContain('action="/admin/reconciliations"');
    expect(page).toContain('<option value="shop">shop</option>');
    expect(page).not.toContain('<option value="bank">');
    shop.lists.orders = [finding({ order: orderOf('2', { updatedAt: '2026-11-21T09:00:00.000Z' }) })];
    expect(await send('/admin/reconciliations', { source: 'shop', since: '48h', providers: 'yes' })).toMatchObject({
      status: 303,
      location: '/admin/reconciliations/1',
    });
    expect(await get('/admin/reconciliations/1')).toContain('The sources are being read.');
    await advanceReconciliation(world, new AbortController().signal);
    const report = await get('/admin/reconciliations/1');
    for (const text of ['Differences: 1', 'Paid, and no invoice', 'href="/admin/orders/shop/2"', '120.00 EUR']) {
      expect(report).toContain(text);
    }
    expect(await get('/admin')).toContain('href="/admin/reconciliations/1"');
    expect(await get('/admin/reconciliations')).toContain('href="/admin/reconciliations/1"');
  });

  test('tells what was wrong with a form', async () => {
    const { send } = await person();
    expect(await send('/admin/reconciliations', { source: '', since: 'yesterday' })).toMatchObject({
      status: 422,
      html: expect.stringContaining('“yesterday” is no date'),
    });
    await send('/admin/reconciliations', { since: '7d' });
    expect(await send('/admin/reconciliations', { since: '7d' })).toMatchObject({ status: 409 });
  });
});

test('text from outside stays text in a report, in an alarm and in a list', async () => {
  const evil = '<script>alert(1)</script>"><img src=x>';
  shop.failures.push({ kind: 'failed', problem: { code: 'refused', detail: evil }, account: true });
  await world.deliver('bank', { payment: payment({ id: evil, paidAt: '2026-11-21T09:00:00.000Z', links: [] }) });
  await world.deliver('shop', {
    order: orderOf(evil, {
      number: evil,
      doubt: { code: 'doubt', detail: evil },
      updatedAt: '2026-11-21T09:00:00.000Z',
    }),
  });
  await world.drain();
  shop.failures.push({ kind: 'failed', problem: { code: evil, detail: evil }, account: true });
  await world.call('POST', '/reconcile', {});
  await advanceReconciliation(world, new AbortController().signal);
  const { get } = await person();
  expect(await world.call('GET', '/reconciliations/1')).toMatchObject({ body: { differences: 2 } });
  for (const path of ['/admin', '/admin/reconciliations', '/admin/reconciliations/1']) {
    const page = await get(path);
    expect(page).not.toMatch(/<script|<img/);
  }
  expect(await get('/admin/reconciliations/1')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});
