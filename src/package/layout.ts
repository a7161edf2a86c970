import type { IncrementalStart } from '../incremental/incremental-start.ts';
import type { HighWater } from '../incremental/record-filter.ts';
import type { Json } from '../json/json-value.ts';
import type { AmountColumns } from '../schema/requests-table.ts';
import type { DeleteLimit, DeleteMissing } from '../schema/resource-hints.ts';
import type { SourceSettings } from '../schema/source-settings.ts';
import type { TableSchema } from '../schema/table-schema.ts';
import type { KnownReply } from './known-reply.ts';

/**
 * A load package is a DuckDB file `packages/<load_id>.duckdb`, attached under this name. Schema `main` has one table for each
 * table of the load, schema `books` what is known about them. Names with `#` cannot collide: no naming convention makes one.
 */
export const PACKAGE = 'package';
export const BOOKS = 'books';

/** INTEGER NOT NULL: the row's number in its table within this package, from 0. `_dlt_id` is made of it while loading. */
export const ROW = '#row';
/** INTEGER, nested tables: `#row` of the parent row in the parent table. */
export const PARENT_ROW = '#parent';
/** INTEGER, nested tables: `#row` of the root row in the root table. */
export const ROOT_ROW = '#root';
/** INTEGER, nested tables: place in the list, from 0. */
export const LIST_INDEX = '#index';
/** VARCHAR, only where keys are prescribed: the row's `_dlt_id`; null means it is made of `#row`. */
export const KEY = '#key';
/** VARCHAR, nested tables where keys are prescribed: `_dlt_id` of the parent row; null means made of `#parent`. */
export const PARENT_KEY = '#parent_key';
/** VARCHAR, nested tables where keys are prescribed: `_dlt_id` of the root row; null means made of `#root`. */
export const ROOT_KEY = '#root_key';

/** Of the books. A package of another version of the program is not continued; a complete one can be loaded. */
export const LAYOUT = 4;

/**
 * `books.info(document varchar, status varchar)`, one row: JSON of this, but for the status.
 * `status` is `extracting` until every resource is done, then `extracted`.
 */
export interface PackageInfo {
  /** `LAYOUT`; absent in packages of earlier versions, as what is optional. */
  readonly layout?: number;
  readonly load_id: string;
  readonly pipeline_name: string;
  readonly dataset_name: string;
  /** Absolute path of the file it is for: another pipeline in the same working folder leaves it alone. */
  readonly destination: string;
  readonly schema_name: string;
  readonly config_hash: string;
  /** Tells other credentials apart, without telling any. */
  readonly credentials?: string;
  /** The options of the run that say what of its incremental resources it loads: `--from 2024-01-01`. */
  readonly scope?: string;
  /** What the source says of all its tables; goes into the schema document. */
  readonly source_settings: SourceSettings;
  /** Of what views are made, where requests were captured. */
  readonly request_amounts?: AmountColumns;
  /** Milliseconds since 1970. */
  readonly created_at: number;
  readonly status: 'extracting' | 'extracted';
}

/**
 * `books.tables(resource varchar, place integer, table_name varchar, document varchar)`: JSON of this. A package column of the data types bigint, double, bool,
 * timestamp is BIGINT, DOUBLE, BOOLEAN, TIMESTAMPTZ; every other type is VARCHAR holding text that casts to the column's
 * DuckDB type. Value columns that never got a value have no package column.
 */
export interface PackageTable {
  /** dlt's document of the table, with every column known so far: those of the destination and the new ones. */
  readonly schema: TableSchema;
  /** Name of the root table; its own for a root. */
  readonly root: string;
  readonly resource: string;
  readonly rows: number;
  /** Bytes of long texts in the fullest of its vectors, where there are any: loading needs memory for them. */
  readonly longText?: number;
  /** Columns for which only null came: reported, not created. */
  readonly nullOnly: readonly string[];
  /** First value of each new column as text, shortened: for `_elt_schema_changes`. */
  readonly firstValues: Readonly<Record<string, string>>;
  /** The keys that lead to each column, as they came: a continued run tells by them which key owns which name. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Some row brought its `_dlt_id`: another one can have it too. */
  readonly ownKeys: boolean;
  /** How a list of the records leads to a nested table; null for a root. */
  readonly place: TablePlace | null;
}

