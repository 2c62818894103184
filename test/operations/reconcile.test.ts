// Reading the sources and comparing all sides, as the command line and the admin do it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toJson } from '../../src/domain/json.ts';
import { type Progress, progressLine, type Report, reconcile, reconciling } from '../../src/operations/reconcile.ts';
import type { Runtime } from '../../src/runtime.ts';
import { FAILURES, finding, type ListedApi, listedApi, throttled } from '../support/listed-api.ts';
import { paidOrder, payment, unpaidOrder } from '../support/orders.ts';
import { refundOf } from '../support/sales.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';

let world: World;
let shop: ListedApi;
let bank: ListedApi;
afterEach(() => world.close());

const orderOf = (id: string, change = {}) =>
  paidOrder({ id, number: `WEB-${id}`, aliases: [], orderKey: null, updatedAt: '2026-11-20T10:00:00.000Z', ...change });
const told = (id: string, change = {}) => finding({ order: orderOf(id, change) });

async function open(options: WorldOptions = {}): Promise<void> {
  shop = listedApi({ orders: [], refunds: [] });
  bank = listedApi({ payments: [] });
  world = await openWorld({ shop: { api: shop.bound }, bank: { api: bank.bound }, ...options });
}
beforeEach(() => open());

/** Whoever waits moves the clock on by as much. */
const impatient = (rested: number[] = []): Runtime => ({
  ...world.runtime,
  after(ms, callback) {
    rested.push(ms);
    void world.runtime.advance(ms).then(callback);
    return () => undefined;
  },
});

type Asked = { source?: string; since?: string; providers?: boolean };

async function run(asked: Asked = {}, runtime: Runtime = world.runtime, tell: Progress[] = []): Promise<Report> {
  const wanted = reconciling(world, { since: '7d', providers: true, ...asked });
  if (!wanted.ok) throw new Error(wanted.error.problem.detail);
  return reconcile({ ...world, runtime }, wanted.value, {
    signal: new AbortController().signal,
    tell: async (progress) => {
      tell.push(progress);
    },
  });
}

const kinds = ({ differences }: Report) =>
  differences.map(({ kind, order_id, payment_id }) => [kind, order_id ?? payment_id]);
const sums = ({ sources }: Report) =>
  sources.map(({ source, streams }) => [source, ...streams.map(({ pages, found, missed }) => [pages, found, missed])]);
const events = () => world.store.read.selectFrom('event').select(['topic', 'status']).orderBy('id').execute();

