// The first minutes of somebody who has just cloned the project: `npm start`, and nothing else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, type Running, run, start, temporaryFolder } from '../cli/program.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Several starts, on a machine that may be busy. */
const PATIENCE_MS = 60_000;
const TOKEN_LINE = /^Token: (\S+)$/m;
const LAST_LINE = /^Your own set-up:.*$/m;

/** Rows of the table, without what differs from start to start. */
const orders = (screen: string): string[] => screen.split('\n').filter((line) => /^(shop|boutique) #?\d+ /.test(line));

let first: Running;
let screen = '';
let url = '';
let token = '';

beforeAll(async () => {
  first = start(['serve'], { cwd: folder.path });
  await first.until(LAST_LINE);
  screen = first.stdout();
  url = /^Admin page: (http:\S+)\/admin$/m.exec(screen)?.[1] ?? '';
  token = TOKEN_LINE.exec(screen)?.[1] ?? '';
}, PATIENCE_MS);

afterAll(async () => {
  first.signal('SIGKILL');
  await first.ended;
});

const api = (path: string, bearer = token): Promise<Response> =>
  fetch(`${url}/admin/api${path}`, { headers: { authorization: `Bearer ${bearer}` } });

describe('the first start', () => {
  test('shows what became of three orders, with their clients, invoice numbers, totals and payments', () => {
    expect(orders(screen)).toEqual([
      expect.stringMatching(/^shop 1041 .*created: none matched.* SB-\d{4}-0001 +394\.01 EUR +394\.01$/),
      expect.stringMatching(/^boutique #2001 .*created: none matched.* SB-\d{4}-0002 +54\.60 EUR +54\.60$/),
      expect.stringMatching(/^shop 1042 .*matched by external_id.* SB-\d{4}-0003 +45\.60 EUR +45\.60$/),
    ]);
  });

  test('shows that a delivery which came twice is stored once, and that a wrong signature is refused', () => {
    expect(screen).toMatch(/^WooCommerce sends the same delivery again: 200, stored once$/m);
    expect(screen).toMatch(/^Somebody signs with a wrong secret: 401, nothing is stored$/m);
  });

  test('leads to a PDF of each invoice, which is there for those who have the token', async () => {
    const links = [...screen.matchAll(/PDF: (\S+)/g)].map(([, link = '']) => link);
    expect(links).toHaveLength(3);
    for (const link of links) {
      const answer = await api(new URL(link).pathname.replace('/admin', ''));
      expect(await answer.text()).toMatch(/^%PDF-/);
    }
  });

  test('gives a token that opens the admin API, which is closed without it', async () => {
    expect((await api('/stats')).status).toBe(200);
    expect((await api('/stats', 'another-token')).status).toBe(401);
    expect((await fetch(`${url}/admin`)).status).toBe(200);
  });

  test('goes on serving on the loopback interface alone', async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test('writes sentences of at most 100 characters, and no log between them', () => {
    expect(screen.split('\n').filter((line) => line.length > 100 || line.startsWith('{'))).toEqual([]);
  });
});

describe('a second start in the same folder', () => {
  let ended: Ended;
  let again: Running;

  beforeAll(async () => {
    first.signal('SIGTERM');
    ended = await first.ended;
    again = start(['serve'], { cwd: folder.path });
    await again.until(LAST_LINE);
  }, PATIENCE_MS);

  test('is possible because SIGTERM ended the first with exit code 0', () => {
    expect(ended.code).toBe(0);
    expect(ended.stderr).toBe('');
  });

  test('shows the same invoices and the same token', () => {
    expect(orders(again.stdout())).toEqual(orders(screen));
    expect(TOKEN_LINE.exec(again.stdout())?.[1]).toBe(token);
  });

  test('comes to the same after a kill, and makes no other invoice', { timeout: PATIENCE_MS }, async () => {
    again.signal('SIGKILL');
    await again.ended;
    const third = start(['serve'], { cwd: folder.path });
    await third.until(LAST_LINE);
    expect(orders(third.stdout())).toEqual(orders(screen));
    const invoices = await run(['jobs', '--kind', 'invoice', '--json'], { cwd: folder.path });
    expect(JSON.parse(invoices.stdout).items).toHaveLength(3);
    third.signal('SIGINT');
    expect((await third.ended).code).toBe(0);
  });
});
