// The first schema: inbox, sales and payments, outbox, clients, and what a person reads about them.
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialects/column-types.ts';
import type { Tables } from '../tables.ts';

// Written out: a word that is added later needs a migration of its own, and a test compares these with the domain's.
const EVENT_STATUSES = ['received', 'applied', 'ignored', 'failed'];
const SALE_STATES = ['waits', 'ignored', 'planned', 'doubtful'];
const JOB_KINDS = ['invoice', 'payment', 'credit_note', 'send', 'write_back', 'notify'];
const JOB_STATUSES = ['pending', 'running', 'done', 'skipped', 'held', 'dead'];
const JOB_PHASES = ['sending', 'resolving'];

const oneOf = (column: string, words: readonly string[]) =>
  sql<boolean>`${sql.ref(column)} in (${sql.join(words.map((word) => sql.lit(word)))})`;

export async function up(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { int, bytes, id, strict } = types;
  const table = <Name extends string>(name: Name): CreateTableBuilder<Name> =>
    strict ? db.schema.createTable(name).modifyEnd(sql`strict`) : db.schema.createTable(name);

  await table('setting')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();

  await table('source')
    .addColumn('identity', 'text', (c) => c.primaryKey().notNull())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('shop', 'text')
    .addColumn('first_started_at', int, (c) => c.notNull())
    .execute();

  await table('event')
    .addColumn('id', id, (c) => types.generatedId(c))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('delivery_key', 'text', (c) => c.notNull())
    .addColumn('delivery_id', 'text')
    .addColumn('shop', 'text')
    .addColumn('order_id', 'text')
    .addColumn('received_at', int, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull().check(oneOf('status', EVENT_STATUSES)))
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('headers', 'text', (c) => c.notNull())
    .addColumn('body', bytes, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('event_status').on('event').columns(['status', 'id']).execute();
  await db.schema.createIndex('event_order').on('event').columns(['order_id', 'source']).execute();

  await table('event_key')
    .addColumn('hash', int, (c) => c.primaryKey().notNull())
    .addColumn('event_id', int, (c) => c.notNull())
    .execute();

  await table('sale')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('order_id', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('snapshot', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('rank', int, (c) => c.notNull())
    .addColumn('body_hash', 'text', (c) => c.notNull())
    .addColumn('revision', int, (c) => c.notNull())
    .addColumn('event_id', int, (c) => c.notNull())
    .addColumn('claim', 'text')
    .addColumn('state', 'text', (c) => c.notNull().check(oneOf('state', SALE_STATES)))
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('placed_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('sale_pk', ['source', 'order_id'])
    .execute();

  await table('sale_link')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('order_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('sale_link_pk', ['value', 'kind', 'source', 'order_id'])
    .execute();

  await table('payment')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('snapshot', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull().check(oneOf('status', ['linked', 'unlinked', 'ambiguous'])))
    .addColumn('reason', 'text')
    .addColumn('sale_source', 'text')
    .addColumn('sale_order_id', 'text')
    .addColumn('linked_by', 'text')
    .addColumn('event_id', int, (c) => c.notNull())
    .addColumn('first_seen_at', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('payment_pk', ['source', 'id'])
    .execute();
  await db.schema.createIndex('payment_sale').on('payment').columns(['sale_order_id', 'sale_source']).execute();

  await table('payment_link')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('payment_id', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('payment_link_pk', ['value', 'source', 'payment_id'])
    .execute();

  await table('job')
    .addColumn('id', id, (c) => types.generatedId(c))
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('kind', 'text', (c) => c.notNull().check(oneOf('kind', JOB_KINDS)))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('order_id', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('draft', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull().check(oneOf('status', JOB_STATUSES)))
    .addColumn('phase', 'text', (c) => c.check(oneOf('phase', JOB_PHASES)))
    .addColumn('step', 'text', (c) => c.check(oneOf('step', ['client', 'document'])))
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('attempts', int, (c) => c.notNull().defaultTo(0))
    .addColumn('failures', int, (c) => c.notNull().defaultTo(0))
    .addColumn('next_attempt_at', int, (c) => c.notNull())
    .addColumn('request', 'text')
    .addColumn('composed_for', 'text')
    .addColumn('deadline', int)
    .addColumn('empty_lookups', int, (c) => c.notNull().defaultTo(0))
    .addColumn('client', 'text')
    .addColumn('candidates', 'text')
    .addColumn('paid_before', 'text')
    .addColumn('fence', int, (c) => c.notNull().defaultTo(0))
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', int)
    .addColumn('answered_ms', int, (c) => c.notNull().defaultTo(0))
    .addColumn('last_answered_at', int)
    .addColumn('decision', 'text')
    .addColumn('created_at', int, (c) => c.notNull())
    .addColumn('updated_at', int, (c) => c.notNull())
    .execute();
  // Partial indexes, so that a claim costs the same with a million finished jobs.
  await db.schema
    .createIndex('job_due')
    .on('job')
    .columns(['provider', 'next_attempt_at', 'id'])
    .where(sql<boolean>`lease_owner is null and status in ('pending', 'running')`)
    .execute();
  await db.schema.createIndex('job_open').on('job').columns(['source', 'order_id']).execute();
  await db.schema
    .createIndex('job_running')
    .on('job')
    .column('lease_until')
    .where(sql<boolean>`status = 'running'`)
    .execute();
  await db.schema.createIndex('job_status').on('job').columns(['status', 'id']).execute();

  await table('document')
    .addColumn('key', 'text', (c) => c.primaryKey().notNull())
    .addColumn('job_id', int, (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(oneOf('kind', JOB_KINDS)))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('order_id', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('total', 'text', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('paid', 'text', (c) => c.notNull())
    .addColumn('client_id', 'text')
    .addColumn('public_url', 'text')
    .addColumn('issued_at', int, (c) => c.notNull())
    .addUniqueConstraint('document_provider_id', ['provider', 'provider_id'])
    .execute();
  await db.schema.createIndex('document_sale').on('document').columns(['order_id', 'source']).execute();

  await table('client_link')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('client_id', 'text', (c) => c.notNull())
    .addColumn('client', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('client_link_pk', ['account', 'key'])
    .execute();

  await table('client_lock')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('job_id', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('client_lock_pk', ['account', 'key'])
    .execute();

  await table('timeline')
    .addColumn('id', id, (c) => types.generatedId(c))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('order_id', 'text', (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('step', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('data', 'text')
    .addColumn('event_id', int)
    .addColumn('job_id', int)
    .execute();
  await db.schema.createIndex('timeline_sale').on('timeline').columns(['order_id', 'source', 'id']).execute();

  await table('account')
    .addColumn('account', 'text', (c) => c.primaryKey().notNull())
    .addColumn('blocked_until', int, (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('failures', int, (c) => c.notNull())
    .execute();

  await table('pause')
    .addColumn('scope', 'text', (c) => c.primaryKey().notNull())
    .addColumn('since', int, (c) => c.notNull())
    .execute();

  await table('replay')
    .addColumn('id', id, (c) => types.generatedId(c))
    .addColumn('filter', 'text', (c) => c.notNull())
    .addColumn('count', int, (c) => c.notNull())
    .addColumn('done', int, (c) => c.notNull())
    .addColumn('last_event_id', int, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull().check(oneOf('status', ['running', 'done', 'cancelled'])))
    .addColumn('created_at', int, (c) => c.notNull())
    .execute();
}
