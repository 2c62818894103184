// `sync-clients` against a simulated account whose API cannot search tax numbers.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type FacturationProSimulator, startFacturationPro } from '../simulators/facturation-pro.ts';
import { facturationProAccount } from '../support/provider-accounts.ts';
import { folderOfThisTest, run, start } from './program.ts';

const PATIENCE = { timeout: 60_000 };

/** A set-up with an account of many customers, and its folder. */
async function setUp(customers: number): Promise<{ cwd: string; simulator: FacturationProSimulator }> {
  const simulator = await startFacturationPro({
    now: () => new Date(),
    limit: { requests: 1_000_000, perMs: 1000 },
  });
  onTestFinished(() => simulator.close());
  for (let n = 1; n <= customers; n++) {
    simulator.books.customers.create({ company_name: `Client ${n}` });
  }
  const cwd = folderOfThisTest();
  writeFileSync(
    join(cwd, 'bridge.yaml'),
    `
database: sqlite:./bridge.db
server: { port: 0 }
providers:
  books: { ${facturationProAccount.settings(simulator)} }
  playground: { type: sandbox }
sources:
  shop: { type: woocommerce, secret: a-secret-of-some-length, provider: books }
  other: { type: woocommerce, secret: another-secret-of-some-length, provider: playground }
`,
  );
  return { cwd, simulator };
}

test('all clients are read, and a second time anew', PATIENCE, async () => {
  const { cwd, simulator } = await setUp(120);
  expect((await run(['sync-clients'], { cwd })).stderr).toContain('there is no database');
  await openedOnce(cwd);
  const { code, stdout, stderr } = await run(['sync-clients', '--provider', 'books'], { cwd });
  expect([code, stdout, stderr]).toEqual([0, 'books: 120 clients are listed\n', '']);
  simulator.books.customers.create({ company_name: 'One more' });
  const again = await run(['sync-clients', '--json'], { cwd });
  expect(JSON.parse(again.stdout)).toEqual({ providers: [{ provider: 'books', clients: 121 }] });
});

test(
  'a provider that searches its clients is refused with a word, and one that is not there too',
  PATIENCE,
  async () => {
    const { cwd } = await setUp(0);
    await openedOnce(cwd);
    const searched = await run(['sync-clients', '--provider', 'playground'], { cwd });
    expect([searched.code, searched.stdout]).toEqual([1, '']);
    expect(searched.stderr).toContain('playground (sandbox) searches its clients by every key: no list is kept');
    const unknown = await run(['sync-clients', '--provider', 'boks'], { cwd });
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      'there is no provider boks\nTry: --provider with one of books, playground\n',
    ]);
  },
);

test('cut short, it goes on where it was', PATIENCE, async () => {
  const { cwd, simulator } = await setUp(200);
  await openedOnce(cwd);
  simulator.failNext({ acts: 'never', sees: 'silence' }, ({ query }) => query.get('page') === '3');
  const cut = start(['sync-clients'], { cwd });
  await until(() => pagesRead(simulator).includes('3'));
  cut.signal('SIGINT');
  await cut.ended;
  const before = pagesRead(simulator).length;
  expect((await run(['sync-clients'], { cwd })).stdout).toBe('books: 200 clients are listed\n');
  expect(pagesRead(simulator).slice(before)).toEqual(['3', '4', '1']);
});

test('beside a running bridge it reads the same list, and both go on', PATIENCE, async () => {
  const { cwd } = await setUp(150);
  const bridge = start(['serve'], { cwd });
  await bridge.until(/"directory\.page"/);
  const { code, stdout } = await run(['sync-clients'], { cwd });
  expect([code, stdout]).toEqual([0, 'books: 150 clients are listed\n']);
  bridge.signal('SIGTERM');
  expect((await bridge.ended).code).toBe(0);
});

/** Pages of customers that were asked for, active ones first. */
const pagesRead = (simulator: FacturationProSimulator): string[] =>
  simulator
    .requests()
    .map(({ url }) => new URL(url, 'http://simulator'))
    .filter(({ pathname }) => pathname.endsWith('/customers.json'))
    .map(({ searchParams }) => searchParams.get('page') ?? '');

/** Looks at every turn of the event loop. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** A check makes the database, and reads no list. */
async function openedOnce(cwd: string): Promise<void> {
  await run(['check'], { cwd });
}
