// `reconcile`, and what `check` tells of a shop, against a simulated WooCommerce shop.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reportLines } from '../../src/cli/reconcile-report.ts';
import type { Report } from '../../src/operations/reconcile.ts';
import { type WooShop, wooShop } from '../simulators/woocommerce.ts';
import { folderOfThisTest, run, start } from './program.ts';

const PATIENCE = { timeout: 60_000 };
const HOUR = 3_600_000;

/** A shop that can be asked and one that cannot, invoiced by a sandbox. `places` opens the shop's books. */
async function setUp(
  places: (shop: WooShop) => void,
): Promise<{ cwd: string; shop: WooShop; key(secret: string): void }> {
  const began = Date.now();
  let at = began - 2 * HOUR;
  const shop = await wooShop({ secret: 'a-secret-of-some-length', now: () => new Date(at) });
  onTestFinished(() => shop.close());
  places(shop);
  at = began;
  const cwd = folderOfThisTest();
  const key = (secret: string): void =>
    writeFileSync(
      join(cwd, 'bridge.yaml'),
      `
database: sqlite:./bridge.db
server: { port: 0 }
providers:
  playground: { type: sandbox }
sources:
  shop:
    type: woocommerce
    secret: a-secret-of-some-length
    provider: playground
    start_at: all
    api: { url: "${shop.url}", consumer_key: "${shop.consumerKey}", consumer_secret: "${secret}" }
  other: { type: woocommerce, secret: another-secret-of-some-length, provider: playground, start_at: all }
`,
    );
  key(shop.consumerSecret);
  return { cwd, shop, key };
}

test('what no delivery told is taken in once, and told with what to do', PATIENCE, async () => {
  const { cwd } = await setUp((shop) => {
    shop.pay(shop.place({ lines: [{ price: '24.00' }] }));
    shop.place({ lines: [{ price: '10.00' }] });
  });
  await run(['check'], { cwd });
  const first = await run(['reconcile', '--since', '48h'], { cwd });
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^SOURCE +LIST +STATUS +PAGES +FOUND +NOT KNOWN HERE\nshop +orders +done +1 +2 +2\n/);
  expect(first.stdout).toContain('doubt  not asked, for want of access to their API: other\n');
  expect(first.stdout).toContain('Differences: 1.\n\norder_without_invoice  shop, order ');
  expect(first.stdout).toContain(': expected 24.00 EUR, found nothing\n');
  const again = await run(['reconcile', '--json', '--no-providers'], { cwd });
  expect(JSON.parse(again.stdout)).toMatchObject({
    sources: [{ source: 'shop', problem: null }],
    not_asked: ['other'],
    sales: 2,
    differences: [{ kind: 'order_without_invoice', source: 'shop', expected: { amount: '24.00', currency: 'EUR' } }],
  });
});

test('beside a running bridge it leads to the invoice at once, and then nothing differs', PATIENCE, async () => {
  const { cwd, shop } = await setUp(() => undefined);
  const bridge = start(['serve', '--json'], { cwd });
  await bridge.until(/"sweep\.done"/);
  shop.pay(shop.place({ lines: [{ price: '24.00' }] }));
  expect((await run(['reconcile', '--source', 'shop'], { cwd })).code).toBe(0);
  await bridge.until(/"job\.done"/);
  const { stdout, code } = await run(['reconcile', '--source', 'shop', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ sales: 1, providers: [{ read: 1, problem: null }], differences: [] });
  expect(code).toBe(0);
  bridge.signal('SIGTERM');
  expect((await bridge.ended).code).toBe(0);
});

test('a shop that refuses the key ends it with 1 and its reason, and so it ends a check', PATIENCE, async () => {
  const { cwd, key } = await setUp(() => undefined);
  key('cs_of_somebody_else');
  const check = await run(['check', '--json'], { cwd });
  expect([check.code, JSON.parse(check.stdout).sources]).toMatchObject([
    1,
    [
      { name: 'shop', api: { ok: false, shop: null, problem: { code: 'credentials_refused' } } },
      { name: 'other', api: null },
    ],
  ]);
  const { code, stdout, stderr } = await run(['reconcile'], { cwd });
  expect([code, stdout]).toMatchObject([1, expect.stringContaining('failed')]);
  expect(stderr).toMatch(/^shop could not be read: orders: .+ \(credentials_refused\)\nTry: mend what is named above/);
});

test('what cannot be asked for is refused with what could be', PATIENCE, async () => {
  const { cwd } = await setUp(() => undefined);
  await run(['check'], { cwd });
  expect(await run(['reconcile', '--since', 'yesterday'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--since: “yesterday” is no date'),
  });
  expect(await run(['reconcile', '--source', 'other'], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Try: --source with one of shop,'),
  });
  expect((await run(['reconcile', 'shop'], { cwd })).code).toBe(2);
});

test('a first run lists what the shop itself tells, and keeps nothing of it', PATIENCE, async () => {
  const { cwd } = await setUp((shop) => {
    shop.pay(shop.place({ lines: [{ price: '24.00' }] }));
  });
  const { stdout, code } = await run(['check', '--first-run'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/ok {5}source {9}shop: its API answers for /);
  expect(stdout).toContain('Its API told of changes: 1, not known here before: 1.');
  expect(stdout).toMatch(/Would be issued:\n +invoice +shop \d+ +24\.00 EUR +at playground/);
  expect(stdout).toContain('No shop was asked: orders that no delivery told are not known to this answer.');
  expect(JSON.parse((await run(['events', '--json'], { cwd })).stdout)).toEqual({ items: [], next_cursor: null });
});

test('the report tells every difference with its figures, and cuts nothing of what to do', () => {
  const report: Report = {
    since: '2026-11-14T10:00:00.000Z',
    sources: [
      {
        source: 'shop',
        streams: [{ stream: 'orders', status: 'done', pages: 2, found: 120, missed: 1 }],
        problem: null,
      },
    ],
    not_asked: [],
    providers: [{ provider: 'books', read: 3, unread: 2, problem: { code: 'unreachable', detail: 'no connection' } }],
    sales: 5,
    differences: [
      {
        kind: 'amount_differs',
        source: 'shop',
        order_id: '7',
        order_number: '#7\u001b[31m',
        payment_id: null,
        provider: 'books',
        document: 'N-1',
        expected: { amount: '120.00', currency: 'EUR' },
        found: { amount: '110.00', currency: 'USD' },
        detail: 'both sides',
        help: 'compare them',
      },
      {
        kind: 'payment_without_order',
        source: 'stripe',
        order_id: null,
        order_number: null,
        payment_id: 'pi_9',
        provider: null,
        document: null,
        expected: null,
        found: { amount: '5.00', currency: 'EUR' },
        detail: 'names no order',
        help: 'find out',
      },
    ],
  };
  expect(reportLines(report, { styled: (_style, text) => text })).toEqual([
    'SOURCE  LIST    STATUS  PAGES  FOUND  NOT KNOWN HERE',
    'shop    orders  done    2      120    1',
    '2 documents could not be read at books: no connection (unreachable)',
    '',
    'Sales compared, since 2026-11-14 10:00 UTC: 5. Differences: 2.',
    '',
    'amount_differs  shop, order #7, document N-1 at books: expected 120.00 EUR, found 110.00 USD',
    '  both sides',
    '  compare them',
    '',
    'payment_without_order  stripe, payment pi_9: 5.00 EUR',
    '  names no order',
    '  find out',
  ]);
});
