// What no delivery told, or only hinted at, is asked of the source's API and enters by the same door.
import { afterEach, describe, expect, it } from 'vitest';
import type { ChangesPage, Finding, SourceApi, WriteBack } from '../../src/connector.ts';
import { toJson } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { knownSources } from '../../src/store/sources.ts';
import { sweepsOf } from '../../src/store/sweeps.ts';
import { paidOrder, unpaidOrder } from '../support/orders.ts';
import { refundOf } from '../support/sales.ts';
import { apiOf } from '../support/told-api.ts';
import { openWorld, type World } from '../support/world.ts';

const HOUR = 3_600_000;
let world: World;
afterEach(() => world.close());

const finding = (order: object): Finding => ({ topic: 'fetched.order', body: Buffer.from(toJson({ order })) });
const page = (findings: Finding[], cursor: string | null = null): Lookup<ChangesPage> => ({
  kind: 'found',
  items: [{ findings, cursor }],
});
const down: Lookup<never> = { kind: 'failed', problem: problem('unreachable', 'no connection'), unanswered: true };
const open = async (api: Partial<SourceApi>, more: { writeBack?: boolean } = {}): Promise<void> => {
  world = await openWorld({ shop: { api: apiOf(api), ...more } });
};
const order = (id: string, change = {}) =>
  paidOrder({ id, number: `WEB-${id}`, aliases: [], orderKey: `key-${id}`, ...change });
const events = () => world.store.read.selectFrom('event').select(['topic', 'status', 'reason']).orderBy('id').execute();
const invoiced = () => world.books.documents.map(({ marker }) => marker);
const shop = async () => (await knownSources(world.store.read)).find(({ name }) => name === 'shop');

describe('a delivery that only hints', () => {
  it('has the shop asked, until it answers', async () => {
    const asked: string[] = [];
    await open({
      fetch: async (ref) => {
        asked.push(ref);
        return asked.length < 4 ? down : { kind: 'found', items: [finding(order('7'))] };
      },
    });
    await world.deliver('shop', { fetch: ['order:7'] });
    await world.drain();
    expect(await events()).toMatchObject([{ status: 'applied', reason: 'asks_shop' }]);
    await world.settle();
    expect(asked).toEqual(['order:7', 'order:7', 'order:7', 'order:7']);
    expect(invoiced()).toEqual(['oldshop/7/invoice/1']);
  });
  it('fails with what is missing where the shop cannot be asked', async () => {
    world = await openWorld();
    await world.deliver('shop', { fetch: ['order:7'] });
    await world.drain();
    expect(await events()).toMatchObject([{ status: 'failed', reason: 'api_needed' }]);
  });
  it('is left to the delivery that tells it where the shop cannot be asked', async () => {
    world = await openWorld();
    await world.deliver('shop', { fetch: ['order:7'], otherwise: 'told_by_order_update' });
    await world.drain();
    expect(await events()).toMatchObject([{ status: 'ignored', reason: 'told_by_order_update' }]);
  });
  it('is asked for anew when it comes while it is being asked', async () => {
    let asked = 0;
    await open({
      fetch: async () => {
        asked += 1;
        if (asked === 1) {
          await world.deliver('shop', { fetch: ['order:7'], again: true });
          await world.drain();
        }
        return { kind: 'found', items: [finding(order('7', { status: `seen ${asked}` }))] };
      },
    });
    await world.deliver('shop', { fetch: ['order:7'] });
    await world.settle();
    expect(asked).toBeGreaterThan(1);
    expect(await world.store.read.selectFrom('fetch').selectAll().execute()).toEqual([]);
  });
  it('of a thing that is gone needs nothing more', async () => {
    await open({});
    await world.deliver('shop', { fetch: ['order:404'] });
    await world.settle();
    expect(await world.store.read.selectFrom('fetch').selectAll().execute()).toEqual([]);
  });
});

describe('a webhook', () => {
  it('cannot pretend to be what the shop’s API told', async () => {
    world = await openWorld();
    await expect(world.deliver('shop', { order: order('7') }, 'fetched.order')).rejects.toThrow('401');
  });
});

describe('a refund whose lines the webhook leaves out', () => {
  const lines = [
    { lineId: '2', kind: 'shipping' as const, name: 'x', quantity: '1', gross: 1_000n, tax: 167n, rate: '20' },
  ];
  const note = async () => (await world.job('credit_note/r1')).draft;
  it('waits for the shop’s answer, and is credited by line', async () => {
    const full = order('501', { refunds: [refundOf('r1', 1_000n, { lines })] });
    await open({ fetch: async () => ({ kind: 'found', items: [finding(full)] }) });
    await world.deliver('shop', { order: order('501', { refunds: [refundOf('r1', 1_000n)] }), ask: ['order:501'] });
    await world.settle();
    expect(await note()).toMatchObject({ amount: 1_000n, lines: [{ id: '2', name: 'Delivery', gross: 1_000n }] });
  });
  it('is credited as an amount when the shop does not answer in time', async () => {
    await open({ fetch: async () => down });
    await world.deliver('shop', { order: order('501', { refunds: [refundOf('r1', 1_000n)] }), ask: ['order:501'] });
    await world.settle(0.9);
    expect(await world.job('credit_note/r1')).toMatchObject({ status: 'held', reason: 'asks_shop' });
    await world.settle(1);
    expect(await note()).toMatchObject({ amount: 1_000n, lines: [{ name: '', gross: 1_000n }] });
  });
});

