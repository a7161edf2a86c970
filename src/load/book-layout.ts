import { bookTables } from '../schema/book-tables.ts';
import { ownComment } from '../schema/column-comments.ts';
import { LOAD_TABLES_TABLE, LOADS_TABLE, SCHEMA_CHANGES_TABLE, STATE_TABLE, VERSION_TABLE } from '../schema/names.ts';
import type { ColumnSchema, DataType } from '../schema/table-schema.ts';
import { unreadableBooks } from './books-unreadable.ts';
import type { Catalogue } from './catalogue.ts';

/** A table of the books, as every destination has it. */
interface Book {
  readonly comment: string;
  readonly columns: readonly ColumnSchema[];
}

/**
 * The books of a dataset. The first three are dlt's, column for column, so that dlt works on what we wrote; the others are ours.
 * Public: columns are only ever added, at the end. https://dlthub.com/docs/general-usage/destination-tables
 * The words about dlt's columns are dlt's own.
 */
export const bookLayout: Readonly<Record<string, Book>> = {
  [VERSION_TABLE]: dltBook(VERSION_TABLE, 'One row a change of the schema: tables, columns and hints as JSON'),
  [LOADS_TABLE]: dltBook(LOADS_TABLE, 'One row a load: what is in the other tables with its load_id is complete'),
  [STATE_TABLE]: dltBook(STATE_TABLE, 'Where incremental resources go on; one row a change, the newest counts'),
  [SCHEMA_CHANGES_TABLE]: {
    comment: 'One row a table, column or type that a load made or changed',
    columns: [
      column('load_id', 'text', 'Load that changed it'),
      column('table_name', 'text', 'Table that was made, or changed'),
      column('column_name', 'text', 'Null: the table itself', true),
      column('change', 'text', 'table_added, column_added, column_widened or column_required'),
      column('old_type', 'text', 'DuckDB type before', true),
      column('new_type', 'text', 'DuckDB type since then', true),
      column('first_value', 'text', 'The first value that needed it', true),
      column('changed_at', 'timestamp', 'When'),
    ],
  },
  [LOAD_TABLES_TABLE]: {
    comment: 'One row a table that a load wrote to',
    columns: [
      column('load_id', 'text', 'Load that wrote to it: load_id of _dlt_loads'),
      column('table_name', 'text', 'Table that it wrote to'),
      column('rows_inserted', 'bigint', 'Rows that are new'),
      column('rows_updated', 'bigint', 'Rows whose key was there'),
      column('rows_deleted', 'bigint', 'Rows that are gone'),
      column('rows_retired', 'bigint', 'Rows that were marked as gone, and stay'),
    ],
  },
};

/**
 * Whether the books are what they are called.
 *
 * @throws PipelineError DestinationUnreadable: a table of that name lacks columns that it always had
 */
export function requireBooks(actual: Catalogue, dataset: string): void {
  for (const table of Object.keys(bookLayout)) {
    const missing = missingBookColumns(actual, table).filter(({ nullable }) => nullable === false);
    if (!actual.has(table) || missing.length === 0) continue;
    throw unreadableBooks(
      dataset,
      `cannot be read: \`${table}\` lacks ${missing.map(({ name }) => `\`${name}\``).join(', ')}.`,
    );
  }
}

/** Those that a table of the books does not have: all, where it is not there, or those that came later. */
export function missingBookColumns(actual: Catalogue, table: string): readonly ColumnSchema[] {
  const columns = bookLayout[table]?.columns ?? [];
  return columns.filter(({ name }) => actual.get(table)?.columns.has(name) !== true);
}

/** What the columns of a table of the books are. */
export function bookComments(table: string): ReadonlyMap<string, string> {
  const columns = bookLayout[table]?.columns ?? [];
  return new Map(columns.flatMap(({ name, description }) => (description === undefined ? [] : [[name, description]])));
}

// --- internal ---

function dltBook(table: string, comment: string): Book {
  const columns = Object.values(bookTables()[table]?.columns ?? {});
  return {
    comment,
    columns: columns.map((each) => {
      const description = each.description ?? ownComment(each, table);
      return description === undefined ? each : { ...each, description };
    }),
  };
}

function column(name: string, data_type: DataType, description: string, nullable = false): ColumnSchema {
  return { name, data_type, nullable, description };
}
