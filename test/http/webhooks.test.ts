import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toJson } from '../../src/domain/json.ts';
import { type Listening, listen } from '../../src/http/server.ts';
import { literalHeaders } from '../support/literal-connectors.ts';
import { paidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const BODY = toJson({ order: paidOrder() });
const post = (path: string, body: string, headers: Record<string, string> = literalHeaders(body)) =>
  world.app.request(path, { method: 'POST', headers, body });
const stored = async (): Promise<number> => (await world.store.read.selectFrom('event').select('id').execute()).length;

/** What anybody may see of an answer. */
const seen = async (answer: Response | Promise<Response>) => {
  const response = await answer;
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
};

describe('a delivery', () => {
  test('is acknowledged with its event once it is stored, and a redelivery with the same event', async () => {
    const first = await seen(post('/webhooks/shop', BODY));
    expect([first.status, first.body]).toEqual([200, '{"event_id":"1","duplicate":false}']);
    const again = await seen(post('/webhooks/shop', BODY));
    expect([again.status, again.body]).toEqual([200, '{"event_id":"1","duplicate":true}']);
    expect(await stored()).toBe(1);
  });

  test('that is signed and cannot be understood is stored all the same', async () => {
    for (const body of ['', 'null', '[]', '1', '{', '{"order":']) {
      expect((await post('/webhooks/shop', body)).status).toBe(200);
    }
    await world.drain();
    expect(await world.call('GET', '/stats')).toMatchObject({ body: { events: { failed: 6 } } });
  });

  test('whose signature is wrong in any way gets one and the same answer', async () => {
    const right = literalHeaders(BODY)['x-literal-signature'] ?? '';
    const wrong = ['', right.slice(1), `${right}0`, right.toUpperCase(), 'zz', `${right.slice(0, -1)}x`, '\u00e9'];
    const answers = await Promise.all([
      ...wrong.map((signature) =>
        seen(post('/webhooks/shop', BODY, { ...literalHeaders(BODY), 'x-literal-signature': signature })),
      ),
      seen(post('/webhooks/shop', BODY, { 'content-type': 'application/json' })),
      seen(post('/webhooks/shop', `${BODY} `, literalHeaders(BODY))),
    ]);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.headers['content-type']).toBe('application/problem+json');
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await stored()).toBe(0);
  });

  test('of a content type that the source never sends, or packed, is refused as such', async () => {
    for (const change of [{ 'content-type': 'text/xml' }, { 'content-type': '' }, { 'content-encoding': 'gzip' }]) {
      expect((await post('/webhooks/shop', BODY, { ...literalHeaders(BODY), ...change })).status).toBe(415);
    }
    expect(await stored()).toBe(0);
  });

  test('that is a ping is answered and not stored', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post('/webhooks/shop', 'webhook_id=7', headers)).status).toBe(200);
    expect(await stored()).toBe(0);
  });

  test('that cannot be stored is to be sent again later', async () => {
    const broken = await openWorld();
    await broken.store.close();
    const answer = await broken.app.request('/webhooks/shop', {
      method: 'POST',
      headers: literalHeaders(BODY),
      body: BODY,
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
  });
});

test('nothing tells a source that is not there from a path that leads nowhere', async () => {
  const nowhere = await seen(post('/no/such/path', BODY));
  expect(nowhere.status).toBe(404);
  for (const path of [
    '/webhooks/nobody',
    '/webhooks/',
    '/webhooks',
    '/webhooks/shop/more',
    '/webhooks/oldshop',
    '/webhooks/SHOP',
  ]) {
    expect(await seen(post(path, BODY))).toEqual(nowhere);
  }
  for (const path of ['/webhooks/shop', '/webhooks/nobody']) {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect(await seen(world.app.request(path, { method }))).toEqual(nowhere);
    }
  }
});

test('no detour leads to the admin pages or past the signature', async () => {
  for (const path of [
    '/webhooks/../admin',
    '/webhooks/%2e%2e/admin',
    '/webhooks/..%2fadmin',
    '/webhooks/%252e',
    '//admin',
    '/admin%2fapi/stats',
  ]) {
    const answer = await world.app.request(path, {
      method: 'POST',
      body: BODY,
      headers: { 'content-type': 'application/json' },
    });
    expect([303, 401, 404]).toContain(answer.status);
    expect(await stored()).toBe(0);
  }
});

