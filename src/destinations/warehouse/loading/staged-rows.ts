import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { keySource, packageRows, rowSource } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { ColumnPlan, TablePlan } from '../../../load/table-plan.ts';
import type { CarriedColumn, Carrier, Dialect } from '../dialect.ts';
import type { StagedRows } from '../warehouse-transport.ts';
import type { AddedRows } from './load-script.ts';
import { relationOf, type ServerLoad } from './server-load.ts';

/** Rows on their way, and how each column is read where they arrive. */
export interface Shipment {
  readonly rows: StagedRows;
  readonly carriers: ReadonlyMap<string, Carrier>;
}

export type ShippedColumn = CarriedColumn & { readonly name: string };

/** The rows of a DuckDB query, which has these columns; `table`: for messages. */
export function shipment(
  load: Pick<ServerLoad, 'server' | 'connection' | 'label'>,
  { what, table }: { readonly what: string; readonly table: string },
  columns: readonly ShippedColumn[],
  { sql, values }: Fragment,
): Shipment {
  const carriers = new Map(columns.map((column) => [column.name, load.server.dialect.carrier(column)]));
  const list = columns.map(({ name }) => {
    const value = `q.${quotedIdentifier(name)}`;
    return `${carriers.get(name)?.write(value) ?? value} as ${quotedIdentifier(name)}`;
  });
  return {
    carriers,
    rows: {
      label: load.label(what),
      table,
      columns: [...carriers].map(([name, { type }]) => ({ name, type })),
      select: fragment(`select ${list.join(', ')} from (${sql}) as q`, ...values),
      connection: load.connection,
    },
  };
}

export interface RowChoice {
  /** SQL after `from <package rows> as p`; all of them unless given. */
  readonly which?: Fragment;
  /** Values that do not come from the package, as DuckDB SQL, by column. */
  readonly given?: ReadonlyMap<string, Fragment>;
  /** Columns that the package has no value for come as null, so that an update empties them. */
  readonly complete?: boolean;
}

/** The rows of a package table as they will stand in their table. */
export function tableRows(load: ServerLoad, table: TablePlan, choice: RowChoice = {}): Shipment {
  const { which = fragment(''), given = new Map(), complete = false } = choice;
  const { columns, select } = rowSource(table, load, { given, complete });
  const sql = `select ${select.sql} from ${packageRows(table, load)} ${which.sql}`;
  const plans = columns.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);
  const shipped = plans.map((column) => shippedColumn(column, load.server.dialect));
  return shipment(load, { what: 'rows', table: table.name }, shipped, fragment(sql, ...select.values, ...which.values));
}

/** The same, to be added to their table. */
export function addedRows(load: ServerLoad, table: TablePlan, choice: RowChoice = {}): AddedRows {
  return { relation: relationOf(load, table), ...tableRows(load, table, choice) };
}

/** Whether a row with these keys gets into the table. */
export const KEPT = '_elt_kept';
/** How many rows with these keys do. */
export const KEPT_ROWS = '_elt_rows';

/**
 * The different keys of all rows of a package table, with {@link KEPT} and {@link KEPT_ROWS}. Undefined: one of the columns never got a value.
 *
 * @param kept DuckDB SQL of whether a row `p` gets into the table
 */
export function keyRows(
  load: ServerLoad,
  table: TablePlan,
  keys: readonly ColumnPlan[],
  kept: string,
): Shipment | undefined {
  const source = keySource(table, load, keys);
  if (source === undefined) return undefined;
  const { dialect } = load.server;
  const names = keys.map(({ name }) => quotedIdentifier(name)).join(', ');
  const counts = `bool_or("#kept") as ${KEPT}, count(*) filter (where "#kept") as ${KEPT_ROWS}`;
  return shipment(
    load,
    { what: 'keys', table: table.name },
    [
      ...keys.map((column) => shippedColumn(column, dialect)),
      { name: KEPT, type: 'BOOLEAN', native: dialect.typeOf({ name: KEPT, data_type: 'bool' }) },
      { name: KEPT_ROWS, type: 'BIGINT', native: dialect.typeOf({ name: KEPT_ROWS, data_type: 'bigint' }) },
    ],
    fragment(
      `select ${names}, ${counts} from (select ${source.sql}, ${kept} as "#kept" from ${packageRows(table, load)}) group by ${names}`,
      ...source.values,
    ),
  );
}

/** Type of a column in the engine after the load. */
export function nativeType({ actual, type, schema }: ColumnPlan, dialect: Dialect): string {
  const stays = actual !== null && (actual.type === type || dialect.duckdbTypeOf(actual.native ?? '') === undefined);
  return stays ? (actual.native ?? actual.type) : dialect.typeOf(schema);
}

/** The plan of a table as values travel: those of a column whose type DuckDB lacks do as text, which the engine reads. */
export function carriedTable(table: TablePlan, dialect: Dialect): TablePlan {
  const columns = table.columns.map((column) => {
    const { actual } = column;
    const isForeign = actual?.native !== undefined && dialect.duckdbTypeOf(actual.native) === undefined;
    return isForeign ? { ...column, type: 'VARCHAR' } : column;
  });
  return { ...table, columns };
}

export function shippedColumn(column: ColumnPlan, dialect: Dialect): ShippedColumn {
  return { name: column.name, type: column.type, native: nativeType(column, dialect) };
}
