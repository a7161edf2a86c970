/** Names that reach a user's database. dlt's own, column for column, so that dlt works on our file. */

/** Unique id of a row. */
export const DLT_ID = '_dlt_id';
/** Load package that wrote the row; root tables only. */
export const DLT_LOAD_ID = '_dlt_load_id';
/** `_dlt_id` of the parent row; nested tables only. */
export const DLT_PARENT_ID = '_dlt_parent_id';
/** `_dlt_id` of the root row; nested tables of merged resources. */
export const DLT_ROOT_ID = '_dlt_root_id';
/** Place in the parent's list, from 0; nested tables only. */
export const DLT_LIST_IDX = '_dlt_list_idx';

/** One row a finished load. */
export const LOADS_TABLE = '_dlt_loads';
/** One row a change of schema. */
export const VERSION_TABLE = '_dlt_version';
/** The pipeline's state, a row a change. */
export const STATE_TABLE = '_dlt_pipeline_state';
/** Ours: one row a new table, column or type. */
export const SCHEMA_CHANGES_TABLE = '_elt_schema_changes';
/** Ours: one row a table that a load wrote to. */
export const LOAD_TABLES_TABLE = '_elt_load_tables';
/** Ours: one row each time that a snapshot was put in the place of the live file. */
export const ROLLBACKS_TABLE = '_elt_rollbacks';
/** Ours: rows and values that a contract discarded, where `keep_rejected` is set. */
export const REJECTED_TABLE = '_elt_rejected';
/** Ours: one row a request, where `capture_headers` asks for it. In the schema document, like the table of a resource. */
export const REQUESTS_TABLE = '_elt_requests';

/** Ours, of a root table whose rows are marked when a load does not bring them any more: since when. */
export const DELETED_AT = '_elt_deleted_at';

/** Column of a nested table that holds the elements of a list of scalars. */
export const VALUE_COLUMN = 'value';
/** Nested table of a list inside a list. */
export const LIST_TABLE = 'list';
/** Between the parts of a flattened name. */
export const PATH_SEPARATOR = '__';
/** Between a column's name and the type of a value that did not fit it. */
export const VARIANT_SEPARATOR = '__v_';

/** Whether a table is one of the books, dlt's or ours, and holds no records of a source. */
export function isBookTable(name: string): boolean {
  return /^_(?:dlt|elt)_/i.test(name);
}
