// A payment without any shop: a sale of its own where the user wants it, and the shop's as soon as the shop claims it.
import { afterEach, describe, expect, it } from 'vitest';
import type { Finding, SourceApi } from '../../src/connector.ts';
import { toJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { paidOrder, payment, unpaidOrder } from '../support/orders.ts';
import { refundOf } from '../support/sales.ts';
import { apiOf } from '../support/told-api.ts';
import { openWorld, type World } from '../support/world.ts';

const HOUR = 3_600_000;
let world: World;
let asked: string[];
afterEach(() => world.close());

/** The sale of a payment, as the payment service would tell it. */
const saleOf = (id: string) =>
  unpaidOrder({ id, number: id.toUpperCase(), aliases: [], orderKey: null, transactions: [id] });
const finding = (order: object): Finding => ({ topic: 'fetched.sale', body: Buffer.from(toJson({ order })) });
const nameless = (id: string) => ({ payment: payment({ id, links: [{ by: 'transaction', value: id }] }) });
const documents = () => world.books.documents.map(({ kind, total }) => `${kind} ${total}`);
const paid = () => world.books.documents.map((document) => document.paid);

async function open(shop: Partial<SourceApi> | null = null): Promise<void> {
  asked = [];
  const bank = apiOf({
    fetch: async (ref) => {
      asked.push(ref);
      return { kind: 'found', items: [finding(saleOf(ref.slice('sale:'.length)))] };
    },
  });
  const unlinked = { afterMs: 24 * HOUR, ref: (id: string) => `sale:${id}` };
  world = await openWorld({
    bank: { api: bank, linking: { ordersFrom: null, by: ['transaction', 'metadata.order_id'], unlinked } },
    ...(shop === null ? {} : { shop: { api: apiOf(shop) } }),
  });
}

describe('a payment that names no order', () => {
  it('is invoiced as a sale of its own after its time, and not before', async () => {
    await open();
    await world.deliver('bank', nameless('pi_7'));
    await world.drain();
    await world.runtime.advance(23 * HOUR);
    await world.drain();
    expect([asked, documents()]).toEqual([[], []]);
    await world.runtime.advance(HOUR);
    await world.drain();
    expect([asked, documents(), paid()]).toEqual([['sale:pi_7'], ['invoice 12000'], [12_000n]]);
    await world.runtime.advance(48 * HOUR);
    await world.drain();
    expect(asked).toHaveLength(1);
  });
  it('stays what it is when it names an order that never comes', async () => {
    await open();
    await world.deliver('bank', { payment: payment({ links: [{ by: 'metadata.order_id', value: 'WEB-404' }] }) });
    await world.runtime.advance(48 * HOUR);
    await world.drain();
    expect([asked, documents()]).toEqual([[], []]);
    expect((await world.call('GET', '/payments?status=unlinked')).body).toMatchObject({ items: [{ id: 'pi_501' }] });
  });
  it('waits until a shop that can be asked has been read again, and is the shop’s when that knows it', async () => {
    let reachable = false;
    await open({
      changes: async () =>
        reachable
          ? { kind: 'found', items: [{ findings: [finding(paidOrder({ transactions: ['pi_7'] }))], cursor: null }] }
          : { kind: 'failed', problem: problem('unreachable', 'no connection'), unanswered: true },
    });
    await world.deliver('bank', nameless('pi_7'));
    await world.runtime.advance(48 * HOUR);
    await world.drain();
    expect([asked, documents()]).toEqual([[], []]);
    reachable = true;
    await world.runtime.advance(2 * HOUR);
    await world.drain();
    await world.runtime.advance(HOUR);
    await world.drain();
    expect([asked, documents()]).toEqual([[], ['invoice 12000']]);
  });
});

describe('an order that claims a payment which was invoiced already', () => {
  const invoiced = async (): Promise<void> => {
    await open();
    await world.deliver('bank', nameless('pi_7'));
    await world.drain();
    await world.runtime.advance(25 * HOUR);
    await world.drain();
    expect(documents()).toEqual(['invoice 12000']);
  };
  it('takes over that invoice and makes none of its own', async () => {
    await invoiced();
    await world.deliver('shop', { order: paidOrder({ transactions: ['pi_7'] }) });
    await world.settle();
    expect(documents()).toEqual(['invoice 12000']);
    expect((await world.call('GET', '/orders/shop/501')).body).toMatchObject({
      order: { state: 'planned', reason: null },
      documents: [{ kind: 'invoice', key: 'bank/pi_7/invoice/1' }],
      payments: [{ id: 'claim' }, { id: 'pi_7' }],
    });
    expect((await world.call('GET', '/orders/bank/pi_7')).body).toMatchObject({
      order: { state: 'ignored', reason: 'adopted_by_order' },
    });
    await world.deliver('bank', nameless('pi_7'));
    await world.settle();
    expect(documents()).toEqual(['invoice 12000']);
  });
  it('is held where it comes to another total', async () => {
    await invoiced();
    const lines = paidOrder().lines.slice(0, 1);
    await world.deliver('shop', { order: paidOrder({ transactions: ['pi_7'], total: 11_000n, lines }) });
    await world.settle();
    expect(documents()).toEqual(['invoice 12000']);
    expect(await world.job('credit_note/edited-2')).toMatchObject({ reason: 'edited_after_invoice' });
  });
  it('before that was begun leaves nothing of it', async () => {
    await open();
    await world.deliver('bank', nameless('pi_7'));
    await world.drain();
    world.books.next = 'refused';
    await world.runtime.advance(25 * HOUR);
    await world.drain();
    expect(await world.job('bank/pi_7/invoice/1')).toMatchObject({ status: 'held', reason: 'invoice_refused' });
    await world.deliver('shop', { order: paidOrder({ transactions: ['pi_7'] }) });
    await world.settle();
    expect(documents()).toEqual(['invoice 12000']);
    expect(await world.job('bank/pi_7/invoice/1')).toMatchObject({ status: 'skipped', reason: 'adopted_by_order' });
    expect(await world.job('oldshop/501/invoice/1')).toMatchObject({ status: 'done' });
  });
  it('and was invoiced itself leaves both to a person, and says so at both', async () => {
    await invoiced();
    await world.deliver('shop', { order: paidOrder() });
    await world.settle();
    await world.deliver('shop', {
      order: paidOrder({ transactions: ['pi_7'], updatedAt: '2026-11-10T11:00:00.000Z' }),
    });
    await world.settle();
    expect(documents()).toEqual(['invoice 12000', 'invoice 12000']);
    for (const order of ['shop/501', 'bank/pi_7']) {
      expect((await world.call('GET', `/orders/${order}`)).body).toMatchObject({
        documents: [{ kind: 'invoice' }],
        timeline: expect.arrayContaining([
          expect.objectContaining({ detail: expect.stringContaining('both invoiced: credit one of the two by hand') }),
        ]),
      });
    }
  });
  it('has its refunds credited on it', async () => {
    await invoiced();
    await world.deliver('shop', { order: paidOrder({ transactions: ['pi_7'], refunds: [refundOf('r1', 4_000n)] }) });
    await world.settle();
    expect(await world.job('oldshop/501/credit_note/r1')).toMatchObject({
      source: 'oldshop',
      order_id: '501',
      draft: { amount: 4_000n, invoice: 'bank/pi_7/invoice/1' },
    });
  });
});
