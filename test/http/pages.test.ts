import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JOB_STATUSES } from '../../src/domain/states.ts';
import { paidOrder, payment } from '../support/orders.ts';
import { openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const ORIGIN = 'https://bridge.test';
const HOST = { host: 'bridge.test', origin: ORIGIN };
const FORM = { ...HOST, 'content-type': 'application/x-www-form-urlencoded' };

const signIn = (token: string, headers: Record<string, string> = FORM) =>
  world.app.request('/admin/sign-in', { method: 'POST', headers, body: new URLSearchParams({ token }).toString() });

/** A person who has signed in. */
async function person() {
  const answer = await signIn(TOKEN);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin']);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = async (path: string) => {
    const page = await world.app.request(path, { headers: { ...HOST, cookie } });
    return { status: page.status, headers: page.headers, html: await page.text() };
  };
  const csrf = async (): Promise<string> => /name="_csrf" value="([^"]+)"/.exec((await get('/admin')).html)?.[1] ?? '';
  const post = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams(fields).toString();
    const page = await world.app.request(path, { method: 'POST', headers: { ...FORM, cookie, ...headers }, body });
    return { status: page.status, location: page.headers.get('location'), html: await page.text() };
  };
  const send = async (path: string, fields: Record<string, string> = {}) =>
    post(path, { _csrf: await csrf(), ...fields });
  return { cookie, get, post, send, csrf };
}

describe('signing in', () => {
  test('gives a cookie that no script sees and no other site sends', async () => {
    const cookie = (await signIn(TOKEN)).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^bridge_session=[\w-]{43}; Path=\/admin; HttpOnly; SameSite=Strict$/);
    const secure = await world.app.request('https://bridge.test/admin/sign-in', {
      method: 'POST',
      headers: FORM,
      body: new URLSearchParams({ token: TOKEN }).toString(),
    });
    expect(secure.headers.get('set-cookie')).toContain('Secure');
  });

  test('keeps the cookie to https where a proxy says that it serves https', async () => {
    expect((await signIn(TOKEN)).headers.get('set-cookie')).not.toContain('Secure');
    const headers = { ...FORM, 'x-forwarded-proto': 'https' };
    expect((await signIn(TOKEN, headers)).headers.get('set-cookie')).toContain('Secure');
  });

  test('needs the token and nothing less', async () => {
    for (const token of ['', 'x', TOKEN.slice(1), `${TOKEN}x`]) expect((await signIn(token)).status).toBe(401);
    for (const path of [
      '/admin/jobs',
      '/admin/events/1',
      '/admin/orders/shop/501',
      '/admin/documents/x/pdf',
      '/admin/none',
    ]) {
      const answer = await world.app.request(path, { headers: { cookie: `bridge_session=${TOKEN}` } });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin']);
    }
    const page = await world.app.request(`/admin?token=${TOKEN}`);
    expect(await page.text()).toContain('action="/admin/sign-in"');
  });

  test('lets few of a thousand guesses be tried, and the right token in a minute later', async () => {
    const guesses = await Promise.all(Array.from({ length: 1000 }, (_, n) => signIn(`guess ${n}`)));
    const tried = guesses.filter(({ status }) => status === 401);
    expect(tried.length).toBeLessThanOrEqual(20);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(1000 - tried.length);
    const waiting = await signIn(TOKEN);
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([429, '60']);
    await world.runtime.advance(60_000);
    expect((await signIn(TOKEN)).status).toBe(303);
  });

  test('ends after half an hour without a visit, after twelve hours anyway, and at once on signing out', async () => {
    const isIn = async ({ get }: Awaited<ReturnType<typeof person>>) => (await get('/admin/jobs')).status === 200;
    const idle = await person();
    await world.runtime.advance(29 * 60_000);
    expect(await isIn(idle)).toBe(true);
    await world.runtime.advance(31 * 60_000);
    expect(await isIn(idle)).toBe(false);

    const busy = await person();
    for (let quarter = 0; quarter < 47; quarter++) {
      await world.runtime.advance(15 * 60_000);
      expect(await isIn(busy)).toBe(true);
    }
    await world.runtime.advance(16 * 60_000);
    expect(await isIn(busy)).toBe(false);

    const leaving = await person();
    expect((await leaving.send('/admin/sign-out')).status).toBe(303);
    expect(await isIn(leaving)).toBe(false);
  });

  test('gives everybody a session of their own, never one that was brought along', async () => {
    const brought = await signIn(TOKEN, { ...FORM, cookie: 'bridge_session=chosen-by-somebody-else' });
    expect(brought.headers.get('set-cookie')).not.toContain('chosen');
    const [first, second] = [await person(), await person()];
    expect(first.cookie).not.toBe(second.cookie);
    expect((await first.post('/admin/pause', { _csrf: await second.csrf() })).status).toBe(403);
  });
});

