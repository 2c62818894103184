// The few places where SQLite and PostgreSQL name a column differently.
import type { ColumnDefinitionBuilder } from 'kysely';

export type ColumnTypes = {
  int: 'integer' | 'bigint';
  bytes: 'blob' | 'bytea';
  id: 'integer' | 'bigint';
  /** A primary key that the database draws, never reusing a value. */
  generatedId(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** SQLite checks column types only in STRICT tables. */
  strict: boolean;
};

export const sqliteTypes: ColumnTypes = {
  int: 'integer',
  bytes: 'blob',
  id: 'integer',
  generatedId: (column) => column.primaryKey().autoIncrement(),
  strict: true,
};