describe('the sources', () => {
  test('are read list by list and page by page from the instant on, and what is news is taken in like a delivery', async () => {
    shop.lists.orders = [told('1'), told('2'), told('3')];
    const progress: Progress[] = [];
    const report = await run({ since: '2026-11-01' }, world.runtime, progress);
    expect(shop.requests).toEqual([
      'orders from 2026-11-01T00:00:00.000Z',
      'orders @2',
      'refunds from 2026-11-01T00:00:00.000Z',
    ]);
    expect(sums(report)).toEqual([
      ['shop', [2, 3, 3], [1, 0, 0]],
      ['bank', [1, 0, 0]],
    ]);
    expect(await events()).toEqual(Array(3).fill({ topic: 'fetched.literal', status: 'applied' }));
    expect(kinds(report)).toEqual(['1', '2', '3'].map((id) => ['order_without_invoice', id]));
    expect(progress.map(progressLine).slice(0, 2)).toEqual([
      'shop: orders, page 1, 2 found, 2 not known here',
      'shop: orders, page 2, 3 found, 3 not known here',
    ]);
    expect(progressLine(progress.at(-1) ?? { sources: [], sales: null })).toBe('comparing: 3 of 3 sales');
  });

  test('asked again tell nothing new, and no document is made twice', async () => {
    shop.lists.orders = [told('1'), told('2'), told('3')];
    await run();
    await world.drain();
    const again = await run();
    expect(sums(again)[0]).toEqual(['shop', [2, 3, 0], [1, 0, 0]]);
    expect(again.differences).toEqual([]);
    expect([world.books.documents.length, (await events()).length]).toEqual([3, 3]);
  });

  test('tell nothing new of what deliveries told already', async () => {
    await world.deliver('shop', { order: orderOf('1') });
    await world.drain();
    shop.lists.orders = [told('1')];
    expect(sums(await run())[0]).toEqual(['shop', [1, 1, 0], [1, 0, 0]]);
    expect(await events()).toHaveLength(1);
  });

  test('keep the places where the schedule reads them', async () => {
    await world.drain();
    const before = await world.store.read.selectFrom('sweep').selectAll().execute();
    shop.lists.orders = [told('1'), told('2'), told('3')];
    await run({ since: '30d' });
    expect(before).toHaveLength(3);
    expect(await world.store.read.selectFrom('sweep').selectAll().execute()).toEqual(before);
  });

  test('get the rest that they ask for, and the same page is asked for after it', async () => {
    shop.lists.orders = [told('1')];
    shop.failures.push(throttled(45_000), FAILURES.down, throttled(null));
    const rested: number[] = [];
    expect(sums(await run({ source: 'shop' }, impatient(rested)))).toEqual([['shop', [1, 1, 1], [1, 0, 0]]]);
    expect(rested).toEqual([45_000, 4_000, 8_000]);
    expect(shop.requests.slice(0, 4)).toEqual(Array(4).fill(shop.requests[0]));
  });

  test('that fail are told with the reason, and the others are read all the same', async () => {
    bank.lists.payments = [finding({ payment: payment() })];
    shop.failures.push(FAILURES.credentials);
    const refused = await run({}, impatient());
    expect(refused.sources).toMatchObject([
      {
        source: 'shop',
        streams: [{ status: 'failed' }, { status: 'waiting' }],
        problem: { code: 'credentials_refused', detail: 'orders: the key is not accepted' },
      },
      { source: 'bank', streams: [{ status: 'done', found: 1 }], problem: null },
    ]);
    shop.failures.push(...Array(5).fill(FAILURES.down));
    expect((await run({ source: 'shop' }, impatient())).sources[0]?.problem).toMatchObject({ code: 'unreachable' });
    shop.failures.push(throttled(3_600_000));
    expect((await run({ source: 'shop' }, impatient())).sources[0]?.problem?.detail).toBe(
      'orders: too many requests; it is to be asked again in 60 minutes',
    );
  });

  test('that are paused are read and stored, and nothing else happens', async () => {
    await world.call('POST', '/pause', { source: 'shop' });
    shop.lists.orders = [told('1')];
    expect(sums(await run({ source: 'shop' }))).toEqual([['shop', [1, 1, 1], [1, 0, 0]]]);
    expect(await events()).toEqual([{ topic: 'fetched.literal', status: 'received' }]);
  });

  test('that tell what nobody can read are told of it once', async () => {
    shop.lists.orders = [finding({ order: { id: 'x' } })];
    expect(sums(await run({ source: 'shop' }))[0]).toEqual(['shop', [1, 1, 1], [1, 0, 0]]);
    expect(sums(await run({ source: 'shop' }))[0]).toEqual(['shop', [1, 1, 0], [1, 0, 0]]);
    expect(await events()).toEqual([{ topic: 'fetched.literal', status: 'failed' }]);
  });

  test('without access to their API are named, and refused when they alone are asked for', async () => {
    await world.close();
    await open({ bank: {} });
    expect((await run()).not_asked).toEqual(['bank']);
    const refusals = [{ source: 'bank' }, { source: 'bnk' }, { since: 'yesterday' }, { since: '2026-12-01' }].map(
      (asked) => {
        const wanted = reconciling(world, { since: '7d', providers: true, ...asked });
        return wanted.ok ? null : [wanted.error.problem.code, wanted.error.problem.at];
      },
    );
    expect(refusals).toEqual([
      ['source_not_asked', 'source'],
      ['source_unknown', 'source'],
      ['since_unclear', 'since'],
      ['since_in_future', 'since'],
    ]);
  });
});

test.each([
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T10:00:00+01:00', '2026-11-01T09:00:00.000Z'],
  ['48h', '2026-11-19T10:00:00.000Z'],
  ['90m', '2026-11-21T08:30:00.000Z'],
  ['7d', '2026-11-14T10:00:00.000Z'],
])('since %s begins at %s', async (since, instant) => {
  expect((await run({ since })).since).toBe(instant);
});

