import type { Connection } from '../../src/duckdb/connection.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';

/** A table as it is in a file. */
export interface MadeTable {
  readonly columns: readonly MadeColumn[];
  readonly rows: readonly MadeRow[];
}

interface MadeColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** The column in the schema document, without `name` and `nullable`. */
  readonly hints: Readonly<Record<string, unknown>>;
}

/** Values as text that is the same for equal values: see `cellText`. */
export type MadeRow = Readonly<Record<string, string | null>>;

/** The user's tables in dataset `data` of a file, by name. Load ids read `<load1>`, `<load2>`, in the order they came. */
export async function madeTables(file: string): Promise<Record<string, MadeTable>> {
  return withDuckdbFile(file, async (connection) => {
    await connection.run('use file.data');
    const loads = await connection.rows('select load_id from _dlt_loads order by load_id');
    const loadNames = new Map(loads.map(({ load_id: id }, index) => [String(id), `<load${index + 1}>`]));
    const made: Record<string, MadeTable> = {};
    for (const [name, columns] of await columnsByTable(connection)) {
      made[name] = { columns, rows: await rowsOf(connection, name, columns, loadNames) };
    }
    return made;
  });
}

interface SchemaDocument {
  readonly tables: Record<string, { columns: Record<string, Record<string, unknown>> }>;
}

async function columnsByTable(connection: Connection): Promise<Map<string, MadeColumn[]>> {
  const latest = await connection.row('select schema from _dlt_version order by version desc limit 1');
  const document: SchemaDocument = JSON.parse(String(latest?.schema));
  const found = await connection.rows(
    `select table_name as t, column_name as name, data_type as type, is_nullable as nullable from duckdb_columns()
     where database_name = 'file' and not starts_with(table_name, '_dlt_') and not starts_with(table_name, '_elt_')
     order by table_name, column_index`,
  );
  const tables = new Map<string, MadeColumn[]>();
  for (const column of found) {
    const [table, name] = [String(column.t), String(column.name)];
    const { name: _, nullable: __, ...hints } = document.tables[table]?.columns[name] ?? {};
    const columns = tables.get(table) ?? [];
    tables.set(table, [...columns, { name, type: String(column.type), nullable: column.nullable === true, hints }]);
  }
  return tables;
}

async function rowsOf(
  connection: Connection,
  table: string,
  columns: readonly MadeColumn[],
  loadNames: ReadonlyMap<string, string>,
): Promise<MadeRow[]> {
  const list = columns.map(({ name, type }) => `${asText(`"${name}"`, type)} as "${name}"`);
  const rows = await connection.rows(`select ${list.join(', ')} from "${table}"`);
  return rows.map((row) => {
    const cells = columns.map((column) => [column.name, cell(column, row[column.name], loadNames)] as const);
    return Object.fromEntries(cells);
  });
}

/** Points in time as microseconds since 1970, bytes as base64, everything else as DuckDB writes it. */
function asText(name: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `epoch_us(${name})::varchar`;
  if (type.startsWith('TIMESTAMP')) return `epoch_us(${name}::timestamp)::varchar`;
  return type === 'BLOB' ? `base64(${name})` : `${name}::varchar`;
}

function cell(column: MadeColumn, value: unknown, loadNames: ReadonlyMap<string, string>): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  if (column.name === '_dlt_load_id') return loadNames.get(text) ?? text;
  return cellText(text, column.type);
}

/** One text for equal values: `1.0` and `1` as DOUBLE, JSON with other blanks, `10:11:12.500` with more zeros. */
export function cellText(text: string, type: string): string {
  if (type === 'DOUBLE') return String(Number(text));
  if (type === 'TIME') return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  return type === 'JSON' ? JSON.stringify(JSON.parse(text)) : text;
}
