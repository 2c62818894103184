// What `check --first-run` tells: the inbox, and what the shop itself tells where it can be asked.
import { afterEach, expect, test } from 'vitest';
import { firstRun } from '../../src/operations/first-run.ts';
import { FAILURES, finding, type ListedApi, listedApi } from '../support/listed-api.ts';
import { paidOrder, unpaidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let shop: ListedApi;
afterEach(() => world.close());

const plain = (id: string) => ({ id, number: `WEB-${id}`, aliases: [], orderKey: null });
const told = (id: string) => finding({ order: paidOrder(plain(id)) });

async function open(perPage: number): Promise<void> {
  shop = listedApi({ orders: [] }, perPage);
  world = await openWorld({ shop: { api: shop.bound }, bank: { api: listedApi({ payments: [] }).bound } });
}

const look = (name: string) => {
  const source = world.registry.sources.get(name);
  if (source === undefined) throw new Error(`no source ${name}`);
  return firstRun(world, source);
};

test('orders of the inbox and of the shop are told together, and nothing of it stays', async () => {
  await open(10);
  await world.deliver('shop', { order: paidOrder(plain('1')) });
  shop.lists.orders = [told('1'), told('2'), finding({ order: unpaidOrder(plain('3')) })];
  const before = world.dump();
  expect(await look('shop')).toMatchObject({
    source: 'shop',
    asked: { changes: 3, more: false, problem: null },
    events: 1,
    would_issue: [
      { key: 'oldshop/1/invoice/1', amount: '120.00' },
      { key: 'oldshop/1/payment/claim' },
      { key: 'oldshop/2/invoice/1', provider: 'books' },
      { key: 'oldshop/2/payment/claim' },
    ],
    would_skip: [{ event_id: null, order_id: '3', status: 'applied', reason: 'unpaid' }],
    problem: null,
  });
  expect(shop.requests).toEqual(['orders from 2026-10-22T10:00:00.000Z']);
  expect([world.dump(), world.books.sends]).toEqual([before, 0]);
});

test('what is known already is not told as new', async () => {
  await open(10);
  await world.deliver('shop', { order: paidOrder(plain('1')) });
  await world.drain();
  shop.lists.orders = [told('1'), told('2')];
  expect((await look('shop')).asked).toEqual({ changes: 2, news: 1, more: false, problem: null });
});

test('of a busy shop the first pages are read, and that there is more is told', async () => {
  await open(3);
  shop.lists.orders = Array.from({ length: 40 }, (_, n) => told(String(n + 1)));
  expect((await look('shop')).asked).toEqual({ changes: 15, news: 15, more: true, problem: null });
  await world.close();
  await open(200);
  shop.lists.orders = Array.from({ length: 130 }, (_, n) => told(String(n + 1)));
  const busy = await look('shop');
  expect(busy.asked).toEqual({ changes: 130, news: 100, more: true, problem: null });
  expect(busy.would_issue.filter(({ kind }) => kind === 'invoice')).toHaveLength(100);
});

test('a shop that cannot be read leaves what the inbox holds, and a source of payments is not asked', async () => {
  await open(10);
  await world.deliver('shop', { order: paidOrder(plain('1')) });
  shop.failures.push(FAILURES.credentials);
  expect(await look('shop')).toMatchObject({
    asked: { changes: 0, news: 0, more: true, problem: { code: 'credentials_refused' } },
    would_issue: [{ key: 'oldshop/1/invoice/1' }, { kind: 'payment' }],
  });
  expect((await look('bank')).asked).toBeNull();
});
