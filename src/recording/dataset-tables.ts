import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { DatasetReader } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { Database } from '../duckdb/database.ts';
import { type JsonRow, jsonRows } from '../duckdb/json-rows.ts';
import { quotedIdentifier } from '../duckdb/quote.ts';
import type { Effects } from '../effects.ts';
import { silentFindings } from '../findings.ts';
import type { ActualTable } from '../load/catalogue.ts';
import { DLT_ID, DLT_LIST_IDX, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from '../schema/names.ts';
import type { TableSchema } from '../schema/table-schema.ts';
import { type DatasetTable, type RowNames, rowNames } from './dataset-table.ts';

/** Every table of the pipeline's dataset, without the books, in the order of their names. */
export async function datasetTables(config: PipelineConfig, effects: Effects): Promise<DatasetTable[]> {
  const found = await readingTables(config, effects, readTables);
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What `read` makes of these tables; the dataset is the search path. None where nothing was loaded. */
export async function readingTables<T>(
  config: PipelineConfig,
  effects: Effects,
  read: (reader: DatasetReader, tables: readonly FoundTable[]) => Promise<T[]>,
): Promise<T[]> {
  const database = await Database.open();
  try {
    const destination = destinationOf(config);
    const opened = await destination.open({ database, effects, signal: undefined, findings: silentFindings });
    const dataset = await opened.read();
    if (dataset?.exists !== true) return [];
    const schemas = Object.values(dataset.schema?.tables ?? {}).filter(({ name }) => !/^_(dlt|elt)_/.test(name));
    const actual = (name: string) => dataset.tables.get(name.toLowerCase());
    const tables = schemas.flatMap((schema) => {
      const table = actual(schema.name);
      return table === undefined ? [] : [{ schema, table }];
    });
    const reader = await destination.reader();
    try {
      return await read(reader, tables);
    } finally {
      reader.close();
    }
  } finally {
    database.close();
  }
}

export interface FoundTable {
  readonly schema: TableSchema;
  readonly table: ActualTable;
}

// --- internal ---

async function readTables(reader: DatasetReader, tables: readonly FoundTable[]): Promise<DatasetTable[]> {
  const read: DatasetTable[] = [];
  const names = new Map<string, RowNames>();
  const byParent = (parent: string | undefined) => tables.filter(({ schema }) => schema.parent === parent);
  const waiting = byParent(undefined);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { schema } = next;
    const rows = await jsonRows(await reader.query(rowsOf(next)));
    const parents = schema.parent === undefined ? undefined : names.get(schema.parent);
    const { table, own } = tableOf(next, rows, parents);
    names.set(schema.name, own);
    read.push(table);
    waiting.push(...byParent(schema.name));
  }
  return read;
}

/** By key, nested ones by their place; without a key in the order of the file. */
function rowsOf({ schema, table }: FoundTable): string {
  const key = schema.parent === undefined ? keyOf(schema) : [DLT_LIST_IDX];
  const order = key.length === 0 ? ['rowid'] : [...key.map(quotedIdentifier), 'rowid'];
  return `from ${quotedIdentifier(table.name)} order by ${order.join(', ')}`;
}

function keyOf({ columns }: TableSchema): string[] {
  return Object.values(columns).flatMap(({ name, primary_key }) => (primary_key === true ? [name] : []));
}

function tableOf(
  { schema, table }: FoundTable,
  rows: readonly JsonRow[],
  parents: RowNames | undefined,
): { readonly table: DatasetTable; readonly own: RowNames } {
  const shown = [...table.columns.values()].filter(({ name }) => !isOfTheRun(schema, name));
  const key = schema.parent === undefined ? keyOf(schema) : [DLT_PARENT_ID, DLT_LIST_IDX];
  const settled = rows.map((row) => {
    const values = shown.flatMap(({ name }) => (row[name] === null ? [] : [[name, row[name]] as const]));
    const parent = parents?.get(String(row[DLT_PARENT_ID]));
    return {
      id: String(row[DLT_ID]),
      place: parent?.place ?? 0,
      row: keyFirst(key, { ...Object.fromEntries(values), ...(parent && { [DLT_PARENT_ID]: parent.name }) }),
    };
  });
  settled.sort((a, b) => a.place - b.place);
  const columns = Object.fromEntries(shown.map(({ name, type }) => [name, type]));
  const all = settled.map(({ row }) => row);
  const own = rowNames(key, all);
  return {
    table: { name: table.name, key, columns, rows: all },
    own: new Map(settled.map(({ id }, place) => [id, { name: own[place] ?? '', place }])),
  };
}

function keyFirst(key: readonly string[], row: JsonRow): JsonRow {
  const values = key.flatMap((name) => (name in row ? [[name, row[name]] as const] : []));
  return { ...Object.fromEntries(values), ...row };
}

/** Other ones with each load. */
function isOfTheRun({ columns }: TableSchema, name: string): boolean {
  return [DLT_ID, DLT_LOAD_ID, DLT_ROOT_ID].includes(name) || columns[name]?.['x-valid-from'] === true;
}
