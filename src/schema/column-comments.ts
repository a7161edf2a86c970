import { DLT_ID, DLT_LIST_IDX, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID, REQUESTS_TABLE } from './names.ts';
import type { ColumnSchema } from './table-schema.ts';

/** What the columns are that nobody has to describe. Not in the schema document, where dlt has no descriptions of them. */
const SYSTEM_COLUMNS: ReadonlyMap<string, string> = new Map([
  [DLT_LOAD_ID, 'Load that wrote the row: load_id of _dlt_loads'],
  [DLT_ID, 'Unique id of the row'],
  [DLT_PARENT_ID, '_dlt_id of the row that held the list, in the table above'],
  [DLT_ROOT_ID, '_dlt_id of the row of the root table'],
  [DLT_LIST_IDX, 'Place in the list, from 0'],
]);

/** The comment of a column that nobody described, where it is one of ours or dlt's. */
export function ownComment(column: ColumnSchema, table: string): string | undefined {
  if (column['x-valid-from'] === true) return 'When this version of the row began to be valid';
  if (column['x-valid-to'] === true) return 'When this version of the row ended; null while it is valid';
  return SYSTEM_COLUMNS.get(column.name) ?? (table === REQUESTS_TABLE ? 'Header of the reply' : undefined);
}
