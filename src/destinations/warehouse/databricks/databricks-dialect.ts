import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { CarriedColumn, Carrier, Dialect } from '../dialect.ts';
import { sameKeys, standardDml } from '../standard-dml.ts';
import { databricksIdentifier as identifier, databricksLiteral as literal } from './databricks-names.ts';
import { databricksQuestions } from './databricks-questions.ts';
import { databricksType, duckdbTypeOfDatabricks } from './databricks-types.ts';
import { databricksViews } from './databricks-views.ts';

const relation = (dataset: string, table: string) => `${identifier(dataset)}.${identifier(table)}`;

/** Delta tables of a SQL warehouse: each statement is a transaction of its own, of one table. */
export const databricksDialect: Dialect = {
  ...standardDml(identifier),
  engine: 'Databricks',
  dltType: 'dlt.destinations.databricks',
  atomic: 'statement',
  copiesIntoTables: false,
  merges: true,
  refusesNul: false,
  uniqueText: 'uuid()',
  asking: databricksQuestions,
  views: databricksViews,
  literal,
  identifier,
  relation,
  typeOf: databricksType,
  duckdbTypeOf: duckdbTypeOfDatabricks,
  carrier,
  lock: () => [],
  createDataset: (dataset) => `create schema if not exists ${identifier(dataset)}`,
  createsWithComments: true, // each statement that changes a table is a commit of it
  createTable: (table, columns, comments) => {
    const commented = (text: string | undefined) => (text === undefined ? '' : ` comment ${literal(text)}`);
    const definitions = columns.map(
      ({ name, type, required }) =>
        `${identifier(name)} ${type}${required ? ' not null' : ''}${commented(comments?.columns.get(name))}`,
    );
    return `create table if not exists ${table} (${definitions.join(', ')}) using delta${commented(comments?.table)}`;
  },
  addColumns: (table, columns) => [
    // Only a new table has the feature by itself.
    ...(columns.some(({ type }) => type === 'timestamp_ntz')
      ? [`alter table ${table} set tblproperties ('delta.feature.timestampNtz' = 'supported')`]
      : []),
    `alter table ${table} add columns (${columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ')})`,
  ],
  comments: (table, { table: text, columns }) => [
    ...(text === undefined ? [] : [`comment on table ${table} is ${literal(text)}`]),
    ...[...columns].map(
      ([column, words]) => `alter table ${table} alter column ${identifier(column)} comment ${literal(words)}`,
    ),
  ],
  // A `delete` or `update` may not ask other tables; a merge may. Ids can come more than once, and a merge refuses that.
  deleteIn: (table, column, { sql, values }) =>
    fragment(
      `merge into ${table} as t using (select distinct id from (${sql}) as i) as i on t.${identifier(column)} = i.id when matched then delete`,
      ...values,
    ),
  setIn: (table, { column, value }, { column: chosen, ids, and }) => {
    const also = and === undefined ? fragment('') : fragment(` and ${and.sql}`, ...and.values);
    return fragment(
      `merge into ${table} using (select distinct id as \`#id\` from (${ids.sql}) as i) as i on ${identifier(chosen)} = i.\`#id\`
       when matched${also.sql} then update set ${identifier(column)} = ${value.sql}`,
      ...ids.values,
      ...also.values,
      ...value.values,
    );
  },
  update: (merge) => {
    const { target, source, columns, value } = merge;
    const set = columns.map((column) => `${identifier(column)} = ${value(column)}`);
    return fragment(
      `merge into ${target} as d using ${source} as s on ${sameKeys(identifier, merge)} when matched then update set ${set.join(', ')}`,
    );
  },
  // What is in a name's place of `like` is a pattern; names of datasets have no `*` and no `|`.
  datasetExists: (dataset) => fragment(`show schemas like ${literal(dataset.toLowerCase())}`),
};

// --- internal ---

/** What Parquet has no type for travels as text. A value that its column cannot hold fails here, before anything is written there. */
function carrier({ type, native }: CarriedColumn): Carrier {
  const same = (value: string) => value;
  switch (type) {
    case 'JSON':
    case 'TIME':
      return { type: 'string', write: (value) => `cast(${value} as VARCHAR)`, read: same };
    case 'HUGEINT':
      return { type: native, write: (value) => `cast(${value} as DECIMAL(38,0))`, read: same };
    case 'TIMESTAMP_NS':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
      return { type: native, write: (value) => `cast(${value} as TIMESTAMP)`, read: same };
    default:
      return { type: native, write: same, read: same };
  }
}
