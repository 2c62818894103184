import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '../../src/domain/client.ts';
import type { Issued } from '../../src/domain/document.ts';
import { paidOrder, payment, unpaidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const INVOICE = '501/invoice/1';
const client = (id: string): Client => ({
  id,
  name: `Client ${id}`,
  kind: 'person',
  email: 'ada@buyer.example',
  taxNumber: null,
  externalId: null,
  empty: [],
});
const document = (change: Partial<Issued> = {}): Issued => ({
  providerId: '77',
  number: 'F-77',
  total: 12_000n,
  currency: 'EUR',
  paid: 0n,
  clientId: 'c1',
  marker: null,
  kind: 'invoice',
  state: 'final',
  publicUrl: null,
  ...change,
});

const resolve = async (key: string, answer: unknown) =>
  world.call('POST', `/jobs/${(await world.job(key)).id}/resolve`, answer);

/** A paid order whose buyer two clients fit, so that its invoice waits for a choice. */
async function ambiguous(): Promise<void> {
  world.books.clients.push(client('c1'), client('c2'));
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
}

/** A paid order whose invoice may or may not be at the provider: nothing was found twice. */
async function uncertain(): Promise<void> {
  world.books.next = 'lost';
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  for (let look = 0; look < 3; look++) {
    await world.runtime.advance(400_000);
    await world.drain();
  }
  expect(await world.job(INVOICE)).toMatchObject({ status: 'held', reason: 'uncertain', phase: 'resolving' });
}

describe('an ambiguous client', () => {
  beforeEach(ambiguous);

  test('is chosen among the candidates and the invoice is made for it', async () => {
    expect(await resolve(INVOICE, { client_id: 'c2' })).toMatchObject({ status: 200, body: { status: 'pending' } });
    await world.drain();
    expect(await world.job(INVOICE)).toMatchObject({ status: 'done' });
    expect(world.books.documents).toMatchObject([{ clientId: 'c2' }]);
  });

  test('of two people who choose at once one is taken, and the other is told the standing decision', async () => {
    const answers = await Promise.all(['c1', 'c2', 'c1'].map((id) => resolve(INVOICE, { client_id: id })));
    const taken = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 409);
    expect([taken.length, refused.length]).toEqual([1, 2]);
    const standing = (await world.job(INVOICE)).client?.id;
    for (const { body } of refused) {
      expect(body).toMatchObject({ code: 'job_not_held', decision: { answer: { client_id: standing } } });
    }
    await world.drain();
    expect(world.books.documents).toMatchObject([{ clientId: standing }]);
  });

  test('takes no answer that does not fit, and stays as it is', async () => {
    const before = world.dump();
    for (const answer of [{ send_again: 'I looked' }, { approve: true }, { invoice_id: '77' }]) {
      expect(await resolve(INVOICE, answer)).toMatchObject({ status: 409, body: { code: 'answer_does_not_fit' } });
    }
    expect(world.dump()).toBe(before);
  });

  test('takes exactly one answer of the six, and none with a field too many', async () => {
    for (const answer of [
      {},
      { client_id: 'c1', skip: 'no' },
      { client_id: 'c1', status: 'done' },
      { client_id: '' },
      { done_by_hand: { number: 'X' } },
      { approve: false },
      { skip: '   ' },
    ]) {
      expect(await resolve(INVOICE, answer)).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
    }
  });

  test('is not answered while a worker has the job in hand', async () => {
    await resolve(INVOICE, { client_id: 'c1' });
    await world.claim();
    expect(await resolve(INVOICE, { skip: 'no' })).toMatchObject({
      status: 409,
      body: { code: 'job_in_hand', decision: { answer: { client_id: 'c1' } } },
    });
  });

  test('the answer stands in the timeline of the order, with the reason that it settled', async () => {
    await resolve(INVOICE, { client_id: 'c2' });
    const { body } = await world.call('GET', '/orders/shop/501');
    expect(body).toHaveProperty(
      'timeline',
      expect.arrayContaining([
        expect.objectContaining({
          step: 'person',
          detail: 'a person chose client c2',
          data: { answer: { client_id: 'c2' }, held_for: 'ambiguous_client' },
        }),
      ]),
    );
  });

  test('skipping the invoice skips its payment too, and newer facts do not bring it back', async () => {
    expect(await resolve(INVOICE, { skip: 'a test order' })).toMatchObject({ status: 200 });
    const later = paidOrder({ updatedAt: '2026-11-10T11:00:00.000Z', rank: 30 });
    await world.deliver('shop', { order: later });
    await world.drain();
    expect((await world.jobs()).map(({ kind, status }) => [kind, status])).toEqual([
      ['invoice', 'skipped'],
      ['payment', 'skipped'],
    ]);
    expect(world.books.sends).toBe(0);
  });

  test('an invoice made by hand counts as done, with its number, and has no PDF here', async () => {
    const answer = { done_by_hand: { number: 'H-1', note: 'made at the desk' } };
    expect(await resolve(INVOICE, answer)).toMatchObject({ status: 200, body: { status: 'done' } });
    const { body } = await world.call('GET', '/orders/shop/501');
    expect(body).toMatchObject({
      documents: [{ number: 'H-1', total: '120.00', currency: 'EUR', status: 'by_hand', pdf_url: null }],
    });
    expect(world.books.sends).toBe(0);
  });
});

