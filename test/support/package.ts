import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadOptions, loadPackage } from '../../src/destinations/attached/load-attached.ts';
import type { Connection, Row } from '../../src/duckdb/connection.ts';
import type { Database } from '../../src/duckdb/database.ts';
import { qualifiedName, quotedIdentifier } from '../../src/duckdb/quote.ts';
import type { LoadResult } from '../../src/load/load-result.ts';
import {
  KEY,
  LIST_INDEX,
  PACKAGE,
  PARENT_KEY,
  PARENT_ROW,
  type PackageResource,
  type PackageTable,
  ROOT_KEY,
  ROOT_ROW,
  ROW,
} from '../../src/package/layout.ts';
import { createBooks, writeInfo, writeResources, writeTables } from '../../src/package/package-books.ts';
import { packageType } from '../../src/schema/duckdb-type.ts';
import { systemColumns } from '../../src/schema/system-columns.ts';
import type { ColumnSchema, TableSchema } from '../../src/schema/table-schema.ts';
import { handOn, takeDatabase } from './idle-database.ts';
import { tempFolder } from './temp-folder.ts';

export const DATASET = 'dezgo_api_data';
export const SCHEMA_NAME = 'dezgo_api_source';
export const PIPELINE = 'dezgo_api_pipeline';
/** 2026-01-02 03:04:05 UTC. */
export const CREATED_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

type Value = string | number | bigint | boolean | null;

/** One table of a package, as the normalizer would have written it. */
export interface TestTable {
  readonly name: string;
  /** Name of the parent table, for nested tables. */
  readonly parent?: string;
  /** The resource that the table belongs to; by default the root table's name. */
  readonly resource?: string;
  readonly hints?: Partial<TableSchema>;
  /** A nested table of a merged resource: it has `_dlt_root_id`. */
  readonly rootKey?: boolean;
  /** Own columns; dlt's are added after them. A data type alone, or the whole column. */
  readonly columns: Readonly<Record<string, ColumnSchema['data_type'] | Partial<ColumnSchema>>>;
  /** Values by column; `#row` is counted, `#index` is 0 unless given, `#root` is `#parent`. */
  readonly rows: readonly Readonly<Record<string, Value>>[];
  readonly firstValues?: Readonly<Record<string, string>>;
  /** `#key` of some row was brought by its record. */
  readonly ownKeys?: boolean;
}

export interface TestPackage {
  readonly loadId?: string;
  readonly tables: readonly TestTable[];
  /** Status of resources that are not simply done. */
  readonly resources?: Readonly<Record<string, PackageResource['status']>>;
  /** What else is known of resources. */
  readonly facts?: Readonly<Record<string, Partial<PackageResource>>>;
  readonly createdAt?: number;
}

/** Loads the attached package into the file that is attached as `target`. */
export type Loader = typeof loadPackage;

/** Load packages made by SQL, and a destination to load them into. */
export class TestDestination {
  readonly connection: Connection;
  readonly #database: Database;
  readonly #loader: Loader;
  /** Where the file and the packages are. */
  readonly folder: string;
  #loads = 0;

  private constructor(database: Database, connection: Connection, folder: string, loader: Loader) {
    this.#database = database;
    this.connection = connection;
    this.folder = folder;
    this.#loader = loader;
  }

  /** An empty file in a folder of the running test; closed when it ends. */
  static async open(loader: Loader = loadPackage): Promise<TestDestination> {
    const folder = await tempFolder();
    const database = await takeDatabase();
    onTestFinished(() => handOn(database));
    await database.attach(join(folder, 'destination.duckdb'), 'target');
    return new TestDestination(database, await database.connect(), folder, loader);
  }

  /** Makes a package, loads it, and removes it. */
  async load(contents: TestPackage, options: Partial<LoadOptions> = {}): Promise<LoadResult> {
    this.#loads += 1;
    const loadId = contents.loadId ?? `${1767322800 + this.#loads}.000000`;
    await this.#database.attach(':memory:', PACKAGE);
    try {
      await writePackage(this.connection, { ...contents, loadId });
      return await this.#loader(this.connection, {
        target: 'target',
        dataset: DATASET,
        loadId,
        pipelineName: PIPELINE,
        now: CREATED_AT + this.#loads * 1000,
        ...options,
      });
    } finally {
      await this.#database.detach(PACKAGE);
    }
  }

  /** Rows of a table of the dataset as plain values, without dlt's columns unless they are asked for. */
  async rows(table: string, columns = "columns(c -> not starts_with(c, '_dlt_'))", order = 'all'): Promise<Row[]> {
    return this.connection.rows(`select ${columns} from ${qualifiedName('target', DATASET, table)} order by ${order}`);
  }

  /** `name TYPE` or `name TYPE NOT NULL` of each column. */
  async columns(table: string): Promise<string[]> {
    const rows = await this.connection.rows(
      `select column_name, data_type, is_nullable from duckdb_columns()
       where database_name = 'target' and schema_name = ? and table_name = ? order by column_index`,
      [DATASET, table],
    );
    return rows.map((row) => `${row.column_name} ${row.data_type}${row.is_nullable ? '' : ' NOT NULL'}`);
  }

  /** A statement with the dataset as search path, as a user would write it. */
  async sql(statement: string): Promise<Row[]> {
    await this.connection.run(`use target${(await this.#hasDataset()) ? `.${DATASET}` : ''}`);
    try {
      return await this.connection.rows(statement);
    } finally {
      await this.connection.run('use memory.main');
    }
  }

  async #hasDataset(): Promise<boolean> {
    const rows = await this.connection.rows(
      `select 1 from duckdb_schemas() where database_name = 'target' and schema_name = ?`,
      [DATASET],
    );
    return rows.length > 0;
  }
}

