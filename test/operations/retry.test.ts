import { afterEach, beforeEach, expect, test } from 'vitest';
import { paidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const INVOICE = '501/invoice/1';
const retry = async (key: string) => world.call('POST', `/jobs/${(await world.job(key)).id}/retry`);

test('a job whose outcome is unknown is looked up at once, and what is found is not sent again', async () => {
  world.books.next = 'late';
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  expect(await world.job(INVOICE)).toMatchObject({ status: 'running', phase: 'resolving' });
  expect(await retry(INVOICE)).toMatchObject({ status: 200, body: { status: 'running', phase: 'resolving' } });
  await world.drain();
  expect(await world.job(INVOICE)).toMatchObject({ status: 'done' });
  expect(world.books.sends).toBe(1);
});

test('a look-up that a person asked for within the quarantine proves nothing by finding nothing', async () => {
  world.books.next = 'lost';
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  for (let press = 0; press < 10; press++) {
    await retry(INVOICE);
    await world.drain();
  }
  expect(await world.job(INVOICE)).toMatchObject({ status: 'running', phase: 'resolving' });
  expect(world.books.sends).toBe(1);
});

test('a job that was refused is tried again, with its failures forgotten', async () => {
  world.books.next = 'refused';
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  expect(await world.job(INVOICE)).toMatchObject({ status: 'held', reason: 'invoice_refused' });
  expect(await retry(INVOICE)).toMatchObject({ status: 200, body: { status: 'pending', reason: null } });
  await world.drain();
  expect((await world.jobs()).map(({ status }) => status)).toEqual(['done', 'done']);
});

test('a job that a worker has in hand is left alone', async () => {
  world.books.next = 'refused';
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  await retry(INVOICE);
  await world.claim();
  const before = world.dump();
  expect(await retry(INVOICE)).toMatchObject({ status: 409, body: { code: 'job_in_hand' } });
  expect(world.dump()).toBe(before);
});

test('a hold that needs an answer is not settled by trying again', async () => {
  await world.close();
  world = await openWorld({ invoicing: { approve: true } });
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  expect(await retry(INVOICE)).toMatchObject({ status: 409, body: { code: 'answer_needed' } });
  expect(await world.job(INVOICE)).toMatchObject({ status: 'held', reason: 'approval' });
});

test('a doubt about the order itself is not settled by trying again, whatever its name', async () => {
  const doubt = { code: 'a_doubt_of_tomorrow', detail: 'nobody has seen such an order' };
  await world.deliver('shop', { order: paidOrder({ doubt }) });
  await world.drain();
  expect(await retry(INVOICE)).toMatchObject({ status: 409, body: { code: 'answer_needed' } });
});

test('what is done stays done', async () => {
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  expect(await retry(INVOICE)).toMatchObject({ status: 409, body: { code: 'job_over' } });
});
