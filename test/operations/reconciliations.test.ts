// Reconciliations in the background: asked for, one at a time, going on after a restart, kept with their reports.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceReconciliation,
  continueReconciliations,
  ReconciliationListSchema,
  ReconciliationSchema,
  type ReconciliationView,
} from '../../src/operations/reconciliations.ts';
import { FAILURES, finding, type ListedApi, listedApi } from '../support/listed-api.ts';
import { paidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let shop: ListedApi;
beforeEach(async () => {
  const order = paidOrder({ updatedAt: '2026-11-20T10:00:00.000Z' });
  shop = listedApi({ orders: [finding({ order }), finding({ order: { ...order, id: '502', number: 'WEB-502' } })] }, 1);
  world = await openWorld({ shop: { api: shop.bound } });
});
afterEach(() => world.close());

const never = new AbortController().signal;
const ask = (body: object = {}) => world.call('POST', '/reconcile', body);
const show = async (id: string): Promise<ReconciliationView> =>
  ReconciliationSchema.parse((await world.call('GET', `/reconciliations/${id}`)).body);

describe('a reconciliation', () => {
  test('that was asked for is carried out, and its report is kept', async () => {
    expect(await ask({ source: 'shop', since: '48h', providers: false })).toEqual({
      status: 202,
      body: { reconciliation_id: '1' },
    });
    expect(await show('1')).toMatchObject({
      status: 'running',
      source: 'shop',
      since: '2026-11-19T10:00:00.000Z',
      providers: false,
      differences: null,
      progress: { sources: [{ source: 'shop', streams: [{ stream: 'orders', status: 'waiting' }] }], sales: null },
      report: null,
    });
    await advanceReconciliation(world, never);
    expect(await show('1')).toMatchObject({
      status: 'done',
      differences: 2,
      progress: {
        sources: [{ source: 'shop', streams: [{ status: 'done', pages: 2, found: 2, missed: 2 }] }],
        sales: { compared: 2, of: 2 },
      },
      report: {
        since: '2026-11-19T10:00:00.000Z',
        sources: [{ source: 'shop', problem: null }],
        not_asked: [],
        sales: 2,
        differences: [{ kind: 'order_without_invoice', order_id: '501' }, { order_id: '502' }],
      },
    });
  });

  test('goes one at a time, and the next is taken once it is over', async () => {
    await ask();
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'reconciliation_running' } });
    await advanceReconciliation(world, never);
    expect(await ask()).toMatchObject({ status: 202, body: { reconciliation_id: '2' } });
  });

  test('has failed when a source could not be read, and tells the rest all the same', async () => {
    shop.failures.push(FAILURES.credentials);
    await ask();
    await advanceReconciliation(world, never);
    expect(await show('1')).toMatchObject({
      status: 'failed',
      report: { sources: [{ problem: { code: 'credentials_refused' } }], not_asked: ['bank'], differences: [] },
    });
  });

  test('that met a defect has failed without a report, and does not come back', async () => {
    const { changes } = shop.bound.api;
    shop.bound.api.changes = async () => {
      throw new Error('a defect of the connector');
    };
    await ask();
    await advanceReconciliation(world, never);
    expect(await show('1')).toMatchObject({ status: 'failed', report: null });
    shop.bound.api.changes = changes;
    await advanceReconciliation(world, never);
    expect(shop.requests).toEqual([]);
  });

  test('is refused for what cannot be asked', async () => {
    expect(await ask({ source: 'bank' })).toMatchObject({ status: 422, body: { code: 'source_not_asked' } });
    expect(await ask({ source: 'nobody' })).toMatchObject({ status: 422, body: { code: 'source_unknown' } });
    expect(await ask({ since: 'yesterday' })).toMatchObject({
      status: 422,
      body: { code: 'since_unclear', at: 'since' },
    });
    expect(await ask({ sauce: 'shop' })).toMatchObject({ status: 400 });
    expect(await world.call('GET', '/reconciliations/1')).toMatchObject({ status: 404 });
  });
});

test('the newest stand first, in pages, without their reports', async () => {
  for (let n = 1; n <= 3; n++) {
    await ask({ since: `${n}d` });
    await advanceReconciliation(world, never);
  }
  const page = async (query: string) =>
    ReconciliationListSchema.parse((await world.call('GET', `/reconciliations?limit=2${query}`)).body);
  const first = await page('');
  const rest = await page(`&cursor=${first.next_cursor}`);
  expect([...first.items, ...rest.items].map(({ reconciliation_id }) => reconciliation_id)).toEqual(['3', '2', '1']);
  expect(rest.next_cursor).toBeNull();
  expect(first.items[0]).not.toHaveProperty('report');
});

test('the runner takes up what is asked for as soon as it is woken', async () => {
  const runner = continueReconciliations(world);
  await ask();
  runner.wake();
  await runner.stop();
  // Stopped while it worked, or before: either way nothing is lost.
  await advanceReconciliation(world, never);
  expect(await show('1')).toMatchObject({ status: 'done', differences: 2 });
});

test('a stop ends the wait for a shop that rests, and the next start begins the reading anew', async () => {
  shop.failures.push(FAILURES.down);
  const asksAgain = Promise.withResolvers<void>();
  const runtime = {
    ...world.runtime,
    after: (ms: number, callback: () => void) => {
      if (ms === 2_000 && shop.requests.length === 1) asksAgain.resolve();
      return world.runtime.after(ms, callback);
    },
  };
  await ask();
  const runner = continueReconciliations({ ...world, runtime });
  await asksAgain.promise;
  await runner.stop();
  expect(await show('1')).toMatchObject({ status: 'running' });
  await world.restart();
  await advanceReconciliation(world, never);
  expect(await show('1')).toMatchObject({ status: 'done', differences: 2 });
  expect(shop.requests.filter((request) => request.startsWith('orders from'))).toHaveLength(2);
});