export function totalRows(tables: readonly Pick<PackageTable, 'rows'>[]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}

interface TablePlace {
  /** The root table's name and every key on the way. */
  readonly path: readonly string[];
  /** The same, with the keys to each list joined. */
  readonly steps: readonly string[];
  /** Objects and lists on the way, as `max_table_nesting` counts them. */
  readonly depth: number;
}

/** `books.resources(resource varchar, place integer, document varchar)`: JSON of this. */
export interface PackageResource {
  readonly resource: string;
  /** Among the resources of the run, from 0: the order of the configuration. */
  readonly place: number;
  readonly root: string;
  /** `done` with no rows empties the tables of a `replace`; `unchanged`, `skipped` and `ignored` leave them; `failed` loads nothing. */
  readonly status: 'running' | 'done' | 'unchanged' | 'skipped' | 'ignored' | 'failed';
  readonly position: Readonly<Record<string, unknown>> | null;
  readonly records: number;
  readonly requests: number;
  readonly notes: readonly string[];
  /** What an incremental resource began with: it is continued with the same. */
  readonly incremental?: IncrementalStart;
  /** From where its next run goes on, once it is done. */
  readonly reached?: HighWater;
  /** Its tables are emptied before its rows are loaded. */
  readonly isRefreshed?: boolean;
  /** Names of the replies, kept until the package is loaded, whose rows are in it. */
  readonly paid?: readonly string[];
  /** All that there is was read: every list to its end, of every parent and value. */
  readonly isWhole?: boolean;
  /** Rows of its root table that a schema contract left out. */
  readonly leftOut?: number;
  /** What becomes of rows of its root table that did not come, where it is whole. */
  readonly missing?: MissingRule;
  /** What the next run can tell an unchanged reply by. */
  readonly reply?: KnownReply;
  readonly bought?: BoughtChains;
  /** It was asked for what its children need; no rows of it are kept. */
  readonly isOnlyRead?: boolean;
}

/** Whether it was read to its end for its own rows, which are loaded then, and its state with them: not for its children alone. */
export function isReadToLoad({ status, isOnlyRead }: Pick<PackageResource, 'status' | 'isOnlyRead'>): boolean {
  return status === 'done' && isOnlyRead !== true;
}

/** Of a resource that costs money: what was paid for, before this run or in it. */
interface BoughtChains {
  readonly chains: readonly string[];
  /** Others are left. */
  readonly isStopped: boolean;
}

/** As the configuration says it. */
export interface MissingRule {
  readonly how: DeleteMissing;
  /** More than that fail the load. */
  readonly most: DeleteLimit;
}

/** `books.parents(resource varchar, document varchar)`, a row for each record of a resource with children, in their order: JSON of this. */
export interface ParentRecord {
  /** By the JSONPaths of the children, what they lead to; null where a null stands in the way. One that leads nowhere is missing. */
  readonly fields: Readonly<Record<string, readonly Json[]>>;
  /** Of a record in which a path leads nowhere: names that are there. */
  readonly names?: readonly string[];
}

/**
 * `books.chains(resource varchar, number integer, document varchar)`: the request chains that the position of a resource with
 * more than one counts in, from 0. JSON of what its placeholders stand for: `{"id": "a"}`.
 */
export type PackageChain = Readonly<Record<string, string | number | boolean | null>>;

/** `books.rejected(table_name, column_name, reason, record, source_row)`: what a schema contract kept out, where that is asked for. */
export interface RejectedRecord {
  readonly table: string;
  /** null: a row, or a whole table. */
  readonly column: string | null;
  /** Entity and mode of the contract: `columns: discard_row`. */
  readonly reason: string;
  /** JSON text of the row, or of the value. */
  readonly record: string;
  /** JSON text of the row around the first value that it lost. */
  readonly row: string | null;
}