describe('what is compared', () => {
  test('are the sales that changed in the window, whose money moved in it, and payments that have none', async () => {
    // Nothing of it in the window of a day, but for the money that came late.
    await world.deliver('shop', { order: orderOf('1', { updatedAt: '2026-11-10T10:05:00.000Z' }) });
    await world.deliver('shop', { order: unpaidOrder({ id: '2', number: 'WEB-2', aliases: [], orderKey: null }) });
    await world.runtime.advance(48 * 3_600_000);
    const paidAt = world.runtime.now().toISOString();
    const links = [{ by: 'metadata.order_id', value: 'WEB-2' }];
    await world.deliver('bank', { payment: payment({ id: 'pi_2', amount: 12_500n, paidAt, links }) });
    await world.deliver('bank', { payment: payment({ id: 'pi_9', paidAt, links: [] }) });
    await world.deliver('bank', { payment: payment({ id: 'pi_8', links: [] }) });
    await world.drain();
    const day = await run({ since: '24h' });
    expect([day.sales, kinds(day)]).toEqual([
      1,
      [
        ['amount_differs', '2'],
        ['paid_but_open', '2'],
        ['payment_without_order', 'pi_9'],
      ],
    ]);
    expect((await run({ since: '2026-11-01' })).sales).toBe(2);
  });

  test('with one source are its own orders, or those whose money it told of', async () => {
    await world.deliver('shop', { order: orderOf('1') });
    await world.deliver('shop', { order: orderOf('501', { number: 'WEB-501' }) });
    await world.deliver('bank', { payment: payment() });
    await world.deliver('bank', { payment: payment({ id: 'pi_9', paidAt: '2026-11-20T10:00:00.000Z', links: [] }) });
    await world.drain();
    const ofShop = await run({ source: 'shop' });
    expect([ofShop.sales, kinds(ofShop)]).toEqual([2, []]);
    const ofBank = await run({ source: 'bank' });
    expect([ofBank.sales, kinds(ofBank)]).toEqual([1, [['payment_without_order', 'pi_9']]]);
  });

  test('is what a shop tells now: a refund that no delivery told leads to its credit note', async () => {
    await world.deliver('shop', { order: orderOf('1') });
    await world.drain();
    const refunds = [refundOf('r1', 2_000n, { lines: [] })];
    shop.lists.orders = [told('1', { refunds, updatedAt: '2026-11-21T09:00:00.000Z' })];
    expect((await run()).differences).toMatchObject([
      { kind: 'refund_without_credit_note', order_id: '1', expected: { amount: '20.00', currency: 'EUR' } },
    ]);
  });
});

describe('the providers', () => {
  beforeEach(async () => {
    for (const id of ['1', '2', '3', '4', '5']) await world.deliver('shop', { order: orderOf(id) });
    await world.drain();
  });

  /** How the account answers the next reads. */
  const answers = (...told: (typeof FAILURES)[keyof typeof FAILURES][]): string[] => {
    const reads: string[] = [];
    const { account } = world.books;
    const read = account.read.bind(account);
    account.read = async (id, io) => {
      reads.push(id);
      return told.shift() ?? read(id, io);
    };
    return reads;
  };

  test('are asked for every document by its id, and what is gone or changed there is told', async () => {
    const [first, second, third] = world.books.documents;
    if (first === undefined || second === undefined || third === undefined) throw new Error('five were made');
    second.total = 11_000n;
    third.paid = 0n;
    world.books.documents.splice(0, 1);
    const report = await run();
    expect(kinds(report)).toEqual([
      ['document_gone', '1'],
      ['amount_differs', '2'],
      ['paid_but_open', '3'],
    ]);
    expect(report.providers).toEqual([{ provider: 'books', read: 5, unread: 0, problem: null }]);
  });

  test('are left alone where only what was recorded is to be compared', async () => {
    world.books.documents.splice(0, 1);
    const reads = answers();
    const report = await run({ providers: false });
    expect([reads, report.differences, report.providers]).toEqual([[], [], []]);
  });

  test('that refuse the credentials are asked once, and that keep failing three times', async () => {
    const refused = answers(FAILURES.credentials);
    expect((await run()).providers).toEqual([
      {
        provider: 'books',
        read: 0,
        unread: 5,
        problem: { code: 'credentials_refused', detail: 'the key is not accepted' },
      },
    ]);
    expect(refused).toHaveLength(1);
    const down = answers(FAILURES.down, FAILURES.down, FAILURES.down);
    expect((await run()).providers).toMatchObject([{ read: 0, unread: 5, problem: { code: 'unreachable' } }]);
    expect(down).toHaveLength(3);
    answers(FAILURES.down);
    expect((await run()).providers).toMatchObject([{ read: 4, unread: 1 }]);
  });

  test('get the rest that they ask for, the whole account with them', async () => {
    const reads = answers();
    const { account } = world.books;
    const read = account.read.bind(account);
    let isFirst = true;
    account.read = async (id, io) => {
      if (!isFirst) return read(id, io);
      isFirst = false;
      return throttled(30_000);
    };
    const rested: number[] = [];
    expect((await run({}, impatient(rested))).providers).toMatchObject([{ read: 5, unread: 0, problem: null }]);
    expect([rested, reads.length]).toEqual([[30_000], 5]);
    expect((await world.call('GET', '/stats')).body).toMatchObject({ providers: [{ reason: 'throttled' }] });
  });
});

test('the report is JSON as it stands', async () => {
  shop.lists.orders = [told('1')];
  const report = await run();
  expect(JSON.parse(toJson(report))).toEqual(report);
});
