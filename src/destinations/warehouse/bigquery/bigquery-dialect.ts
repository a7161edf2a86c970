import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { CarriedColumn, Carrier, Dialect, Merge } from '../dialect.ts';
import { sameKeys, standardDml } from '../standard-dml.ts';
import { columnsOfDataset } from './bigquery-catalogue.ts';
import { bigqueryIdentifier as identifier, bigqueryLiteral as literal } from './bigquery-names.ts';
import { bigqueryQuestions } from './bigquery-questions.ts';
import { bigqueryType, duckdbTypeOfBigquery } from './bigquery-types.ts';
import { bigqueryViews } from './bigquery-views.ts';

/**
 * Transactions take no statement that makes or changes a table, and what a dataset says of itself can be a little old: what is there
 * already is made no second time. https://cloud.google.com/bigquery/docs/transactions
 *
 * @param region where the dataset is
 */
export function bigqueryDialect(region: string): Dialect {
  return {
    ...standardDml(identifier),
    engine: 'BigQuery',
    dltType: 'dlt.destinations.bigquery',
    atomic: 'rows',
    copiesIntoTables: false,
    merges: true,
    refusesNul: false,
    uniqueText: 'generate_uuid()',
    asking: bigqueryQuestions,
    views: bigqueryViews,
    literal,
    identifier,
    relation: (dataset, table) => `${identifier(dataset)}.${identifier(table)}`,
    typeOf: bigqueryType,
    duckdbTypeOf: duckdbTypeOfBigquery,
    carrier,
    lock: () => [],
    createDataset: (dataset) => `create schema if not exists ${identifier(dataset)}`,
    createTable: (table, columns) => {
      const definitions = columns.map(
        ({ name, type, required }) => `${identifier(name)} ${type}${required ? ' not null' : ''}`,
      );
      return `create table if not exists ${table} (${definitions.join(', ')})`;
    },
    addColumns: (table, columns) => {
      const added = columns.map(({ name, type }) => `add column if not exists ${identifier(name)} ${type}`);
      return [`alter table ${table} ${added.join(', ')}`];
    },
    // One statement for all columns: a table takes five changes in ten seconds.
    comments: (table, { table: text, columns }) => [
      ...(text === undefined ? [] : [`alter table ${table} set options (description = ${literal(text)})`]),
      ...(columns.size === 0 ? [] : [`alter table ${table} ${described(columns)}`]),
    ],
    update,
    datasetExists: (dataset) =>
      fragment(
        `select 1 as found from ${identifier(`region-${region.toLowerCase()}`)}.INFORMATION_SCHEMA.SCHEMATA where schema_name = ?`,
        dataset,
      ),
    // Tables with capitals are of somebody else: ours have none, and the two are different names here.
    catalogue: (dataset) =>
      fragment(columnsOfDataset(dataset, "t.table_type = 'BASE TABLE' and t.table_name = lower(t.table_name)")),
  };
}

// --- internal ---

function described(columns: ReadonlyMap<string, string>): string {
  return [...columns]
    .map(([column, words]) => `alter column ${identifier(column)} set options (description = ${literal(words)})`)
    .join(', ');
}

function update(merge: Merge) {
  const set = merge.columns.map((column) => `${identifier(column)} = ${merge.value(column)}`);
  return fragment(
    `merge into ${merge.target} as d using ${merge.source} as s on ${sameKeys(identifier, merge)} when matched then update set ${set.join(', ')}`,
  );
}

/** What a load job cannot put into its column travels as text. */
function carrier({ type, native }: CarriedColumn): Carrier {
  const read: Carrier['read'] = (value) => value;
  const write = (value: string) => `cast(${value} as VARCHAR)`;
  switch (type) {
    case 'JSON':
      // Numbers beyond what JSON has here are rounded: otherwise they would fail the load.
      return { type: 'STRING', write, read: (value) => `parse_json(${value}, wide_number_mode => 'round')` };
    case 'TIME':
    case 'HUGEINT':
      return { type: 'STRING', write, read: (value) => `cast(${value} as ${native})` };
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP_NS':
      // As an instant, as dlt makes these columns, too.
      return native === 'DATETIME'
        ? { type: 'STRING', write, read: (value) => `cast(${value} as DATETIME)` }
        : { type: native, write: (value) => `cast(cast(${value} as TIMESTAMP) as TIMESTAMP WITH TIME ZONE)`, read };
    default:
      return { type: native, write: (value) => value, read };
  }
}