describe('a form', () => {
  test('is taken only with its session’s secret, from our own page, as a form', async () => {
    const { post, csrf } = await person();
    const _csrf = await csrf();
    const before = world.dump();
    const refused: [Record<string, string>, Record<string, string>][] = [
      [{}, {}],
      [{ _csrf: '' }, {}],
      [{ _csrf: `${_csrf}x` }, {}],
      [{ _csrf }, { origin: 'https://evil.example' }],
      [{ _csrf }, { origin: 'null' }],
      [{ _csrf }, { origin: '' }],
      [{ _csrf }, { origin: `${ORIGIN}.evil.example` }],
      [{ _csrf }, { 'content-type': 'text/plain' }],
      [{ _csrf }, { 'content-type': 'application/json' }],
      [{ _csrf }, { 'content-type': '' }],
    ];
    for (const [fields, headers] of refused) {
      expect((await post('/admin/pause', fields, headers)).status, JSON.stringify(headers)).toBe(403);
    }
    expect((await signIn(TOKEN, { ...FORM, origin: 'https://evil.example' })).status).toBe(403);
    expect(world.dump()).toBe(before);
    expect(await post('/admin/pause', { _csrf })).toMatchObject({ status: 303, location: '/admin' });
  });

  test('from behind a proxy that renames the host is taken on the browser’s word', async () => {
    const { post, csrf } = await person();
    const headers = { host: 'inner:8080', 'sec-fetch-site': 'same-origin' };
    expect((await post('/admin/pause', { _csrf: await csrf() }, headers)).status).toBe(303);
  });
});

