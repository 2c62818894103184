// Applies the numbered migrations, forward only, each in one transaction with the row that records it.
import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './dialects/column-types.ts';
import * as foundation from './migrations/0001-foundation.ts';
import * as providers from './migrations/0002-providers.ts';
import * as sources from './migrations/0003-sources.ts';
import type { Tables } from './tables.ts';
import type { Writer } from './writer.ts';

type Migration = { name: string; up(db: Kysely<Tables>, types: ColumnTypes): Promise<void> };

const MIGRATIONS: readonly Migration[] = [
  { name: '0001-foundation', up: foundation.up },
  { name: '0002-providers', up: providers.up },
  { name: '0003-sources', up: sources.up },
];

/**
 * Brings the database to this program's schema and returns the names applied now. A kill half-way leaves the previous
 * schema. Throws when the database was made by a newer program.
 */
export async function migrate(writer: Writer, types: ColumnTypes): Promise<string[]> {
  return writer.write(async (tx) => {
    await sql`create table if not exists migration (name text primary key not null, applied_at text not null)`.execute(
      tx,
    );
    const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(tx);
    const known = new Set(MIGRATIONS.map(({ name }) => name));
    const foreign = rows.find(({ name }) => !known.has(name));
    if (foreign !== undefined) {
      throw new Error(
        `the database has migration ${foreign.name}, which this version does not know: use the newer version`,
      );
    }
    const applied = new Set(rows.map(({ name }) => name));
    const missing = MIGRATIONS.filter(({ name }) => !applied.has(name));
    for (const { name, up } of missing) {
      await up(tx, types);
      await sql`insert into migration (name, applied_at) values (${name}, current_timestamp)`.execute(tx);
    }
    return missing.map(({ name }) => name);
  });
}
