import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { advanceReplays, continueReplays } from '../../src/operations/replays.ts';
import { paidOrder, payment, unpaidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const orderOf = (id: string) =>
  paidOrder({ id, number: `WEB-${id}`, aliases: [], orderKey: null, buyer: { ...paidOrder().buyer, email: null } });

const statuses = async (): Promise<string[]> =>
  (await world.store.read.selectFrom('event').select('status').orderBy('id').execute()).map(({ status }) => status);

describe('one delivery', () => {
  test('runs again from its raw body, and its invoice is not made twice', async () => {
    const id = await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    expect(await world.call('POST', `/events/${id}/replay`)).toEqual({ status: 202, body: { event_id: String(id) } });
    expect(await statuses()).toEqual(['received']);
    await world.drain();
    expect(await statuses()).toEqual(['applied']);
    expect(world.books.sends).toBe(1);
    expect(world.books.documents).toHaveLength(1);
  });

  test('that nobody knows is not found', async () => {
    expect(await world.call('POST', '/events/4711/replay')).toMatchObject({ status: 404 });
  });
});

describe('many deliveries', () => {
  /** So many that one batch does not hold them, all failed for now. */
  async function failedDeliveries(count: number): Promise<void> {
    for (let n = 1; n <= count; n++) await world.deliver('shop', `not an order ${n}`);
    await world.drain();
    expect(new Set(await statuses())).toEqual(new Set(['failed']));
  }

  test('run again in batches, and a restart half-way goes on where it stood', async () => {
    await failedDeliveries(230);
    expect(await world.call('POST', '/replay', { status: 'failed' })).toEqual({
      status: 202,
      body: { replay_id: '1', count: 230 },
    });
    await advanceReplays(world);
    expect((await statuses()).filter((status) => status === 'received')).toHaveLength(100);
    expect(await world.call('GET', '/replays/1')).toMatchObject({ body: { status: 'running', done: 100, count: 230 } });

    await world.restart();
    const runner = continueReplays(world);
    await runner.stop();
    expect(await world.call('GET', '/replays/1')).toMatchObject({ body: { done: 100 } });
    await world.drain();
    expect(await world.call('GET', '/replays/1')).toMatchObject({ body: { status: 'done', done: 230 } });
    expect(new Set(await statuses())).toEqual(new Set(['failed']));
  });

  test('that arrive after it was asked for are not among them', async () => {
    await failedDeliveries(2);
    await world.call('POST', '/replay', {});
    await world.deliver('shop', 'not an order 3');
    await world.drain();
    expect(await world.call('GET', '/replays/1')).toMatchObject({ body: { status: 'done', done: 2, count: 2 } });
  });

  test('are chosen by source, status, topic and time together', async () => {
    await world.deliver('shop', { order: paidOrder() }, 'order.created');
    await world.deliver('shop', 'not an order', 'order.created');
    await world.runtime.advance(60_000);
    const from = world.runtime.now().toISOString();
    await world.deliver('bank', { payment: payment({ id: 'pi_9', links: [] }) });
    await world.drain();
    const count = async (filter: object): Promise<unknown> => {
      const { body } = await world.call('POST', '/replay', { ...filter });
      await world.drain();
      return (body as { count: number }).count;
    };
    expect(await count({})).toBe(3);
    expect(await count({ source: 'shop' })).toBe(2);
    expect(await count({ source: 'oldshop', status: 'failed' })).toBe(1);
    expect(await count({ topic: 'order.created', status: 'applied' })).toBe(1);
    expect(await count({ from })).toBe(1);
    expect(await count({ to: from })).toBe(2);
    expect(await count({ source: 'shop', from })).toBe(0);
    expect(await world.call('POST', '/replay', { source: 'nobody' })).toMatchObject({ status: 422 });
    expect(await world.call('POST', '/replay', { sauce: 'shop' })).toMatchObject({ status: 400 });
  });

  test('stop when they are cancelled, and cannot be cancelled twice', async () => {
    await failedDeliveries(130);
    await world.call('POST', '/replay', {});
    await advanceReplays(world);
    expect(await world.call('POST', '/replays/1/cancel')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    await world.drain();
    expect(await world.call('GET', '/replays/1')).toMatchObject({ body: { status: 'cancelled', done: 100 } });
    expect(await world.call('POST', '/replays/1/cancel')).toMatchObject({
      status: 409,
      body: { code: 'replay_over' },
    });
  });

  test('wait while so many others wait that new ones would not get their turn', async () => {
    await failedDeliveries(120);
    await world.call('POST', '/replay', {});
    await advanceReplays(world);
    const before = world.dump();
    await advanceReplays(world);
    expect(world.dump()).toBe(before);
  });
});

describe('a dry run', () => {
  const dryRun = async (filter: object = {}) => world.call('POST', '/replay', { ...filter, dry_run: true });

  test('tells what would be issued and what not, and changes nothing at all', async () => {
    await world.deliver('shop', { order: orderOf('601') });
    await world.deliver('shop', { order: unpaidOrder({ id: '602', number: 'WEB-602', aliases: [], orderKey: null }) });
    await world.deliver('shop', 'not an order');
    const before = world.dump();
    const answer = await dryRun();
    expect(world.dump()).toBe(before);
    expect(world.books.sends).toBe(0);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        events: 3,
        would_issue: [
          {
            key: 'oldshop/601/invoice/1',
            kind: 'invoice',
            source: 'shop',
            amount: '120.00',
            currency: 'EUR',
            held: null,
          },
          { key: 'oldshop/601/payment/claim', kind: 'payment' },
        ],
        would_skip: [
          { order_id: '602', status: 'applied', reason: 'unpaid' },
          { order_id: null, status: 'failed', reason: 'not_an_order' },
        ],
        would_change: [],
      },
    });
  });

  test('tells of a planned document that would change and of an issued one that would not', async () => {
    await world.deliver('shop', { order: orderOf('601') });
    await world.drain();
    const lines = paidOrder().lines.slice(0, 1);
    const later = { updatedAt: '2026-11-10T12:00:00.000Z', total: 11_000n, lines };
    await world.deliver('shop', { order: { ...orderOf('601'), ...later } });
    const before = world.dump();
    const answer = await dryRun({ status: 'received' });
    expect(world.dump()).toBe(before);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        would_issue: [
          { key: 'oldshop/601/credit_note/edited-2', amount: '120.00', held: 'edited_after_invoice' },
          { key: 'oldshop/601/invoice/2', amount: '110.00', held: 'waits_for' },
          { key: 'oldshop/601/payment/claim~2', amount: '110.00', held: 'waits_for' },
        ],
        would_change: [{ key: null, source: 'shop', order_id: '601', change: expect.stringContaining('differ') }],
      },
    });
  });

  test('shows what the source’s own mapping makes different', async () => {
    const source = world.registry.sources.get('shop');
    const effect = { path: 'buyer.tax_number', before: null, after: 'FR40303265045' };
    if (source !== undefined) source.mappingEffect = async () => [effect];
    const id = await world.deliver('shop', { order: orderOf('601') });
    expect(await dryRun()).toMatchObject({ body: { mapped: [{ event_id: String(id), changes: [effect] }] } });
  });

  test('after everything is applied finds nothing left to issue', async () => {
    await world.deliver('shop', { order: orderOf('601') });
    await world.drain();
    expect(await dryRun()).toMatchObject({ status: 200, body: { would_issue: [], would_change: [], would_skip: [] } });
  });

  test('of more than it can look at in a moment is refused, saying how to narrow it', async () => {
    await world.store.write(async (tx) => {
      const values = { source: 'oldshop', topic: 't', headers: '{}', body: new Uint8Array(), received_at: 0 };
      for (let n = 0; n < 101; n++) {
        await tx
          .insertInto('event')
          .values({ ...values, delivery_key: `k${n}`, status: 'applied' })
          .execute();
      }
    });
    expect(await dryRun()).toMatchObject({ status: 422, body: { code: 'too_many_events' } });
  });
});
