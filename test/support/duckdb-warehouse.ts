import type { Dialect } from '../../src/destinations/warehouse/dialect.ts';
import { standardDml } from '../../src/destinations/warehouse/standard-dml.ts';
import type {
  CopiedRows,
  ServerRow,
  ServerValue,
  StagedRows,
  Transport,
} from '../../src/destinations/warehouse/warehouse-transport.ts';
import type { Connection } from '../../src/duckdb/connection.ts';
import { qualifiedName, quotedIdentifier, quotedString } from '../../src/duckdb/quote.ts';
import { askedOf } from '../../src/expectations/asked-dataset.ts';
import { type Fragment, fragment } from '../../src/load/staging/sql-fragment.ts';
import { duckdbType } from '../../src/schema/duckdb-type.ts';

/** How an engine differs from others, as far as the order of what is sent depends on it. */
export type EngineKind = Pick<Dialect, 'atomic' | 'copiesIntoTables' | 'merges'> & Partial<Pick<Dialect, 'refusesNul'>>;

/** DuckDB as if it were an engine far away: the file that is attached as `target`. */
export function duckdbDialect(kind: EngineKind, connection: Connection): Dialect {
  const dml = standardDml(quotedIdentifier);
  return {
    ...dml,
    refusesNul: false,
    ...kind,
    engine: 'DuckDB',
    dltType: 'dlt.destinations.duckdb',
    asking: askedOf({ connection, catalog: 'target', dataset: '' }).sql,
    uniqueText: 'uuid()::varchar',
    literal: quotedString,
    identifier: quotedIdentifier,
    relation: (dataset, table) => qualifiedName('target', dataset, table),
    typeOf: duckdbType,
    duckdbTypeOf: (native) => native,
    carrier: ({ native }) => ({ type: native, write: (value) => value, read: (value) => value }),
    lock: () => [],
    createDataset: (dataset) => `create schema if not exists ${qualifiedName('target', dataset)}`,
    createTable: (relation, columns) => {
      const list = columns.map(
        ({ name, type, required }) => `${quotedIdentifier(name)} ${type}${required ? ' not null' : ''}`,
      );
      return `create table ${relation} (${list.join(', ')})`;
    },
    addColumns: (relation, columns) =>
      columns.map(({ name, type }) => `alter table ${relation} add column ${quotedIdentifier(name)} ${type}`),
    comments: () => [],
    update: ({ target, source, columns, on, value }) =>
      fragment(
        `update ${target} as d set ${columns.map((name) => `${quotedIdentifier(name)} = ${value(name)}`).join(', ')}
         from ${source} as s where ${on.map((name) => `d.${quotedIdentifier(name)} = s.${quotedIdentifier(name)}`).join(' and ')}`,
      ),
    datasetExists: (dataset) =>
      fragment(
        `select 1 as "exists" from duckdb_schemas() where database_name = 'target' and schema_name = ?`,
        dataset,
      ),
    catalogue: (dataset) =>
      fragment(
        `select t.table_name, t.comment as table_comment, c.column_name, c.data_type, c.is_nullable, c.column_default,
                false as is_generated, c.comment as column_comment
         from duckdb_tables() as t join duckdb_columns() as c using (database_oid, table_oid)
         where t.database_name = 'target' and t.schema_name = ? order by t.table_oid, c.column_index`,
        dataset,
      ),
  };
}

/** A session with it. */
export class DuckdbTransport implements Transport {
  readonly #sent: string[];
  readonly #connection: Connection;
  #staged: string[] = [];
  #isOpen = false;

  /** @param sent is told the words that each statement begins with, and when the transaction begins and ends */
  constructor(connection: Connection, sent: string[]) {
    this.#sent = sent;
    this.#connection = connection;
  }

  async rows(query: Fragment): Promise<readonly ServerRow[]> {
    const rows = await this.#connection.rows(query.sql, query.values);
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), serverValue(value)])),
    );
  }

  execute({ sql, values }: Fragment): Promise<number> {
    this.#sent.push(sql.trim().split(/\s+/, 3).join(' '));
    return this.#connection.change(sql, values);
  }

  async stage({ label, select }: StagedRows): Promise<string> {
    const relation = qualifiedName('temp', 'main', `staged ${label}`);
    this.#sent.push('stage');
    this.#staged.push(relation);
    await this.#connection.run(`create temp table ${relation} as ${select.sql}`, select.values);
    return relation;
  }

  async copyInto(relation: string, { columns, select }: StagedRows): Promise<CopiedRows> {
    const names = columns.map(({ name }) => quotedIdentifier(name)).join(', ');
    const rows = await this.#connection.change(`insert into ${relation} (${names}) ${select.sql}`, select.values);
    return { sent: rows, taken: rows };
  }

  get asker(): Connection {
    return this.#connection;
  }

  async attempt(statements: readonly string[]): Promise<undefined> {
    for (const sql of statements) await this.#connection.run(sql);
  }

  async begin(): Promise<void> {
    this.#sent.push('begin');
    this.#isOpen = true;
    await this.#connection.run('begin transaction');
  }

  async commit(): Promise<void> {
    this.#sent.push('commit');
    if (this.#isOpen) await this.#connection.run('commit');
    this.#isOpen = false;
  }

  async rollback(): Promise<void> {
    if (this.#isOpen) await this.#connection.run('rollback');
    this.#isOpen = false;
  }

  async close(): Promise<void> {
    for (const relation of this.#staged.splice(0)) await this.#connection.run(`drop table if exists ${relation}`);
  }
}

function serverValue(value: unknown): ServerValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  return String(value).replace(/^(\d{4}-\S+) (\S+?)(?:\+00)?$/, '$1T$2Z');
}
