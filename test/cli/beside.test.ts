// The commands that work beside a bridge which is running on the same database.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, type Running, run, START, start, temporaryFolder } from './program.ts';

const folder = temporaryFolder();
const PATIENCE_MS = 60_000;
let bridge: Running;

beforeAll(async () => {
  bridge = start(['serve'], { cwd: folder.path });
  await bridge.until(/^Token: /m);
}, PATIENCE_MS);

afterAll(async () => {
  bridge.signal('SIGKILL');
  await bridge.ended;
  folder.remove();
});

const call = (...args: string[]) => run(args, { cwd: folder.path });
const json = async (...args: string[]) => JSON.parse((await call(...args, '--json')).stdout);

test('events are listed newest first, in pages, narrowed by what is asked for', async () => {
  const first = await json('events', '--limit', '3');
  expect(first.items.map(({ id }: { id: string }) => id)).toEqual(['4', '3', '2']);
  const rest = await json('events', '--limit', '3', '--cursor', first.next_cursor);
  expect(rest).toMatchObject({ items: [{ id: '1', status: 'applied' }], next_cursor: null });
  expect((await json('events', '--source', 'shop', '--topic', 'order.created')).items).toHaveLength(1);
  expect((await json('events', '--order', '1042', '--status', 'failed')).items).toEqual([]);
});

test('an event shows what was understood and the jobs it led to', async () => {
  const { stdout } = await call('events', '2');
  expect(stdout).toMatch(/^Understood +order #2001 of 54\.60 EUR/m);
  expect(stdout).toMatch(/^\d+ +invoice +boutique +#2001 +54\.60 EUR +playground +done$/m);
});

test('a job that is done cannot be answered, and says so', async () => {
  const { code, stderr } = await call('jobs', 'resolve', '1', '--approve');
  expect(code).toBe(1);
  expect(stderr).toContain('job 1 is done');
});

test('what is not there is told with the way to what is', async () => {
  const { code, stderr } = await call('events', '99');
  expect(code).toBe(1);
  expect(stderr).toBe('there is no event 99\nTry: invoice-bridge events lists what there is\n');
});

test('one delivery runs again, and makes no second invoice', async () => {
  expect(await json('replay', '1')).toEqual({ event_id: '1', count: 1, done: 1 });
  expect((await json('jobs', '--kind', 'invoice')).items).toHaveLength(3);
});

test('many deliveries run again, and make no second invoice', { timeout: PATIENCE_MS }, async () => {
  expect(await json('replay', '--source', 'shop')).toMatchObject({ count: 2, done: 2 });
  expect((await json('jobs', '--kind', 'invoice')).items).toHaveLength(3);
});

test('a dry run tells that nothing new would be issued', async () => {
  expect(await json('replay', '--source', 'shop', '--dry-run')).toMatchObject({ events: 2, would_issue: [] });
});

test('a check of what runs lists what a first run would issue, and says what it cannot know', async () => {
  const { code, stdout } = await call('check', '--first-run');
  expect(code).toBe(0);
  expect(stdout).toContain('No shop was asked: orders that no delivery told are not known to this answer.');
  expect(stdout).toMatch(/^Source boutique:\n {2}No shop was asked: .+\n {2}Deliveries looked at: 1\./m);
});

test('a reader who leaves before the end is no error', async () => {
  const { code, stderr } = await follow(
    'bash',
    ['-c', 'set -o pipefail; "$0" "$1" events --json | true', process.execPath, START],
    { cwd: folder.path },
  ).ended;
  expect([code, stderr]).toEqual([0, '']);
});
