import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { CarriedColumn, Carrier, Dialect } from '../dialect.ts';
import { sameKeys, standardDml } from '../standard-dml.ts';
import { snowflakeIdentifier as identifier, snowflakeLiteral as literal } from './snowflake-names.ts';
import { snowflakeQuestions } from './snowflake-questions.ts';
import { CATALOGUE_TYPE, duckdbTypeOfSnowflake, OWN_NAMES, snowflakeType } from './snowflake-types.ts';
import { snowflakeViews } from './snowflake-views.ts';

const relation = (dataset: string, table: string) => `${identifier(dataset)}.${identifier(table)}`;

/** Statements that make or change a table commit: they come before the transaction. https://docs.snowflake.com/en/sql-reference/transactions */
export const snowflakeDialect: Dialect = {
  ...standardDml(identifier),
  engine: 'Snowflake',
  dltType: 'dlt.destinations.snowflake',
  atomic: 'rows',
  copiesIntoTables: false,
  merges: false, // an update and an insert tell how many rows each wrote
  refusesNul: false,
  uniqueText: 'uuid_string()',
  asking: snowflakeQuestions,
  views: snowflakeViews,
  literal,
  identifier,
  relation,
  typeOf: snowflakeType,
  duckdbTypeOf: duckdbTypeOfSnowflake,
  carrier,
  // There is none of a dataset: rows are locked when they change, and who waits for those of a session that died waits no longer.
  lock: (_dataset, wait) => [fragment(`alter session set lock_timeout = ${Math.max(1, Math.ceil(wait / 1000))}`)],
  createDataset: (dataset) => `create schema if not exists ${identifier(dataset)}`,
  createTable: (table, columns) => {
    const definitions = columns.map(
      ({ name, type, required }) => `${identifier(name)} ${type}${required ? ' not null' : ''}`,
    );
    return `create table if not exists ${table} (${definitions.join(', ')})`;
  },
  addColumns: (table, columns) => [
    `alter table ${table} add column ${columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ')}`,
  ],
  comments: (table, { table: text, columns }) => [
    ...(text === undefined ? [] : [`alter table ${table} set comment = ${literal(text)}`]),
    ...(columns.size === 0
      ? []
      : [
          `alter table ${table} modify ${[...columns]
            .map(([column, words]) => `column ${identifier(column)} comment ${literal(words)}`)
            .join(', ')}`,
        ]),
  ],
  update: (merge) => {
    const { target, source, columns, value } = merge;
    const set = columns.map((column) => `${identifier(column)} = ${value(column)}`);
    return fragment(`update ${target} d set ${set.join(', ')} from ${source} s where ${sameKeys(identifier, merge)}`);
  },
  datasetExists: (dataset) =>
    fragment(`select 1 as "EXISTS" from information_schema.schemata where schema_name = ?`, dataset.toUpperCase()),
  catalogue: (dataset) =>
    fragment(
      `select lower(t.table_name) as table_name, t.comment as table_comment, lower(c.column_name) as column_name,
              ${CATALOGUE_TYPE} as data_type,
              c.is_nullable = 'YES' as is_nullable, c.column_default as column_default, c.is_identity = 'YES' as is_generated,
              c.comment as column_comment
       from information_schema.tables as t
       join information_schema.columns as c on c.table_schema = t.table_schema and c.table_name = t.table_name
       where t.table_schema = ? and t.table_type = 'BASE TABLE' and ${OWN_NAMES}
       order by t.table_name, c.ordinal_position`,
      dataset.toUpperCase(),
    ),
};

/** What Parquet has no type for, or Snowflake reads in a way of its own, travels as text. */
function carrier({ type, native }: CarriedColumn): Carrier {
  const asText = (read: Carrier['read'], write: Carrier['write'] = (value) => `cast(${value} as VARCHAR)`) => ({
    type: 'VARCHAR',
    write,
    read,
  });
  switch (type) {
    case 'JSON':
      // As DuckDB reads it: of a key that an object has twice, the last value.
      return asText((value) => `parse_json(${value}, 'd')`);
    case 'BLOB':
      return asText(
        (value) => `to_binary(${value}, 'HEX')`,
        (value) => `hex(${value})`,
      );
    case 'TIME':
    case 'HUGEINT':
      return asText((value) => `cast(${value} as ${native})`);
    default:
      return { type: native, write: (value) => value, read: (value) => value };
  }
}
