import { afterEach, beforeEach, expect, test } from 'vitest';
import { literalHeaders } from '../support/literal-connectors.ts';
import { paidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

test('alive is told without asking anything, even when the database is gone', async () => {
  const broken = await openWorld();
  await broken.store.close();
  expect((await broken.app.request('/healthz')).status).toBe(200);
});

test('ready is told only while a row can be committed', async () => {
  expect((await world.app.request('/readyz')).status).toBe(200);
  const broken = await openWorld();
  await broken.store.close();
  const answer = await broken.app.request('/readyz');
  expect([answer.status, await answer.json()]).toEqual([503, { status: 'not_ready' }]);
});

test('a write that takes longer than a second makes it unready', async () => {
  const gate = Promise.withResolvers<void>();
  const held = world.store.write(() => gate.promise);
  const asked = world.app.request('/readyz');
  // The request comes as far as its write, which waits behind the one that is held.
  await new Promise((resolve) => setImmediate(resolve));
  await world.runtime.advance(1001);
  expect((await asked).status).toBe(503);
  gate.resolve();
  await held;
  expect((await world.app.request('/readyz')).status).toBe(200);
});

test('many who ask at once cost one write', async () => {
  let writes = 0;
  const { write } = world.store;
  world.store.write = (unit) => {
    writes += 1;
    return write(unit);
  };
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.app.request('/readyz')));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(writes).toBe(1);
});

test('a process that drains is not ready and still takes deliveries', async () => {
  await world.close();
  world = await openWorld({ app: { draining: () => true } });
  expect((await world.app.request('/readyz')).status).toBe(503);
  await world.deliver('shop', { order: paidOrder() });
});

test('metrics count deliveries by outcome and read the rest from the tables', async () => {
  await world.deliver('shop', { order: paidOrder() });
  await world.deliver('shop', { order: paidOrder() });
  await world.app.request('/webhooks/shop', { method: 'POST', body: 'x', headers: { ...literalHeaders('y') } });
  await world.app.request('/webhooks/nobody', { method: 'POST', body: 'x' });
  await world.drain();
  const answer = await world.app.request('/metrics');
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  for (const line of [
    'bridge_deliveries_total{source="shop",outcome="stored"} 1',
    'bridge_deliveries_total{source="shop",outcome="duplicate"} 1',
    'bridge_deliveries_total{source="shop",outcome="unauthorised"} 1',
    'bridge_deliveries_total{source="",outcome="unknown_source"} 1',
    'bridge_events{status="applied"} 1',
    'bridge_jobs{provider="books",status="done"} 2',
    'bridge_documents{kind="invoice"} 1',
    'bridge_payments_unlinked 0',
  ]) {
    expect(text).toContain(line);
  }
});

test('nothing that is told without a token names a version or a person', async () => {
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    const text = await (await world.app.request(path)).text();
    expect(text).not.toMatch(/\d+\.\d+\.\d+|Ada|buyer\.example|WEB-501/);
  }
});