describe('over a real socket', () => {
  let listening: Listening;
  beforeEach(async () => {
    listening = await listen(world.app, { host: '127.0.0.1', port: 0 });
  });
  afterEach(() => listening.close(0));

  /** Writes bytes as they are and reads until the other side closes. */
  async function raw(head: string[], body = ''): Promise<string> {
    const { hostname, port } = new URL(listening.url);
    const socket = connect(Number(port), hostname);
    socket.write(`${[...head, 'Host: bridge.test', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
    return text(socket);
  }
  const POST = 'POST /webhooks/shop HTTP/1.1';
  const lines = (headers: Record<string, string>): string[] =>
    Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const signed = (body: string): string[] => lines(literalHeaders(body));
  const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n`;

  test('a delivery is taken whole, whether its length is announced or not', async () => {
    const plain = await raw([POST, ...signed(BODY), `Content-Length: ${Buffer.byteLength(BODY)}`], BODY);
    expect(plain).toMatch(/^HTTP\/1\.1 200 .*"event_id":"1","duplicate":false/s);
    const pieces = `${chunked(BODY.slice(0, 10))}${chunked(BODY.slice(10))}0\r\n\r\n`;
    const piecemeal = await raw([POST, ...signed(BODY), 'Transfer-Encoding: chunked'], pieces);
    expect(piecemeal).toMatch(/^HTTP\/1\.1 200 .*"duplicate":true/s);
  });

  test('a length over the limit is refused before a byte of the body is sent', async () => {
    const answer = await raw([POST, ...signed(''), 'Content-Length: 4097']);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a body of unknown length is refused at the first byte over the limit, though it never ends', async () => {
    const largest = 'x'.repeat(4096);
    const answer = await raw(
      [POST, ...signed(largest), 'Transfer-Encoding: chunked'],
      `${chunked(largest)}${chunked('x')}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    const just = await raw([POST, ...signed(largest), 'Transfer-Encoding: chunked'], `${chunked(largest)}0\r\n\r\n`);
    expect(just).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('a signature header that is sent twice is refused, right though both are', async () => {
    const [signature = ''] = signed(BODY).filter((line) => line.startsWith('x-literal-signature'));
    const answer = await raw([POST, ...signed(BODY), signature, `Content-Length: ${Buffer.byteLength(BODY)}`], BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('lengths that contradict each other, headers without end and a missing host are refused by the parser', async () => {
    expect(await raw([POST, 'Content-Length: 3', 'Transfer-Encoding: chunked'], 'abc')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw([POST, 'Content-Length: -1'])).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw([POST, `X-Long: ${'x'.repeat(20_000)}`])).toMatch(/^HTTP\/1\.1 431 /);
  });

  /** A socket on which a request of this length has begun, and the server waits for its body. */
  async function begun(length: number): Promise<Socket> {
    const { hostname, port } = new URL(listening.url);
    const socket = connect(Number(port), hostname);
    const head = [POST, ...signed(BODY), 'Host: bridge.test', 'Expect: 100-continue', `Content-Length: ${length}`];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 100 /);
    return socket;
  }

  test('a sender that goes away in the middle leaves nothing behind, and the next is served', async () => {
    const socket = await begun(1000);
    socket.write('{"order"');
    socket.destroy();
    const answer = await fetch(`${listening.url}/webhooks/shop`, {
      method: 'POST',
      headers: literalHeaders(BODY),
      body: BODY,
    });
    expect(answer.status).toBe(200);
    expect(await stored()).toBe(1);
  });

  test('a hundred deliveries at once are each stored once', async () => {
    const bodies = Array.from({ length: 100 }, (_, n) => toJson({ order: paidOrder({ id: String(n % 50) }) }));
    const answers = await Promise.all(
      bodies.map((body) =>
        fetch(`${listening.url}/webhooks/shop`, { method: 'POST', headers: literalHeaders(body), body }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await stored()).toBe(50);
  });

  test('closing lets a delivery in hand be stored and answered, and takes no new one', async () => {
    const socket = await begun(Buffer.byteLength(BODY));
    const answer = text(socket);
    const closed = listening.close(600_000);
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow();
    socket.write(BODY);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
    await closed;
    expect(await stored()).toBe(1);
  });
});
