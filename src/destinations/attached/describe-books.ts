import type { Catalogue } from '../../load/catalogue.ts';
import type { Target } from '../../load/target.ts';
import { bookTables } from '../../schema/book-tables.ts';
import { ownComment } from '../../schema/column-comments.ts';
import {
  LOAD_TABLES_TABLE,
  LOADS_TABLE,
  SCHEMA_CHANGES_TABLE,
  STATE_TABLE,
  VERSION_TABLE,
} from '../../schema/names.ts';
import { commentOn } from './table-ddl.ts';

/** Those of dlt's tables are dlt's own words, but for what the tables are for. */
const OWN_WORDS: Readonly<
  Record<string, { readonly table: string; readonly columns: Readonly<Record<string, string>> }>
> = {
  [LOADS_TABLE]: { table: 'One row a load: what is in the other tables with its load_id is complete', columns: {} },
  [VERSION_TABLE]: { table: 'One row a change of the schema: tables, columns and hints as JSON', columns: {} },
  [STATE_TABLE]: { table: 'Where incremental resources go on; one row a change, the newest counts', columns: {} },
  [SCHEMA_CHANGES_TABLE]: {
    table: 'One row a table, column or type that a load made or changed',
    columns: {
      load_id: 'Load that changed it',
      table_name: 'Table that was made, or changed',
      column_name: 'Null: the table itself',
      change: 'table_added, column_added, column_widened or column_required',
      old_type: 'DuckDB type before',
      new_type: 'DuckDB type since then',
      first_value: 'The first value that needed it',
      changed_at: 'When',
    },
  },
  [LOAD_TABLES_TABLE]: {
    table: 'One row a table that a load wrote to',
    columns: {
      load_id: 'Load that wrote to it: load_id of _dlt_loads',
      table_name: 'Table that it wrote to',
      rows_inserted: 'Rows that are new',
      rows_updated: 'Rows whose key was there',
      rows_deleted: 'Rows that are gone',
      rows_retired: 'Rows that were marked as gone, and stay',
    },
  },
};

/** Books without a comment get theirs: new ones, those of earlier versions, those that dlt made. */
export async function describeBooks(target: Target, actual: Catalogue): Promise<void> {
  const documents = bookTables();
  for (const [name, { table, columns }] of Object.entries(OWN_WORDS)) {
    if (actual.get(name)?.comment != null) continue;
    const described = Object.values(documents[name]?.columns ?? {}).map(
      (column) => [column.name, column.description ?? ownComment(column, name)] as const,
    );
    const known = described.filter((entry): entry is [string, string] => entry[1] !== undefined);
    await commentOn(target, name, { table, columns: new Map([...known, ...Object.entries(columns)]) });
  }
}