describe('the lists of a shop', () => {
  it('are read from the start line, and from then on from a little before the last reading', async () => {
    const since: string[] = [];
    await open({
      changes: async (_stream, from) => {
        since.push(from);
        return page([]);
      },
    });
    await world.drain();
    const began = world.runtime.now().getTime();
    await world.runtime.advance(HOUR);
    await world.drain();
    expect(since).toEqual(['1970-01-01T00:00:00.000Z', new Date(began - 15 * 60_000).toISOString()]);
  });
  it('find what no delivery told, and store nothing that is known', async () => {
    let known = [order('1'), order('2')];
    await open({ changes: async () => page(known.map(finding)) });
    await world.deliver('shop', { order: order('1') });
    await world.settle();
    expect(invoiced()).toEqual(['oldshop/1/invoice/1', 'oldshop/2/invoice/1']);
    expect((await events()).map(({ topic }) => topic)).toEqual(['order.updated', 'fetched.order']);
    known = [...known, order('3', { refunds: [refundOf('r1', 12_000n)] })];
    await world.runtime.advance(HOUR);
    await world.settle();
    await world.runtime.advance(HOUR);
    await world.settle();
    expect(await events()).toHaveLength(3);
    await world.deliver('shop', { order: order('3', { refunds: [refundOf('r1', 12_000n)] }) });
    await world.settle();
    expect(world.books.documents).toHaveLength(3);
  });
  it('go on after a restart where they were, and after a failure', async () => {
    const cursors: (string | null)[] = [];
    let fail = false;
    await open({
      changes: async (_stream, _since, cursor) => {
        cursors.push(cursor);
        if (fail) return down;
        if (cursor === null) {
          fail = true;
          return page([finding(order('1'))], 'after 1');
        }
        return page([finding(order('2'))]);
      },
    });
    await world.drain();
    await world.restart();
    fail = false;
    await world.runtime.advance(60_000);
    await world.settle();
    expect(cursors).toEqual([null, 'after 1', 'after 1']);
    expect(invoiced()).toHaveLength(2);
    expect(await sweepsOf(world.store.read, 'oldshop')).toMatchObject([{ cursor: null, found: 2, failures: 0 }]);
  });
  it('that cannot be read are tried again, and say why', async () => {
    await open({ changes: async () => down });
    await world.drain();
    expect(await sweepsOf(world.store.read, 'oldshop')).toMatchObject([
      { failures: 1, reason: 'unreachable: no connection' },
    ]);
  });
  it('keep what cannot be read as a failed event, once', async () => {
    const odd: Finding = { topic: 'fetched.order', body: Buffer.from('{"odd":1}') };
    await open({ changes: async () => page([odd]) });
    await world.drain();
    await world.runtime.advance(HOUR);
    await world.drain();
    expect(await events()).toMatchObject([{ topic: 'fetched.order', status: 'failed' }]);
  });
});

describe('a webhook that fell silent', () => {
  it('is noticed by what the lists tell, and forgotten with the next delivery', async () => {
    let known: object[] = [];
    await open({ changes: async () => page(known.map(finding)) });
    await world.deliver('shop', { order: order('1') });
    await world.settle();
    known = [order('1'), order('2')];
    await world.runtime.advance(HOUR);
    await world.settle();
    expect(await shop()).toMatchObject({ silent_since: world.runtime.now().getTime() });
    await world.deliver('shop', { order: order('3') });
    await world.settle();
    expect(await shop()).toMatchObject({ silent_since: null });
  });
  it('is none while deliveries tell all', async () => {
    await open({ changes: async () => page([finding(order('1'))]) });
    await world.deliver('shop', { order: order('1') });
    await world.settle();
    await world.runtime.advance(HOUR);
    await world.settle();
    expect(await shop()).toMatchObject({ silent_since: null });
  });
  it('is none of a source that was never heard', async () => {
    let known: object[] = [];
    await open({ changes: async () => page(known.map(finding)) });
    await world.settle();
    known = [order('1')];
    await world.runtime.advance(HOUR);
    await world.settle();
    expect(await shop()).toMatchObject({ heard_at: null, silent_since: null });
    expect(invoiced()).toHaveLength(1);
  });
});

describe('writing back', () => {
  it('leaves each final document’s number with its order, once it is there', async () => {
    const notes: WriteBack[] = [];
    let answers = 0;
    const writeBack: SourceApi['writeBack'] = async (one) => {
      answers += 1;
      if (answers === 1) return { kind: 'unknown', problem: problem('no_answer', 'lost') };
      notes.push(one);
      return { kind: 'done', value: null };
    };
    await open({ writeBack }, { writeBack: true });
    await world.deliver('shop', { order: unpaidOrder() });
    await world.settle();
    expect(answers).toBe(0);
    await world.deliver('shop', { order: paidOrder() });
    await world.settle();
    expect(notes).toMatchObject([{ orderId: '501', kind: 'invoice', number: 'INV-1', key: 'oldshop/501/invoice/1' }]);
    expect(answers).toBe(2);
  });
  it('does nothing unless it is asked for', async () => {
    let answers = 0;
    const writeBack: SourceApi['writeBack'] = async () => {
      answers += 1;
      return { kind: 'done', value: null };
    };
    await open({ writeBack });
    await world.deliver('shop', { order: paidOrder() });
    await world.settle();
    expect(answers).toBe(0);
  });
  it('is held where the shop refuses it, and the invoice stands', async () => {
    const refused = { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem('403', 'no right') } as const;
    await open({ writeBack: async () => refused }, { writeBack: true });
    await world.deliver('shop', { order: paidOrder() });
    await world.settle();
    const job = (await world.jobs()).find(({ kind }) => kind === 'write_back');
    expect(job).toMatchObject({ status: 'held', reason: 'write_back_refused' });
    expect(invoiced()).toHaveLength(1);
  });
});
