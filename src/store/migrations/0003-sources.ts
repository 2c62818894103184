// What sources tell beyond their deliveries: refunds and disputes as money moved, things to ask a source's API for, and how
// far each of its lists has been read.
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialects/column-types.ts';
import type { Tables } from '../tables.ts';

// Written out: a word that is added later needs a migration of its own, and a test compares these with the domain's.
const MOVEMENT_KINDS = ['refund', 'dispute'];
const RECONCILIATION_STATUSES = ['running', 'done', 'failed'];

const oneOf = (column: string, words: readonly string[]) =>
  sql<boolean>`${sql.ref(column)} in (${sql.join(words.map((word) => sql.lit(word)))})`;

export async function up(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { int, id, strict } = types;
  const table = <Name extends string>(name: Name): CreateTableBuilder<Name> =>
    strict ? db.schema.createTable(name).modifyEnd(sql`strict`) : db.schema.createTable(name);

  await table('movement')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(oneOf('kind', MOVEMENT_KINDS)))
    .addColumn('payment_id', 'text')
    .addColumn('charge_id', 'text')
    .addColumn('snapshot', 'text', (c) => c.notNull())
    .addColumn('event_id', int, (c) => c.notNull())
    .addColumn('first_seen_at', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('movement_pk', ['source', 'id'])
    .execute();
  await db.schema.createIndex('movement_payment').on('movement').column('payment_id').execute();
  await db.schema.createIndex('movement_charge').on('movement').column('charge_id').execute();

  await table('fetch')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('ref', 'text', (c) => c.notNull())
    .addColumn('asked', int, (c) => c.notNull().defaultTo(1))
    .addColumn('failures', int, (c) => c.notNull().defaultTo(0))
    .addColumn('due_at', int, (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('requested_at', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('fetch_pk', ['source', 'ref'])
    .execute();
  await db.schema.createIndex('fetch_due').on('fetch').columns(['source', 'due_at']).execute();

  await table('sweep')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('cursor', 'text')
    .addColumn('started_at', int)
    .addColumn('finished_at', int)
    .addColumn('due_at', int, (c) => c.notNull())
    .addColumn('failures', int, (c) => c.notNull().defaultTo(0))
    .addColumn('reason', 'text')
    .addColumn('found', int, (c) => c.notNull().defaultTo(0))
    .addColumn('missed', int, (c) => c.notNull().defaultTo(0))
    .addColumn('missed_total', int, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('sweep_pk', ['source', 'stream'])
    .execute();

  await table('reconciliation')
    .addColumn('id', id, (c) => types.generatedId(c))
    .addColumn('source', 'text')
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull().check(oneOf('status', RECONCILIATION_STATUSES)))
    .addColumn('providers', int, (c) => c.notNull())
    .addColumn('progress', 'text', (c) => c.notNull())
    .addColumn('report', 'text')
    .addColumn('created_at', int, (c) => c.notNull())
    .execute();

  await db.schema.alterTable('source').addColumn('heard_at', int).execute();
  await db.schema.alterTable('source').addColumn('silent_since', int).execute();
  await db.schema.alterTable('payment').addColumn('asked_at', int).execute();
  await db.schema
    .createIndex('payment_unlinked')
    .on('payment')
    .columns(['source', 'first_seen_at'])
    .where(sql<boolean>`status = 'unlinked'`)
    .execute();
  await db.schema.alterTable('sale').addColumn('due_at', int).execute();
  await db.schema.createIndex('sale_due').on('sale').column('due_at').where(sql<boolean>`due_at is not null`).execute();
}
