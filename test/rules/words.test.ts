// The database and the domain use the same words for where a thing stands.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JOB_KINDS } from '../../src/domain/document.ts';
import {
  EVENT_STATUSES,
  JOB_PHASES,
  JOB_STATUSES,
  RECONCILIATION_STATUSES,
  SALE_STATES,
} from '../../src/domain/states.ts';
import { openStore } from '../../src/store/open.ts';

const WORDS = {
  'event.status': EVENT_STATUSES,
  'job.kind': JOB_KINDS,
  'job.phase': JOB_PHASES,
  'job.status': JOB_STATUSES,
  'reconciliation.status': RECONCILIATION_STATUSES,
  'sale.state': SALE_STATES,
};

const folder = mkdtempSync(join(tmpdir(), 'words-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The words that each column's CHECK admits, by `table.column`, read from a freshly migrated database. */
let checked: Map<string, string[]>;

beforeAll(async () => {
  const store = await openStore(join(folder, 'bridge.db'), 'visit');
  const { rows } = await sql<{ name: string; sql: string }>`
    select name, sql from sqlite_master where type = 'table' and sql is not null`.execute(store.read);
  await store.close();
  checked = new Map(
    rows.flatMap(({ name, sql: text }) =>
      [...text.matchAll(/check \("(\w+)" in \(([^)]*)\)\)/gi)].map(([, column, words = '']) => [
        `${name}.${column}`,
        [...words.matchAll(/'(\w+)'/g)].map(([, word = '']) => word),
      ]),
    ),
  );
});

for (const [column, words] of Object.entries(WORDS)) {
  test(`the database admits exactly the domain's words in ${column}`, () => {
    expect(new Set(checked.get(column))).toEqual(new Set(words));
  });
}
