// One leg of the receiving bench, in a process of its own: HTTP and HMAC alone, or the same with the inbox behind it.
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { digestMatches, hmacSha256 } from '../src/domain/signature.ts';
import { type Inbox, openInbox } from '../src/flow/2-inbox.ts';
import { systemRuntime } from '../src/runtime.ts';
import { sqliteTypes } from '../src/store/dialects/column-types.ts';
import { kyselyOver } from '../src/store/dialects/sqlite.ts';
import { engineHere } from '../src/store/dialects/sqlite-engine.ts';
import { engineOnThread } from '../src/store/dialects/sqlite-thread.ts';
import { migrate } from '../src/store/migrate.ts';
import { writerOver } from '../src/store/writer.ts';

export const SECRET = 'secret-of-the-bench';

/** `none`: nothing is stored. `here`: the writer is on the thread that serves. `thread`: it has its own. */
export type Leg = 'none' | 'here' | 'thread';

async function inboxOf(leg: Leg): Promise<Inbox | null> {
  if (leg === 'none') return null;
  const options = {
    path: path.join(mkdtempSync(path.join(process.env.BENCH_DIR ?? tmpdir(), 'bench-')), 'bridge.db'),
    readonly: false,
  };
  const db = kyselyOver(leg === 'here' ? engineHere(options) : await engineOnThread(options));
  const writer = writerOver(db);
  await migrate(writer, sqliteTypes);
  const store = { write: writer.write, read: db, close: () => writer.close() };
  return openInbox(store, systemRuntime, () => undefined);
}

if (process.send !== undefined) {
  const inbox = await inboxOf(process.argv[2] as Leg);
  const app = new Hono();
  app.post('/', async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer());
    if (!digestMatches(hmacSha256(SECRET, body), c.req.header('x-signature') ?? '', 'base64')) return c.text('', 401);
    if (inbox === null) return c.json({ event_id: '1', duplicate: false });
    const key = createHash('sha256').update(body).digest('hex');
    const stored = await inbox.accept({
      source: 'shop',
      topic: 'order.updated',
      delivery_key: key,
      delivery_id: null,
      shop: null,
      headers: '{}',
      body,
    });
    return c.json({ event_id: String(stored.eventId), duplicate: stored.duplicate });
  });
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send?.(port));
}
