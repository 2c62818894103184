// Documents that come about in steps, budgets that outlive the process, and an index of clients that providers cannot search.
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialects/column-types.ts';
import type { Tables } from '../tables.ts';

// Written out: a word that is added later needs a migration of its own, and a test compares these with the domain's.
const DOCUMENT_STATES = ['draft', 'final'];

export async function up(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { int, strict } = types;
  const table = <Name extends string>(name: Name): CreateTableBuilder<Name> =>
    strict ? db.schema.createTable(name).modifyEnd(sql`strict`) : db.schema.createTable(name);

  await db.schema.alterTable('job').addColumn('made', 'text').execute();
  await db.schema
    .alterTable('job')
    .addColumn('doubts', int, (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('document')
    .addColumn('state', 'text', (c) =>
      c
        .notNull()
        .defaultTo('final')
        .check(sql`state in (${sql.join(DOCUMENT_STATES.map((word) => sql.lit(word)))})`),
    )
    .execute();

  // Requests of an account, counted in short spans of time: what the provider's windows have seen of us.
  await table('budget')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('span', int, (c) => c.notNull())
    .addColumn('requests', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('budget_pk', ['account', 'span'])
    .execute();
  // After a refusal or an outage the rate rises slowly from here.
  await db.schema
    .alterTable('account')
    .addColumn('ramp_from', int, (c) => c.notNull().defaultTo(0))
    .execute();

  await table('directory')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('list', 'text', (c) => c.notNull())
    .addColumn('pass', int, (c) => c.notNull())
    .addColumn('page', int, (c) => c.notNull())
    .addColumn('pages', int)
    .addColumn('started_at', int)
    .addColumn('finished_at', int)
    .addColumn('refreshed_at', int)
    .addColumn('latest', 'text')
    .addPrimaryKeyConstraint('directory_pk', ['account', 'list'])
    .execute();

  await table('directory_client')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('client_id', 'text', (c) => c.notNull())
    .addColumn('list', 'text', (c) => c.notNull())
    .addColumn('client', 'text', (c) => c.notNull())
    .addColumn('pass', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('directory_client_pk', ['account', 'client_id'])
    .execute();
  await table('directory_key')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('client_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('directory_key_pk', ['account', 'key', 'client_id'])
    .execute();
  await db.schema.createIndex('directory_key_client').on('directory_key').columns(['account', 'client_id']).execute();
}
