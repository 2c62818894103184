// An order that is edited after its invoice: the invoice is never changed, and never silently wrong.
import { afterEach, describe, expect, it } from 'vitest';
import type { InvoicingPolicy } from '../../src/registry.ts';
import { type DraftingBooks, draftingBooks } from '../support/drafting-books.ts';
import { paidOrder } from '../support/orders.ts';
import { refundOf } from '../support/sales.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let books: DraftingBooks;
afterEach(() => world.close());

async function open(invoicing: Partial<InvoicingPolicy> = {}): Promise<void> {
  books = draftingBooks();
  world = await openWorld({ account: books.account, invoicing });
  minute = 10;
}

let minute = 10;
const { lines } = paidOrder();
const told = async (change: object = {}): Promise<void> => {
  minute += 1;
  await world.deliver('shop', { order: paidOrder({ updatedAt: `2026-11-10T10:${minute}:00.000Z`, ...change }) });
  await world.settle();
};
/** The order without its delivery: 110.00 EUR. */
const smaller = { lines: lines.slice(0, 1), total: 11_000n };
const totals = () => books.documents.map(({ kind, total }) => (kind === 'invoice' ? total : -total));
const jobs = async () =>
  (await world.jobs()).map(({ key, status, reason }) => `${key.replace('oldshop/501/', '')} ${reason ?? status}`);
const answer = async (key: string, body: object) => {
  expect((await world.call('POST', `/jobs/${(await world.job(key)).id}/resolve`, body)).status).toBe(200);
  await world.settle();
};

describe('an order edited after its invoice', () => {
  it('waits for a person, and shows what differs', async () => {
    await open();
    await told();
    await told(smaller);
    expect(totals()).toEqual([12_000n]);
    expect(await jobs()).toEqual([
      'invoice/1 done',
      'payment/claim done',
      'credit_note/edited-2 edited_after_invoice',
      'invoice/2 waits_for',
      'payment/claim~2 waits_for',
    ]);
    const { body } = await world.call('GET', '/orders/shop/501');
    expect(body).toMatchObject({ order: { reason: 'differs', detail: expect.stringContaining('110.00 EUR') } });
  });
  it('is credited and billed anew when the person approves', async () => {
    await open();
    await told();
    await told(smaller);
    await answer('credit_note/edited-2', { approve: true });
    expect(totals()).toEqual([12_000n, -12_000n, 11_000n]);
    expect(books.documents[2]?.paid).toBe(11_000n);
    expect((await jobs()).slice(2)).toEqual(['credit_note/edited-2 done', 'invoice/2 done', 'payment/claim~2 done']);
    await told(smaller);
    expect(totals()).toHaveLength(3);
  });
  it('stays as it is when the person says so, whatever is told afterwards', async () => {
    await open();
    await told();
    await told(smaller);
    await answer('credit_note/edited-2', { skip: 'agreed with the buyer' });
    await told(smaller);
    expect(totals()).toEqual([12_000n]);
    expect(await jobs()).toEqual([
      'invoice/1 done',
      'payment/claim done',
      'credit_note/edited-2 skipped_by_person',
      'invoice/2 due_no_more',
      'payment/claim~2 due_no_more',
    ]);
  });
  it('is credited and billed anew by itself where the policy says so', async () => {
    await open({ onEdit: 'reissue' });
    await told();
    await told(smaller);
    await told(smaller);
    expect(totals()).toEqual([12_000n, -12_000n, 11_000n]);
    await told({ ...smaller, total: 10_000n, lines: [{ ...lines[0], gross: 10_000n }] });
    expect(totals()).toEqual([12_000n, -12_000n, 11_000n, -11_000n, 10_000n]);
  });
  it('waits for a person in spite of the policy once money was returned', async () => {
    await open({ onEdit: 'reissue' });
    await told();
    const refunds = [refundOf('r1', 1_000n)];
    await told({ refunds });
    await told({ ...smaller, refunds });
    expect(totals()).toEqual([12_000n, -1_000n]);
    expect(await jobs()).toContain('credit_note/edited-2 edited_after_invoice');
    await answer('credit_note/edited-2', { approve: true });
    expect(totals()).toEqual([12_000n, -1_000n, -11_000n, 11_000n]);
  });
  it('and edited back needs nothing any more', async () => {
    await open();
    await told();
    await told(smaller);
    await told();
    expect(await jobs()).toEqual([
      'invoice/1 done',
      'payment/claim done',
      'credit_note/edited-2 due_no_more',
      'invoice/2 due_no_more',
      'payment/claim~2 due_no_more',
    ]);
  });
  it('in its words alone is not billed anew', async () => {
    await open({ onEdit: 'reissue' });
    await told();
    await told({ lines: lines.map((line) => ({ ...line, name: `${line.name} (blue)` })) });
    expect(totals()).toEqual([12_000n]);
  });
  it('has later refunds credited on the invoice that stands', async () => {
    await open({ onEdit: 'reissue' });
    await told();
    await told(smaller);
    await told({ ...smaller, refunds: [refundOf('r1', 11_000n)] });
    expect(totals()).toEqual([12_000n, -12_000n, 11_000n, -11_000n]);
  });
});

describe('an order that was invoiced when placed and then cancelled', () => {
  const unpaid = { paid: null, rank: 10, status: 'pending' };
  const cancelled = { ...unpaid, state: 'cancelled' as const, rank: 40, status: 'cancelled' };
  it('is credited, and billed again when it is paid after all, each time', async () => {
    await open({ when: 'placed' });
    await told(unpaid);
    await told(cancelled);
    await told(cancelled);
    expect(totals()).toEqual([12_000n, -12_000n]);
    await told();
    await told();
    expect(totals()).toEqual([12_000n, -12_000n, 12_000n]);
    expect(books.documents.map(({ paid }) => paid)).toEqual([0n, 0n, 12_000n]);
    expect((await jobs()).slice(1)).toEqual(['credit_note/cancelled done', 'invoice/2 done', 'payment/claim~2 done']);
  });
  it('may be cancelled again', async () => {
    await open({ when: 'placed' });
    await told(unpaid);
    await told(cancelled);
    await told(unpaid);
    await told(cancelled);
    expect(totals()).toEqual([12_000n, -12_000n, 12_000n, -12_000n]);
    expect(await jobs()).toContain('credit_note/cancelled-2 done');
  });
});
