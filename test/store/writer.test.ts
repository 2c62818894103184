import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInbox } from '../../src/flow/2-inbox.ts';
import { systemRuntime } from '../../src/runtime.ts';
import { endEvent, type NewEvent, storeDeliveries } from '../../src/store/events.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { keptSetting } from '../../src/store/settings.ts';

let dir: string;
let file: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'store-'));
  file = path.join(dir, 'bridge.db');
  store = await openStore(file, 'serve');
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const delivery = (key: string, change: Partial<NewEvent> = {}): NewEvent => ({
  source: 'shop',
  topic: 'order.updated',
  delivery_key: key,
  delivery_id: null,
  shop: null,
  headers: '{}',
  body: new TextEncoder().encode(`{"key":"${key}"}`),
  ...change,
});
const events = () => store.read.selectFrom('event').selectAll().orderBy('id').execute();

describe('the queue before the writing connection', () => {
  it('a delivery that arrives while another unit rolls back is kept', async () => {
    const inbox = openInbox(store, systemRuntime, () => undefined);
    const failing = Array.from({ length: 20 }, (_, index) =>
      store.write(async (tx) => {
        await tx
          .insertInto('setting')
          .values({ name: `gone-${index}`, value: 'x' })
          .execute();
        await tx
          .insertInto('setting')
          .values({ name: `gone-${index}`, value: 'twice' })
          .execute();
      }),
    );
    const accepted = Array.from({ length: 20 }, (_, index) => inbox.accept(delivery(`d${index}`)));
    const ended = await Promise.allSettled(failing);
    expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
    expect(new Set((await Promise.all(accepted)).map(({ eventId }) => eventId)).size).toBe(20);
    expect(await events()).toHaveLength(20);
    expect(await store.read.selectFrom('setting').selectAll().execute()).toEqual([]);
  });
  it('a unit that fails takes back its own statements only, though it shares a commit', async () => {
    const put = (name: string) => store.write((tx) => tx.insertInto('setting').values({ name, value: '' }).execute());
    const results = await Promise.allSettled([
      put('a'),
      store.write(async (tx) => {
        await tx.insertInto('setting').values({ name: 'b', value: '' }).execute();
        throw new Error('no');
      }),
      put('c'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(
      (await store.read.selectFrom('setting').select('name').orderBy('name').execute()).map(({ name }) => name),
    ).toEqual(['a', 'c']);
  });
  it('what was written is readable at once, and a closed store refuses', async () => {
    expect(await keptSetting(store, 'token', () => 'first')).toBe('first');
    expect(await keptSetting(store, 'token', () => 'second')).toBe('first');
    const other = await openStore(path.join(dir, 'other.db'), 'serve');
    await other.close();
    await expect(other.write(async () => 1)).rejects.toThrow('closed');
  });
});

describe('the inbox', () => {
  it('a redelivered webhook is stored once, however many arrive together', async () => {
    const inbox = openInbox(store, systemRuntime, () => undefined);
    const accepted = await Promise.all(Array.from({ length: 100 }, () => inbox.accept(delivery('same'))));
    expect(new Set(accepted.map(({ eventId }) => eventId)).size).toBe(1);
    expect(accepted.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });
  it('one key of two sources is two deliveries', async () => {
    const [a, b] = await store.write((tx) =>
      storeDeliveries(tx, [delivery('k'), delivery('k', { source: 'boutique' })], new Date(0)),
    );
    expect(a?.eventId).not.toBe(b?.eventId);
  });
  it('keys whose hashes collide are told apart by the whole key', async () => {
    const [first] = await store.write((tx) => storeDeliveries(tx, [delivery('one')], new Date(0)));
    const { hash } = await store.read.selectFrom('event_key').select('hash').executeTakeFirstOrThrow();
    // The second key is made to hash where the first already stands.
    await store.write((tx) =>
      tx
        .updateTable('event')
        .set({ delivery_key: 'another' })
        .where('id', '=', first?.eventId ?? 0)
        .execute(),
    );
    const [second] = await store.write((tx) => storeDeliveries(tx, [delivery('one')], new Date(0)));
    expect(second).toMatchObject({ duplicate: false });
    const hashes = await store.read.selectFrom('event_key').select('hash').orderBy('hash').execute();
    expect(hashes.map((row) => row.hash)).toEqual([hash, hash + 1]);
  });
  it('a redelivery of a failed event makes it run again', async () => {
    const [stored] = await store.write((tx) => storeDeliveries(tx, [delivery('f')], new Date(0)));
    const id = stored?.eventId ?? 0;
    await store.write((tx) =>
      endEvent(tx, id, { status: 'failed', reason: 'malformed_json', detail: '', orderId: null }),
    );
    const inbox = openInbox(store, systemRuntime, () => undefined);
    expect(await inbox.accept(delivery('f'))).toEqual({ eventId: id, duplicate: true });
    expect((await events())[0]).toMatchObject({ status: 'received', reason: null });
  });
  it('bytes come back as they came in', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    await store.write((tx) => storeDeliveries(tx, [delivery('bytes', { body })], new Date(0)));
    const [row] = await events();
    expect(Buffer.compare(row?.body ?? new Uint8Array(), body)).toBe(0);
  });
});

describe('the database', () => {
  it('syncs every commit and writes ahead', async () => {
    const read = async (name: string) =>
      (await store.write((tx) => sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(tx))).rows[0];
    expect(await read('synchronous')).toEqual({ synchronous: 2 });
    expect(await read('journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(await read('foreign_keys')).toEqual({ foreign_keys: 1 });
  });
  it('a second bridge on the same file is refused, a visiting command is not', async () => {
    await expect(openStore(file, 'serve')).rejects.toThrow('another invoice-bridge is running');
    const visit = await openStore(file, 'visit');
    await visit.close();
  });
  it('opens again with what it held, and applies no migration twice', async () => {
    await keptSetting(store, 'kept', () => 'here');
    await store.close();
    store = await openStore(file, 'serve');
    expect(await keptSetting(store, 'kept', () => 'new')).toBe('here');
  });
  it('a database of a newer version is refused with what to do', async () => {
    await store.write((tx) => sql`insert into migration (name, applied_at) values ('9999-future', '')`.execute(tx));
    await store.close();
    await expect(openStore(file, 'serve')).rejects.toThrow('use the newer version');
    store = await openStore(path.join(dir, 'fresh.db'), 'serve');
  });
  it('a file that is no database is refused, and the lock is given back', async () => {
    const { writeFileSync } = await import('node:fs');
    const strange = path.join(dir, 'strange.db');
    writeFileSync(strange, 'this is not a database, but it is long enough to be looked at as one'.repeat(20));
    await expect(openStore(strange, 'serve')).rejects.toThrow();
    rmSync(strange);
    await (await openStore(strange, 'serve')).close();
  });
});
