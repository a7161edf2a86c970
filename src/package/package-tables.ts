import { ChunkAppender } from '../duckdb/chunk-appender.ts';
import type { Connection } from '../duckdb/connection.ts';
import { qualifiedName, quotedIdentifier } from '../duckdb/quote.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import { PACKAGE, ROW } from './layout.ts';
import type { TableBuffer } from './table-buffer.ts';

const SCHEMA = 'main';

/** Writes the rows of one table buffer into its table in the package file, making the table and its columns as needed. */
export class PackageTableWriter {
  readonly buffer: TableBuffer;
  readonly #connection: Connection;
  #created: boolean;
  #appender: ChunkAppender | null = null;
  #unflushed = false;

  /** `created`: the table is there already, left by an earlier run. */
  constructor(connection: Connection, buffer: TableBuffer, created: boolean) {
    this.#connection = connection;
    this.buffer = buffer;
    this.#created = created;
  }

  /** New rows have a shape that the table on disk does not have yet. */
  get needsDdl(): boolean {
    return (
      !this.#created ||
      this.buffer.newColumns.length > 0 ||
      this.buffer.renames.length > 0 ||
      this.buffer.oldName !== null
    );
  }

  /** ALTER TABLE fails on a table with rows of an open transaction: those have to be committed first. */
  get needsCommitBeforeDdl(): boolean {
    return this.#created && this.#appender !== null && this.needsDdl;
  }

  async changeTable(): Promise<void> {
    const { oldName, name } = this.buffer;
    if (this.#created) {
      if (oldName !== null) await renameTable(this.#connection, oldName, name);
      for (const { from, to } of this.buffer.renames) await renameColumn(this.#connection, this.buffer.name, from, to);
      for (const column of this.buffer.newColumns) await addColumn(this.#connection, this.buffer.name, column);
    } else {
      await createTable(this.#connection, this.buffer.name, this.buffer.columns);
      this.#created = true;
    }
    this.buffer.oldName = null;
    this.buffer.renames = [];
    this.buffer.newColumns = [];
  }

  /** Moves the buffered rows to the appender. */
  async write(): Promise<void> {
    if (this.buffer.rows === 0) return;
    this.#appender ??= await ChunkAppender.open(
      this.#connection,
      [PACKAGE, SCHEMA, this.buffer.name],
      this.buffer.columns.map((column) => column.type),
    );
    this.#appender.append(this.buffer.columns, this.buffer.rows);
    this.buffer.reset();
    this.#unflushed = true;
  }

  /** Before a commit: what the appender still holds joins the transaction. */
  flush(): void {
    if (this.#unflushed) this.#appender?.flush();
    this.#unflushed = false;
  }

  close(): void {
    this.#appender?.close();
    this.#appender = null;
    this.#unflushed = false;
  }
}

async function createTable(connection: Connection, table: string, columns: readonly ColumnBuffer[]): Promise<void> {
  const definitions = columns.map(({ name, type }) => `${quotedIdentifier(name)} ${type}`).join(', ');
  await connection.run(`create table ${qualifiedName(PACKAGE, SCHEMA, table)} (${definitions})`);
}

async function renameTable(connection: Connection, from: string, to: string): Promise<void> {
  await connection.run(`alter table ${qualifiedName(PACKAGE, SCHEMA, from)} rename to ${quotedIdentifier(to)}`);
}

async function addColumn(connection: Connection, table: string, { name, type }: ColumnBuffer): Promise<void> {
  await connection.run(
    `alter table ${qualifiedName(PACKAGE, SCHEMA, table)} add column ${quotedIdentifier(name)} ${type}`,
  );
}

async function renameColumn(connection: Connection, table: string, from: string, to: string): Promise<void> {
  await connection.run(
    `alter table ${qualifiedName(PACKAGE, SCHEMA, table)} rename column ${quotedIdentifier(from)} to ${quotedIdentifier(to)}`,
  );
}

/** Rows of a page that never was complete: written by a run that died before it noted the position after them. */
export async function deleteRowsFrom(connection: Connection, table: string, row: number): Promise<void> {
  await connection.run(`delete from ${qualifiedName(PACKAGE, SCHEMA, table)} where ${quotedIdentifier(ROW)} >= ?`, [
    row,
  ]);
}

/** What one table's columns are called; asking the catalogue for all of them takes ten times as long. */
export async function columnsOf(connection: Connection, table: string): Promise<ReadonlySet<string>> {
  return new Set(await connection.columnNames(`select * from ${qualifiedName(PACKAGE, SCHEMA, table)} limit 0`));
}

/** Name and type of the columns of every table in the package file. */
export async function packageColumns(connection: Connection): Promise<Map<string, Map<string, string>>> {
  const rows = await connection.rows(
    `select table_name, column_name, data_type from duckdb_columns()
     where database_name = ? and schema_name = ? order by table_name, column_index`,
    [PACKAGE, SCHEMA],
  );
  const tables = new Map<string, Map<string, string>>();
  for (const { table_name, column_name, data_type } of rows) {
    const columns = tables.get(String(table_name)) ?? new Map<string, string>();
    tables.set(String(table_name), columns.set(String(column_name), shortTypeName(String(data_type))));
  }
  return tables;
}

function shortTypeName(type: string): string {
  return type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : type;
}

export async function dropTable(connection: Connection, table: string): Promise<void> {
  await connection.run(`drop table ${qualifiedName(PACKAGE, SCHEMA, table)}`);
}

export async function dropColumn(connection: Connection, table: string, column: string): Promise<void> {
  await connection.run(`alter table ${qualifiedName(PACKAGE, SCHEMA, table)} drop column ${quotedIdentifier(column)}`);
}