describe('a signed-in person', () => {
  test('sees what waits and why, answers it, and sees it done', async () => {
    await world.close();
    world = await openWorld({ invoicing: { approve: true } });
    await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    const { get, send } = await person();
    expect((await get('/admin')).html).toContain('Held: approval');
    expect((await get('/admin/jobs?status=held')).html).toContain('href="/admin/jobs/1"');
    const job = await get('/admin/jobs/1');
    expect(job.html).toContain('name="answer" value="approve"');
    expect(job.html).toContain('name="answer" value="skip"');
    expect(job.html).not.toContain('value="client_id"');
    expect(await send('/admin/jobs/1/resolve', { answer: 'approve' })).toMatchObject({ status: 303 });
    await world.drain();
    expect((await get('/admin/jobs/1')).html).not.toContain('What may be done');
    const order = await get('/admin/orders/shop/501');
    expect(order.html).toContain('INV-1');
    expect(order.html).toContain('a person approved this');
    const again = await send('/admin/jobs/1/resolve', { answer: 'skip', skip: 'no' });
    expect(again.status).toBe(409);
    expect(again.html).toContain('there is nothing to answer');
  });

  test('chooses among candidates', async () => {
    const client = { kind: null, email: 'ada@buyer.example', taxNumber: null, externalId: null, empty: [] };
    world.books.clients.push({ ...client, id: 'c1', name: 'Ada One' }, { ...client, id: 'c2', name: 'Ada Two' });
    await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    const { get, send } = await person();
    const { html } = await get('/admin/jobs/1');
    expect(html).toContain('Client c2: Ada Two');
    expect(html).toContain('name="client_id" value="c2"');
    await send('/admin/jobs/1/resolve', { answer: 'client_id', client_id: 'c2' });
    await world.drain();
    expect(world.books.documents).toMatchObject([{ clientId: 'c2' }]);
  });

  test('runs a delivery again, tries a job again, pauses and resumes', async () => {
    world.books.next = 'refused';
    const event = await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    const { get, send } = await person();
    expect(await send(`/admin/events/${event}/replay`)).toMatchObject({ location: `/admin/events/${event}` });
    expect((await get(`/admin/events/${event}`)).html).toContain('>received<');
    expect(await send('/admin/jobs/1/retry')).toMatchObject({ location: '/admin/jobs/1' });
    await world.drain();
    expect(await world.job('501/invoice/1')).toMatchObject({ status: 'done' });
    await send('/admin/pause', { provider: 'books' });
    expect((await get('/admin')).html).toContain('action="/admin/resume"');
    await send('/admin/resume', { provider: 'books' });
    expect((await get('/admin')).html).not.toContain('action="/admin/resume"');
  });

  test('opens a document under the session', async () => {
    await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    const { get } = await person();
    const href = /href="(\/admin\/documents\/[^"]+)"/.exec((await get('/admin/orders/shop/501')).html)?.[1] ?? '';
    const pdf = await get(href);
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect((await world.app.request(href)).status).toBe(303);
  });

  test('finds a page for every list and every filter, and is told of what is not there', async () => {
    await world.deliver('bank', { payment: payment() });
    await world.drain();
    const { get } = await person();
    for (const path of [
      '/admin',
      '/admin/jobs',
      '/admin/events',
      '/admin/payments',
      '/admin/payments?status=unlinked',
      '/admin/reconciliations',
    ]) {
      expect((await get(path)).status).toBe(200);
    }
    for (const status of JOB_STATUSES) expect((await get(`/admin/jobs?status=${status}`)).status).toBe(200);
    for (const path of [
      '/admin/jobs/99',
      '/admin/jobs/x',
      '/admin/events/99',
      '/admin/orders/shop/9',
      '/admin/reconciliations/9',
      '/admin/none',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

test('no page may be framed, cached, sniffed or scripted, and forms lead only here', async () => {
  const { get } = await person();
  for (const path of ['/admin', '/admin/jobs', '/admin/jobs/99', '/admin/style.css']) {
    const { headers } = await get(path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

describe('text from outside', () => {
  const EVIL = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    '</pre><script>alert(1)</script>',
    '<svg/onload=alert(1)>',
    '{{7*7}}${7*7}',
    'javascript:alert(1)',
  ].join(' ');

  test('stays text on every page, in every place', async () => {
    const id = 'x"><script>alert(2)</script>';
    const base = paidOrder();
    const order = paidOrder({
      id,
      number: EVIL.slice(0, 100),
      status: EVIL.slice(0, 100),
      paymentMethod: EVIL,
      tags: [EVIL],
      lines: base.lines.map((line) => ({ ...line, name: EVIL, sku: EVIL })),
      buyer: { ...base.buyer, name: EVIL, email: null, taxNumber: '<script>alert(3)</script>' },
      refunds: [{ id: EVIL, amount: 100n, at: null, reason: EVIL, lines: null, transactionId: null }],
      doubt: { code: '<script>alert(4)</script>', detail: EVIL },
    });
    await world.deliver('shop', { order }, EVIL);
    await world.deliver('shop', EVIL, EVIL);
    await world.deliver('bank', {
      payment: payment({ id: EVIL.slice(0, 150), method: '<script>', links: [{ by: EVIL, value: EVIL }] }),
    });
    await world.drain();
    const { get } = await person();
    const paths = ['/admin', '/admin/jobs', '/admin/events', '/admin/payments'];
    for (const job of await world.jobs()) paths.push(`/admin/jobs/${job.id}`);
    for (const event of [1, 2, 3]) paths.push(`/admin/events/${event}`);
    paths.push(`/admin/orders/shop/${encodeURIComponent(id)}`, `/admin/jobs?status=${encodeURIComponent(EVIL)}`);
    for (const path of paths) {
      const { status, html } = await get(path);
      expect(status, path).toBe(200);
      expect(elementsOf(html), path).toEqual([]);
    }
  });

  /** Elements and attributes that our own pages never have: any of them came from data. */
  const elementsOf = (html: string): string[] =>
    [...html.matchAll(/<(\/?)([a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*(>?)/gi)].flatMap(
      ([tag, , name = '', attributes = '', end]) => {
        const foreign = ['script', 'img', 'svg', 'iframe', 'object', 'style'].includes(name.toLowerCase());
        const handler = /\son\w+=|\sstyle=|href="\s*javascript:/i.test(attributes);
        return foreign || handler || end !== '>' ? [tag] : [];
      },
    );

  test('never becomes a link that runs', async () => {
    await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    await world.store.write(async (tx) => {
      await tx.updateTable('document').set({ public_url: 'javascript:alert(1)' }).execute();
    });
    const { get } = await person();
    expect((await get('/admin/orders/shop/501')).html).not.toContain('javascript:');
  });
});