describe('an invoice whose outcome nobody knows', () => {
  beforeEach(uncertain);

  test('is sent again only when a person says why', async () => {
    expect(world.books.sends).toBe(1);
    expect(await resolve(INVOICE, { send_again: 'not in the list of today' })).toMatchObject({ status: 200 });
    await world.drain();
    expect(world.books.sends).toBe(2);
    expect(world.books.documents).toHaveLength(1);
    expect(await world.job(INVOICE)).toMatchObject({ status: 'done' });
  });

  test('is never given another client, since it may exist already', async () => {
    expect(await resolve(INVOICE, { client_id: 'c9' })).toMatchObject({ status: 409 });
  });

  test('is found at the provider by its id, and what waits for it goes on', async () => {
    world.books.documents.push(document());
    const taken = await resolve(INVOICE, { invoice_id: '77' });
    expect(taken).toMatchObject({ status: 200, body: { status: 'done', warning: null } });
    await world.drain();
    expect(world.books.sends).toBe(1);
    expect((await world.jobs()).map(({ status }) => status)).toEqual(['done', 'done']);
    expect(world.books.documents).toMatchObject([{ paid: 12_000n }]);
  });

  test('taken with another total says both figures', async () => {
    world.books.documents.push(document({ total: 11_900n }));
    expect(await resolve(INVOICE, { invoice_id: '77' })).toMatchObject({
      status: 200,
      body: { warning: 'F-77 is of 119.00 EUR, not of 120.00 EUR' },
    });
  });

  test('is not what is missing at the provider, of another kind or in another currency', async () => {
    world.books.documents.push(
      document({ providerId: '78', kind: 'credit_note' }),
      document({ providerId: '79', currency: 'USD' }),
    );
    for (const [id, code] of [
      ['80', 'document_not_found'],
      ['78', 'document_of_other_kind'],
      ['79', 'document_in_other_currency'],
    ]) {
      expect(await resolve(INVOICE, { invoice_id: id })).toMatchObject({ status: 422, body: { code } });
    }
    expect(await world.job(INVOICE)).toMatchObject({ status: 'held', reason: 'uncertain' });
  });

  test('is not what another order was already invoiced with', async () => {
    await world.deliver('shop', { order: paidOrder({ id: '502', number: 'WEB-502', aliases: [], orderKey: null }) });
    await world.drain();
    const taken = world.books.documents[0]?.providerId;
    expect(await resolve(INVOICE, { invoice_id: taken })).toMatchObject({
      status: 409,
      body: { code: 'document_taken' },
    });
  });
});

test('an approved document is made, and nothing before that', async () => {
  await world.close();
  world = await openWorld({ invoicing: { approve: true } });
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  expect(await world.job(INVOICE)).toMatchObject({ status: 'held', reason: 'approval' });
  expect(world.books.sends).toBe(0);
  expect(await resolve(INVOICE, { approve: true })).toMatchObject({ status: 200 });
  await world.drain();
  expect((await world.jobs()).map(({ status }) => status)).toEqual(['done', 'done']);
});

test('of a payment that is too much, an approval records what is open', async () => {
  await world.close();
  world = await openWorld({ invoicing: { when: 'placed' } });
  await world.deliver('shop', { order: unpaidOrder() });
  await world.drain();
  await world.deliver('bank', { payment: payment({ amount: 13_000n }) });
  await world.drain();
  const key = '501/payment/pi_501';
  expect(await world.job(key)).toMatchObject({ status: 'held', reason: 'amount_differs' });
  expect(await resolve(key, { approve: true })).toMatchObject({ status: 200, body: { amount: '120.00' } });
  await world.drain();
  expect(world.books.documents).toMatchObject([{ paid: 12_000n }]);
  expect(await world.job(key)).toMatchObject({ status: 'done' });
});

test('a job that nobody knows is not found', async () => {
  expect(await world.call('POST', '/jobs/4711/resolve', { approve: true })).toMatchObject({
    status: 404,
    body: { code: 'job_not_found' },
  });
});