async function writePackage(connection: Connection, contents: TestPackage & { loadId: string }): Promise<void> {
  await createBooks(connection);
  await writeInfo(connection, {
    load_id: contents.loadId,
    pipeline_name: PIPELINE,
    dataset_name: 'd',
    destination: '/nowhere/file.duckdb',
    schema_name: SCHEMA_NAME,
    config_hash: 'h',
    source_settings: {},
    created_at: contents.createdAt ?? CREATED_AT,
    status: 'extracted',
  });
  const roots = new Map(contents.tables.map((table) => [table.name, rootOf(table, contents.tables)]));
  const statuses = new Map<string, PackageResource['status']>();
  const documents: PackageTable[] = [];
  for (const table of contents.tables) {
    const root = roots.get(table.name) ?? table.name;
    documents.push(await writeTestTable(connection, table, root));
    statuses.set(table.resource ?? root, 'done');
  }
  await writeTables(connection, documents);
  for (const [name, status] of Object.entries(contents.resources ?? {})) statuses.set(name, status);
  const resources = [...statuses].map(
    ([resource, status], place): PackageResource => ({
      resource,
      place,
      root: resource,
      status,
      position: null,
      records: 0,
      requests: 1,
      notes: [],
      ...contents.facts?.[resource],
    }),
  );
  await writeResources(connection, resources);
}

function rootOf(table: TestTable, tables: readonly TestTable[]): string {
  const parent = tables.find(({ name }) => name === table.parent);
  return parent === undefined ? (table.parent ?? table.name) : rootOf(parent, tables);
}

/** The document of a table as the normalizer makes it. */
function testSchema(table: TestTable, root = table.name): TableSchema {
  const own = Object.entries(table.columns).map(([name, column]): ColumnSchema => {
    const hints = typeof column === 'object' ? column : { ...(column === undefined ? {} : { data_type: column }) };
    const key = hints.primary_key === true || hints.merge_key === true;
    return { name, nullable: !key, ...hints };
  });
  const columns = [...own, ...systemColumns(table.parent !== undefined, table.rootKey === true)];
  const byName: Record<string, ColumnSchema> = {};
  for (const column of columns) byName[column.name] = { ...byName[column.name], ...column };
  return {
    name: table.name,
    columns: byName,
    ...(table.parent === undefined
      ? { resource: table.resource ?? root, write_disposition: 'append' }
      : { parent: table.parent }),
    ...table.hints,
  };
}

async function writeTestTable(connection: Connection, table: TestTable, root: string): Promise<PackageTable> {
  const schema = testSchema(table, root);
  const nested = table.parent !== undefined;
  const rows = table.rows.map(
    (row, index): Readonly<Record<string, Value>> => ({
      [ROW]: index,
      ...(nested ? { [LIST_INDEX]: 0, [ROOT_ROW]: row[PARENT_ROW] ?? null } : {}),
      ...row,
    }),
  );
  const filled = [...new Set(rows.flatMap((row) => Object.keys(row).filter((name) => row[name] !== null)))];
  if (rows.length > 0) await insertTestRows(connection, schema, filled, rows);
  return {
    schema,
    root,
    resource: table.resource ?? root,
    rows: rows.length,
    nullOnly: [],
    firstValues: table.firstValues ?? {},
    keys: {},
    ownKeys: table.ownKeys === true,
    place: null,
  };
}

const KEY_COLUMNS: Readonly<Record<string, string>> = {
  [ROW]: 'integer not null',
  [PARENT_ROW]: 'integer',
  [ROOT_ROW]: 'integer',
  [LIST_INDEX]: 'integer',
  [KEY]: 'varchar',
  [PARENT_KEY]: 'varchar',
  [ROOT_KEY]: 'varchar',
};

async function insertTestRows(
  connection: Connection,
  schema: TableSchema,
  names: readonly string[],
  rows: readonly Readonly<Record<string, Value>>[],
): Promise<void> {
  const name = qualifiedName(PACKAGE, 'main', schema.name);
  const types = names.map((column) => KEY_COLUMNS[column] ?? packageType(schema.columns[column] ?? { name: column }));
  const definitions = names.map((column, index) => `${quotedIdentifier(column)} ${types[index]}`);
  await connection.run(`create table ${name} (${definitions.join(', ')})`);
  const values = rows.flatMap((row) => names.map((column) => row[column] ?? null));
  const places = `(${names.map(() => '?').join(', ')})`;
  await connection.run(
    `insert into ${name} values ${rows.map(() => places).join(', ')}`,
    values.map((value) => (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value)),
  );
}
