import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/http/api/router.ts';
import { EventDetailSchema, EventListSchema } from '../../src/operations/events.ts';
import { JobListSchema } from '../../src/operations/jobs.ts';
import { OrderViewSchema } from '../../src/operations/orders.ts';
import { PaymentListSchema } from '../../src/operations/payments.ts';
import { StatsSchema } from '../../src/operations/stats.ts';
import { paidOrder, payment } from '../support/orders.ts';
import { openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const get = (path: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
  world.app.request(`/admin/api${path}`, { headers });

describe('the token', () => {
  const refused = async (path: string, headers: Record<string, string>, method = 'GET') => {
    const answer = await world.app.request(path, { method, headers });
    const { status } = answer;
    return { status, type: answer.headers.get('content-type'), body: await answer.text() };
  };

  test('is asked for by every call there is and by every path where there is none, in the same words', async () => {
    const expected = await refused('/admin/api/stats', {});
    expect(expected).toMatchObject({ status: 401, type: 'application/problem+json' });
    for (const { method, path } of ROUTES) {
      expect(await refused(`/admin/api${path.replace(/\{\w+\}/g, '1')}`, {}, method.toUpperCase())).toEqual(expected);
    }
    expect(await refused('/admin/api/openapi.json', {})).toEqual(expected);
    expect(await refused('/admin/api/no/such/call', {})).toEqual(expected);
  });

  test('is taken as a bearer and no other way', async () => {
    const basic = Buffer.from(`admin:${TOKEN}`).toString('base64');
    for (const authorization of [
      TOKEN,
      `Token ${TOKEN}`,
      `Basic ${basic}`,
      `Basic ${TOKEN}`,
      `Bearer ${basic}`,
      `Bearer${TOKEN}`,
      `Bearer ${TOKEN} more`,
      `Bearer ${TOKEN.slice(1)}`,
      `Bearer ${TOKEN}x`,
      'Bearer',
      'Bearer ',
      `Basic x, Bearer ${TOKEN}`,
    ]) {
      expect((await get('/stats', { authorization })).status, authorization).toBe(401);
    }
    for (const path of [`/stats?token=${TOKEN}`, `/stats?access_token=${TOKEN}`]) {
      expect((await get(path, {})).status).toBe(401);
    }
    expect((await get('/stats', { cookie: `bridge_session=${TOKEN}` })).status).toBe(401);
    expect((await get('/stats', { 'x-api-key': TOKEN })).status).toBe(401);
    expect((await get('/stats', { authorization: `bearer  ${TOKEN}` })).status).toBe(200);
  });

  test('that is configured empty opens nothing', async () => {
    await world.close();
    world = await openWorld({ app: { adminToken: '' } });
    for (const authorization of ['Bearer ', 'Bearer', 'Bearer x']) {
      expect((await get('/stats', { authorization })).status).toBe(401);
    }
  });
});

test('answers are for nobody’s cache and for no other site', async () => {
  for (const path of ['/stats', '/openapi.json', '/events', '/no/such/call']) {
    const { headers } = await get(path, { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

describe('events', () => {
  test('are listed newest first, page by page, each once though others arrive meanwhile', async () => {
    for (let n = 1; n <= 7; n++) await world.deliver('shop', `body ${n}`);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await world.call('GET', `/events?limit=3${cursor && `&cursor=${cursor}`}`);
      const page = EventListSchema.parse(body);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
      await world.deliver('shop', `late ${seen.length}`);
    }
    expect(seen).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  test('are narrowed by source name, topic, status and order', async () => {
    await world.deliver('shop', { order: paidOrder() }, 'order.created');
    await world.deliver('bank', { payment: payment({ links: [] }) });
    await world.deliver('shop', 'not an order');
    await world.drain();
    const ids = async (query: string): Promise<string[]> =>
      EventListSchema.parse((await world.call('GET', `/events?${query}`)).body).items.map(({ id }) => id);
    expect(await ids('source=shop')).toEqual(['3', '1']);
    expect(await ids('source=bank')).toEqual(['2']);
    expect(await ids('topic=order.created')).toEqual(['1']);
    expect(await ids('status=failed')).toEqual(['3']);
    expect(await ids('order_id=501')).toEqual(['1']);
    expect(await ids('source=nobody')).toEqual([]);
    expect(await world.call('GET', '/events?source=bank')).toMatchObject({
      body: { items: [{ source: 'bank', status: 'applied', reason: 'payment_unlinked', order_id: null }] },
    });
  });

  test('show what was received, what was understood and the jobs that followed', async () => {
    const id = await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    const event = EventDetailSchema.parse((await world.call('GET', `/events/${id}`)).body);
    expect(event).toMatchObject({
      id: '1',
      source: 'shop',
      order_id: '501',
      status: 'applied',
      headers: { 'content-type': 'application/json' },
      payload: { order: { number: 'WEB-501' } },
      understood: { kind: 'facts', facts: [{ order: { number: 'WEB-501', total: '120.00', currency: 'EUR' } }] },
    });
    expect(event.jobs.map(({ kind, status }) => [kind, status])).toEqual([
      ['invoice', 'done'],
      ['payment', 'done'],
    ]);
  });

  test('keep the digits of a number that no float can hold, and the text of what is no JSON', async () => {
    const big = await world.deliver('shop', '{"id": 12345678901234567890, "amount": 1.10}');
    const answer = await get(`/events/${big}`);
    expect(await answer.text()).toContain('"payload":{"id":12345678901234567890,"amount":1.10}');
    const broken = await world.deliver('shop', 'a <b> body');
    expect(await world.call('GET', `/events/${broken}`)).toMatchObject({ body: { payload: 'a <b> body' } });
  });
});

describe('an order', () => {
  test('shows its client, payments, documents and timeline, every amount with its currency', async () => {
    await world.deliver('shop', { order: paidOrder({ transactions: ['pi_501'] }) });
    await world.deliver('bank', { payment: payment() });
    await world.drain();
    const { status, body } = await world.call('GET', '/orders/shop/501');
    expect(status).toBe(200);
    const view = OrderViewSchema.parse(body);
    expect(view).toMatchObject({
      order: { id: '501', source: 'shop', number: 'WEB-501', total: '120.00', currency: 'EUR', state: 'planned' },
      client: { id: 'c1', email: 'ada@buyer.example' },
      refunds: [],
    });
    expect(view.documents).toEqual([
      expect.objectContaining({
        key: 'oldshop/501/invoice/1',
        kind: 'invoice',
        provider: 'books',
        provider_id: '1',
        number: 'INV-1',
        total: '120.00',
        currency: 'EUR',
        status: 'paid',
        pdf_url: '/admin/api/documents/oldshop%2F501%2Finvoice%2F1/pdf',
      }),
    ]);
    expect(view.timeline.map(({ step }) => step)).toContain('deliver');
    expect((await world.call('GET', '/orders/oldshop/501')).body).toEqual(body);
  });

  test('gives its PDF as a download, also when its id needs escaping', async () => {
    const id = 'A/1%2F "x" é';
    await world.deliver('shop', { order: paidOrder({ id, orderKey: null, aliases: [] }) });
    await world.drain();
    const { body } = await world.call('GET', `/orders/shop/${encodeURIComponent(id)}`);
    const [document] = OrderViewSchema.parse(body).documents;
    const answer = await world.app.request(document?.pdf_url ?? '', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('%PDF-1.7 document 1');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="INV-1.pdf"',
      'x-content-type-options': 'nosniff',
    });
  });

  test('that nobody told of, and a document that nobody made, are not found', async () => {
    for (const path of ['/orders/shop/502', '/orders/nobody/501', '/documents/no%2Fsuch%2Fkey/pdf', '/replays/9']) {
      expect(await world.call('GET', path)).toMatchObject({ status: 404 });
    }
  });
});

test('payments that no order has claimed are listed, page by page', async () => {
  for (const n of [1, 2, 3]) {
    await world.deliver('bank', {
      payment: payment({ id: `pi_${n}`, links: [{ by: 'metadata.order_id', value: '9' }] }),
    });
  }
  await world.deliver('shop', { order: paidOrder({ transactions: ['pi_501'] }) });
  await world.deliver('bank', { payment: payment() });
  await world.drain();
  const first = PaymentListSchema.parse((await world.call('GET', '/payments?status=unlinked&limit=2')).body);
  const rest = PaymentListSchema.parse(
    (await world.call('GET', `/payments?status=unlinked&limit=2&cursor=${first.next_cursor}`)).body,
  );
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(['pi_3', 'pi_2', 'pi_1']);
  expect(rest.next_cursor).toBeNull();
  expect(first.items[0]).toMatchObject({ amount: '120.00', currency: 'EUR', status: 'unlinked', order_id: null });
  expect(await world.call('GET', '/payments?status=linked')).toMatchObject({
    body: { items: [{ id: 'pi_501', order_source: 'shop', order_id: '501' }] },
  });
});

test('jobs are listed with what a person needs to act on them', async () => {
  world.books.next = 'refused';
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  const { body } = await world.call('GET', '/jobs?status=held&provider=books&kind=invoice');
  const { items } = JobListSchema.parse(body);
  expect(items).toMatchObject([
    {
      id: '1',
      kind: 'invoice',
      key: 'oldshop/501/invoice/1',
      source: 'shop',
      order_id: '501',
      provider: 'books',
      status: 'held',
      phase: null,
      attempts: 2,
      next_attempt_at: null,
      reason: 'invoice_refused',
      amount: '120.00',
      currency: 'EUR',
      retriable: true,
    },
  ]);
  expect(await world.call('GET', '/jobs?status=held&kind=payment')).toMatchObject({
    body: { items: [{ reason: 'waits_for', retriable: false }] },
  });
});

test('what was asked wrongly is refused with the place and the reason', async () => {
  for (const path of [
    '/events?limit=201',
    '/events?limit=0',
    '/events?limit=1e9',
    '/events?limit=-1',
    '/events?status=gone',
    '/events?sort=body',
    '/jobs?kind=bill',
    '/payments?status=lost',
  ]) {
    const { status, body } = await world.call('GET', path);
    expect([status, body]).toMatchObject([400, { code: 'invalid_query', errors: [{ at: expect.any(String) }] }]);
  }
  for (const cursor of ['x', 'bm8', Buffer.from('{"a":1}').toString('base64url')]) {
    for (const list of ['events', 'jobs', 'payments']) {
      expect(await world.call('GET', `/${list}?cursor=${cursor}`)).toMatchObject({ status: 422 });
    }
  }
  for (const id of ['0', '-1', '1.5', 'x', '1e3', '99999999999999999999']) {
    expect(await world.call('GET', `/events/${id}`)).toMatchObject({ status: 404 });
  }
  expect(await world.call('POST', '/pause', { everything: true })).toMatchObject({ status: 400 });
  expect(await world.call('POST', '/pause', { source: 'nobody' })).toMatchObject({ status: 422 });
  expect(await world.call('POST', '/jobs/1/retry', { status: 'done' })).toMatchObject({ status: 400 });
});

test('a body must be JSON of a bearable size', async () => {
  const post = (body: string, type: string) =>
    world.app.request('/admin/api/pause', {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type },
      body,
    });
  expect((await post('{"source":', 'application/json')).status).toBe(400);
  expect((await post('source=shop', 'application/x-www-form-urlencoded')).status).toBe(415);
  expect((await post('{}', 'text/plain')).status).toBe(415);
  expect((await post(`"${'x'.repeat(70_000)}"`, 'application/json')).status).toBe(413);
  expect((await post('[]', 'application/json; charset=utf-8')).status).toBe(400);
  expect((await post('{"__proto__": {"source": "shop"}}', 'application/json')).status).toBe(200);
});

test('pausing is told, undone, and repeating it changes nothing', async () => {
  const paused = (body: object, path = '/pause') => world.call('POST', path, body);
  expect(await paused({ source: 'shop' })).toMatchObject({ status: 200, body: { paused: ['source:shop'] } });
  expect(await paused({ source: 'shop' })).toMatchObject({ body: { paused: ['source:shop'] } });
  expect(await paused({ provider: 'books' })).toMatchObject({ body: { paused: ['provider:books', 'source:shop'] } });
  expect(await paused({ source: 'shop' }, '/resume')).toMatchObject({ body: { paused: ['provider:books'] } });
  expect(await paused({})).toMatchObject({ body: { paused: ['all', 'provider:books'] } });
  const wakes = world.wakes();
  await paused({}, '/resume');
  expect(world.wakes()).toBe(wakes + 1);
});

test('the numbers add up and tell of each provider', async () => {
  await world.deliver('shop', { order: paidOrder() });
  await world.drain();
  await world.deliver('shop', 'not an order');
  await world.runtime.advance(90_000);
  const { body } = await world.call('GET', '/stats');
  expect(StatsSchema.parse(body)).toMatchObject({
    events: { received: 1, applied: 1, ignored: 0, failed: 0 },
    jobs: { pending: 0, running: 0, done: 2, skipped: 0, held: 0, dead: 0 },
    documents: { invoice: 1, credit_note: 0 },
    oldest_pending_seconds: 90,
    providers: [{ name: 'books', budget_left: null, breaker: 'closed', blocked_until: null }],
  });
});

test('a defect is told as one, without a word of its cause', async () => {
  await world.store.close();
  const answer = await get('/stats');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toMatch(/sqlite|database|\bat \w|\.ts/i);
  await world.restart();
});

test('the description lists every call with its checks', async () => {
  const { body } = await world.call('GET', '/openapi.json');
  const { paths, openapi } = body as { openapi: string; paths: Record<string, Record<string, unknown>> };
  expect(openapi).toBe('3.1.0');
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} /admin/api${path}`).sort());
  expect(described).toEqual(
    expect.arrayContaining(
      [
        'get /events',
        'get /events/{id}',
        'post /events/{id}/replay',
        'post /replay',
        'get /replays/{id}',
        'post /replays/{id}/cancel',
        'get /orders/{source}/{order_id}',
        'get /payments',
        'get /jobs',
        'post /jobs/{id}/retry',
        'post /jobs/{id}/resolve',
        'post /reconcile',
        'get /reconciliations',
        'get /reconciliations/{id}',
        'post /pause',
        'post /resume',
        'get /stats',
      ].map((call) => call.replace('/', '/admin/api/')),
    ),
  );
  expect(paths['/admin/api/jobs/{id}/resolve']).toMatchObject({
    post: {
      parameters: [{ name: 'id', in: 'path' }],
      requestBody: { content: { 'application/json': { schema: { anyOf: expect.any(Array) } } } },
    },
  });
});
