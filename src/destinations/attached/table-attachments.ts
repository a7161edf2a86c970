import { quotedIdentifier } from '../../duckdb/quote.ts';
import type { Target } from '../../load/target.ts';

// What users put on a table of ours: it has to survive when the table is made anew.

/** `PRIMARY KEY(id)`, `UNIQUE(a, b)`, `CHECK(…)`: as they stand in a `create table`. */
export async function constraintsOf({ connection, catalog, dataset }: Target, table: string): Promise<string[]> {
  const rows = await connection.rows(
    `select constraint_text from duckdb_constraints()
     where database_name = ? and lower(schema_name) = lower(?) and table_name = ? and constraint_type in ('PRIMARY KEY', 'UNIQUE', 'CHECK')
     order by constraint_index`,
    [catalog, dataset, table],
  );
  return rows.map((row) => String(row.constraint_text));
}

export interface ForeignKey {
  readonly table: string;
  readonly columns: readonly string[];
  readonly references: string;
  readonly referenced: readonly string[];
}

/** Of the whole dataset: DuckDB has none between datasets. */
export async function foreignKeysOf({ connection, catalog, dataset }: Target): Promise<ForeignKey[]> {
  const rows = await connection.rows(
    `select table_name, to_json(constraint_column_names) as columns, referenced_table, to_json(referenced_column_names) as referenced
     from duckdb_constraints() where database_name = ? and schema_name = ? and constraint_type = 'FOREIGN KEY'
     order by table_oid, constraint_index`,
    [catalog, dataset],
  );
  return rows.map((row) => ({
    table: String(row.table_name),
    columns: JSON.parse(String(row.columns)),
    references: String(row.referenced_table),
    referenced: JSON.parse(String(row.referenced)),
  }));
}

/** The dataset has to be the search path: the referenced table cannot be named with it. */
export function foreignKey({ columns, references, referenced }: ForeignKey): string {
  const list = (names: readonly string[]) => names.map(quotedIdentifier).join(', ');
  return `foreign key (${list(columns)}) references ${quotedIdentifier(references)} (${list(referenced)})`;
}

/** The `create index` statements of the table's indexes. */
export async function indexesOf({ connection, catalog, dataset }: Target, table: string): Promise<string[]> {
  const rows = await connection.rows(
    `select sql from duckdb_indexes()
     where database_name = ? and lower(schema_name) = lower(?) and table_name = ? and sql is not null order by index_oid`,
    [catalog, dataset, table],
  );
  return rows.map((row) => String(row.sql));
}

/** `sql` names schema and table but not the file: the dataset has to be the search path. */
export async function createIndex({ connection }: Target, sql: string): Promise<void> {
  await connection.run(sql);
}
